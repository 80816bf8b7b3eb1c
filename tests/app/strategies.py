"""Hypothesis strategies for messages."""

from typing import Any

from hypothesis import strategies as st

from gru_core import CELLS, GRUParams
from gru_core.parameters.activations import ACTIVATIONS, Activation
from gru_core.parameters.params import Params


@st.composite
def forms(draw: st.DrawFn) -> Params:
    """Params of any cell with any activations, clip, biases and switches."""
    kind = CELLS[draw(st.sampled_from(sorted(CELLS)))].params
    names = st.sampled_from(list(ACTIVATIONS))
    given: dict[str, Any] = {
        "activations": tuple(Activation.of(draw(names)) for _ in kind.ACTIVATIONS),
        "clip": draw(st.one_of(st.none(), st.floats(1e-6, 1e6))),
    }
    if kind is GRUParams:
        given |= {name: draw(st.booleans()) for name in ("reset_after", "z_keeps")}
    return kind.random(2, 3, seed=0, bias=draw(st.booleans()), **given)
