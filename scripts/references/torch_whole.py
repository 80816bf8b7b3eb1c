"""Make tests/gru_core/references/torch_whole.safetensors: whole networks, with values held.

torch's modules cannot hold a value, so layers are loops over time written out here. Without a held
value their results are those of torch's modules, which `main` checks.
"""

from collections.abc import Callable, Sequence

import torch

from scripts.references.store import store
from scripts.references.torch_networks import module
from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import draw_gradient
from tests.gru_core.torch_whole import WHOLE, WHOLE_CASES, Hold, WholeCase

Tensor = torch.Tensor
Held = Callable[[str, Tensor], Tensor]
"""Returns a value of this step with its held units."""
CLOSE = {torch.float64: 1e-12, torch.float32: 2e-6}


def main() -> None:
    stored: Arrays = {}
    for dtype in (torch.float64, torch.float32):
        for case in WHOLE_CASES:
            with torch.no_grad():
                for name, value in outputs(case, dtype).items():
                    key = f"{case.key}/{str(dtype).removeprefix('torch.')}/{name}"
                    stored[key] = value.numpy()
    store(WHOLE, stored, torch)


def outputs(case: WholeCase, dtype: torch.dtype) -> dict[str, Tensor]:
    """Return the states of every layer and the readout's output."""
    net, drawn = case.of.network, draw_gradient(case.of)
    weights = {n: torch.tensor(w, dtype=dtype) for n, w in drawn.drawn.weights.items()}
    outer = {n: torch.tensor(w, dtype=dtype) for n, w in drawn.outer.items()}
    assert drawn.ids is not None
    x = start = outer["embedding"][torch.tensor(drawn.ids)]
    found: dict[str, Tensor] = {}
    for layer in range(net.layers):
        sides = []
        for direction in ("forward", "reverse")[: net.directions]:
            suffix = f"l{layer}{'_reverse' * (direction == 'reverse')}"
            holds = [h for h in case.holds if (h.layer, h.direction) == (layer, direction)]
            back = direction == "reverse"
            sides.append(run(net.cell, weights, suffix, x, holds, back=back))
        x = found[f"states_{layer}"] = torch.cat(sides, -1)
    found["output"] = x @ outer["readout_weight"].T + outer["readout_bias"]
    if not case.holds:
        expected, _ = module(net, net.I, drawn.drawn.weights, dtype)(start)
        assert (x - expected).abs().max() <= CLOSE[dtype], case.key
    return found


def run(
    cell: str,
    weights: dict[str, Tensor],
    suffix: str,
    x: Tensor,
    holds: Sequence[Hold],
    *,
    back: bool,
) -> Tensor:
    """Return the states of one layer in one direction, step by step."""
    W, U = weights[f"weight_ih_{suffix}"], weights[f"weight_hh_{suffix}"]
    b_ih, b_hh = weights[f"bias_ih_{suffix}"], weights[f"bias_hh_{suffix}"]
    h = c = torch.zeros(U.shape[1], dtype=x.dtype)
    states = torch.zeros(len(x), U.shape[1], dtype=x.dtype)
    for t in reversed(range(len(x))) if back else range(len(x)):
        held = holding(holds, t)
        outer, inner = W @ x[t] + b_ih, U @ h + b_hh
        if cell == "gru":
            h = gru(outer, inner, h, held)
        elif cell == "lstm":
            h, c = lstm(outer + inner, c, held)
        else:
            h = torch.tanh(outer + inner)
        h = states[t] = held("h", h)
    return states


def gru(outer: Tensor, inner: Tensor, h: Tensor, held: Held) -> Tensor:
    """Return the next state; torch stacks r, z, n."""
    (W_r, W_z, W_n), (U_r, U_z, U_n) = outer.chunk(3), inner.chunk(3)
    z = held("z", torch.sigmoid(W_z + U_z))
    n = torch.tanh(W_n + torch.sigmoid(W_r + U_r) * U_n)
    return (1 - z) * n + z * h


def lstm(sums: Tensor, c: Tensor, held: Held) -> tuple[Tensor, Tensor]:
    """Return the next h and c; torch stacks i, f, g, o."""
    i, f, g, o = sums.chunk(4)
    f = held("f", torch.sigmoid(f))
    c = f * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def holding(holds: Sequence[Hold], t: int) -> Held:
    """Return a function that sets the units which are held at a step."""

    def held(name: str, value: Tensor) -> Tensor:
        value = value.clone()
        for one in holds:
            if one.value == name and one.start <= t < one.stop:
                value[one.unit] = one.number
        return value

    return held


if __name__ == "__main__":
    main()
