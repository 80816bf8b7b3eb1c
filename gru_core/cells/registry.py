"""The kinds of cell by name, and the cell of given params."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gru_core.cells.base import Cell
from gru_core.cells.gru import GRU, GRUParams
from gru_core.cells.lstm import LSTM, LSTMParams
from gru_core.cells.rnn import RNN, RNNParams
from gru_core.errors import FieldError
from gru_core.parameters.params import Params


class CellKind(NamedTuple):
    """A kind of cell: its title, its params class and its cell class.

    Examples
    --------
    >>> CELLS["rnn"].title, CELLS["rnn"].params.VALUES
    ('Simple RNN', ('h', 'a'))
    """

    title: str
    params: type[Params]
    cell: type[Cell[Any]]


CELLS: Mapping[str, CellKind] = {
    "gru": CellKind("GRU", GRUParams, GRU),
    "lstm": CellKind("LSTM", LSTMParams, LSTM),
    "rnn": CellKind("Simple RNN", RNNParams, RNN),
}
"""Every kind by name; a fourth kind is a new file and a line here."""


def cell(params: Params) -> Cell[Any]:
    """Return the cell of some params.

    Raises
    ------
    FieldError
        If the kind of params is unknown.

    Examples
    --------
    >>> type(cell(LSTMParams.random(1, 2, seed=0))).__name__
    'LSTM'
    """
    kind = CELLS.get(params.kind)
    if kind is None:
        raise FieldError("params", f"be of kind {', '.join(CELLS)}", params.kind)
    return kind.cell(params)
