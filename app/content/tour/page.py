"""What a page of the tour consists of, and its JSON for the page's script.

In a text ``[words](name)`` refers to a quantity or a weight of the picture and ``[words](#term)``
to an entry of the glossary. No equation is written out: a page names a value, and its equation
comes from the table of equations. The tests compare every number in a text with `gru_core`.

A gate is *open* near 1 and *shut* near 0. An open update gate keeps the old state. The glossary
defines this for the reader, and every text follows it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from gru_core.gallery.card import Look
from gruscope.content.examples import document_json
from gruscope.documents.library import packaged
from gruscope.wire.schema import ArrayName, Document, Quantity, TextInput

Panel = Literal["input", "output", "plots", "transport", "cell", "weights", "number"]


@dataclass(frozen=True)
class Select:
    """Go to a step."""

    say: str
    t: int
    kind: Literal["select"] = "select"


@dataclass(frozen=True)
class Type:
    """Type a text of one's own; shown by putting `insert` at the end."""

    say: str
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
    """Change a weight; shown by setting it to `value`. It must then lie within `within`."""

    say: str
    array: ArrayName
    row: int
    column: int
    value: float
    within: tuple[float, float]
    kind: Literal["weight"] = "weight"


@dataclass(frozen=True)
class Choose:
    """Choose a network in the list of networks."""

    say: str
    network: str
    kind: Literal["network"] = "network"


@dataclass(frozen=True)
class Train:
    """Train a network on a task, with the settings that the Train tab offers, up to a score."""

    say: str
    task: str
    score: float
    kind: Literal["train"] = "train"


Task = Select | Type | Hold | Weight | Choose | Train


@dataclass(frozen=True)
class Answer:
    """The place of an answer: a step, -1 for the last."""

    t: int


@dataclass(frozen=True)
class Fact:
    """A value lies from `low` to `high`.

    `t` is a step, None for every step, or -1 for the last.
    """

    quantity: Quantity
    unit: int
    t: int | None
    low: float
    high: float


@dataclass(frozen=True)
class Says:
    """The class `says` has the largest output at step `t`, -1 for the last."""

    t: int
    says: str


@dataclass(frozen=True)
class Option:
    """A prediction of a value and its reason; it is true if the value ends from `low` to `high`."""

    text: str
    why: str
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """A prediction of an answer and its reason; it is true if the answer is the class `text`."""

    text: str
    why: str


@dataclass(frozen=True)
class Question:
    """A question about a value or an answer after the task; exactly one option is true."""

    ask: str
    place: Look | Answer
    options: tuple[Option, ...] | tuple[Outcome, ...]


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
    given : tuple of Fact or Says
        Facts that must also hold for the page's confirmation to be true.
    quote : Look, Answer or None
        What the confirmation quotes, if there is no question.
    equation : str or None
        The value with the equation that is shown beside the title.
    question : Question or None
        A prediction to make before the task.
    output : int or None
        The class whose output is taken apart when the page opens.
    inside : str
        How the inside of the cell is shown.
    """

    name: str
    title: str
    text: str
    document: Document
    look: Look
    show: tuple[str, ...]
    panel: Panel
    task: Task
    given: tuple[Fact | Says, ...] = ()
    quote: Look | Answer | None = None
    equation: Quantity | None = None
    question: Question | None = None
    output: int | None = None
    inside: Literal["diagram", "units"] = "diagram"


def document_of(name: str, text: str | None = None) -> Document:
    """Return the document that a network of the gallery opens, or that with another text.

    Examples
    --------
    >>> document_of("words", " nothing").input.text
    ' nothing'
    """
    document = packaged()[name].document
    if text is None:
        return document
    return document.model_copy(update={"input": TextInput(kind="text", text=text)})


def page_json(page: Page) -> dict[str, Any]:
    """Return one page as JSON, without empty fields of its task and facts.

    Examples
    --------
    >>> from gruscope.content.tour.pages import tour_json
    >>> tour_json()[0]["task"]["t"]
    5
    """
    return {
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
        "question": page.question and _question(page.question),
        "output": page.output,
        "inside": page.inside,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "ask": question.ask,
        "place": _place(question.place),
        "options": [asdict(option) for option in question.options],
    }


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _place(place: Look | Answer) -> dict[str, Any]:
    if isinstance(place, Answer):
        return {"t": place.t}
    return {"quantity": place.value, "t": place.t, "unit": place.unit}
