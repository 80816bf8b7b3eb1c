"""Networks in JSON compute the same as in the framework that it was written from."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, load, load_in_child
from tests.gru_core.files.arrays.array_cases import FILES, JSON, OUTPUTS_JSON, Case

STORED = np.load(OUTPUTS_JSON)


@pytest.mark.parametrize("read", [load, load_in_child])
@pytest.mark.parametrize("case", JSON, ids=lambda case: case.file)
def test_a_network_computes_the_same_as_its_framework(case: Case, read: Any) -> None:
    network = read(FILES / case.file)
    assert (network.kind, network.guessed) == (case.kind, case.guessed)
    assert network.left_out == case.left_out
    x, output = STORED[f"{case.file}/x"], STORED[f"{case.file}/output"]
    assert network.dtype == output.dtype
    found = network.run(x if case.text else x.astype(output.dtype))
    tolerance = 1e-12 if output.dtype == np.float64 else 2e-6
    is_sigmoid = network.readout.head == "sigmoid"
    np.testing.assert_allclose(
        found.answer if is_sigmoid else found.output, output, rtol=0, atol=tolerance
    )


def changed(tmp_path: Path, file: str, change: Any) -> Path:
    """Write a file with something else in it."""
    content = json.loads((FILES / file).read_text())
    change(content)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(content))
    return path


def put(*keys: Any) -> Any:
    """Return a function that sets a value in nested content."""

    def change(content: Any) -> None:
        *path, last, value = keys
        for key in path:
            content = content[key]
        content[last] = value

    return change


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("amp-gru.json", put("model_data", "model", "GatedConvNet"),
         "model_data.model: is 'GatedConvNet', expected 'SimpleRNN'"),
        ("amp-gru.json", put("model_data", "hidden_size", 5),
         "model_data.hidden_size: is 5, and the arrays have 4"),
        ("amp-gru.json", put("model_data", "unit_type", "LSTM"),
         "model_data.unit_type: is 'LSTM', and the arrays have 'GRU'"),
        ("amp-gru.json", put("model_data", "skip", 9), "model_data.skip: is 9, expected how many"),
        ("amp-gru.json", put("state_dict", "rec.weight_ih_l0", [[1], [2, 3]]),
         "rec.weight_ih_l0: has the shape (), which is no matrix's"),
        ("amp-gru.json", put("state_dict", "lin.weight", 0, 0, float("nan")),
         "lin.weight: holds nan at (0, 0)"),
        ("amp-gru.json", put("state_dict", "lin.weight", 0, 0, 10**400),
         "lin.weight: is no array of numbers"),
        ("amp-gru.json", put("state_dict", "lin.weight", 0, 0, True),
         "lin.weight: must have shape (O, D·H)"),
        ("rtneural-gru.json", put("layers", 0, "weights", 0, [[1.0]]),
         "layer 'gru_0': has kernel (1, 1) and recurrent_kernel (4, 12)"),
        ("rtneural-gru.json", put("layers", 0, "shape", [None, None, 5]),
         "layer 'gru_0': has 4 units, not 5 as configured"),
        ("rtneural-gru.json", put("layers", 0, "activation", "swish"),
         "layer 'gru_0': has the activation 'swish'; known are"),
        ("rtneural-gru.json", put("layers", 0, "weights", 3, [1.0]), "layer 'gru_0': has 4 arrays"),
        ("rtneural-gru.json", put("layers", 1, "conv"), "layers.1: must have a type and a list"),
        ("rtneural-gru.json", put("layers", 0, "type", "conv1d"), "has no GRU, LSTM, SimpleRNN"),
    ],
)  # fmt: skip
def test_content_that_does_not_fit_is_refused(
    file: str, change: Any, message: str, tmp_path: Path
) -> None:
    if message.endswith("has 4 arrays"):
        change = lambda content: content["layers"][0]["weights"].append([1.0])  # noqa: E731
    with pytest.raises(FormatError) as caught:
        load(changed(tmp_path, file, change))
    assert str(caught.value).startswith(f"model.json: {message}")


def test_layers_of_other_types_are_left_out_by_name(tmp_path: Path) -> None:
    conv = {"type": "conv1d", "activation": "", "shape": [None, None, 3], "weights": [[[1.0]]]}
    path = changed(tmp_path, "rtneural-gru.json", lambda c: c["layers"].insert(0, conv))
    network = load(path)
    assert network.left_out == ("conv1d_0 (conv1d)", "in_skip (adds the input to the output)")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"modelTopology": {}, "weightsManifest": []}, "configuration: describes nothing"),
        ({"class_name": "Sequential", "config": {}}, "describes a Keras model without its numbers"),
        ({"architecture": "LSTM", "config": {}, "weights": [1.0]}, "is of Neural Amp Modeler"),
        ({}, "holds no network"),
        ({"a": [1, 2]}, "holds no network"),
    ],
)
def test_json_without_arrays_by_name_is_refused_with_advice(
    content: Any, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(content))
    with pytest.raises(FormatError) as caught:
        load(path)
    assert str(caught.value).startswith(f"model.json: {message}")
