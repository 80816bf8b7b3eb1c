"""Runs of a whole network: at once, span by span, or from the step that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gru_core.arrays import FloatArray, owned
from gru_core.cells.base import WHOLE, Cell
from gru_core.cells.registry import cell
from gru_core.errors import RangeError
from gru_core.network.between import through
from gru_core.network.clamps import placed
from gru_core.network.directions import layer_states, padded_layer
from gru_core.network.inputs import begin_states, first_input, symbols_input
from gru_core.network.layer import Layer
from gru_core.network.masks import Mask
from gru_core.network.readout import Ends, Readout
from gru_core.network.spans import NetworkSpan, Plan, kept_alike, kept_steps, ways_of
from gru_core.network.spans import spans as network_spans
from gru_core.network.trace import NetworkTrace
from gru_core.parameters.initial import check_size
from gru_core.run.clamps import Clamp
from gru_core.run.lengths import as_lengths, masked
from gru_core.run.pace import Pace


class Running:
    """The runs of a `Network`, which derives from it."""

    layers: tuple[Layer, ...]
    embedding: FloatArray | None
    readout: Readout | None

    @property
    def input_size(self) -> int:
        """The numbers that the first layer reads at each step."""
        return self.layers[0].input_size

    @property
    def symbols(self) -> int:
        """The number of symbols it can read: rows of the embedding, or one input for each."""
        return self.input_size if self.embedding is None else len(self.embedding)

    def symbols_in(self, symbols: ArrayLike) -> NDArray[Any]:
        """Return symbols as `run` takes them; see `gru_core.network.inputs.symbols_input`.

        Examples
        --------
        >>> from gru_core import Network
        >>> Network.random("gru", 3, 2, seed=0).symbols_in([2, 0]).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
        """
        return symbols_input(symbols, self.embedding, self.symbols, self.dtype)

    @property
    def hidden_size(self) -> int:
        """H of the last layer."""
        return self.layers[-1].first.hidden_size

    @property
    def directions(self) -> int:
        """D of the last layer."""
        return self.layers[-1].directions

    @property
    def starts(self) -> list[str]:
        """The names of the start states that layers store."""
        return [s for s in ("h0", "c0") if any(getattr(k, s) is not None for k in self.layers)]

    @property
    def dtype(self) -> np.dtype[np.floating[Any]]:
        """float32 or float64."""
        return self.layers[0].first.dtype

    @cached_property
    def _cells(self) -> tuple[tuple[Cell[Any], ...], ...]:
        """The cell of each layer and direction, made when first needed: it copies weights."""
        shared: list[Cell[Any]] = self.__dict__.pop("_shared", [])
        known = {id(one.params): one for one in shared}
        return tuple(
            tuple(known.get(id(p)) or cell(p) for p in layer.params()) for layer in self.layers
        )

    def _made(self, layers: tuple[Layer, ...]) -> list[Cell[Any]]:
        """Return the cells that have been made and that these layers can use too."""
        made: list[Cell[Any]] = list(self.__dict__.get("_shared", []))
        for cells in self.__dict__.get("_cells", ()):
            made += cells
        theirs = {id(params) for layer in layers for params in layer.params()}
        return [one for one in made if id(one.params) in theirs]

    def run(
        self,
        x: ArrayLike,
        h0: ArrayLike | None = None,
        c0: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        *,
        clamps: Sequence[Clamp] = (),
        mask: ArrayLike | None = None,
    ) -> NetworkTrace:
        """Run over one sequence or a batch.

        Parameters
        ----------
        x : array_like, shape (T, I) or (T, B, I); integers (T,) or (T, B)
            The input, with time first even if ``batch_first`` was set in training. If there is an
            embedding, integers with one or two axes go through it; floats do not.
        h0, c0 : array_like, shape (L·D, [B,] H), optional
            States before the first step, layer by layer, forward then reverse; by default those
            of the layers, or 0. If layers differ in H, a list of arrays of shape ([B,] H).
        lengths : array_like of int, shape (B,), or, without a batch axis, an int, optional
            The number of steps of each sequence, 1 to T. Beyond it everything is 0, and a reverse
            layer begins at the last step before it.
        clamps : sequence of Clamp
            Values to hold, each in the layer and direction that it names. Everything downstream
            follows, in the layers above as well. Not with lengths or a mask.
        mask : array_like of bool, shape (T,) or (T, B), optional
            True where a step counts, as in Keras. A masked step leaves the states of every layer
            as they are, and its gates are 0. Not with lengths.

        Returns
        -------
        NetworkTrace

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            If an argument does not fit the network.

        Examples
        --------
        >>> from gru_core import Network
        >>> network = Network.random("gru", 3, 2, seed=0)
        >>> network.run(np.ones((5, 4, 3)), lengths=[5, 3, 1, 2]).states.shape
        (5, 4, 2)
        """
        if mask is not None:
            return self._masked(x, h0, c0, mask, lengths, clamps)
        if lengths is not None:
            return self._padded(x, h0, c0, lengths, clamps)
        *_, last = self.spans(x, h0, c0, clamps=clamps, first=WHOLE, largest=WHOLE)
        assert last.trace is not None
        return last.trace

    def resume(
        self,
        trace: NetworkTrace,
        x: ArrayLike,
        t: int | Sequence[int],
        *,
        clamps: Sequence[Clamp] = (),
        answered: int | None = None,
    ) -> NetworkTrace:
        """Run over an input that begins like an earlier one; only what changed is computed.

        Parameters
        ----------
        trace : NetworkTrace
            A finished trace.
        x : array_like
            As for `run`. It may be longer or shorter than before.
        t : int or sequence of int
            The first step that has changed, from 0 to min(T before, T now); one for each layer if
            a layer's weights or clamps have changed and those of the layers below have not. A
            layer that reads in reverse, and those above it, are computed anew if anything changed.
        clamps : sequence of Clamp
            As for `run`; before t they must be the same as in the trace.
        answered : int, optional
            The number of leading steps of the output to keep, by default those of the states. If
            only the readout has changed, t is T and this is 0: no layer is computed.

        Returns
        -------
        NetworkTrace
            Equal to a run from the start states of `trace`, bit for bit.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `run`, or if x or the clamps differ before t.

        Examples
        --------
        >>> from gru_core import Network
        >>> network = Network.random("gru", 1, 2, layers=2, seed=0)
        >>> before = network.run([[1.0], [2.0], [3.0]])
        >>> after = network.resume(before, [[1.0], [2.0], [9.0], [9.0]], t=2)
        >>> len(after.states), bool((after.states[:2] == before.states[:2]).all())
        (4, True)
        """
        found = self.spans(
            x, clamps=clamps, keep=trace, start=t, answered=answered, first=WHOLE, largest=WHOLE
        )
        *_, last = found
        assert last.trace is not None
        return last.trace

    def spans(
        self,
        x: ArrayLike,
        h0: ArrayLike | None = None,
        c0: ArrayLike | None = None,
        *,
        clamps: Sequence[Clamp] = (),
        keep: NetworkTrace | None = None,
        start: int | Sequence[int] = 0,
        answered: int | None = None,
        first: int = 16,
        largest: int = 512,
        seconds: float | None = None,
    ) -> Iterator[NetworkSpan]:
        """Check the arguments, then yield spans of finished steps, the first one short.

        Parameters
        ----------
        x, h0, c0, clamps
            As for `run`. With `keep`, its start states replace missing ones.
        keep : NetworkTrace, optional
            An earlier trace, of which steps are copied.
        start : int or sequence of int
            As ``t`` for `resume`.
        answered : int, optional
            As for `resume`.
        first, largest, seconds
            As for `Cell.spans`.

        Returns
        -------
        iterator of NetworkSpan
            Without gaps to T. While layers are computed whole, since one of them reads in
            reverse, the spans have no steps and no trace.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `resume`, at the call. A RangeError for overflow comes at the span in which it
            happens.

        Examples
        --------
        >>> from gru_core import Network
        >>> network = Network.random("gru", 1, 2, layers=2, directions=2, seed=0)
        >>> found = list(network.spans(np.zeros((100, 1)), first=50))
        >>> [(span.start, span.stop) for span in found if span.trace is not None]
        [(0, 100)]
        """
        check_size("first", first)
        check_size("largest", largest)
        sequence, tokens = first_input(x, self.embedding, self.input_size, self.dtype)
        states = begin_states(self.layers, sequence, keep, {"h": h0, "c": c0})
        held = placed(clamps, self.layers, len(sequence))
        loaded = ways_of(self.layers, self._cells, sequence.ndim == 3, held)
        valid = kept_alike(kept_steps(self.layers, keep, start, len(sequence)), keep, loaded)
        plan = Plan(
            self.layers,
            self._cells,
            loaded,
            self.readout,
            sequence,
            tokens,
            states,
            held,
            keep,
            valid,
            valid[-1] if answered is None else min(answered, valid[-1]),
        )
        return network_spans(plan, min(first, largest), Pace(largest, seconds))

    def kept_steps(
        self,
        keep: NetworkTrace | None,
        start: int | Sequence[int],
        steps: int,
        clamps: Sequence[Clamp] = (),
    ) -> tuple[int, ...]:
        """Return how many leading steps of each layer `spans` would take from an earlier trace.

        Its arguments are those of `gru_core.network.spans.kept_steps`, and the run's clamps.

        Examples
        --------
        >>> from gru_core import Network
        >>> network = Network.random("gru", 1, 2, layers=2, seed=0)
        >>> network.kept_steps(network.run(np.zeros((5, 1))), (4, 5), 6)
        (4, 4)
        """
        found = kept_steps(self.layers, keep, start, steps)
        if keep is None:
            return found
        held, is_batch = placed(clamps, self.layers, steps), keep.x.ndim == 3
        return kept_alike(found, keep, ways_of(self.layers, self._cells, is_batch, held))

    def _masked(
        self,
        x: ArrayLike,
        h0: ArrayLike | None,
        c0: ArrayLike | None,
        mask: ArrayLike,
        lengths: ArrayLike | None,
        clamps: Sequence[Clamp],
    ) -> NetworkTrace:
        """Run over the steps that count, and put the results back in their places."""
        if lengths is not None:
            raise RangeError("mask", "not be given with lengths", "both")
        sequence, tokens = first_input(x, self.embedding, self.input_size, self.dtype)
        found = Mask.of(mask, sequence.shape[:-1], self.layers)
        run = self._padded(found.together(sequence), h0, c0, found.lengths, clamps)
        layers = tuple(map(found.apart, run.layers))
        ends = Ends(self.readout, layer_states(self.layers[-1], layers[-1]))
        ends.write(0, len(sequence))
        return NetworkTrace(
            sequence, tokens, layers, ends.states, ends.output, ends.answer, mask=found.steps
        )

    def _padded(
        self,
        x: ArrayLike,
        h0: ArrayLike | None,
        c0: ArrayLike | None,
        lengths: ArrayLike,
        clamps: Sequence[Clamp],
    ) -> NetworkTrace:
        """Run over sequences of different lengths, layer by layer."""
        if clamps:
            raise RangeError(
                "clamps", "not be given with lengths or a mask", f"{len(clamps)} of them"
            )
        sequence, tokens = first_input(x, self.embedding, self.input_size, self.dtype)
        counted = as_lengths(lengths, sequence)
        assert counted is not None
        states = sequence = owned(masked(sequence, counted))
        starts, traces = begin_states(self.layers, sequence, None, {"h": h0, "c": c0}), []
        for k, cells in enumerate(self._cells):
            begin = {s: v[k] for s, v in starts.items()}
            if maps := self.layers[k].before:
                states = owned(masked(through(maps, states, 0, len(states)), counted))
            trace = padded_layer(k, self.layers[k], cells, states, counted, begin)
            traces.append(trace)
            states = layer_states(self.layers[k], trace)
        ends = Ends(self.readout, states)
        ends.write(0, len(states), counted)
        return NetworkTrace(
            sequence, tokens, tuple(traces), ends.states, ends.output, ends.answer, counted
        )
