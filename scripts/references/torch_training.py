"""Make tests/gru_core/references/torch_training.safetensors: losses of torch while it trains.

Torch has two biases where we have one. If both were trained, their sum would move twice as far. So
the second is added to the first and kept at 0, except where it is a weight of its own: in the
candidate of the GRU.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from scripts.references.store import store
from scripts.references.torch_networks import module
from tests.gru_core.torch_cases import TorchCase
from tests.gru_core.training_cases import CASES, CLIP, CURVES, DECAY, RATE, draw


def main() -> None:
    store(CURVES, {case.key: losses(case) for case in CASES}, torch)


def losses(case: TorchCase) -> NDArray[np.float64]:
    """Return the loss of every batch, before its update."""
    drawn = draw(case)
    inner = {name: w for name, w in drawn.weights.items() if not name.startswith("readout")}
    net = module(case, case.I, inner, torch.float64)
    join_biases(case, net)
    readout = torch.nn.Linear(*drawn.weights["readout_weight"].shape[::-1], dtype=torch.float64)
    readout.load_state_dict(
        {name: torch.tensor(drawn.weights[f"readout_{name}"]) for name in ("weight", "bias")}
    )
    parameters = [*net.parameters(), *readout.parameters()]
    adam = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    found = []
    for x, target, mask in zip(drawn.x, drawn.target, drawn.mask, strict=True):
        adam.zero_grad()
        output = readout(net(torch.nn.functional.one_hot(torch.tensor(x), case.I).double())[0])
        loss = torch.nn.functional.cross_entropy(output[mask], torch.tensor(target[mask]))
        loss.backward()
        for name, bias in net.named_parameters():
            if "bias_hh" in name:
                bias.grad[: joined(case)] = 0
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        adam.step()
        found.append(loss.item())
    return np.array(found)


def join_biases(case: TorchCase, net: torch.nn.RNNBase) -> None:
    """Add the second biases to the first, and set them to 0."""
    named, rows = dict(net.named_parameters()), joined(case)
    with torch.no_grad():
        for name, bias in named.items():
            if "bias_hh" in name:
                named[name.replace("hh", "ih")][:rows] += bias[:rows]
                bias[:rows] = 0


def joined(case: TorchCase) -> int:
    """Return the number of rows whose two biases are one for us."""
    return 2 * case.H if case.cell == "gru" else 4 * case.H


if __name__ == "__main__":
    main()
