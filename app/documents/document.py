"""Turns documents into arrays and applies changes to them.

A `State` is immutable. A change builds a new one and is checked completely first, so a refused
change has no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np

from gru_core.network.network import Network
from gru_core.parameters.params import Params
from gru_core.run.clamps import Clamp
from gruscope.documents.edits import Touched, check, redo, touched_by
from gruscope.documents.holds import Holds, holding, nothing
from gruscope.documents.layers import Place, check_layer, params_at, place_of, with_arrays
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.memory import document_bytes, edited_end_bytes, trace_bytes
from gruscope.documents.sequence import Array, Tokens, check_target, letters, numbers, tokens
from gruscope.documents.weights import build_network
from gruscope.settings import Settings
from gruscope.wire.errors import Misapplied, refuse
from gruscope.wire.messages import EditsChange, InputChange
from gruscope.wire.schema import (
    Document,
    Edit,
    FileNetwork,
    HoldEdit,
    Input,
    NumbersInput,
    TextInput,
)

X = Array | Tokens


@dataclass(frozen=True)
class State:
    """A document as the session computes with it.

    Attributes
    ----------
    network : Network
        The document's network with its own weights.
    edited : Network
        The network after the edits.
    x : ndarray, shape (T, I), or of int, shape (T,)
        The input; integers are tokens.
    alphabet : str or None
        One character per input, if the network reads text.
    edits : tuple of Edit
        In the order in which they apply.
    holds : Holds
        The values that the edits hold.
    input : str
        The kind of the document's input: "text", "numbers" or "tokens".
    view : Place
        The layer and direction that the page shows.
    digest : str or None
        That of its file.
    """

    network: Network
    edited: Network
    x: X
    alphabet: str | None
    edits: tuple[Edit, ...]
    holds: Holds
    input: str
    view: Place
    digest: str | None = None

    @property
    def own(self) -> Params:
        """The network's own weights in the view."""
        return params_at(self.network, self.view)

    @property
    def params(self) -> Params:
        """The weights in the view after the edits."""
        return params_at(self.edited, self.view)

    @property
    def steps(self) -> int:
        """Those of a run: the steps of the input, and those in which a decoder may answer."""
        return len(self.x) + self.network.extra_steps

    @property
    def clamps(self) -> tuple[Clamp, ...]:
        """The clamps that act on the present input."""
        return self.holds.within(self.steps)

    @cached_property
    def own_bytes(self) -> int:
        """The bytes of its weights, edits and input."""
        own = document_bytes(self.network, len(self.edits), len(self.holds.clamps))
        return own + edited_end_bytes(self.network, self.edited) + self.x.nbytes

    @cached_property
    def trace_bytes(self) -> int:
        """The bytes of its trace."""
        return trace_bytes(self.steps, self.network)


@dataclass(frozen=True)
class Changed:
    """The result of a change: the new state, and how much of the old trace remains valid.

    Attributes
    ----------
    state : State
    stands : tuple of int
        The number of leading steps of each layer that the change itself leaves valid; the layers
        above a changed one change with it.
    answered : int
        The number of leading steps of the output that it leaves valid.
    touched : frozenset of (Where, str)
        Arrays with changed edits.
    """

    state: State
    stands: tuple[int, ...]
    answered: int
    touched: Touched


def build(document: Document, settings: Settings, library: Library = EMPTY) -> State:
    """Return the state of a document, or raise `Refused` or a `CoreError`."""
    options, input = document.options, document.input
    alphabet, network = build_network(document.network, options, settings, library)
    check_layer(document.view, network, "view.")
    x = _input(input, alphabet, network, settings)
    _check_length(len(x), network, settings)
    check_target(document.target, network, settings)
    view = place_of(document.view)
    spec = document.network
    digest = spec.digest or library.digest if isinstance(spec, FileNetwork) else None
    state = State(network, network, x, alphabet, (), nothing(network), input.kind, view, digest)
    try:
        return _splice_edits(state, 0, 0, document.edits, settings).state
    except Misapplied as error:
        raise error.refused.under(f"edits.{error.index}") from None


def _input(input: Input, alphabet: str | None, network: Network, settings: Settings) -> X:
    if isinstance(input, TextInput):
        return letters(input.text, alphabet, network, "input.text", settings)
    if isinstance(input, NumbersInput):
        return numbers(input.values, network, "input.values", settings)
    return tokens(input.tokens, network, "input.tokens", settings)


