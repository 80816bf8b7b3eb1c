"""The network of a model file: the document that opens it, and its numbers in every view."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, Activation, LSTMParams, Network, Params, RNNParams, load
from gru_core.network.layer import Layer
from gruscope.documents.document import build
from gruscope.documents.forms import value_names
from gruscope.documents.library import Entry, Library
from gruscope.documents.weights import build_network
from gruscope.settings import Settings
from gruscope.web.pages import config
from gruscope.wire.schema import Document, Form, NumbersInput, TokensInput
from tests.app.documents.mixed import MIXED, each_params, each_trace, whole
from tests.app.documents.test_weights import assert_same
from tests.app.model_files import FITTING, name_of
from tests.app.session.test_session import frames, joined, opening, say, session
from tests.app.support import client

SETTINGS = Settings()


def library(network: Network, **limits: Any) -> Library:
    return Library.of(network, "model.npz", Settings(**limits))


def deep(kind: str = "gru", dtype: str = "float64", **form: Any) -> Network:
    return Network.random(kind, 3, 4, seed=1, layers=2, directions=2, gain=2.0, dtype=dtype, **form)


def only(one: Library) -> Entry:
    (entry,) = one.entries
    return entry


def x_of(entry: Entry) -> Any:
    """Return the input of an entry's document: tokens, or rows of numbers."""
    given = entry.document.input
    if isinstance(given, TokensInput):
        return np.array(given.tokens)
    assert isinstance(given, NumbersInput)
    return np.array(given.values)


def viewing(document: dict[str, Any], place: tuple[int, str]) -> dict[str, Any]:
    return document | {"view": {"layer": place[0], "direction": place[1]}}


@pytest.mark.parametrize("path", FITTING, ids=lambda path: path.name)
def test_every_layer_of_a_file_and_its_answer_are_the_core_s_bit_for_bit(path: Path):
    network = load(path, name_of(path))
    one = Library.of(network, path.name, SETTINGS)
    assert only(one).title == path.name and path.name in only(one).story
    document, http = only(one).document.model_dump(), client(library=one)
    trace = network.run(x_of(only(one)))
    assert (trace.tokens is None) == (network.embedding is None)
    page = session(one)
    for run, (place, expected) in enumerate(each_trace(trace).items()):
        names = list(value_names(network.layers[place[0]].first.kind))
        said = say(page, opening(viewing(document, place), run=run, arrays=names))
        assert said[-1].type == "done" and said[0].view.model_dump() == {
            "layer": place[0],
            "direction": place[1],
        }
        answer = http.post(
            "/api/trace",
            params={"arrays": ",".join(names)},
            json=viewing(document, place),
        ).json()
        assert (answer["dtype"], answer["layer"], answer["direction"]) == (network.dtype, *place)
        for name in names:
            rows = expected.values[name]
            assert rows.dtype == network.dtype
            np.testing.assert_array_equal(answer["arrays"][name], rows)
            np.testing.assert_array_equal(joined(said, name), rows.astype("f4"))
        assert ("answer" in answer["arrays"]) == (network.readout is not None)
        assert bool(frames(said, "output")) == (network.readout is not None)
        if network.readout is not None:
            np.testing.assert_array_equal(answer["arrays"]["answer"], trace.answer)
            sent = np.concatenate([frame.arrays["answer"] for frame in frames(said, "output")])
            np.testing.assert_array_equal(sent, trace.answer.astype("f4"))


@pytest.mark.parametrize("path", FITTING, ids=lambda path: path.name)
def test_every_layer_opens_with_the_file_s_weights_in_the_file_s_form(path: Path):
    network = load(path, name_of(path))
    one = Library.of(network, path.name, SETTINGS)
    dumped = only(one).document.model_dump()
    for place, params in each_params(network).items():
        state = build(Document.model_validate(viewing(dumped, place)), SETTINGS, one)
        assert_same(state.own, params)
        assert_same(state.params, params)
        said = say(session(one), opening(viewing(dumped, place)))
        weights = frames(said, "weights")[0]
        assert (weights.meta["layer"], weights.meta["direction"]) == (str(place[0]), place[1])
        assert weights.arrays.keys() == params.arrays().keys()
        for name, array in params.arrays().items():
            np.testing.assert_array_equal(weights.arrays[name], array.astype("f4"))


def test_a_file_is_one_entry_with_the_file_s_name():
    for network in (Network.random("rnn", 2, 2, seed=0), deep(), MIXED, whole()):
        entry = only(library(network))
        assert (entry.name, entry.title) == (f"file {entry.digest}", "model.npz")
        layer, direction = entry.document.view.layer, entry.document.view.direction
        assert (layer, direction) == (0, network.layers[0].reads[0])


