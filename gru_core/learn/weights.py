"""All weights of a network in one vector, as an optimiser needs them."""

from __future__ import annotations

from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.parameters.params import Params

Part = tuple[int, int] | str
"""The layer and direction, or "embedding" or "readout"."""


class Weights:
    """The weights of a network and their gradient, each one vector with named views.

    Parameters
    ----------
    network : Network
        Its arrays are copied.
    values, gradient : ndarray, shape (P,), optional
        The vectors to use, such as parts of longer ones; by default new ones.

    Attributes
    ----------
    values, gradient : ndarray, shape (P,)
    like : Network
        The network whose form and sizes it has.
    shapes : tuple of tuple of int
        Of every array, in the order of the vector.

    Examples
    --------
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> weights = Weights(initial_network(Architecture("gru", 2), 3, 4, "softmax", seed=0))
    >>> weights.values.shape, weights.slope("readout")["W"].shape
    ((50,), (4, 2))
    """

    def __init__(
        self,
        network: Network,
        values: FloatArray | None = None,
        gradient: FloatArray | None = None,
    ) -> None:
        self.like = network
        arrays = _arrays(network)
        self.shapes = tuple(array.shape for _, _, array in arrays)
        size = sum(array.size for _, _, array in arrays)
        self.values = np.empty(size, network.dtype) if values is None else values
        self.gradient = np.zeros_like(self.values) if gradient is None else gradient
        self._places: dict[Part, dict[str, tuple[slice, tuple[int, ...]]]] = {}
        start = 0
        for part, name, array in arrays:
            place = slice(start, start + array.size)
            self._places.setdefault(part, {})[name] = (place, array.shape)
            start = place.stop
        self.take(network)

    def take(self, network: Network) -> None:
        """Copy the weights of a network of the same shape."""
        self.values[...] = np.concatenate([array.ravel() for _, _, array in _arrays(network)])

    def value(self, part: Part) -> dict[str, FloatArray]:
        """Return views of the weights of a part, by name."""
        return self._views(self.values, part)

    def slope(self, part: Part) -> dict[str, FloatArray]:
        """Return views of the gradient by a part's weights, by name."""
        return self._views(self.gradient, part)

    def params(self, layer: int, direction: int) -> Params:
        """Return the params of one layer and direction.

        Raises
        ------
        RangeError
            If a weight is NaN or infinite.
        """
        like = list(self.like.layers[layer].params())[direction]
        arguments: dict[str, Any] = self.value((layer, direction)) | like.form()
        return type(like)(**arguments)

    def network(self) -> Network:
        """Return a network with these weights.

        Raises
        ------
        RangeError
            If a weight is NaN or infinite.
        """
        like, layers = self.like, []
        for k, layer in enumerate(like.layers):
            made = dict(
                zip(layer.reads, map(self.params, [k, k], range(layer.directions)), strict=False)
            )
            layers.append(
                Layer(
                    made.get("forward"),
                    made.get("reverse"),
                    merge=layer.merge,
                    h0=layer.h0,
                    c0=layer.c0,
                )
            )
        table = self.value("embedding").get("W")
        ends, last = self.value("readout"), like.readout
        readout = None if last is None else Readout(ends["W"], ends.get("b"), last.head)
        return Network(tuple(layers), table, readout)

    def _views(self, vector: FloatArray, part: Part) -> dict[str, FloatArray]:
        places = self._places.get(part, {})
        return {name: vector[place].reshape(shape) for name, (place, shape) in places.items()}


def _arrays(network: Network) -> list[tuple[Part, str, FloatArray]]:
    """Return every array of weights with its part and name."""
    found: list[tuple[Part, str, FloatArray | None]] = [("embedding", "W", network.embedding)]
    for k, layer in enumerate(network.layers):
        for d, params in enumerate(layer.params()):
            found += [((k, d), stack, getattr(params, stack)) for stack in params.STACKS]
    if network.readout is not None:
        found += [("readout", "W", network.readout.W), ("readout", "b", network.readout.b)]
    return [(part, name, array) for part, name, array in found if array is not None]
