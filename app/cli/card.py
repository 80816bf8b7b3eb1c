"""The card of a trained network: names and units, and how it was trained, in a file beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gruscope.cli.refusal import Unreadable


def card_path(network: Path) -> Path:
    """Return the path of a network's card.

    Examples
    --------
    >>> card_path(Path("net.safetensors")).name
    'net.json'
    """
    return network.with_suffix(".json")


def write_card(network: Path, card: dict[str, Any]) -> None:
    """Write the card of a network."""
    text = json.dumps(card, ensure_ascii=False, indent=2)
    card_path(network).write_text(text + "\n", encoding="utf-8")


def read_card(network: Path) -> dict[str, Any]:
    """Return the card of a network.

    Raises
    ------
    Unreadable
        If there is none, or it is not one of a training.
    """
    path = card_path(network)
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        wanted = "it says what the network was trained for"
        raise Unreadable(f"cannot read the card {path}: {error.strerror}; {wanted}") from None
    except ValueError as error:
        raise Unreadable(f"the card {path} is not JSON: {error}") from None
    training = card.get("training") if isinstance(card, dict) else None
    if not isinstance(training, dict) or not isinstance(training.get("task"), str):
        raise Unreadable(f"the card {path} has no training with a task")
    found: dict[str, Any] = card
    return found
