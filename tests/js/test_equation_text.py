"""An equation's function, written with a number in the place of its sum."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gru_core.parameters.params import Params
from tests.app.strategies import forms
from tests.js.modules import Modules, js
from tests.js.test_formats import quick

__all__ = ["js"]  # a fixture


@quick
@given(forms(), st.sampled_from(["0.5000", "−1.2500"]))
def test_a_number_in_the_place_of_the_sum(js: Modules, params: Params, number: str) -> None:
    for equation in params.equations():
        part = {"function": equation.function, "pre": equation.pre, "clip": equation.clip}
        written = js.call("model/cell/equations", "applied", part, number)
        if equation.pre is None:
            assert written == ""
        elif equation.clip is None:
            assert written == f"{equation.function}({number})"
        else:
            start, _, end = written.partition(f"(clip({number}, ±")
            assert start == equation.function
            assert float(end.removesuffix("))")) == equation.clip
