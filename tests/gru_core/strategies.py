"""What hypothesis draws: layers, inputs and states of every size, scale and kind."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from gru_core import GRUParams
from gru_core.arrays import FloatArray

dtypes = st.sampled_from(["float64", "float32"])
seeds = st.integers(0, 2**32 - 1)


class Layer(NamedTuple):
    """A layer with something to run."""

    params: GRUParams
    x: FloatArray
    h0: FloatArray


@st.composite
def layers(draw: st.DrawFn, steps: int = 150, scales: tuple[float, ...] = (0.3, 1, 30)) -> Layer:
    """Draw params of weights up to a scale, x of up to `steps` steps, and |h0| ≤ 1."""
    T, I, H = draw(st.integers(1, steps)), draw(st.integers(1, 9)), draw(st.integers(1, 9))
    scale, dtype = draw(st.sampled_from(scales)), draw(dtypes)
    rng = np.random.RandomState(draw(seeds))

    def array(*shape: int) -> FloatArray:
        return rng.uniform(-scale, scale, shape).astype(dtype)

    b = array(3 * H) if draw(st.booleans()) else None
    b_hn = array(H) if draw(st.booleans()) else None
    params = GRUParams(array(3 * H, I), array(3 * H, H), b, b_hn)
    x = rng.normal(size=(T, I)).astype(dtype)
    return Layer(params, x, rng.uniform(-1, 1, H).astype(dtype))
