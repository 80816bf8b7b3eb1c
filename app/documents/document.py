"""Turns documents into arrays and applies changes to them.

A `State` is immutable. A change builds a new one and is checked completely first, so a refused
change has no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.parameters.params import Params
from gru_core.run.clamps import Clamp
from gruscope.documents.edits import check, redo, touched_by
from gruscope.documents.holds import Holds, holding, nothing
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.memory import document_bytes, trace_bytes
from gruscope.documents.sequence import Array, letters, numbers
from gruscope.documents.weights import build_network
from gruscope.settings import Settings
from gruscope.wire.errors import Misapplied, refuse
from gruscope.wire.messages import EditsChange, InputChange
from gruscope.wire.schema import Document, Edit, Form, HoldEdit, TextInput


@dataclass(frozen=True)
class State:
    """A document as the session computes with it.

    Attributes
    ----------
    network : Network
        The document's network with its own weights.
    edited : Network
        The network after the edits.
    x : ndarray, shape (T, I)
        The input.
    alphabet : str or None
        One character per input, if the network reads text.
    edits : tuple of Edit
        In the order in which they apply.
    holds : Holds
        The values that the edits hold.
    is_text : bool
        Whether the document's input is text.
    form : Form
        The document's switches.
    """

    network: Network
    edited: Network
    x: Array
    alphabet: str | None
    edits: tuple[Edit, ...]
    holds: Holds
    is_text: bool
    form: Form

    @property
    def own(self) -> Params:
        """The network's own weights; a document has one layer and direction."""
        return self.network.layers[0].first

    @property
    def params(self) -> Params:
        """The weights after the edits."""
        return self.edited.layers[0].first

    @property
    def clamps(self) -> tuple[Clamp, ...]:
        """The clamps that act on the present input."""
        return self.holds.within(len(self.x))

    @property
    def own_bytes(self) -> int:
        """The bytes of its weights, edits and input."""
        own = document_bytes(self.own, len(self.edits), len(self.holds.clamps))
        return own + self.x.nbytes

    @property
    def trace_bytes(self) -> int:
        """The bytes of its trace."""
        return trace_bytes(len(self.x), self.own)


@dataclass(frozen=True)
class Changed:
    """The result of a change: the new state, and how much of the old trace remains valid.

    Attributes
    ----------
    state : State
    stands : int
        The number of leading steps that remain valid.
    projected : int
        The number of leading rows of x·Wᵀ that remain valid.
    touched : frozenset of str
        Arrays with changed edits.
    """

    state: State
    stands: int
    projected: int
    touched: frozenset[str]


def build(document: Document, settings: Settings, library: Library = EMPTY) -> State:
    """Return the state of a document, or raise `Refused` or a `CoreError`."""
    options = document.options
    alphabet, own = build_network(document.network, options, settings, library)
    input = document.input
    is_text = isinstance(input, TextInput)
    if isinstance(input, TextInput):
        x = letters(input.text, alphabet, own, "input.text", settings)
    else:
        x = numbers(input.values, own, "input.values", settings)
    _check_length(len(x), settings)
    network = Network((Layer(own),))
    state = State(network, network, x, alphabet, (), nothing(own), is_text, options.form)
    try:
        return _splice_edits(state, 0, 0, document.edits, settings).state
    except Misapplied as error:
        raise error.refused.under(f"edits.{error.index}") from None


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
        return letters(wanted.insert, state.alphabet, state.own, "insert", settings)
    return numbers(wanted.insert, state.own, "insert", settings)


def _splice_edits(
    state: State, start: int, remove: int, insert: Sequence[Edit], settings: Settings
) -> Changed:
    """Splice the list of edits and recompute the affected arrays and holds."""
    _check_splice(start, remove, len(state.edits), "edits")
    removed = state.edits[start : start + remove]
    edits = (*state.edits[:start], *insert, *state.edits[start + remove :])
    if len(edits) > settings.edits:
        raise refuse("length", "edits", f"be at most {settings.edits}", len(edits))
    check(insert, start, state.own, settings)
    concerned = (*removed, *insert)
    held = any(isinstance(edit, HoldEdit) for edit in concerned)
    holds = holding(edits, state.own, settings) if held else state.holds
    touched = touched_by(concerned)
    # Appending is the common case, and then the edited arrays already have the earlier edits.
    appended = start == len(state.edits) and not remove
    done = len(state.edits) if appended else 0
    base = state.params if appended else state.own
    arrays = redo(base, state.own, edits, done, touched, settings)
    edited = state.edited
    if arrays:
        edited = Network((Layer(state.params.replace(**arrays)),))
    described = edited.layers[0].first.described()
    inputs_stand = not any(described[name].role == "input_weights" for name in touched)
    return Changed(
        replace(state, edited=edited, edits=edits, holds=holds),
        stands=0 if touched else state.holds.stands(holds, len(state.x)),
        projected=len(state.x) if inputs_stand else 0,
        touched=touched,
    )
