"""Reads ONNX models from memory, and runs them in onnxruntime."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper

from gru_core.files import FormatError, Limits
from gru_core.files.onnx.read import read
from gru_core.network.network import Network
from tests.gru_core.files.onnx.onnx_models import B, I, T


def loaded(proto: onnx.ModelProto, tmp_path: Path, name: str | None = None) -> Network:
    path = tmp_path / "model.onnx"
    path.write_bytes(proto.SerializeToString())
    return read(path, name, Limits())


def refusal(proto: onnx.ModelProto, tmp_path: Path, name: str | None = None) -> str:
    with pytest.raises(FormatError) as caught:
        loaded(proto, tmp_path, name)
    return str(caught.value)


def computed(proto: onnx.ModelProto, **given: Any) -> list[Any]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options)
    return list(session.run(None, given))


def x(T: int = T, B: int = B, I: int = I) -> Any:
    return np.random.RandomState(T + B + I).uniform(-1.5, 1.5, (T, B, I)).astype("f4")


def node(op: str, inputs: str, outputs: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(op, inputs.split(), outputs.split(), **attributes)
