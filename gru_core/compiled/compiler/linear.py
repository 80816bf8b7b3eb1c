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
        whole, even = width - width % 4, height - height % 2
        for j in range(0, even, 2):
            to = o + j * B
            for k in range(0, whole, 4):
                q, s = m + k * row + j, p + k * B
                m0, m1, m2, m3 = M[q], M[q + row], M[q + 2 * row], M[q + 3 * row]
                n0, n1, n2, n3 = M[q + 1], M[q + row + 1], M[q + 2 * row + 1], M[q + 3 * row + 1]
                for b in range(B):
                    x0, x1, x2, x3 = x[s + b], x[s + B + b], x[s + 2 * B + b], x[s + 3 * B + b]
                    out[to + b] = out[to + b] + m0 * x0 + m1 * x1 + m2 * x2 + m3 * x3
                    out[to + B + b] = out[to + B + b] + n0 * x0 + n1 * x1 + n2 * x2 + n3 * x3
        for j in range(height):
            to = o + j * B
            for k in range(whole if j < even else 0, width):
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
