"""Passes of training by kernels against NumPy's, and what becomes of a training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import Params, RangeError
from gru_core.arrays import FloatArray
from gru_core.cells.passes import Passes
from gru_core.compiled.kernels import Kernels
from gru_core.learn import TASKS, Architecture, Options, Training, initial_network
from tests.gru_core.compiled.comparing import assert_near, assume_comparable, losses, multiplied
from tests.gru_core.compiled.drawn import SHAPES, Shape, cases
from tests.gru_core.compiled.engines import COMPILED, NUMPY, needs_numba, using
from tests.gru_core.compiled.test_equal import by_numpy, few

pytestmark = needs_numba

BATCHES = [shape for shape in SHAPES if shape.is_batch]


@pytest.mark.parametrize("shape", BATCHES, ids=str)
@given(data=st.data())
@few
def test_both_passes(shape: Shape, data: st.DataObject) -> None:
    """The second batch goes through the same memory as the first."""
    case = data.draw(cases(*shape))
    trace = by_numpy(case, is_slope=True)
    assume_comparable(case.params, trace, is_slope=True)
    dh, *_ = (loss.astype(shape.dtype) for loss in losses(trace))
    found = {}
    for kernels in (NUMPY, COMPILED):
        with using(kernels), multiplied(case):
            x = np.zeros((len(case.x), case.x.shape[2], case.x.shape[1]), case.x.dtype)
            names = case.params.STATES
            passes = Passes(case.params, x, dict(zip(names, case.states, strict=True)))
            try:
                passes.forward(case.params)
            except RangeError:
                return
            x[...] = case.x.swapaxes(1, 2)
            found[kernels] = arrays(passes, case.params, np.ascontiguousarray(dh.swapaxes(1, 2)))
    assert_near(found[COMPILED], found[NUMPY])


def arrays(passes: Passes, params: Params, dh: FloatArray) -> dict[str, FloatArray]:
    """Return the states of a forward pass and all gradients of the backward pass."""
    passes.forward(params)
    received = {name: dh if name == "h" else np.zeros_like(dh) for name in params.STATES}
    stacks, dx, starts = passes.backward(received, to_input=True)
    assert dx is not None
    present = {name: array for name, array in stacks.items() if getattr(params, name) is not None}
    states = {f"state {name}": array.copy() for name, array in passes.states.items()}
    return {**present, "x": dx, **{f"{name}0": a for name, a in starts.items()}, **states}


@pytest.mark.parametrize("kind", ["gru", "lstm", "rnn"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_training_steps(kind: str, dtype: str) -> None:
    curves = [losses_of_training(kernels, kind, dtype) for kernels in (NUMPY, COMPILED)]
    atol = 1e-9 if dtype == "float64" else 1e-4
    np.testing.assert_allclose(curves[1], curves[0], rtol=0, atol=atol)
    assert np.ptp(curves[0]) > 0.01


def losses_of_training(kernels: Kernels, kind: str, dtype: str) -> list[float]:
    """Return the losses of twelve steps; each step's rounding goes into the next."""
    task = TASKS["adding"](length=12)
    with using(kernels):
        network = initial_network(
            Architecture(kind, 5), task.input_size, task.output_size, task.head, seed=1, dtype=dtype
        )
        options = Options(steps=12, batch=8, learning_rate=0.02, until_solved=False)
        return [progress.loss for progress in Training(task, network, options, seed=0).run()]
