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
