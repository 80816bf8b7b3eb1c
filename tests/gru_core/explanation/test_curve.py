"""The drawn shape of an activation against the function."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core.explanation.curve import REACH, curve
from gru_core.parameters.activations import ACTIVATIONS, Activation

CONSTANT = st.floats(-3, 3)


@given(
    st.sampled_from(ACTIVATIONS),
    CONSTANT,
    CONSTANT,
    st.one_of(st.none(), st.floats(0.1, 20)),
    st.floats(-6, 6),
)
def test_the_line_is_near_the_function(
    name: str, alpha: float, beta: float, clip: float | None, a: float
) -> None:
    function = Activation.of(name, alpha, beta)
    points = curve(function, clip)
    assert (np.diff(points[:, 0]) > 0).all() and np.isfinite(points).all()
    assert len(points) < 100
    near = np.linspace(a - 0.02, a + 0.02, 9)  # a jump may be drawn this steep
    values = function(near if clip is None else near.clip(-clip, clip))
    window = np.linspace(-6, 6, 1001)
    height = np.ptp(function(window if clip is None else window.clip(-clip, clip)))
    drawn = np.interp(a, *points.T)
    allowed = 0.004 * max(height, 1e-9)
    assert values.min() - allowed <= drawn <= values.max() + allowed


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_ends_are_the_functions(name: str) -> None:
    function = Activation.of(name)
    points = curve(function)
    np.testing.assert_allclose(points[[0, -1], 0], [-REACH, REACH])
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(points[:, 1], function(points[:, 0].copy()), atol=1e-12)


def test_where_numbers_end_the_curve_does() -> None:
    points = curve(Activation.of("affine", 1e305, 0.0))
    assert np.isfinite(points).all() and np.abs(points[:, 0]).max() < REACH
