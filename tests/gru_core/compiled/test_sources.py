"""The sources of kernels against the NumPy steppers, for every form, without a compiler."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gru_core import SIGMOID, TANH, Activation, Clamp, GRUParams, LSTMParams, RNNParams
from gru_core.compiled.forms import Kernel, form_of
from gru_core.compiled.source import source_of
from gru_core.compiled.steps import LARGE
from tests.gru_core.compiled.comparing import assert_near, assume_comparable, gradients, run
from tests.gru_core.compiled.drawn import Case, Form, cases
from tests.gru_core.compiled.engines import NUMPY, using
from tests.gru_core.compiled.plain_kernels import using_sources

some = settings(
    derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Draw any form; one without other activations may have its sigmoids and tanhs anywhere."""
    kind = draw(st.sampled_from([GRUParams, LSTMParams, RNNParams]))
    switches: dict[str, Any] = {
        GRUParams: {"reset_after": draw(st.booleans()), "z_keeps": draw(st.booleans())},
        LSTMParams: {"input_forget": draw(st.booleans())},
        RNNParams: {},
    }[kind]
    is_general = draw(st.booleans())
    if not is_general:
        count = len(kind.ACTIVATIONS)
        switches["activations"] = tuple(
            draw(st.sampled_from([SIGMOID, TANH])) for _ in range(count)
        )
    absent = ("b_hn", "p") if draw(st.booleans()) else ()
    return Form(kind, switches, absent, is_general)


@st.composite
def any_cases(draw: st.DrawFn, is_held: bool = False) -> Case:
    dtype, is_batch = draw(st.sampled_from(["float64", "float32"])), draw(st.booleans())
    return draw(cases(draw(forms()), dtype, is_batch, is_held, steps=5))


@given(any_cases())
@some
def test_values(case: Case) -> None:
    with using(NUMPY):
        expected = run(case)
    assume_comparable(case.params, expected)
    with using_sources():
        found = run(case)
    assert found.is_compiled
    assert_near(found.values, expected.values)


@given(any_cases(is_held=True))
@some
def test_held_values(case: Case) -> None:
    with using(NUMPY):
        expected = run(case)
    assume_comparable(case.params, expected)
    with using_sources():
        found = run(case)
    assert_near(found.values, expected.values)


@given(any_cases())
@some
def test_gradients(case: Case) -> None:
    with using(NUMPY):
        trace = run(case)
    assume_comparable(case.params, trace, is_slope=True)
    with using(NUMPY):
        expected = gradients(case, trace)
    with using_sources():
        found = gradients(case, trace)
    assert_near(found, expected)


def test_forms_are_shared() -> None:
    """Sizes, weights, and activations of a general kernel make no other kernel."""
    params = GRUParams.random(2, 3, seed=0)
    assert form_of(params) is form_of(GRUParams.random(5, 9, seed=1))
    assert form_of(params) is not form_of(params.with_form(z_keeps=False))
    clipped, others = (
        params.with_form(clip=0.5),
        params.with_form(clip=2.0, activations=(TANH, TANH)),
    )
    assert form_of(clipped) is form_of(others)
    one = Kernel(form_of(params), "forward", "float32", False)
    assert source_of(one) is source_of(Kernel(form_of(params), "forward", "float32", False))
    assert np.dtype(one.dtype) == np.float32


# The cases from here on are few and fixed, for the deliberate errors of `tests.mutation`.

T, B, I, H = 4, 3, 2, 5
CLIP = 0.4
OTHERS = (("scaled_tanh", 1.3, 0.8), ("elu", 1.4), ("softplus",))

FORMS = [
    *(
        Form(GRUParams, {"reset_after": after, "z_keeps": keeps}, absent, general)
        for after, keeps, absent, general in product(
            (True, False), (True, False), ((), ("b_hn",)), (False, True)
        )
    ),
    *(
        Form(LSTMParams, {"input_forget": coupled}, absent, general)
        for coupled, absent, general in product((True, False), ((), ("p",)), (False, True))
    ),
    Form(RNNParams, {}),
    Form(RNNParams, {}, (), True),
]


def case_of(form: Form, is_batch: bool, clamps: list[Clamp]) -> Case:
    rng, kind = np.random.RandomState(1), form.params
    G, batch = len(kind.GATES), (B,) if is_batch else ()
    shapes: dict[str, tuple[int, ...]] = {
        name: (len(parts) * H,) for name, parts in kind.STACKS.items() if name not in form.absent
    } | {"W": (G * H, I), "U": (G * H, H)}
    stacks = {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
    options = dict(form.switches)
    if form.is_general:
        options["activations"] = tuple(
            Activation.of(*one) for one in OTHERS[: len(kind.ACTIVATIONS)]
        )
        options["clip"] = CLIP
    made: Any = kind
    return Case(
        made(**stacks, **options),
        rng.normal(size=(T, *batch, I)),
        tuple(rng.uniform(-size, size, (*batch, H)) for size in (1, 4)[: len(kind.STATES)]),
        clamps,
        1 if is_batch else LARGE,
    )


@pytest.mark.parametrize("is_batch", [False, True], ids=["one", "batch"])
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_fixed_values_and_gradients(form: Form, is_batch: bool) -> None:
    case = case_of(form, is_batch, [])
    with using(NUMPY):
        expected = run(case)
        slopes = gradients(case, expected)
    with using_sources():
        found = run(case)
        assert_near(found.values, expected.values)
        assert_near(gradients(case, expected), slopes)
    if form.is_general and "c" in expected.values:
        assert (abs(expected.values["c"]) > CLIP).any(), "the clip is not for the cell state"


@pytest.mark.parametrize("is_batch", [False, True], ids=["one", "batch"])
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_fixed_held_values(form: Form, is_batch: bool) -> None:
    names = [one.value for one in case_of(form, is_batch, []).params.equations()]
    clamps = [Clamp(name, k % H, 0.375, t=k % T) for k, name in enumerate(names)]
    clamps += [Clamp(names[0], 1, -0.5), Clamp(names[-1], 2, 0.25)]
    case = case_of(form, is_batch, clamps)
    with using(NUMPY):
        expected = run(case)
    with using_sources():
        assert_near(run(case).values, expected.values)
