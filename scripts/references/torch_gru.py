"""Make tests/gru_core/references/torch.npz: one layer of torch.nn.GRU, and its inside.

Stored per case and dtype are rows of h from torch.nn.GRU, and for one small case every internal
value, from torch operations checked here against torch.nn.GRUCell.
"""

from typing import Any

import numpy as np
import torch

from tests.gru_core.cases import CASES, CELL, REFERENCES, Arrays, FloatArray, draw


def main() -> None:
    stored: dict[str, Any] = {}
    for dtype in ("float64", "float32"):
        for case in CASES:
            stored[f"{case.key}/{dtype}"] = hidden(draw(case, dtype))[case.steps]
        for name, value in internals(draw(CELL, dtype)).items():
            stored[f"cell/{name}/{dtype}"] = value
    REFERENCES.parent.mkdir(exist_ok=True)
    np.savez_compressed(REFERENCES, **stored)
    print(f"{REFERENCES}: torch {torch.__version__}, {REFERENCES.stat().st_size} bytes")


def hidden(arrays: Arrays) -> FloatArray:
    """Return h of every step, from torch.nn.GRU."""
    gru = load(torch.nn.GRU, arrays)
    with torch.inference_mode():
        h0 = torch.from_numpy(arrays["h0"])[None]
        states: FloatArray = gru(torch.from_numpy(arrays["x"]), h0)[0].numpy()
    return states


def internals(arrays: Arrays) -> Arrays:
    """Return every value of every step, (T, H) each."""
    cell = load(torch.nn.GRUCell, arrays)
    t = {name: torch.from_numpy(array) for name, array in arrays.items()}
    (W_z, W_r, W_n), (U_z, U_r, U_n) = t["W"].chunk(3), t["U"].chunk(3)
    b_z, b_r, b_n = t["b"].chunk(3)
    h, steps = t["h0"], []
    for x in t["x"]:
        a_z, a_r = W_z @ x + U_z @ h + b_z, W_r @ x + U_r @ h + b_r
        z, r, u = torch.sigmoid(a_z), torch.sigmoid(a_r), U_n @ h + t["b_hn"]
        a_n = W_n @ x + b_n + r * u
        n = torch.tanh(a_n)
        with torch.inference_mode():
            expected = cell(x, h)
        h = z * h + (1 - z) * n
        torch.testing.assert_close(h, expected)
        steps.append({"a_z": a_z, "a_r": a_r, "a_n": a_n, "u": u, "z": z, "r": r, "n": n, "h": h})
    return {name: torch.stack([step[name] for step in steps]).numpy() for name in steps[0]}


def load(kind: type[torch.nn.GRU | torch.nn.GRUCell], arrays: Arrays) -> torch.nn.Module:
    """Return a torch module with these weights: its order is r, z, n, its biases two."""
    (size, inputs), units = arrays["W"].shape, len(arrays["h0"])
    module = kind(inputs, units, dtype=torch.from_numpy(arrays["W"]).dtype)
    order = np.arange(size).reshape(3, -1)[[1, 0, 2]].ravel()
    inner = np.concatenate([np.zeros_like(arrays["b"][: 2 * units]), arrays["b_hn"]])
    values = {
        "weight_ih": arrays["W"][order],
        "weight_hh": arrays["U"][order],
        "bias_ih": arrays["b"][order],
        "bias_hh": inner,
    }
    with torch.no_grad():
        for name, weight in module.named_parameters():
            weight.copy_(torch.from_numpy(values[name.removesuffix("_l0")]))
    return module


if __name__ == "__main__":
    main()
