"""Make tests/gru_core/references/torch_gradients.safetensors: torch's autograd in float64."""

import numpy as np
import torch
from numpy.typing import NDArray

from scripts.references.store import store
from scripts.references.torch_networks import module, run
from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import GRADIENT_CASES, GRADIENTS, GradientCase, draw_gradient


def main() -> None:
    stored: Arrays = {}
    for case in GRADIENT_CASES:
        for name, value in gradients(case).items():
            stored[f"{case.key}/{name}"] = value.numpy()
    store(GRADIENTS, stored, torch)


def gradients(case: GradientCase) -> dict[str, torch.Tensor]:
    """Return the loss, and its gradient with respect to everything that went in."""
    drawn, ids, outer, loss = draw_gradient(case)
    net = module(case.network, case.network.I, drawn.weights, torch.float64)
    leaves = {name: leaf(value) for name, value in {**drawn.states, **outer}.items()}
    if ids is None:
        leaves["x"] = x = leaf(drawn.x)
    else:
        x = leaves["embedding"][torch.from_numpy(ids)]
    states = {name: leaves[name] for name in drawn.states}
    output, *finals = run(net, x, states, drawn.lengths)
    parts = {"d_states": output, **dict(zip(("d_final", "d_final_c"), finals, strict=False))}
    if case.outputs:
        read = output @ leaves["readout_weight"].T + leaves["readout_bias"]
        parts["d_output"] = read * within(drawn.lengths, len(x))
    total = torch.stack([(torch.tensor(loss[name]) * parts[name]).sum() for name in loss]).sum()
    leaves |= dict(net.named_parameters())
    found = torch.autograd.grad(total, list(leaves.values()))
    return {"loss": total.detach(), **dict(zip(leaves, found, strict=True))}


def within(lengths: NDArray[np.int64] | None, T: int) -> torch.Tensor:
    """Return 1 at the steps a sequence has and 0 beyond, to be multiplied with a readout."""
    if lengths is None:
        return torch.ones(1)
    return torch.from_numpy(np.arange(T)[:, None] < np.atleast_1d(lengths))[..., None]


def leaf(value: object) -> torch.Tensor:
    """Return a tensor that gradients are asked for."""
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


if __name__ == "__main__":
    main()
