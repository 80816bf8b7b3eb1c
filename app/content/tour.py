"""The tour: pages that explain the cell by letting it run, as data for the page's script.

In a text ``[words](name)`` stands for a quantity or a weight of the picture and ``[words](#term)``
for an entry of the glossary. Equations are never written out here: a page names the value whose
equation it shows, and the words come from the table that computes. Every number in a text is held
against `gru_core` by the tests.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from gru_core.gallery.examples import EXAMPLES, Look
from gruscope.content.examples import document_json, example_document
from gruscope.wire.schema import (
    ArrayName,
    CellName,
    Document,
    NumbersInput,
    Quantity,
    RandomNetwork,
    SetEdit,
    ZeroEdit,
)

Panel = Literal["input", "plots", "transport", "cell", "weights", "number"]


@dataclass(frozen=True)
class Select:
    """Go to a place: what is None may be any."""

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
    """Change a weight of a unit, any of some arrays; shown by setting one of the first to `value`.

    Where there is a range, the changed weight has to lie in it.
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
class Option:
    """A prediction, and why; it comes true if the value ends up from `low` to `high`."""

    text: str
    why: str
    low: float
    high: float


@dataclass(frozen=True)
class Question:
    """What will a value be once the task is done? Exactly one option comes true."""

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
        What it opens.
    look : Look
        Where it begins.
    show : tuple of str
        Names lit all over the page.
    panel : str
        What is brought into view.
    task : Task
        What the reader does.
    equation : str or None
        The value whose equation stands beside the title.
    question : Question or None
        What to predict before the task is done.
    """

    name: str
    title: str
    text: str
    document: Document
    look: Look
    show: tuple[str, ...]
    panel: Panel
    task: Task
    equation: Quantity | None = None
    question: Question | None = None


READER = example_document(EXAMPLES["reader"])
LATCH = example_document(EXAMPLES["latch"])
TOGGLE = example_document(EXAMPLES["toggle"])
AN_IMPULSE = NumbersInput(kind="numbers", values=[[1.0], *[[0.0]] * 23])
FADING = Document(
    network=RandomNetwork(
        kind="random", cell="rnn", hidden_size=8, seed=5, gain=0.75, input_size=1
    ),
    input=AN_IMPULSE,
)


def _leaky() -> Document:
    """Three units that take in an impulse and lose it at rates of their own, set by b_z."""
    edits: list[SetEdit | ZeroEdit] = [
        ZeroEdit(op="zero", array="U_z"),
        ZeroEdit(op="zero", array="U_n"),
    ]
    for unit, bias in enumerate((0.0, 3.0, 6.0)):
        for array, value in (("W_z", -bias - 6.0), ("W_n", 3.0)):
            edits.append(SetEdit(op="set", array=array, row=unit, column=0, value=value))  # type: ignore[arg-type]
        edits.append(SetEdit(op="set", array="b_z", row=unit, value=bias))
    network = RandomNetwork(kind="random", hidden_size=3, seed=1, input_size=1)
    return Document(network=network, edits=list(edits), input=AN_IMPULSE)


def _read_by(cell: CellName) -> Document:
    """Return the reader's line, read by another cell."""
    return READER.model_copy(update={"network": READER.network.model_copy(update={"cell": cell})})


