"""What each view of the page shows as selected, read off what it draws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.page import Page

READ = Path(__file__).with_name("views.js").read_text()

WRITTEN = {"n": "h̃"}


@dataclass(frozen=True)
class Place:
    """One value of the run; t from 0."""

    t: int
    unit: int
    quantity: str


def read(page: Page) -> dict[str, Any]:
    """Every view's selection, once what was done is drawn."""
    page.frame()
    views: dict[str, Any] = page.browser_page.evaluate(READ)
    return views


def gate_of(array: str) -> str:
    """The value that a weight is part of."""
    return array[-1] if "_" in array else "h"


def assert_agree(
    views: dict[str, Any], seen: Place, held: Place, marked: bool, in_number: bool = False
) -> None:
    """All views show one place, and mark it or nothing."""
    quantities = [plot["quantity"] for plot in views["plots"]]
    assert views["clock"] == seen.t
    assert views["pending"] == (seen.t != held.t)
    assert views["cursors"] == [seen.t, seen.t]
    expected = [[seen.t, seen.unit, quantity == seen.quantity] for quantity in quantities]
    assert views["spots"] == (expected if marked else [])
    for grid in views["grids"]:
        assert grid["outlined"] == (seen.unit if marked else None), grid["array"]
        assert grid["lit"] == (gate_of(grid["array"]) == seen.quantity), grid["array"]
        assert grid["chosen"] in (None, held.unit), grid["array"]
    assert views["lit"] == ([seen.quantity] if marked else [])
    name = WRITTEN.get(seen.quantity, seen.quantity)
    assert views["chip"] == (f"{name}[{seen.unit}]" if marked else None)
    number = held if in_number else seen
    assert (views["unit"], views["tab"]) == (number.unit, number.quantity)
    for plot in views["plots"]:
        said = f"{WRITTEN.get(plot['quantity'], plot['quantity'])}, unit {seen.unit}"
        assert plot["said"].startswith(f"{said}, t = {seen.t + 1}: ")
    if views["label"] is not None:
        assert views["label"][1] == f"{name} · unit {seen.unit} · t = {seen.t + 1}"


def over_plot(views: dict[str, Any], place: Place) -> tuple[float, float]:
    """Where on screen a value of a heatmap is."""
    box = next(plot["box"] for plot in views["plots"] if plot["quantity"] == place.quantity)
    x = box["left"] + (place.t + 0.5) / views["steps"] * box["width"]
    return x, box["top"] + (place.unit + 0.5) / views["hidden"] * box["height"]


def over_grid(views: dict[str, Any], array: str, row: int) -> tuple[float, float]:
    """Where on screen the first weight of a row is."""
    grid = next(grid for grid in views["grids"] if grid["array"] == array)
    space = grid["space"]
    return grid["box"]["left"] + 3, space["top"] + (row + 0.5) / grid["rows"] * space["height"]


def rows_in_sight(views: dict[str, Any], array: str) -> list[int]:
    """Rows of a weight array that are not scrolled away."""
    grid = next(grid for grid in views["grids"] if grid["array"] == array)
    top, bottom = grid["box"]["top"] + 1, grid["box"]["bottom"] - 1
    return [row for row in range(grid["rows"]) if top < over_grid(views, array, row)[1] < bottom]
