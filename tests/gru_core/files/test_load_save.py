"""The content decides the format, not the file's name."""

import shutil
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from gru_core.files import FormatError, Limits, load, save
from gru_core.files.arrays import npz, safetensors
from gru_core.files.source import open_source
from gru_core.files.torch import names as torch_names
from gru_core.network.network import Network
from tests.gru_core.files.model_cases import MODELS


@pytest.mark.parametrize("file", ["gru.safetensors", "gru.npz", "gru-cell.pt"])
@pytest.mark.parametrize("name", ["model", "model.onnx", "model.h5", "model.pt", "a.safetensors"])
def test_the_content_decides_the_format_before_the_suffix(
    file: str, name: str, tmp_path: Path
) -> None:
    shutil.copy(MODELS / file, tmp_path / name)
    assert load(tmp_path / name).kind == "gru"


def test_paths_are_text_or_path_and_links_are_followed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(MODELS / "gru.safetensors")
    assert load(str(link)).kind == load(link).kind == "gru"


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(file_bytes=100), "is too large: .* bytes, of which 100 are allowed"),
        (Limits(parameters=100), "more than 100 numbers"),
        (Limits(entries=3), "more than 3 arrays"),
        (Limits(header_bytes=100), "of which 100 are allowed"),
        (Limits(name_characters=5), "has a name of 1. characters"),
    ],
)
def test_limits_are_the_callers_to_set(limits: Limits, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        load(MODELS / "gru.safetensors", limits=limits)


def test_reading_imports_no_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("torch", "onnx", "h5py", "keras"):
        monkeypatch.setitem(sys.modules, name, None)
    for file in ("gru.safetensors", "gru.npz", "checkpoint.pt"):
        load(MODELS / file)


@pytest.mark.parametrize("suffix", ["safetensors", "npz"])
def test_reading_takes_little_more_memory_than_the_file(suffix: str, tmp_path: Path) -> None:
    """Only the layers, without the caches of a network."""
    path = tmp_path / f"model.{suffix}"
    save(Network.random("gru", 700, 600, seed=0, dtype="float32"), path)
    read = {"safetensors": safetensors.entries, "npz": npz.entries}[suffix]
    tracemalloc.start()
    try:
        with open_source(path, Limits()) as source:
            (candidate,) = torch_names.candidates(read(source, Limits()).arrays)
            layers = torch_names.layers(candidate, np.dtype("float32"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert layers[0].forward.hidden_size == 600
    assert peak < 1.8 * path.stat().st_size
