"""A training that cannot be is refused before anything starts, with the field to mend."""

from typing import Any

import pytest

from gru_core.learn.tasks.registry import TASKS
from gruscope.content.training import RECIPES, training_json
from gruscope.settings import Settings
from gruscope.training.plan import training_of
from gruscope.wire.errors import Refused
from tests.app.training.specs import plan, spec

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("task.name", {"task": {"name": "chess"}}, "be one of temporal_order, "),
    ("task.settings.depth", {"task": {"name": "parity", "settings": {"depth": 2}}}, "be left out"),
    ("task.settings.length", {"task": {"name": "parity", "settings": {"length": 1}}}, "at least 2"),
    ("task.settings.length", {"task": {"name": "parity", "settings": {"length": 5000}}}, "1000"),
    ("hidden_size", {"hidden_size": 5000}, "be at most 1024, got 5000"),
    ("hidden_size", {"hidden_size": 400}, "make at most 250000 weights, got 4"),
    ("layers", {"layers": 9}, "be at most 4, got 9"),
    ("batch", {"batch": 10_000}, "be at most 1024"),
    ("steps", {"steps": 10**6}, "be at most 100000"),
    ("rate", {"rate": 3.0}, "be at most 1, got 3"),
    ("initial", {"cell": "rnn", "initial": "chrono"}, "a simple RNN has no gates"),
    ("both_directions", {"both_directions": True}, "read forward only"),
    ("form.peepholes", {"form": {"peepholes": True}}, "GRU has only"),
    ("task.text", {"task": {"name": "text"}}, "expected a text to learn, got none"),
    ("task.text", {"task": {"name": "text", "text": "aaaa"}}, "two different characters"),
    ("task.text", {"task": {"name": "text", "text": "ab"}}, "have at least 130 characters"),
    ("task.text", {"task": {"name": "parity", "text": "ab"}}, "be left out for parity"),
    ("task.text", {"task": {"name": "labels", "text": "a line"}}, "line 1 must be a text, a tab"),
    ("task.text", {"task": {"name": "labels", "text": "a\tb"}}, "2 to 100 different labels"),
    ("task.rows", {"task": {"name": "forecast", "rows": [[1.0], [2.0]]}}, "at least 102 steps"),
    ("task.rows", {"task": {"name": "forecast", "rows": [[1.0], [2.0, 3.0]]}}, "of one length"),
    ("task.rows", {"task": {"name": "forecast", "rows": [[1.0]] * 200}}, "change over time"),
    ("task.rows", {"task": {"name": "words", "rows": [[1.0]]}}, "be left out for words"),
    ("form.activations.0", {"form": {"activations": ["no", "tanh"]}}, "be one of"),
]


@pytest.mark.parametrize(("field", "changes", "message"), WRONG)
def test_the_field_is_named(field: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(**changes)
    assert refused.value.field == f"training.{field}"
    assert message in refused.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"cell": "lstm", "form": {"peepholes": True}},
        {"cell": "lstm", "form": {"input_forget": True}},
        {"cell": "gru", "form": {"reset_after": False, "z_keeps": False}, "layers": 2},
        {"cell": "rnn", "form": {"activations": ["relu"]}},
        {"task": {"name": "temporal_order"}, "both_directions": True},
        {"task": {"name": "text", "text": "to be or not to be " * 20}},
        {"task": {"name": "labels", "text": "ab\tlow\nAB\thigh\n" * 9}},
        {"task": {"name": "forecast", "rows": [[k % 7.0, k % 5.0] for k in range(200)]}},
    ],
)
def test_every_form_trains(changes: dict[str, Any]) -> None:
    training = training_of(plan(**changes))
    first = training.network
    assert training.advance().step == 1
    assert training.network.parameters == first.parameters
    assert training.network.kind == changes.get("cell", "gru")


def test_the_page_is_offered_every_task_with_a_recipe_that_is_allowed() -> None:
    offered = training_json(Settings())
    assert offered is not None
    assert [task["name"] for task in offered["tasks"]] == list(TASKS)
    assert set(RECIPES) <= set(TASKS)
    for task in offered["tasks"]:
        if task["needs"] is not None:
            continue
        known = {"name": task["name"], "settings": task["settings"]}
        made = training_of(plan(task=known, **task["recipe"]))
        assert made.task.chance == task["chance"]


def test_a_server_without_places_offers_nothing() -> None:
    assert training_json(Settings(trainings_at_once=0)) is None


def test_the_defaults_of_a_spec_are_few_and_allowed() -> None:
    assert plan(hidden_size=spec().hidden_size)["options"]["learning_rate"] == 0.01
