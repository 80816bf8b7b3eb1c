"""Recurrent networks in pure NumPy, with every internal value visible.

Examples
--------
>>> import gru_core
>>> params = gru_core.GRUParams.random(input_size=3, hidden_size=2, seed=0)
>>> trace = gru_core.GRU(params).run([[1, 0, 0], [0, 1, 0]])
>>> trace.z.shape
(2, 2)
"""

from gru_core.cells.base import Cell
from gru_core.cells.gru import GRU, GRU_FORMS, GRUParams
from gru_core.cells.lstm import LSTM, LSTMParams
from gru_core.cells.registry import CELLS, CellKind, cell
from gru_core.cells.rnn import RNN, RNNParams
from gru_core.errors import (
    AlphabetError,
    CoreError,
    DTypeError,
    FieldError,
    RangeError,
    ShapeError,
)
from gru_core.explanation.terms import Explanation, Factor, Term, explain
from gru_core.explanation.vectors import vectors
from gru_core.files import FormatError, load, save
from gru_core.gallery.card import Look
from gru_core.gallery.examples import EXAMPLES, Example, Recipe
from gru_core.network.between import Between
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.network.spans import NetworkSpan
from gru_core.network.trace import NetworkGradients, NetworkTrace
from gru_core.parameters.activations import ACTIVATIONS, RELU, SIGMOID, TANH, Activation
from gru_core.parameters.equations import Equation, Product
from gru_core.parameters.params import Params
from gru_core.parameters.references import ArrayDescription, Reference
from gru_core.run.backward import Gradients
from gru_core.run.clamps import Clamp
from gru_core.run.span import Span
from gru_core.run.text import one_hot
from gru_core.run.trace import Trace
from gru_core.seq2seq.decoding import Hypothesis
from gru_core.seq2seq.seq2seq import Seq2Seq
from gru_core.seq2seq.trace import Seq2SeqSpan, Seq2SeqTrace

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
    "ArrayDescription",
    "Between",
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
    "Hypothesis",
    "LSTMParams",
    "Layer",
    "Look",
    "Network",
    "NetworkGradients",
    "NetworkSpan",
    "NetworkTrace",
    "Params",
    "Product",
    "RNNParams",
    "RangeError",
    "Readout",
    "Recipe",
    "Reference",
    "Seq2Seq",
    "Seq2SeqSpan",
    "Seq2SeqTrace",
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
