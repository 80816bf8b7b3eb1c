"""The bytes that a document and its trace use, computed from shapes."""

from __future__ import annotations

from collections.abc import Mapping

from gru_core.parameters.params import Params

KEPT: Mapping[str, int] = {"gru": 11, "lstm": 15, "rnn": 3}
"""Arrays of shape (T, H) in a trace of each cell, including the parts of its projection."""

COPIES = 4
"""Copies of the weights: the network's own, the edited ones, those laid out for a run, and the
edited ones of the previous document while an edit replaces them."""

EDIT_BYTES = 500
CLAMP_BYTES = 1500


def trace_bytes(steps: int, params: Params) -> int:
    """Return the bytes of a trace, including its copy of the input.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> trace_bytes(4096, GRUParams.random(1, 512, seed=0)) / 1e6
    184.582144
    """
    row = KEPT[params.kind] * params.hidden_size + params.input_size
    return steps * row * params.dtype.itemsize


def document_bytes(params: Params, edits: int, clamps: int) -> int:
    """Return the bytes of a document's weights, edits and clamps, without its input."""
    weights = sum(array.nbytes for array in params.arrays().values())
    return COPIES * weights + EDIT_BYTES * edits + CLAMP_BYTES * clamps
