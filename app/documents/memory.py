"""The bytes that a document and its trace use, computed from shapes."""

from __future__ import annotations

from collections.abc import Mapping

from gru_core.network.network import Network

KEPT: Mapping[str, int] = {"gru": 11, "lstm": 15, "rnn": 3}
"""Arrays of shape (T, H) in a trace of each cell, including the parts of its projection."""

COPIES = 4
"""Copies of the weights: the network's own, the edited ones, those laid out for a run, and the
edited ones of the previous document while an edit replaces them."""

EDIT_BYTES = 500
CLAMP_BYTES = 1500


def trace_bytes(steps: int, network: Network) -> int:
    """Return the bytes of a trace, including its copies of the layers' inputs.

    Examples
    --------
    >>> trace_bytes(4096, Network.random("gru", 1, 512, seed=0)) / 1e6
    184.582144
    """
    numbers = sum(
        layer.directions * KEPT[layer.first.kind] * layer.first.hidden_size + layer.first.input_size
        for layer in network.layers
    )
    if network.readout is not None:
        numbers += 2 * network.readout.output_size
    return steps * numbers * network.dtype.itemsize


def document_bytes(network: Network, edits: int, clamps: int) -> int:
    """Return the bytes of a document's weights, edits and clamps, without its input.

    The embedding and the readout are not counted: documents share those of their file.
    """
    weights = sum(
        array.nbytes
        for layer in network.layers
        for params in layer.params()
        for array in params.arrays().values()
    )
    return COPIES * weights + EDIT_BYTES * edits + CLAMP_BYTES * clamps
