"""Initial weights of a network that is to be trained.

==================  ==============================================================================
scheme              weights
==================  ==============================================================================
uniform             all within ±1/√H, as torch.nn.GRU
orthogonal          W Glorot-uniform, U orthogonal, biases 0
chrono              uniform, but the biases of the gate that keeps are log U(1, T_max − 1)
orthogonal+chrono   orthogonal with those biases
==================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from gru_core.arrays import FloatArray, check_dtype
from gru_core.cells.gru import GRUParams
from gru_core.cells.lstm import LSTMParams
from gru_core.cells.registry import CELLS
from gru_core.errors import FieldError, RangeError
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Head, Readout
from gru_core.parameters.initial import check_size, glorot
from gru_core.parameters.layout import ROLES
from gru_core.parameters.params import Params

Scheme = Literal["uniform", "orthogonal", "chrono", "orthogonal+chrono"]
SCHEMES: tuple[Scheme, ...] = ("uniform", "orthogonal", "chrono", "orthogonal+chrono")
ORTHOGONAL, CHRONO = ("orthogonal", "orthogonal+chrono"), ("chrono", "orthogonal+chrono")


@dataclass(frozen=True)
class Architecture:
    """What a network is made of, without its weights.

    Parameters
    ----------
    kind : str
        "gru", "lstm" or "rnn".
    hidden_size : int
        H of every layer, at least 1.
    layers : int
    directions : int
        1, or 2 for layers that read in both directions.
    embedding : int, optional
        The width of an embedding of the symbols; without it they are one-hot.
    form : mapping
        Switches of the form, such as ``{"reset_after": False}``.

    Raises
    ------
    FieldError, RangeError
        If the kind is unknown or a number is out of range.

    Examples
    --------
    >>> Architecture("gru", 16).directions
    1
    """

    kind: str = "gru"
    hidden_size: int = 32
    layers: int = 1
    directions: int = 1
    embedding: int | None = None
    form: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in CELLS:
            raise FieldError("kind", f"be one of {', '.join(CELLS)}", repr(self.kind))
        check_size("hidden_size", self.hidden_size)
        check_size("layers", self.layers)
        if self.directions not in (1, 2):
            raise RangeError("directions", "be 1 or 2", str(self.directions))
        if self.embedding is not None:
            check_size("embedding", self.embedding)


def initial_network(
    architecture: Architecture,
    input_size: int,
    output_size: int,
    head: Head,
    *,
    seed: int | Generator,
    scheme: Scheme = "uniform",
    longest: int = 100,
    dtype: DTypeLike = np.float32,
) -> Network:
    """Draw a network with a readout.

    Parameters
    ----------
    architecture : Architecture
    input_size : int
        The number of channels or symbols.
    output_size : int
    head : {"identity", "sigmoid", "softmax"}
    seed : int or numpy.random.Generator
    scheme : {"uniform", "orthogonal", "chrono", "orthogonal+chrono"}
    longest : int
        T_max of chrono: how long something may have to be remembered, at least 3.
    dtype : float32 or float64

    Raises
    ------
    RangeError
        If the scheme is unknown, or asks for gates and the cell has none.

    Notes
    -----
    Chrono: Tallec & Ollivier 2018, arXiv:1804.11188. Orthogonal: Saxe, McClelland & Ganguli 2014,
    arXiv:1312.6120.

    Examples
    --------
    >>> made = initial_network(Architecture("gru", 16), 6, 4, "softmax", seed=0)
    >>> made.kind, made.input_size, made.hidden_size, made.readout.output_size
    ('gru', 6, 16, 4)
    """
    if scheme not in SCHEMES:
        raise RangeError("scheme", f"be one of {', '.join(SCHEMES)}", repr(scheme))
    kind, rng = check_dtype(dtype), np.random.default_rng(seed)
    table, size, layers = None, input_size, []
    if architecture.embedding is not None:
        size = architecture.embedding
        table = rng.standard_normal((input_size, size)).astype(kind)
    for _ in range(architecture.layers):
        drawn = [
            _params(architecture, size, rng, scheme, longest).astype(kind)
            for _ in range(architecture.directions)
        ]
        layers.append(Layer(*drawn))
        size = architecture.directions * architecture.hidden_size
    limit = 1 / np.sqrt(size)
    if scheme in ORTHOGONAL:
        W, b = glorot(rng, size, output_size), np.zeros(output_size)
    else:
        W, b = (
            rng.uniform(-limit, limit, (output_size, size)),
            rng.uniform(-limit, limit, output_size),
        )
    return Network(tuple(layers), table, Readout(W.astype(kind), b.astype(kind), head))


def _params(
    architecture: Architecture, size: int, rng: Generator, scheme: Scheme, longest: int
) -> Params:
    """Draw the params of one layer and direction, in float64."""
    H, kind = architecture.hidden_size, CELLS[architecture.kind].params
    form = dict(architecture.form)
    if form.pop("peepholes", False):
        form["p"] = np.zeros(3 * H)
    params = kind.random(size, H, seed=rng, **form)
    if scheme not in ORTHOGONAL:
        params = _uniform(params, rng)
    return _chrono(params, rng, longest) if scheme in CHRONO else params


def _uniform(params: Params, rng: Generator) -> Params:
    """Draw every array within ±1/√H; torch's two biases of a gate add up to one of ours."""
    limit = 1 / np.sqrt(params.hidden_size)
    drawn: dict[str, FloatArray] = {}
    for name, array in params.arrays().items():
        drawn[name] = rng.uniform(-limit, limit, array.shape)
        stack, _ = params.places()[name]
        if ROLES[stack] == "bias" and not (params.kind == "gru" and name == "b_n"):
            drawn[name] += rng.uniform(-limit, limit, array.shape)
    return params.replace(**drawn)


def _chrono(params: Params, rng: Generator, longest: int) -> Params:
    """Set the biases of the gates so that units remember for 1 to `longest` steps."""
    if longest < 3:
        raise RangeError("longest", "be at least 3 for chrono", str(longest))
    if params.kind == "rnn":
        raise RangeError("scheme", "be uniform or orthogonal: a simple RNN has no gates", "chrono")
    b = np.log(rng.uniform(1, longest - 1, params.hidden_size))
    if params.kind == "gru":
        return params.replace(b_z=b if cast(GRUParams, params).z_keeps else -b)
    if cast(LSTMParams, params).input_forget:
        return params.replace(b_i=-b)
    return params.replace(b_f=b, b_i=-b)
