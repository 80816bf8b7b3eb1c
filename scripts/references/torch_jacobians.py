"""Make tests/gru_core/references/torch_jacobians.safetensors: ∂state/∂state by torch's autograd.

Per cell ``step`` (T, S, S), of each step with respect to the state before it, and ``memory``
(T + 1, S, S), of the last state with respect to the state after t steps. The LSTM's state is h, c.
"""

from collections.abc import Callable

import torch
from torch.autograd.functional import jacobian

from scripts.references.store import store
from scripts.references.torch_networks import module
from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import JACOBIAN_CASES, JACOBIANS, TorchCase, draw

State = torch.Tensor


def main() -> None:
    stored: Arrays = {}
    for case in JACOBIAN_CASES:
        for name, value in jacobians(case).items():
            stored[f"{case.cell}/{name}"] = value.numpy()
    store(JACOBIANS, stored, torch)


def jacobians(case: TorchCase) -> dict[str, torch.Tensor]:
    """Return both arrays of a case."""
    drawn = draw(case)
    net = module(case, case.I, drawn.weights, torch.float64)
    x = torch.tensor(drawn.x)
    parts = [torch.tensor(value[0]) for value in drawn.states.values()]
    states = [torch.cat(parts)]

    def advance(start: int, stop: int) -> Callable[[State], State]:
        """Return the function from the state before `start` to the state before `stop`."""

        def through(state: State) -> State:
            given = tuple(part[None] for part in state.split(case.H))
            final = net(x[start:stop], given if case.cell == "lstm" else given[0])[1]
            return torch.cat([part[0] for part in final]) if case.cell == "lstm" else final[0]

        return through

    for t in range(case.T):
        states.append(advance(t, t + 1)(states[t]).detach())
    step = [jacobian(advance(t, t + 1), states[t]) for t in range(case.T)]
    memory = [jacobian(advance(t, case.T), states[t]) for t in range(case.T)]
    memory.append(torch.eye(len(states[0]), dtype=torch.float64))
    return {"step": torch.stack(step), "memory": torch.stack(memory)}


if __name__ == "__main__":
    main()
