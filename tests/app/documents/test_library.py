"""The network of a model file: the layers that a page can open, and their weights."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from gru_core import CELLS, Activation, LSTMParams, Network, Params, load
from gru_core.files import FormatError
from gru_core.network.layer import Layer
from gru_core.run.trace import Trace
from gruscope.documents.forms import value_names
from gruscope.documents.library import EMPTY, STEPS, Entry, Library
from gruscope.documents.weights import build_network, switches
from gruscope.session.protocol import CLIENT
from gruscope.settings import Settings
from gruscope.web.pages import config
from gruscope.wire.schema import Document, FileNetwork, Form, NumbersInput
from tests.app.documents.test_weights import assert_same
from tests.app.model_files import FITTING, name_of
from tests.app.session.test_session import frames, joined, opening, say, session
from tests.app.support import client

SETTINGS = Settings()


def library(network: Network, **limits: Any) -> Library:
    return Library.of(network, "model.npz", Settings(**limits))


def deep(kind: str = "gru", dtype: str = "float64", **form: Any) -> Network:
    return Network.random(kind, 3, 4, seed=1, layers=2, directions=2, gain=2.0, dtype=dtype, **form)


def values(entry: Entry) -> Any:
    return np.array(cast(NumbersInput, entry.document.input).values)


def first_input(network: Network, one: Library) -> Any:
    """Return the input of the file's whole network: the first entry's input, or tokens."""
    table = network.embedding
    return values(one.entries[0]) if table is None else np.arange(STEPS) % len(table)


def layer_trace(network: Network, x: Any, spec: FileNetwork) -> Trace:
    """Return the whole network's trace of one layer and direction, in reading order."""
    trace = network.run(x).layers[spec.layer]
    if spec.direction == "forward":
        return trace
    assert trace.reverse is not None
    return trace.reverse.turned()


def spec_of(entry: Entry) -> FileNetwork:
    return cast(FileNetwork, entry.document.network)


@pytest.mark.parametrize("path", FITTING, ids=lambda path: path.name)
def test_every_layer_of_a_file_is_the_core_s_bit_for_bit(path: Path):
    network = load(path, name_of(path))
    one = Library.of(network, path.name, SETTINGS)
    assert len(one.entries) == sum(layer.directions for layer in network.layers)
    x, http = first_input(network, one), client(library=one)
    for entry in one.entries:
        expected = layer_trace(network, x, spec_of(entry))
        document = entry.document.model_dump()
        names = list(value_names(network.kind))
        said = say(session(one), opening(document, arrays=names))
        answer = http.post(
            "/api/trace",
            params={"arrays": ",".join(names)},
            json=document,
        ).json()
        assert said[-1].type == "done"
        assert answer["dtype"] == network.dtype
        for name in names:
            rows = expected.values[name]
            assert rows.dtype == network.dtype
            np.testing.assert_array_equal(answer["arrays"][name], rows)
            np.testing.assert_array_equal(joined(said, name), rows.astype("f4"))


@pytest.mark.parametrize("path", FITTING, ids=lambda path: path.name)
def test_every_layer_opens_with_the_file_s_weights_in_the_file_s_form(path: Path):
    network = load(path, name_of(path))
    one = Library.of(network, path.name, SETTINGS)
    each = [params for layer in network.layers for params in layer.params()]
    for entry, params in zip(one.entries, each, strict=True):
        built = build_network(entry.document.network, entry.document.options, SETTINGS, one)
        assert built[0] is None
        assert_same(built[1], params)
        assert path.name in entry.story and entry.title.startswith(path.name)


def test_titles_name_only_what_distinguishes_layers():
    def titles(layers: int, directions: int) -> list[str]:
        network = Network.random("rnn", 2, 2, seed=0, layers=layers, directions=directions)
        return [entry.title for entry in library(network).entries]

    assert titles(1, 1) == ["model.npz"]
    assert titles(1, 2) == ["model.npz · forward", "model.npz · reverse"]
    assert titles(2, 1) == ["model.npz · layer 1", "model.npz · layer 2"]
    assert titles(2, 2)[3] == "model.npz · layer 2, reverse"


def test_stories_say_cell_sizes_layer_and_input():
    told = [entry.story for entry in library(deep("lstm", "float32")).entries]
    assert told[0] == (
        "LSTM from model.npz, layer 1 of 2, forward: 3 inputs, 4 hidden units, float32. "
        "The input is 48 steps of seeded noise."
    )
    assert told[3] == (
        "LSTM from model.npz, layer 2 of 2, reverse: 8 inputs, 4 hidden units, float32. "
        "The input is the output of both directions of layer 1, side by side, for 48 steps of "
        "seeded noise, reversed in time: t = 1 is its last step."
    )
    single = Network.random("rnn", 1, 1, seed=0)
    assert library(single).entries[0].story == (
        "Simple RNN from model.npz: 1 input, 1 hidden unit, float64. "
        "The input is 48 steps of seeded noise."
    )


@pytest.mark.parametrize(
    ("symbols", "told"),
    [
        (7, "48 tokens, 0, 1, 2 … (0 again after 6), through the file’s embedding"),
        (48, "48 tokens, 0, 1, 2 …, through the file’s embedding"),
        (99, "48 tokens, 0, 1, 2 …, through the file’s embedding"),
    ],
)
def test_an_embedding_is_read_token_by_token(symbols, told):
    table = np.random.default_rng(0).normal(size=(symbols, 3))
    entry = library(Network(deep().layers, table)).entries[0]
    np.testing.assert_array_equal(values(entry), table[np.arange(48) % symbols])
    assert entry.story.endswith(f"The input is {told}.")


