"""The input of a network from a file: .csv, .npy, .txt or .wav."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.network.card import Card, Channel
from gru_core.network.network import Network
from gruscope.documents.files.beginning import Given
from gruscope.documents.files.text import read_text
from gruscope.documents.names import card_target
from gruscope.documents.table.columns import InputError, assigned
from gruscope.documents.table.dialect import TableError, decoded
from gruscope.documents.table.read import Table
from gruscope.documents.table.rows import fitting, without_gaps
from gruscope.settings import Settings
from gruscope.wire.schema import NumbersInput, Target, TokensInput, ValuesTarget

OTHER_BYTES = 4096  # a document besides its input


@dataclass(frozen=True)
class _File:
    """A file and what it is for."""

    content: bytes
    name: str
    network: Network
    card: Card
    settings: Settings


def read_input(
    content: bytes, name: str, network: Network, card: Card, settings: Settings
) -> tuple[Given, list[str]]:
    r"""Return the input in a file, and what differs from the file, in sentences.

    Parameters
    ----------
    content : bytes
    name : str
        Its suffix decides how it is read: .csv or .tsv has columns of numbers, .npy an array
        (T, I) of numbers or (T,) of tokens, .txt text, .wav sound.
    network : Network
    card : Card
        Names the columns, scales the numbers, and has the words of a text.
    settings : Settings
        Bounds the steps; of a longer file the first are taken.

    Raises
    ------
    InputError
        If it does not fit the network.

    Examples
    --------
    >>> network = Network.random("gru", 1, 2, seed=0)
    >>> given, notes = read_input(b"day,load\n1,0.5\n2,0.7\n", "a.csv", network, Card(), Settings())
    >>> given.input.values
    [[0.5], [0.7]]
    """
    suffix = "." + name.rpartition(".")[2].lower()
    if suffix not in READERS:
        raise InputError(f"expected a file that ends in {', '.join(READERS)}, got {name}")
    try:
        return READERS[suffix](_File(content, name, network, card, settings))
    except TableError as error:
        raise InputError(str(error)) from None


def _from_table(file: _File) -> tuple[Given, list[str]]:
    _check_numbers(file, "a table")
    table = Table.read(file.content)
    taken = assigned(table.columns, file.network, file.card)
    columns = [table.columns[i].values for i in (*taken.inputs, *taken.targets)]
    values, gaps = without_gaps(np.stack(columns, axis=1))
    notes = [*table.doubts, *taken.notes, *gaps]
    if len(values) == 0:
        raise InputError(
            "every row has a missing value; fill them in, or drop the file on the page"
        )
    I = file.network.input_size
    ahead = 0 if file.card.target is None else file.card.target.ahead
    wanted = values[ahead:, I:] if taken.targets else None
    return _numbers(file, values[:, :I], notes, wanted)


def _from_array(file: _File) -> tuple[Given, list[str]]:
    try:
        array = np.load(io.BytesIO(file.content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise InputError(f"expected an array that numpy.save wrote, got {error}") from None
    if not isinstance(array, np.ndarray):
        raise InputError("expected one array, got an archive of several; save one with numpy.save")
    if array.dtype.kind not in "fiub":
        raise InputError(f"expected numbers, got dtype {array.dtype}")
    network = file.network
    if network.embedding is not None:
        return _tokens(file, array)
    I = network.input_size
    rows = array[:, None] if array.ndim == 1 and I == 1 else array
    if rows.ndim != 2 or rows.shape[1] != I:
        hint = "; transpose it" if rows.ndim == 2 and rows.shape[0] == I else ""
        raise InputError(f"expected shape (T, I) = (T, {I}), got {array.shape}{hint}")
    if len(rows) == 0:
        raise InputError("expected at least one row, got none")
    return _numbers(file, rows.astype(np.float64), [])


def _tokens(file: _File, array: NDArray[Any]) -> tuple[Given, list[str]]:
    """Return the tokens of an array, (T,) of whole numbers."""
    assert file.network.embedding is not None
    V = len(file.network.embedding)
    if array.dtype.kind not in "iu" or array.ndim != 1 or len(array) == 0:
        got = f"{array.dtype} of shape {array.shape}"
        raise InputError(f"expected tokens, whole numbers of shape (T,), got {got}")
    outside = np.flatnonzero((array < 0) | (array >= V))
    if len(outside):
        t = int(outside[0])
        raise InputError(f"expected tokens from 0 to {V - 1}, got {array[t]} at step {t + 1}")
    found, notes = _first(array, file.settings.steps, "tokens")
    input = TokensInput(kind="tokens", tokens=found.tolist())
    return Given(input, None, f"{len(found)} tokens of {file.name}"), notes


def _from_text(file: _File) -> tuple[Given, list[str]]:
    text, note = decoded(file.content)
    input, notes = read_text(text, file.network, file.card, file.settings)
    return Given(input, None, f"the text of {file.name}"), [*([note] if note else []), *notes]


def _from_sound(file: _File) -> tuple[Given, list[str]]:
    _check_numbers(file, "sound")
    try:
        samples, rate = _samples(file.content)
    except (wave.Error, EOFError, struct.error) as error:
        text = f"expected an uncompressed .wav file (PCM), got {error or 'a file that ends early'}"
        raise InputError(f"{text}; convert it") from None
    if len(samples) == 0:
        raise InputError("the file has no samples")
    notes = []
    wanted = file.card.sampling_rate
    if wanted is not None and wanted != rate:
        notes.append(
            f"The sampling rate is {rate:g} Hz, but the network's card says {wanted:g} Hz. "
            "The samples are taken as they are; resample the file to hear them as it was trained."
        )
    I, C = file.network.input_size, samples.shape[1]
    if I == 1 and C > 1:
        samples = samples[:, :1]
        notes.append(f"The first of {C} channels is taken.")
    elif I != C:
        raise InputError(f"expected {I} channels, one for each input, got {C}")
    return _numbers(file, samples, notes)


def _samples(content: bytes) -> tuple[FloatArray, float]:
    """Return the samples of a .wav file (T, C) from -1 to 1, and the sampling rate."""
    with wave.open(io.BytesIO(content)) as sound:
        width, C, rate = sound.getsampwidth(), sound.getnchannels(), sound.getframerate()
        raw = np.frombuffer(sound.readframes(sound.getnframes()), np.uint8)
    raw = raw[: len(raw) // (width * C) * (width * C)].reshape(-1, width)
    if width == 1:  # the only unsigned width
        return ((raw.astype(np.float64) - 128) / 128).reshape(-1, C), rate
    wide = np.zeros((len(raw), 4), np.uint8)
    wide[:, 4 - width :] = raw
    return (wide.view("<i4").astype(np.float64) / 2**31).reshape(-1, C), rate


def _check_numbers(file: _File, what: str) -> None:
    if file.network.embedding is not None:
        wanted = (
            "characters in a .txt file" if file.card.alphabet else "tokens in a .txt or .npy file"
        )
        raise InputError(f"expected {wanted}, as this network reads tokens, got {what}")


def _numbers(
    file: _File, own: FloatArray, notes: list[str], wanted: FloatArray | None = None
) -> tuple[Given, list[str]]:
    """Return the input of rows in the user's own units, and of the rows the outputs should be."""
    settings, card = file.settings, file.card
    rows, cut = _first(own, settings.steps, "rows")
    values = _scaled(rows, card.channels)
    wrong = np.argwhere(~(np.abs(values) <= settings.input_value))
    if len(wrong):
        t, i = (int(k) for k in wrong[0])
        expected = f"expected numbers within ±{settings.input_value:g}"
        raise InputError(f"{expected}, got {own[t, i]:g} in channel {i} at step {t + 1}")
    both = values if wanted is None else np.hstack([values[: len(wanted)], wanted[: len(values)]])
    room = settings.message_bytes - OTHER_BYTES
    fit = len(fitting(both.tolist(), room))
    count = fit if fit < len(both) else len(values)
    if count < len(values):
        cut = [f"The first {count} of {len(own)} rows are taken, as no more fit into a document."]
    target: Target | None = card_target(card, file.network)
    if wanted is not None:
        right = _scaled(wanted[:count], card.outputs)
        target = ValuesTarget(kind="values", values=right.tolist())
    input = NumbersInput(kind="numbers", values=values[:count].tolist())
    return Given(input, target, f"{count} steps of {file.name}"), [*notes, *cut]


def _scaled(own: FloatArray, channels: tuple[Channel, ...]) -> FloatArray:
    """Return numbers in the network's units."""
    if not channels:
        return own
    mean = np.array([channel.mean for channel in channels])
    scale = np.array([channel.scale for channel in channels])
    scaled: FloatArray = (own - mean) / scale
    return scaled


def _first(rows: NDArray[Any], most: int, what: str) -> tuple[NDArray[Any], list[str]]:
    """Return the rows that fit, and a sentence if they are not all."""
    if len(rows) <= most:
        return rows, []
    return rows[:most], [f"The first {most} of {len(rows)} {what} are taken."]


READERS: dict[str, Callable[[_File], tuple[Given, list[str]]]] = {
    ".csv": _from_table,
    ".tsv": _from_table,
    ".npy": _from_array,
    ".txt": _from_text,
    ".wav": _from_sound,
}
