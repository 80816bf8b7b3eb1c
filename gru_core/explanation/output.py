"""One output of a network as a sum of terms: its readout, then its head."""

from __future__ import annotations

from collections.abc import Iterator

from gru_core.arrays import check_index
from gru_core.errors import ShapeError
from gru_core.explanation.terms import Explanation, Factor, Term
from gru_core.network.end_arrays import OUTPUT, READOUT_BIAS, READOUT_WEIGHTS
from gru_core.network.layer import Layer
from gru_core.network.readout import Readout
from gru_core.network.trace import NetworkTrace
from gru_core.parameters.references import Reference

STATE = Reference("value", "h", "h")


def explain_output(
    trace: NetworkTrace, readout: Readout, t: int, unit: int, last: Layer | None = None
) -> Explanation:
    """Explain one output as a sum of terms.

    Parameters
    ----------
    trace : NetworkTrace
        A run over one sequence; step t must be finished.
    readout : Readout
        That of the network.
    t : int
        0 ≤ t < T.
    unit : int
        0 ≤ unit < O.
    last : Layer, optional
        The last layer, needed if it turns its states.

    Returns
    -------
    Explanation
        Of the value "y". `result` is the answer, such as a probability. With a head,
        `pre_activation` is the output (the logit) and the terms sum to it; otherwise they sum to
        `result`. The factor ``h`` has the index (t, column of ``trace.states``), with the step at
        which the layer computed it.

    Raises
    ------
    RangeError
        If t or unit is out of range.
    ShapeError
        If the trace has a batch axis, or another number of outputs than the readout.

    Examples
    --------
    >>> from gru_core import Network
    >>> layers = Network.random("gru", 3, 2, seed=0).layers
    >>> network = Network(layers, readout=Readout([[1.0, 2.0]], [0.5], "sigmoid"))
    >>> trace = network.run([[1.0, 2.0, 3.0]])
    >>> found = explain_output(trace, network.readout, t=0, unit=0)
    >>> [term.kind for term in found.terms], found.activation
    (['readout', 'readout', 'bias'], 'sigmoid')
    """
    if trace.states.ndim != 2:
        raise ShapeError("trace", "be of one sequence", f"x of shape {trace.x.shape}")
    shape = (trace.states.shape[-1], trace.output.shape[-1])
    if shape != readout.W.shape[::-1]:
        expected = f"have (states, outputs) = {readout.W.shape[::-1]} like the readout"
        raise ShapeError("trace", expected, str(shape))
    check_index("t", t, len(trace.states))
    check_index("unit", unit, readout.output_size)
    result = float(trace.answer[t, unit])
    before = None if readout.head == "identity" else float(trace.output[t, unit])
    terms = tuple(_terms(trace, readout, t, unit, last))
    return Explanation(OUTPUT, t, unit, result, result, False, before, readout.head, terms)


def _terms(
    trace: NetworkTrace, readout: Readout, t: int, unit: int, last: Layer | None
) -> Iterator[Term]:
    steps = [t] * trace.states.shape[-1]
    if last is not None and (last.merge == "concat" or last.directions == 1):
        back = len(trace.states) - 1 - t
        H = last.first.hidden_size
        steps = [back if name in last.turned else t for name in last.reads for _ in range(H)]
    for column, weight in enumerate(readout.W[unit].tolist()):
        state = float(trace.states[t, column])
        factors = (
            Factor(READOUT_WEIGHTS, (unit, column), weight),
            Factor(STATE, (steps[column], column), state),
        )
        yield Term("readout", factors, weight * state)
    if readout.b is not None:
        bias = float(readout.b[unit])
        yield Term("bias", (Factor(READOUT_BIAS, (unit,), bias),), bias)
