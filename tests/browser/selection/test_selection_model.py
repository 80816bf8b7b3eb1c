"""Five hundred random actions, each followed by every view agreeing with a small reference."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from tests.browser.page import Page
from tests.browser.views import (
    Place,
    assert_agree,
    gate_of,
    over_grid,
    over_plot,
    read,
    rows_in_sight,
)

ACTIONS = 500
AWAY = (8.0, 8.0)
CELLS = ("gru", "lstm", "rnn")
ARROWS = {"ArrowLeft": ("t", -1), "ArrowRight": ("t", 1), "Home": ("t", -999), "End": ("t", 999)}
KEYS = {**ARROWS, "ArrowUp": ("unit", -1), "ArrowDown": ("unit", 1)}
# An edit may leave out frames until its answer is there.
ANSWERED = "() => document.getElementById('plots').dataset.synced"
WEIGHTS = {
    "hover plot": 20,
    "click plot": 10,
    "leave": 6,
    "hover weight": 10,
    "click weight": 6,
    "hover step": 8,
    "hover name": 6,
    "click name": 4,
    "step": 8,
    "plot key": 12,
    "enter": 4,
    "escape": 8,
    "button": 5,
    "type": 5,
    "delete": 5,
    "undo": 3,
    "cell": 1,
    "play": 1,
}


class Reference:
    """What is pinned, what is pointed at, what is marked: the rules, once more."""

    def __init__(self, page: Page, views: dict[str, Any]) -> None:
        self.page = page.browser_page
        self.tab = page
        self.views = views
        self.held = Place(24, 15, "h")
        self.preview: Place | None = None
        self.marks = False
        self.pinned = True
        self.over = False
        self.focused = ""

    @property
    def in_plots(self) -> bool:
        return self.focused != ""

    @property
    def seen(self) -> Place:
        return self.preview or self.held

    @property
    def quantities(self) -> list[str]:
        return [plot["quantity"] for plot in self.views["plots"]]

    def select(self, marks: bool = True, **part: Any) -> None:
        self.held = replace(self.held, **part)
        self.preview, self.marks = None, False
        self.pinned |= marks

    def point(self, marks: bool = True, **part: Any) -> None:
        self.preview, self.marks = replace(self.held, **part), marks

    def clear(self) -> None:
        self.preview, self.marks = None, False

    def clamped(self, along: str, by: int, place: Place) -> int:
        most = self.views["steps" if along == "t" else "hidden"] - 1
        value: int = getattr(place, along) + by
        return max(0, min(most, value))

    def move(self, point: tuple[float, float]) -> None:
        self.page.mouse.move(*point)

    def blur(self) -> None:
        self.page.evaluate("document.activeElement.blur()")
        if self.in_plots:
            self.clear()
        self.focused = ""

    def random_place(self, random: Random) -> Place:
        t, unit = random.randrange(self.views["steps"]), random.randrange(self.views["hidden"])
        return Place(t, unit, random.choice(self.quantities))

    def random_weight(self, random: Random) -> tuple[tuple[float, float], dict[str, Any]]:
        grid = random.choice(self.views["grids"])
        row = random.choice(rows_in_sight(self.views, grid["array"]))
        place = {"unit": row, "quantity": gate_of(grid["array"])}
        return over_grid(self.views, grid["array"], row), place

    def random_name(self, random: Random) -> tuple[tuple[float, float], str]:
        quantity = random.choice(self.quantities)
        title = self.page.locator(f".plot-title > [data-name='{quantity}']").bounding_box()
        assert title is not None
        return (title["x"] + random.uniform(1, 6), title["y"] + 8), quantity

    def away(self) -> None:
        """The pointer takes along what it points at, not what the keyboard does."""
        self.move(AWAY)
        if self.over:
            self.clear()
        self.over = False

    def act(self, name: str, random: Random) -> None:
        getattr(self, name.replace(" ", "_"))(random)
        if name.startswith(("hover", "click")):
            self.over = True
        self.views = read(self.tab)
        if name == "plot key":
            assert self.views["focused"] == self.focused
        # A click elsewhere may leave the keyboard where it is.
        self.focused = self.views["focused"] or ""

    def hover_plot(self, random: Random) -> None:
        place = self.random_place(random)
        self.move(over_plot(self.views, place))
        self.point(**vars(place))

    def click_plot(self, random: Random) -> None:
        place = self.random_place(random)
        self.page.mouse.click(*over_plot(self.views, place))
        self.select(**vars(place))

    def leave(self, _: Random) -> None:
        self.away()

    def hover_weight(self, random: Random) -> None:
        point, place = self.random_weight(random)
        self.move(point)
        self.point(**place)

    def click_weight(self, random: Random) -> None:
        point, place = self.random_weight(random)
        self.page.mouse.click(*point)
        self.select(**place)

    def hover_step(self, random: Random) -> None:
        t = random.randrange(self.views["steps"])
        x, _ = over_plot(self.views, replace(self.held, t=t, quantity=self.quantities[0]))
        strip = self.page.locator("#strip").bounding_box()
        assert strip is not None
        self.move((x, strip["y"] + 20))
        self.point(marks=False, t=t)

    def hover_name(self, random: Random) -> None:
        point, quantity = self.random_name(random)
        self.move(point)
        self.point(quantity=quantity)

    def click_name(self, random: Random) -> None:
        point, quantity = self.random_name(random)
        self.page.mouse.click(*point)
        self.select(quantity=quantity)

    def step(self, random: Random) -> None:
        self.blur()
        key = random.choice(list(ARROWS))
        self.page.keyboard.press(key)
        self.select(marks=False, t=self.clamped(*ARROWS[key], self.held))

    def plot_key(self, random: Random) -> None:
        if not self.in_plots:
            self.blur()
            self.focus_plots()
        key = random.choice([*KEYS, "PageUp", "PageDown"])
        self.page.keyboard.press(key)
        place = replace(self.seen, quantity=self.focused)
        if key in KEYS:
            along, by = KEYS[key]
            place = replace(place, **{along: self.clamped(along, by, place)})
        else:
            turned = self.quantities.index(self.focused) + (-1 if key == "PageUp" else 1)
            at = max(0, min(len(self.quantities) - 1, turned))
            if self.quantities[at] == self.focused:
                return
            self.focused = self.quantities[at]
            place = replace(place, quantity=self.focused)
        self.point(**vars(place))

    def focus_plots(self) -> None:
        stop = self.seen.quantity
        self.focused = stop if stop in self.quantities else self.quantities[0]
        self.page.locator(f'.plot-cell[data-quantity="{self.focused}"]').focus()
        self.point(**vars(replace(self.seen, quantity=self.focused)))

    def enter(self, _: Random) -> None:
        if self.in_plots:
            self.page.keyboard.press("Enter")
            self.select(**vars(replace(self.seen, quantity=self.focused)))

    def escape(self, _: Random) -> None:
        if not self.in_plots:
            self.blur()
        self.page.keyboard.press("Escape")
        if self.preview is None:
            self.pinned = False
        self.clear()

    def button(self, random: Random) -> None:
        name, by = random.choice([("previous", -1), ("next", 1)])
        box = self.page.locator(f"#{name}").bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + 10, box["y"] + 10)
        self.over = False
        self.select(marks=False, t=self.clamped("t", by, self.held))

    def type(self, random: Random) -> None:
        self.blur()
        position = random.randrange(self.views["steps"])
        self.tab.type_at(position, random.choice("abq "))
        self.tab.wait_for(ANSWERED)
        self.select(marks=False, t=position)

    def delete(self, random: Random) -> None:
        if self.views["steps"] < 20:
            return
        self.blur()
        position = random.randrange(1, self.views["steps"])
        self.tab.type_at(position, "")
        self.page.keyboard.press("Backspace")
        self.tab.wait_for(ANSWERED)
        self.tab.settle()
        self.select(marks=False, t=max(0, position - 2))

    def undo(self, _: Random) -> None:
        self.away()
        self.blur()
        self.page.keyboard.press("Control+z")
        self.tab.settle()
        self.stay_within()

    def cell(self, random: Random) -> None:
        self.away()
        self.blur()
        self.tab.choose_cell(random.choice(CELLS))
        self.blur()
        self.stay_within()

    def stay_within(self) -> None:
        """What an edit leaves of the selection: as much as there still is."""
        self.views = read(self.tab)
        names = self.page.evaluate(
            """() => [...document.querySelectorAll("#quantities [data-quantity]")]
              .map((e) => e.dataset.quantity)"""
        )
        t = min(self.held.t, self.views["steps"] - 1)
        quantity = self.held.quantity if self.held.quantity in names else self.quantities[-1]
        self.held = replace(self.held, t=t, quantity=quantity)

    def play(self, _: Random) -> None:
        self.blur()
        self.page.select_option("#speed", "20")
        self.blur()
        self.page.keyboard.press("Space")
        before = self.held.t
        self.tab.wait_for(f"() => Number(document.getElementById('scrub').value) !== {before + 1}")
        self.page.keyboard.press("Space")
        self.clear()
        self.tab.settle()
        self.views = read(self.tab)
        self.held = replace(self.held, t=self.views["clock"])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [4])
def test_every_view_agrees_after_every_action(page: Page, seed: int) -> None:
    random = Random(seed)
    page.find("#cell-vectors").click()
    page.browser_page.mouse.move(*AWAY)
    reference = Reference(page, read(page))
    reference.blur()
    done: list[str] = []
    for name in random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=ACTIONS):
        reference.act(name, random)
        done.append(f"{name} -> {reference.seen}")
        marked = reference.pinned or reference.marks
        try:
            assert_agree(reference.views, reference.seen, reference.held, marked)
        except AssertionError as error:
            drawn = {
                key: reference.views[key] for key in ("steps", "clock", "spots", "chip", "label")
            }
            raise AssertionError("\n".join([*done[-6:], str(drawn)])) from error
    page.settle()
    number = read(page)["number"]
    shown = (int(number["t"]), int(number["unit"]), number["quantity"])
    assert shown == (reference.seen.t, reference.seen.unit, reference.seen.quantity)
