"""Damaged safetensors, npz and PyTorch files give a network or a FormatError."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gru_core.files import load
from tests.gru_core.files.fuzz import EXAMPLES, fuzz
from tests.gru_core.files.hostile import zipped
from tests.gru_core.files.model_cases import MODELS


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


@pytest.mark.parametrize(
    ("valid", "suffix", "wrap"),
    [
        (files("*.safetensors"), "safetensors", bytes),
        (files("gru.npz"), "npz", bytes),
        (members(".npy", "gru.npz"), "npz", packed_npy),
        (files("gru*.pt", "two.pt"), "pt", bytes),
        (members("data.pkl", "gru-bi*.pt", "gru-flat.pt", "gru-cell.pt"), "pt", packed_pickle),
    ],
    ids=["safetensors", "npz", "npy", "torch", "pickle"],
)
def test_damaged_files_are_read_or_refused(
    valid: list[bytes], suffix: str, wrap: object, tmp_path: Path
) -> None:
    count = fuzz(load, valid, tmp_path / f"model.{suffix}", wrap)  # type: ignore[arg-type]
    assert count >= EXAMPLES
