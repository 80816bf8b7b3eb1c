"""Scores of the network without each of its units, on fresh data of the task it was trained on.

`ablate_all` asks for it. It sends the score of the whole network first, then those without a unit,
a few at a time. It measures the network as the document's edits leave it: other weights, start
states and whatever is held at every step. What is held at one step belongs to the document's input,
so it has no part in this.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import CoreError, RangeError
from gru_core.learn.batch import Batch
from gru_core.learn.scoring import score_in_pieces
from gru_core.learn.tasks.registry import fresh_task
from gru_core.learn.tasks.task import Task
from gru_core.learn.training import check_fit
from gru_core.network.network import Network
from gru_core.run.clamps import Clamp
from gruscope.documents.document import State
from gruscope.documents.layers import Place, check_layer, place_of, places
from gruscope.documents.memory import trace_bytes
from gruscope.jobs.job import Job, Taken
from gruscope.jobs.workspace import Workspace
from gruscope.settings import MIB, Settings
from gruscope.wire.ablation import AblateAll, Ablated, Ended, Scored, UnitScore
from gruscope.wire.errors import outgrown, refuse
from gruscope.wire.messages import Outgoing

SEED = (1000, 3)
"""Of the data, which are the same at every measurement: those of ``gruscope eval``."""
FEWEST = 8
"""A score of fewer sequences would say nothing."""
STEPS = 1 << 18
"""The most steps of all sequences together."""
TOGETHER = 3_000_000
"""Weights times sequences that are computed together, so that a step of them is quick."""
TRACE = 32 * MIB
"""The bytes of the trace of sequences that are computed together, unless one alone needs more."""
PAUSE = 0.1
"""Seconds between two messages."""


@dataclass(frozen=True)
class _Plan:
    """What will be measured.

    Attributes
    ----------
    units : list of (Place, int)
        Those of the place that the page shows first.
    sequences : int
        How many there are.
    together : int
        How many of them are computed together.
    """

    task: Task
    state: State
    units: list[tuple[Place, int]]
    sequences: int
    together: int


def _take(message: AblateAll, workspace: Workspace) -> Taken:
    state, settings = workspace.document(), workspace.settings
    network = state.edited
    check_layer(message, network)
    task = _task(message, settings)
    check_fit(task, network)
    first = task.held_out(np.random.default_rng(SEED), 1)
    steps = len(first.mask)
    if steps > settings.steps:
        raise refuse("length", "settings", f"lead to at most {settings.steps} steps", steps)
    units = _units(network, place_of(message))[: settings.ablation_units]
    weights = sum(a.size for k in network.layers for p in k.params() for a in p.arrays().values())
    possible = min(STEPS // steps, settings.ablation_work // (len(units) * steps * weights))
    if possible < FEWEST:
        most = f"be small enough to be measured on {FEWEST} sequences in some minutes"
        raise refuse("too_large", "network", most, f"{len(units)} units, {steps} steps")
    sequences = min(settings.ablation_sequences, possible)
    trace = trace_bytes(steps, network)
    together = max(1, min(sequences, TOGETHER // weights, TRACE // trace))
    numbers = steps * (task.input_size + 2 * task.output_size + 2)
    workspace.reserve_aside(together * trace + 8 * sequences * numbers)
    plan = _Plan(task, state, units, sequences, together)
    return Taken([], _work(message.id, plan, settings))


def _task(message: AblateAll, settings: Settings) -> Task:
    try:
        return fresh_task(message.task, message.settings)
    except CoreError as error:
        raise refuse("range", error.field, error.expected, error.got) from None


def _units(network: Network, view: Place) -> list[tuple[Place, int]]:
    """Return every unit, those of the view first."""
    order = sorted(places(network), key=lambda place: place != view)
    return [(p, unit) for p in order for unit in range(network.layers[p[0]].first.hidden_size)]


def _work(id: int, plan: _Plan, settings: Settings) -> Generator[Outgoing]:
    """Yield the score of the whole network, then those without a unit, then `Ended`."""
    task = plan.task
    batch = task.held_out(np.random.default_rng(SEED), plan.sequences)
    yield b""
    whole = yield from _score(plan, batch, settings)
    yield Scored(
        id=id,
        metric=task.metric,
        score=whole,
        chance=task.chance,
        sequences=plan.sequences,
        units=len(plan.units),
    )
    found: list[UnitScore] = []
    sent = perf_counter()
    for (layer, direction), unit in plan.units:
        score = yield from _score(plan, batch, settings, ((layer, direction), unit))
        found.append(UnitScore(layer=layer, direction=direction, unit=unit, score=score))
        if perf_counter() - sent > PAUSE:
            yield Ablated(id=id, scores=found)
            found, sent = [], perf_counter()
    if found:
        yield Ablated(id=id, scores=found)
    yield Ended(id=id, complete=True)


def _score(
    plan: _Plan, batch: Batch, settings: Settings, without: tuple[Place, int] | None = None
) -> Generator[Outgoing, None, float]:
    """Yield often while a score is computed, and return it."""
    state = plan.state
    clamps = [clamp for clamp in state.holds.clamps if clamp.t is None]
    if without is not None:
        (layer, direction), unit = without
        clamps.append(Clamp("h", unit, 0.0, None, layer, direction))
    starts: dict[str, Any] = {
        f"{name}0": list(_starts(state.holds.starts, name, without)) for name in _states(state)
    }
    pieces = score_in_pieces(
        plan.task,
        state.edited,
        batch,
        plan.together,
        **starts,
        clamps=clamps,
        first=settings.first_span,
        largest=settings.largest_span,
        seconds=settings.span_milliseconds / 1e3,
    )
    try:
        while True:
            next(pieces)
            yield b""
    except StopIteration as end:
        score: float = end.value
        return score
    except RangeError as error:
        raise outgrown(error) from None


def _states(state: State) -> set[str]:
    return {name for states in state.holds.starts.values() for name in states}


def _starts(
    starts: Mapping[Place, Mapping[str, FloatArray]], name: str, without: tuple[Place, int] | None
) -> Iterator[FloatArray | None]:
    """Yield a state before the first step for each place: h of the missing unit is 0."""
    for place, states in starts.items():
        state = states.get(name)
        if name == "h" and state is not None and without is not None and without[0] == place:
            state = state.copy()
            state[without[1]] = 0
        yield state


ABLATION = Job((AblateAll,), _take)
