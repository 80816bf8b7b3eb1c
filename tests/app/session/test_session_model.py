"""Any edits, any interruptions: what a page ends up with is a fresh run of the final document."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from gru_core import CELLS, Activation, Clamp, LSTMParams, Params, cell
from gru_core.run.text import one_hot
from gruscope.documents.forms import SHOWN
from gruscope.wire.schema import Document
from tests.app.support import read_frame
from tests.app.talk import editing, opening, session

ALPHABET = "abc"
ASKED = ["z", "n", "u"]
FORMS: dict[str, list[dict[str, Any]]] = {
    "gru": [{}, {"reset_after": False}, {"z_keeps": False}, {"activations": ["sigmoid", "relu"]}],
    "lstm": [{}, {"peepholes": True}, {"input_forget": True, "clip": 0.25}],
    "rnn": [{}, {"activations": ["softsign"]}, {"clip": 0.25}],
}
CHOICES = [(kind, form) for kind, forms in FORMS.items() for form in forms]
OPS = ("set", "zero", "fill", "random", "scale", "restore", "clamp", "clamp", "start", "ablate")
H = 4


class Model:
    """A page: its document, and the rows it has of the newest run."""

    def __init__(self) -> None:
        self.text, self.edits, self.dtype = "abcab" * 9, [], "float64"
        self.cell, self.form = "gru", {}
        self.names: tuple[str, ...] = tuple(ASKED)
        self.run, self.have = 1, 0
        self.rows: dict[str, Any] = {}
        self.first: dict[str, Any] = {}
        self.weights: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        network = {"kind": "random", "hidden_size": H, "seed": 3, "alphabet": ALPHABET}
        given = {"kind": "text", "text": self.text}
        options = {"dtype": self.dtype, "form": self.form}
        network["cell"] = self.cell
        return {"network": network, "edits": self.edits, "input": given, "options": options}

    def arrays(self) -> list[str]:
        return list(self.own().arrays())

    def choose(self, cell: str, form: dict[str, Any], dtype: str) -> None:
        """Take another cell or form; edits of the same arrays stay."""
        if cell != self.cell:
            self.names = SHOWN[cell].sent
        self.cell, self.form, self.dtype = cell, form, dtype
        values = [equation.value for equation in self.own().equations()]
        self.edits = [
            edit
            for edit in self.edits
            if edit.get("array", self.arrays()[0]) in self.arrays()
            and edit.get("quantity", "h") in values
        ]
        self.have, self.rows, self.first = 0, {}, {}

    def take(self, said: Any) -> None:
        if not isinstance(said, bytes):
            assert said.type != "error", said.message
            assert said.type != "opened" or (said.run, said.cell) == (self.run, self.cell)
            return
        frame = read_frame(said)
        if frame.meta["type"] == "weights":
            kept = {} if frame.meta["of"] == "network" else self.weights
            self.weights = kept | frame.arrays
        elif frame.run == self.run:
            start, stop = int(frame.meta["start"]), int(frame.meta["stop"])
            assert start <= self.have
            states = CELLS[self.cell].params.STATES if start == 0 else ()
            first = {f"{name}_0" for name in states}
            assert set(frame.arrays) == {*self.names, *first}
            self.first = {name: frame.arrays.pop(name) for name in first} or self.first
            for name, rows in frame.arrays.items():
                self.rows[name] = np.concatenate([self.rows.get(name, rows)[:start], rows])
            self.have = stop

    def own(self) -> Params:
        """Draw the network, plainly."""
        form = dict(self.form)
        peepholes = form.pop("peepholes", False)
        if "activations" in form:
            form["activations"] = tuple(map(Activation.of, form["activations"]))
        params = CELLS[self.cell].params.random(len(ALPHABET), H, seed=3, dtype=self.dtype)
        if peepholes:
            rng = np.random.default_rng(3)
            p = [LSTMParams.random_array(f"p_{gate}", 3, H, seed=rng) for gate in "ifo"]
            params = LSTMParams(params.W, params.U, params.b, np.concatenate(p))
        return params.with_form(**form)

    def fresh(self) -> tuple[Any, Params]:
        """Apply the edits one by one, plainly, and run."""
        own = params = self.own()
        clamps: list[Clamp] = []
        starts = {name: np.zeros(H, self.dtype) for name in own.STATES}
        for edit in self.edits:
            if edit.get("off"):
                continue
            if "array" not in edit:
                hold(edit, len(self.text), clamps, starts)
                continue
            array = getattr(params, edit["array"]).copy()
            if edit["op"] == "set":
                array[edit["row"]] = edit["value"]
            elif edit["op"] == "fill":
                array[...] = edit["value"]
            elif edit["op"] == "random":
                array = params.random_array(edit["array"], len(ALPHABET), H, seed=edit["seed"])
            elif edit["op"] == "restore":
                array = getattr(own, edit["array"])
            else:
                array = array * {"zero": 0, "scale": edit.get("factor")}[edit["op"]]
            params = params.replace(**{edit["array"]: array})
        x = one_hot(self.text, ALPHABET, dtype=self.dtype)
        return cell(params).run(x, *starts.values(), clamps=clamps), params


def hold(edit: dict[str, Any], T: int, clamps: list[Clamp], starts: dict[str, Any]) -> None:
    if edit["op"] == "start":
        starts[edit["quantity"]][edit["unit"]] = edit["value"]
    elif edit["op"] == "ablate":
        starts["h"][edit["unit"]] = 0
        clamps.append(Clamp("h", edit["unit"], 0.0))
    elif edit["t"] is None or edit["t"] < T:
        clamps.append(Clamp(edit["quantity"], edit["unit"], edit["value"], edit["t"]))


@st.composite
def edit(draw, names: list[str], values: list[str]) -> dict[str, Any]:
    op = draw(st.sampled_from(OPS))
    off = {"off": True} if draw(st.booleans()) else {}
    if op in ("clamp", "start", "ablate"):
        found = {"op": op, "unit": draw(st.integers(0, H - 1))} | off
        if op == "ablate":
            return found
        found["quantity"] = draw(st.sampled_from(values if op == "clamp" else ["h"]))
        found["value"] = draw(st.sampled_from([0.0, 0.25, 0.5]))
        step = st.one_of(st.none(), st.integers(0, 60))
        return found | ({"t": draw(step)} if op == "clamp" else {})
    if op == "set":
        name = draw(st.sampled_from([n for n in names if n[0] in "bp"]))
        row, value = draw(st.integers(0, H - 1)), draw(st.floats(-3, 3, width=32))
        return {"op": op, "array": name, "row": row, "value": value} | off
    extra = {
        "fill": {"value": -0.75},
        "random": {"seed": draw(st.integers(0, 9))},
        "scale": {"factor": 0.5},
    }.get(op, {})
    return {"op": op, "array": draw(st.sampled_from(names)), **extra, **off}


def first_step(edit: dict[str, Any]) -> int:
    """Return the first step that an edit could concern."""
    return edit["t"] or 0 if edit["op"] == "clamp" else 0


def splice(draw, length: int) -> tuple[int, int]:
    start = draw(st.integers(0, length))
    return start, draw(st.integers(0, min(20, length - start)))


def random_change(draw, model: Model) -> dict[str, Any]:
    kind = draw(st.sampled_from(["input", "input", "edits", "edits", "document"]))
    if kind == "document":
        model.choose(*draw(st.sampled_from(CHOICES)), draw(st.sampled_from(["float64", "float32"])))
        return {"kind": kind, "document": model.document()}
    if kind == "input":
        start, remove = splice(draw, len(model.text) - 1)
        insert = draw(st.text(ALPHABET, max_size=30))
        model.text = model.text[:start] + insert + model.text[start + remove :]
        model.have = min(model.have, start)
    else:
        start, remove = splice(draw, len(model.edits))
        values = [equation.value for equation in model.own().equations()]
        insert = draw(st.lists(edit(model.arrays(), values), max_size=2))
        concerned = [*model.edits[start : start + remove], *insert]
        model.have = min([model.have, *map(first_step, concerned)])
        model.edits = [*model.edits[:start], *insert, *model.edits[start + remove :]]
    return {"kind": kind, "start": start, "remove": remove, "insert": insert}


@given(st.data())
@settings(max_examples=150)
def test_whatever_is_edited_and_abandoned_the_page_ends_with_a_fresh_run(data):
    model, page = Model(), session(first_span=4, largest_span=32)
    for said in page.receive(opening(model.document(), arrays=ASKED)):
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
    assert set(model.rows) == set(model.names)
    assert set(model.weights) == set(params.arrays())
    for name, rows in model.rows.items():
        np.testing.assert_array_equal(rows[: model.have], getattr(trace, name).astype("f4"))
    for name, state in model.first.items():
        np.testing.assert_array_equal(state, getattr(trace, name).astype("f4"))
    assert set(model.first) == {f"{name}_0" for name in params.STATES}
    for name, array in model.weights.items():
        np.testing.assert_array_equal(array, getattr(params, name).astype("f4"))


def test_the_model_s_document_is_valid():
    TypeAdapter(Document).validate_python(Model().document())
