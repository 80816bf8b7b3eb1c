"""The bytes that a document and its trace use, computed from shapes."""

from __future__ import annotations

from gru_core.network.end_arrays import ENDS, end_arrays
from gru_core.network.network import Network
from gru_core.run.layers import FORWARD, REVERSE

COPIES = 5
"""Copies of the weights: the network's own, the edited ones, those of the previous document while
an edit replaces them, and at most two that are laid out for a run."""

END_COPIES = 2
"""Copies of an edited array of the embedding or the readout: the edited one, and that of the
previous document while an edit replaces it."""

TOKEN_BYTES = 8
EDIT_BYTES = 500
CLAMP_BYTES = 1500


def trace_bytes(steps: int, network: Network) -> int:
    """Return the most bytes that a trace takes: those that it keeps, and W·x in reverse.

    It keeps its input, W·x of the layers that read forward, every value with a state before the
    first step, the merged states of two directions, and the output. W·x of a layer in reverse goes
    as soon as the layer is computed.

    Examples
    --------
    >>> trace_bytes(4096, Network.random("gru", 1, 512, seed=0)) / 1e6
    184.614912
    """
    numbers, briefly = steps * network.input_size, 0
    for layer in network.layers:
        params, projection = layer.first, steps * len(layer.first.W)
        values = len(params.VALUES) * params.hidden_size
        numbers += layer.directions * (steps + 1) * values
        numbers += projection * (FORWARD in layer.reads)
        briefly = max(briefly, projection * (REVERSE in layer.reads))
        numbers += steps * layer.output_size * (layer.directions > 1)
    readout = network.readout
    if readout is not None:
        numbers += steps * readout.output_size * (1 if readout.head == "identity" else 2)
    tokens = 0 if network.embedding is None else steps * TOKEN_BYTES
    twice = 2 if network.extra_steps else 1  # an encoder and a decoder keep their own traces
    return twice * (numbers + briefly) * network.dtype.itemsize + tokens


def document_bytes(network: Network, edits: int, clamps: int) -> int:
    """Return the bytes of a document's weights, edits and clamps, without its input.

    The embedding and the readout are not counted: documents share those of their file, in its
    dtype or the other. `edited_end_bytes` counts those that a document has edited.
    """
    weights = sum(
        array.nbytes
        for layer in network.layers
        for params in layer.params()
        for array in params.arrays().values()
    )
    return COPIES * weights + EDIT_BYTES * edits + CLAMP_BYTES * clamps


def edited_end_bytes(network: Network, edited: Network) -> int:
    """Return the bytes of the arrays of the embedding and the readout that a document has edited.

    Examples
    --------
    >>> import numpy as np
    >>> network = Network(Network.random("gru", 3, 2, seed=0).layers, embedding=np.eye(3))
    >>> edited_end_bytes(network, network.with_ends(embedding=np.zeros((3, 3))))
    144
    """
    return END_COPIES * sum(
        array.nbytes
        for end in ENDS
        for name, array in end_arrays(edited, end).items()
        if array is not end_arrays(network, end)[name]
    )