PAGES = (
    Page(
        name="why",
        title="One step at a time",
        text=(
            "Text, speech and measurements come piece by piece, and nobody knows beforehand how "
            "many pieces there will be. A [recurrent network](#recurrent network) takes them in "
            "order, with the same [weights](#weight) every time, and keeps notes: its "
            "[hidden state](h), here of sixteen [units](#unit). Each step sees two things only, "
            "the present [input](x) and the [notes so far](h_prev), and writes the notes anew."
        ),
        document=READER,
        look=Look("h", 0, 15),
        show=("x", "h"),
        panel="plots",
        task=Select("Step forward to t = 5, with → or the button beside Play.", t=4),
    ),
    Page(
        name="fading",
        title="What goes wrong over time",
        text=(
            "A plain network without gates hears a single 1, then 23 steps of silence. It makes "
            "its [whole state](h) anew each time, so what the 1 left behind goes through the same "
            "[weights](U) again and again, and fades. The [gradients](#gradient) that training "
            "sends back go the same way: they [vanish](#vanishing gradient). With larger weights "
            "they [explode](#exploding gradient) instead. Gates help against the first; "
            "the second stays."
        ),
        document=FADING,
        look=Look("h", 0, 0),
        show=("U", "h"),
        panel="plots",
        task=Select("Go to the last step, t = 24, and look for what is left in h.", t=23),
        equation="h",
    ),
    Page(
        name="update",
        title="The update gate",
        text=(
            "A [gate](#gate) is a number between 0 and 1, one for every unit, computed afresh at "
            "each step. The [update gate](z) says how much of the [old state](h_prev) stays: all "
            "of it at 1, nothing at 0. Its [weights](W_z) decide which letters move it. This "
            "network was wired by hand to remember which letter came first, and while dots pass, "
            "both of its gates stand at 1."
        ),
        document=LATCH,
        look=Look("z", 0, 1),
        show=("z", "W_z", "U_z", "b_z"),
        panel="plots",
        task=Select(
            "Find the step at which z of unit 1 falls to 0, and select it there.", "z", 4, 1
        ),
        equation="z",
    ),
    Page(
        name="reset",
        title="The reset gate",
        text=(
            "The [reset gate](r) is computed as z is, with weights of its own, and does another "
            "job: it says how much of the old state the [next proposal](n) may see. At 0 the "
            "proposal is made as if the sequence began here. This network counts: unit 0 always "
            "proposes the opposite of what it holds, and every t makes it so. At t = 6 it falls "
            "from 1 to −1."
        ),
        document=TOGGLE,
        look=Look("r", 5, 0),
        show=("r", "n"),
        panel="cell",
        task=Hold("Now hold r of unit 0 at 0, throughout.", "r", 0, None, 0.0),
        equation="r",
        question=Question(
            "Were r of unit 0 held at 0 throughout, what would h be at t = 6?",
            Look("h", 5, 0),
            (
                Option("−1", "as now", -1.1, -0.9),
                Option("0", "it is reset", -0.1, 0.1),
                Option("1", "it cannot see what to turn over", 0.9, 1.1),
            ),
        ),
    ),
    Page(
        name="candidate",
        title="The candidate",
        text=(
            "The [candidate](n) is what a unit proposes to become. It is made much as a plain "
            "network makes its state, from the [input](x) and the [old state](h_prev), except "
            "that the [reset gate](r) stands before the old one; [tanh](#tanh) brings it between "
            "−1 and 1. At this t, of “state”, unit 15 proposes 0.98. Nothing is written yet."
        ),
        document=READER,
        look=Look("n", 24, 15),
        show=("n", "W_n", "U_n", "b_n", "b_hn"),
        panel="weights",
        task=Weight(
            "Change a weight of unit 15 in W_n, U_n or a bias of n: drag it up or down, "
            "or type. Watch n move.",
            ("W_n", "U_n", "b_n", "b_hn"),
            15,
            -2.0,
            column=20,
        ),
        equation="n",
    ),
    Page(
        name="blend",
        title="The blend",
        text=(
            "Now the [update gate](z) mixes old and new. Picture a valve between two streams: the "
            "share z of the [old state](h_prev) runs on, and what is left up to 1, "
            "[the rest](1-z), is filled with the [candidate](n). At t = 25 the valve of unit 15 "
            "stands at 0.16: 16 % of −0.55 and 84 % of 0.98 make 0.74."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("z", "h"),
        panel="cell",
        task=Hold("Now hold z of unit 15 at 1, at t = 25.", "z", 15, 24, 1.0),
        equation="h",
        question=Question(
            "Were z held at 1 here, what would become of h?",
            Look("h", 24, 15),
            (
                Option("−0.55", "the old state stays", -0.56, -0.54),
                Option("0.98", "the candidate goes in", 0.97, 0.99),
                Option("0", "nothing comes through", -0.01, 0.01),
            ),
        ),
    ),
    Page(
        name="step",
        title="One whole step",
        text=(
            "Put together, a step goes [reset](r), [update](z), [candidate](n), [blend](h). The "
            "two gates need not wait for each other: both look at the same [input](x) and the "
            "same [old state](h_prev). The candidate waits for r, the blend for everything. The "
            "[new state](h) goes out, and comes in again as the old one of the next step. "
            "That is all this cell does."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("r", "z", "n", "h"),
        panel="cell",
        task=Stages(
            "Go through the parts of this step, first to last: with ], or with the buttons for "
            "r, z, n and h under the plots."
        ),
    ),
    Page(
        name="sequence",
        title="The same, over a sequence",
        text=(
            "The same equations with the same weights run at every step; only the [input](x) and "
            "the [state](h) differ. What one letter did reaches later ones through the state and "
            "in no other way, and nothing ever reaches back. This network counts in binary: each "
            "t turns unit 0 over, each second one unit 1, and dots leave both as they are."
        ),
        document=TOGGLE,
        look=Look("h", 2, 0),
        show=("x", "h"),
        panel="input",
        task=Type(
            "Type one more t into the text: what comes before stays, what follows turns over.",
            4,
            "t",
        ),
    ),
    Page(
        name="memory",
        title="What this cell remembers",
        text=(
            "The single 1 of page 2 again, heard by three units with gates. In the silence "
            "[z](z) is σ of its [bias](b_z) alone: 0.5 in unit 0, 0.95 in unit 1, 0.998 in "
            "unit 2. So [their states](h) lose half after 1 step, after 14, after 280. That is "
            "the cure for fading: training sets how long each unit holds on, and gradients "
            "keep their strength over as many steps."
        ),
        document=_leaky(),
        look=Look("h", 23, 1),
        show=("z", "b_z", "h"),
        panel="plots",
        task=Weight("Now set b_z of unit 1 to 0.", ("b_z",), 1, 0.0, within=(-0.1, 0.1)),
        equation="z",
        question=Question(
            "At t = 24 unit 1 still holds 0.32. What if its b_z were 0?",
            Look("h", 23, 1),
            (
                Option("0.32", "as now", 0.31, 0.33),
                Option("0.16", "half of it is left", 0.15, 0.17),
                Option("about 0", "next to nothing is left", -0.01, 0.01),
            ),
        ),
    ),
    Page(
        name="moment",
        title="One moment decides",
        text=(
            "Back to the network that remembers the first letter. All of it hangs on t = 5: the "
            "[gate](z) of unit 1 opens, the b goes in, and from then on the [state](h) itself, "
            "through the [weights](U_z) that lead back to the gates, keeps both shut. Letters "
            "that come later find no way in. Suppose the gate had missed its moment."
        ),
        document=LATCH,
        look=Look("z", 4, 1),
        show=("z", "U_z", "h"),
        panel="plots",
        task=Hold("Now hold z of unit 1 at 1, at t = 5.", "z", 1, 4, 1.0),
        question=Question(
            "What would unit 0, “a came first”, hold at the end?",
            Look("h", 23, 0),
            (
                Option("0", "as now", -0.1, 0.1),
                Option("1", "the a at t = 9 passes for the first", 0.9, 1.1),
                Option("−1", "it turns over", -1.1, -0.9),
            ),
        ),
    ),
    Page(
        name="lstm",
        title="Its older cousin",
        text=(
            "The LSTM had the same idea first: add to what is there instead of writing over it. "
            "It keeps two states, an [inner one](c) and the one it [shows](h). What stays is up "
            "to the [forget gate](f), what is added to the [input gate](i), each on its own, "
            "where the GRU turns both with one dial. How much is seen is up to an "
            "[output gate](o); a GRU always shows everything."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("f", "i", "o", "c"),
        panel="cell",
        task=Choose("Choose LSTM in the Cell menu at the top, and find its gates.", "lstm"),
    ),
    Page(
        name="choice",
        title="Which one, then?",
        text=(
            "To a plain network each step is a fresh start. GRU and LSTM add to the [state](h) "
            "instead, and the sum is a short cut on which memory and gradients travel far. For "
            "every weight of a plain one a GRU has 3 and an LSTM 4, with more to compute and to "
            "train. Where the past matters take either, try both; no rule picks the winner. Over "
            "very long stretches all of them forget, and attention takes over."
        ),
        document=_read_by("lstm"),
        look=Look("h", 24, 15),
        show=("h",),
        panel="cell",
        task=Choose("Choose Simple RNN in the Cell menu: one equation is left.", "rnn"),
    ),
)
"""In the order they are read."""


def tour_json() -> list[dict[str, Any]]:
    """Return the pages as the page's script has them."""
    return [page_json(page) for page in PAGES]


def page_json(page: Page) -> dict[str, Any]:
    """Return one of them, without what it does not say.

    Examples
    --------
    >>> page_json(PAGES[0])["task"]
    {'say': 'Step forward to t = 5, with → or the button beside Play.', 't': 4, 'kind': 'select'}
    """
    look = {"quantity": page.look.value, "t": page.look.t, "unit": page.look.unit}
    given = {
        "name": page.name,
        "title": page.title,
        "text": page.text,
        "document": document_json(page.document),
        "look": look,
        "show": page.show,
        "panel": page.panel,
        "task": _said(asdict(page.task)),
        "equation": page.equation,
        "question": None,
    }
    if page.question is not None:
        asked = asdict(replace(page.question))
        value = page.question.value
        asked["value"] = {"quantity": value.value, "t": value.t, "unit": value.unit}
        given["question"] = asked
    return given


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
