"""The tour: pages that explain the cell by letting it run, as data for the page's script.

In a text ``[words](name)`` names a quantity or a weight of the picture and ``[words](#term)`` an
entry of the glossary. Equations are never written out here: a page names the value whose equation
it shows, and the words come from the table that computes. The tests compare every number in a text
with `gru_core`.

A gate is *open* near 1, where it lets all of what it multiplies through, and *shut* near 0. For the
update gate of PyTorch's form, open means that the unit keeps its old state.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple

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
class Fact:
    """A value lies from `low` to `high`, or `outside` of that; `t` None is every step, -1 the "
    "last.
    """

    quantity: Quantity
    unit: int
    t: int | None
    low: float
    high: float
    outside: bool = False


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
    given : tuple of Fact
        What else has to be so for the page's confirmation to be true.
    quote : Look or None
        The value whose number the confirmation quotes, where there is no question.
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
    given: tuple[Fact, ...] = ()
    quote: Look | None = None
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
            "Text, speech and measurements arrive piece by piece, and their length is not known in "
            "advance. A [recurrent network](#recurrent network) reads them in order, with the same "
            "[weights](#weight) at every step. Each step sees only the current [input](x) and the "
            "[hidden state](h_prev) that the step before left behind, here sixteen numbers. It "
            "returns a [new state](h)."
        ),
        document=READER,
        look=Look("h", 0, 15),
        show=("x", "h"),
        panel="plots",
        task=Select("Step forward to t = 5, with → or the button beside Play.", t=4),
        quote=Look("h", 4, 15),
    ),
    Page(
        name="fading",
        title="What goes wrong over time",
        text=(
            "A plain network without gates reads a single 1 and then 23 zeros. It computes its "
            "[whole state](h) afresh at each step, so the trace of the 1 is multiplied by the same "
            "[weights](U) again and again, and fades. The [gradients](#gradient) of training take "
            "the same way back: they [vanish](#vanishing gradient), or with larger weights "
            "[explode](#exploding gradient). Gates help against the first only."
        ),
        document=FADING,
        look=Look("h", 0, 0),
        show=("U", "h"),
        panel="plots",
        task=Select("Go to the last step, t = 24, and see how little is left in h.", t=23),
        given=(Fact("h", 0, 23, -0.01, 0.01),),
        quote=Look("h", 23, 0),
        equation="h",
    ),
    Page(
        name="update",
        title="The update gate",
        text=(
            "A [gate](#gate) is a number between 0 (shut) and 1 (open), computed for every unit at "
            "each step. The [update gate](z) says how much of the [old state](h_prev) stays: all "
            "of it at 1, nothing at 0. Its [weights](W_z) decide which inputs move it. This "
            "network was wired by hand to remember which letter came first. At a dot, both of its "
            "update gates are 1 and it keeps its state."
        ),
        document=LATCH,
        look=Look("z", 0, 1),
        show=("z", "W_z", "U_z", "b_z"),
        panel="plots",
        task=Select("Find the step at which z of unit 1 is 0, and select it there.", "z", 4, 1),
        given=(Fact("z", 1, 4, -0.005, 0.005),),
        quote=Look("z", 4, 1),
        equation="z",
    ),
    Page(
        name="reset",
        title="The reset gate",
        text=(
            "The [reset gate](r) is computed like z, from weights of its own. It says how much of "
            "the old state the [candidate](n) may use. At 0 the candidate is computed as if the "
            "sequence began here. This network counts: at every t, unit 0 turns into the opposite "
            "of its old state. At t = 6 it goes from 1 to −1."
        ),
        document=TOGGLE,
        look=Look("r", 5, 0),
        show=("r", "n"),
        panel="cell",
        task=Hold("Now hold r of unit 0 at 0, throughout.", "r", 0, None, 0.0),
        given=(Fact("h", 0, 4, 0.995, 1.005), Fact("z", 0, 5, -0.005, 0.005)),
        equation="r",
        question=Question(
            "If r of unit 0 were 0 throughout, what would h be at t = 6?",
            Look("h", 5, 0),
            (
                Option("−1", "as now", -1.1, -0.9),
                Option("0", "nothing is left", -0.1, 0.1),
                Option("1", "it does not see the old state that it would turn over", 0.9, 1.1),
            ),
        ),
    ),
    Page(
        name="candidate",
        title="The candidate",
        text=(
            "The [candidate](n) is the new value that a unit proposes. A plain network computes "
            "its state in this way, from the [input](x) and the [old state](h_prev); here the "
            "[reset gate](r) scales the part of the old state first. [tanh](#tanh) maps the sum to "
            "between −1 and 1. At this step unit 15 proposes 0.98. Its state does not change yet."
        ),
        document=READER,
        look=Look("n", 24, 15),
        show=("n", "W_n", "U_n", "b_n", "b_hn"),
        panel="weights",
        task=Weight(
            "Move n of unit 15: change its weight below, or another one of row 15 in W_n, U_n or a "
            "bias of n.",
            ("W_n", "U_n", "b_n", "b_hn"),
            15,
            -2.0,
            column=20,
        ),
        given=(Fact("n", 15, 24, 0.975, 0.985, outside=True),),
        quote=Look("n", 24, 15),
        equation="n",
    ),
    Page(
        name="blend",
        title="The blend",
        text=(
            "The [update gate](z) mixes old and new, like a valve between two pipes: the share z "
            "of the [old state](h_prev) stays, and [the rest](1-z), up to 1, comes from the "
            "[candidate](n). At t = 25 the gate of unit 15 is 0.16: 16 % of −0.55 and 84 % of 0.98 "
            "add up to 0.74."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("z", "h"),
        panel="cell",
        task=Hold("Now hold z of unit 15 at 1, at t = 25 only.", "z", 15, 24, 1.0),
        given=(Fact("h", 15, 23, -0.555, -0.545), Fact("n", 15, 24, 0.975, 0.985)),
        equation="h",
        question=Question(
            "If z were 1 at this step, what would h become?",
            Look("h", 24, 15),
            (
                Option("−0.55", "the old state stays", -0.555, -0.545),
                Option("0.98", "the candidate replaces it", 0.975, 0.985),
                Option("0", "nothing comes through", -0.005, 0.005),
            ),
        ),
    ),
    Page(
        name="step",
        title="One whole step",
        text=(
            "A step computes [reset](r), [update](z), [candidate](n) and [blend](h). Both gates "
            "depend on the same [input](x) and the same [old state](h_prev), so neither waits for "
            "the other. The candidate needs r, and the blend needs everything. The [new state](h) "
            "is the output, and the old state of the next step. That is the whole cell."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("r", "z", "n", "h"),
        panel="cell",
        task=Stages(
            "Go through the parts of this step to the last: press ], or the buttons r, z, n and h "
            "under the plots."
        ),
    ),
    Page(
        name="sequence",
        title="The same, over a sequence",
        text=(
            "The same equations with the same weights run at every step; only the [input](x) and "
            "the [state](h) differ. A letter reaches later steps through the state alone, and "
            "never an earlier step. This network counts in binary: each t turns unit 0 over, each "
            "second t turns unit 1 over, and dots change neither."
        ),
        document=TOGGLE,
        look=Look("h", 2, 0),
        show=("x", "h"),
        panel="input",
        task=Type(
            "Type one more t into the text. Nothing before it changes; unit 0 turns over after it.",
            4,
            "t",
        ),
        given=(Fact("h", 0, -1, 0.995, 1.005),),
        quote=Look("h", -1, 0),
    ),
    Page(
        name="memory",
        title="What this cell remembers",
        text=(
            "The single 1 of page 2 again, read by three units with gates. At a zero, [z](z) is "
            "σ of its [bias](b_z) alone: 0.5 in unit 0, 0.95 in unit 1 and 0.998 in unit 2. So "
            "their [states](h) halve in 1, 14 and 280 steps. This is how gates prevent fading: "
            "training sets how long each unit remembers, and gradients last as long."
        ),
        document=_leaky(),
        look=Look("h", 23, 1),
        show=("z", "b_z", "h"),
        panel="plots",
        task=Weight("Now set b_z of unit 1 to 0.", ("b_z",), 1, 0.0, within=(-0.1, 0.1)),
        given=(Fact("h", 1, 0, 0.9, 1.0), Fact("z", 1, 23, 0.47, 0.53)),
        question=Question(
            "At t = 24 unit 1 still holds 0.32. What would it hold if its b_z were 0?",
            Look("h", 23, 1),
            (
                Option("0.32", "as now", 0.31, 0.33),
                Option("0.16", "half as much", 0.15, 0.17),
                Option("about 0", "next to nothing is left", -0.01, 0.01),
            ),
        ),
    ),
    Page(
        name="moment",
        title="One moment decides",
        text=(
            "Back to the network that remembers the first letter. Everything depends on t = 5: "
            "[z](z) of unit 1 falls to 0 and lets the b in. From then on the [state](h), through "
            "the [weights](U_z) from h to z, holds both update gates at 1, so no later letter "
            "changes anything. Suppose the gate had missed its moment."
        ),
        document=LATCH,
        look=Look("z", 4, 1),
        show=("z", "U_z", "h"),
        panel="plots",
        task=Hold("Now hold z of unit 1 at 1, at t = 5.", "z", 1, 4, 1.0),
        given=(Fact("h", 0, 7, -0.005, 0.005), Fact("h", 0, 8, 0.995, 1.005)),
        question=Question(
            "What would unit 0, “a came first”, hold at the end?",
            Look("h", 23, 0),
            (
                Option("0", "as now", -0.1, 0.1),
                Option("1", "the a at t = 9 is taken for the first letter", 0.9, 1.1),
                Option("−1", "it turns over", -1.1, -0.9),
            ),
        ),
    ),
    Page(
        name="lstm",
        title="Its older cousin",
        text=(
            "The LSTM came first with the same idea: add to the state instead of replacing it. It "
            "has two states, the [cell state](c) inside and the [hidden state](h) that it shows. "
            "The [forget gate](f) says how much stays, the [input gate](i) how much is added; a "
            "GRU sets both with one gate. The [output gate](o) says how much is shown. A GRU "
            "always shows its whole state."
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
            "A plain network replaces its [state](h) at each step. GRU and LSTM add to it, a short "
            "cut on which memory and gradients travel far. For every weight of a plain network a "
            "GRU has 3 and an LSTM 4, so both take longer to train. Neither wins everywhere: try "
            "both. Over very long sequences all of them forget; attention helps there."
        ),
        document=_read_by("lstm"),
        look=Look("h", 24, 15),
        show=("h",),
        panel="cell",
        task=Choose("Choose Simple RNN in the Cell menu: one equation is left.", "rnn"),
    ),
)
"""In the order they are read."""


class Way(NamedTuple):
    """A way on from the last page, or words between the ways (kind "text")."""

    kind: Literal["example", "cell", "glossary", "code", "text"]
    say: str = ""
    name: str = ""


ONWARD = (
    Way("example", "the sunspot numbers", "sunspots"),
    Way("example", "the counter", "toggle"),
    Way("cell", "your own text in an LSTM", "lstm"),
    Way("cell", "in a simple RNN", "rnn"),
    Way("glossary", "the glossary"),
    Way("text", "A network of your own:"),
    Way("code", name="gruscope model.pt"),
    Way("text", "(PyTorch, Keras, ONNX; more in the folder docs)."),
)
"""Where the tour leads."""


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
    given = {
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
        asked = asdict(replace(page.question))
        asked["value"] = _place(page.question.value)
        given["question"] = asked
    return given


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _place(look: Look) -> dict[str, Any]:
    return {"quantity": look.value, "t": look.t, "unit": look.unit}


def onward_json() -> list[dict[str, Any]]:
    """Return the ways on from the last page."""
    return [way._asdict() for way in ONWARD]
