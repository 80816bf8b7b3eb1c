"""Scores of the network without each of its units, on fresh data of the task it was trained on.

`ablate_all` asks for it. It sends the score of the whole network first, then those without a unit,
a few at a time. It measures the network as the document's edits leave it: other weights, start
states and whatever is held at every step. What is held at one step belongs to the document's input,
so it has no part in this.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import CoreError, RangeError
from gru_core.learn.batch import Batch
from gru_core.learn.scoring import score_in_pieces
from gru_core.learn.tasks.task import Task
from gru_core.learn.training import check_fit
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.either import Either, fresh_goal
from gru_core.learn.translation.training import check_pair_fit
from gru_core.learn.translation.translation import Translation
from gru_core.network.network import Network
from gru_core.run.clamps import Clamp
from gru_core.seq2seq.joint import Joint
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


Without = tuple[Place, int] | None
"""The unit to leave out, None for the whole network."""

Scoring = Callable[[Without], Generator[Outgoing, None, float]]
"""Yields often while it computes a score, and returns it."""


@dataclass(frozen=True)
class _Plan:
    """What will be measured.

    Attributes
    ----------
    task : Task or Translation
    units : list of (Place, int)
        Those of the place that the page shows first.
    sequences : int
        How many there are.
    scoring : callable of () returning Scoring
        Draws the sequences, and returns what scores the network without a unit, or whole.
    """

    task: Either
    units: list[tuple[Place, int]]
    sequences: int
    scoring: Callable[[], Scoring]


def _take(message: AblateAll, workspace: Workspace) -> Taken:
    state, settings = workspace.document(), workspace.settings
    check_layer(message, state.edited)
    task = _task(message)
    units = _units(state.edited, place_of(message))[: settings.ablation_units]
    if isinstance(task, Translation):
        plan = _pairs(task, units, workspace)
    else:
        plan = _sequences(task, units, workspace)
    return Taken([], _work(message.id, plan))


def _task(message: AblateAll) -> Either:
    try:
        return fresh_goal(message.task, message.settings)
    except CoreError as error:
        raise refuse("range", error.field, error.expected, error.got) from None


def _sequences(task: Task, units: list[tuple[Place, int]], workspace: Workspace) -> _Plan:
    """Plan the scores of a network that answers while it reads."""
    state, settings = workspace.document(), workspace.settings
    network = state.edited
    check_fit(task, network)
    first = task.held_out(np.random.default_rng(SEED), 1)
    steps = len(first.mask)
    if steps > settings.steps:
        raise refuse("length", "settings", f"lead to at most {settings.steps} steps", steps)
    weights = _weights(network)
    sequences = _possible(len(units), steps, weights, settings)
    trace = trace_bytes(steps, network)
    together = max(1, min(sequences, TOGETHER // weights, TRACE // trace))
    numbers = steps * (task.input_size + 2 * task.output_size + 2)
    workspace.reserve_aside(together * trace + 8 * sequences * numbers)

    def scoring() -> Scoring:
        batch = task.held_out(np.random.default_rng(SEED), sequences)
        return partial(_score, task, state, batch, together, settings)

    return _Plan(task, units, sequences, scoring)


def _pairs(task: Translation, units: list[tuple[Place, int]], workspace: Workspace) -> _Plan:
    """Plan the scores of an encoder and a decoder."""
    state, settings = workspace.document(), workspace.settings
    joint = state.edited
    if not isinstance(joint, Joint):
        got = "a single network"
        raise refuse("range", "network", f"be an encoder and a decoder for {task.name}", got)
    check_pair_fit(task, joint.model)
    steps = sum(task.shape)
    sequences = _possible(len(units), steps, _weights(joint), settings)
    workspace.reserve_aside(sequences * trace_bytes(steps, joint))

    def scoring() -> Scoring:
        batch = task.held_out(np.random.default_rng(SEED), sequences)
        return partial(_pair_score, task, state, joint, batch)

    return _Plan(task, units, sequences, scoring)


def _weights(network: Network) -> int:
    return sum(a.size for k in network.layers for p in k.params() for a in p.arrays().values())


def _possible(units: int, steps: int, weights: int, settings: Settings) -> int:
    """Return how many sequences can be measured in some minutes; refuse if too few."""
    possible = min(STEPS // steps, settings.ablation_work // (units * steps * weights))
    if possible < FEWEST:
        most = f"be small enough to be measured on {FEWEST} sequences in some minutes"
        raise refuse("too_large", "network", most, f"{units} units, {steps} steps")
    return min(settings.ablation_sequences, possible)


def _units(network: Network, view: Place) -> list[tuple[Place, int]]:
    """Return every unit, those of the view first."""
    order = sorted(places(network), key=lambda place: place != view)
    return [(p, unit) for p in order for unit in range(network.layers[p[0]].first.hidden_size)]


def _work(id: int, plan: _Plan) -> Generator[Outgoing]:
    """Yield the score of the whole network, then those without a unit, then `Ended`."""
    task = plan.task
    score_of = plan.scoring()
    yield b""
    whole = yield from score_of(None)
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
        score = yield from score_of(((layer, direction), unit))
        found.append(UnitScore(layer=layer, direction=direction, unit=unit, score=score))
        if perf_counter() - sent > PAUSE:
            yield Ablated(id=id, scores=found)
            found, sent = [], perf_counter()
    if found:
        yield Ablated(id=id, scores=found)
    yield Ended(id=id, complete=True)


def _clamps(state: State, without: Without) -> list[Clamp]:
    """Return what is held at every step, with h of the missing unit."""
    clamps = [clamp for clamp in state.holds.clamps if clamp.t is None]
    if without is not None:
        (layer, direction), unit = without
        clamps.append(Clamp("h", unit, 0.0, None, layer, direction))
    return clamps


def _pair_score(
    task: Translation, state: State, joint: Joint, batch: Pairs, without: Without
) -> Generator[Outgoing, None, float]:
    yield b""
    starts = {name: list(_starts(state.holds.starts, name, without)) for name in _states(state)}
    model = joint.started(starts["h"], starts.get("c"))
    return task.score(model, batch, joint.ablations(_clamps(state, without)))


def _score(
    task: Task, state: State, batch: Batch, together: int, settings: Settings, without: Without
) -> Generator[Outgoing, None, float]:
    """Yield often while a score is computed, and return it."""
    starts: dict[str, Any] = {
        f"{name}0": list(_starts(state.holds.starts, name, without)) for name in _states(state)
    }
    pieces = score_in_pieces(
        task,
        state.edited,
        batch,
        together,
        **starts,
        clamps=_clamps(state, without),
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
    starts: Mapping[Place, Mapping[str, FloatArray]], name: str, without: Without
) -> Iterator[FloatArray | None]:
    """Yield a state before the first step for each place: h of the missing unit is 0."""
    for place, states in starts.items():
        state = states.get(name)
        if name == "h" and state is not None and without is not None and without[0] == place:
            state = state.copy()
            state[without[1]] = 0
        yield state


ABLATION = Job((AblateAll,), _take)
