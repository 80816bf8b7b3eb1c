"""The backward pass through the steps of a GRU, for either place of its reset gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.run.backward import Back, total

Chunks = Iterable[tuple[slice, tuple[FloatArray, ...]]]
"""Steps from the last to the first, with their local derivatives."""


def back_after(
    U: FloatArray, chunks: Chunks, values: Mapping[str, FloatArray], dh: FloatArray
) -> Back:
    """Propagate gradients back through a GRU with reset on the product U_n·h_prev.

    Parameters
    ----------
    U : ndarray, shape (3·H, H)
        Recurrent weights, rows U_z, U_r, U_n.
    chunks : iterable
        Steps from the last to the first, with ∂h/∂a_z, ∂h/∂a_n, the part of ∂h/∂h_prev
        that passes no weight, and ∂r/∂a_r.
    values : mapping of ndarray, shape (T, H[, B])
        The values of the run, by name.
    dh : ndarray, shape (T, H[, B])
        ∂L/∂h_t of every step, apart from what later steps make of h_t.
    """
    T, *row = dh.shape
    H = row[0]
    dzru, dn = np.empty((T, 3, *row), dh.dtype), np.empty_like(dh)
    flat = dzru.reshape(T, 3 * H, *row[1:])
    g, carry, kept = (np.zeros_like(dh[0]) for _ in range(3))
    U_T = U.T
    for steps, local in chunks:
        to_z, to_n, keep, dr = local
        u, r = values["u"][steps], values["r"][steps]
        factors = np.stack([to_z, to_n * u * dr, to_n * r], 1)  # (steps, 3, H[, B])
        back = slice(None, None, -1)
        for factor, d, d_flat, d_n, n, k, received in zip(
            factors[back],
            dzru[steps][back],
            flat[steps][back],
            dn[steps][back],
            to_n[back],
            keep[back],
            dh[steps][back],
            strict=True,
        ):
            np.add(received, carry, out=g)
            np.multiply(factor, g, out=d)
            np.multiply(n, g, out=d_n)
            np.dot(U_T, d_flat, out=carry)
            np.multiply(k, g, out=kept)
            np.add(carry, kept, out=carry)
    vectors = {"b_hn": total(dzru[:, 2])}
    return Back((flat[:, : 2 * H], dn), flat, {"h": carry}, vectors=vectors)


def back_before(
    U_zr: FloatArray,
    U_n: FloatArray,
    chunks: Chunks,
    values: Mapping[str, FloatArray],
    dh: FloatArray,
) -> Back:
    """Propagate gradients back through a GRU with reset on h_prev; see `back_after`."""
    T, *row = dh.shape
    H = row[0]
    da = np.empty((T, 3 * H, *row[1:]), dh.dtype)
    carry = np.zeros_like(dh[0])
    to_zr, to_inside = U_zr.T, U_n.T
    for steps, local in chunks:
        to_z, to_n, keep, dr = local
        r, to_r = values["r"][steps], dr * values["h_prev"][steps]
        for t in reversed(range(len(r))):
            g, d = dh[steps][t] + carry, da[steps][t]
            np.multiply(to_z[t], g, out=d[:H])
            np.multiply(to_n[t], g, out=d[2 * H :])
            inside = np.dot(to_inside, d[2 * H :])
            np.multiply(to_r[t], inside, out=d[H : 2 * H])
            carry = np.dot(to_zr, d[: 2 * H]) + keep[t] * g + r[t] * inside
    seen = {2: values["r"] * values["h_prev"]}
    return Back((da,), da, {"h": carry}, seen, {"b_hn": total(da[:, 2 * H :])})
