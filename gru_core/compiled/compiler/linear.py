"""Loops over rows: products with a matrix, and held numbers."""

from __future__ import annotations

from typing import Any

from gru_core.compiled.compiler.inlined import inlined


def linear(kind: Any) -> dict[str, Any]:
    """Return the loops, for a type of number."""
    zero = kind(0)

    @inlined
    def clear(out: Any, o: int, n: int) -> None:
        for e in range(n):
            out[o + e] = zero

    @inlined
    def add_product(
        out: Any, o: int, M: Any, m: int, row: int, x: Any, p: int, height: int, width: int
    ) -> None:
        """out[j] += Σ M[k, j] x[k], four columns at a time, to write out[j] less often."""
        whole = width - width % 4
        for k in range(0, whole, 4):
            q = m + k * row
            x0, x1, x2, x3 = x[p + k], x[p + k + 1], x[p + k + 2], x[p + k + 3]
            for j in range(height):
                out[o + j] = (
                    out[o + j]
                    + M[q + j] * x0
                    + M[q + row + j] * x1
                    + M[q + 2 * row + j] * x2
                    + M[q + 3 * row + j] * x3
                )
        for k in range(whole, width):
            x0, q = x[p + k], m + k * row
            for j in range(height):
                out[o + j] += M[q + j] * x0

    @inlined
    def add_products(
        out: Any, o: int, M: Any, m: int, row: int, x: Any, p: int, height: int, width: int, B: int
    ) -> None:
        """The same for B columns, which are contiguous."""
        whole = width - width % 4
        for j in range(height):
            to = o + j * B
            for k in range(0, whole, 4):
                q, s = m + k * row + j, p + k * B
                m0, m1, m2, m3 = M[q], M[q + row], M[q + 2 * row], M[q + 3 * row]
                for b in range(B):
                    out[to + b] = (
                        out[to + b]
                        + m0 * x[s + b]
                        + m1 * x[s + B + b]
                        + m2 * x[s + 2 * B + b]
                        + m3 * x[s + 3 * B + b]
                    )
            for k in range(whole, width):
                m0, s = M[m + k * row + j], p + k * B
                for b in range(B):
                    out[to + b] += m0 * x[s + b]

    @inlined
    def hold(held: Any, o: int, out: Any, p: int, H: int, B: int) -> None:
        for i in range(H):
            number = held[o + i]
            if number == number:  # NaN where nothing is held
                for b in range(B):
                    out[p + i * B + b] = number

    return {"clear": clear, "add_product": add_product, "add_products": add_products, "hold": hold}
