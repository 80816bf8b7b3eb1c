"""The clamps of a network, sorted by layer and direction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gru_core.arrays import check_index
from gru_core.errors import RangeError
from gru_core.network.layer import Layer
from gru_core.run.clamps import Clamp, check_numbers, check_type
from gru_core.run.layers import FORWARD, REVERSE, Direction

Placed = dict[tuple[int, Direction], tuple[Clamp, ...]]
"""The clamps of each layer and direction that has any."""


def placed(clamps: Iterable[Clamp], layers: tuple[Layer, ...], steps: int) -> Placed:
    """Check clamps against a network, and return them by layer and direction.

    Raises
    ------
    FieldError
        If a clamp names a value that its layer does not have.
    DTypeError, RangeError
        If a layer, a direction, a unit, a step or a number is invalid.

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("gru", 3, 2, layers=2, seed=0)
    >>> list(placed([Clamp("z", 0, 1.0, layer=1)], network.layers, 5))
    [(1, 'forward')]
    """
    found: dict[tuple[int, Direction], list[Clamp]] = {}
    for i, clamp in enumerate(clamps):
        check_placed(f"clamps[{i}]", clamp, layers, steps)
        found.setdefault((clamp.layer, clamp.direction), []).append(clamp)
    return {place: tuple(those) for place, those in found.items()}


def check_placed(where: str, clamp: Clamp, layers: tuple[Layer, ...], steps: int) -> None:
    """Check one clamp against a network; `where` names it in errors.

    Raises
    ------
    FieldError, DTypeError, RangeError
        As for `placed`.
    """
    check_type(where, clamp)
    check_index(f"{where}.layer", clamp.layer, len(layers))
    layer = layers[clamp.layer]
    if clamp.direction not in layer.reads:
        expected = f"be {' or '.join(layer.reads)}, as layer {clamp.layer} reads"
        raise RangeError(f"{where}.direction", expected, repr(clamp.direction))
    check_numbers(where, clamp, layer.first, steps)


def for_cell(clamps: Iterable[Clamp], direction: Direction, steps: int) -> list[Clamp]:
    """Return the clamps of one layer and direction as its cell counts steps.

    Examples
    --------
    >>> for_cell([Clamp("h", 0, 1.0, t=0, layer=2, direction="reverse")], "reverse", 5)[0].t
    4
    """
    ordered = (clamp.turned(steps) if direction == REVERSE else clamp for clamp in clamps)
    return [replace(clamp, layer=0, direction=FORWARD) for clamp in ordered]
