"""Any edits in any layer, any views and interruptions end with a fresh run of the whole network."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gru_core import Clamp, Network, Readout
from gru_core.network.layer import Layer
from gruscope.documents.forms import SHOWN
from gruscope.documents.holds import nothing
from gruscope.documents.layers import params_at, places, with_params
from gruscope.wire.frames import thinned
from tests.app.documents.mixed import MIXED, each_trace, whole
from tests.app.documents.test_library import library
from tests.app.support import read_frame
from tests.app.talk import editing, opening, session

V = 6
ENDS = whole("gru", 1)
NETWORKS = [
    ENDS,
    whole("lstm", 2, "sigmoid"),
    Network(MIXED.layers, ENDS.embedding, None),
    Network(
        (*whole("rnn").layers, Layer(None, params_at(ENDS, (1, "forward")))),
        ENDS.embedding,
        ENDS.readout,
    ),
]
LIBRARIES = [library(network) for network in NETWORKS]
EDITS = ["scale", "zero", "clamp", "clamp", "start", "ablate"]


class Model:
    """A page that claims to keep every step that it has: the server must know better."""

    def __init__(self, k: int) -> None:
        self.network, self.library = NETWORKS[k], LIBRARIES[k]
        self.tokens = [t % V for t in range(45)]
        self.edits: list[dict[str, Any]] = []
        self.view = places(self.network)[0]
        self.run, self.have, self.answered = 1, 0, 0
        self.rows: dict[str, Any] = {}
        self.first: dict[str, Any] = {}
        self.weights: dict[str, Any] = {}
        self.answer: Any = None
        self.map: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        return {
            "network": {"kind": "file"},
            "input": {"kind": "tokens", "tokens": self.tokens},
            "edits": self.edits,
            "view": {"layer": self.view[0], "direction": self.view[1]},
        }

    def look(self, view: Any) -> None:
        self.view, self.have, self.rows, self.first = view, 0, {}, {}

    def take(self, said: Any) -> None:
        if not isinstance(said, bytes):
            assert said.type != "error", said.message
            if said.type == "opened":
                assert (said.run, (said.view.layer, said.view.direction)) == (self.run, self.view)
            return
        if said == b"":
            return
        frame = read_frame(said)
        kind = frame.meta["type"]
        if kind in ("weights", "steps"):
            assert (int(frame.meta["layer"]), frame.meta["direction"]) == self.view
        if kind == "weights":
            kept = {} if frame.meta["of"] == "network" else self.weights
            self.weights = kept | frame.arrays
        elif kind == "steps":
            self.take_steps(frame)
        elif kind == "output":
            start, stop = int(frame.meta["start"]), int(frame.meta["stop"])
            assert start in (0, self.answered)
            rows = frame.arrays["answer"]
            self.answer = rows if start == 0 else np.concatenate([self.answer, rows])
            self.answered = stop
        else:
            assert (kind, frame.run) == ("map", self.run)
            self.map = frame.arrays

    def take_steps(self, frame: Any) -> None:
        start, stop = int(frame.meta["start"]), int(frame.meta["stop"])
        assert frame.run == self.run and start <= self.have
        params = params_at(self.network, self.view)
        first = {f"{name}_0" for name in params.STATES} if start == 0 else set()
        assert set(frame.arrays) == {*SHOWN[params.kind].sent, *first}
        self.first = {name: frame.arrays.pop(name) for name in first} or self.first
        for name, rows in frame.arrays.items():
            self.rows[name] = np.concatenate([self.rows.get(name, rows)[:start], rows])
        self.have = stop

    def fresh(self) -> tuple[Any, Network]:
        """Apply the edits one by one, plainly, and run."""
        edited = self.network
        begin = {k: {n: v.copy() for n, v in s.items()} for k, s in nothing(edited).starts.items()}
        clamps: list[Clamp] = []
        for edit in self.edits:
            if edit.get("off"):
                continue
            if "part" in edit:
                edited = with_end(edited, edit)
                continue
            place, op = (edit["layer"], edit["direction"]), edit["op"]
            if op in ("scale", "zero"):
                params = params_at(edited, place)
                array = params.arrays()[edit["array"]] * edit.get("factor", 0.0)
                edited = with_params(edited, {place: params.replace(**{edit["array"]: array})})
            elif op == "start":
                begin[place]["h"][edit["unit"]] = edit["value"]
            elif op == "ablate":
                begin[place]["h"][edit["unit"]] = 0
                clamps.append(Clamp("h", edit["unit"], 0.0, None, *place))
            elif edit["t"] is None or edit["t"] < len(self.tokens):
                clamps.append(Clamp("h", edit["unit"], edit["value"], edit["t"], *place))
        h0 = [states["h"] for states in begin.values()]
        c0: Any = [states.get("c") for states in begin.values()]
        c0 = c0 if any(c is not None for c in c0) else None
        return edited.run(np.array(self.tokens), h0, c0, clamps=clamps), edited


def with_end(network: Network, edit: dict[str, Any]) -> Network:
    """Build a network with another embedding or readout, plainly."""
    table, readout, name = network.embedding, network.readout, edit["array"]
    arrays = {"E": table, "W_y": readout and readout.W, "b_y": readout and readout.b}
    changed: Any = arrays[name]
    if edit["op"] == "set":
        changed = changed.copy()
        changed[(edit["row"], edit["column"]) if "column" in edit else edit["row"]] = edit["value"]
    else:
        changed = changed * edit.get("factor", 0.0)
    arrays[name] = changed
    after = readout and Readout(arrays["W_y"], arrays["b_y"], readout.head)
    return Network(network.layers, arrays["E"], after)


@st.composite
def end_edit(draw, network: Network) -> dict[str, Any]:
    """An edit of the embedding or the readout."""
    own = {"embedding": {"E": network.embedding}}
    if network.readout is not None:
        own["readout"] = {"W_y": network.readout.W, "b_y": network.readout.b}
    part = draw(st.sampled_from(sorted(own)))
    array = draw(st.sampled_from(sorted(own[part])))
    op = draw(st.sampled_from(["set", "set", "scale", "zero"]))
    found = {"op": op, "part": part, "array": array} | ({"factor": 0.5} if op == "scale" else {})
    found |= {"off": True} if draw(st.integers(0, 4)) == 0 else {}
    if op == "set":
        row, *column = (draw(st.integers(0, n - 1)) for n in own[part][array].shape)
        found |= {"row": row, "value": 0.5} | ({"column": column[0]} if column else {})
    return found


@st.composite
def edit(draw, network: Network) -> dict[str, Any]:
    if draw(st.integers(0, 2)) == 0:
        return draw(end_edit(network))
    place = draw(st.sampled_from(places(network)))
    params = params_at(network, place)
    op = draw(st.sampled_from(EDITS))
    found: dict[str, Any] = {"op": op, "layer": place[0], "direction": place[1]}
    found |= {"off": True} if draw(st.integers(0, 4)) == 0 else {}
    if op in ("scale", "zero"):
        found["array"] = draw(st.sampled_from(sorted(params.arrays())))
        return found | ({"factor": 0.5} if op == "scale" else {})
    found["unit"] = draw(st.integers(0, params.hidden_size - 1))
    if op == "ablate":
        return found
    found |= {"quantity": "h", "value": draw(st.sampled_from([0.0, 0.25, -0.5]))}
    step = st.one_of(st.none(), st.integers(0, 60))
    return found | ({"t": draw(step)} if op == "clamp" else {})


def splice(draw, length: int) -> tuple[int, int]:
    start = draw(st.integers(0, length))
    return start, draw(st.integers(0, min(20, length - start)))


def random_change(draw, model: Model) -> dict[str, Any]:
    kind = draw(st.sampled_from(["input", "edits", "edits", "view", "document"]))
    if kind in ("view", "document"):
        model.look(draw(st.sampled_from(places(model.network))))
        if kind == "document":
            return {"kind": kind, "document": model.document()}
        return {"kind": kind, "layer": model.view[0], "direction": model.view[1]}
    insert: list[Any]
    if kind == "input":
        start, remove = splice(draw, len(model.tokens) - 1)
        insert = draw(st.lists(st.integers(0, V - 1), max_size=20))
        model.tokens = [*model.tokens[:start], *insert, *model.tokens[start + remove :]]
        model.have = min(model.have, start)
    else:
        start, remove = splice(draw, len(model.edits))
        insert = draw(st.lists(edit(model.network), max_size=2))
        model.edits = [*model.edits[:start], *insert, *model.edits[start + remove :]]
    return {"kind": kind, "start": start, "remove": remove, "insert": insert}


@given(st.data())
@settings(max_examples=150)
def test_whatever_is_edited_and_seen_the_page_ends_with_a_fresh_run_of_the_network(data):
    model = Model(data.draw(st.integers(0, len(NETWORKS) - 1), "network"))
    page = session(model.library, first_span=4, largest_span=32)
    for said in page.receive(opening(model.document())):
        model.take(said)
    work = page.work()
    for _ in range(data.draw(st.integers(1, 8), "changes")):
        for _ in range(data.draw(st.integers(0, 12), "pieces before the next change")):
            if (said := next(work, None)) is not None:
                model.take(said)
        change = random_change(data.draw, model)
        model.run += 1
        model.map = None
        for said in page.receive(editing(model.run, change, keep=model.have)):
            model.take(said)
        work.close()
        work = page.work()
    for said in work:
        model.take(said)
    trace, edited = model.fresh()
    seen, params = each_trace(trace)[model.view], params_at(edited, model.view)
    assert model.have == len(model.tokens)
    for name, rows in model.rows.items():
        np.testing.assert_array_equal(rows[: model.have], seen.values[name].astype("f4"))
    for name, state in model.first.items():
        np.testing.assert_array_equal(state, getattr(seen, name).astype("f4"))
    assert set(model.weights) == set(params.arrays())
    for name, array in model.weights.items():
        np.testing.assert_array_equal(array, params.arrays()[name].astype("f4"))
    if edited.readout is not None:
        np.testing.assert_array_equal(model.answer, trace.answer.astype("f4"))
    assert model.map is not None
    assert model.map.keys() == {f"{k}.{name}" for k, name in places(edited)}
    for (k, name), one in each_trace(trace).items():
        np.testing.assert_array_equal(model.map[f"{k}.{name}"], thinned(one.h).astype("f4"))
