"""Values that a page holds: values of units, and the states before the first step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gru_core.network.network import Network
from gru_core.parameters.equations import Interval, bounds
from gru_core.parameters.params import Params
from gru_core.run.clamps import Clamp, Held
from gru_core.seq2seq.joint import Joint
from gruscope.documents.layers import Place, params_at, place_of, places
from gruscope.documents.sequence import Array
from gruscope.settings import Settings
from gruscope.wire.errors import Misapplied, Refused, refuse
from gruscope.wire.schema import AblateEdit, ClampEdit, Edit, HoldEdit, StartEdit

Starts = Mapping[Place, Mapping[str, Array]]
"""Per layer and direction h before the first step, shape (H,), and for an LSTM c."""


@dataclass(frozen=True)
class Holds:
    """The values that the edits of a document hold.

    Attributes
    ----------
    clamps : tuple of Clamp
        In the order in which they apply, including clamps beyond the end of the input.
    starts : Starts
    """

    clamps: tuple[Clamp, ...]
    starts: Starts

    def within(self, steps: int) -> tuple[Clamp, ...]:
        """Return the clamps that act in a run of `steps` steps."""
        return tuple(clamp for clamp in self.clamps if clamp.t is None or clamp.t < steps)

    def states(self, name: str) -> list[Array | None]:
        """Return h or c of every layer and direction before the first step, None without one."""
        return [states.get(name) for states in self.starts.values()]

    def stands(self, other: Holds, steps: int) -> dict[Place, int]:
        """Return how many leading steps of each place do not change with other holds.

        Only its own holds count, not what other layers make of theirs.
        """
        return {place: self._stands(other, place, steps) for place in self.starts}

    def _stands(self, other: Holds, place: Place, steps: int) -> int:
        mine, theirs = self.starts[place], other.starts[place]
        if any(not np.array_equal(start, theirs[name]) for name, start in mine.items()):
            return 0
        dtype = mine["h"].dtype
        first = Held(self._at(place), dtype).first_difference(Held(other._at(place), dtype))
        return steps if first is None else min(first, steps)

    def _at(self, place: Place) -> list[Clamp]:
        return [clamp for clamp in self.clamps if (clamp.layer, clamp.direction) == place]


def nothing(own: Network) -> Holds:
    """Return the holds of a document without edits: each layer starts from its own states."""
    return Holds((), {place: _own_starts(own, place) for place in places(own)})


def _own_starts(own: Network, place: Place) -> dict[str, Array]:
    layer, i = own.layers[place[0]], own.layers[place[0]].reads.index(place[1])
    stored = {"h": layer.h0, "c": layer.c0}
    zeros = np.zeros(layer.first.hidden_size, own.dtype)
    return {
        name: zeros if (state := stored[name]) is None else state[i] for name in layer.first.STATES
    }


def holding(edits: Sequence[Edit], own: Network, settings: Settings) -> Holds:
    """Return the values that edits hold in a network.

    Raises
    ------
    Misapplied
        If an edit is invalid, even if it is off.
    """
    within: dict[Place, Mapping[str, Interval | None]] = {}
    clamps: list[Clamp] = []
    starts = {place: dict(states) for place, states in nothing(own).starts.items()}
    for i, edit in enumerate(edits):
        if not isinstance(edit, HoldEdit):
            continue
        place = place_of(edit)
        params = params_at(own, place)
        if isinstance(edit, StartEdit) and isinstance(own, Joint) and place[0] >= own.half:
            expected = f"be less than {own.half}: the decoder starts from the encoder's last state"
            raise Misapplied(i, refuse("range", "layer", expected, place[0]))
        if place not in within:
            within[place] = bounds(params.equations())
        try:
            _check(edit, params, within[place], settings)
        except Refused as refused:
            raise Misapplied(i, refused) from None
        if edit.off:
            continue
        if isinstance(edit, ClampEdit):
            clamps.append(Clamp(edit.quantity, edit.unit, edit.value, edit.t, *place))
            continue
        if isinstance(edit, AblateEdit):
            clamps.append(Clamp("h", edit.unit, 0.0, None, *place))
        name = "h" if isinstance(edit, AblateEdit) else edit.quantity
        state = starts[place][name] = starts[place][name].copy()
        state[edit.unit] = 0 if isinstance(edit, AblateEdit) else edit.value
    return Holds(tuple(clamps), starts)


def _check(
    edit: HoldEdit, own: Params, within: Mapping[str, Interval | None], settings: Settings
) -> None:
    """Refuse a unit, quantity, step or value that the cell does not have."""
    if edit.unit >= own.hidden_size:
        raise refuse("range", "unit", f"be less than {own.hidden_size}", edit.unit)
    if isinstance(edit, AblateEdit):
        return
    known: Iterable[str] = within if isinstance(edit, ClampEdit) else own.STATES
    if edit.quantity not in known:
        raise refuse("range", "quantity", f"be one of {', '.join(known)}", edit.quantity)
    if isinstance(edit, ClampEdit) and edit.t is not None and edit.t >= settings.steps:
        raise refuse("range", "t", f"be less than {settings.steps}", edit.t)
    low, high = within[edit.quantity] or (-settings.weight, settings.weight)
    if not low <= edit.value <= high:
        raise refuse("range", "value", f"be from {low:g} to {high:g}", f"{edit.value:g}")
