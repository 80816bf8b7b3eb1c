"""The loops over a row for an activation that is an argument."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gru_core.compiled.compiler.inlined import inlined
from gru_core.parameters.activations import ACTIVATIONS

Table = dict[str, Callable[..., Any]]
"""A function of one number for each activation."""


def choices(kind: Any, elementary: dict[str, Any]) -> dict[str, Any]:
    """Return the loops for f and its derivative, for a type of number.

    LLVM uses vector instructions for a loop without branches, so each activation has its own.
    """
    sigmoid, tanh = elementary["sigmoid"], elementary["tanh"]

    @inlined
    def clipped(x: Any, clip: Any) -> Any:
        y = x if x < clip else clip
        y = y if y > -clip else -clip
        return y if x == x else x

    squashes = {
        name: _squash_loop(inlined(f), clipped)
        for name, f in _functions(kind, sigmoid, tanh).items()
    }
    slopes = {
        name: _slope_loop(inlined(f), clipped, kind(0))
        for name, f in _slopes(kind, sigmoid, tanh).items()
    }
    return {
        "squash": _chosen(squashes, "n, a, p, y, q, alpha, beta, clip"),
        "slope": _chosen(slopes, "n, a, p, y, q, out, alpha, beta, clip"),
    }


def _functions(kind: Any, sigmoid: Any, tanh: Any) -> Table:
    """Return f(x, alpha, beta) of each activation."""
    zero, one = kind(0), kind(1)

    @inlined
    def between_0_and_1(x: Any) -> Any:
        return zero if x < zero else (one if x > one else x)

    return {
        "sigmoid": lambda x, alpha, beta: sigmoid(x),
        "tanh": lambda x, alpha, beta: tanh(x),
        "relu": lambda x, alpha, beta: zero if x < zero else x,
        "affine": lambda x, alpha, beta: x * alpha + beta,
        "leaky_relu": lambda x, alpha, beta: x if x >= zero else alpha * x,
        "thresholded_relu": lambda x, alpha, beta: x if x > alpha else zero,
        "scaled_tanh": lambda x, alpha, beta: alpha * tanh(beta * x),
        "hard_sigmoid": lambda x, alpha, beta: between_0_and_1(x * alpha + beta),
        "elu": lambda x, alpha, beta: x if x >= zero else alpha * math.expm1(x),
        "softsign": lambda x, alpha, beta: x / (one + abs(x)),
        "softplus": lambda x, alpha, beta: (
            (x if x > zero else zero) + math.log1p(math.exp(-abs(x)))
        ),
    }


def _slopes(kind: Any, sigmoid: Any, tanh: Any) -> Table:
    """Return f'(x, y, alpha, beta) of each activation, where y is f(x)."""
    zero, one = kind(0), kind(1)
    return {
        "sigmoid": lambda x, y, alpha, beta: y * (one - y),
        "tanh": lambda x, y, alpha, beta: one - y * y,
        "relu": lambda x, y, alpha, beta: one if x > zero else zero,
        "affine": lambda x, y, alpha, beta: alpha,
        "leaky_relu": lambda x, y, alpha, beta: one if x >= zero else alpha,
        "thresholded_relu": lambda x, y, alpha, beta: one if x > alpha else zero,
        "scaled_tanh": lambda x, y, alpha, beta: (
            alpha * beta * (one - tanh(beta * x) * tanh(beta * x))
        ),
        "hard_sigmoid": lambda x, y, alpha, beta: alpha if zero < y and y < one else zero,
        "elu": lambda x, y, alpha, beta: one if x >= zero else y + alpha,
        "softsign": lambda x, y, alpha, beta: one / ((one + abs(x)) * (one + abs(x))),
        "softplus": lambda x, y, alpha, beta: sigmoid(x),
    }


def _squash_loop(f: Any, clipped: Any) -> Callable[..., None]:
    @inlined
    def loop(n: int, a: Any, p: int, y: Any, q: int, alpha: Any, beta: Any, clip: Any) -> None:
        for e in range(n):
            y[q + e] = f(clipped(a[p + e], clip), alpha, beta)

    return loop


def _slope_loop(f: Any, clipped: Any, zero: Any) -> Callable[..., None]:
    @inlined
    def loop(
        n: int, a: Any, p: int, y: Any, q: int, out: Any, alpha: Any, beta: Any, clip: Any
    ) -> None:
        for e in range(n):
            x = clipped(a[p + e], clip)
            slope = f(x, y[q + e], alpha, beta)
            out[e] = slope if x == a[p + e] else zero  # beyond the clip

    return loop


def _chosen(loops: Table, arguments: str) -> Any:
    """Return a function that calls the loop of the activation with a number."""
    lines = [f"def chosen(kind, {arguments}):"]
    for number, name in enumerate(ACTIVATIONS):
        lines += [f"    if kind == {number}:", f"        {name}({arguments})"]
    space: dict[str, Any] = dict(loops)
    exec("\n".join(lines), space)
    return inlined(space["chosen"])
