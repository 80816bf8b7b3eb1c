"""Any edits, any interruptions: what a page ends up with is a fresh run of the final document."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.protocol import Document
from gru_core import GRU, GRUParams
from gru_core.text import one_hot
from tests.app.support import read_frame
from tests.app.talk import editing, opening, session

ALPHABET = "abc"
NAMES = ("W_z", "U_z", "b_z", "W_r", "U_r", "b_r", "W_n", "U_n", "b_n", "b_hn")
H = 4


class Model:
    """A page: its document, and the rows it has of the newest run."""

    def __init__(self) -> None:
        self.text, self.edits, self.dtype = "abcab" * 9, [], "float64"
        self.run, self.have = 1, 0
        self.rows: dict[str, Any] = {}
        self.weights: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        network = {"kind": "random", "hidden_size": H, "seed": 3, "alphabet": ALPHABET}
        given = {"kind": "text", "text": self.text}
        options = {"dtype": self.dtype}
        return {"network": network, "edits": self.edits, "input": given, "options": options}

    def take(self, said: Any) -> None:
        if not isinstance(said, bytes):
            assert said.type != "error", said.message
            return
        frame = read_frame(said)
        if frame.meta["type"] == "weights":
            self.weights |= frame.arrays
        elif frame.run == self.run:
            start, stop = int(frame.meta["start"]), int(frame.meta["stop"])
            assert start <= self.have
            for name, rows in frame.arrays.items():
                self.rows[name] = np.concatenate([self.rows.get(name, rows)[:start], rows])
            self.have = stop

    def fresh(self) -> tuple[Any, GRUParams]:
        """Apply the edits one by one, plainly, and run."""
        own = GRUParams.random(len(ALPHABET), H, seed=3, dtype=self.dtype)
        params = own
        for edit in self.edits:
            array = getattr(params, edit["array"]).copy()
            if edit["op"] == "set":
                array[edit["row"]] = edit["value"]
            elif edit["op"] == "random":
                array = GRUParams.random_array(edit["array"], len(ALPHABET), H, seed=edit["seed"])
            elif edit["op"] == "restore":
                array = getattr(own, edit["array"])
            else:
                array = array * {"zero": 0, "scale": edit.get("factor")}[edit["op"]]
            params = params.replace(**{edit["array"]: array})
        return GRU(params).run(one_hot(self.text, ALPHABET, dtype=self.dtype)), params


@st.composite
def edit(draw) -> dict[str, Any]:
    op = draw(st.sampled_from(["set", "zero", "random", "scale", "restore"]))
    if op == "set":
        name = draw(st.sampled_from([n for n in NAMES if n[0] == "b"]))
        row, value = draw(st.integers(0, H - 1)), draw(st.floats(-3, 3, width=32))
        return {"op": op, "array": name, "row": row, "value": value}
    extra = {"random": {"seed": draw(st.integers(0, 9))}, "scale": {"factor": 0.5}}.get(op, {})
    return {"op": op, "array": draw(st.sampled_from(NAMES)), **extra}


def splice(draw, length: int) -> tuple[int, int]:
    start = draw(st.integers(0, length))
    return start, draw(st.integers(0, min(20, length - start)))


def random_change(draw, model: Model) -> dict[str, Any]:
    kind = draw(st.sampled_from(["input", "input", "edits", "edits", "document"]))
    if kind == "document":
        model.dtype, model.have = draw(st.sampled_from(["float64", "float32"])), 0
        return {"kind": kind, "document": model.document()}
    if kind == "input":
        start, remove = splice(draw, len(model.text) - 1)
        insert = draw(st.text(ALPHABET, max_size=30))
        model.text = model.text[:start] + insert + model.text[start + remove :]
        model.have = min(model.have, start)
    else:
        start, remove = splice(draw, len(model.edits))
        insert = draw(st.lists(edit(), max_size=2))
        model.have = 0 if insert or remove else model.have
        model.edits = [*model.edits[:start], *insert, *model.edits[start + remove :]]
    return {"kind": kind, "start": start, "remove": remove, "insert": insert}


@given(st.data())
@settings(max_examples=150)
def test_whatever_is_edited_and_abandoned_the_page_ends_with_a_fresh_run(data):
    model, page = Model(), session(first_span=4, largest_span=32)
    for said in page.receive(opening(model.document(), arrays=["z", "r", "n", "h", "u"])):
        model.take(said)
    work = page.work()
    for _ in range(data.draw(st.integers(1, 8), "edits")):
        for _ in range(data.draw(st.integers(0, 6), "pieces before the next edit")):
            if (said := next(work, None)) is not None:
                model.take(said)
        change = random_change(data.draw, model)
        model.run += 1
        for said in page.receive(editing(model.run, change, keep=model.have)):
            model.take(said)
        work.close()
        work = page.work()
    for said in work:
        model.take(said)
    trace, params = model.fresh()
    assert model.have == len(model.text)
    for name, rows in model.rows.items():
        np.testing.assert_array_equal(rows[: model.have], getattr(trace, name).astype("f4"))
    for name, array in model.weights.items():
        np.testing.assert_array_equal(array, getattr(params, name).astype("f4"))


def test_the_model_s_document_is_valid():
    TypeAdapter(Document).validate_python(Model().document())
