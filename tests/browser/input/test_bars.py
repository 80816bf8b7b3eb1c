"""The module that draws numbers as bars, called in the browser."""

from __future__ import annotations

from tests.browser.modules import Modules, js

__all__ = ["js"]  # a fixture


def test_points_between_two_points_are_on_their_line(js: Modules) -> None:
    points = js.call(
        "views/input/bars-input", "between", {"t": 5, "value": 1}, {"t": 1, "value": -1}
    )
    assert points == [{"t": t, "value": -1 + (t - 1) / 2} for t in range(1, 6)]
