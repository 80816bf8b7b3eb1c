from typing import Any

import numpy as np
import pytest

from gru_core import (
    CELLS,
    EXAMPLES,
    Activation,
    GRUParams,
    LSTMParams,
    Params,
    RNNParams,
)
from gruscope.documents.weights import build_network, switches
from gruscope.settings import Settings
from gruscope.wire.errors import wire_error
from gruscope.wire.schema import Document
from tests.app.support import LATCH, random_document


def built(document: dict[str, Any]) -> tuple[str | None, Any]:
    """Return the alphabet and the weights of a document's only layer."""
    made = Document.model_validate(document)
    alphabet, network = build_network(made.network, made.options, Settings())
    (layer,) = network.layers
    assert layer.reads == ("forward",) and network.embedding is network.readout is None
    return alphabet, layer.first


def document(cell: str | None = None, form: dict[str, Any] | None = None, **network: Any) -> Any:
    given = random_document(T=2, H=4, I=3)
    given["network"] |= network | ({} if cell is None else {"cell": cell})
    return given | {"options": {} if form is None else {"form": form}}


def example(name: str, cell: str, **form: Any) -> dict[str, Any]:
    given = LATCH | {"network": {"kind": "example", "name": name, "cell": cell}}
    return given | {"options": {"form": form}}


def assert_same(one: Params, other: Params) -> None:
    assert type(one) is type(other)
    assert one.form() == other.form()
    assert one.arrays().keys() == other.arrays().keys()
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, other.arrays()[name])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bias", [True, False])
def test_a_random_network_is_drawn_by_its_cell(cell, bias):
    expected = CELLS[cell].params.random(3, 4, seed=3, gain=2.0, bias=bias)
    assert_same(built(document(cell, gain=2.0, bias=bias))[1], expected)


def test_a_document_without_cell_and_form_is_a_gru_as_pytorch_has_it():
    assert_same(built(document())[1], GRUParams.random(3, 4, seed=3))
    assert_same(built(LATCH)[1], EXAMPLES["latch"].network())


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_under_another_cell_has_its_sizes_and_its_recipe(cell, name):
    own, recipe = EXAMPLES[name].network(), EXAMPLES[name].recipe
    seed, gain = (0, 3.0) if recipe is None else (recipe.seed, recipe.gain)
    sizes = own.input_size, own.hidden_size
    alphabet, params = built(example(name, cell))
    assert alphabet == EXAMPLES[name].alphabet
    assert_same(params, CELLS[cell].params.random(*sizes, seed=seed, gain=gain))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_peepholes_are_drawn_in_turn_and_leave_the_other_weights_alone(dtype):
    given = document("lstm", {"peepholes": True})
    given["options"]["dtype"] = dtype
    plain = LSTMParams.random(3, 4, seed=3, dtype=dtype)
    rng = np.random.default_rng(3)
    p = [LSTMParams.random_array(n, 3, 4, seed=rng, dtype=dtype) for n in ("p_i", "p_f", "p_o")]
    assert_same(built(given)[1], LSTMParams(plain.W, plain.U, plain.b, np.concatenate(p)))
    assert len({float(part[0]) for part in p}) == 3


@pytest.mark.parametrize(
    ("cell", "form", "expected"),
    [
        ("gru", {"reset_after": False}, {"reset_after": False}),
        ("gru", {"z_keeps": False, "clip": 0.5}, {"z_keeps": False, "clip": 0.5}),
        ("lstm", {"input_forget": True}, {"input_forget": True}),
        ("rnn", {"activations": ["relu"]}, {"activations": (Activation.of("relu"),)}),
        (
            "lstm",
            {"activations": ["hard_sigmoid", "softsign", "leaky_relu"]},
            {"activations": tuple(map(Activation.of, ("HardSigmoid", "Softsign", "LeakyRelu")))},
        ),
        ("rnn", {"clip": 3}, {"clip": 3.0}),
    ],
)
def test_a_form_changes_the_switches_but_not_the_weights(cell, form, expected):
    plain = CELLS[cell].params.random(3, 4, seed=3)
    assert_same(built(document(cell, form))[1], plain.with_form(**expected))


def test_a_form_keeps_the_weights_wired_by_hand():
    latch = EXAMPLES["latch"].network()
    assert_same(built(example("latch", "gru", z_keeps=False))[1], latch.with_form(z_keeps=False))


REFUSED = {
    "gru": {"input_forget": True, "peepholes": True},
    "lstm": {"reset_after": False, "z_keeps": False},
    "rnn": {"reset_after": False, "z_keeps": False, "input_forget": True, "peepholes": True},
}
STRANGERS = [(cell, name, value) for cell, form in REFUSED.items() for name, value in form.items()]


@pytest.mark.parametrize(("cell", "name", "value"), STRANGERS)
def test_a_switch_that_the_cell_does_not_have_must_keep_its_default(cell, name, value):
    with pytest.raises(Exception) as refused:
        built(document(cell, {name: value}))
    error = wire_error(refused.value)  # type: ignore[arg-type]
    assert (error.code, error.field) == ("range", f"options.form.{name}")
    assert all(switch in error.message for switch in switches(CELLS[cell].params))
    assert_same(built(document(cell, {name: not value}))[1], built(document(cell))[1])


@pytest.mark.parametrize(
    ("cell", "names", "code", "field"),
    [
        ("gru", [], "shape", "activations"),
        ("gru", ["sigmoid"], "shape", "activations"),
        ("lstm", ["sigmoid", "tanh"], "shape", "activations"),
        ("rnn", ["tanh", "tanh"], "shape", "activations"),
        ("rnn", ["tanh"] * 10_000, "shape", "activations"),
        ("gru", ["sigmoid", "swish"], "range", "activations.1"),
        ("rnn", ["Tanh"], "range", "activations.0"),
        ("rnn", ["x" * 10_000], "range", "activations.0"),
    ],
)
def test_activations_that_are_not_there_are_refused(cell, names, code, field):
    with pytest.raises(Exception) as refused:
        built(document(cell, {"activations": names}))
    error = wire_error(refused.value)  # type: ignore[arg-type]
    assert (error.code, error.field) == (code, f"options.form.{field}")
    assert error.message.startswith(f"options.form.{field} must ") and ", got " in error.message


def test_every_switch_belongs_to_some_cell():
    assert switches(GRUParams) == ("reset_after", "z_keeps", "activations", "clip")
    assert switches(LSTMParams) == ("input_forget", "peepholes", "activations", "clip")
    assert switches(RNNParams) == ("activations", "clip")
