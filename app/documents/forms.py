"""The values that the page shows of each cell, and the published forms that it offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, get_args

from gru_core.cells.registry import CELLS
from gru_core.network.network import Network
from gru_core.parameters.params import Params
from gruscope.wire.errors import refuse
from gruscope.wire.schema import Form, Quantity, Sequence


class Offer(NamedTuple):
    """A named form: the switches that differ from their default, and its source."""

    name: str
    title: str
    form: Mapping[str, Any]
    note: str


class Shown(NamedTuple):
    """The values that the page plots of a cell, in order, and its forms, the default first.

    `beside` are values that it shows without a plot, `stages` the sub-steps of a step.
    """

    values: tuple[Sequence, ...]
    forms: tuple[Offer, ...]
    stages: tuple[tuple[Quantity, ...], ...]
    beside: tuple[Sequence, ...] = ()

    @property
    def sent(self) -> tuple[Sequence, ...]:
        """The values that `steps` frames carry by default."""
        return (*self.values, *self.beside)


SHOWN: Mapping[str, Shown] = {
    "gru": Shown(
        ("z", "r", "n", "h"),
        (
            Offer(
                "pytorch",
                "Article, PyTorch, cuDNN, Keras",
                {},
                "The reset gate multiplies the product U_n h_prev, and z = 1 keeps the old state: "
                "torch.nn.GRU, and Keras with reset_after=True.",
            ),
            Offer(
                "cho2014",
                "Cho et al. 2014; ONNX by default; Keras reset_after=False",
                {"reset_after": False},
                "The reset gate multiplies h_prev, before the product, and z = 1 keeps the old "
                "state: arXiv:1406.1078, equations (5)–(8).",
            ),
            Offer(
                "chung2014",
                "Chung et al. 2014",
                {"reset_after": False, "z_keeps": False},
                "The reset gate multiplies h_prev, before the product, and z = 1 writes the "
                "candidate: arXiv:1412.3555.",
            ),
            Offer(
                "after_writes",
                "Reset after, z writes",
                {"z_keeps": False},
                "PyTorch's reset with Chung's z, where z = 1 writes the candidate: "
                "used in many tutorials, but in no paper.",
            ),
        ),
        (("r",), ("z",), ("n",), ("h",)),
    ),
    "lstm": Shown(
        ("i", "f", "g", "c", "o", "h"),
        (
            Offer(
                "pytorch",
                "PyTorch, Keras",
                {},
                "Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000: "
                "torch.nn.LSTM.",
            ),
            Offer(
                "peepholes",
                "with peepholes (Gers et al.)",
                {"peepholes": True},
                "The gates also see the cell state, i and f the old one, o the new one: "
                "Gers, Schraudolph & Schmidhuber 2002.",
            ),
            Offer(
                "coupled",
                "coupled gates, f = 1 − i (ONNX input_forget)",
                {"input_forget": True},
                "The share that i does not write is kept, and W_f, U_f and b_f are not used: "
                "ONNX's LSTM with input_forget=1.",
            ),
        ),
        (("f",), ("i",), ("g",), ("c",), ("o",), ("m", "h")),
        beside=("m",),
    ),
    "rnn": Shown(
        ("h",),
        (
            Offer(
                "tanh",
                "tanh (Elman 1990)",
                {},
                "Elman 1990, “Finding structure in time”: torch.nn.RNN.",
            ),
            Offer(
                "relu",
                "ReLU",
                {"activations": ["relu"]},
                'torch.nn.RNN with nonlinearity="relu": the state has no upper bound.',
            ),
        ),
        (("h",),),
    ),
}
"""By cell, in the order of the Cell menu."""


def stages(params: Params) -> list[tuple[Quantity, ...]]:
    """Return a step's sub-steps, each after the values that it needs.

    Examples
    --------
    >>> from gru_core import LSTMParams
    >>> stages(LSTMParams.random(1, 1, seed=0, input_forget=True))[:2]  # f = 1 − i
    [('i',), ('f',)]
    """
    needs = {
        equation.value: {
            factor.name
            for product in equation.products
            for factor in product.factors
            if factor.kind in ("value", "complement")
        }
        for equation in params.equations()
    }
    due, found = list(SHOWN[params.kind].stages), list[tuple[Quantity, ...]]()
    while due:
        later = {value for stage in due for value in stage}
        ready = next(s for s in due if all(needs[v] & later <= set(s) for v in s))
        due.remove(ready)
        found.append(ready)
    return found


def form_of(params: Params) -> Form:
    """Return the switches of some weights as they go over the wire.

    Raises
    ------
    ValidationError
        If its clip is beyond what a document may have.

    Examples
    --------
    >>> form_of(CELLS["gru"].params.random(1, 1, seed=0, z_keeps=False)).z_keeps
    False
    """
    form = params.form()
    usual = params.activations == params.ACTIVATIONS
    form["activations"] = None if usual else [a.name for a in params.activations]
    return Form(**form, peepholes=getattr(params, "p", None) is not None)


def common_form(network: Network) -> Form | None:
    """Return the switches that all layers share, or None if they differ in kind or form.

    Examples
    --------
    >>> common_form(Network.random("gru", 1, 2, layers=2, seed=0)).z_keeps
    True
    """
    each = [params for layer in network.layers for params in layer.params()]
    first = each[0]
    same = all(p.kind == first.kind and p.form() == first.form() for p in each)
    peep = {getattr(p, "p", None) is not None for p in each}
    return form_of(first) if same and len(peep) == 1 else None


def value_names(cell: str) -> tuple[Sequence, ...]:
    """Return the values in a trace of a cell, in the order of the wire.

    Examples
    --------
    >>> value_names("rnn")
    ('h', 'a')
    """
    offered: tuple[Sequence, ...] = get_args(Sequence)
    return tuple(name for name in offered if name in CELLS[cell].params.VALUES)


def check_names(asked: Iterable[Sequence] | None, cell: str, field: str) -> tuple[Sequence, ...]:
    """Return the values asked for, each once, or by default those shown.

    Raises
    ------
    Refused
        If the cell does not have one of them.

    Examples
    --------
    >>> check_names(None, "lstm", "arrays"), check_names(["a", "h", "a"], "rnn", "arrays")
    (('i', 'f', 'g', 'c', 'o', 'h', 'm'), ('a', 'h'))
    """
    if asked is None:
        return SHOWN[cell].sent
    names, offered = tuple(dict.fromkeys(asked)), value_names(cell)
    for name in names:
        if name not in offered:
            expected = f"be some of {', '.join(offered)} for this network"
            raise refuse("range", field, expected, name)
    return names
