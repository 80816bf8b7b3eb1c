"""exp, sigmoid and tanh, written out.

LLVM can use vector instructions for them only if it sees their arithmetic; a call of the C library
for each number would take longer than the rest of a step. exp reduces its argument with the
constants of Cody and Waite (1980) and sums the Taylor series of what is left; tanh has the rational
approximations of Moshier's Cephes library near 0. Their errors are a few units in the last place,
which the tests compare with NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gru_core.compiled.compiler.inlined import inlined, intrinsic, types

FORMATS = {
    # mantissa bits, exponent bias, largest and smallest argument of exp, terms of the series
    "float32": (23, 127, 88.0, -87.0, 7),
    "float64": (52, 1023, 709.0, -708.0, 13),
}

LN2 = {
    "float32": (0.693359375, -2.12194440e-4),
    "float64": (6.93145751953125e-1, 1.42860682030941723212e-6),
}
"""ln 2 in two parts, of which the first has few digits."""


@intrinsic
def _bits(typing_context: Any, x: Any) -> Any:
    """Return the bits of a floating-point number as an integer."""
    result = types.int32 if x == types.float32 else types.int64
    return result(x), _cast


@intrinsic
def _number(typing_context: Any, x: Any) -> Any:
    """Return the floating-point number with some bits."""
    result = types.float32 if x == types.int32 else types.float64
    return result(x), _cast


def _cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))


def elementary(dtype: str) -> dict[str, Any]:
    """Return sigmoid and tanh of one number."""
    kind: Any = np.dtype(dtype).type
    mantissa, bias, high, low, terms = FORMATS[dtype]
    # To add this number rounds to an integer, which is then in the lowest bits.
    magic = kind(1.5 * 2.0**mantissa)
    per_ln2, ln2, ln2_rest = kind(1 / math.log(2)), kind(LN2[dtype][0]), kind(LN2[dtype][1])
    most, least = kind(high), kind(low)
    zero, one, two, near = kind(0), kind(1), kind(2), kind(0.625)
    series = tuple(kind(1 / math.factorial(k)) for k in range(terms - 1, -1, -1))
    first = kind(1 / math.factorial(terms))
    integer: Any = np.int32 if dtype == "float32" else np.int64
    bits: Any = _bits
    number: Any = _number

    @inlined
    def exp(x: Any) -> Any:
        y = x if x < most else most
        y = y if y > least else least
        shifted = y * per_ln2 + magic
        n = shifted - magic
        r = y - n * ln2
        r = r - n * ln2_rest
        total = first
        for coefficient in series:
            total = total * r + coefficient
        power: Any = number(integer((bits(shifted) + bias) << mantissa))
        return total * power

    @inlined
    def sigmoid(x: Any) -> Any:
        y = one / (one + exp(-x))
        y = y if x >= -most else zero  # where exp(−x) is infinite in NumPy
        return y if x == x else x

    near_0 = _tanh_near_0(kind)

    @inlined
    def tanh(x: Any) -> Any:
        size = abs(x)
        far = one - two / (exp(size + size) + one)
        far = far if x > 0 else -far
        y = near_0(x) if size < near else far
        return y if x == x else x

    return {"sigmoid": sigmoid, "tanh": tanh}


def _tanh_near_0(kind: Any) -> Callable[[Any], Any]:
    """Return tanh for |x| < 0.625."""
    if kind is np.float32:
        a, b, c, d, e = map(
            kind,
            (
                -5.70498872745e-3,
                2.06390887954e-2,
                -5.37397155531e-2,
                1.33314422036e-1,
                -3.33332819422e-1,
            ),
        )

        @inlined
        def polynomial(x: Any) -> Any:
            z = x * x
            return ((((a * z + b) * z + c) * z + d) * z + e) * z * x + x

        return polynomial
    p, q, r = map(
        kind, (-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3)
    )
    s, t, u = map(
        kind, (1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3)
    )

    @inlined
    def rational(x: Any) -> Any:
        z = x * x
        return x + x * z * (((p * z + q) * z + r) / (((z + s) * z + t) * z + u))

    return rational
