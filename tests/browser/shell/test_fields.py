"""Fields show their whole number, at every size of the window."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from tests.browser.conftest import Open
from tests.browser.server import Server

READER = EXAMPLES["reader"]
SIZES = [(1366, 650), (1440, 900), (1920, 1080), (390, 844)]
NETWORK: dict[str, Any] = {
    "kind": "random",
    "cell": "lstm",
    "hidden_size": 512,
    "seed": 2147483647,
    "gain": 12.25,
    "input_size": 1,
}

# The text of each visible field against the room inside it, as its own font measures it.
CUT = """() => [...document.querySelectorAll("input[type=number], input.number")]
  .filter((field) => field.checkVisibility() && field.value !== "")
  .map((field) => {
    const style = getComputedStyle(field);
    const context = document.createElement("canvas").getContext("2d");
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    const needed = context.measureText(field.value).width;
    return [field.id, field.value, needed, field.clientWidth - padding];
  })"""


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_field_cuts_its_number_off(
    open_page: Open, server: Server, size: tuple[int, int]
) -> None:
    page = open_page(server.url, viewport={"width": size[0], "height": size[1]})
    holds = [{"op": "clamp", "quantity": "c", "unit": 15, "value": -49.12345}]
    values = [[round(float(x), 6)] for x in np.sin(np.arange(1000)) * 123.4]
    page.reopen(
        {"network": NETWORK, "edits": holds, "input": {"kind": "numbers", "values": values}}
    )
    page.find('#quantities [data-quantity="c"]').click()
    page.find("#unit").fill("15")
    if size[0] >= 1024 and size[1] < 880:  # a short window has a menu
        page.find("#array-more summary").click()
    page.find("#array-seed").fill("2147483647")
    page.settle()
    for example in (None, "reader", "latch"):
        if example:
            page.choose(example)
        fields = page.browser_page.evaluate(CUT)
        assert {"hold-value", "weight-value", "steps"} <= {field[0] for field in fields}
        for name, value, needed, room in fields:
            assert room + 1 > needed, f"{name} cuts {value} off"


def test_fields_show_a_value_with_all_its_digits(open_page: Open, server: Server) -> None:
    """Holding the number in the field changes nothing that can be seen."""
    page = open_page(server.url)
    look = READER.look
    shown = float(page.find("#hold-value").input_value())
    h = GRU(READER.network()).run(READER.inputs())
    assert shown == pytest.approx(float(getattr(h, look.value)[look.t, look.unit]), rel=3e-7)
    page.click_cell("W_z", 1, 3)
    assert page.weight == pytest.approx(float(READER.network().W_z[1, 3]), rel=3e-7)
