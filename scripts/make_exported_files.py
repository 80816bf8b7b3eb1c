"""Make tests/gru_core/files/exported: networks written by torch's ONNX exporters and by Keras.

Run ``python -m scripts.make_exported_files`` where torch, onnx, onnxscript and keras are installed.
Beside the files stands what the frameworks computed, in outputs.npz and outputs-onnx.npz. With
names of cases, only those are made anew.
"""

import os
import sys
import warnings
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from numpy.typing import NDArray

from tests.gru_core.files.exported_cases import (
    EXPORTED,
    KERAS,
    ONNX_OUTPUTS,
    OUTPUTS,
    READOUT,
    SYMBOLS,
    TORCH,
    UNROLLED,
    H,
    I,
    Keras,
    Torch,
    draw,
)

Arrays = dict[str, NDArray[Any]]


def main() -> None:
    warnings.simplefilter("ignore")
    EXPORTED.mkdir(exist_ok=True)
    names = sys.argv[1:] or [case.name for case in (*TORCH, UNROLLED, *KERAS)]
    stored: Arrays = dict(np.load(OUTPUTS)) if sys.argv[1:] else {}
    exported: Arrays = dict(np.load(ONNX_OUTPUTS)) if sys.argv[1:] else {}
    for case in [*TORCH, UNROLLED]:
        if case.name not in names:
            continue
        torch.manual_seed(sum(map(ord, case.name)))
        exported |= {f"{case.name}/{part}": value for part, value in export(case).items()}
    for model in KERAS:
        if model.name not in names:
            continue
        keras.utils.set_random_seed(sum(map(ord, model.name)))
        stored |= {f"{model.name}/{part}": value for part, value in save(model).items()}
    np.savez_compressed(OUTPUTS, **stored)
    np.savez_compressed(ONNX_OUTPUTS, **exported)
    made = len(stored) + len(exported)
    print(f"torch {torch.__version__}, keras {keras.__version__}, {made} arrays")


class Normalization(torch.nn.BatchNorm1d):
    """A BatchNorm1d of states (T, B, H), as after training."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        for array in (self.weight.data, self.bias.data, self.running_mean, self.running_var):
            array.uniform_(0.5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.permute(1, 2, 0)).permute(2, 0, 1)


class Dense(torch.nn.Linear):
    """A Linear and a relu."""

    def __init__(self, size: int) -> None:
        super().__init__(size, size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(super().forward(x))


class Module(torch.nn.Module):
    """The network of a case."""

    def __init__(self, case: Torch) -> None:
        super().__init__()
        self.case = case
        more = {"nonlinearity": case.nonlinearity} if case.kind == "RNN" else {}
        self.embedding = torch.nn.Embedding(SYMBOLS, I) if case.text else None
        self.rnn = getattr(torch.nn, case.kind)(
            I,
            case.hidden,
            1 if case.between else case.layers,
            bias=case.bias,
            batch_first=case.batch_first,
            bidirectional=case.bidirectional,
            **more,
        )
        self.second = None
        if case.between:
            size = case.hidden * (1 + case.bidirectional)
            self.between = Normalization(size) if case.between == "norm" else Dense(size)
            self.second = type(self.rnn)(size, case.hidden, bidirectional=case.bidirectional)
        self.readout = None
        if case.text:
            self.readout = torch.nn.Linear(case.hidden * (1 + case.bidirectional), READOUT)
        if case.start:
            shape = (case.layers * (1 + case.bidirectional), 1, case.hidden)
            self.h0 = torch.nn.Parameter(torch.randn(shape))
            self.c0 = torch.nn.Parameter(torch.randn(shape)) if case.kind == "LSTM" else None

    def forward(self, x: torch.Tensor) -> Any:
        if self.embedding is not None:
            x = self.embedding(x)
        states, final = self.rnn(x, self.begin(x.shape[1]) if self.case.start else None)
        if self.second is not None:
            states, more = self.second(self.between(states))
            pairs = zip(final, more, strict=True) if self.case.kind == "LSTM" else [(final, more)]
            each = tuple(torch.cat(pair) for pair in pairs)
            final = each if self.case.kind == "LSTM" else each[0]
        if self.readout is None:
            return states, final
        if self.case.last:
            states = states[:, -1] if self.case.batch_first else states[-1]
        output = self.readout(states)
        return getattr(torch, self.case.head)(output, *self.along) if self.case.head else output

    @property
    def along(self) -> tuple[int, ...]:
        """The axis of a softmax."""
        return (-1,) if self.case.head == "softmax" else ()

    def begin(self, B: int) -> Any:
        """Return its start states for a batch."""
        each = [state for state in (self.h0, self.c0) if state is not None]
        if self.case.start == "expand":
            made = [state.expand(-1, B, -1).contiguous() for state in each]
        else:
            made = [state.repeat(1, B, 1) for state in each]
        return tuple(made) if len(made) > 1 else made[0]


def export(case: Torch) -> Arrays:
    """Write a case's file; return what went in and what came out."""
    module = Module(case).eval()
    x = draw(case.name, case.text)
    given = torch.from_numpy(x.swapaxes(0, 1).copy() if case.batch_first else x)
    if case.text:
        given = given.long()
    path = EXPORTED / case.file
    if case.dynamo:
        dim = torch.export.Dim.AUTO
        torch.onnx.export(
            module,
            (given,),
            path,
            dynamo=True,
            external_data=False,
            opset_version=case.opset,
            dynamic_shapes=({0: dim, 1: dim},) if case.dynamic else None,
            verbose=False,
        )
        strip(path)
    else:
        torch.onnx.export(
            module,
            (given,),
            path,
            dynamo=False,
            opset_version=case.opset,
            do_constant_folding=case.fold,
            input_names=["x"],
            dynamic_axes={"x": [0, 1]} if case.dynamic else None,
        )
    with torch.inference_mode():
        result = module(given)
    stored: Arrays = {"x": x}
    output = result if case.text else result[0]
    stored["output"] = output.transpose(0, 1) if case.batch_first and not case.last else output
    if not case.text:
        stored["final"] = result[1][0] if case.kind == "LSTM" else result[1]
    return {name: np.asarray(value) for name, value in stored.items()}


