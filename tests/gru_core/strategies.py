"""Hypothesis strategies for layers, inputs and states of every size, scale and kind."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from gru_core import SIGMOID, Activation, GRUParams, LSTMParams, Params, RNNParams
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


class Case(NamedTuple):
    """Params of any cell and form, with something to run."""

    params: Params
    x: FloatArray
    states: tuple[FloatArray, ...]


GATES = ("sigmoid", "hard_sigmoid")
SQUASHES = ("tanh", "softsign", "sigmoid")


@st.composite
def cases(draw: st.DrawFn, steps: int = 100, batches: bool = False) -> Case:
    """Draw any cell in any form, x of one sequence or a batch, and states."""
    T, I, H = draw(st.integers(1, steps)), draw(st.integers(1, 9)), draw(st.integers(1, 9))
    batch = (draw(st.integers(1, 5)),) if batches and draw(st.booleans()) else ()
    dtype, rng = draw(dtypes), np.random.RandomState(draw(seeds))

    def array(*shape: int) -> FloatArray:
        return rng.uniform(-1, 1, shape).astype(dtype)

    def maybe(*shape: int) -> FloatArray | None:
        return array(*shape) if draw(st.booleans()) else None

    kind = draw(st.sampled_from([GRUParams, LSTMParams, RNNParams]))
    G = len(kind.GATES)
    form = {
        "clip": draw(st.sampled_from([None, 0.5])),
        "activations": tuple(
            Activation.of(draw(st.sampled_from(GATES if default == SIGMOID else SQUASHES)))
            for default in kind.ACTIVATIONS
        ),
    }
    if kind is GRUParams:
        form |= {"reset_after": draw(st.booleans()), "z_keeps": draw(st.booleans())}
        form |= {"b_hn": maybe(H)}
    if kind is LSTMParams:
        form |= {"input_forget": draw(st.booleans()), "p": maybe(3 * H)}
    params = kind(array(G * H, I), array(G * H, H), maybe(G * H), **form)
    x = rng.normal(size=(T, *batch, I)).astype(dtype)
    return Case(params, x, tuple(array(*batch, H) for _ in kind.STATES))
