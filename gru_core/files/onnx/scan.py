"""Checks the bytes of an ONNX file before protobuf builds anything from them.

Protobuf makes an object of every message, which may use a hundred bytes of memory for two bytes of
the file, and it does not recognise ONNX's external data. So this module first walks the messages by
their descriptors. It bounds their number, their depth and their numbers, and refuses tensors that
refer to other files.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import numpy as np

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5
_MESSAGE = 11
_PACKED_VARINTS = {3, 4, 5, 8, 13, 14, 17, 18}
"""Protobuf's types that are stored as varints, one byte or more per number."""
_EXTERNAL_DATA, _DATA_LOCATION, _TENSOR_NAME = 13, 14, 8
_ADVICE = (
    "external data are never read; put them into the file: torch.onnx.export(…, "
    "external_data=False), or onnx.save(onnx.load(path), path, save_as_external_data=False)"
)


class Field(NamedTuple):
    """One field of a message on the wire."""

    number: int
    wire: int
    start: int
    end: int
    """Where its content begins and ends; for a varint the value is `start`."""


def scan(data: memoryview, descriptor: Any, file: str, limits: Limits) -> None:
    """Check a serialised message before it is parsed.

    Parameters
    ----------
    data : memoryview
    descriptor : google.protobuf.descriptor.Descriptor
        Of the message's type, such as ``onnx.ModelProto.DESCRIPTOR``.
    file : str
        The file's name, for errors.
    limits : Limits

    Raises
    ------
    FormatError
        If the bytes are not such a message or exceed the limits, or if any tensor in it has
        external data.

    Examples
    --------
    >>> scan(memoryview(b""), None, "empty.onnx", Limits())
    """
    todo = [(0, len(data), descriptor, 0)]
    most, fields, numbers = limits.operations, 0, 0
    while todo:
        start, end, kind, depth = todo.pop()
        is_tensor = kind is not None and kind.name == "TensorProto"
        for field in _fields(data, start, end, file):
            fields += 1
            if fields > most:
                raise FormatError(file, None, f"has more than {most} fields")
            if is_tensor and _points_outside(field):
                raise FormatError(file, _tensor(data, start, end, file), _ADVICE)
            known = kind.fields_by_number.get(field.number)
            if known is None or field.wire != _LENGTH:
                continue
            if known.type == _MESSAGE:
                if depth == limits.depth:
                    raise FormatError(file, None, f"is nested deeper than {limits.depth}")
                todo.append((field.start, field.end, known.message_type, depth + 1))
            elif known.type in _PACKED_VARINTS:
                packed = np.frombuffer(data, np.uint8, field.end - field.start, field.start)
                numbers += int(np.count_nonzero(packed < 0x80))
            if numbers > limits.parameters:
                raise FormatError(file, None, f"holds more than {limits.parameters} numbers")


def _points_outside(field: Field) -> bool:
    """Return whether a tensor's field refers to external data."""
    if field.number == _EXTERNAL_DATA:
        return True
    return field.number == _DATA_LOCATION and (field.wire != _VARINT or field.start != 0)


def _tensor(data: memoryview, start: int, end: int, file: str) -> str:
    """Return the name to use for the tensor between `start` and `end`."""
    for field in _fields(data, start, end, file):
        if field.number == _TENSOR_NAME and field.wire == _LENGTH:
            name = data[field.start : min(field.end, field.start + 200)]
            return f"tensor {bytes(name).decode(errors='replace')!r}"
    return "tensor without a name"


def _fields(data: memoryview, start: int, end: int, file: str) -> Iterator[Field]:
    """Yield the fields of the message between `start` and `end`."""
    while start < end:
        tag = data[start]
        start += 1
        if tag >= 0x80:  # nearly all are of one byte, and there may be a million of them
            tag, start = _varint(data, start - 1, end, file)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            _broken(file, f"a field has the number 0 at {start}")
        if wire == _VARINT:
            value, start = _varint(data, start, end, file)
            yield Field(number, wire, value, start)
            continue
        if wire == _LENGTH:
            length, start = _varint(data, start, end, file)
        elif wire in (_EIGHT, _FOUR):
            length = 8 if wire == _EIGHT else 4
        else:
            _broken(file, f"a field has the unknown wire type {wire} at {start}")
        if length > end - start:
            _broken(file, f"a field of {length} bytes at {start} reaches beyond its end, {end}")
        yield Field(number, wire, start, start + length)
        start += length


def _varint(data: memoryview, start: int, end: int, file: str) -> tuple[int, int]:
    """Return a varint, and the offset of the next field."""
    value = shift = 0
    if start < end and data[start] < 0x80:
        return data[start], start + 1
    while start < end and shift < 70:
        byte = data[start]
        start += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, start
        shift += 7
    _broken(file, f"a number does not end at {start}")


def _broken(file: str, what: str) -> NoReturn:
    raise FormatError(file, None, f"is damaged, or not ONNX: {what}")
