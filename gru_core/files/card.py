"""Reads and writes a network's card as JSON."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from gru_core.errors import CoreError
from gru_core.files.errors import FormatError
from gru_core.network.card import Card, Channel, Target, Training

KEYS = tuple(field.name for field in fields(Card))
"""The keys of a card."""

T = TypeVar("T")
Described = Channel | Target | Training

LONGEST = 100_000
"""The most entries of a list."""
MOST_SETTINGS = 100
"""Of a task."""


def load_card(path: str | os.PathLike[str]) -> Card:
    """Read a card from a file.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    Card
        Keys that are not a card's are left out.

    Raises
    ------
    FormatError
        If it is no card, or an entry is not what the card needs.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> load_card("missing.json")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'missing.json'
    """
    return read_card(Path(path).read_bytes(), os.path.basename(os.fspath(path)))[0]


def save_card(card: Card, path: str | os.PathLike[str]) -> None:
    """Write a card to a file, beside ``model.safetensors`` as ``model.json``.

    Parameters
    ----------
    card : Card
    path : str or path

    Raises
    ------
    OSError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_card(Card(title="Load"), Path(folder) / "model.json")
    ...     load_card(Path(folder) / "model.json").title
    'Load'
    """
    text = json.dumps(card_json(card), ensure_ascii=False, indent=2)
    Path(path).write_text(text + "\n", encoding="utf-8")


def card_json(card: Card) -> dict[str, Any]:
    """Return a card as JSON, without entries that have their default.

    Parameters
    ----------
    card : Card

    Returns
    -------
    dict

    Examples
    --------
    >>> card_json(Card(channels=(Channel("load", "MW"),)))
    {'channels': [{'name': 'load', 'unit': 'MW'}]}
    """
    found = {key: getattr(card, key) for key in KEYS}
    for key in ("channels", "outputs"):
        found[key] = [_without_defaults(channel, Channel()) for channel in found[key]]
    if card.target is not None:
        found["target"] = _without_defaults(card.target, Target())
    if card.training is not None:
        found["training"] = _without_defaults(card.training, Training(""))
    return {key: value for key, value in found.items() if value not in (None, "", (), [])}


def _without_defaults(part: Described, default: Described) -> dict[str, Any]:
    usual = asdict(default)
    return {key: value for key, value in asdict(part).items() if value != usual[key]}


def read_card(content: bytes, file: str) -> tuple[Card, tuple[str, ...]]:
    """Read a card from the content of a file.

    Parameters
    ----------
    content : bytes
        A JSON object in UTF-8.
    file : str
        Its name in errors.

    Returns
    -------
    card : Card
    unknown : tuple of str
        Keys that are not a card's; they are left out.

    Raises
    ------
    FormatError
        If it is no card, or an entry is not what the card needs.

    Examples
    --------
    >>> card, unknown = read_card(b'{"channels": ["load"], "author": "me"}', "model.json")
    >>> card.channels, unknown
    ((Channel(name='load', unit='', mean=0.0, scale=1.0),), ('author',))
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(file, None, f"expected JSON in UTF-8, got {error}") from None
    if not isinstance(found, dict) or not found.keys() & set(KEYS):
        raise FormatError(file, None, f"expected a card, which has some of {', '.join(KEYS)}")
    parts = {
        key: READERS[key](value, file, key)
        for key, value in found.items()
        if key in KEYS and value is not None
    }
    return Card(**parts), tuple(key for key in found if key not in KEYS)


def _text(found: Any, file: str, at: str) -> str:
    if not isinstance(found, str):
        raise FormatError(file, at, f"expected text, got {found!r:.60}")
    return found


def _number(found: Any, file: str, at: str) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise FormatError(file, at, f"expected a finite number, got {found!r:.60}")
    return found


def _rate(found: Any, file: str, at: str) -> float:
    rate = _number(found, file, at)
    if rate <= 0:
        raise FormatError(file, at, f"expected a number above 0, in hertz, got {rate:g}")
    return rate


