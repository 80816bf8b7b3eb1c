"""The committed model files: those that the page opens, and those that are refused."""

from pathlib import Path

from tests.gru_core.files.exported_cases import EXPORTED, UNROLLED
from tests.gru_core.files.model_cases import CASES, MODELS, OUTPUTS, REFUSED

NAMES = {case.file: case.name for case in CASES}
"""Which network, of files that have several."""

TURNED_DOWN = sorted([*(MODELS / name for name in REFUSED), EXPORTED / UNROLLED.file])
FITTING = sorted(
    path
    for folder in (MODELS, EXPORTED)
    for path in folder.iterdir()
    if not path.name.startswith(OUTPUTS.stem) and path not in TURNED_DOWN
)


def name_of(path: Path) -> str | None:
    return NAMES.get(path.name)
