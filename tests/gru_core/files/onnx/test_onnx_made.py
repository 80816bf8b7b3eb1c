"""The committed ONNX files made by hand: as onnxruntime computed, or refused with a way out."""

import numpy as np
import pytest

from gru_core.files import FormatError, load
from tests.gru_core.files.onnx.made_cases import FOLDER, MADE, OUTPUTS, Made

STORED = np.load(OUTPUTS)


@pytest.mark.parametrize("case", MADE, ids=lambda case: case.name)
def test_a_made_file_computes_what_onnxruntime_computes(case: Made) -> None:
    path = FOLDER / case.file
    if case.refused:
        with pytest.raises(FormatError) as caught:
            load(path)
        assert case.refused in str(caught.value)
        return
    network = load(path, case.chosen)
    assert len(network.layers) == case.layers and network.left_out == case.left_out
    x, output = STORED[f"{case.name}/x"], STORED[f"{case.name}/output"]
    trace = network.run(x)
    if output.ndim == 4:  # (T, D, B, H)
        output = output.transpose(0, 2, 1, 3).reshape(trace.states.shape)
    np.testing.assert_allclose(trace.output, output, rtol=0, atol=case.within)


def test_every_made_file_is_in_the_table() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {case.file for case in MADE} | {OUTPUTS.name}
