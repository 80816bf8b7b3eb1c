"""docs/protocol.md against the code, both ways."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import TypeAdapter

from gru_core import ACTIVATIONS, CELLS, Network
from gru_core.gallery.trained import read_gallery
from gru_core.network.merge import MERGES
from gru_core.network.readout import HEADS
from gruscope.documents.entry import Entry
from gruscope.documents.forms import SHOWN, value_names
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.weights import switches
from gruscope.questions.explain import TermPart
from gruscope.questions.step import StepMeta
from gruscope.session.protocol import CLIENT, CLIENT_MODELS, SERVER, SERVER_MODELS
from gruscope.settings import Settings
from gruscope.web.server import HTTP_CODES
from gruscope.web.trace_api import JSON, NDJSON
from gruscope.web.training.kept import KEEP
from gruscope.wire.errors import STATUS
from gruscope.wire.frames import MAP_STEPS, MAP_UNITS, OUTPUTS, TOP
from gruscope.wire.messages import DecoderPart, ErrorCode, InputChange
from gruscope.wire.meta import (
    BlockMeta,
    MapMeta,
    OutputMeta,
    StepsMeta,
    TargetMeta,
    WeightsMeta,
)
from gruscope.wire.schema import Document, Edit, Form, Model, Target
from gruscope.wire.training import (
    TRAINING_CLIENT_MODELS,
    TRAINING_MESSAGE,
    TRAINING_REQUEST,
    TRAINING_SERVER_MODELS,
)
from tests.app.session.test_session import say, session
from tests.app.support import ROOT, client
from tests.gallery_folder import write_gallery

TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.S)]
CHOICES = {"type", "kind", "op"}
METAS = (WeightsMeta, StepsMeta, OutputMeta, MapMeta, StepMeta, BlockMeta, TargetMeta)
"""The metadata of every binary frame."""


def tags(models: Any) -> set[str]:
    return {get_args(m.model_fields["type"].annotation)[0] for m in models}


def adapter(example: dict[str, Any]) -> TypeAdapter[Any] | None:
    """Return the model that an example must fit."""
    type = example.get("type")
    if isinstance(example.get("run"), str):
        return TypeAdapter({next(iter(tags([meta]))): meta for meta in METAS}[type])
    if type in tags(CLIENT_MODELS):
        return CLIENT
    if type in tags(SERVER_MODELS):
        return SERVER
    if type in tags(TRAINING_CLIENT_MODELS):
        return TRAINING_REQUEST
    if type in tags(TRAINING_SERVER_MODELS):
        return TRAINING_MESSAGE
    if example.keys() == {"title", "edits"}:
        return KEEP
    if "op" in example:
        return TypeAdapter(Edit)
    if "limit" in example:
        return TypeAdapter(DecoderPart)
    if example.get("kind") in ("input", "values"):
        return TypeAdapter(Target)
    return TypeAdapter(Document) if "network" in example else None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("type") or e.get("op") or "")
def test_every_example_is_valid_and_has_only_known_fields(example):
    known = adapter(example)
    if known is None:
        assert {"steps", "arrays"} <= example.keys() or {"t", "table"} & example.keys()
        return
    assert known.validate_python(example).model_dump(exclude_unset=True) == example


@pytest.mark.parametrize(
    "example",
    [e for e in EXAMPLES if e.get("type", "open") == "open" and {"network", "document"} & e.keys()],
)
def test_every_document_runs(example):
    document = example.get("document", example)
    opened = CLIENT.validate_python({"type": "open", "run": 1, "document": document})
    assert say(session(library_for(document)), opened)[-1].type == "done"


def library_for(document: dict[str, Any]) -> Library:
    """Return a model file, or a gallery, that a document could be of."""
    network = document["network"]
    if network["kind"] == "example" and "digest" in network:
        return gallery_for(network)
    if network["kind"] != "file":
        return EMPTY
    table = np.ones((len(network["alphabet"]), 3))
    layers = Network.random(network["cell"], 3, 2, seed=0, layers=2, directions=2).layers
    drawn = Network(layers, table)
    entry = Entry.of(drawn, "model.npz", Settings())
    return Library(replace(entry, digest=network["digest"]))


def gallery_for(network: dict[str, Any]) -> Library:
    """Return a gallery with a network of this name and digest."""
    with TemporaryDirectory() as folder:
        found = read_gallery(write_gallery(Path(folder)))[network["name"]]
        entry = Entry.trained(found, Settings())
    return Library(gallery={network["name"]: replace(entry, digest=network["digest"])})


def every_model() -> set[type[Model]]:
    """Return all models; the doctests may import the same files again, as ``app.wire``."""
    found, due = set[type[Model]](), list(Model.__subclasses__())
    while due:
        found.add(model := due.pop())
        due += model.__subclasses__()
    return {model for model in found if model.__module__.startswith("gruscope.")}


def shown(example: Any) -> set[tuple[str, ...]]:
    """Return the discriminated parts of an example: (field, tag, fields of that part…)."""
    parts = set()
    if isinstance(example, dict):
        for choice in CHOICES & example.keys():
            parts |= {(choice, example[choice], name) for name in example}
        for value in example.values():
            parts |= shown(value)
    elif isinstance(example, list):
        parts = set().union(*map(shown, example))
    return parts


@pytest.mark.parametrize("model", sorted(every_model(), key=lambda m: m.__name__))
def test_every_model_and_each_of_its_fields_has_an_example(model):
    choices = CHOICES & model.model_fields.keys()
    parts = set().union(*map(shown, EXAMPLES))
    for choice in choices:
        tags = get_args(model.model_fields[choice].annotation)
        for tag in tags if len(tags) == 1 else ():
            wanted = {(choice, tag, name) for name in model.model_fields}
            assert wanted <= parts, f"{model.__name__}: {wanted - parts} not shown"
    if not choices:
        texts = json.dumps(EXAMPLES)
        assert all(f'"{name}"' in texts for name in model.model_fields)


def table(heading: str) -> dict[str, list[str]]:
    """Return the rows of the table with this first heading, by their first cell."""
    _, _, rest = TEXT.partition(f"\n| {heading} |")
    rows = {}
    for line in rest.split("\n\n")[0].splitlines()[2:]:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        rows[name.strip("`")] = cells
    return rows


def test_every_error_code_is_listed_with_its_status():
    assert {code: int(cells[0]) for code, cells in table("code").items()} == STATUS
    assert set(STATUS) == set(get_args(ErrorCode))
    assert set(HTTP_CODES.values()) <= set(STATUS)


def test_every_limit_is_listed_with_its_value():
    listed = {name: float(cells[0]) for name, cells in table("setting").items()}
    elsewhere = {"host", "port", "loopback", "allowed_hosts", "token", "uploads", "opens"}
    settings = Settings()
    assert listed == {
        f.name: getattr(settings, f.name) for f in fields(settings) if f.name not in elsewhere
    }


@pytest.mark.parametrize("cell", CELLS)
def test_the_names_of_every_cell_are_the_code_s(cell):
    values, shown = value_names(cell), SHOWN[cell].values
    assert table("cell")[cell] == [f"`{' '.join(shown)}`", f"`{' '.join(values)}`"]
    assert f"- `{cell}`: `{' '.join(CELLS[cell].params.places())}`" in TEXT


def test_every_switch_is_listed_with_its_cells():
    rows = {name: cells[0] for name, cells in table("switch").items()}
    for name in Form.model_fields:
        has = [cell for cell in CELLS if name in switches(CELLS[cell].params)]
        assert rows[name] == ("all" if len(has) == len(CELLS) else ", ".join(has))
    assert set(rows) == set(Form.model_fields)
    defaults = next(e for e in EXAMPLES if len(e.get("options", {}).get("form", {})) > 1)
    assert defaults["options"]["form"] == Form().model_dump()


def test_names_in_the_text_are_the_code_s():
    for name in ACTIVATIONS:
        assert f"`{name}`" in TEXT
    assert str(Settings().port) in TEXT
    for offered in (JSON, NDJSON):
        assert f"`{offered}`" in TEXT
    for kind in get_args(TermPart.model_fields["kind"].annotation):
        assert f"`{kind}`" in TEXT
    assert InputChange.model_fields.keys() == {"kind", "start", "remove", "insert"}


def test_every_message_has_a_heading():
    headings = set(re.findall(r"^### (\w+)", TEXT, re.M))
    training = tags(TRAINING_CLIENT_MODELS) | tags(TRAINING_SERVER_MODELS)
    wanted = tags(CLIENT_MODELS) | tags(SERVER_MODELS) | tags(METAS) | training
    assert wanted <= headings
    frames = {model for model in every_model() if {"type", "run"} <= model.model_fields.keys()}
    assert {m for m in frames if m.model_fields["run"].annotation is str} == set(METAS)


def test_the_numbers_of_large_answers_and_of_the_map_are_the_code_s():
    assert f"Of more than {OUTPUTS} outputs, the frame has the {TOP} largest" in TEXT
    assert f"at most {MAP_STEPS} rows and {MAP_UNITS} columns" in TEXT
    for name in (*MERGES, *HEADS):
        assert f"`{name}`" in TEXT


def test_the_answers_of_http_look_like_their_examples():
    document = {
        "network": {"kind": "example", "name": "latch"},
        "input": {"kind": "text", "text": ".a"},
    }
    whole = next(e for e in EXAMPLES if "dtype" in e)
    line = next(e for e in EXAMPLES if "t" in e and not e.keys() & CHOICES)
    for accept, example in (("application/json", whole), (NDJSON, line)):
        answer = client().post(
            "/api/trace", params={"arrays": "z,h"}, json=document, headers={"accept": accept}
        )
        got = json.loads(answer.text.splitlines()[-1])
        assert json.dumps(_rounded(got)) == json.dumps(example)


def test_the_answer_about_a_table_looks_like_its_example():
    example = next(e for e in EXAMPLES if "table" in e)
    query = {"columns": "1", "missing": "interpolate"}
    content = b"day,x\n1,0.5\n2,NA\n3,1.5\n"
    assert client().post("/api/table", content=content, params=query).json() == example


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return round(value, 6) if isinstance(value, float) else value