NOISE = "The input is 48 steps of seeded noise."
STORIES = {
    "single": (
        Network.random("rnn", 1, 1, seed=0),
        f"Simple RNN from model.npz: 1 layer, 1 input, 1 hidden unit, float64. {NOISE}",
    ),
    "both": (
        deep("lstm", "float32"),
        "LSTM from model.npz: 2 layers in both directions, 3 inputs, 4 hidden units, float32. "
        f"{NOISE}",
    ),
    "reverse": (
        Network((Layer(None, RNNParams.random(2, 3, seed=0)),)),
        "Simple RNN from model.npz: 1 layer in reverse, 2 inputs, 3 hidden units, float64. "
        f"{NOISE}",
    ),
    "mixed": (
        MIXED,
        "LSTM and GRU and Simple RNN from model.npz: 3 layers in various directions, 3 inputs, "
        f"4 and 2 and 3 hidden units, float64. {NOISE}",
    ),
    "whole": (
        whole(),
        "GRU from model.npz: 2 layers, 3 inputs, an embedding of 6 tokens, 4 hidden units, "
        "a readout to 5 outputs with softmax, float64. "
        "The input is 48 tokens, 0, 1, 2 … (0 again after 5).",
    ),
}


@pytest.mark.parametrize(("network", "story"), STORIES.values(), ids=STORIES)
def test_stories_say_cells_sizes_ends_and_input(network, story):
    assert only(library(network)).story == story


@pytest.mark.parametrize(
    ("symbols", "told"),
    [
        (7, "48 tokens, 0, 1, 2 … (0 again after 6)"),
        (48, "48 tokens, 0, 1, 2 …"),
        (99, "48 tokens, 0, 1, 2 …"),
    ],
)
def test_an_embedding_is_read_token_by_token(symbols, told):
    table = np.random.default_rng(0).normal(size=(symbols, 3))
    one = library(Network(deep().layers, table))
    assert x_of(only(one)).tolist() == [t % symbols for t in range(48)]
    assert only(one).story.endswith(f"The input is {told}.")
    answer = client(library=one).post("/api/trace", json=only(one).document.model_dump()).json()
    expected = deep().run(table[np.arange(48) % symbols]).layers[0]
    np.testing.assert_array_equal(answer["arrays"]["h"], expected.h)


def test_it_looks_at_the_largest_step_of_the_state():
    for network in (deep(), MIXED, whole()):
        entry = only(library(network))
        view = (entry.document.view.layer, entry.document.view.direction)
        h = each_trace(network.run(x_of(entry)))[view].h
        change = np.abs(np.diff(h, axis=0, prepend=0))
        assert entry.look.value == "h"
        assert change[entry.look.t, entry.look.unit] == change.max()


def test_what_outgrows_all_bounds_looks_at_the_beginning_and_ends_in_overflow():
    relu = (Activation.of("relu"),)
    one = library(Network.random("rnn", 3, 4, seed=0, gain=1e30, activations=relu))
    assert one.entries[0].look == ("h", 0, 0)
    said = say(session(one), opening(one.entries[0].document.model_dump()))
    assert said[-1].code == "overflow"


def file_document(library: Library, form: Any = None, **network: Any) -> Document:
    given = library.entries[0].document.model_dump()
    given["network"] = {"kind": "file", **network}
    given["options"]["form"] = form
    return Document.model_validate(given)


def opened(library: Library, form: Any = None, **network: Any) -> Network:
    document = file_document(library, form, **network)
    return build_network(document.network, document.options, SETTINGS, library)[1]


def built(library: Library, form: Any = None, **network: Any) -> Params:
    return opened(library, form, **network).layers[0].first


def test_another_form_keeps_the_file_s_weights_in_every_layer():
    network = whole(directions=2)
    found = opened(library(network), {"reset_after": False, "clip": 0.5})
    for place, params in each_params(network).items():
        assert_same(each_params(found)[place], params.with_form(reset_after=False, clip=0.5))
    assert found.readout is network.readout and found.embedding is network.embedding
    for layer, own in zip(found.layers, network.layers, strict=True):
        np.testing.assert_array_equal(layer.h0, own.h0)


def test_layers_of_different_kinds_have_no_common_form():
    document = file_document(library(MIXED), {"clip": 0.5})
    (error,) = say(session(library(MIXED)), opening(document.model_dump()))
    assert (error.code, error.field) == ("range", "document.options.form")
    assert "gru, lstm, rnn" in error.message
    assert opened(library(MIXED)) is not None


def test_the_document_has_the_form_that_all_layers_share():
    own = (Activation.of("hard_sigmoid", 0.3), Activation.of("tanh"))
    for form, network in (
        (None, deep()),
        (None, whole(directions=2)),
        ({"reset_after": False}, deep(reset_after=False)),
        ({"activations": ["hard_sigmoid", "tanh"], "clip": 0.5}, deep(activations=own, clip=0.5)),
        (None, MIXED),
        (None, Network((deep().layers[0], deep(z_keeps=False).layers[1]))),
        (None, Network((deep(activations=own).layers[0], deep().layers[1]))),
    ):
        document = only(library(network)).document
        assert document.options.form == (None if form is None else Form.model_validate(form))
        _, found = build_network(document.network, document.options, SETTINGS, library(network))
        for place, params in each_params(network).items():
            assert_same(each_params(found)[place], params)


