"""Make tests/gru_core/references/equinox.safetensors: states of Equinox's cells, float64 and 32."""

from typing import Any

import equinox
import jax
import numpy as np

from scripts.references.store import store
from tests.gru_core.cases import Arrays
from tests.gru_core.equinox_cases import CASES, EQUINOX, EquinoxCase, draw


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    stored: Arrays = {}
    for dtype in ("float64", "float32"):
        for case in CASES:
            for name, value in states(case, dtype).items():
                stored[f"{case.key}/{dtype}/{name}"] = np.array(value)
    store(EQUINOX, stored, equinox)


def states(case: EquinoxCase, dtype: str) -> dict[str, Any]:
    """Return h and, for the LSTM, c of every step."""
    given = {name: jax.numpy.asarray(value, dtype) for name, value in draw(case).items()}
    cell: Any = getattr(equinox.nn, case.cell)(
        case.I, case.H, use_bias=case.bias, dtype=dtype, key=jax.random.key(0)
    )
    names = ["weight_ih", "weight_hh", *["bias"] * case.bias]
    names += ["bias_n"] * (case.bias and case.cell == "GRUCell")
    for name in names:
        assert getattr(cell, name).shape == given[name].shape
        cell = equinox.tree_at(lambda tree, name=name: getattr(tree, name), cell, given[name])
    first = given["h0"] if case.cell == "GRUCell" else (given["h0"], given["c0"])

    def step(state: Any, x: Any) -> tuple[Any, Any]:
        new = cell(x, state)
        return new, new

    _, found = jax.lax.scan(step, first, given["x"])
    return dict(zip(("h", "c"), found if isinstance(found, tuple) else (found,), strict=False))


if __name__ == "__main__":
    main()
