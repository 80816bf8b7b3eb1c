"""The tour: pages that explain the cell by running trained networks, in reading order."""

from __future__ import annotations

from typing import Any

from gruscope.content.tour.cells import LSTM, ONWARD, OWN
from gruscope.content.tour.gates import RESET, UPDATE
from gruscope.content.tour.memory import FADING, WHY
from gruscope.content.tour.network import OUTPUTS, TRAINING, UNITS
from gruscope.content.tour.page import Page, Train, page_json
from gruscope.content.tour.state import BLEND, CANDIDATE, CURVES

PAGES: tuple[Page, ...] = (
    WHY,
    FADING,
    UPDATE,
    RESET,
    CANDIDATE,
    CURVES,
    BLEND,
    OUTPUTS,
    UNITS,
    TRAINING,
    LSTM,
    OWN,
)


def tour_json(*, trains: bool = True) -> list[dict[str, Any]]:
    """Return the pages as JSON for the page's script.

    Parameters
    ----------
    trains : bool
        Whether the server trains networks; without, the page about that is left out.
    """
    return [page_json(page) for page in PAGES if trains or not isinstance(page.task, Train)]


def onward_json() -> list[dict[str, Any]]:
    """Return the links on the last page as JSON."""
    return [way._asdict() for way in ONWARD]
