"""Files of every kind from Keras 2.13 and Keras 3 compute the same as Keras."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gru_core.files import load, save
from tests.gru_core.files.keras.corpus_cases import CORPUS, FILES, Case

STORED = {major: np.load(FILES / f"outputs-{major}.npz") for major in (2, 3)}
EACH = [(case, file) for case in CORPUS for file in case.files]


@pytest.mark.parametrize(("case", "file"), EACH, ids=[file for _, file in EACH])
def test_a_file_computes_the_same_as_keras(case: Case, file: str) -> None:
    network = load(FILES / file)
    if case.head:  # a file of weights alone does not say that there is one
        assert network.readout is not None and network.readout.head == "identity"
        network = network.with_ends(readout=replace(network.readout, head=case.head))
    expected = STORED[case.major][f"{case.name}/output"]
    trace = network.run(case.x.swapaxes(0, 1), mask=case.mask)
    answer = trace.answer[-1] if expected.ndim == 2 else trace.answer
    np.testing.assert_allclose(answer, expected, rtol=0, atol=2e-6)
    masks = [f"the mask of {case.masks} (run takes it as mask=)"] if case.masks else []
    assert list(network.left_out) == masks
    assert ("settings" in network.guessed) == ("weights" in file)


def test_every_file_is_tested() -> None:
    files = {path.name for path in FILES.iterdir() if path.suffix != ".npz"}
    assert files == {file for _, file in EACH}
    assert len(files) > 50


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".onnx"])
def test_what_was_assumed_is_still_assumed_when_saved(suffix: str, tmp_path: Path) -> None:
    network = load(FILES / "weights-3.weights.h5")
    assert network.guessed == ("embedding", "readout", "settings")
    assert "activations and order of layers assumed" in repr(network)
    assert "the file has weights alone" in network.note
    save(network, tmp_path / f"a{suffix}")
    assert load(tmp_path / f"a{suffix}").guessed == network.guessed
