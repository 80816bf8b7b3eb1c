"""Write reference arrays, saying what made them."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from tests.gru_core.cases import Arrays


def store(path: Path, arrays: Arrays, framework: ModuleType | Any) -> None:
    """Write arrays as a safetensors file and say how large it became."""
    path.parent.mkdir(exist_ok=True)
    made_by = f"{framework.__name__} {framework.__version__}"
    packed = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(packed, path, metadata={"made_by": made_by})
    print(f"{path}: {made_by}, {len(packed)} arrays, {path.stat().st_size} bytes")
