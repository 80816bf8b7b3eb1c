"""Writes networks as ONNX: one GRU, LSTM or RNN node per layer, and the nodes between them.

The graph's input is ``x``, (T, B, I) numbers or (T, B) symbols, T and B free; its outputs are
``output``, (T, B, D·H) or the readout's, ``answer``, the readout's through its softmax or sigmoid
if it has one, and the last states ``final`` (and ``final_c``), (L·D, B, H) as in PyTorch. The
states that layers store are constants, expanded to the batch.
"""

import json
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.cells.gru import GRUParams
from gru_core.cells.lstm import LSTMParams
from gru_core.files.errors import FormatError
from gru_core.files.onnx import maps
from gru_core.network.between import Between
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.parameters.activations import LINEAR
from gru_core.parameters.params import Params
from gru_core.run.layers import REVERSE

OPSET: Final = 14
IR: Final = 8
"""Every onnxruntime since 2021 supports it."""
GUESSED: Final = "gruscope.guessed"
"""The key in the model's properties that lists the parts that were a guess."""
LEFT_OUT: Final = "gruscope.left_out"
"""The key of the parts that were left out when the network was first read, a JSON list."""
_MOST: Final = (1 << 31) - (1 << 20)
"""Protobuf's limit on a message, with room for names."""
_HEADS = {"sigmoid": "Sigmoid", "softmax": "Softmax"}
_STARTS = ("h0", "c0")
"""The states of a layer, in the order of a node's inputs after sequence_lens."""
_ORDER = {"gru": (0, 1, 2), "lstm": (0, 2, 1, 3), "rnn": (0,)}
"""The places of ONNX's gates z r h, i o f c in our order."""


def write(network: Network, path: Path) -> None:
    """Write a network to an ONNX file.

    Parameters
    ----------
    network : Network
    path : Path

    Raises
    ------
    FormatError
        If ONNX does not have the network's form, or the package onnx is missing.
    OSError
        If the file cannot be written.

    Notes
    -----
    A float64 network is written in float64, which onnxruntime's recurrent nodes do not support:
    write ``network.astype("float32")`` for it.
    ``z_keeps=False`` becomes ONNX's form by negating W_z, U_z and b_z: σ(−a) = 1 − σ(a).
    """
    path.write_bytes(dump(network, path.name))


def dump(network: Network, file: str = "model.onnx") -> bytes:
    """Return the bytes that `write` writes; `file` is the name in errors.

    Examples
    --------
    >>> network = Network.random("gru", 3, 2, seed=0)
    >>> b"linear_before_reset" in dump(network)
    True
    """
    try:
        import onnx
    except ImportError:
        advice = "needs the package onnx (gruscope's extra onnx): pip install onnx"
        raise FormatError(file, None, advice) from None
    if network.parameters * network.dtype.itemsize > _MOST:
        raise FormatError(file, None, "would be over 2 GiB, more than an ONNX file can hold")
    model: bytes = _Writer(network, file, onnx).model().SerializeToString(deterministic=True)
    return model


