"""Make tests/gru_core/files/onnx/made: ONNX models made by hand, and what onnxruntime computes.

Run ``python -m scripts.make_onnx_files`` where onnx and onnxruntime are installed.
"""

from typing import Any

import numpy as np
import onnx
import onnxruntime

from tests.gru_core.files.onnx.made_cases import FOLDER, MADE, OUTPUTS
from tests.gru_core.files.onnx.onnx_models import B, I, T


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    stored: dict[str, Any] = {}
    for place, case in enumerate(MADE):
        proto = case.make()
        onnx.save(proto, FOLDER / case.file)
        if case.refused:
            continue
        x = np.random.RandomState(place).uniform(-1.5, 1.5, (T, B, I)).astype("f4")
        session = onnxruntime.InferenceSession(proto.SerializeToString())
        given = {session.get_inputs()[0].name: x}
        stored |= {f"{case.name}/x": x, f"{case.name}/output": session.run(None, given)[0]}
    np.savez_compressed(OUTPUTS, **stored)
    print(f"onnxruntime {onnxruntime.__version__}, {len(MADE)} files")


if __name__ == "__main__":
    main()
