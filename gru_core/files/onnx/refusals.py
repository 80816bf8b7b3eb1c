"""Why an ONNX file has no network that can be read, and what gets its user further."""

from typing import Any, Final

from gru_core.files.onnx.graph import inside, walk
from gru_core.files.onnx.recurrent import RECURRENT, operator

_OWN_FILE: Final = (
    'open the model itself, saved by model.save("model.keras") in Keras or '
    'torch.save(model.state_dict(), "model.pt") in PyTorch'
)
_AGAIN: Final = "export an nn.LSTM, nn.GRU or nn.RNN again: try dynamo=False in torch.onnx.export"
QUANTIZED: Final = (
    "is quantized: its weights are integers, and onnxruntime rounds x and h to 8 bits as well, so "
    "that its numbers differ a little from any computed here. name={!r} reads its weights times "
    "their scales; the model from which it was made, if you have it, is exact"
)


def without(model: Any) -> str:
    """Return why a ModelProto may have no recurrent node in its graph, and a way out."""
    message = "has no GRU, LSTM or RNN node"
    for node in model.graph.node:
        if inside([a.g for a in node.attribute if a.HasField("g")]):
            why = "whose branches differ" if node.op_type == "If" else "whose turns differ"
            return f"{message} but in {_named(node)}, {why}; {_OWN_FILE}"
    for node in walk([model.graph]):
        if node.op_type in ("Loop", "Scan"):
            why = "computes the steps one by one, with weights that no node names"
            return f"{message}; {_named(node)} {why}; {_OWN_FILE}, or {_AGAIN}"
    if any(operator(node) in RECURRENT for function in model.functions for node in function.node):
        return f"{message} but in functions; onnx.inliner puts them into the graph"
    if model.producer_name == "pytorch":
        return (
            f"{message}; if the exporter wrote a network out step by step, {_OWN_FILE}, or {_AGAIN}"
        )
    for node in walk([model.graph]):
        if any(kind in str(node.op_type).upper() for kind in ("GRU", "LSTM", "RNN")):
            return f"{message} of ONNX's own; {_named(node)} is not known here; {_OWN_FILE}"
    return message


def _named(node: Any) -> str:
    """Return what to call a node that may have no name."""
    op = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
    return f"the {op} {node.name!r}" if node.name else f"a node {op}"
