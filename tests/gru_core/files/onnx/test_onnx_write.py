"""Networks written as ONNX pass its checker, compute the same in onnxruntime and can be read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from gru_core.cells.gru import GRU_FORMS
from gru_core.cells.registry import CELLS
from gru_core.files import FormatError, load, save
from gru_core.files.onnx.write import dump
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.parameters.activations import Activation

HARD = Activation.of("HardSigmoid", alpha=0.3)
LEAKY = Activation.of("LeakyRelu", alpha=0.1)
FORMS: list[tuple[str, dict[str, Any]]] = [
    *(("gru", form) for form in GRU_FORMS.values()),
    ("gru", {"z_keeps": False, "activations": (HARD, LEAKY), "clip": 0.7}),
    ("lstm", {}),
    ("lstm", {"input_forget": True, "clip": 0.5}),
    ("lstm", {"activations": (HARD, LEAKY, Activation.of("ScaledTanh", 0.8, 0.9))}),
    ("lstm", {"peepholes": True}),
    ("rnn", {}),
    ("rnn", {"activations": (Activation.of("Affine", 0.5, 0.1),), "clip": 1.0}),
]
SHAPES = [(1, 1, False), (3, 1, True), (2, 2, False), (1, 2, True)]


def drawn(
    kind: str,
    layers: int = 1,
    directions: int = 1,
    text: bool = False,
    dtype: str = "f4",
    starts: bool = False,
    head: Any = "identity",
    **form: Any,
) -> Network:
    """Return a network in which no array is zero."""
    rng = np.random.RandomState(layers * 10 + directions + len(form))
    peepholes = form.pop("peepholes", False)
    I, H, size, made = 3, 4, 3, []
    for _ in range(layers):
        each = []
        for _ in range(directions):
            rows = len(CELLS[kind].params.GATES) * H
            shapes = {"W": (rows, size), "U": (rows, H), "b": (rows,)}
            shapes |= {"b_hn": (H,)} if kind == "gru" else {}
            shapes |= {"p": (3 * H,)} if peepholes else {}
            arrays = {n: rng.uniform(-0.8, 0.8, s).astype(dtype) for n, s in shapes.items()}
            each.append(CELLS[kind].params(**arrays, **form))
        made.append(Layer(*each))
        size = directions * H
    made = [with_starts(rng, layer) for layer in made] if starts else made
    table = rng.normal(size=(7, I)).astype(dtype) if text else None
    last = None
    if text:
        last = Readout(rng.normal(size=(2, size)).astype(dtype), rng.normal(size=2), head)
    return Network(tuple(made), table, last)


def with_starts(rng: np.random.RandomState, layer: Layer) -> Layer:
    """Return a layer that starts from states other than 0."""
    shape = layer.directions, layer.first.hidden_size
    dtype = layer.first.dtype
    states = {f"{s}0": rng.normal(size=shape).astype(dtype) for s in layer.first.STATES}
    return replace(layer, **states)


def given(network: Network, T: int = 6, B: int = 3) -> Any:
    rng = np.random.RandomState(T + B)
    if network.embedding is not None:
        return rng.randint(0, len(network.embedding), (T, B))
    return rng.uniform(-1.5, 1.5, (T, B, network.input_size)).astype(network.dtype)


def run(data: bytes, x: Any) -> list[Any]:
    return list(onnxruntime.InferenceSession(data).run(None, {"x": x}))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("kind", "form"), FORMS, ids=str)
def test_onnxruntime_computes_the_same(
    kind: str, form: dict[str, Any], shape: tuple[int, int, bool], tmp_path: Path
) -> None:
    network = drawn(kind, *shape, **form)
    path = tmp_path / "network.onnx"
    save(network, path)
    data = path.read_bytes()
    onnx.checker.check_model(onnx.load_model_from_string(data), full_check=True)
    for x in (given(network), given(network, 1, 1)):
        trace = network.run(x)
        ends = [trace.final] if trace.final_c is None else [trace.final, trace.final_c]
        for found, expected in zip(run(data, x), [trace.output, *ends], strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-6)
        again = load(path).run(x)
        np.testing.assert_allclose(again.output, trace.output, rtol=0, atol=1e-6)
    if form.get("reset_after", True):  # else ONNX adds up the candidate's two biases
        assert dump(load(path)) == data


@pytest.mark.parametrize("head", ["identity", "sigmoid", "softmax"])
@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_start_states_and_heads_are_written(
    shape: tuple[int, int, bool], kind: str, head: str, tmp_path: Path
) -> None:
    network = drawn(kind, *shape, starts=True, head=head)
    if kind == "lstm":  # its first layer stores c alone
        network = replace(
            network, layers=(replace(network.layers[0], h0=None), *network.layers[1:])
        )
    path = tmp_path / "network.onnx"
    save(network, path)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    for x in (given(network), given(network, 1, 1)):
        trace = network.run(x)
        ends = [trace.final] if trace.final_c is None else [trace.final, trace.final_c]
        answer = [trace.answer] if network.readout is not None and head != "identity" else []
        for found, expected in zip(
            run(path.read_bytes(), x), [trace.output, *answer, *ends], strict=True
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-6)
    again = load(path)
    assert dump(again) == path.read_bytes()
    assert [(k.h0 is None, k.c0 is None) for k in again.layers] == [
        (k.h0 is None, k.c0 is None) for k in network.layers
    ]


def test_a_guessed_start_state_stays_a_guess(tmp_path: Path) -> None:
    network = replace(drawn("gru", text=True, starts=True), guessed=("readout", "start"))
    save(network, tmp_path / "a.onnx")
    assert load(tmp_path / "a.onnx").guessed == ("readout", "start")


def test_float64_stays_float64(tmp_path: Path) -> None:
    network = drawn("gru", 2, 2, dtype="f8")
    path = tmp_path / "network.onnx"
    save(network, path)
    again = load(path)
    assert again.dtype == np.float64
    np.testing.assert_array_equal(
        again.run(given(network)).output, network.run(given(network)).output
    )
    onnx.checker.check_model(onnx.load(path), full_check=True)


def test_layers_of_differing_size_end_one_by_one() -> None:
    first, second = drawn("lstm").layers[0], drawn("lstm").layers[0].forward
    small = type(second)(second.W.reshape(-1)[:32].reshape(8, 4), second.U[:8, :2], second.b[:8])
    network = Network((first, Layer(small)))
    trace = network.run(given(network))
    data = dump(network)
    onnx.checker.check_model(onnx.load_model_from_string(data), full_check=True)
    output, *ends = run(data, given(network))
    np.testing.assert_allclose(output, trace.output, rtol=0, atol=2e-6)
    expected = [trace.layers[0].h_T, trace.layers[1].h_T, trace.layers[0].c_T, trace.layers[1].c_T]
    for found, end in zip(ends, expected, strict=True):
        np.testing.assert_allclose(found[0], end, rtol=0, atol=2e-6)


def one(kind: str, size: int, seed: int) -> Any:
    return CELLS[kind].params.random(size, 4, seed=seed, dtype="f4")


@pytest.mark.parametrize(
    "layers",
    [
        [Layer(None, one("gru", 3, 0))],
        [Layer(None, one("lstm", 3, 0)), Layer(one("lstm", 4, 1))],
        [Layer(one("lstm", 3, 0)), Layer(one("gru", 4, 1)), Layer(None, one("rnn", 4, 2))],
        [Layer(one("rnn", 3, 0), one("rnn", 3, 1)), Layer(one("lstm", 8, 2))],
    ],
    ids=["reverse", "reverse then forward", "three kinds", "both directions then an LSTM"],
)
def test_onnxruntime_computes_the_same_in_any_direction_and_mix(
    layers: list[Layer], tmp_path: Path
) -> None:
    network = Network(tuple(layers), None, Readout(np.ones((2, 4), "f4")))
    path = tmp_path / "network.onnx"
    save(network, path)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    x = given(network)
    trace = network.run(x)
    ends = [trace.final] if trace.final_c is None else [trace.final, trace.final_c]
    for found, expected in zip(run(path.read_bytes(), x), [trace.output, *ends], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-6)
    again = load(path)
    assert [layer.reads for layer in again.layers] == [layer.reads for layer in layers]
    np.testing.assert_allclose(again.run(x).output, trace.output, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (
            Network((Layer(one("gru", 3, 0), one("gru", 3, 1), merge="sum"),)),
            "layers[0]: merges its directions by sum; save it as .safetensors",
        ),
        (
            drawn("gru", z_keeps=False, activations=(Activation.of("Softsign"), LEAKY)),
            "layers[0]: z writes, through softsign, for which ONNX has no form",
        ),
        (
            Network(
                (
                    Layer(
                        drawn("gru").layers[0].forward,
                        drawn("gru", reset_after=False).layers[0].forward,
                    ),
                )
            ),
            "layers[0]: its directions differ in form",
        ),
    ],
)
def test_what_onnx_has_no_form_for_is_refused(
    network: Network, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError) as caught:
        save(network, tmp_path / "network.onnx")
    assert str(caught.value).startswith(f"network.onnx: {message}")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_the_callers(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save(drawn("rnn"), tmp_path / "nowhere" / "network.onnx")


def test_writing_needs_onnx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(
        FormatError, match=r"network.onnx: needs the package onnx \(.*\): pip install"
    ):
        save(drawn("gru"), tmp_path / "network.onnx")
