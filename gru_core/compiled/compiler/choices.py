"""The loops over a row for an activation that is an argument."""

from __future__ import annotations

import math
from typing import Any

from gru_core.compiled.compiler.inlined import inlined
from gru_core.parameters.activations import ACTIVATIONS


def choices(kind: Any, elementary: dict[str, Any]) -> dict[str, Any]:
    """Return the loops for f and its derivative, for a type of number."""
    sigmoid, tanh = elementary["sigmoid"], elementary["tanh"]
    zero, one = kind(0), kind(1)
    (
        SIGMOID,
        TANH,
        RELU,
        AFFINE,
        LEAKY_RELU,
        THRESHOLDED_RELU,
        SCALED_TANH,
        HARD_SIGMOID,
        ELU,
        SOFTSIGN,
        SOFTPLUS,
    ) = range(len(ACTIVATIONS))

    @inlined
    def clipped(x: Any, clip: Any) -> Any:
        y = x if x < clip else clip
        y = y if y > -clip else -clip
        return y if x == x else x

    @inlined
    def kept(slope: Any, x: Any, a: Any) -> Any:
        return slope if x == a else zero

    @inlined
    def softplus(x: Any) -> Any:
        return (x if x > zero else zero) + math.log1p(math.exp(-abs(x)))

    @inlined
    def squash(
        chosen: int,
        n: int,
        a: Any,
        p: int,
        y: Any,
        q: int,
        alpha: Any,
        beta: Any,
        clip: Any,
    ) -> None:
        """Y = f(clip(a)); one loop for each activation."""
        if chosen == SIGMOID:
            for e in range(n):
                y[q + e] = sigmoid(clipped(a[p + e], clip))
        elif chosen == TANH:
            for e in range(n):
                y[q + e] = tanh(clipped(a[p + e], clip))
        elif chosen == RELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                y[q + e] = zero if x < zero else x
        elif chosen == AFFINE:
            for e in range(n):
                y[q + e] = clipped(a[p + e], clip) * alpha + beta
        elif chosen == LEAKY_RELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                y[q + e] = x if x >= zero else alpha * x
        elif chosen == THRESHOLDED_RELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                y[q + e] = x if x > alpha else zero
        elif chosen == SCALED_TANH:
            for e in range(n):
                y[q + e] = alpha * tanh(beta * clipped(a[p + e], clip))
        elif chosen == HARD_SIGMOID:
            for e in range(n):
                x = alpha * clipped(a[p + e], clip) + beta
                y[q + e] = zero if x < zero else (one if x > one else x)
        elif chosen == ELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                y[q + e] = x if x >= zero else alpha * math.expm1(x)
        elif chosen == SOFTSIGN:
            for e in range(n):
                x = clipped(a[p + e], clip)
                y[q + e] = x / (one + abs(x))
        elif chosen == SOFTPLUS:
            for e in range(n):
                y[q + e] = softplus(clipped(a[p + e], clip))

    @inlined
    def slope(
        chosen: int,
        n: int,
        a: Any,
        p: int,
        y: Any,
        q: int,
        out: Any,
        alpha: Any,
        beta: Any,
        clip: Any,
    ) -> None:
        """Out = f'(a), where y is f(a); 0 beyond the clip; one loop for each activation."""
        if chosen == SIGMOID:
            for e in range(n):
                x, v = clipped(a[p + e], clip), y[q + e]
                out[e] = kept(v * (one - v), x, a[p + e])
        elif chosen == TANH:
            for e in range(n):
                x, v = clipped(a[p + e], clip), y[q + e]
                out[e] = kept(one - v * v, x, a[p + e])
        elif chosen == RELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                out[e] = kept((one if x > zero else zero), x, a[p + e])
        elif chosen == AFFINE:
            for e in range(n):
                x = clipped(a[p + e], clip)
                out[e] = kept(alpha, x, a[p + e])
        elif chosen == LEAKY_RELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                out[e] = kept((one if x >= zero else alpha), x, a[p + e])
        elif chosen == THRESHOLDED_RELU:
            for e in range(n):
                x = clipped(a[p + e], clip)
                out[e] = kept((one if x > alpha else zero), x, a[p + e])
        elif chosen == HARD_SIGMOID:
            for e in range(n):
                x, v = clipped(a[p + e], clip), y[q + e]
                out[e] = kept((alpha if v > zero and v < one else zero), x, a[p + e])
        elif chosen == ELU:
            for e in range(n):
                x, v = clipped(a[p + e], clip), y[q + e]
                out[e] = kept((one if x >= zero else v + alpha), x, a[p + e])
        elif chosen == SOFTPLUS:
            for e in range(n):
                x = clipped(a[p + e], clip)
                out[e] = kept(sigmoid(x), x, a[p + e])
        elif chosen == SCALED_TANH:
            for e in range(n):
                x = clipped(a[p + e], clip)
                inner = tanh(beta * x)
                out[e] = kept(alpha * beta * (one - inner * inner), x, a[p + e])
        elif chosen == SOFTSIGN:
            for e in range(n):
                x = clipped(a[p + e], clip)
                size = one + abs(x)
                out[e] = kept(one / (size * size), x, a[p + e])

    return {"squash": squash, "slope": slope}
