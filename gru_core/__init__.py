"""Recurrent networks whose every internal value can be seen, in NumPy alone.

Examples
--------
>>> import gru_core
>>> params = gru_core.GRUParams.random(input_size=3, hidden_size=2, seed=0)
>>> trace = gru_core.GRU(params).run([[1, 0, 0], [0, 1, 0]])
>>> trace.z.shape
(2, 2)
"""

from gru_core.activations import ACTIVATIONS, RELU, SIGMOID, TANH, Activation
from gru_core.backward import Gradients
from gru_core.cell import Cell, Span
from gru_core.cells import CELLS, CellKind, cell
from gru_core.clamps import Clamp
from gru_core.equations import Equation, Product
from gru_core.errors import (
    AlphabetError,
    CoreError,
    DTypeError,
    FieldError,
    RangeError,
    ShapeError,
)
from gru_core.examples import EXAMPLES, Example, Look, Recipe
from gru_core.explain import Explanation, Factor, Term, explain
from gru_core.files import FormatError, load, save
from gru_core.gru import GRU, GRU_FORMS, GRUParams
from gru_core.layer import Layer, Readout
from gru_core.lstm import LSTM, LSTMParams
from gru_core.network import Network
from gru_core.network_trace import NetworkGradients, NetworkTrace
from gru_core.params import Params
from gru_core.rnn import RNN, RNNParams
from gru_core.text import one_hot
from gru_core.trace import Trace
from gru_core.vectors import vectors

__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "EXAMPLES",
    "GRU",
    "GRU_FORMS",
    "LSTM",
    "RELU",
    "RNN",
    "SIGMOID",
    "TANH",
    "Activation",
    "AlphabetError",
    "Cell",
    "CellKind",
    "Clamp",
    "CoreError",
    "DTypeError",
    "Equation",
    "Example",
    "Explanation",
    "Factor",
    "FieldError",
    "FormatError",
    "GRUParams",
    "Gradients",
    "LSTMParams",
    "Layer",
    "Look",
    "Network",
    "NetworkGradients",
    "NetworkTrace",
    "Params",
    "Product",
    "RNNParams",
    "RangeError",
    "Readout",
    "Recipe",
    "ShapeError",
    "Span",
    "Term",
    "Trace",
    "cell",
    "explain",
    "load",
    "one_hot",
    "save",
    "vectors",
]