def test_an_input_beyond_the_limits_is_replaced_by_noise():
    relu = (Activation.of("relu"),)
    grown = Network.random("rnn", 3, 4, seed=0, layers=2, gain=99, activations=relu)
    for directions in (1, 2):
        layers = [layer.forward for layer in grown.layers]
        network = Network(
            (Layer(*layers[:1] * directions), *(grown.layers[1:] * (directions == 1)))
        )
        for entry in library(network).entries:
            assert np.abs(values(entry)).max() < 10
    second = library(grown).entries[1]
    assert second.story.endswith(
        "The input is 48 steps of seeded noise, because the output of layer 1 for 48 steps of "
        "seeded noise exceeds 1e+06."
    )
    table = Network(deep().layers, np.full((2, 3), 2e6))
    assert np.abs(values(library(table).entries[0])).max() < 10


def test_it_looks_at_the_largest_step_of_the_state():
    network = deep()
    one = library(network)
    for entry in one.entries:
        h = layer_trace(network, values(one.entries[0]), spec_of(entry)).h
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
    given["options"]["form"] = form or given["options"]["form"]
    return Document.model_validate(given)


def built(library: Library, form: Any = None, **network: Any) -> Params:
    document = file_document(library, form, **network)
    return build_network(document.network, document.options, SETTINGS, library)[1]


def test_another_form_keeps_the_file_s_weights():
    params = deep().layers[0].forward
    found = built(library(deep()), {"reset_after": False, "clip": 0.5})
    assert_same(found, params.with_form(reset_after=False, clip=0.5))


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
    assert one.entries[0].document.options.form == Form(peepholes=True)
    assert_same(built(one), seeing)
    assert_same(built(one, {"peepholes": False}), plain)
    drawn = built(library(Network((Layer(plain),))), {"peepholes": True})
    assert drawn.arrays().keys() == seeing.arrays().keys()
    assert not np.array_equal(drawn.p_i, seeing.p_i)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_document_has_the_file_s_dtype_unless_asked_for_another(dtype):
    one = library(deep(dtype=dtype))
    assert one.entries[0].document.options.dtype == dtype
    other = {"float32": "float64", "float64": "float32"}[dtype]
    document = one.entries[0].document.model_dump()
    document["options"]["dtype"] = other
    made = Document.model_validate(document)
    assert build_network(made.network, made.options, SETTINGS, one)[1].dtype == other


REFUSED = [
    ({"layer": 2}, "network.layer", "less than 2, got 2"),
    ({"layer": 1, "direction": "reverse"}, "network.direction", "one direction"),
    ({"cell": "lstm"}, "network.cell", "be gru, as in model.npz, got lstm"),
    ({"digest": "0" * 16}, "network.digest", "model.npz"),
]


@pytest.mark.parametrize(("network", "field", "words"), REFUSED)
def test_a_place_or_a_file_that_is_not_there_is_refused(network, field, words):
    one = library(Network.random("gru", 3, 4, seed=0, layers=2))
    document = file_document(one).model_dump() | {"network": {"kind": "file", **network}}
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
    assert EMPTY.params(FileNetwork(kind="file")) is None


def test_a_form_that_the_files_cell_does_not_have_is_refused():
    document = file_document(library(deep()), {"peepholes": True})
    said = say(session(library(deep())), opening(document.model_dump()))[-1]
    assert (said.code, said.field) == ("range", "document.options.form.peepholes")
    assert all(switch in said.message for switch in switches(CELLS["gru"].params))


def test_a_digest_tells_weights_and_forms_apart():
    one = deep()
    changed = [
        Layer(*(p.replace(b_n=p.b_n + 1e-9) for p in layer.params())) for layer in one.layers
    ]
    networks = [
        one,
        deep(reset_after=False),
        deep(dtype="float32"),
        Network((one.layers[0], changed[1])),
        Network(one.layers[:1]),
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
        (Network.random("rnn", 1, 1, seed=0, gain=1e300), {}, "beyond float32"),
    ],
    ids=["H", "I", "deeper I", "layers", "clip", "weights"],
)
def test_what_the_page_has_no_room_for_is_refused(network, limits, words):
    with pytest.raises(FormatError) as refused:
        library(network, **limits)
    assert str(refused.value).startswith("model.npz: ") and words in str(refused.value)


def test_the_page_opens_with_the_file_before_the_examples():
    one = library(deep(reset_after=False))
    found = config(SETTINGS, one)
    mine, usual = found["examples"][:4], found["examples"][4:]
    assert usual == config(SETTINGS)["examples"]
    assert found["default"] == mine[0]["name"]
    assert len({example["name"] for example in found["examples"]}) == len(found["examples"])
    for example, entry in zip(mine, one.entries, strict=True):
        assert Document.model_validate(example["document"]) == entry.document
        assert example["document"]["options"] == {
            "dtype": "float64",
            "form": {"reset_after": False},
        }
        assert (example["alphabet"], example["hidden_size"]) == (None, 4)
        assert example["input_size"] == len(example["document"]["input"]["values"][0])
    assert "form" not in config(SETTINGS, library(deep()))["examples"][0]["document"]["options"]


def test_any_file_name_is_shown_safely():
    name = '</script><img src="x">\x1b[31m' + "n" * 300
    one = Library.of(deep(), name, SETTINGS)
    assert len(one.entries[0].title) < 80 and one.entries[0].title.isprintable()
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