def test_layers_of_one_kind_in_different_forms_keep_them_without_a_form():
    after, before = deep().layers[0], deep(reset_after=False).layers[1]
    network = Network((after, before))
    found = opened(library(network))
    for place, params in each_params(network).items():
        assert_same(each_params(found)[place], params)
    same = opened(library(network), {})
    assert all(params.reset_after for params in each_params(same).values())


def test_activations_of_the_file_keep_its_constants():
    own = (Activation.of("hard_sigmoid", 1 / 6, 0.5), Activation.of("softsign"))
    one = library(deep(activations=own))
    assert built(one).activations == own
    assert built(one, {"activations": None}).activations == CELLS["gru"].params.ACTIVATIONS
    other = built(one, {"activations": ["softsign", "hard_sigmoid"]}).activations
    assert other == tuple(map(Activation.of, ("softsign", "hard_sigmoid")))


def test_peepholes_of_the_file_are_used_if_it_has_them():
    plain = LSTMParams.random(3, 4, seed=0)
    p = np.arange(12.0)
    seeing = LSTMParams(plain.W, plain.U, plain.b, p)
    one = library(Network((Layer(seeing),)))
    assert only(one).document.options.form == Form(peepholes=True)
    assert_same(built(one), seeing)
    assert_same(built(one, {"peepholes": True}), seeing)
    assert_same(built(one, {"peepholes": False}), plain)
    both = library(Network((Layer(plain, plain),)))
    drawn = list(opened(both, {"peepholes": True}).layers[0].params())
    again = list(opened(both, {"peepholes": True}).layers[0].params())
    for k, params in enumerate(drawn):
        assert params.arrays().keys() == seeing.arrays().keys()
        rng = np.random.default_rng(k)
        p = [LSTMParams.random_array(name, 3, 4, seed=rng) for name in ("p_i", "p_f", "p_o")]
        np.testing.assert_array_equal(params.p, np.concatenate(p))
        np.testing.assert_array_equal(params.p, again[k].p)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_document_has_the_file_s_dtype_unless_asked_for_another(dtype):
    one = library(deep(dtype=dtype))
    assert one.entries[0].document.options.dtype == dtype
    other = {"float32": "float64", "float64": "float32"}[dtype]
    document = one.entries[0].document.model_dump()
    document["options"]["dtype"] = other
    made = Document.model_validate(document)
    network = build_network(made.network, made.options, SETTINGS, one)[1]
    assert network.dtype == other
    for place, params in each_params(deep(dtype=dtype)).items():
        assert_same(each_params(network)[place], params.astype(other))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_documents_share_the_embedding_and_the_readout_in_either_dtype(dtype):
    one = library(whole())
    document = only(one).document.model_dump()
    document["options"]["dtype"] = dtype
    made = Document.model_validate(document)
    first, second = (build(made, SETTINGS, one).network for _ in range(2))
    assert first.dtype == dtype
    assert first.embedding is second.embedding and first.readout is second.readout


@pytest.mark.parametrize(
    ("network", "form"),
    [(deep(reset_after=False), {"reset_after": False}), (MIXED, {}), (whole(), {})],
)
def test_the_page_opens_with_the_file_before_the_examples(network, form):
    one = library(network)
    found = config(SETTINGS, one)
    mine, *usual = found["examples"]
    assert usual == config(SETTINGS)["examples"]
    assert found["default"] == mine["name"] == f"file {one.digest}"
    assert len({example["name"] for example in found["examples"]}) == len(found["examples"])
    assert Document.model_validate(mine["document"]) == only(one).document
    assert mine["document"]["options"] == {"dtype": "float64"} | ({"form": form} if form else {})
    assert mine["alphabet"] is None
    H = network.layers[0].first.hidden_size
    assert (mine["input_size"], mine["hidden_size"]) == (3, H)
    said = say(session(one), opening(only(one).document.model_dump()))
    assert mine["network"] == said[0].network.model_dump()


def test_weights_that_are_edited_are_sent_beside_the_file_s_own():
    one = library(deep("lstm"))
    edits = [{"op": "set", "array": "W_f", "row": 1, "column": 2, "value": 0.5}]
    document = one.entries[0].document.model_dump() | {"edits": edits}
    own, edited = frames(say(session(one), opening(document)), "weights")
    forward = deep("lstm").layers[0].forward
    np.testing.assert_array_equal(own.arrays["W_f"], forward.W_f.astype("f4"))
    assert edited.arrays["W_f"][1, 2] == 0.5
