"""When a task of the tour is done, and what a page takes for granted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.js.modules import Modules, js

__all__ = ["js"]  # a fixture

BEGUN = {
    "network": {"kind": "example", "name": "latch"},
    "edits": [],
    "input": {"kind": "text", "text": "ab"},
}
HOLD = {"kind": "hold", "quantity": "z", "unit": 1, "t": 4, "value": 1}
ALWAYS = {"kind": "hold", "quantity": "z", "unit": 1, "value": 1}
TYPE = {"kind": "type", "insert": "b", "t": 1}
WEIGHT = {"kind": "weight", "arrays": ["W_n", "b_n"], "row": 1, "value": 0}
SET = {"op": "set", "array": "b_n", "row": 1, "value": 2}


@pytest.mark.parametrize(
    ("task", "patch", "done"),
    [
        ({"kind": "select", "t": 3}, {"selection": {"t": 3, "unit": 0, "quantity": "h"}}, True),
        ({"kind": "select", "t": 3, "unit": 1}, {"selection": {"t": 3, "unit": 0}}, False),
        (
            {"kind": "stage"},
            {"stage": 3, "model": {"cell": "gru", "stages": [[], [], [], []]}},
            True,
        ),
        ({"kind": "stage"}, {"stage": None, "model": {"stages": [[]]}}, False),
        (TYPE, {"input": {"kind": "text", "text": "abb"}}, True),
        (TYPE, {"input": {"kind": "text", "text": "aab"}}, False),
        (TYPE, {"input": {"kind": "text", "text": "abbb"}}, False),
        (TYPE, {}, False),
        (HOLD, {"z1": [0, 0, 0, 0, 1]}, True),
        (HOLD, {"z1": [1, 1, 1, 1, 1]}, True),
        (HOLD, {"z1": [0, 0, 0, 0, 0.99]}, False),
        (HOLD, {"z1": [0, 0, 0, 1, 0]}, False),
        (HOLD, {"z1": [0, 0, 0, 0, 1], "synced": False}, False),
        (ALWAYS, {"z1": [1, 1, 1, 1, 1]}, True),
        (ALWAYS, {"z1": [1, 1, 0, 1, 1]}, False),
        (WEIGHT, {"edits": [SET]}, True),
        (WEIGHT, {"edits": [{**SET, "row": 0}]}, False),
        (WEIGHT, {"edits": [{"op": "zero", "array": "b_n"}]}, True),
        (WEIGHT, {"edits": [{"op": "zero", "array": "b_z"}]}, False),
        ({"kind": "cell", "cell": "lstm"}, {}, False),
        ({"kind": "cell", "cell": "gru"}, {}, True),
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
    state |= {"model": {"cell": "gru", "stages": [[]]}, "trace": trace, **patch}
    page = {"task": task, "given": [], "document": BEGUN}
    assert js.call("tour/done", "progressOf", page, state)["done"] is done


Z = {"quantity": "z", "unit": 1, "t": 4, "low": 0.9, "high": 1}


@pytest.mark.parametrize(
    ("fact", "value", "unmet"),
    [
        (Z, 0.95, False),
        (Z, 0.5, True),
        ({**Z, "outside": True}, 0.95, True),
        ({**Z, "outside": True}, 0.5, False),
        ({**Z, "t": -1}, 0.95, False),
        ({**Z, "t": 5}, 0.95, True),
    ],
)
def test_a_page_checks_its_facts_against_the_numbers(
    js: Modules, fact: dict[str, Any], value: float, unmet: bool
) -> None:
    trace = {"steps": 5, "hidden": 2, "arrays": {"z": [0] * 9 + [value]}}
    state = {"document": BEGUN, "selection": {"t": 4}, "synced": True, "trace": trace}
    page = {"task": {"kind": "select", "t": 4}, "given": [fact], "document": BEGUN}
    found = js.call("tour/done", "progressOf", page, state)
    assert found == {"acted": True, "unmet": fact if unmet else None, "done": not unmet}
