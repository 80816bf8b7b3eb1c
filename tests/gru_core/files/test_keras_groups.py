"""Each layer of a .keras archive gets its own weights, whatever numbers its group has."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gru_core.files import FormatError, load
from gru_core.network.network import Network
from tests.gru_core.files.exported_cases import EXPORTED, KERAS, OUTPUTS, Keras, draw
from tests.gru_core.files.keras_models import (
    GATES,
    H,
    archive,
    functional,
    layer,
    recurrent,
    sequential,
)

LAYOUTS = [
    (root, separator, step)
    for root, step in (("layers", 1), ("_layer_checkpoint_dependencies", 2))
    for separator in ("/", "\\")
]
"""Keras 2.12 and 2.13 count a layer that has weights twice; on Windows paths have backslashes."""
STORED = np.load(OUTPUTS)


def loaded(data: bytes, tmp_path: Path, name: str | None = None) -> Network:
    path = tmp_path / "model.keras"
    path.write_bytes(data)
    return load(path, name)


def marked(mark: int, kind: str = "LSTM", inputs: int = H) -> list[Any]:
    """Return kernel and recurrent_kernel with numbers that identify their layer."""
    rows = GATES[kind] * H
    return [np.full((size, rows), mark, "f4") for size in (inputs, H)]


def marks(network: Network) -> list[int]:
    """Return the mark of each layer's weights, which all of them must agree on."""
    found = []
    for one in network.layers:
        (mark,) = {float(number) for p in one.params() for number in (*p.W.flat, *p.U.flat)}
        found.append(int(mark))
    return found


def numbered(base: str, number: int) -> str:
    return f"{base}_{number}" if number else base


@pytest.mark.parametrize(("root", "separator", "step"), LAYOUTS)
@pytest.mark.parametrize(
    ("kind", "base"), [("LSTM", "lstm"), ("GRU", "gru"), ("SimpleRNN", "simple_rnn")]
)
def test_a_stack_has_its_weights_in_the_order_of_the_groups_numbers(
    kind: str, base: str, root: str, separator: str, step: int, tmp_path: Path
) -> None:
    """Twelve layers, so that the order of numbers is not that of texts: lstm_10 after lstm_2."""
    layers: list[Any] = [layer("InputLayer", "start")]
    for k in range(12):
        layers += [recurrent(kind, f"rnn{k}", use_bias=False), layer("Dropout", f"drop{k}")]
    groups = {f"{numbered(base, step * k)}/cell": marked(k + 1, kind) for k in range(12)}
    groups |= {numbered("dropout", k): [] for k in range(12)}
    data = archive(sequential(*layers), groups, root=root, separator=separator)
    assert marks(loaded(data, tmp_path)) == list(range(1, 13))


@pytest.mark.parametrize(("root", "separator", "step"), LAYOUTS)
def test_a_name_returns_the_weights_of_that_layer_and_of_no_other(
    root: str, separator: str, step: int, tmp_path: Path
) -> None:
    names = [f"net{k}" for k in range(12)]
    config = functional(
        (layer("InputLayer", "x"), []),
        *((recurrent("LSTM", name, use_bias=False), ["x"]) for name in names),
    )
    groups = {f"{numbered('lstm', step * k)}/cell": marked(k + 1) for k in range(12)}
    data = archive(config, groups, root=root, separator=separator)
    found = [marks(loaded(data, tmp_path, name)) for name in names]
    assert found == [[k] for k in range(1, 13)]


