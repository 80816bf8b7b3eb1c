"""The inputs of the committed references; torch's results are stored."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

REFERENCES = Path(__file__).parent / "references" / "torch.npz"

FloatArray = NDArray[np.floating[Any]]
Arrays = dict[str, FloatArray]


class Case(NamedTuple):
    """Sizes, and which of the optional parts are there."""

    T: int
    I: int
    H: int
    bias: bool
    inner_bias: bool
    h0: bool

    @property
    def key(self) -> str:
        """The name under which results are stored."""
        return "-".join(str(int(value)) for value in self)

    @property
    def steps(self) -> NDArray[np.intp]:
        """The steps that are stored: all, or evenly spread ones if that were too many."""
        count = min(self.T, max(2, 2400 // self.H))
        return np.unique(np.linspace(0, self.T - 1, count).round().astype(np.intp))


def random_cases(count: int = 12) -> list[Case]:
    """Draw sizes up to T = 300, I = 32, H = 64; the first case is the largest."""
    rng = np.random.RandomState(20)
    cases = [Case(300, 32, 64, True, True, True), Case(1, 1, 1, False, False, False)]
    while len(cases) < count:
        T, I, H = (int(rng.randint(1, top + 1)) for top in (300, 32, 64))
        cases.append(Case(T, I, H, *(bool(rng.randint(2)) for _ in range(3))))
    return cases


CASES = random_cases()
CELL = Case(6, 3, 4, True, True, True)
"""The small case whose gates are stored as well."""


def draw(case: Case, dtype: str) -> Arrays:
    """Return x, h0 and the stacked weights of a case, of the sizes networks start with.

    W within Glorot's limit, U of the variance of an orthogonal matrix. (Larger ones amplify the
    rounding of float32, torch's as well as ours, to what no two processors agree on.)
    RandomState's streams are frozen, so nothing of this need be stored.
    """
    rng = np.random.RandomState(case.T * 10007 + case.I * 101 + case.H)
    W, U = np.sqrt(6 / (case.I + case.H)), np.sqrt(3 / case.H)
    arrays = {
        "x": rng.uniform(-1.5, 1.5, (case.T, case.I)),
        "h0": rng.uniform(-1, 1, case.H) * case.h0,
        "W": rng.uniform(-W, W, (3 * case.H, case.I)),
        "U": rng.uniform(-U, U, (3 * case.H, case.H)),
        "b": rng.uniform(-1, 1, 3 * case.H) * case.bias,
        "b_hn": rng.uniform(-1, 1, case.H) * case.inner_bias,
    }
    return {name: array.astype(dtype) for name, array in arrays.items()}
