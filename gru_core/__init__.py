"""A GRU layer whose every internal value can be seen, in NumPy alone.

Examples
--------
>>> import gru_core
>>> params = gru_core.GRUParams.random(input_size=3, hidden_size=2, seed=0)
>>> trace = gru_core.GRU(params).run([[1, 0, 0], [0, 1, 0]])
>>> trace.z.shape
(2, 2)
"""

from gru_core.arrays import ARRAYS
from gru_core.errors import (
    AlphabetError,
    CoreError,
    DTypeError,
    FieldError,
    RangeError,
    ShapeError,
)
from gru_core.examples import EXAMPLES, Example, Look, Recipe
from gru_core.explain import EXPLAINED, Explanation, Factor, Term, explain
from gru_core.gru import GRU, Span
from gru_core.initial import random_array
from gru_core.params import GRUParams
from gru_core.text import one_hot
from gru_core.trace import VALUES, Trace

__all__ = [
    "ARRAYS",
    "EXAMPLES",
    "EXPLAINED",
    "GRU",
    "VALUES",
    "AlphabetError",
    "CoreError",
    "DTypeError",
    "Example",
    "Explanation",
    "Factor",
    "FieldError",
    "GRUParams",
    "Look",
    "RangeError",
    "Recipe",
    "ShapeError",
    "Span",
    "Term",
    "Trace",
    "explain",
    "one_hot",
    "random_array",
]
