"""The page's pure modules, called in the browser and held against Python."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page as PlaywrightPage
from safetensors.numpy import save

from tests.browser.page import Page

quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Modules:
    """Calls exported functions of static/js."""

    def __init__(self, page: PlaywrightPage) -> None:
        self.page = page
        found = re.search(r"/static/[0-9a-f]+/", page.content())
        assert found
        self.base = found[0] + "js/"

    def call(self, module: str, name: str, *arguments: Any) -> Any:
        return self.page.evaluate(
            "async ([url, name, args]) => (await import(url))[name](...args)",
            [f"{self.base}{module}.js", name, list(arguments)],
        )

    def run(self, module: str, body: str, argument: Any = None) -> Any:
        return self.page.evaluate(
            f"async ([url, argument]) => {{ const m = await import(url); {body} }}",
            [f"{self.base}{module}.js", argument],
        )


@pytest.fixture(scope="module")
def js(shared_page: Page) -> Modules:
    return Modules(shared_page.browser_page)


def document(text: str, edits: list[dict[str, Any]]) -> dict[str, Any]:
    network = {"kind": "example", "name": "latch"}
    return {"network": network, "edits": edits, "input": {"kind": "text", "text": text}}


def splice(sequence: Any, change: dict[str, Any]) -> Any:
    start, stop = change["start"], change["start"] + change["remove"]
    return sequence[:start] + change["insert"] + sequence[stop:]


edit_lists = st.lists(
    st.fixed_dictionaries({"op": st.just("zero"), "array": st.sampled_from(["W_z", "U_r", "b_n"])}),
    max_size=5,
)


@quick
@given(st.text("ab.", min_size=1, max_size=9), st.text("ab.", min_size=1, max_size=9))
def test_a_difference_applied_gives_the_second_document(js: Modules, a: str, b: str) -> None:
    changes = js.call("model/document", "diff", document(a, []), document(b, []))
    assert len(changes) == (a != b)
    result = a
    for change in changes:
        assert change["kind"] == "input"
        result = splice(result, change)
    assert result == b


@quick
@given(edit_lists, edit_lists)
def test_edit_lists_differ_by_one_splice(js: Modules, a: Any, b: Any) -> None:
    changes = js.call("model/document", "diff", document("a", a), document("a", b))
    result = a
    for change in changes:
        assert change["kind"] == "edits"
        result = splice(result, change)
    assert result == b


def test_another_network_or_kind_of_input_is_a_whole_new_document(js: Modules) -> None:
    before = document("ab", [])
    numbers = {**before, "input": {"kind": "numbers", "values": [[1, 0, 0]]}}
    for after in (numbers, {**before, "network": {"kind": "example", "name": "toggle"}}):
        assert js.call("model/document", "diff", before, after) == [
            {"kind": "document", "document": after}
        ]


SET = {"op": "set", "array": "W_z", "row": 1, "column": 2}
ZERO = {"op": "zero", "array": "W_z"}
SCALE = {"op": "scale", "array": "W_z", "factor": 2}
OTHER = {"op": "set", "array": "b_z", "row": 1, "value": 3}
CELL = {"op": "restore", "array": "W_z", "row": 1, "column": 2}
HOLD = {"op": "clamp", "quantity": "z", "unit": 1, "value": 0}
START = {"op": "start", "quantity": "h", "unit": 1, "value": 0.5}
ABLATE = {"op": "ablate", "unit": 1}
OFF = {"off": True}


@pytest.mark.parametrize(
    ("edits", "edit", "expected"),
    [
        ([], {**SET, "value": 1}, [{**SET, "value": 1}]),
        ([{**SET, "value": 1}, OTHER], {**SET, "value": 2}, [{**SET, "value": 2}, OTHER]),
        (
            [{**SET, "value": 1}, SCALE],
            {**SET, "value": 2},
            [{**SET, "value": 1}, SCALE, {**SET, "value": 2}],
        ),
        ([{**SET, "value": 1}, OTHER], ZERO, [{**SET, "value": 1}, OTHER, ZERO]),
        ([ZERO, OTHER], ZERO, [ZERO, OTHER]),
        ([ZERO], SCALE, [ZERO, SCALE]),
        ([SCALE], SCALE, [SCALE, SCALE]),
        ([{**SET, "value": 1}, SCALE, OTHER], {"op": "restore", "array": "W_z"}, [OTHER]),
        ([OTHER, {**SET, "value": 1}], CELL, [OTHER]),
        ([SCALE, {**SET, "value": 1}], CELL, [SCALE, CELL]),
        (
            [{**SET, "value": 1, **OFF}],
            {**SET, "value": 2},
            [{**SET, "value": 1, **OFF}, {**SET, "value": 2}],
        ),
        (
            [{**SET, "value": 1}, {**ZERO, **OFF}],
            {**SET, "value": 2},
            [{**SET, "value": 1}, {**ZERO, **OFF}, {**SET, "value": 2}],
        ),
        ([{**ZERO, **OFF}, {**SET, "value": 1}], CELL, [{**ZERO, **OFF}]),
        (
            [{**SET, "value": 1, **OFF}, SCALE],
            {"op": "restore", "array": "W_z"},
            [{**SET, "value": 1, **OFF}],
        ),
        ([HOLD, OTHER], {**HOLD, "value": 1}, [{**HOLD, "value": 1}, OTHER]),
        ([HOLD], {**HOLD, "t": 4}, [HOLD, {**HOLD, "t": 4}]),
        ([{**HOLD, "t": 4}, HOLD], {**HOLD, "t": 4}, [{**HOLD, "t": 4}, HOLD, {**HOLD, "t": 4}]),
        ([HOLD, {**HOLD, "t": 4}], {**HOLD, "t": 5}, [HOLD, {**HOLD, "t": 4}, {**HOLD, "t": 5}]),
        ([START, ABLATE], START, [START, ABLATE, START]),
        ([ABLATE, HOLD], ABLATE, [ABLATE, HOLD]),
    ],
)
def test_an_edit_takes_the_place_of_the_same_one_only(
    js: Modules, edits: list[Any], edit: Any, expected: list[Any]
) -> None:
    assert js.call("model/document", "addEdit", document("a", edits), edit)["edits"] == expected


def test_history_joins_a_gesture_and_forgets_the_redone(js: Modules) -> None:
    steps = js.run(
        "model/history",
        """const h = m.createHistory("a");
        h.push("b", "drag 1"); h.push("c", "drag 1"); h.push("d", "drag 2"); h.push("e");
        const back = [h.undo(), h.undo(), h.undo(), h.undo()];
        const forth = [h.redo(), h.redo()];
        h.push("f");
        return {back, forth, redo: h.canRedo(), last: h.undo()};""",
    )
    assert steps["back"] == ["d", "c", "a", None]
    assert steps["forth"] == ["c", "d"]
    assert steps["redo"] is False
    assert steps["last"] == "d"


def test_history_keeps_its_last_five_hundred(js: Modules) -> None:
    count = js.run(
        "model/history",
        """const h = m.createHistory(0);
        for (let i = 1; i <= 1000; i += 1) h.push(i);
        let undone = 0;
        while (h.undo() !== null) undone += 1;
        return undone;""",
    )
    assert count == 499


@quick
@given(
    st.lists(
        st.lists(
            st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: float(f"{value:.6g}")),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
def test_csv_as_python_writes_it_is_read_back(
    js: Modules, rows: list[list[float]], separator: str, header: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    if header:
        writer.writerow(["time", "left", "right"])
    writer.writerows(rows)
    assert js.call("lib/csv", "parseCsv", out.getvalue()) == rows


@quick
@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 9))
def test_a_frame_as_safetensors_writes_it_is_read_back(
    js: Modules, rows: int, columns: int, pad: int
) -> None:
    z = np.random.default_rng(rows).normal(size=(rows, columns)).astype(np.float32)
    metadata = {"type": "steps", "note": "x" * pad}
    frame = save({"z": z, "b": z[0].copy()}, metadata)
    read = js.run(
        "server/wire",
        """const {metadata, arrays} = m.readFrame(new Uint8Array(argument).buffer);
        const plain = ({shape, data}) => ({shape, data: Array.from(data)});
        return {metadata, z: plain(arrays.z), b: plain(arrays.b)};""",
        list(frame),
    )
    assert read["metadata"] == metadata
    assert read["z"] == {"shape": [rows, columns], "data": z.ravel().tolist()}
    assert read["b"] == {"shape": [columns], "data": z[0].tolist()}


@pytest.mark.parametrize(
    ("text", "alphabet", "fitted", "foreign"),
    [
        ("abc", "abc", "abc", []),
        ("AbC", "abc", "abc", []),
        ("ab", "AB", "AB", []),
        ("a\nb\tc", " abc", "a b c", []),
        ("a-é-é", "ab", "a", ["-", "é"]),
        ("ß", "s", "", ["ß"]),
        ("a😀b", "ab", "ab", ["😀"]),
    ],
)
def test_text_is_fitted_to_an_alphabet(
    js: Modules, text: str, alphabet: str, fitted: str, foreign: list[str]
) -> None:
    result = js.call("model/encode", "fitText", text, alphabet)
    assert result == {"text": fitted, "foreign": foreign}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (" -2.5 ", -2.5),
        ("−3", -3.0),
        ("0,5", 0.5),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("2.", 2.0),
    ],
)
def test_numbers_as_people_type_them(js: Modules, text: str, value: float) -> None:
    assert js.call("lib/format", "parseNumber", text) == value


@pytest.mark.parametrize("text", ["", "-", "1e", "nan", "Infinity", "0x10", "1 2", "1,2,3", "--1"])
def test_what_is_no_number(js: Modules, text: str) -> None:
    value = js.run("lib/format", "return String(m.parseNumber(argument));", text)
    assert value == "NaN"


def test_noise_is_the_same_for_the_same_seed_and_spread(js: Modules) -> None:
    body = "const r = m.uniform(argument); return Array.from({length: 4000}, r);"
    first, again, other = (np.array(js.run("model/generators", body, seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.min() >= 0 and first.max() < 1
    counts, _ = np.histogram(first, 10, (0, 1))
    assert counts.min() > 320 and counts.max() < 480


def test_back_off_grows_to_a_bound_and_is_jittered(js: Modules) -> None:
    low = [js.call("server/connection", "backoff", attempt, 0) for attempt in range(8)]
    high = [js.call("server/connection", "backoff", attempt, 1) for attempt in range(8)]
    assert high[:5] == [250, 500, 1000, 2000, 4000]
    assert high[5:] == [5000] * 3
    assert low == [value / 2 for value in high]


@pytest.mark.parametrize(
    ("zoom", "steps", "expected"),
    [
        (None, 10, None),
        ({"from": 2.2, "to": 7.6}, 10, {"from": 2, "to": 8}),
        ({"from": -5, "to": 4}, 20, {"from": 0, "to": 9}),
        ({"from": 18, "to": 19}, 20, {"from": 16, "to": 20}),
        ({"from": 0, "to": 20}, 20, None),
        ({"from": 0, "to": 50}, 20, None),
        ({"from": 1, "to": 2}, 3, None),
    ],
)
def test_a_zoom_stays_within_the_sequence(
    js: Modules, zoom: Any, steps: int, expected: Any
) -> None:
    assert js.call("model/timeline", "clampZoom", zoom, steps) == expected


def test_points_between_two_points_are_on_their_line(js: Modules) -> None:
    points = js.call(
        "views/input/bars-input", "between", {"t": 5, "value": 1}, {"t": 1, "value": -1}
    )
    assert points == [{"t": t, "value": -1 + (t - 1) / 2} for t in range(1, 6)]


def test_one_message_is_one_json_object(js: Modules) -> None:
    message = js.call("server/wire", "editMessage", 3, 2, {"kind": "edits", "start": 0})
    change = {"kind": "edits", "start": 0}
    assert json.loads(message) == {"type": "edit", "run": 3, "keep": 2, "change": change}
