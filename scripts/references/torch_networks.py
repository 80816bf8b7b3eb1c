"""Make tests/gru_core/references/torch_networks.safetensors: outputs and final states of torch."""

from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from scripts.references.store import store
from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import CASES, KEPT, NETWORKS, TorchCase, draw

MODULES: dict[str, tuple[type[torch.nn.RNNBase], dict[str, Any]]] = {
    "gru": (torch.nn.GRU, {}),
    "lstm": (torch.nn.LSTM, {}),
    "rnn_tanh": (torch.nn.RNN, {"nonlinearity": "tanh"}),
    "rnn_relu": (torch.nn.RNN, {"nonlinearity": "relu"}),
}


def main() -> None:
    stored: Arrays = {}
    for dtype in (torch.float64, torch.float32):
        for case in CASES:
            with torch.no_grad():
                for name, value in outputs(case, dtype).items():
                    key = f"{case.key}/{str(dtype).removeprefix('torch.')}/{name}"
                    stored[key] = value.numpy()
    store(NETWORKS, stored, torch)


def outputs(case: TorchCase, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Return what torch makes of a case: the last rows of the output, h_n and c_n."""
    drawn = draw(case)
    net = module(case, case.I, drawn.weights, dtype)
    x = torch.tensor(drawn.x, dtype=dtype)
    states = {name: torch.tensor(value, dtype=dtype) for name, value in drawn.states.items()}
    output, *finals = run(net, x, states, drawn.lengths)
    return {"output": output[-KEPT:], **dict(zip(("h_n", "c_n"), finals, strict=False))}


def module(case: TorchCase, inputs: int, weights: Arrays, dtype: torch.dtype) -> torch.nn.RNNBase:
    """Return a torch module with these weights."""
    kind, form = MODULES[case.cell]
    net = kind(
        inputs,
        case.H,
        num_layers=case.layers,
        bias=case.bias,
        bidirectional=case.bidirectional,
        dtype=dtype,
        **form,
    )
    tensors = {name: torch.tensor(value, dtype=dtype) for name, value in weights.items()}
    net.load_state_dict(tensors, strict=True)
    return net


def run(
    net: torch.nn.RNNBase,
    x: torch.Tensor,
    states: dict[str, torch.Tensor],
    lengths: np.ndarray[Any, Any] | None,
) -> list[torch.Tensor]:
    """Return the output, padded with zeros, h_n and, for the LSTM, c_n."""
    given: Any = states.get("h0")
    if "c0" in states:
        given = (given, states["c0"])
    if lengths is None:
        output, final = net(x, given)
    elif lengths.ndim == 0:
        output, final = net(x[: int(lengths)], given)
        output = torch.nn.functional.pad(output, (0, 0, 0, len(x) - len(output)))
    else:
        packed = pack_padded_sequence(x, torch.from_numpy(lengths), enforce_sorted=False)
        output, final = net(packed, given)
        output, _ = pad_packed_sequence(output, total_length=len(x))
    return [output, *(final if isinstance(final, tuple) else [final])]


if __name__ == "__main__":
    main()
