"""Torch's weights as ours and our gradients as torch's, by slices written out here."""

from typing import Any

import numpy as np

from gru_core import RELU, TANH, GRUParams, Layer, LSTMParams, Network, Readout, RNNParams
from tests.gru_core.cases import Arrays, FloatArray
from tests.gru_core.torch_cases import TorchCase

Params = GRUParams | LSTMParams | RNNParams


def network(case: TorchCase, weights: Arrays, dtype: str, outer: Arrays | None = None) -> Network:
    """Return our network with torch's weights; `outer` holds an embedding and a readout."""
    typed = {name: value.astype(dtype) for name, value in {**weights, **(outer or {})}.items()}
    suffixes = ("", "_reverse")[: case.directions]
    layers = tuple(
        Layer(*(params(case, typed, f"l{layer}{suffix}") for suffix in suffixes))
        for layer in range(case.layers)
    )
    readout = None
    if "readout_weight" in typed:
        readout = Readout(typed["readout_weight"], typed["readout_bias"])
    return Network(layers, embedding=typed.get("embedding"), readout=readout)


def params(case: TorchCase, weights: Arrays, suffix: str) -> Params:
    """Return one layer in one direction, such as "l0_reverse"."""
    W, U = weights[f"weight_ih_{suffix}"], weights[f"weight_hh_{suffix}"]
    b_ih, b_hh = weights.get(f"bias_ih_{suffix}"), weights.get(f"bias_hh_{suffix}")
    H = case.H
    if case.cell == "gru":  # torch stacks r, z, n
        if b_ih is None or b_hh is None:
            return GRUParams(zrn(W, H), zrn(U, H))
        b_z, b_r = b_ih[H : 2 * H] + b_hh[H : 2 * H], b_ih[:H] + b_hh[:H]
        b = np.concatenate([b_z, b_r, b_ih[2 * H :]])
        return GRUParams(zrn(W, H), zrn(U, H), b, b_hh[2 * H :])
    b = None if b_ih is None or b_hh is None else b_ih + b_hh
    if case.cell == "lstm":  # torch stacks i, f, g, o
        return LSTMParams(ifog(W, H), ifog(U, H), None if b is None else ifog(b, H))
    return RNNParams(W, U, b, activations=(TANH if case.cell == "rnn_tanh" else RELU,))


def zrn(stack: FloatArray, H: int) -> FloatArray:
    """Return r, z, n as z, r, n; or the other way, which is the same."""
    return np.concatenate([stack[H : 2 * H], stack[:H], stack[2 * H :]])


def ifog(stack: FloatArray, H: int) -> FloatArray:
    """Return i, f, g, o as i, f, o, g; or the other way, which is the same."""
    return np.concatenate([stack[: 2 * H], stack[3 * H :], stack[2 * H : 3 * H]])


def gradients(case: TorchCase, layer: str, found: dict[str, Any]) -> Arrays:
    """Return our gradients of one layer in one direction under torch's names."""
    H = case.H

    def stack(letter: str) -> FloatArray:
        gates = {"gru": "zrn", "lstm": "ifog"}.get(case.cell)
        if gates is None:
            return np.asarray(found[letter])
        return np.concatenate([found[f"{letter}_{gate}"] for gate in gates])

    order = {"gru": zrn, "lstm": ifog}.get(case.cell, lambda array, H: array)
    result = {
        f"weight_ih_{layer}": order(stack("W"), H),
        f"weight_hh_{layer}": order(stack("U"), H),
    }
    if case.bias:
        b = order(stack("b"), H)
        inner = b if case.cell != "gru" else np.concatenate([b[: 2 * H], found["b_hn"]])
        result |= {f"bias_ih_{layer}": b, f"bias_hh_{layer}": inner}
    return result
