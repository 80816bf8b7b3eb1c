"""What a page of the tour consists of, and its JSON for the page's script."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from gru_core.gallery.card import Look
from gruscope.content.examples import document_json
from gruscope.wire.schema import (
    ArrayName,
    CellName,
    Document,
    Quantity,
)

Panel = Literal["input", "plots", "transport", "cell", "weights", "number"]


@dataclass(frozen=True)
class Select:
    """Go to a place; None means any."""

    say: str
    quantity: Quantity | None = None
    t: int | None = None
    unit: int | None = None
    kind: Literal["select"] = "select"


@dataclass(frozen=True)
class Stages:
    """Go through the parts of a step, to the last."""

    say: str
    kind: Literal["stage"] = "stage"


@dataclass(frozen=True)
class Type:
    """Change the text; shown by putting `insert` before step `t`."""

    say: str
    t: int
    insert: str
    kind: Literal["type"] = "type"


@dataclass(frozen=True)
class Hold:
    """Hold a value of a unit, at one step or (None) throughout."""

    say: str
    quantity: Quantity
    unit: int
    t: int | None
    value: float
    kind: Literal["hold"] = "hold"


@dataclass(frozen=True)
class Weight:
    """Change a weight of a unit in one of `arrays`; shown by setting one of the first to `value`.

    If there is a range `within`, the changed weight must lie in it.
    """

    say: str
    arrays: tuple[ArrayName, ...]
    row: int
    value: float
    column: int | None = None
    within: tuple[float, float] | None = None
    kind: Literal["weight"] = "weight"


@dataclass(frozen=True)
class Choose:
    """Choose a cell."""

    say: str
    cell: CellName
    kind: Literal["cell"] = "cell"


Task = Select | Stages | Type | Hold | Weight | Choose


@dataclass(frozen=True)
class Fact:
    """A value lies from `low` to `high`, or `outside` of that.

    `t` is a step, None for every step, or -1 for the last.
    """

    quantity: Quantity
    unit: int
    t: int | None
    low: float
    high: float
    outside: bool = False


@dataclass(frozen=True)
class Option:
    """A prediction and its reason; it is true if the value ends from `low` to `high`."""

    text: str
    why: str
    low: float
    high: float


@dataclass(frozen=True)
class Question:
    """A question about a value after the task; exactly one option is true."""

    ask: str
    value: Look
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Page:
    """One page of the tour.

    Attributes
    ----------
    name, title, text : str
    document : Document
        The document that the page opens.
    look : Look
        The place that is selected first.
    show : tuple of str
        Names that are lit in every view.
    panel : str
        The panel that is scrolled into view.
    task : Task
        The reader's task.
    given : tuple of Fact
        Facts that must also hold for the page's confirmation to be true.
    quote : Look or None
        The value that the confirmation quotes, if there is no question.
    equation : str or None
        The value with the equation that is shown beside the title.
    question : Question or None
        A prediction to make before the task.
    """

    name: str
    title: str
    text: str
    document: Document
    look: Look
    show: tuple[str, ...]
    panel: Panel
    task: Task
    given: tuple[Fact, ...] = ()
    quote: Look | None = None
    equation: Quantity | None = None
    question: Question | None = None


class Way(NamedTuple):
    """A link on the last page, or the text between two links (kind "text")."""

    kind: Literal["example", "cell", "glossary", "code", "text"]
    say: str = ""
    name: str = ""


def page_json(page: Page) -> dict[str, Any]:
    """Return one page as JSON, without empty fields of its task and facts.

    Examples
    --------
    >>> from gruscope.content.tour import PAGES
    >>> page_json(PAGES[0])["task"]
    {'say': 'Step forward to t = 5, with → or the button beside Play.', 't': 4, 'kind': 'select'}
    """
    fields = {
        "name": page.name,
        "title": page.title,
        "text": page.text,
        "document": document_json(page.document),
        "look": _place(page.look),
        "show": page.show,
        "panel": page.panel,
        "task": _said(asdict(page.task)),
        "given": [_said(asdict(fact)) for fact in page.given],
        "quote": page.quote and _place(page.quote),
        "equation": page.equation,
        "question": None,
    }
    if page.question is not None:
        asked = asdict(page.question)
        asked["value"] = _place(page.question.value)
        fields["question"] = asked
    return fields


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _place(look: Look) -> dict[str, Any]:
    return {"quantity": look.value, "t": look.t, "unit": look.unit}
