"""Torch modules with our weights, and sessions of onnxruntime with the same."""

from typing import Any

import numpy as np
import torch

from gru_core import Params
from gru_core.arrays import FloatArray

MODULES: dict[str, Any] = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM, "rnn": torch.nn.RNN}
CELLS: dict[str, Any] = {
    "gru": torch.nn.GRUCell,
    "lstm": torch.nn.LSTMCell,
    "rnn": torch.nn.RNNCell,
}

# Where torch has the parts of our stacks: r, z, n and i, f, g, o.
_ORDER = {"gru": (1, 0, 2), "lstm": (0, 1, 3, 2), "rnn": (0,)}


def load(module: torch.nn.Module, params: Params) -> torch.nn.Module:
    """Give a torch module our weights; all biases but the GRU's b_hn go to the input side."""
    order = _ORDER[params.kind]

    def stack(array: FloatArray) -> FloatArray:
        parts = np.split(array, len(order))
        return np.concatenate([parts[i] for i in order])

    recurrent = np.zeros_like(params.b)
    if params.kind == "gru":
        recurrent[-params.hidden_size :] = params.b_hn
    values = {
        "weight_ih": stack(params.W),
        "weight_hh": stack(params.U),
        "bias_ih": stack(params.b),  # type: ignore[arg-type]
        "bias_hh": recurrent,
    }
    with torch.no_grad():
        for name, weight in module.named_parameters():
            weight.copy_(torch.from_numpy(values[name.removesuffix("_l0")].copy()))
    return module


def kept(params: Params, rows: torch.Tensor) -> list[torch.Tensor]:
    """Run over (T, B, I) as one has to in torch to see what gru_core's trace holds, h last."""
    arrays = {name: torch.from_numpy(array.copy()) for name, array in params.arrays().items()}
    gates = params.GATES if params.kind != "rnn" else ("",)
    W, U, b = (torch.cat([arrays[f"{s}_{g}".strip("_")] for g in gates]) for s in "WUb")
    H = params.hidden_size
    h = c = torch.zeros(rows.shape[1], H)
    steps = []
    for x in rows @ W.T + b:
        q = h @ U.T
        if params.kind == "gru":
            a = x[:, : 2 * H] + q[:, : 2 * H]
            z, r = torch.sigmoid(a).split(H, 1)
            u = q[:, 2 * H :] + arrays["b_hn"]
            a_n = x[:, 2 * H :] + r * u
            n = torch.tanh(a_n)
            h = z * h + (1 - z) * n
            steps.append((a, z, r, u, a_n, n, h))
        elif params.kind == "lstm":
            a = x + q
            i, f, o = torch.sigmoid(a[:, : 3 * H]).split(H, 1)
            n = torch.tanh(a[:, 3 * H :])
            c = f * c + i * n
            m = torch.tanh(c)
            h = o * m
            steps.append((a, i, f, o, n, c, m, h))
        else:
            a = x + q
            h = torch.tanh(a)
            steps.append((a, h))
    return [torch.stack(values) for values in zip(*steps, strict=True)]
