"""Clamps of an encoder and a decoder: each goes to the stage in which its step is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gru_core.errors import RangeError
from gru_core.network.clamps import check_placed
from gru_core.run.clamps import Clamp, check_type
from gru_core.seq2seq.trace import ENCODER, STAGES, Stage, placed_step

if TYPE_CHECKING:
    from gru_core.network.network import Network

Ablation = tuple[Stage, Clamp]
"""A clamp that holds at every step of one stage; its `t` is None."""


def by_stage(
    networks: dict[Stage, Network],
    clamps: Iterable[Clamp],
    ablations: Iterable[Ablation],
    steps: int,
    limit: int,
) -> dict[Stage, list[Clamp]]:
    """Check clamps, and return those of each stage with steps as its network counts them.

    Parameters
    ----------
    networks : dict of Stage to Network
    clamps : iterable of Clamp
        With steps on the clock of both.
    ablations : iterable of (Stage, Clamp)
        At every step of a stage. They come first, so a clamp at one step wins over them.
    steps, limit : int
        T_e, and the most steps of the decoder.

    Raises
    ------
    FieldError, DTypeError, RangeError
        If one does not fit its network, or names no step or stage.

    Examples
    --------
    >>> from gru_core import Network
    >>> both = {"encoder": Network.random("gru", 2, 2, seed=0),
    ...         "decoder": Network.random("gru", 2, 2, seed=1)}
    >>> by_stage(both, [Clamp("z", 0, 1.0, t=4)], [], 3, 5)["decoder"][0].t
    1
    """
    found: dict[Stage, list[Clamp]] = {stage: [] for stage in STAGES}
    for where, stage, clamp in (*_always(ablations), *_at_steps(clamps, steps, limit)):
        check_placed(where, clamp, networks[stage].layers, steps if stage == ENCODER else limit)
        found[stage].append(clamp)
    return found


def _always(ablations: Iterable[Ablation]) -> Iterator[tuple[str, Stage, Clamp]]:
    for i, (stage, clamp) in enumerate(ablations):
        where = f"ablations[{i}]"
        if stage not in STAGES:
            raise RangeError(f"{where}.stage", f"be one of {', '.join(STAGES)}", repr(stage))
        check_type(where, clamp)
        if clamp.t is not None:
            wanted = "be None, for every step of its stage; clamps are for single steps"
            raise RangeError(f"{where}.t", wanted, str(clamp.t))
        yield where, stage, clamp


def _at_steps(
    clamps: Iterable[Clamp], steps: int, limit: int
) -> Iterator[tuple[str, Stage, Clamp]]:
    for i, clamp in enumerate(clamps):
        where = f"clamps[{i}]"
        check_type(where, clamp)
        if clamp.t is None:
            wanted = "be a step; ablations are for every step of a stage"
            raise RangeError(f"{where}.t", wanted, "None")
        if not 0 <= clamp.t < steps + limit:
            wanted = f"be from 0 to {steps + limit - 1}: {steps} steps in, at most {limit} out"
            raise RangeError(f"{where}.t", wanted, str(clamp.t))
        stage, t = placed_step(clamp.t, steps)
        yield where, stage, replace(clamp, t=t)


def before(clamps: Sequence[Clamp], stop: int) -> list[Clamp]:
    """Return the clamps that act before a step."""
    return [clamp for clamp in clamps if clamp.t is None or clamp.t < stop]