def change(state: State, wanted: InputChange | EditsChange, settings: Settings) -> Changed:
    """Apply a change to a state, or raise `Refused` or a `CoreError`."""
    if isinstance(wanted, InputChange):
        return _splice_input(state, wanted, settings)
    try:
        return _splice_edits(state, wanted.start, wanted.remove, wanted.insert, settings)
    except Misapplied as error:
        i = error.index - wanted.start
        inserted = 0 <= i < len(wanted.insert)
        where = f"insert.{i}" if inserted else f"edits.{error.index}"
        raise error.refused.under(where) from None


def _check_length(steps: int, network: Network, settings: Settings) -> None:
    most = settings.steps - network.extra_steps
    if not 1 <= steps <= most:
        raise refuse("length", "input", f"have 1 to {most} steps", steps)


def _check_splice(start: int, remove: int, length: int, what: str) -> None:
    if start > length:
        raise refuse("range", "start", f"be at most {length}, the number of {what}", start)
    if remove > length - start:
        raise refuse("range", "remove", f"be at most {length - start} from there", remove)


def _splice_input(state: State, wanted: InputChange, settings: Settings) -> Changed:
    start, remove = wanted.start, wanted.remove
    _check_splice(start, remove, len(state.x), "steps")
    piece = _piece(state, wanted, settings)
    _check_length(len(state.x) - remove + len(piece), state.network, settings)
    x = np.concatenate([state.x[:start], piece, state.x[start + remove :]])
    layers = len(state.network.layers)
    return Changed(replace(state, x=x), (start,) * layers, start, touched=frozenset())


_WORDS = {"text": "characters", "numbers": "rows of numbers", "tokens": "tokens"}


def _piece(state: State, wanted: InputChange, settings: Settings) -> X:
    """Return the steps that a splice inserts."""
    insert = wanted.insert
    if not insert:
        return state.x[:0]
    if isinstance(insert, str):
        kind = "text"
    else:
        kind = "tokens" if isinstance(insert[0], int) else "numbers"
    if kind != state.input:
        expected = f"be {_WORDS[state.input]}, as the input is"
        raise refuse("message", "insert", expected, _WORDS[kind])
    network = state.network
    if isinstance(insert, str):
        return letters(insert, state.alphabet, network, "insert", settings)
    if kind == "tokens":
        return tokens(cast(Sequence[int], insert), network, "insert", settings)
    return numbers(cast(Sequence[Sequence[float]], insert), network, "insert", settings)


def _splice_edits(
    state: State, start: int, remove: int, insert: Sequence[Edit], settings: Settings
) -> Changed:
    """Splice the list of edits and recompute the affected arrays and holds."""
    _check_splice(start, remove, len(state.edits), "edits")
    removed = state.edits[start : start + remove]
    edits = (*state.edits[:start], *insert, *state.edits[start + remove :])
    if len(edits) > settings.edits:
        raise refuse("length", "edits", f"be at most {settings.edits}", len(edits))
    check(insert, start, state.network, settings)
    concerned = (*removed, *insert)
    held = any(isinstance(edit, HoldEdit) for edit in concerned)
    holds = holding(edits, state.network, settings) if held else state.holds
    touched = touched_by(concerned)
    # Appending is the common case, and then the edited arrays already have the earlier edits.
    appended = start == len(state.edits) and not remove
    done = len(state.edits) if appended else 0
    base = state.edited if appended else state.network
    arrays = redo(base, state.network, edits, done, touched, settings)
    edited = with_arrays(state.edited, arrays)
    return Changed(
        replace(state, edited=edited, edits=edits, holds=holds),
        stands=_stands(state, holds, touched, edited),
        answered=0 if any(part == "readout" for part, _ in touched) else state.steps,
        touched=touched,
    )


def _stands(state: State, holds: Holds, touched: Touched, edited: Network) -> tuple[int, ...]:
    """Return how many leading steps of each layer stay as they are."""
    held = state.holds.stands(holds, state.steps)
    moved = {part for part, _ in touched}
    found = [
        min(0 if (k, name) in moved else held[k, name] for name in layer.reads)
        for k, layer in enumerate(state.network.layers)
    ]
    if "embedding" in moved:
        found[0] = min(found[0], _first_reading(state, edited))
    return tuple(found)


def _first_reading(state: State, edited: Network) -> int:
    """Return the first step that reads a row of the embedding in which the two differ."""
    before, after = state.edited.embedding, edited.embedding
    if before is None or after is None or state.x.dtype.kind != "i":
        return len(state.x)
    differs = (before[state.x] != after[state.x]).any(axis=1)
    return int(differs.argmax()) if differs.any() else len(state.x)
