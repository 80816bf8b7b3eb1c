"""The module that writes equations into the page, called in the browser."""

from __future__ import annotations

from hypothesis import given

from gru_core.parameters.params import Params
from gruscope.documents.opened import equation_parts
from tests.app.strategies import forms
from tests.browser.cell.test_equations import WALK
from tests.browser.modules import Modules, js
from tests.js.test_formats import quick

__all__ = ["js"]  # a fixture


@quick
@given(forms())
def test_any_equation_is_read_back_as_it_was(js: Modules, params: Params) -> None:
    texts = [str(equation) for equation in params.equations()]
    words = [part.model_dump()["words"] for part in equation_parts(params)]
    body = f"""const root = document.createElement("div");
      root.id = "under-test";
      root.append(...argument.map((words) => m.equationElement({{value: "z", words}})));
      document.body.append(root);
      const read = ({WALK})("#under-test p");
      const names = [...root.querySelectorAll("[data-name]")].map((e) => e.dataset.name);
      root.remove();
      return {{read, names}};"""
    found = js.run("model/cell/equations", body, words)
    assert found["read"] == texts
    states = {f"{state}_prev" for state in params.STATES}
    assert set(found["names"]) <= {*params.arrays(), *params.VALUES, "x"} | states
