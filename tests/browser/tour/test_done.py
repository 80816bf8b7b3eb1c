"""When a task of the tour is done, and what a page takes for granted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.js.modules import Modules, js

__all__ = ["js"]  # a fixture

BEGUN = {
    "network": {"kind": "example", "name": "first"},
    "edits": [],
    "input": {"kind": "text", "text": "ab"},
}
HOLD = {"kind": "hold", "quantity": "z", "unit": 1, "t": 4, "value": 1}
ALWAYS = {"kind": "hold", "quantity": "z", "unit": 1, "value": 1}
TYPE = {"kind": "type", "insert": "b"}
WEIGHT = {"kind": "weight", "array": "W_n", "row": 1, "column": 0, "within": [-1.1, -0.9]}
CHOOSE = {"kind": "network", "network": "names"}
TRAIN = {"kind": "train", "task": "parity", "score": 0.9}


def weights(value: float) -> dict[str, Any]:
    return {"weights": {"W_n": {"shape": [2, 2], "data": [0, 0, value, 0]}}}


def training(task: str, *scores: float, digest: str = "d") -> dict[str, Any]:
    """A document that shows a snapshot of a training with these scores."""
    snapshots = [{"step": 5 * i, "digest": "d", "metric": each} for i, each in enumerate(scores)]
    return {
        "network": {"kind": "file", "digest": digest},
        "training": {
            "spec": {"task": {"name": task}},
            "snapshots": snapshots,
            "digests": {"d": True},
        },
    }


@pytest.mark.parametrize(
    ("task", "patch", "done"),
    [
        ({"kind": "select", "t": 3}, {"selection": {"t": 3, "unit": 0, "quantity": "h"}}, True),
        ({"kind": "select", "t": 3}, {"selection": {"t": 2, "unit": 0}}, False),
        (TYPE, {"input": {"kind": "text", "text": "a word"}}, True),
        (TYPE, {"input": {"kind": "text", "text": "ab "}}, False),
        (TYPE, {"input": {"kind": "numbers", "values": [[1]]}}, False),
        (TYPE, {}, False),
        (HOLD, {"z1": [0, 0, 0, 0, 1]}, True),
        (HOLD, {"z1": [1, 1, 1, 1, 1]}, True),
        (HOLD, {"z1": [0, 0, 0, 0, 0.99]}, False),
        (HOLD, {"z1": [0, 0, 0, 1, 0]}, False),
        (HOLD, {"z1": [0, 0, 0, 0, 1], "synced": False}, False),
        (ALWAYS, {"z1": [1, 1, 1, 1, 1]}, True),
        (ALWAYS, {"z1": [1, 1, 0, 1, 1]}, False),
        (WEIGHT, weights(-1), True),
        (WEIGHT, weights(1), False),
        (WEIGHT, {}, False),
        (CHOOSE, {}, False),
        (CHOOSE, {"network": {"kind": "example", "name": "names"}}, True),
        (CHOOSE, {"network": {"kind": "random", "name": "names"}}, False),
        (TRAIN, {}, False),
        (TRAIN, training("parity", 0.5, 0.95), True),
        (TRAIN, training("parity", 0.5, 0.85), False),
        (TRAIN, training("adding", 0.5, 0.95), False),
        (TRAIN, training("parity", 0.95, digest="another"), False),
    ],
)
def test_when_a_task_is_done(
    js: Modules, task: dict[str, Any], patch: dict[str, Any], done: bool
) -> None:
    """Values of z of unit 1 are given as z1; what a task asks for is read off them."""
    changed = {**BEGUN, **{k: v for k, v in patch.items() if k in BEGUN}}
    values = [value for z in patch.get("z1", [0]) for value in (0, z)]
    trace = {"steps": len(values) // 2, "hidden": 2, "arrays": {"z": values}}
    state = {"document": changed, "stage": None, "selection": {}, "weights": {}, "synced": True}
    state |= {"training": {"spec": None, "snapshots": [], "digests": {}}, "trace": trace, **patch}
    page = {"task": task, "given": [], "document": BEGUN}
    assert js.call("tour/done", "progressOf", page, state)["done"] is done


Z = {"quantity": "z", "unit": 1, "t": 4, "low": 0.9, "high": 1}
PROGRESS = """
  const [page, { answer, ...state }] = argument;
  const values = answer && Float32Array.from(answer.values);
  return m.progressOf(page, { ...state, answer: answer && { ...answer, values } });
"""
SAYS = {"t": 1, "says": "b"}


@pytest.mark.parametrize(
    ("fact", "value", "unmet"),
    [
        (Z, 0.95, False),
        (Z, 0.5, True),
        ({**Z, "t": -1}, 0.95, False),
        ({**Z, "t": 5}, 0.95, True),
    ],
)
def test_a_page_checks_its_facts_against_the_numbers(
    js: Modules, fact: dict[str, Any], value: float, unmet: bool
) -> None:
    trace = {"steps": 5, "hidden": 2, "arrays": {"z": [0] * 9 + [value]}}
    state = {"document": BEGUN, "selection": {"t": 4}, "synced": True, "trace": trace}
    assert found_of(js, fact, state) == (fact if unmet else None)


@pytest.mark.parametrize(
    ("fact", "patch", "unmet"),
    [
        (SAYS, {}, False),
        ({**SAYS, "t": -1}, {}, False),
        ({**SAYS, "says": "a"}, {}, True),
        ({**SAYS, "t": 0}, {}, True),
        ({**SAYS, "t": 2}, {}, True),
        (SAYS, {"synced": False}, True),
        (SAYS, {"have": 1}, True),
    ],
)
def test_a_page_checks_its_facts_against_the_answers(
    js: Modules, fact: dict[str, Any], patch: dict[str, Any], unmet: bool
) -> None:
    """The answers of two steps: a with 0.6, and b with 0.7."""
    answer = {"steps": 2, "have": 2, "size": 2, "index": None, **patch}
    network = {"card": {"classes": ["a", "b"]}, "parts": {"readout": {"output_size": 2}}}
    state = {"document": BEGUN, "selection": {"t": 4}, "synced": True, "network": network, **patch}
    state["answer"] = {**answer, "values": [0.6, 0.4, 0.3, 0.7]}
    assert found_of(js, fact, state) == (fact if unmet else None)


def found_of(js: Modules, fact: dict[str, Any], state: dict[str, Any]) -> Any:
    """The fact that a page finds unmet."""
    page = {"task": {"kind": "select", "t": 4}, "given": [fact], "document": BEGUN}
    found = js.run("tour/done", PROGRESS, [page, state])
    assert found["acted"] and found["done"] is (found["unmet"] is None)
    return found["unmet"]
