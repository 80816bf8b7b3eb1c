"""Values that a page holds: values of units, and the states before the first step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gru_core.parameters.equations import Interval, bounds
from gru_core.parameters.params import Params
from gru_core.run.clamps import Clamp, Held
from gruscope.documents.sequence import Array
from gruscope.settings import Settings
from gruscope.wire.errors import Misapplied, Refused, refuse
from gruscope.wire.schema import AblateEdit, ClampEdit, Edit, HoldEdit


@dataclass(frozen=True)
class Holds:
    """The values that the edits of a document hold.

    Attributes
    ----------
    clamps : tuple of Clamp
        In the order in which they apply, including clamps beyond the end of the input.
    starts : mapping of str to ndarray, shape (H,)
        h before the first step, and for an LSTM c.
    """

    clamps: tuple[Clamp, ...]
    starts: Mapping[str, Array]

    def within(self, steps: int) -> tuple[Clamp, ...]:
        """Return the clamps that act in a run of `steps` steps."""
        return tuple(clamp for clamp in self.clamps if clamp.t is None or clamp.t < steps)

    def stands(self, other: Holds, steps: int) -> int:
        """Return how many leading steps of a run do not change with other holds."""
        if any(not np.array_equal(start, other.starts[n]) for n, start in self.starts.items()):
            return 0
        dtype = self.starts["h"].dtype
        first = Held(self.clamps, dtype).first_difference(Held(other.clamps, dtype))
        return steps if first is None else min(first, steps)


def nothing(own: Params) -> Holds:
    """Return the holds of a document without edits."""
    return Holds((), {name: np.zeros(own.hidden_size, own.dtype) for name in own.STATES})


def holding(edits: Sequence[Edit], own: Params, settings: Settings) -> Holds:
    """Return the values that edits hold in a network.

    Raises
    ------
    Misapplied
        If an edit is invalid, even if it is off.
    """
    within = bounds(own.equations())
    clamps: list[Clamp] = []
    starts: dict[str, Array] = dict(nothing(own).starts)
    for i, edit in enumerate(edits):
        if not isinstance(edit, HoldEdit):
            continue
        try:
            _check(edit, own, within, settings)
        except Refused as refused:
            raise Misapplied(i, refused) from None
        if edit.off:
            continue
        if isinstance(edit, ClampEdit):
            clamps.append(
                Clamp(edit.quantity, edit.unit, edit.value, edit.t, edit.layer, edit.direction)
            )
        elif isinstance(edit, AblateEdit):
            clamps.append(Clamp("h", edit.unit, 0.0, None, edit.layer, edit.direction))
            starts["h"][edit.unit] = 0
        else:
            starts[edit.quantity][edit.unit] = edit.value
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
