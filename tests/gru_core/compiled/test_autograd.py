"""Kernels against torch: its values, its gradients and its losses, by the committed arrays."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from gru_core.learn import Options, Training
from tests.gru_core.cells.test_gradients_torch import STORED, TOLERANCE, found_gradients
from tests.gru_core.compiled.engines import COMPILED, needs_numba, using
from tests.gru_core.learn import test_torch
from tests.gru_core.learn.test_torch import Replayed, start
from tests.gru_core.torch_cases import GRADIENT_CASES, GradientCase, TorchCase, draw_gradient
from tests.gru_core.training_cases import CASES, CLIP, DECAY, RATE, STEPS, draw

pytestmark = needs_numba


@pytest.mark.parametrize("case", GRADIENT_CASES, ids=lambda case: case.key)
def test_gradients_equal_autograd(case: GradientCase) -> None:
    with using(COMPILED):
        arrays = found_gradients(case, draw_gradient(case))
    stored = {
        name.rpartition("/")[2]: value
        for name, value in STORED.items()
        if name.startswith(f"{case.key}/")
    }
    assert TOLERANCE == 1e-10
    assert set(arrays) == set(stored) - {"loss"}
    for name, value in arrays.items():
        np.testing.assert_allclose(value, stored[name], rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_loss_falls_as_torch_s(case: TorchCase) -> None:
    drawn = draw(case)
    options = Options(
        steps=STEPS, batch=case.B, learning_rate=RATE, weight_decay=DECAY, clip=CLIP,
        until_solved=False,
    )  # fmt: skip
    with using(COMPILED):
        training = Training(
            Replayed(drawn=drawn, turn=count()), start(case, drawn), options, seed=0
        )
        losses = [progress.loss for progress in training.run()]
    expected, tolerance = test_torch.STORED[case.key], test_torch.TOLERANCE
    np.testing.assert_allclose(losses, expected, rtol=0, atol=tolerance)