def strip(path: Any) -> None:
    """Drop the exporter's notes on where in the source each node came from: paths of this disk."""
    import onnx

    model = onnx.load(path)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(model, path)


def save(case: Keras) -> Arrays:
    """Write a case's two files; return what went in and what came out."""
    layers = [build(*described, H) for described in case.layers]
    start = keras.Input((None,) if case.text else (None, I), dtype="int32" if case.text else None)
    if case.functional:
        flow = start
        for layer in layers:
            flow = layer(flow)
        model = keras.Model(start, flow)
    else:
        model = keras.Sequential([start, *layers])
    rng = np.random.RandomState(len(case.name))
    model.set_weights([drawn(rng, w) for w in model.get_weights()])
    for file in case.files:
        model.save(EXPORTED / file)
    x = draw(case.name, case.text)
    output = model(x.swapaxes(0, 1)).detach().cpu().numpy()
    return {"x": x, "output": output if case.last else output.swapaxes(0, 1)}


def drawn(rng: Any, weight: NDArray[Any]) -> NDArray[Any]:
    """Return a weight without the zeros and ones that Keras begins with."""
    if not np.any(weight):
        return rng.uniform(-1, 1, weight.shape)
    return rng.uniform(0.3, 2, weight.shape) if np.all(weight == 1) else weight


def build(name: str, arguments: dict[str, Any], size: int) -> Any:
    """Return a Keras layer, or a model as one."""
    if name in ("Sequential", "Functional"):
        inner = [build(*described, size) for described in arguments["layers"]]
        if name == "Sequential":
            return keras.Sequential(inner)
        start = flow = keras.Input((None, size))
        for layer in inner:
            flow = layer(flow)
        return keras.Model(start, flow)
    if name == "Embedding":
        return keras.layers.Embedding(SYMBOLS, I, **arguments)
    if name == "Dense":
        return keras.layers.Dense(**{"units": READOUT, **arguments})
    if name == "Dropout":
        return keras.layers.Dropout(0.5, **arguments)
    if name in ("BatchNormalization", "Activation", "LeakyReLU", "ReLU", "Softmax"):
        return getattr(keras.layers, name)(**arguments)
    wrapper, _, kind = name.rpartition("/")
    if kind == "Dense":
        return getattr(keras.layers, wrapper)(keras.layers.Dense(READOUT, **arguments))
    around = {k: v for k, v in arguments.items() if k == "merge_mode"}
    own = {"return_sequences": True} | {k: v for k, v in arguments.items() if k not in around}
    layer = getattr(keras.layers, kind)(H, **own)
    return getattr(keras.layers, wrapper)(layer, **around) if wrapper else layer


if __name__ == "__main__":
    main()
