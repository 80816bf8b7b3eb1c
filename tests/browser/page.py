"""The page as a test uses it: the user's actions, and what is visible."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import ConsoleMessage, Error, Locator, Request
from playwright.sync_api import Page as PlaywrightPage

from tests.browser.tabs import REMOUNT

QUANTITIES = ("z", "r", "n", "h")

DRAWN = """() => new Promise((then) => {
  let [frames, calm] = [0, 0];
  const look = () => {
    frames += 1;
    calm = document.getElementById("plots")?.dataset.synced === "" ? 0 : calm + 1;
    if (calm > 2 || frames > 60) setTimeout(then);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""

# As text, since Playwright checks every number of an array on its own.
READ_PLOTS = """() => {
  const rows = (trace) => trace.z.map((row) => Array.from(row));
  const { data } = document.getElementById("plotly");
  return JSON.stringify(data.map((trace) => [trace.name, rows(trace)]));
}"""


class Page:
    """One tab."""

    def __init__(self, browser_page: PlaywrightPage, url: str) -> None:
        self.browser_page = browser_page
        self.url = url
        self.complaints: list[str] = []
        browser_page.on("console", self._console)
        browser_page.on("pageerror", self._error)
        browser_page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        lost = "WebSocket connection to" in message.text or "CONNECTION_REFUSED" in message.text
        if message.type in {"error", "warning"} and not lost:
            self.complaints.append(f"console {message.type}: {message.text}")

    def _error(self, error: Error) -> None:
        self.complaints.append(f"error: {error}")

    def _request(self, request: Request) -> None:
        mine, theirs = urlsplit(self.url), urlsplit(request.url)
        if theirs.scheme in {"http", "https", "ws", "wss"} and theirs.netloc != mine.netloc:
            self.complaints.append(f"request to {request.url}")

    def release(self) -> None:
        """Listen no more, so that the tab can be used for another page."""
        self.browser_page.remove_listener("console", self._console)
        self.browser_page.remove_listener("pageerror", self._error)
        self.browser_page.remove_listener("request", self._request)

    def open(self) -> None:
        """Load the page, or start it in a tab that has loaded it for another test."""
        waits = "(url) => location.href === url && window.remount?.ended === true"
        if self.browser_page.evaluate(waits, self.url):
            self.browser_page.evaluate("remount.start()")
        else:
            self.browser_page.goto(self.url)
            self.browser_page.evaluate(REMOUNT)
        self.settle()

    def kept_document(self) -> str | None:
        """The document as the tab keeps it, which it writes at the latest when it is left."""
        kept: str | None = self.browser_page.evaluate(
            """() => {
              dispatchEvent(new Event("pagehide"));
              dispatchEvent(new Event("pageshow"));
              return sessionStorage.getItem("gruscope document");
            }"""
        )
        return kept

    def reopen(self, document: dict[str, Any]) -> None:
        """Start the page again with another document than it kept."""
        self.browser_page.evaluate(
            """async (wanted) => {
              remount.end();
              sessionStorage.setItem("gruscope document", wanted);
              await remount.start();
            }""",
            json.dumps(document, separators=(",", ":")),
        )
        self.settle()

    def find(self, selector: str) -> Locator:
        return self.browser_page.locator(selector)

    def frame(self) -> None:
        """Wait until all changes are drawn.

        The page draws once a frame, leaves out some while a run is about to come, and draws what
        is not over time one later.
        """
        self.browser_page.evaluate(DRAWN)

    def settle(self) -> None:
        """Wait until Plotly shows the newest run and the page asks for nothing more."""
        self.frame()
        self.browser_page.wait_for_function(
            """() => {
              const plots = document.getElementById("plots");
              const { synced, settled } = plots.dataset;
              return synced && settled === synced && !plots.classList.contains("live");
            }"""
        )

    def plots(self) -> dict[str, NDArray[np.float64]]:
        """What Plotly draws once settled: each quantity as (T, H)."""
        self.settle()
        pairs = json.loads(self.browser_page.evaluate(READ_PLOTS))
        return {name: np.array(units, np.float64).T for name, units in pairs}

    def choose(self, network: str) -> None:
        """Choose a network by its name in the list of networks; leave the present one as it is."""
        self.open_network()
        self.find(f'.network-card[data-network="{network}"]').click()
        self.settle()

    @property
    def network(self) -> str:
        """The name of the network on the page, "" for one's own."""
        self.frame()
        return self.find("#picker-open").get_attribute("data-network") or ""

    def choose_layer(self, layer: int, direction: str = "forward") -> None:
        """Choose a block of the network map, by its place in the row."""
        button = self.find(f'#network-map .map-block[data-place="{layer}.{direction}"]')
        button.click()
        self.settle()

    def choose_cell(self, cell: str) -> None:
        self.browser_page.select_option("#cell", cell)
        self.settle()

    def choose_form(self, form: str) -> None:
        self.browser_page.select_option("#form", form)
        self.settle()

    def open_network(self) -> None:
        """Open the list of networks, with the untrained network's sizes, seed and gain."""
        self.find("#picker-open").click()

    def set_network(self, field: str, value: str) -> None:
        """Open an untrained network with another size, seed or gain; a refusal stays on show."""
        self.open_network()
        self.find(f"#{field}").fill(value)
        self.find(f"#{field}").press("Enter")

    def plot_point(self, quantity: str, t: int, unit: int) -> tuple[float, float]:
        """Where on screen a value of a heatmap is, by Plotly's own axes; t from 1."""
        axis = "yaxis" if quantity == "z" else f"yaxis{QUANTITIES.index(quantity) + 1}"
        x, y = self.browser_page.evaluate(
            """([axis, t, unit]) => {
              const host = document.getElementById("plotly");
              const {left, top} = host.getBoundingClientRect();
              const {xaxis, [axis]: yaxis} = host._fullLayout;
              return [left + xaxis._offset + xaxis.l2p(t), top + yaxis._offset + yaxis.l2p(unit)];
            }""",
            [axis, t, unit],
        )
        return x, y

    @property
    def text(self) -> str:
        self.frame()
        return self.find("#text").input_value()

    def type_at(self, position: int, text: str) -> None:
        """Put the caret after `position` characters and type."""
        self.find("#text").focus()
        self.browser_page.evaluate(
            "position => document.getElementById('text').setSelectionRange(position, position)",
            position,
        )
        self.browser_page.keyboard.type(text)

    def paste(self, text: str, target: str = "body") -> None:
        """Fire the paste a clipboard would."""
        self.browser_page.evaluate(
            """([text, target]) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/plain", text);
              const options = {clipboardData, bubbles: true, cancelable: true};
              document.querySelector(target).dispatchEvent(new ClipboardEvent("paste", options));
            }""",
            [text, target],
        )

    @property
    def notice(self) -> str:
        """The message on show, that of the list of networks if it is open, else an empty string."""
        self.frame()
        if (fault := self.find("#picker-fault")).is_visible():
            return fault.inner_text()
        notice = self.find("#notice")
        return self.find("#notice-text").inner_text() if notice.is_visible() else ""

    @property
    def t(self) -> int:
        """The timestep shown, from 1."""
        self.frame()
        return int(self.find("#clock").inner_text().split()[2])

    def wait_for(self, condition: str, arg: Any = None) -> None:
        self.browser_page.wait_for_function(condition, arg=arg)

    def cell(self, array: str, row: int, column: int = 0) -> tuple[float, float]:
        """The middle of a weight's cell on screen."""
        self.frame()
        view = self.find(f'[data-array="{array}"] .array-view')
        box = view.bounding_box()
        rows, columns = self.browser_page.evaluate(
            """name => {
              const space = document.querySelector(`[data-array="${name}"] .array-space`);
              const view = space.parentElement;
              return [space.offsetHeight, space.offsetWidth];
            }""",
            array,
        )
        assert box is not None
        shape = self.shape(array)
        return (
            box["x"] + (column + 0.5) * columns / shape[1],
            box["y"] + (row + 0.5) * rows / shape[0],
        )

    def shape(self, array: str) -> tuple[int, int]:
        label = self.find(f'[data-array="{array}"] .array-view').get_attribute("aria-label") or ""
        sizes = label.split(", ")[1].split(" by ")
        return int(sizes[0]), int(sizes[1]) if len(sizes) > 1 else 1

    def click_cell(self, array: str, row: int, column: int = 0) -> None:
        self.browser_page.mouse.click(*self.cell(array, row, column))
        self.frame()

    @property
    def weight(self) -> float:
        """The chosen weight's value in its field."""
        self.frame()
        return float(self.find("#weight-value").input_value())