@pytest.mark.parametrize(("root", "separator", "step"), LAYOUTS)
def test_classes_are_counted_apart_and_groups_within_groups_not_at_all(
    root: str, separator: str, step: int, tmp_path: Path
) -> None:
    """A custom class called LSTM has a group among Keras's own; a nested model keeps its own."""
    custom = recurrent("LSTM", "custom") | {"module": "mine", "registered_name": "Mine>LSTM"}
    both = layer("Bidirectional", "both", layer=recurrent("LSTM", "inner", use_bias=False))
    wide = [np.full((2 * H, 4 * H), 5, "f4"), np.full((H, 4 * H), 5, "f4")]
    config = functional(
        (layer("InputLayer", "x"), []),
        (layer("Sequential", "nested"), ["x"]),
        (custom, ["x"]),
        (recurrent("GRU", "gru", use_bias=False), ["x"]),
        (both, ["x"]),
        (recurrent("LSTM", "last", use_bias=False), ["both"]),
        (layer("Dense", "answer", use_bias=False), ["last"]),
        (recurrent("LSTM", "aside", use_bias=False), ["x"]),
        (layer("Dense", "other", use_bias=False), ["aside"]),
    )
    groups = {
        "sequential": [],
        f"sequential/{root}/lstm/cell": marked(9),
        "lstm/cell": marked(8),
        "gru/cell": marked(3, "GRU"),
        "bidirectional/forward_layer/cell": marked(4),
        "bidirectional/backward_layer/cell": marked(4),
        f"lstm_{step}/cell": wide,
        f"lstm_{2 * step}/cell": marked(6),
        "dense": [np.full((H, 2), 7, "f4")],
        f"dense_{step}": [np.full((H, 2), 8, "f4")],
    }
    data = archive(config, groups, root=root, separator=separator)
    assert marks(loaded(data, tmp_path, "gru")) == [3]
    chain = loaded(data, tmp_path, "last")
    assert marks(chain) == [4, 5]
    assert chain.readout is not None
    np.testing.assert_array_equal(chain.readout.W, np.full((2, H), 7))
    aside = loaded(data, tmp_path, "aside")
    assert marks(aside) == [6]
    assert aside.readout is not None
    np.testing.assert_array_equal(aside.readout.W, np.full((2, H), 8))


@pytest.mark.parametrize("numbers", [(0, 2), (0, 1), (0, 1, 2, 3)])
def test_groups_that_are_not_as_many_as_the_layers_are_refused(
    numbers: tuple[int, ...], tmp_path: Path
) -> None:
    layers = [recurrent("LSTM", f"rnn{k}", use_bias=False) for k in range(3)]
    groups = {f"{numbered('lstm', n)}/cell": marked(n + 1) for n in numbers}
    with pytest.raises(FormatError) as caught:
        loaded(archive(sequential(*layers), groups), tmp_path)
    listed = ", ".join(numbered("lstm", n) for n in numbers)
    assert str(caught.value).endswith(
        "layer 'rnn0': cannot be told from others of its class: the model has 3, and layers has "
        f"{len(numbers)} groups of it, {listed}"
    )


def test_a_group_that_is_there_with_either_separator_is_refused(tmp_path: Path) -> None:
    def build(opened: h5py.File) -> None:
        for path in ("layers/lstm/cell/vars", "layers\\lstm/cell/vars"):
            for number, array in enumerate(marked(1)):
                opened[f"{path}/{number}"] = array

    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        build(opened)
    config = sequential(recurrent("LSTM", use_bias=False))
    with pytest.raises(FormatError, match="is in the file with either separator"):
        loaded(archive(config, file.getvalue()), tmp_path)


@pytest.mark.parametrize("separator", ["/", "\\"])
@pytest.mark.parametrize("case", KERAS, ids=lambda case: case.name)
def test_keras_files_in_the_layout_of_2_13_compute_the_same(
    case: Keras, separator: str, tmp_path: Path
) -> None:
    """Keras's own archives with their groups as 2.13 writes them; the values are Keras's."""
    data = as_of_2_13((EXPORTED / f"{case.name}.keras").read_bytes(), separator)
    network = loaded(data, tmp_path)
    output = case.of_keras(network.run(draw(case.name, case.text)).answer)
    np.testing.assert_allclose(output, STORED[f"{case.name}/output"], rtol=0, atol=1e-6)


def as_of_2_13(data: bytes, separator: str) -> bytes:
    """Return an archive with Keras 2.13's groups: doubled numbers, and no names beside them."""
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        config, weights = members.read("config.json"), members.read("model.weights.h5")
        version = json.loads(members.read("metadata.json"))["keras_version"]
    moved: dict[str, list[Any]] = {}
    with h5py.File(io.BytesIO(weights)) as opened:
        for group in opened["layers"]:
            base, _, number = group.rpartition("_")
            place = f"{base}_{2 * int(number)}" if number.isdecimal() else group

            def collect(path: str, found: Any, place: str = place) -> None:
                if isinstance(found, h5py.Group) and path.endswith("vars"):
                    arrays = [found[name][()] for name in sorted(found)]
                    moved[f"{place}/{path}".removesuffix("/vars")] = arrays

            opened["layers"][group].visititems(collect)
    return archive(
        config,
        moved,
        version=version,
        root="_layer_checkpoint_dependencies",
        separator=separator,
    )
