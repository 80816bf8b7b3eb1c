import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, GRU, Clamp, GRUParams, cell
from gruscope.documents.library import Library
from gruscope.session.protocol import SERVER
from gruscope.settings import Settings
from gruscope.web.trace_api import JSON, NDJSON
from tests.app.documents.mixed import MIXED, each_trace, whole
from tests.app.support import LATCH, client, random_document

DOCUMENT = random_document(T=70, H=5, I=3)


@pytest.fixture(scope="module")
def trace() -> Any:
    return GRU(GRUParams.random(3, 5, seed=3)).run(DOCUMENT["input"]["values"])


def post(document: Any = DOCUMENT, accept: str | None = None, **options: Any):
    headers = {} if accept is None else {"accept": accept}
    return client().post("/api/trace", json=document, headers=headers, **options)


def test_json_is_the_default(trace):
    answer = post()
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert {k: v for k, v in body.items() if k != "arrays"} == {
        "steps": 70,
        "layer": 0,
        "direction": "forward",
        "input_size": 3,
        "hidden_size": 5,
        "dtype": "float64",
    }
    assert list(body["arrays"]) == ["z", "r", "n", "h"]
    for name, rows in body["arrays"].items():
        np.testing.assert_array_equal(rows, getattr(trace, name))


def test_ndjson_has_a_line_per_timestep(trace):
    answer = post(accept=NDJSON)
    assert answer.headers["content-type"] == NDJSON
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["t"] for line in lines] == list(range(70))
    assert {(line["layer"], line["direction"]) for line in lines} == {(0, "forward")}
    for name in ("z", "r", "n", "h"):
        np.testing.assert_array_equal([line[name] for line in lines], getattr(trace, name))


@pytest.mark.parametrize("network", [whole("lstm", 2), whole("gru", 2, "identity"), MIXED])
def test_the_view_of_a_whole_network_and_its_answer(network):
    one = Library.of(network, "whole.npz", Settings())
    document = one.entries[0].document.model_dump()
    given = document["input"]
    trace = network.run(np.array(given.get("tokens") or given["values"]))
    for (layer, direction), expected in each_trace(trace).items():
        document["view"] = {"layer": layer, "direction": direction}
        params = network.layers[layer].first
        whole_json = client(library=one).post("/api/trace", json=document).json()
        assert {k: v for k, v in whole_json.items() if k != "arrays"} == {
            "steps": 48,
            "layer": layer,
            "direction": direction,
            "input_size": params.input_size,
            "hidden_size": params.hidden_size,
            "dtype": "float64",
        }
        answer = client(library=one).post("/api/trace", json=document, headers={"accept": NDJSON})
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert [line["t"] for line in lines] == list(range(48))
        assert {(line["layer"], line["direction"]) for line in lines} == {(layer, direction)}
        for got in (whole_json["arrays"], {k: [line[k] for line in lines] for k in lines[0]}):
            np.testing.assert_array_equal(got["h"], expected.h)
            assert ("answer" in got) == (network.readout is not None)
            if network.readout is not None:
                np.testing.assert_array_equal(got["answer"], trace.answer)


def test_a_view_that_is_not_there_is_refused():
    answer = post(DOCUMENT | {"view": {"layer": 1}})
    assert (answer.status_code, answer.json()["field"]) == (422, "view.layer")
    answer = post(DOCUMENT | {"view": {"direction": "reverse"}})
    assert (answer.status_code, answer.json()["field"]) == (422, "view.direction")


def test_arrays_can_be_chosen(trace):
    body = post(params={"arrays": "a_z,u"}).json()
    assert set(body["arrays"]) == {"u", "a_z"}
    np.testing.assert_array_equal(body["arrays"]["u"], trace.u)


CELL_FORMS = [
    ("gru", {"reset_after": False, "z_keeps": False}, "z,r,n,h"),
    ("lstm", {}, "i,f,g,c,o,h,m"),
    ("lstm", {"input_forget": True, "clip": 0.5}, "i,f,g,c,o,h,m"),
    ("rnn", {}, "h"),
]


