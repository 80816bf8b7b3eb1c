"""Converts characters, rows of numbers or tokens to an input, (T, I) or (T,) for tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.errors import AlphabetError
from gru_core.network.network import Network
from gru_core.run.text import one_hot
from gruscope.settings import Settings
from gruscope.wire.errors import refuse
from gruscope.wire.schema import InputTarget, Target

Array = NDArray[np.floating[Any]]
Tokens = NDArray[np.int64]


def check_alphabet(alphabet: str | None, own: Network) -> None:
    """Refuse an alphabet that does not have one character for each token, or each input."""
    if alphabet is None:
        return
    size = own.input_size if own.embedding is None else len(own.embedding)
    what = "inputs" if own.embedding is None else "tokens"
    if len(alphabet) != size:
        expected = f"have {size} characters, as the network has {size} {what}"
        raise refuse("alphabet", "network.alphabet", expected, len(alphabet))
    if len(set(alphabet)) < size:
        raise refuse("alphabet", "network.alphabet", "name each character once", repr(alphabet))


def letters(
    text: str, alphabet: str | None, own: Network, field: str, settings: Settings
) -> Array | Tokens:
    """Return a text as tokens (T,), or one-hot (T, I) for a network without an embedding.

    Raises
    ------
    Refused
        Naming the position of a character that is not in the alphabet.
    """
    if alphabet is None:
        raise refuse("alphabet", field, "be rows of numbers for this network", "text")
    if len(text) > settings.steps:
        raise refuse("length", field, f"have at most {settings.steps} characters", len(text))
    if not text:
        empty = np.zeros((0, own.input_size), own.dtype)
        return empty if own.embedding is None else np.zeros(0, np.int64)
    try:
        rows = one_hot(text, alphabet, dtype=own.dtype)
    except AlphabetError as error:
        raise refuse("alphabet", f"{field}.{error.position}", error.expected, error.got) from None
    return rows if own.embedding is None else rows.argmax(axis=1)


def numbers(rows: Sequence[Sequence[float]], own: Network, field: str, settings: Settings) -> Array:
    """Return rows of numbers as an array (T, I), or raise `Refused` naming the place."""
    I = own.input_size
    if len(rows) > settings.steps:
        raise refuse("length", field, f"have at most {settings.steps} rows", len(rows))
    for t, row in enumerate(rows):
        if len(row) != I:
            raise refuse("shape", f"{field}.{t}", f"have I = {I} numbers", len(row))
    values = np.array(rows, np.float64).reshape(len(rows), I)
    _check_values(values, settings.input_value, field)
    return values.astype(own.dtype, copy=False)


def tokens(indexes: Sequence[int], own: Network, field: str, settings: Settings) -> Tokens:
    """Return tokens as an array (T,), or raise `Refused` naming the place."""
    if own.embedding is None:
        expected = "be rows of numbers, as this network has no embedding"
        raise refuse("message", field, expected, "tokens")
    if len(indexes) > settings.steps:
        raise refuse("length", field, f"have at most {settings.steps} tokens", len(indexes))
    V = len(own.embedding)
    for t, token in enumerate(indexes):
        if token >= V:
            raise refuse("range", f"{field}.{t}", f"be less than V = {V}", token)
    return np.array(indexes, np.int64)


def check_target(target: Target | None, own: Network, settings: Settings) -> None:
    """Refuse a target that is not one of the network's outputs."""
    if target is None:
        return
    if own.readout is None:
        raise refuse("shape", "target", "be null, as the network has no readout", target.kind)
    O = own.readout.output_size
    if isinstance(target, InputTarget):
        if own.embedding is not None:
            raise refuse("shape", "target", "be values, as the network reads tokens", "channels")
        if len(target.channels) != O:
            raise refuse("shape", "target.channels", f"have O = {O} entries", len(target.channels))
        for i, channel in enumerate(target.channels):
            if channel >= own.input_size:
                expected = f"be less than I = {own.input_size}"
                raise refuse("range", f"target.channels.{i}", expected, channel)
        return
    if len(target.values) > settings.steps:
        expected = f"have at most {settings.steps} rows"
        raise refuse("length", "target.values", expected, len(target.values))
    for t, row in enumerate(target.values):
        if row and len(row) != O:
            raise refuse("shape", f"target.values.{t}", f"have O = {O} numbers", len(row))


def _check_values(values: Array, limit: float, field: str) -> None:
    beyond = np.argwhere(~(np.abs(values) <= limit))
    if len(beyond):
        place = tuple(int(i) for i in beyond[0])
        where = ".".join([field, *map(str, place)])
        raise refuse("range", where, f"be within ±{limit:g}", f"{values[place]:g}")