def _list(found: Any, file: str, at: str, read: Callable[[Any, str, str], Any]) -> tuple[Any, ...]:
    if not isinstance(found, list):
        raise FormatError(file, at, f"expected a list, got {found!r:.60}")
    if len(found) > LONGEST:
        raise FormatError(file, at, f"expected at most {LONGEST} entries, got {len(found)}")
    return tuple(read(one, file, f"{at}.{i}") for i, one in enumerate(found))


def _texts(found: Any, file: str, at: str) -> tuple[str, ...]:
    return _list(found, file, at, _text)


def _channels(found: Any, file: str, at: str) -> tuple[Channel, ...]:
    return _list(found, file, at, _channel)


def _channel(found: Any, file: str, at: str) -> Channel:
    """Return a channel; text alone is its name, and a range stands for a mean and a scale."""
    if isinstance(found, str):
        return Channel(found)
    known = ("name", "unit", "mean", "scale", "min", "max")
    _check_keys(found, known, file, at)
    name, unit = (_text(found.get(key, ""), file, f"{at}.{key}") for key in ("name", "unit"))
    numbers = {key: _number(found[key], file, f"{at}.{key}") for key in known[2:] if key in found}
    if not ({"min", "max"} & numbers.keys()):
        return _valid(file, at, lambda: Channel(name, unit, **numbers))
    if numbers.keys() != {"min", "max"}:
        got = ", ".join(numbers)
        raise FormatError(file, at, f"expected both min and max, or mean and scale, got {got}")
    low, high = numbers["min"], numbers["max"]
    if not low < high:
        raise FormatError(file, at, f"expected min below max, got {low:g} and {high:g}")
    return Channel(name, unit, mean=low, scale=high - low)


def _target(found: Any, file: str, at: str) -> Target:
    _check_keys(found, ("ahead", "columns"), file, at)
    ahead = found.get("ahead", 0)
    if type(ahead) is not int:
        raise FormatError(file, f"{at}.ahead", f"expected a whole number, got {ahead!r:.60}")
    columns = _texts(found.get("columns", []), file, f"{at}.columns")
    return _valid(file, at, lambda: Target(ahead, columns))


def _training(found: Any, file: str, at: str) -> Training:
    """Return how a network was trained; entries that nothing here reads may stand beside."""
    if not isinstance(found, dict):
        raise FormatError(file, at, f"expected an object, got {found!r:.60}")
    settings, seed = found.get("settings") or {}, found.get("seed")
    if not isinstance(settings, dict) or len(settings) > MOST_SETTINGS:
        wanted = f"expected an object with at most {MOST_SETTINGS} entries"
        raise FormatError(file, f"{at}.settings", f"{wanted}, got {settings!r:.60}")
    if seed is not None and type(seed) is not int:
        raise FormatError(file, f"{at}.seed", f"expected a whole number, got {seed!r:.60}")
    task, metric, command = (
        _text(found.get(key, ""), file, f"{at}.{key}") for key in ("task", "metric", "command")
    )
    score, chance = (
        None if found.get(key) is None else _number(found[key], file, f"{at}.{key}")
        for key in ("score", "chance")
    )
    return Training(task, settings, seed, score, metric, chance, command)


def _check_keys(found: Any, known: tuple[str, ...], file: str, at: str) -> None:
    if not isinstance(found, dict):
        raise FormatError(file, at, f"expected an object, got {found!r:.60}")
    for key in found:
        if key not in known:
            raise FormatError(file, f"{at}.{key}", f"is unknown; expected {', '.join(known)}")


def _valid(file: str, at: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except CoreError as error:
        text = f"expected to {error.expected}, got {error.got}"
        raise FormatError(file, f"{at}.{error.field}", text) from None


READERS: dict[str, Callable[[Any, str, str], Any]] = {
    "title": _text,
    "text": _text,
    "alphabet": _text,
    "tokens": _texts,
    "channels": _channels,
    "outputs": _channels,
    "classes": _texts,
    "sampling_rate": _rate,
    "target": _target,
    "training": _training,
}
"""What reads each key."""

assert set(READERS) == set(KEYS)
