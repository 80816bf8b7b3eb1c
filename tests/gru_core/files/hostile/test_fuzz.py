"""Damaged files give a network or a FormatError."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gru_core.files import load
from tests.gru_core.files.arrays.array_cases import FILES as ARRAYS
from tests.gru_core.files.exported_cases import EXPORTED
from tests.gru_core.files.hostile.cases import zipped
from tests.gru_core.files.hostile.fuzz import EXAMPLES, fuzz
from tests.gru_core.files.keras.corpus_cases import FILES as KERAS
from tests.gru_core.files.keras_models import archive
from tests.gru_core.files.model_cases import MODELS

PICKLED = MODELS.parent / "pickled"
TFJS = Path(__file__).parents[1] / "keras" / "tfjs" / "text"


def files(*patterns: str) -> list[bytes]:
    found = [p.read_bytes() for pattern in patterns for p in sorted(MODELS.glob(pattern))]
    assert found
    return found


def members(end: str, *patterns: str) -> list[bytes]:
    """Return the members of archives whose names end so."""
    archives = [zipfile.ZipFile(BytesIO(data)) for data in files(*patterns)]
    return [a.read(n) for a in archives for n in a.namelist() if n.endswith(end)]


def packed_npy(data: bytes) -> bytes:
    """Return an npz of which every array has these bytes."""
    return zipped({f"{name}_l0.npy": data for name in ("weight_ih", "weight_hh")})


def packed_pickle(data: bytes) -> bytes:
    """Return a PyTorch file of this pickle, with storages of the usual sizes."""
    storages = {f"a/data/{key}": bytes(size) for key, size in enumerate((144, 192, 48, 48))}
    return zipped({"a/data.pkl": data} | storages)


def exported(pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(EXPORTED.glob(pattern))]


def arrays(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ARRAYS.glob(pattern))]


def inside(member: str) -> list[bytes]:
    """Return the members of this name of all .keras archives."""
    return [zipfile.ZipFile(BytesIO(data)).read(member) for data in exported("*.keras")]


def corpus(pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(KERAS.glob(pattern))]


def packed_model(data: bytes) -> bytes:
    """Return a zip of a model.json, with the weights of the right one."""
    return zipped({"model.json": data, "weights.bin": (TFJS / "weights.bin").read_bytes()})


def packed_config(data: bytes) -> bytes:
    """Return a .keras archive of this configuration."""
    return archive(data, inside("model.weights.h5")[-1])


def packed_weights(data: bytes) -> bytes:
    """Return a .keras archive of these weights."""
    return archive(inside("config.json")[-1], data)


@pytest.mark.parametrize(
    ("valid", "suffix", "wrap", "targets"),
    [
        (files("*.safetensors"), "safetensors", bytes, 1),
        (files("gru.npz"), "npz", bytes, 2),
        (members(".npy", "gru.npz"), "npz", packed_npy, 2),
        (files("gru*.pt", "two.pt"), "pt", bytes, 2),
        ([path.read_bytes() for path in sorted(PICKLED.glob("*.*t"))], "pt", bytes, 2),
        (members("data.pkl", "gru-bi*.pt", "gru-flat.pt", "gru-cell.pt"), "pt", packed_pickle, 2),
        (arrays("*.json"), "json", bytes, 1),
        (arrays("nnx-[gls]*", "linen-[gls]*.safetensors"), "safetensors", bytes, 1),
        (exported("*.onnx"), "onnx", bytes, 1),
        (exported("*.h5"), "h5", bytes, 6),
        (exported("*.keras"), "keras", bytes, 6),
        (inside("config.json"), "keras", packed_config, 6),
        (inside("model.weights.h5"), "keras", packed_weights, 6),
        (corpus("*weights*.h5"), "h5", bytes, 6),
        ([(TFJS / "model.json").read_bytes()], "zip", packed_model, 6),
    ],
    ids=[
        "safetensors",
        "npz",
        "npy",
        "torch",
        "torch pickled",
        "pickle",
        "json",
        "flax",
        "onnx",
        "h5",
        "keras",
        "keras configuration",
        "keras weights",
        "keras weights alone",
        "tfjs model",
    ],
)
def test_damaged_files_are_read_or_refused(
    valid: list[bytes], suffix: str, wrap: object, targets: int, tmp_path: Path
) -> None:
    count = fuzz(load, valid, tmp_path / f"model.{suffix}", wrap, targets)  # type: ignore[arg-type]
    assert count >= EXAMPLES
