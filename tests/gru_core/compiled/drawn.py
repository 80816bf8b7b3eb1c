"""Forms of cells, and cases of each: sizes, weights, activations, inputs and clamps."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from gru_core import ACTIVATIONS, Activation, Clamp, GRUParams, LSTMParams, Params, RNNParams
from gru_core.arrays import FloatArray
from gru_core.compiled.steps import LARGE
from tests.gru_core.cells.gradient_points import CONSTANTS
from tests.gru_core.strategies import seeds

UNITS = (1, 2, 3, 4, 5, 7, 8, 9, 17)
"""H: the loops take four columns at a time, and vector instructions take four or more units."""

SIZES = (LARGE, 1)
"""A matrix is multiplied by a kernel's own loops, or by BLAS, which the matrices here are too small
for unless every size is large."""

LONGEST = 12


class Form(NamedTuple):
    """A form of a cell.

    Attributes
    ----------
    params : type
    switches : dict
    absent : tuple of str
        The stacks that it lacks.
    is_general : bool
        Whether it has any activations and a clip, or the usual ones.
    """

    params: type[Params]
    switches: dict[str, Any]
    absent: tuple[str, ...] = ()
    is_general: bool = False

    def __str__(self) -> str:
        words = [f"{name}={value}" for name, value in self.switches.items()]
        without = [f"no {name}" for name in self.absent]
        return "-".join(
            [self.params.kind, *words, *without, "general" if self.is_general else "plain"]
        )


class Case(NamedTuple):
    """Params with something to run.

    Attributes
    ----------
    params : Params
    x : ndarray, shape (T, [B,] I)
    states : tuple of ndarray, shape ([B,] H)
    clamps : list of Clamp
    large : int
        The numbers in a matrix from which BLAS multiplies it.
    """

    params: Params
    x: FloatArray
    states: tuple[FloatArray, ...]
    clamps: list[Clamp]
    large: int


@st.composite
def cases(
    draw: st.DrawFn,
    form: Form,
    dtype: str,
    is_batch: bool,
    is_held: bool = False,
    steps: int = LONGEST,
) -> Case:
    """Draw a case of a form; U is small enough for rounding not to be amplified."""
    T, I, H = draw(st.integers(1, steps)), draw(st.integers(1, 5)), draw(st.sampled_from(UNITS))
    batch = (draw(st.integers(1, 5)),) if is_batch else ()
    rng = np.random.RandomState(draw(seeds))

    def array(*shape: int) -> FloatArray:
        return rng.uniform(-1, 1, shape).astype(dtype)

    kind = form.params
    G = len(kind.GATES)
    stacks = {"W": array(G * H, I), "U": (array(G * H, H) / H).astype(dtype)}
    for name, parts in kind.STACKS.items():
        if name not in stacks and name not in form.absent and (name != "b" or draw(st.booleans())):
            stacks[name] = array(len(parts) * H)
    options = dict(form.switches)
    if form.is_general:
        options |= draw(choices(len(kind.ACTIVATIONS)))
    params: Any = kind
    found = params(**stacks, **options)
    x = rng.normal(size=(T, *batch, I)).astype(dtype)
    clamps = draw(holds(found, T)) if is_held else []
    states = tuple(array(*batch, H) for _ in kind.STATES)
    return Case(found, x, states, clamps, draw(st.sampled_from(SIZES)) if is_batch else LARGE)


@st.composite
def choices(draw: st.DrawFn, count: int) -> dict[str, Any]:
    """Draw a clip and any activations, with ONNX's constants or others."""
    found = []
    for _ in range(count):
        name = draw(st.sampled_from(ACTIVATIONS))
        constants = CONSTANTS.get(name, ()) if draw(st.booleans()) else ()
        found.append(Activation.of(name, *constants))
    return {"activations": tuple(found), "clip": draw(st.sampled_from([None, 0.4, 1.5]))}


def holds(params: Params, steps: int) -> st.SearchStrategy[list[Clamp]]:
    """Some clamps, at every step or at one, often several of one place."""
    one = st.builds(
        Clamp,
        st.sampled_from([equation.value for equation in params.equations()]),
        st.integers(0, min(2, params.hidden_size - 1)),
        st.sampled_from([0.0, 1.0, -0.5, 0.375]),
        st.none() | st.integers(0, steps - 1),
    )
    return st.lists(one, min_size=1, max_size=8)


GRU, LSTM, RNN = (Form(kind, {}) for kind in (GRUParams, LSTMParams, RNNParams))
ANY_GRU, ANY_LSTM, ANY_RNN = (one._replace(is_general=True) for one in (GRU, LSTM, RNN))

WRITES = Form(GRUParams, {"reset_after": True, "z_keeps": False}, ("b_hn",), True)
BEFORE = Form(GRUParams, {"reset_after": False, "z_keeps": True}, (), True)
CHUNG = Form(GRUParams, {"reset_after": False, "z_keeps": False}, ("b_hn",))
COUPLED = Form(LSTMParams, {"input_forget": True}, ("p",))
PEEPHOLES = Form(LSTMParams, {"input_forget": False})
BOTH = Form(LSTMParams, {"input_forget": True}, (), True)

LSTM, ANY_LSTM = (one._replace(absent=("p",)) for one in (LSTM, ANY_LSTM))


class Shape(NamedTuple):
    """A form in a dtype, for one sequence or a batch; a kernel is compiled for each of them."""

    form: Form
    dtype: str
    is_batch: bool

    def __str__(self) -> str:
        return f"{self.form}-{self.dtype}-{'batch' if self.is_batch else 'one'}"


SHAPES = [
    *(Shape(form, dtype, b) for form in (GRU, LSTM, RNN) for dtype in ("float64", "float32")
      for b in (False, True)),
    *(Shape(form, dtype, b) for form in (ANY_GRU, ANY_LSTM, ANY_RNN)
      for dtype, b in (("float64", False), ("float32", True))),
    Shape(WRITES, "float64", True),
    Shape(BEFORE, "float64", False),
    Shape(BEFORE, "float32", True),
    Shape(CHUNG, "float64", True),
    Shape(CHUNG, "float32", False),
    Shape(COUPLED, "float64", False),
    Shape(PEEPHOLES, "float64", True),
    Shape(BOTH, "float64", True),
    Shape(BOTH, "float32", False),
]  # fmt: skip
"""Every form, but not in every shape: a kernel takes seconds to compile. `test_sources` runs the
source of all of them."""

HELD = [
    shape
    for shape in SHAPES
    if (shape.form in (GRU, LSTM, RNN) and shape.dtype == "float64")
    or shape in (Shape(BEFORE, "float32", True), Shape(BOTH, "float64", True))
]
