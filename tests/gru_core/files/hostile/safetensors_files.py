"""Hostile safetensors files, each with its error."""

import json
import struct
from typing import Any

import numpy as np

from tests.gru_core.files.hostile.cases import NAN, Hostile, gru


def tensors(header: Any, numbers: bytes = b"", length: int | None = None) -> bytes:
    """Return a safetensors file with this header, given as JSON's value or as bytes."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def info(begin: int = 0, end: int = 8, shape: Any = (2, 1), dtype: Any = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


def saved(arrays: dict[str, np.ndarray], **metadata: str) -> bytes:
    from safetensors.numpy import save

    return save(arrays, metadata or None)


DEEP = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
TWICE = b'{"W":1,"W":2}'
FORM = json.dumps({"version": 1, "kind": "gru", "layers": [[{"clip": "import os"}]]})

SAFETENSORS = [
    Hostile("header of 8 EiB", "safetensors", tensors({}, length=2**63), "claims to have"),
    Hostile("header of 5 MiB", "safetensors", tensors({"a" * (5 << 20): 1}), "claims to have 5"),
    Hostile("header beyond the file", "safetensors", tensors({}, length=99), "is cut short"),
    Hostile("seven bytes", "safetensors", b"\1\0\0\0\0\0\0", "too few for safetensors"),
    Hostile("header not UTF-8", "safetensors", tensors(b'{"\xff":1}'), "is not JSON"),
    Hostile("header not JSON", "safetensors", tensors(b"{{}"), "is not JSON"),
    Hostile("header a list", "safetensors", tensors([1, 2]), "is not a JSON object"),
    Hostile("header nested deep", "safetensors", tensors(DEEP), "is not JSON"),
    Hostile("name twice", "safetensors", tensors(TWICE), "'W' is there twice"),
    Hostile("digits", "safetensors", tensors(b'{"W":' + b"9" * 10_000 + b"}"), "is not JSON"),
    Hostile(
        "overlap",
        "safetensors",
        tensors({"V": info(), "W": info(4, 12)}, bytes(12)),
        "W: overlaps the data before it",
    ),
    Hostile(
        "the same bytes twice",
        "safetensors",
        tensors({"V": info(), "W": info()}, bytes(8)),
        "W: overlaps the data before it",
    ),
    Hostile(
        "gap", "safetensors", tensors({"V": info(), "W": info(12, 20)}, bytes(20)), "leaves a gap"
    ),
    Hostile("end before begin", "safetensors", tensors({"V": info(8, 0)}), "not a begin"),
    Hostile("numbers missing", "safetensors", tensors({"V": info()}, bytes(7)), "7 bytes of numb"),
    Hostile("numbers too many", "safetensors", tensors({"V": info()}, bytes(9)), "9 bytes of numb"),
    Hostile("unknown dtype", "safetensors", tensors({"V": info(dtype="F7")}), "unknown dtype F7"),
    Hostile("dtype no text", "safetensors", tensors({"V": info(dtype=[[]])}), "dtype of type list"),
    Hostile("negative size", "safetensors", tensors({"V": info(shape=(-2, -1))}), "list of sizes"),
    Hostile("size no integer", "safetensors", tensors({"V": info(shape=(2.0,))}), "list of sizes"),
    Hostile("shape lies", "safetensors", tensors({"V": info(shape=(3,))}, bytes(8)), "needs 12"),
    Hostile(
        "shape bomb",
        "safetensors",
        tensors({"V": info(shape=(10**9, 10**9))}, bytes(8)),
        "needs 4000000000000000000 bytes",
    ),
    Hostile(
        "dimensions without end", "safetensors", tensors({"V": info(shape=[1] * 10**6)}), "00 d"
    ),
    Hostile("fields missing", "safetensors", tensors({"V": {"dtype": "F32"}}), "must have dtype"),
    Hostile("metadata no text", "safetensors", tensors({"__metadata__": {"a": 1}}), "__metadata__"),
    Hostile(
        "entries without end",
        "safetensors",
        tensors({f"a{i}": info(0, 0, (0,)) for i in range(20_000)}),
        "more than 10000 arrays",
    ),
    Hostile(
        "long name", "safetensors", tensors({"a" * 600: info(0, 0, (0,))}), "a name of 600 char"
    ),
    Hostile("no network", "safetensors", tensors({}), "holds no network"),
    Hostile("not a number", "safetensors", saved(NAN), "weight_hh_l0: holds nan at (2, 1)"),
    Hostile(
        "integers",
        "safetensors",
        saved(gru(weight_ih_l0=np.ones((6, 3), np.int64))),
        "weight_ih_l0: has dtype int64",
    ),
    Hostile(
        "float8",
        "safetensors",
        tensors({"weight_ih_l0": info(0, 6, (6, 1), "F8_E4M3"),
                 "weight_hh_l0": info(6, 54, (6, 2))}, bytes(54)),
        "weight_ih_l0: has dtype float8_e4m3",
    ),
    Hostile(
        "no units",
        "safetensors",
        tensors({"weight_ih_l0": info(0, 0, (0, 3)), "weight_hh_l0": info(0, 0, (0, 0))}),
        "weight_hh_l0: has the shape (0, 0)",
    ),
    Hostile("form", "safetensors", saved(gru(), gruscope=FORM), "gruscope: is not a"),
    Hostile("form is null", "safetensors", saved(gru(), gruscope="null"), "gruscope: is not"),
    Hostile("form nested", "safetensors", saved(gru(), gruscope="[" * 99_999), "is not a desc"),
]  # fmt: skip