class _Writer:
    """Builds the graph of one network."""

    def __init__(self, network: Network, file: str, onnx: Any) -> None:
        self._network = network
        self._file = file
        self._onnx = onnx
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []

    def model(self) -> Any:
        """Return the whole network as a ModelProto."""
        helper, network = self._onnx.helper, self._network
        kind = helper.np_dtype_to_tensor_dtype(network.dtype)
        x = self._input(kind)
        flow = "x" if network.embedding is None else self._embedded()
        ends: list[tuple[str, ...]] = []
        for number, layer in enumerate(network.layers):
            flow, *end = self._layer(number, layer, flow)
            ends.append(tuple(end))
        self._finish(flow)
        width = network.layers[-1].output_size
        if network.readout is not None:
            width = network.readout.output_size
        outputs = [helper.make_tensor_value_info("output", kind, ["T", "B", width])]
        if network.readout is not None and network.readout.head in _HEADS:
            outputs.append(helper.make_tensor_value_info("answer", kind, ["T", "B", width]))
        outputs += self._finals(ends, kind)
        graph = helper.make_graph(self._nodes, network.kind, [x], outputs, self._tensors)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(
            graph, producer_name="gruscope", ir_version=IR, opset_imports=[opset]
        )
        notes = {GUESSED: " ".join(network.guessed)} if network.guessed else {}
        notes |= {LEFT_OUT: json.dumps(network.left_out)} if network.left_out else {}
        helper.set_model_props(model, notes)
        return model

    def _input(self, kind: int) -> Any:
        helper, network = self._onnx.helper, self._network
        if network.embedding is None:
            return helper.make_tensor_value_info("x", kind, ["T", "B", network.input_size])
        return helper.make_tensor_value_info("x", self._onnx.TensorProto.INT64, ["T", "B"])

    def _embedded(self) -> str:
        assert self._network.embedding is not None
        self._tensor("embedding", self._network.embedding)
        return self._node("Gather", ["embedding", "x"], "embedded")

    def _layer(self, number: int, layer: Layer, flow: str) -> tuple[str, ...]:
        """Add a layer; return the names of its states and last states."""
        name = f"{layer.first.kind}_{number}"
        if layer.merge != "concat" and layer.directions == 2:
            self._fail(number, f"merges its directions by {layer.merge}; save it as .safetensors")
        if layer.turned:
            self._fail(number, "hands on its states last step first; save it as .safetensors")
        params = [self._in_onnx_form(p, number) for p in layer.params()]
        for i, one in enumerate(layer.before):
            flow = self._mapped(f"{name}.before_{i}", number, one, flow)
        inputs = [flow, self._stack(f"{name}.W", [_gates(p.kind, p.W) for p in params])]
        inputs.append(self._stack(f"{name}.R", [_gates(p.kind, p.U) for p in params]))
        biases = any(p.b is not None or getattr(p, "b_hn", None) is not None for p in params)
        inputs.append(self._stack(f"{name}.B", [_biases(p) for p in params]) if biases else "")
        inputs += ["", *(self._start(f"{name}.{s}", getattr(layer, s)) for s in _STARTS)]
        peepholes = [p.p for p in params if isinstance(p, LSTMParams) and p.p is not None]
        if peepholes:
            rows = [_peepholes(p) for p in params if isinstance(p, LSTMParams)]
            inputs.append(self._stack(f"{name}.P", rows))
        ends = [f"{name}.{state}_T" for state in params[0].STATES]
        while inputs[-1] == "":
            inputs.pop()
        self._nodes.append(
            self._onnx.helper.make_node(
                layer.first.kind.upper(),
                inputs,
                [f"{name}.Y", *ends],
                name=name,
                **self._attributes(number, layer, params),
            )
        )
        return self._joined(name, layer), *ends

    def _mapped(self, name: str, number: int, one: Between, flow: str) -> str:
        """Add a map before a layer; return the name of its result."""
        if one.W is not None:
            op, W = ("Mul", one.W) if one.W.ndim == 1 else ("MatMul", one.W.T)
            flow = self._node(op, [flow, self._tensor(f"{name}.W", W)], f"{name}.product")
        if one.b is not None:
            flow = self._node("Add", [flow, self._tensor(f"{name}.b", one.b)], f"{name}.sum")
        activation = one.activation
        if activation == LINEAR:
            return flow
        if activation.onnx not in maps.ACTIVATIONS:
            self._fail(number, f"follows a map with {activation.name}; save it as .safetensors")
        used = activation.constants
        values = {name: getattr(activation, name) for name in ("alpha", "beta") if name[0] in used}
        return self._node(activation.onnx, [flow], f"{name}.result", **values)

    def _start(self, name: str, state: FloatArray | None) -> str:
        """Add a state that a layer starts from, (D, H), for each sequence of the batch."""
        if state is None:
            return ""
        D, H = state.shape
        if all(node.name != "batch" for node in self._nodes):
            self._node("Shape", ["x"], "shape_x")
            one, two = (self._tensor(f"axis_{n}", np.array([n])) for n in (1, 2))
            self._node("Slice", ["shape_x", one, two], "batch")
        sizes = [self._tensor(f"size_{n}", np.array([n])) for n in (D, H)]
        shape = f"{name}.shape"
        self._node("Concat", [sizes[0], "batch", sizes[1]], shape, axis=0)
        return self._node("Expand", [self._tensor(f"{name}.one", state[:, None]), shape], name)

    def _in_onnx_form(self, params: Params, number: int) -> Params:
        """Return params in which z keeps; the same function."""
        if not isinstance(params, GRUParams) or params.z_keeps:
            return params
        gate = params.activations[0]
        if gate.name != "sigmoid" and (gate.name, gate.beta) != ("hard_sigmoid", 0.5):
            self._fail(number, f"z writes, through {gate.name}, for which ONNX has no form")
        z = {name: -a for name, a in params.arrays().items() if name in ("W_z", "U_z", "b_z")}
        return params.replace(**z).with_form(z_keeps=True)

    def _attributes(self, number: int, layer: Layer, params: list[Params]) -> dict[str, Any]:
        """Return a node's attributes; both directions share all but the activations."""
        shared = [
            (p.clip, getattr(p, "reset_after", None), getattr(p, "input_forget", None))
            for p in params
        ]
        if shared[0] != shared[-1]:
            self._fail(number, "its directions differ in form, which ONNX's cannot")
        clip, reset_after, input_forget = shared[0]
        found: dict[str, Any] = {"hidden_size": params[0].hidden_size}
        if layer.directions == 2:
            found["direction"] = "bidirectional"
        elif layer.reverse is not None:
            found["direction"] = REVERSE
        if clip is not None:
            found["clip"] = float(clip)
        if reset_after:
            found["linear_before_reset"] = 1
        if input_forget:
            found["input_forget"] = 1
        if any(p.activations != p.ACTIVATIONS for p in params):
            each = [activation for p in params for activation in p.activations]
            found["activations"] = [activation.onnx for activation in each]
            alphas = [float(a.alpha) for a in each if "a" in a.constants]
            betas = [float(a.beta) for a in each if "b" in a.constants]
            found |= {"activation_alpha": alphas} if alphas else {}
            found |= {"activation_beta": betas} if betas else {}
        return found

    def _joined(self, name: str, layer: Layer) -> str:
        """Bring Y, (T, D, B, H), to (T, B, D·H)."""
        if layer.directions == 1:
            axes = self._tensor("axis_1", np.array([1]))
            return self._node("Squeeze", [f"{name}.Y", axes], f"{name}.states")
        turned = self._node("Transpose", [f"{name}.Y"], f"{name}.turned", perm=[0, 2, 1, 3])
        size = layer.output_size
        shape = self._tensor(f"shape_{size}", np.array([0, 0, size]))
        return self._node("Reshape", [turned, shape], f"{name}.states")

    def _finish(self, flow: str) -> None:
        """Add the readout, and give the last value its name."""
        readout = self._network.readout
        if readout is None:
            self._node("Identity", [flow], "output")
            return
        weight = self._tensor("readout.W", readout.W.T)
        if readout.b is None:
            self._node("MatMul", [flow, weight], "output")
        else:
            product = self._node("MatMul", [flow, weight], "readout.product")
            self._node("Add", [product, self._tensor("readout.b", readout.b)], "output")
        if readout.head in _HEADS:
            along = {"axis": -1} if readout.head == "softmax" else {}
            self._node(_HEADS[readout.head], ["output"], "answer", **along)

    def _finals(self, ends: list[tuple[str, ...]], kind: int) -> list[Any]:
        """Stack the last states; layers that differ in H have separate outputs."""
        every = list(enumerate(zip(self._network.layers, ends, strict=True)))
        outputs = []
        for place, name in enumerate(("final", "final_c")):
            # Only an LSTM has the second.
            having = [(k, layer, end[place]) for k, (layer, end) in every if len(end) > place]
            sizes = [layer.first.hidden_size for _, layer, _ in having]
            if len(set(sizes)) == 1:
                count = sum(layer.directions for _, layer, _ in having)
                self._node("Concat", [end for _, _, end in having], name, axis=0)
                outputs.append((name, [count, "B", sizes[0]]))
                continue
            for number, layer, end in having:
                self._node("Identity", [end], f"{name}_{number}")
                shape = [layer.directions, "B", layer.first.hidden_size]
                outputs.append((f"{name}_{number}", shape))
        make = self._onnx.helper.make_tensor_value_info
        return [make(name, kind, shape) for name, shape in outputs]

    def _stack(self, name: str, rows: list[FloatArray]) -> str:
        return self._tensor(name, np.stack(rows))

    def _tensor(self, name: str, array: NDArray[Any]) -> str:
        """Add a constant, once."""
        if all(tensor.name != name for tensor in self._tensors):
            contiguous = np.ascontiguousarray(array)
            self._tensors.append(self._onnx.numpy_helper.from_array(contiguous, name))
        return name

    def _node(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node with one output, named after it."""
        make = self._onnx.helper.make_node
        self._nodes.append(make(op, inputs, [output], name=output, **attributes))
        return output

    def _fail(self, number: int, message: str) -> NoReturn:
        raise FormatError(self._file, f"layers[{number}]", message)


def _gates(kind: str, stack: FloatArray) -> FloatArray:
    """Return a stack in ONNX's order."""
    order = _ORDER[kind]
    parts = stack.reshape(len(order), -1, *stack.shape[1:])  # (G, H, …)
    return parts[list(order)].reshape(stack.shape)


def _biases(params: Params) -> FloatArray:
    """Return the two biases one after the other, (2·G·H,)."""
    size = len(params.W)
    both = np.zeros(2 * size, params.dtype)
    if params.b is not None:
        both[:size] = _gates(params.kind, params.b)
    if isinstance(params, GRUParams) and params.b_hn is not None:
        both[-params.hidden_size :] = params.b_hn
    return both


def _peepholes(params: LSTMParams) -> FloatArray:
    """Return i, o, f, (3·H,)."""
    if params.p is None:
        return np.zeros(3 * params.hidden_size, params.dtype)
    parts = params.p.reshape(3, -1)
    return parts[[0, 2, 1]].reshape(-1)
