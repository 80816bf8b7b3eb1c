"""The functions that squash pre-activations, as ONNX defines and names them.

==================  ==========================================  ============================
name                f(a)                                        f'(a), with y = f(a)
==================  ==========================================  ============================
sigmoid             1 / (1 + e^−a)                              y (1 − y)
tanh                tanh a                                      1 − y²
relu                max(0, a)                                   1 where a > 0
affine              α a + β                                     α
leaky_relu          a where a ≥ 0, else α a                     1 or α
thresholded_relu    a where a > α, else 0                       1 or 0
scaled_tanh         α tanh(β a)                                 β (α − y² / α)
hard_sigmoid        min(1, max(0, α a + β))                     α where 0 < y < 1
elu                 a where a ≥ 0, else α (e^a − 1)             1 or y + α
softsign            a / (1 + abs(a))                            1 / (1 + abs(a))²
softplus            log(1 + e^a)                                σ(a)
==================  ==========================================  ============================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import FieldError, RangeError

Slope = Callable[[FloatArray, FloatArray, float, float], FloatArray]


class _Kind(NamedTuple):
    """ONNX's name, the default α and β, whether they are used, f(a, out, α, β) and f'(a, y, α, β).

    `source` is f as an expression of NumPy, with {a}, {alpha} and {beta} to fill in.
    """

    onnx: str
    alpha: float
    beta: float
    takes: str
    apply: Callable[[FloatArray, FloatArray, float, float], object]
    slope: Slope
    source: str


@dataclass(frozen=True)
class Activation:
    """An activation function with its constants.

    Parameters
    ----------
    name : str
        One of `ACTIVATIONS`.
    alpha, beta : float
        The constants, if the activation has any; `of` uses ONNX's defaults.

    Raises
    ------
    FieldError
        If the name is unknown.
    RangeError
        If a constant is not finite.

    Examples
    --------
    >>> SIGMOID(np.zeros(2))
    array([0.5, 0.5])
    >>> Activation.of("LeakyRelu")
    Activation(name='leaky_relu', alpha=0.01, beta=0.0)
    """

    name: str
    alpha: float = 0.0
    beta: float = 0.0

    def __post_init__(self) -> None:
        if self.name not in _KINDS:
            raise FieldError("activation", f"be one of {', '.join(_KINDS)}", repr(self.name))
        for field in ("alpha", "beta"):
            value = getattr(self, field)
            if not np.isfinite(value):
                raise RangeError(f"{self.name}.{field}", "be finite", str(value))

    @classmethod
    def of(cls, name: str, alpha: float | None = None, beta: float | None = None) -> Self:
        """Return an activation by ONNX's name or ours, in any case.

        Parameters
        ----------
        name : str
            Such as "Sigmoid" or "leaky_relu".
        alpha, beta : float, optional
            By default ONNX's; dropped if the activation has no such constant.

        Raises
        ------
        FieldError, RangeError
            As for the constructor.

        Examples
        --------
        >>> Activation.of("HardSigmoid", alpha=0.25)
        Activation(name='hard_sigmoid', alpha=0.25, beta=0.5)
        """
        found = _BY_LETTERS.get(name.replace("_", "").lower())
        if found is None:
            raise FieldError("activation", f"be one of {', '.join(_KINDS)}", repr(name))
        kind = _KINDS[found]
        a = kind.alpha if alpha is None or "a" not in kind.takes else float(alpha)
        b = kind.beta if beta is None or "b" not in kind.takes else float(beta)
        return cls(found, float(a), float(b))

    @property
    def onnx(self) -> str:
        """ONNX's name, such as "LeakyRelu"."""
        return _KINDS[self.name].onnx

    @property
    def constants(self) -> str:
        """The constants it uses: "", "a" (alpha) or "ab"."""
        return _KINDS[self.name].takes

    def numpy(self, a: str) -> str:
        """Return f as a NumPy expression, for users to copy.

        Parameters
        ----------
        a : str
            The name of the input.

        Examples
        --------
        >>> TANH.numpy("a_n")
        'np.tanh(a_n)'
        """
        return _KINDS[self.name].source.format(a=a, alpha=self.alpha, beta=self.beta)

    def __call__(self, a: FloatArray) -> FloatArray:
        """Return f(a), elementwise."""
        with np.errstate(over="ignore"):
            out = np.empty_like(a)
            self.bind(a)(a, out)
        return out

    def bind(self, like: FloatArray) -> Callable[[FloatArray, FloatArray], object]:
        """Return f as a function of (a, out), fast for arrays of the shape and dtype of `like`.

        `out` may be `a` itself. If a sigmoid's exp overflows, its result is 0, which is correct;
        callers silence the warning.

        Examples
        --------
        >>> a = np.array([0.0, -1.0])
        >>> RELU.bind(a)(a, a)
        >>> a
        array([0., 0.])
        """
        if self == TANH:
            return np.tanh
        if self == SIGMOID:
            return _sigmoid(np.ones_like(like))
        apply, alpha, beta = _KINDS[self.name].apply, self.alpha, self.beta
        return lambda a, out: apply(a, out, alpha, beta)

    def slope(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return f'(a), elementwise, where y is f(a).

        Examples
        --------
        >>> a = np.array([0.0])
        >>> SIGMOID.slope(a, SIGMOID(a))
        array([0.25])
        """
        return _KINDS[self.name].slope(a, y, self.alpha, self.beta)


def _sigmoid(ones: FloatArray) -> Callable[[FloatArray, FloatArray], None]:
    """Return 1 / (1 + exp(−a)); with an array of ones NumPy need not convert at every call."""

    def apply(a: FloatArray, out: FloatArray) -> None:
        np.negative(a, out)
        np.exp(out, out)
        np.add(out, ones, out)
        np.reciprocal(out, out)

    return apply


def _unbound(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    """Placeholder for activations with a special case in `bind`."""
    raise NotImplementedError


def _relu(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    np.maximum(a, 0, out=out)


def _affine(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    np.multiply(a, alpha, out=out)
    np.add(out, beta, out=out)


def _leaky_relu(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    out[...] = np.where(a >= 0, a, alpha * a)


def _thresholded_relu(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    out[...] = np.where(a > alpha, a, 0)


def _scaled_tanh(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    np.multiply(a, beta, out=out)
    np.tanh(out, out=out)
    np.multiply(out, alpha, out=out)


def _hard_sigmoid(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    _affine(a, out, alpha, beta)
    np.clip(out, 0, 1, out=out)


def _elu(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    out[...] = np.where(a >= 0, a, alpha * np.expm1(np.minimum(a, 0)))


def _softsign(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    np.divide(a, 1 + np.abs(a), out=out)


def _softplus(a: FloatArray, out: FloatArray, alpha: float, beta: float) -> None:
    np.logaddexp(a, 0, out=out)


def _ones_where(
    place: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], a: FloatArray
) -> FloatArray:
    result: FloatArray = place.astype(a.dtype)
    return result


def _slope_of_leaky_relu(a: FloatArray, y: FloatArray, alpha: float, beta: float) -> FloatArray:
    result: FloatArray = np.where(a >= 0, a.dtype.type(1), a.dtype.type(alpha))
    return result


def _slope_of_scaled_tanh(a: FloatArray, y: FloatArray, alpha: float, beta: float) -> FloatArray:
    result: FloatArray = alpha * beta * (1 - np.tanh(beta * a) ** 2)
    return result


def _slope_of_elu(a: FloatArray, y: FloatArray, alpha: float, beta: float) -> FloatArray:
    return np.where(a >= 0, a.dtype.type(1), y + a.dtype.type(alpha))


def _slope_of_softplus(a: FloatArray, y: FloatArray, alpha: float, beta: float) -> FloatArray:
    return SIGMOID(a)


_KINDS: dict[str, _Kind] = {
    "sigmoid": _Kind(
        "Sigmoid", 0, 0, "", _unbound, lambda a, y, *_: y * (1 - y), "1 / (1 + np.exp(-{a}))"
    ),
    "tanh": _Kind("Tanh", 0, 0, "", _unbound, lambda a, y, *_: 1 - y * y, "np.tanh({a})"),
    "relu": _Kind(
        "Relu", 0, 0, "", _relu, lambda a, *_: _ones_where(a > 0, a), "np.maximum({a}, 0)"
    ),
    "affine": _Kind(
        "Affine",
        1,
        0,
        "ab",
        _affine,
        lambda a, y, alpha, beta: np.full_like(a, alpha),
        "{alpha} * {a} + {beta}",
    ),
    "leaky_relu": _Kind(
        "LeakyRelu",
        0.01,
        0,
        "a",
        _leaky_relu,
        _slope_of_leaky_relu,
        "np.where({a} >= 0, {a}, {alpha} * {a})",
    ),
    "thresholded_relu": _Kind(
        "ThresholdedRelu",
        1,
        0,
        "a",
        _thresholded_relu,
        lambda a, y, alpha, beta: _ones_where(a > alpha, a),
        "np.where({a} > {alpha}, {a}, 0)",
    ),
    "scaled_tanh": _Kind(
        "ScaledTanh",
        1,
        1,
        "ab",
        _scaled_tanh,
        _slope_of_scaled_tanh,
        "{alpha} * np.tanh({beta} * {a})",
    ),
    "hard_sigmoid": _Kind(
        "HardSigmoid",
        0.2,
        0.5,
        "ab",
        _hard_sigmoid,
        lambda a, y, alpha, beta: alpha * _ones_where((y > 0) & (y < 1), a),
        "np.clip({alpha} * {a} + {beta}, 0, 1)",
    ),
    "elu": _Kind(
        "Elu",
        1,
        0,
        "a",
        _elu,
        _slope_of_elu,
        "np.where({a} >= 0, {a}, {alpha} * np.expm1(np.minimum({a}, 0)))",
    ),
    "softsign": _Kind(
        "Softsign",
        0,
        0,
        "",
        _softsign,
        lambda a, *_: 1 / (1 + np.abs(a)) ** 2,
        "{a} / (1 + np.abs({a}))",
    ),
    "softplus": _Kind("Softplus", 0, 0, "", _softplus, _slope_of_softplus, "np.logaddexp({a}, 0)"),
}
_BY_LETTERS = {name.replace("_", ""): name for name in _KINDS}

ACTIVATIONS = tuple(_KINDS)
"""The names, in the order of the table."""

SIGMOID: Activation = Activation("sigmoid")
TANH = Activation("tanh")
RELU = Activation("relu")
LINEAR = Activation("affine", 1.0)
"""No activation: f(a) = a."""
