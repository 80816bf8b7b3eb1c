"""Random GRU, LSTM and RNN nodes, and onnxruntime's results."""

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper

from gru_core import Activation
from tests.gru_core.cases import Arrays
from tests.gru_core.onnx_weights import DEFAULTS, GATES, Form

DIRECTIONS = ("forward", "reverse", "bidirectional")
CLIPS = (None, 0.4, 1.5)
TAKES = {  # the constants a function has, and where those of the cases come from
    "Sigmoid": (),
    "Tanh": (),
    "Relu": (),
    "Softsign": (),
    "Softplus": (),
    "LeakyRelu": ((0.05, 0.3),),
    "ThresholdedRelu": ((0.1, 0.5),),
    "Elu": ((0.4, 1.6),),
    "Affine": ((0.3, 0.9), (-0.3, 0.3)),
    "ScaledTanh": ((0.6, 1.4), (0.6, 1.4)),
    "HardSigmoid": ((0.15, 0.4), (0.4, 0.6)),
}
AGREED = ("LeakyRelu", "Elu", "HardSigmoid")
"""Functions whose defaults onnxruntime takes from ONNX; the others' it takes to be 0."""


class RuntimeCase(NamedTuple):
    """A node, and which of the optional inputs it has."""

    seed: int
    form: Form
    bias: bool
    h0: bool
    c0: bool
    lengths: bool
    peepholes: bool
    constants: bool
    """Whether alpha and beta are written down, or left to their defaults."""

    @property
    def key(self) -> str:
        """What pytest shows."""
        form = self.form
        words = [form.op, form.direction, f"lbr{form.linear_before_reset}" * (form.op == "GRU")]
        words += [f"clip{form.clip}" if form.clip else "", "input_forget" * form.input_forget]
        words += [name * getattr(self, name) for name in ("lengths", "h0", "c0", "peepholes")]
        return "-".join([str(self.seed), *filter(None, words)])


def draw_case(seed: int, op: str, index: int) -> RuntimeCase:
    """Draw the switches of a case; every second case has its own activations."""
    rng = np.random.RandomState(seed)
    direction = DIRECTIONS[index % 3]
    count = len(DEFAULTS[op]) * (1 + (direction == "bidirectional"))
    own, constants = bool(index // 3 % 2), bool(rng.randint(4))
    activations = []
    for slot in range(count if own else 0):
        name = list(TAKES)[(index // 6 * 5 + slot + index % 3 * 3) % len(TAKES)]
        if not constants and TAKES[name] and name not in AGREED:
            name = "Tanh"
        given = [round(rng.uniform(*limits), 3) for limits in TAKES[name] if constants]
        activations.append(Activation.of(name, *given))
    coin = lambda: bool(rng.randint(2))  # noqa: E731
    form = Form(
        op,
        direction,
        tuple(activations),
        CLIPS[rng.randint(3)],
        linear_before_reset=int(op == "GRU" and coin()),
        input_forget=int(op == "LSTM" and coin()),
    )
    is_lstm = op == "LSTM"
    parts = (coin(), coin(), is_lstm and coin(), coin(), is_lstm and coin())
    return RuntimeCase(seed, form, *parts, constants)


def draw_cases(counts: dict[str, int]) -> list[RuntimeCase]:
    """Return the given number of cases of each operator."""
    seeds = itertools.count()
    return [draw_case(next(seeds), op, i) for op, n in counts.items() for i in range(n)]


def draw_inputs(case: RuntimeCase) -> tuple[Arrays, NDArray[np.int32] | None]:
    """Return a node's inputs by ONNX's names, and the sequences' lengths."""
    rng = np.random.RandomState(1000 + case.seed)
    B, I, H = (int(rng.randint(low, high)) for low, high in ((2, 5), (1, 5), (2, 6)))
    grows = bool(case.form.activations) and case.form.clip is None  # without bound, step by step
    T = int(rng.randint(3, 5 if grows else 8))
    D, rows = case.form.directions, GATES[case.form.op] * H
    shapes: dict[str, tuple[int, ...]] = {"X": (T, B, I), "W": (D, rows, I), "R": (D, rows, H)}
    shapes |= {"B": (D, 2 * rows)} if case.bias else {}
    shapes |= {"initial_h": (D, B, H)} if case.h0 else {}
    shapes |= {"initial_c": (D, B, H)} if case.c0 else {}
    shapes |= {"P": (D, 3 * H)} if case.peepholes else {}
    scale = {"X": 1.5, "initial_h": 1, "initial_c": 1}
    usual = 0.5 if grows else 0.8
    arrays = {
        name: rng.uniform(-1, 1, shape) * scale.get(name, usual) for name, shape in shapes.items()
    }
    lengths = rng.randint(1, T + 1, B).astype(np.int32) if case.lengths else None
    return {name: array.astype(np.float32) for name, array in arrays.items()}, lengths


def attributes(case: RuntimeCase, H: int) -> dict[str, Any]:
    """Return a node's attributes, leaving out what is ONNX's default."""
    form = case.form
    found: dict[str, Any] = {"hidden_size": H, "direction": form.direction}
    if form.activations:
        found["activations"] = [function.onnx for function in form.activations]
        if case.constants:
            found |= constants(form)
    if form.clip is not None:
        found["clip"] = form.clip
    for name in ("linear_before_reset", "input_forget"):
        if getattr(form, name):
            found[name] = 1
    return found


def constants(form: Form) -> dict[str, list[float]]:
    """Return alpha and beta as ONNX's functions consume them: in order, those that take one."""
    found = {}
    for place, name in enumerate(("alpha", "beta")):
        takers = [function for function in form.activations if len(TAKES[function.onnx]) > place]
        if takers:
            found[f"activation_{name}"] = [float(getattr(taker, name)) for taker in takers]
    return found


def run_onnxruntime(
    op: str, arrays: Arrays, lengths: NDArray[np.int32] | None, **attributes: Any
) -> Arrays:
    """Return Y, Y_h and, of an LSTM, Y_c of a model with one node."""
    slots = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    feeds: dict[str, Any] = {**arrays, **({} if lengths is None else {"sequence_lens": lengths})}
    inputs = [slot if slot in feeds else "" for slot in slots]
    while not inputs[-1]:
        inputs.pop()
    outputs = ["Y", "Y_h", "Y_c"][: 3 if op == "LSTM" else 2]
    ranks = zip(outputs, (4, 3, 3), strict=False)
    node = helper.make_node(op, inputs, outputs, **attributes)
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info(name, *kind(array)) for name, array in feeds.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * n) for name, n in ranks],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options(), providers=["CPUExecutionProvider"]
    )
    return dict(zip(outputs, session.run(outputs, feeds), strict=True))


def kind(array: NDArray[Any]) -> tuple[int, tuple[int, ...]]:
    """Return an array's type and shape for a graph."""
    return helper.np_dtype_to_tensor_dtype(array.dtype), array.shape


def options() -> onnxruntime.SessionOptions:
    """Return options for a quiet session on one thread."""
    found = onnxruntime.SessionOptions()
    found.intra_op_num_threads = found.inter_op_num_threads = 1
    found.log_severity_level = 4
    return found


def slots(case: RuntimeCase) -> Iterator[tuple[str, int, str]]:
    """Yield (operator, place, function) for the functions of a case."""
    count = len(DEFAULTS[case.form.op])
    for i, function in enumerate(case.form.activations):
        yield case.form.op, i % count, function.onnx
