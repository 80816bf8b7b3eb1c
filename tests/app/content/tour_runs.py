"""The runs of the tour's pages in `gru_core`: as a page opens, and after its task."""

from __future__ import annotations

from functools import cache

from gru_core import Clamp
from gru_core.gallery.card import Look
from gru_core.network.trace import NetworkTrace
from gru_core.run.text import one_hot
from gru_core.run.trace import Trace
from gruscope.content.tour.page import (
    Answer,
    Choose,
    Fact,
    Hold,
    Option,
    Outcome,
    Page,
    Says,
    Type,
    Weight,
    document_of,
)
from gruscope.content.tour.pages import PAGES
from gruscope.documents.document import State, build
from gruscope.documents.layers import with_arrays
from gruscope.documents.library import packaged
from gruscope.settings import Settings
from gruscope.wire.schema import ExampleNetwork

BY_NAME = {page.name: page for page in PAGES}


@cache
def state_of(name: str) -> State:
    return build(BY_NAME[name].document, Settings())


@cache
def run_of(name: str) -> NetworkTrace:
    """The run of a page as it opens."""
    return run(BY_NAME[name])


def run(page: Page, *clamps: Clamp, **weights: tuple[int, int, float]) -> NetworkTrace:
    """A run of a page's network and input, with values held and weights set."""
    state = state_of(page.name)
    arrays = {}
    for name, (row, column, value) in weights.items():
        arrays[name] = state.own.arrays()[name].copy()
        arrays[name][row, column] = value
    network = with_arrays(state.edited, {state.view: arrays}) if arrays else state.edited
    return network.run(state.x, clamps=list(clamps))


def read(page: Page, text: str) -> NetworkTrace:
    """A run of a page's network on another text."""
    state = state_of(page.name)
    assert state.alphabet is not None
    return state.edited.run(one_hot(text, state.alphabet))


def text_of(page: Page) -> str:
    assert page.document.input.kind == "text"
    return page.document.input.text


def finished(page: Page) -> NetworkTrace:
    """The run after a page's task."""
    task = page.task
    if isinstance(task, Hold):
        return run(page, Clamp(task.quantity, task.unit, task.value, task.t))
    if isinstance(task, Weight):
        return run(page, **{task.array: (task.row, task.column, task.value)})
    if isinstance(task, Type):
        return read(page, text_of(page) + task.insert)
    if isinstance(task, Choose):
        state = build(document_of(task.network), Settings())
        return state.edited.run(state.x)
    return run_of(page.name)


def layer_of(trace: NetworkTrace) -> Trace:
    """The only layer of a run."""
    (layer,) = trace.layers
    assert isinstance(layer, Trace)
    return layer


def classes_of(page: Page) -> tuple[str, ...]:
    network = page.document.network
    assert isinstance(network, ExampleNetwork)
    classes = packaged()[network.name].card.classes
    assert classes is not None
    return tuple(classes)


def answers(page: Page, trace: NetworkTrace) -> list[str]:
    """The network's answer at every step, in words."""
    assert trace.answer is not None
    return [classes_of(page)[k] for k in trace.answer.argmax(axis=1)]


def value_at(page: Page, trace: NetworkTrace, place: Look | Answer) -> float | str:
    """What is at a place: a number, or an answer in words."""
    if isinstance(place, Answer):
        return answers(page, trace)[place.t]
    return float(getattr(layer_of(trace), place.value)[place.t, place.unit])


def is_true(page: Page, fact: Fact | Says, trace: NetworkTrace) -> bool:
    if isinstance(fact, Says):
        return answers(page, trace)[fact.t] == fact.says
    values = getattr(layer_of(trace), fact.quantity)[:, fact.unit]
    chosen = values if fact.t is None else values[[fact.t]]
    return bool(((chosen >= fact.low) & (chosen <= fact.high)).all())


def comes_true(option: Option | Outcome, found: float | str) -> bool:
    if isinstance(option, Outcome):
        return option.text == found
    return isinstance(found, float) and option.low <= found <= option.high


def true_options(page: Page, trace: NetworkTrace) -> list[Option | Outcome]:
    """The predictions of a page's question that are true of a run."""
    assert page.question
    found = value_at(page, trace, page.question.place)
    return [option for option in page.question.options if comes_true(option, found)]
