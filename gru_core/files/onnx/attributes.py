"""The relevant attributes of ONNX nodes, and their types."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from gru_core.files.entries import Entry

FIELDS: Final = {1: "f", 2: "i", 3: "s", 4: "t", 6: "floats", 7: "ints", 8: "strings"}
"""AttributeProto.type, and the field of its value; graphs and types are not read."""

TYPES: Final = {
    "activation_alpha": "floats",
    "activation_beta": "floats",
    "activations": "strings",
    "allowzero": "i",
    "alpha": "f",
    "axes": "ints",
    "axis": "i",
    "beta": "f",
    "clip": "f",
    "direction": "s",
    "end": "i",
    "ends": "ints",
    "hidden_size": "i",
    "input_forget": "i",
    "layout": "i",
    "linear_before_reset": "i",
    "perm": "ints",
    "start": "i",
    "starts": "ints",
    "to": "i",
    "transA": "i",
    "transB": "i",
    "value": "t",
    "value_float": "f",
    "value_floats": "floats",
    "value_int": "i",
    "value_ints": "ints",
}
"""The field of each attribute's value; any other is refused."""


def stated(attributes: Mapping[str, Any], file: str, name: str) -> Entry | None:
    """Return the value of a Constant node, or None if it is not a number.

    Parameters
    ----------
    attributes : mapping
    file, name : str
        For errors.

    Examples
    --------
    >>> stated({"value_ints": [0, -1]}, "a.onnx", "shape").fetch()
    array([ 0, -1])
    """
    if "value" in attributes:
        found: Entry = attributes["value"]
        return found
    for key, dtype in (("value_int", "int64"), ("value_float", "float32")):
        for plural in (key, f"{key}s"):
            if plural in attributes:
                array = np.array(attributes[plural], dtype)
                return Entry(file, f"tensor {name!r}", dtype, array.shape, lambda: array)  # noqa: B023
    return None
