"""Modules, checkpoints and old files as torch pickles them give torch's own outputs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core import Network
from gru_core.files import FormatError, load, load_in_child

FOLDER = Path(__file__).parent
STORED = np.load(FOLDER / "outputs.npz")
FILES = sorted({name.partition("/")[0] for name in STORED})
NAMES = {"chain.pt": "lstm1,lstm2", "cells.pt": "cells.0,cells.1,cells.2"}
NAMES |= {"module-cells.pt": "cells.0+cells.1"}


def opened(file: str, read: Any = load) -> Network:
    found: Network = read(FOLDER / file, NAMES.get(file))
    return found


@pytest.mark.parametrize("file", [file for file in FILES if "between" not in file])
def test_the_outputs_are_those_of_torch(file: str) -> None:
    network = opened(file)
    output = network.run(STORED[f"{file}/x"]).output
    atol = 1e-12 if network.dtype == np.float64 else 1e-6
    np.testing.assert_allclose(output, STORED[f"{file}/output"], rtol=0, atol=atol)


@pytest.mark.parametrize("file", ["old-module.pt", "module-text.pt", "unknown-beside.ckpt"])
def test_they_are_the_same_in_a_child(file: str) -> None:
    here, there = opened(file), opened(file, load_in_child)
    assert repr(here) == repr(there)
    x = STORED[f"{file}/x"]
    np.testing.assert_array_equal(here.run(x).output, there.run(x).output)


def test_a_function_between_the_parts_of_a_module_is_left_out_by_name() -> None:
    network = opened("module-relu-between.pt")
    assert network.left_out == ("settings (1 array)", "act (ReLU)")
    assert network.guessed == ("readout",)
    assert opened("module-text.pt").left_out == ("settings (1 array)",)  # its Dropout does nothing


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            "quantised.pt",
            "torch.ScriptObject; save the state_dict() of the module before you quant",
        ),
        ("quantised-tensor.pt", "weight_hh_l0: is quantised; save the model's state_dict before"),
        ("sparse.pt", "weight_hh_l0: is a sparse tensor; save tensor.to_dense()"),
    ],
)
def test_weights_of_another_kind_are_refused_with_advice(file: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        load(FOLDER / file)
    assert message in str(caught.value)
