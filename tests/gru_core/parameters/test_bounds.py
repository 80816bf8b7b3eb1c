"""The bounds of the equations, compared with runs."""

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from gru_core import ACTIVATIONS, CELLS, Activation, Equation, Product, RangeError, cell
from gru_core.parameters.equations import bounds
from gru_core.parameters.references import complement, previous
from gru_core.parameters.references import value as now

FORMS = {
    "gru": {"reset_after": st.booleans(), "z_keeps": st.booleans()},
    "lstm": {"input_forget": st.booleans()},
    "rnn": {},
}


@st.composite
def params(draw):
    kind = CELLS[draw(st.sampled_from(sorted(CELLS)))].params
    form = draw(st.fixed_dictionaries(FORMS[kind.kind]))
    names = [draw(st.sampled_from(ACTIVATIONS)) for _ in kind.ACTIVATIONS]
    chosen = names if draw(st.booleans()) else [a.name for a in kind.ACTIVATIONS]
    form["activations"] = tuple(map(Activation.of, chosen))
    form["clip"] = draw(st.sampled_from([None, 0.7]))
    gain = draw(st.sampled_from([0.5, 1.0, 5.0]))
    return kind.random(2, 3, seed=draw(st.integers(0, 999)), gain=gain, **form)


@given(params(), st.integers(0, 999))
@settings(max_examples=200, deadline=None)
def test_no_run_leaves_the_bounds(given, seed):
    x = 3 * np.random.default_rng(seed).normal(size=(12, 2))
    try:
        trace = cell(given).run(x)
    except RangeError:
        reject()  # LSTMs of ReLU alone overflow within a few steps
    for value, interval in bounds(given.equations()).items():
        if interval is not None:
            values = trace.values[value]
            assert interval[0] - 1e-12 <= values.min() and values.max() <= interval[1] + 1e-12


@pytest.mark.parametrize(
    ("kind", "unbounded"), [("gru", set()), ("lstm", {"c"}), ("rnn", set())], ids=list(CELLS)
)
def test_values_without_bounds_by_default_grow_beyond_them(kind, unbounded):
    given = CELLS[kind].params.random(1, 8, seed=0, gain=3.0)
    found = bounds(given.equations())
    assert {value for value, interval in found.items() if interval is None} == unbounded
    trace = cell(given).run(np.full((200, 1), 5.0))
    assert all(abs(trace.values[value]).max() > 2 for value in unbounded)


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        (
            (("keep", (now("z"), previous("h"))), ("write", (complement("z"), now("n")))),
            (-1.0, 1.0),
        ),
        (
            (("keep", (complement("z"), previous("h"))), ("write", (now("z"), now("n")))),
            (-1.0, 1.0),
        ),
        ((("keep", (now("z"), previous("h"))), ("write", (now("z"), now("n")))), None),
        ((("keep", (now("z"), previous("h"))), ("write", (complement("n"), now("n")))), None),
        ((("keep", (complement("n"), previous("h"))), ("write", (now("n"), now("n")))), None),
        ((("keep", (now("z"), previous("c"))), ("write", (complement("z"), now("n")))), None),
        ((("keep", (now("z"), previous("h"))), ("write", (complement("z"), now("q")))), None),
        ((("keep", (now("z"), previous("h"))),), None),
        ((("show", (now("z"), now("n"))),), (-1.0, 1.0)),
        ((("show", (now("n"), now("n"))),), (-1.0, 1.0)),
        ((("couple", (complement("z"),)),), (0.0, 1.0)),
        ((("couple", (complement("n"),)),), (0.0, 2.0)),
    ],
)
def test_a_sum_is_bounded_only_where_a_gate_blends(equation, expected):
    known = (
        Equation("z", "", (), "a_z", Activation.of("sigmoid")),
        Equation("n", "", (), "a_n", Activation.of("tanh")),
        Equation("q", "", (), "a_q", Activation.of("relu")),
    )
    products = tuple(Product(kind, factors) for kind, factors in equation)
    assert bounds((*known, Equation("h", "", products)))["h"] == expected
