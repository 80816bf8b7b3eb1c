"""Whole networks: stacked layers, one or both directions, an embedding before, a readout after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gru_core.arrays import FloatArray, as_floats, check_dtype, check_shape, owned
from gru_core.cells.registry import CELLS
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.network import description
from gru_core.network.between import back_through
from gru_core.network.directions import check_traces, layer_gradients, layer_states
from gru_core.network.inputs import start_states
from gru_core.network.layer import Layer, as_layers
from gru_core.network.masks import Mask
from gru_core.network.readout import Readout, readout_gradients
from gru_core.network.running import Running
from gru_core.network.trace import NetworkGradients, NetworkTrace


@dataclass(frozen=True, eq=False)
class Network(Running):
    """A whole recurrent network: embedding, layers and readout.

    Parameters
    ----------
    layers : tuple of Layer
        At least one. Each reads the states of the one before. They may differ in kind, width and
        directions. Params alone mean a layer that reads forward.
    embedding : array_like, shape (V, I), optional
        A row of input for each of V integers.
    readout : Readout, optional
        Applied to the last layer's states at every step.
    guessed : tuple of str, optional
        Which of "embedding", "readout", "start" (the layers' h0 and c0), "between" (the maps
        before layers) and "chain" (that the layers follow one another) were found in a file only by
        name and shape. It is then unknown whether anything, such as a relu, lies between them.
        "settings" are the activations, directions and order of layers of which the file has weights
        alone.
    left_out : tuple of str, optional
        The parts of its file that it does not have, such as a second head, by their names there.
    names : dict of str, optional
        The names that guessed parts have in the file, such as ``{"start": "init_hidden"}``.

    Raises
    ------
    ShapeError, DTypeError
        If the parts do not fit each other.
    RangeError
        If `guessed` names a part that the network does not have.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> network = Network((Layer(GRUParams.random(3, 2, seed=0)),))
    >>> network.run(np.ones((5, 3))).output.shape
    (5, 2)
    """

    layers: tuple[Layer, ...]
    embedding: FloatArray | None = None
    readout: Readout | None = None
    guessed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", as_layers(self.layers))
        self._check_ends(self._checked_width())
        object.__setattr__(self, "guessed", description.checked(self.guessed, self.guessable))
        object.__setattr__(self, "left_out", tuple(self.left_out))

    def _checked_width(self) -> int:
        """Check that the layers fit each other, and return the width of the last one's states."""
        size = self.input_size
        for k, layer in enumerate(self.layers):
            params = layer.first
            if params.dtype != self.dtype:
                raise DTypeError(
                    f"layers[{k}]", f"be of {self.dtype} like layers[0]", str(params.dtype)
                )
            if layer.input_size != size:
                wanted = f"have I = {size} inputs"
                raise ShapeError(f"layers[{k}]", wanted, str(layer.input_size))
            size = layer.output_size
        return size

    def __repr__(self) -> str:
        """Return one line with the kind, the layers and the sizes."""
        return description.described(self, self.guessed, self.left_out, self.names, self.parameters)

    @property
    def note(self) -> str:
        """What its file does not say, what is turned and what was left out, in sentences."""
        guessed, left_out = description.sentence(self.guessed), self.left_out
        found = (
            guessed,
            description.turned_sentence(self),
            description.left_out_sentence(left_out),
        )
        return " ".join(filter(None, found))

    @property
    def parts(self) -> tuple[str, ...]:
        """Those of "embedding", "readout", "start" and "between" that the network has."""
        has = {
            description.EMBEDDING: self.embedding is not None,
            description.READOUT: self.readout is not None,
            description.START: bool(self.starts),
            description.BETWEEN: any(layer.before for layer in self.layers),
        }
        return tuple(part for part, there in has.items() if there)

    @property
    def guessable(self) -> tuple[str, ...]:
        """Its parts, "chain" if it has several layers, and "settings"."""
        return (*self.parts, *[description.CHAIN] * (len(self.layers) > 1), description.SETTINGS)

    def _check_ends(self, size: int) -> None:
        """Check the embedding and the readout against the layers."""
        if self.embedding is not None:
            table = owned(as_floats("embedding", self.embedding, self.dtype))
            rows = len(table) if table.ndim == 2 else 1
            check_shape("embedding", table, "(V, I)", (rows, self.input_size))
            object.__setattr__(self, "embedding", table)
        if self.readout is not None:
            if self.readout.W.dtype != self.dtype:
                raise DTypeError("readout", f"be of {self.dtype}", str(self.readout.W.dtype))
            wanted = (self.readout.output_size, size)
            check_shape("readout.W", self.readout.W, "(O, D·H)", wanted)

    @classmethod
    def random(
        cls,
        kind: str,
        input_size: int,
        hidden_size: int,
        *,
        seed: int,
        layers: int = 1,
        directions: int = 1,
        gain: float = 1.0,
        dtype: DTypeLike = np.float64,
        **form: Any,
    ) -> Network:
        """Draw a network without embedding and readout; arguments as for `GRUParams.random`.

        Examples
        --------
        >>> Network.random("lstm", 3, 2, seed=0).kind
        'lstm'
        """
        if kind not in CELLS:
            raise RangeError("kind", f"be one of {', '.join(CELLS)}", repr(kind))
        if directions not in (1, 2):
            raise RangeError("directions", "be 1 or 2", str(directions))
        rng, size, made = np.random.default_rng(seed), input_size, []
        for _ in range(layers):
            drawn = [
                CELLS[kind].params.random(
                    size, hidden_size, seed=rng, gain=gain, dtype=dtype, **form
                )
                for _ in range(directions)
            ]
            made.append(Layer(*drawn))
            size = directions * hidden_size
        return cls(tuple(made))

    @property
    def kind(self) -> str:
        """The kind of the first layer's cells: "gru", "lstm" or "rnn"."""
        return self.layers[0].first.kind

    @property
    def extra_steps(self) -> int:
        """The most steps of a run after those of its input: 0 for all but `Joint`."""
        return 0

    @property
    def parameters(self) -> int:
        """The number of its weights."""
        each = [p for layer in self.layers for p in layer.params()]
        count = sum(a.size for p in each for a in p.arrays().values())
        ends = [self.embedding]
        ends += [a for layer in self.layers for one in layer.before for a in one.arrays.values()]
        if self.readout is not None:
            ends += [self.readout.W, self.readout.b]
        return count + sum(array.size for array in ends if array is not None)

    def with_layers(self, layers: Iterable[Layer]) -> Network:
        """Return the network with other layers, which shares everything else.

        Parameters
        ----------
        layers : iterable of Layer
            As many as before, each of the same sizes and dtype.

        Raises
        ------
        ShapeError, DTypeError
            If they do not fit.

        Examples
        --------
        >>> network = Network.random("gru", 3, 2, layers=2, seed=0)
        >>> other = network.with_layers([network.layers[0], Layer(network.layers[1].first)])
        >>> other.layers[0] is network.layers[0]
        True
        """
        made = copy(self)
        object.__setattr__(made, "layers", as_layers(layers))
        if len(made.layers) != len(self.layers) or made.dtype != self.dtype:
            expected = f"be {len(self.layers)} of {self.dtype}"
            raise ShapeError("layers", expected, f"{len(made.layers)} of {made.dtype}")
        if made._checked_width() != self.layers[-1].output_size or (
            made.input_size != self.input_size
        ):
            raise ShapeError("layers", "have the sizes of those before", "others")
        made.__dict__.pop("_cells", None)
        made.__dict__["_shared"] = self._made(made.layers)
        return made

    def with_ends(
        self, embedding: ArrayLike | None = None, readout: Readout | None = None
    ) -> Network:
        """Return the network with another embedding or readout, which shares everything else.

        Parameters
        ----------
        embedding : array_like, shape (V, I), optional
        readout : Readout, optional
            Each by default the one before.

        Raises
        ------
        ShapeError, DTypeError, RangeError
            If they do not fit the layers.

        Examples
        --------
        >>> layers = Network.random("gru", 3, 2, seed=0).layers
        >>> network = Network(layers, readout=Readout([[1.0, 2.0]]))
        >>> other = network.with_ends(readout=Readout([[0.0, 2.0]]))
        >>> other.layers is network.layers, other.readout.W.tolist()
        (True, [[0.0, 2.0]])
        """
        made = copy(self)
        if embedding is not None:
            object.__setattr__(made, "embedding", embedding)
        if readout is not None:
            object.__setattr__(made, "readout", readout)
        made._check_ends(self.layers[-1].output_size)
        return made

    def astype(self, dtype: DTypeLike) -> Network:
        """Return the network in float32 or float64.

        Examples
        --------
        >>> Network.random("gru", 3, 2, seed=0).astype("float32").dtype
        dtype('float32')
        """
        kind = check_dtype(dtype)
        if kind == self.dtype:
            return self
        layers = tuple(layer.astype(kind) for layer in self.layers)
        table = None if self.embedding is None else self.embedding.astype(kind)
        last = None if self.readout is None else self.readout.astype(kind)
        return replace(self, layers=layers, embedding=table, readout=last)

    def gradients(
        self,
        trace: NetworkTrace,
        d_output: ArrayLike | None = None,
        d_states: ArrayLike | None = None,
        d_final: ArrayLike | None = None,
        d_final_c: ArrayLike | None = None,
    ) -> NetworkGradients:
        """Propagate the gradient of a loss back through time and layers.

        Parameters
        ----------
        trace : NetworkTrace
            A trace of this network.
        d_output : array_like, shape of ``trace.output``, optional
        d_states : array_like, shape of ``trace.states``, optional
            In addition to the gradient through the output.
        d_final, d_final_c : array_like, shape (L·D, [B,] H), optional

        Returns
        -------
        NetworkGradients

        Raises
        ------
        DTypeError, ShapeError, RangeError
            If an argument does not fit the trace.

        Examples
        --------
        >>> network = Network.random("rnn", 3, 2, layers=2, seed=0)
        >>> trace = network.run(np.ones((5, 3)))
        >>> found = network.gradients(trace, d_output=np.ones((5, 2)))
        >>> found.layers[0][0]["W"].shape, found.x.shape
        ((2, 3), (5, 3))
        """
        check_traces(self.layers, trace.layers)
        received, dW, db = readout_gradients(self.readout, trace, d_output, d_states, self.dtype)
        counts = [layer.directions for layer in self.layers]
        ends = {
            "h": start_states("d_final", d_final, counts),
            "c": start_states("d_final_c", d_final_c, counts),
        }
        back = layer_gradients if trace.mask is None else Mask(trace.mask).gradients
        layers: list[tuple[dict[str, FloatArray], ...]] = []
        h0: list[FloatArray] = []
        c0: list[FloatArray] = []
        for k in reversed(range(len(self.layers))):
            at_end = {s: v[k] for s, v in ends.items()}
            found = back(self.layers[k], self._cells[k], trace.layers[k], received, at_end)
            received = sum(g.x for g in found[1:]) + found[0].x
            received = self._below(k, trace, received)
            layers.append(tuple(g.params for g in found))
            h0[:0] = [g.h0 for g in found]
            c0[:0] = [g.c0 for g in found if g.c0 is not None]
        table = self._through_embedding(trace, received)
        return NetworkGradients(tuple(layers[::-1]), received, tuple(h0), tuple(c0), table, dW, db)

    def _below(self, k: int, trace: NetworkTrace, dx: FloatArray) -> FloatArray:
        """Return the gradient of what a layer reads from that of its input after its maps."""
        maps = self.layers[k].before
        if not maps:
            return dx
        below = trace.x if k == 0 else layer_states(self.layers[k - 1], trace.layers[k - 1])
        return back_through(maps, below, dx)

    def _through_embedding(self, trace: NetworkTrace, dx: FloatArray) -> FloatArray | None:
        if self.embedding is None or trace.tokens is None:
            return None
        table = np.zeros_like(self.embedding)
        np.add.at(table, trace.tokens, dx)  # a token that came twice counts twice
        return table
