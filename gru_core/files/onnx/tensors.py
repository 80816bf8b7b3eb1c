"""The tensors of an ONNX file, and the attributes of its nodes, decoded by the package onnx."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry, widened
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

_BFLOAT16 = 16
_DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
    9: "bool", 10: "float16", 11: "float64", _BFLOAT16: "float32",
}  # fmt: skip
"""TensorProto.DataType, and the dtype in which it is read: bfloat16 as float32."""
_ADVICE = (
    "external data are never read; put them into the file: torch.onnx.export(…, "
    "external_data=False), or onnx.save(onnx.load(path), path, save_as_external_data=False)"
)


def refuse_external(message: Any, file: str, limits: Limits) -> None:
    """Refuse a message if any tensor in it refers to another file, or it is of too many parts.

    Parameters
    ----------
    message : google.protobuf.message.Message
    file : str
        For errors.
    limits : Limits

    Raises
    ------
    FormatError
    """
    for tensor in _tensors(message, file, limits.operations):
        if tensor.data_location or tensor.external_data:
            raise FormatError(file, f"tensor {tensor.name!r}", _ADVICE)


def _tensors(message: Any, file: str, most: int) -> Iterator[Any]:
    """Yield the tensors of a message, however deep."""
    todo, parts = [message], 1
    while todo:
        one = todo.pop()
        if one.DESCRIPTOR.name == "TensorProto":
            yield one
            continue
        for field, value in one.ListFields():
            if field.message_type is not None and _has_tensors(field.message_type):
                values = [value] if hasattr(value, "ListFields") else value
                parts += len(values)
                if parts > most:
                    raise FormatError(file, None, f"has more than {most} parts")
                todo += values


@cache
def _has_tensors(kind: Any) -> bool:
    """Return whether a message of this type can have tensors in it."""
    seen, todo = set(), [kind]
    while todo:
        one = todo.pop()
        if one.full_name not in seen:
            seen.add(one.full_name)
            todo += [field.message_type for field in one.fields if field.message_type is not None]
    return "onnx.TensorProto" in seen


def constant(proto: Any, file: str, name: str) -> Entry:
    """Return a tensor as an entry, which decodes it when it is read.

    Parameters
    ----------
    proto : onnx.TensorProto
        Without external data.
    file, name : str
        For errors.
    """
    dtype = _DTYPES.get(proto.data_type, f"of ONNX's number {proto.data_type}")
    fetch = cache(lambda: _decoded(proto, entry))  # protobuf copies the data at every access
    entry = Entry(file, f"tensor {name!r}", dtype, tuple(proto.dims), fetch)
    return entry


def _decoded(proto: Any, entry: Entry) -> NDArray[Any]:
    """Return a tensor's numbers in its shape."""
    from onnx import numpy_helper

    if proto.data_type not in _DTYPES:
        raise entry.error(f"has a dtype {entry.dtype}, which nothing here is made of")
    try:
        if proto.data_type == _BFLOAT16:  # older onnx with newer NumPy makes other numbers of it
            stored = np.array(proto.int32_data, np.uint16)
            bits = np.frombuffer(proto.raw_data, "<u2") if proto.HasField("raw_data") else stored
            return widened(bits.reshape(entry.shape))
        return np.asarray(numpy_helper.to_array(proto)).astype(entry.dtype, copy=False)
    except (ValueError, TypeError, OverflowError) as error:
        message = f"does not have the numbers of its shape {entry.shape}: {error}"
        raise entry.error(message) from None


def attributes(node: Any, opset: int, file: str, label: str) -> dict[str, Any]:
    """Return a node's attributes, each of the type that ONNX gives it.

    Parameters
    ----------
    node : onnx.NodeProto
    opset : int
        The version of ONNX's operators.
    file, label : str
        For errors.

    Raises
    ------
    FormatError
        If one is there twice or of another type, or if a recurrent node has an unknown one.
    """
    from onnx import defs, helper

    kind = node.op_type.removeprefix("DynamicQuantize")
    schema = defs.get_schema(kind, min(opset, defs.onnx_opset_version()), "").attributes
    found: dict[str, Any] = {}
    for attribute in node.attribute:
        name = attribute.name
        if name in found:
            raise FormatError(file, f"node {label!r}", f"has the attribute {name!r} twice")
        if name not in schema:
            if "hidden_size" not in schema:
                continue
            raise FormatError(file, f"node {label!r}", f"has the unknown attribute {name!r}")
        expected: Any = schema[name].type
        if attribute.type != int(expected.value):
            message = f"has an attribute {name!r} of type {attribute.type}"
            raise FormatError(file, f"node {label!r}", message)
        found[name] = helper.get_attribute_value(attribute)
    return found
