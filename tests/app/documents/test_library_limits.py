"""What a model file's documents are refused, and what is refused of a model file."""

import numpy as np
import pytest

from gru_core import CELLS, Network, Readout, RNNParams
from gru_core.files import FormatError
from gru_core.network.layer import Layer
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.weights import switches
from gruscope.session.protocol import CLIENT
from gruscope.wire.schema import FileNetwork
from tests.app.documents.mixed import whole
from tests.app.documents.test_library import SETTINGS, deep, file_document, library, only
from tests.app.session.test_session import joined, opening, say, session
from tests.app.support import client
from tests.app.talk import editing

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


def test_any_file_name_is_shown_safely():
    name = '</script><img src="x">\x1b[31m' + "n" * 300
    one = Library.of(deep(), name, SETTINGS)
    assert len(only(one).title) < 80 and one.entries[0].title.isprintable()
    page = client(library=one).get("/").text
    assert "<img" not in page.split('id="config">')[1].split("</script>")[0]


@pytest.mark.parametrize(
    ("given", "code", "field", "words"),
    [
        ([0, 5, 6], "range", "input.tokens.2", "be less than V = 6, got 6"),
        ([0] * 4097, "length", "input.tokens", "have at most 4096 tokens, got 4097"),
        ([], "length", "input", "have 1 to 4096 steps, got 0"),
        ([-1], "range", "input.tokens.0", "greater than or equal to 0"),
        ([0.5], "message", "input.tokens.0", "valid integer"),
        ([True], "message", "input.tokens.0", "valid integer"),
    ],
)
def test_tokens_that_are_no_rows_of_the_embedding_are_refused(given, code, field, words):
    one = library(whole())
    document = only(one).document.model_dump() | {"input": {"kind": "tokens", "tokens": given}}
    answer = client(library=one).post("/api/trace", json=document).json()
    assert (answer["code"], answer["field"]) == (code, field) and words in answer["message"]


@pytest.mark.parametrize(
    ("insert", "code", "field"),
    [
        ([6], "range", "change.insert.0"),
        ("a", "message", "change.insert"),
        ([[0.0, 1.0, 2.0]], "message", "change.insert"),
        ([0] * 4096, "length", "input"),
    ],
)
def test_a_splice_of_tokens_takes_only_tokens(insert, code, field):
    one = library(whole())
    page = session(one)
    before = say(page, opening(only(one).document.model_dump()))
    change = {"kind": "input", "start": 1, "remove": 0, "insert": insert}
    (error,) = say(page, editing(2, change))
    assert (error.code, error.field) == (code, field if field != "input" else "change.input")
    said = say(page, editing(2, change | {"insert": []}, keep=48))
    assert joined(said, "h").shape == (47, 4) and before[-1].steps == said[-1].steps


def test_numbers_go_around_the_embedding_and_take_no_tokens():
    network = whole()
    one = library(network)
    rows = np.random.default_rng(0).normal(size=(5, 3)).tolist()
    given = only(one).document.model_dump() | {"input": {"kind": "numbers", "values": rows}}
    page = session(one)
    said = say(page, opening(given))
    expected = network.run(np.array(rows)).layers[0].h
    np.testing.assert_array_equal(joined(said, "h"), expected.astype("f4"))
    change = {"kind": "input", "start": 1, "remove": 0, "insert": [3]}
    (error,) = say(page, editing(2, change))
    assert (error.code, error.field) == ("message", "change.insert")
    text = given | {"input": {"kind": "text", "text": "a"}}
    (error,) = say(page, opening(text, run=3))
    assert (error.code, error.field) == ("alphabet", "document.input.text")