@pytest.mark.parametrize(("name", "form", "shown"), CELL_FORMS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_cell_and_form_is_the_core_s_to_the_bit(name, form, shown, dtype):
    document = DOCUMENT | {"options": {"dtype": dtype, "form": form}}
    document["network"] = DOCUMENT["network"] | {"cell": name}
    params = CELLS[name].params.random(3, 5, seed=3, dtype=dtype).with_form(**form)
    expected = cell(params).run(DOCUMENT["input"]["values"])
    body = post(document).json()
    assert list(body["arrays"]) == shown.split(",")
    lines = [json.loads(line) for line in post(document, accept=NDJSON).text.splitlines()]
    every = ",".join(params.VALUES)
    arrays = post(document, params={"arrays": every}).json()["arrays"]
    assert set(arrays) == set(params.VALUES)
    for value, rows in arrays.items():
        np.testing.assert_array_equal(rows, expected.values[value])
    for value in shown.split(","):
        np.testing.assert_array_equal(body["arrays"][value], expected.values[value])
        np.testing.assert_array_equal([line[value] for line in lines], expected.values[value])


@pytest.mark.parametrize(("name", "arrays"), [("gru", "h,c"), ("lstm", "z"), ("rnn", "a_z,h")])
def test_arrays_that_the_cell_does_not_have_are_refused(name, arrays):
    document = DOCUMENT | {"network": DOCUMENT["network"] | {"cell": name}}
    for accept in (None, NDJSON):
        answer = post(document, accept=accept, params={"arrays": arrays})
        assert (answer.status_code, answer.json()["field"]) == (422, "arrays")
        assert answer.json()["code"] == "range"


def test_a_form_that_is_refused_has_its_field():
    answer = post(DOCUMENT | {"options": {"form": {"peepholes": True}}})
    assert (answer.status_code, answer.json()["field"]) == (422, "options.form.peepholes")


def test_a_body_of_nothing_but_lists_is_refused():
    answer = post(DOCUMENT | {"x": [[]] * 50_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("arrays", ["", "q", "z,z", "z,,r", "z;r"])
def test_arrays_that_are_not_there(arrays):
    answer = post(params={"arrays": arrays})
    assert (answer.status_code, answer.json()["field"]) == (422, "arrays")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("text/html", JSON),
        ("application/x-ndjson", NDJSON),
        ("APPLICATION/X-NDJSON", NDJSON),
        ("application/json, application/x-ndjson", NDJSON),
    ],
)
def test_accept_chooses(accept, chosen):
    assert post(LATCH, accept=accept).headers["content-type"] == chosen


BAD = {
    "not json": (b"{", {}, 400, "json"),
    "not utf-8": (b'"\xff"', {}, 400, "json"),
    "empty": (b"", {}, 400, "json"),
    "NaN": (b'{"input":{"kind":"numbers","values":[[NaN]]}}', {}, 422, None),
    "a form": (b"a=b", {"content-type": "application/x-www-form-urlencoded"}, 415, "media_type"),
    "text": (json.dumps(LATCH).encode(), {"content-type": "text/plain"}, 415, "media_type"),
    "too large": (b" " * (2**20 + 1), {}, 413, "too_large"),
    "a field too many": (json.dumps(LATCH | {"x": 1}).encode(), {}, 422, "message"),
    "outside the alphabet": (
        json.dumps(LATCH | {"input": {"kind": "text", "text": "x"}}).encode(),
        {},
        422,
        "alphabet",
    ),
    "no steps": (
        json.dumps(LATCH | {"input": {"kind": "text", "text": ""}}).encode(),
        {},
        422,
        "length",
    ),
}


@pytest.mark.parametrize(("body", "headers", "status", "code"), BAD.values(), ids=BAD)
def test_refusals_have_the_wires_error_shape(body, headers, status, code):
    headers = {"content-type": "application/json"} | headers
    answer = client().post("/api/trace", content=body, headers=headers)
    assert answer.status_code == status
    error = SERVER.validate_json(answer.content)
    assert error.type == "error"
    assert code in (None, error.code)


def test_a_body_without_end_is_refused_as_it_comes():
    sent = 0

    def endless() -> Any:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 1024

    headers = {"content-type": "application/json"}
    answer = client(Settings(body_bytes=4096)).post(
        "/api/trace", content=endless(), headers=headers
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/trace", 405, "method"),
        ("PUT", "/", 405, "method"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/ws", 404, "not_found"),
    ],
)
def test_routes_that_are_not_there(method, path, status, code):
    answer = client().request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_405_lists_the_allowed_methods():
    assert client().get("/api/trace").headers["allow"] == "POST"


def test_the_number_of_requests_at_a_time_is_limited(monkeypatch):
    monkeypatch.setattr("gruscope.web.trace_api.build", _slow_build)
    http = client(Settings(requests=1))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: http.post("/api/trace", json=LATCH), range(4)))
    assert sorted({a.status_code for a in answers}) == [200, 503]
    refused = next(a for a in answers if a.status_code == 503)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("busy", "1")
    assert http.post("/api/trace", json=LATCH).status_code == 200


def _slow_build(*arguments: Any) -> Any:
    import time

    from gruscope.documents.document import build

    time.sleep(0.2)
    return build(*arguments)


def test_memory_is_given_back():
    http = client(Settings(trace_bytes=100_000))
    for accept in (JSON, NDJSON):
        for _ in range(3):
            headers = {"accept": accept}
            assert http.post("/api/trace", json=DOCUMENT, headers=headers).status_code == 200
    assert http.post("/api/trace", json=random_document(T=900, H=9)).status_code == 503


def test_a_defect_is_reported_without_detail(monkeypatch, caplog):
    def broken(*_: Any) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("gruscope.web.trace_api.build", broken)
    http = client(raise_server_exceptions=False)
    answer = http.post("/api/trace", json=LATCH)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text and "a secret detail" in caplog.text
    assert "content-security-policy" in answer.headers


def test_openapi_describes_the_document():
    schema = client().get("/openapi.json").json()
    body = schema["paths"]["/api/trace"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["$ref"] == "#/components/schemas/Document"
    parts = schema["components"]["schemas"]
    assert {"Document", "ExampleNetwork", "SetEdit", "NumbersInput"} <= set(parts)
    refs = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema))
    assert set(refs) <= set(parts)


def test_the_holds_of_a_document_are_applied():
    edits = [
        {"op": "clamp", "quantity": "r", "unit": 2, "value": 0.25},
        {"op": "start", "quantity": "h", "unit": 1, "value": -0.5},
        {"op": "ablate", "unit": 4},
        {"op": "clamp", "quantity": "h", "unit": 0, "t": 30, "value": 0.5, "off": True},
    ]
    body = post(DOCUMENT | {"edits": edits}).json()
    clamps = [Clamp("r", 2, 0.25), Clamp("h", 4, 0.0)]
    gru, x = GRU(GRUParams.random(3, 5, seed=3)), DOCUMENT["input"]["values"]
    expected = gru.run(x, [0, -0.5, 0, 0, 0], clamps=clamps)
    for name, rows in body["arrays"].items():
        np.testing.assert_array_equal(rows, getattr(expected, name))
    refused = post(DOCUMENT | {"edits": [*edits, edits[0] | {"unit": 5}]})
    assert (refused.status_code, refused.json()["field"]) == (422, "edits.4.unit")
