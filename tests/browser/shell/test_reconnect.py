"""The server may die at any moment; what was typed stays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from tests.browser.page import Page
from tests.browser.server import Server

READER = EXAMPLES["reader"]


def wait_for_connection(page: Page, state: str) -> None:
    page.wait_for(
        "state => document.getElementById('connection').dataset.connection === state", state
    )


def test_a_killed_and_restarted_server_loses_nothing(
    open_page: Callable[..., Page], own_server: Server
) -> None:
    page = open_page(own_server.url)
    page.click_cell("U_z", 1, 1)
    page.browser_page.keyboard.type("1.75")
    page.type_at(5, "ab")
    own_server.kill()
    page.browser_page.keyboard.type("cd")
    wait_for_connection(page, "lost")
    assert "lost" in page.find("#connection-text").inner_text()
    page.browser_page.keyboard.type("ef")
    text = READER.text[:5] + "abcdef" + READER.text[5:]
    assert page.text == text

    own_server.start()
    wait_for_connection(page, "open")
    params = READER.network()
    changed = params.U_z.copy()
    changed[1, 1] = 1.75
    trace = GRU(params.replace(U_z=changed)).run(one_hot(text, READER.alphabet or ""))
    np.testing.assert_allclose(page.plots()["h"], trace.h, atol=1e-6)
    page.click_cell("U_z", 1, 1)
    assert page.weight == 1.75

    while page.find("#undo").is_enabled():
        page.find("#undo").click()
        page.frame()
    first = GRU(params).run(READER.inputs())
    np.testing.assert_allclose(page.plots()["h"], first.h, atol=1e-6)


def test_a_server_killed_twice_while_edits_flow(
    open_page: Callable[..., Page], own_server: Server
) -> None:
    page = open_page(own_server.url)
    for _ in range(2):
        page.type_at(0, "")
        page.browser_page.keyboard.type("mnop", delay=5)
        own_server.kill()
        page.browser_page.keyboard.type("qrst", delay=5)
        own_server.start()
        wait_for_connection(page, "open")
    text = "mnopqrst" * 2 + (READER.text or "")
    assert page.text == text
    trace = GRU(READER.network()).run(one_hot(text, READER.alphabet or ""))
    np.testing.assert_allclose(page.plots()["h"], trace.h, atol=1e-6)
