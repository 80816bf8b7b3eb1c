"""LayersModels of TensorFlow.js: model.json and the .bin files beside it, or both in a zip."""

import json
import tempfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gru_core.files import FormatError, Limits, load, load_in_child
from tests.gru_core.files.hostile.cases import zipped
from tests.gru_core.files.hostile.work import little_work
from tests.gru_core.files.keras.corpus_cases import CORPUS, FILES

SAVED = Path(__file__).parent / "tfjs"


@pytest.mark.parametrize("name", ["chain", "text"])
@pytest.mark.parametrize("read", [load, load_in_child])
def test_a_model_computes_the_same_as_tensorflow_js(name: str, read: Any) -> None:
    network = read(SAVED / name / "model.json")
    stored = json.loads((SAVED / name / "expected.json").read_text())
    expected = np.array(stored["output"])
    answer = network.run(np.array(stored["x"]).swapaxes(0, 1)).answer
    found = answer[-1] if expected.ndim == 2 else answer.swapaxes(0, 1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert network.left_out == ()


def test_a_zip_of_them_is_read() -> None:
    members = {path.name: path.read_bytes() for path in (SAVED / "chain").iterdir()}
    del members["expected.json"]
    path = SAVED / "chain" / "model.json"
    again = opened(zipped(members))
    x = np.ones((4, 3))
    np.testing.assert_array_equal(again.run(x).answer, load(path).run(x).answer)


def opened(data: bytes, **beside: bytes) -> Any:
    """Load a file from a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in beside.items():
            (Path(folder) / f"{name}.bin").write_bytes(content)
        path = Path(folder) / ("model.zip" if data[:2] == b"PK" else "model.json")
        path.write_bytes(data)
        with little_work():
            return load(path)


def converted(file: str, quantized: str = "") -> dict[str, Any]:
    """Return a model.json as tensorflowjs_converter makes of a .h5 file, and its one .bin."""
    specs, parts = [], []
    with h5py.File(FILES / file) as stored:
        topology = json.loads(stored.attrs["model_config"])
        for layer in stored["model_weights"].attrs["layer_names"]:
            group = stored["model_weights"][layer]
            for name in group.attrs["weight_names"]:
                array = group[name][()]
                spec = {"name": name.split(":")[0], "shape": array.shape, "dtype": "float32"}
                if quantized == "float16":
                    spec["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
                    array = array.astype("f2")
                elif quantized:
                    least, most = float(array.min()), float(array.max())
                    scale = max(
                        (most - least) / (2 ** (8 * np.dtype(quantized).itemsize) - 1), 1e-9
                    )
                    spec["quantization"] = {"dtype": quantized, "scale": scale, "min": least}
                    array = np.round((array - least) / scale).astype(quantized)
                specs.append(spec)
                parts.append(array.tobytes())
    data = b"".join(parts)
    found = {
        "format": "layers-model",
        "modelTopology": {"keras_version": "2.13.1", "model_config": topology},
        "weightsManifest": [{"paths": ["a.bin", "b.bin"], "weights": specs}],
    }
    return {"found": found, "a": data[:10], "b": data[10:]}


@pytest.mark.parametrize(
    ("quantized", "tolerance"), [("", 2e-6), ("float16", 2e-3), ("uint16", 1e-4), ("uint8", 3e-2)]
)
@pytest.mark.parametrize(
    "file", [f for case in CORPUS for f in case.files if f.endswith("-2.h5") and not case.masks]
)
def test_a_converted_model_computes_the_same_as_keras(
    file: str, quantized: str, tolerance: float
) -> None:
    made = converted(file, quantized)
    network = opened(json.dumps(made["found"]).encode(), a=made["a"], b=made["b"])
    case = next(case for case in CORPUS if file in case.files)
    trace = network.run(case.x.swapaxes(0, 1))
    expected = np.load(FILES / "outputs-2.npz")[f"{case.name}/output"]
    answer = trace.answer[-1] if expected.ndim == 2 else trace.answer
    np.testing.assert_allclose(answer, expected, rtol=0, atol=tolerance)


FOUND = converted("back-2.h5")["found"]
GOOD = converted("back-2.h5")


def changed(**weights: Any) -> bytes:
    group = {**FOUND["weightsManifest"][0], **weights}
    return json.dumps({**FOUND, "weightsManifest": [group]}).encode()


LISTED = FOUND["weightsManifest"][0]["weights"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(paths=["../a.bin"]), "refers to '../a.bin', which is no .bin beside it"),
        (changed(paths=["/etc/passwd"]), "refers to '/etc/passwd', which is no .bin beside it"),
        (changed(paths=["..\\a.bin"]), "which is no .bin beside it"),
        (changed(paths=["3"]), "refers to '3', which is no .bin beside it"),
        (changed(paths=[3]), "refers to 'int', which is no .bin beside it"),
        (changed(paths=["a.bin", "a.bin"]), "refers to 'a.bin' twice"),
        (changed(paths=["c.bin"]), "needs 'c.bin' beside it, which cannot be opened: No such file"),
        (changed(paths=["a.bin"]), "ends at byte"),
        (changed(weights=LISTED[:-1]), "describes"),
        (changed(weights=[{}]), "has a weight without a name, a shape or a known type"),
        (changed(weights=[LISTED[0] | {"shape": [1 << 40]}]), "ends at byte 4398046511104"),
        (changed(weights=[LISTED[0] | {"shape": [-1]}]), "has the shape (-1,)"),
        (changed(weights=[LISTED[0] | {"dtype": "string"}]), "without a name, a shape or a known"),
        (changed(weights=[LISTED[0], *LISTED]), "is in the file twice"),
        (changed(weights=7), "is not a list of paths and weights"),
        (json.dumps({"modelTopology": {"node": []}}).encode(), "is a graph model of TensorFlow.js"),
        (b'{"modelTopology": ' + b"[" * 100_000, "is not JSON"),
        (b'{"modelTopology": 7}', "is a graph model of TensorFlow.js"),
        (zipped({"model.json": changed()}), "needs 'a.bin' beside it"),
    ],
)
def test_what_is_no_layers_model_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        opened(data, a=GOOD["a"], b=GOOD["b"])
    assert message in str(caught.value)


def test_the_files_beside_it_count_towards_the_limits(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(changed())
    for name in "ab":
        (tmp_path / f"{name}.bin").write_bytes(bytes(9000))
    with pytest.raises(FormatError, match="refers to more than 18000 bytes"):
        load(tmp_path / "model.json", limits=Limits(file_bytes=10_000))
