"""The network of a model file: the document that opens it, and its numbers in every view."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, Activation, LSTMParams, Network, Params, Readout, RNNParams, load
from gru_core.files import FormatError
from gru_core.network.layer import Layer
from gruscope.documents.document import build
from gruscope.documents.forms import form_of, value_names
from gruscope.documents.library import EMPTY, Entry, Library
from gruscope.documents.weights import build_network, switches
from gruscope.session.protocol import CLIENT
from gruscope.settings import Settings
from gruscope.web.pages import config
from gruscope.wire.schema import Document, FileNetwork, NumbersInput, TokensInput
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
    document = only(one).document
    assert document.options.form is None
    alphabet, opened = build_network(document.network, document.options, SETTINGS, one)
    assert alphabet is None and opened is network
    dumped = document.model_dump()
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
        assert (entry.name, entry.title) == ("file", "model.npz")
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
    assert form_of(seeing).peepholes and one.entries[0].document.options.form is None
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


NOWHERE = [
    ({"layer": 2}, "view.layer", "less than 2, the number of layers, got 2"),
    ({"layer": 1, "direction": "reverse"}, "view.direction", "be forward, as layer 1 reads"),
]
REFUSED = [
    ({"cell": "lstm"}, "network.cell", "be gru, as in model.npz, got lstm"),
    ({"digest": "0" * 16}, "network.digest", "model.npz"),
]


@pytest.mark.parametrize(
    ("part", "given", "field", "words"),
    [("view", *rest) for rest in NOWHERE] + [("network", *rest) for rest in REFUSED],
)
def test_a_place_or_a_file_that_is_not_there_is_refused(part, given, field, words):
    one = library(Network.random("gru", 3, 4, seed=0, layers=2))
    kind = {"kind": "file"} if part == "network" else {}
    document = file_document(one).model_dump() | {part: kind | given}
    page = session(one)
    said = say(page, opening(document))[-1]
    assert (said.type, said.code, said.field) == ("error", "range", f"document.{field}")
    assert said.message.startswith(said.field) and words in said.message
    edit = {"type": "edit", "run": 2, "change": {"kind": "document", "document": document}}
    say(page, opening(file_document(one).model_dump()))
    assert say(page, CLIENT.validate_python(edit))[-1].field == f"change.document.{field}"
    answer = client(library=one).post("/api/trace", json=document)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_without_a_file_there_is_none_to_open():
    document = file_document(library(deep())).model_dump()
    said = say(session(), opening(document))[-1]
    assert (said.code, said.field) == ("range", "document.network.kind")
    assert "without a model file" in said.message
    assert client().post("/api/trace", json=document).json()["field"] == "network.kind"
    with pytest.raises(Exception, match="without a model file"):
        EMPTY.find(FileNetwork(kind="file"))


def test_a_form_that_the_files_cell_does_not_have_is_refused():
    document = file_document(library(deep()), {"peepholes": True})
    said = say(session(library(deep())), opening(document.model_dump()))[-1]
    assert (said.code, said.field) == ("range", "document.options.form.peepholes")
    assert all(switch in said.message for switch in switches(CELLS["gru"].params))


def test_a_digest_tells_weights_forms_and_ends_apart():
    one = deep()
    changed = [
        Layer(*(p.replace(b_n=p.b_n + 1e-9) for p in layer.params())) for layer in one.layers
    ]
    there, back = one.layers[0].forward, one.layers[0].reverse
    started = Layer(there, back, h0=np.zeros((2, 4)))
    moved = Layer(there, back, h0=np.full((2, 4), 1e-9))
    summed = one.layers[1]
    table, W = np.ones((7, 3)), np.ones((5, 8))
    networks = [
        one,
        deep(reset_after=False),
        deep(dtype="float32"),
        Network((one.layers[0], changed[1])),
        Network((changed[0], one.layers[1])),
        Network(one.layers[:1]),
        Network((Layer(back, there), one.layers[1])),
        Network((started, one.layers[1])),
        Network((moved, one.layers[1])),
        Network((one.layers[0], Layer(summed.forward, summed.reverse, merge="sum"))),
        Network((one.layers[0], Layer(summed.forward, summed.reverse, merge="mean"))),
        Network((one.layers[0], Layer(summed.forward))),
        Network((one.layers[0], Layer(None, summed.forward))),
        Network(one.layers, table),
        Network(one.layers, table + 1e-9),
        Network(one.layers, table[:6]),
        Network(one.layers, None, Readout(W)),
        Network(one.layers, None, Readout(W + 1e-9)),
        Network(one.layers, None, Readout(W[:4])),
        Network(one.layers, None, Readout(W, np.zeros(5))),
        Network(one.layers, None, Readout(W, np.ones(5))),
        Network(one.layers, None, Readout(W, head="softmax")),
        Network(one.layers, None, Readout(W, head="sigmoid")),
        Network(one.layers, table, Readout(W, head="sigmoid")),
    ]
    digests = [library(network).digest for network in networks]
    assert len(set(digests)) == len(digests)
    assert library(deep()).digest == digests[0]


@pytest.mark.parametrize(
    ("network", "limits", "words"),
    [
        (Network.random("gru", 3, 4, seed=0), {"hidden_size": 3}, "layer 1: has 4 hidden units"),
        (Network.random("gru", 3, 4, seed=0), {"input_size": 2}, "layer 1: has 3 inputs"),
        (deep(), {"input_size": 7}, "layer 2: has 8 inputs; the page shows at most 7"),
        (deep(), {"file_layers": 3}, "has 4 layers and directions; the page shows at most 3"),
        (deep(clip=1e7), {}, "layer 1: has a clip of 1e+07"),
        (Network.random("rnn", 1, 1, seed=0, gain=1e300), {}, "layer 1: W holds numbers beyond"),
        (whole(), {"vocabulary": 5}, "has 6 tokens; the page shows at most 5"),
        (Network(deep().layers, None, whole(directions=2).readout), {"vocabulary": 4}, "5 outputs"),
        (Network(deep().layers, np.full((2, 3), 1e300)), {}, "embedding holds numbers beyond"),
        (
            Network(deep().layers, None, Readout(np.ones((1, 8)), np.array([-1e300]))),
            {},
            "readout.b holds numbers beyond float32",
        ),
        (
            Network((Layer(RNNParams.random(1, 1, seed=0), h0=np.array([[1e300]])),)),
            {},
            "layer 1: h0 holds numbers beyond float32",
        ),
    ],
    ids=["H", "I", "deeper I", "layers", "clip", "W", "V", "O", "embedding", "b", "h0"],
)
def test_what_the_page_has_no_room_for_is_refused(network, limits, words):
    with pytest.raises(FormatError) as refused:
        library(network, **limits)
    assert str(refused.value).startswith("model.npz: ") and words in str(refused.value)


@pytest.mark.parametrize("network", [deep(reset_after=False), MIXED, whole()])
def test_the_page_opens_with_the_file_before_the_examples(network):
    one = library(network)
    found = config(SETTINGS, one)
    mine, *usual = found["examples"]
    assert usual == config(SETTINGS)["examples"]
    assert found["default"] == mine["name"] == "file"
    assert len({example["name"] for example in found["examples"]}) == len(found["examples"])
    assert Document.model_validate(mine["document"]) == only(one).document
    assert mine["document"]["options"] == {"dtype": "float64"}
    assert mine["alphabet"] is None
    H = network.layers[0].first.hidden_size
    assert (mine["input_size"], mine["hidden_size"]) == (3, H)
    said = say(session(one), opening(only(one).document.model_dump()))
    assert mine["network"] == said[0].network.model_dump()


def test_any_file_name_is_shown_safely():
    name = '</script><img src="x">\x1b[31m' + "n" * 300
    one = Library.of(deep(), name, SETTINGS)
    assert len(only(one).title) < 80 and one.entries[0].title.isprintable()
    page = client(library=one).get("/").text
    assert "<img" not in page.split('id="config">')[1].split("</script>")[0]


def test_weights_that_are_edited_are_sent_beside_the_file_s_own():
    one = library(deep("lstm"))
    edits = [{"op": "set", "array": "W_f", "row": 1, "column": 2, "value": 0.5}]
    document = one.entries[0].document.model_dump() | {"edits": edits}
    own, edited = frames(say(session(one), opening(document)), "weights")
    forward = deep("lstm").layers[0].forward
    np.testing.assert_array_equal(own.arrays["W_f"], forward.W_f.astype("f4"))
    assert edited.arrays["W_f"][1, 2] == 0.5
