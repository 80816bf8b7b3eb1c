"""Documents made real: weights and input as arrays, and the changes a page makes to them.

A `State` is never changed. A change is checked and built whole before the session takes it, so
that a refused one leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import Refused, refuse
from app.protocol import (
    Document,
    DocumentChange,
    Edit,
    EditsChange,
    ExampleNetwork,
    InputChange,
    Network,
    NumbersInput,
    RandomEdit,
    RestoreEdit,
    ScaleEdit,
    SetEdit,
    TextInput,
)
from app.settings import Settings
from gru_core.errors import AlphabetError
from gru_core.examples import EXAMPLES
from gru_core.initial import random_array
from gru_core.params import GRUParams
from gru_core.text import one_hot

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class State:
    """A document as the session computes with it.

    Attributes
    ----------
    own : GRUParams
        The network's own weights.
    params : GRUParams
        The same after the edits.
    x : ndarray, shape (T, I)
        The input.
    alphabet : str or None
        One character per input, where the network reads text.
    edits : tuple of Edit
        In the order they apply.
    is_text : bool
        Whether the sequence is given as characters.
    """

    own: GRUParams
    params: GRUParams
    x: Array
    alphabet: str | None
    edits: tuple[Edit, ...]
    is_text: bool


@dataclass(frozen=True)
class Changed:
    """What a change did: the new state and what of the old trace still stands.

    Attributes
    ----------
    stands : int
        The steps before this one are unaffected.
    projected : int
        So many leading rows of x·Wᵀ are.
    touched : frozenset of str
        Arrays whose edits changed.
    """

    state: State
    stands: int
    projected: int
    touched: frozenset[str]


def build(document: Document, settings: Settings) -> State:
    """Return the state of a document, or raise `Refused` or a `CoreError`."""
    alphabet, own = _network(document.network, document.options.dtype, settings)
    x = _sequence(document.input, alphabet, own, settings)
    _check_length(len(x), settings)
    is_text = isinstance(document.input, TextInput)
    state = State(own, own, x, alphabet, (), is_text)
    return _splice_edits(state, 0, 0, document.edits, settings).state


def change(state: State, wanted: InputChange | EditsChange, settings: Settings) -> Changed:
    """Return what a change makes of a state, or raise `Refused` or a `CoreError`."""
    if isinstance(wanted, InputChange):
        return _splice_input(state, wanted, settings)
    return _splice_edits(state, wanted.start, wanted.remove, wanted.insert, settings)


def sizes(wanted: Document | DocumentChange) -> tuple[int, int, int]:
    """Return (T, I, H) as far as a document tells without building it."""
    document = wanted.document if isinstance(wanted, DocumentChange) else wanted
    given = document.input
    T = len(given.text) if isinstance(given, TextInput) else len(given.values)
    network = document.network
    if isinstance(network, ExampleNetwork):
        return T, 1, 1
    return T, network.input_size or len(network.alphabet or ""), network.hidden_size


def _network(network: Network, dtype: str, settings: Settings) -> tuple[str | None, GRUParams]:
    """Return the alphabet and the weights of a network."""
    if isinstance(network, ExampleNetwork):
        example = EXAMPLES.get(network.name)
        if example is None:
            raise refuse(
                "range", "network.name", f"be one of {', '.join(EXAMPLES)}", repr(network.name)
            )
        return example.alphabet, example.network(dtype)
    alphabet = network.alphabet
    if alphabet is not None:
        _check_alphabet(alphabet)
    inputs = network.input_size if alphabet is None else len(alphabet)
    assert inputs is not None  # the model sees to it
    field = "network.input_size" if alphabet is None else "network.alphabet"
    if inputs > settings.input_size:
        raise refuse("range", field, f"be at most {settings.input_size}", inputs)
    H = network.hidden_size
    if settings.hidden_size < H:
        raise refuse("range", "network.hidden_size", f"be at most {settings.hidden_size}", H)
    own = GRUParams.random(inputs, H, seed=network.seed, bias=network.bias, dtype=dtype)
    return alphabet, own


def _check_alphabet(alphabet: str) -> None:
    if not alphabet:
        raise refuse("length", "network.alphabet", "have at least 1 character", 0)
    twice = [c for i, c in enumerate(alphabet) if c in alphabet[:i]]
    if twice:
        raise refuse("alphabet", "network.alphabet", "name a character once", repr(twice[0]))


def _sequence(
    given: TextInput | NumbersInput,
    alphabet: str | None,
    own: GRUParams,
    settings: Settings,
) -> Array:
    """Return the input as an array (T, I)."""
    if isinstance(given, TextInput):
        return _letters(given.text, alphabet, own, "input.text", settings)
    return _numbers(given.values, own, "input.values", settings)


def _letters(
    text: str, alphabet: str | None, own: GRUParams, field: str, settings: Settings
) -> Array:
    if alphabet is None:
        raise refuse("alphabet", field, "be rows of numbers for this network", "text")
    if len(text) > settings.steps:
        raise refuse("length", field, f"have at most {settings.steps} characters", len(text))
    if not text:
        return np.zeros((0, own.input_size), own.dtype)
    try:
        return one_hot(text, alphabet, dtype=own.dtype)
    except AlphabetError as error:
        raise refuse("alphabet", f"{field}.{error.position}", error.expected, error.got) from None


def _numbers(
    rows: Sequence[Sequence[float]], own: GRUParams, field: str, settings: Settings
) -> Array:
    I = own.input_size
    if len(rows) > settings.steps:
        raise refuse("length", field, f"have at most {settings.steps} rows", len(rows))
    for t, row in enumerate(rows):
        if len(row) != I:
            raise refuse("shape", f"{field}.{t}", f"have I = {I} numbers", len(row))
    values = np.array(rows, np.float64).reshape(len(rows), I)
    _check_values(values, settings.input_value, field)
    return values.astype(own.dtype, copy=False)


def _check_values(values: Array, limit: float, field: str) -> None:
    beyond = np.argwhere(~(np.abs(values) <= limit))
    if len(beyond):
        place = tuple(int(i) for i in beyond[0])
        where = ".".join([field, *map(str, place)])
        raise refuse("range", where, f"be within ±{limit:g}", f"{values[place]:g}")


def _check_length(steps: int, settings: Settings) -> None:
    if not 1 <= steps <= settings.steps:
        raise refuse("length", "input", f"have 1 to {settings.steps} steps", steps)


def _check_splice(start: int, remove: int, length: int, what: str) -> None:
    if start > length:
        raise refuse("range", "start", f"be at most {length}, the number of {what}", start)
    if remove > length - start:
        raise refuse("range", "remove", f"be at most {length - start} from there", remove)


def _splice_input(state: State, wanted: InputChange, settings: Settings) -> Changed:
    start, remove = wanted.start, wanted.remove
    _check_splice(start, remove, len(state.x), "steps")
    piece = _piece(state, wanted, settings)
    _check_length(len(state.x) - remove + len(piece), settings)
    x = np.concatenate([state.x[:start], piece, state.x[start + remove :]])
    return Changed(replace(state, x=x), stands=start, projected=start, touched=frozenset())


def _piece(state: State, wanted: InputChange, settings: Settings) -> Array:
    """Return the rows a splice inserts."""
    if isinstance(wanted.insert, str) != state.is_text:
        if not wanted.insert:
            return state.x[:0]
        kind = ("rows of numbers", "characters")[state.is_text]
        got = ("rows of numbers", "characters")[isinstance(wanted.insert, str)]
        raise refuse("message", "insert", f"be {kind}, as the input is", got)
    if isinstance(wanted.insert, str):
        return _letters(wanted.insert, state.alphabet, state.own, "insert", settings)
    return _numbers(wanted.insert, state.own, "insert", settings)


def _splice_edits(
    state: State, start: int, remove: int, insert: Sequence[Edit], settings: Settings
) -> Changed:
    """Splice the list of edits and redo the arrays it concerns."""
    _check_splice(start, remove, len(state.edits), "edits")
    removed = state.edits[start : start + remove]
    edits = (*state.edits[:start], *insert, *state.edits[start + remove :])
    if len(edits) > settings.edits:
        raise refuse("length", "edits", f"be at most {settings.edits}", len(edits))
    touched = frozenset(e.array for e in (*removed, *insert))
    # Appending is the common case and need not repeat what is already applied.
    appended = start == len(state.edits) and not remove
    done = len(state.edits) if appended else 0
    base = state.params if appended else state.own
    arrays = _redo(base, state.own, edits, done, touched, settings)
    params = state.params.replace(**arrays) if arrays else state.params
    inputs_stand = not any(name[0] == "W" for name in touched)
    return Changed(
        replace(state, params=params, edits=edits),
        stands=0 if touched else len(state.x),
        projected=len(state.x) if inputs_stand else 0,
        touched=touched,
    )


def _redo(
    base: GRUParams,
    own: GRUParams,
    edits: Sequence[Edit],
    done: int,
    touched: frozenset[str],
    settings: Settings,
) -> dict[str, Array]:
    """Return the touched arrays after the edits, where `base` has the first `done` of them."""
    originals = own.arrays()
    arrays = {k: v.copy() for k, v in base.arrays().items() if k in touched}
    for i in range(done, len(edits)):
        if edits[i].array not in touched:
            continue
        try:
            _apply(edits[i], arrays, originals, settings)
        except Refused as refused:
            raise refused.under(f"edits.{i}") from None
    return arrays


def _apply(
    edit: Edit, arrays: dict[str, Array], originals: Mapping[str, Array], settings: Settings
) -> None:
    """Change one array in place."""
    if edit.array not in originals:
        raise refuse("range", "array", f"be one of {', '.join(originals)}", edit.array)
    array, original = arrays[edit.array], originals[edit.array]
    if isinstance(edit, SetEdit):
        _check_values(np.array(edit.value), settings.weight, "value")
        array[_cell(edit, array)] = edit.value
    elif isinstance(edit, RestoreEdit):
        cell = ... if edit.row is None else _cell(edit, array)
        array[cell] = original[cell]
    elif isinstance(edit, ScaleEdit):
        _scale(array, edit.factor, settings)
    elif isinstance(edit, RandomEdit):
        H, I = originals["W_z"].shape
        array[...] = random_array(edit.array, I, H, seed=edit.seed, dtype=array.dtype)
    else:
        array[...] = 0


def _cell(edit: SetEdit | RestoreEdit, array: Array) -> tuple[int, ...]:
    """Return the index of the cell an edit is about."""
    row, column = edit.row, edit.column
    assert row is not None
    if (column is None) != (array.ndim == 1):
        expected = "be given for a matrix" if column is None else "not be given for a bias"
        raise refuse("shape", "column", expected, column)
    for field, index, size in zip(("row", "column"), (row, column), array.shape, strict=False):
        if index is not None and index >= size:
            raise refuse("range", field, f"be less than {size}", index)
    return (row,) if column is None else (row, column)


def _scale(array: Array, factor: float, settings: Settings) -> None:
    with np.errstate(over="ignore"):
        array *= factor
    largest = float(np.abs(array).max())
    if not largest <= settings.weight:
        limit = f"leave weights within ±{settings.weight:g}"
        raise refuse("range", "factor", limit, f"{largest:g}")
