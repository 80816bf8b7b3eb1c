"""Keras files made by hand: the configuration and the arrays that Keras would write, or others."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import h5py
import numpy as np

I, H = 3, 4
GATES = {"GRU": 3, "LSTM": 4, "SimpleRNN": 1}


def h5(build: Callable[[h5py.File], object]) -> bytes:
    """Return an HDF5 file."""
    file = BytesIO()
    with h5py.File(file, "w") as opened:
        build(opened)
    return file.getvalue()


def recurrent(kind: str = "GRU", name: str = "rnn", **changed: Any) -> dict[str, Any]:
    """Return the configuration of a recurrent layer."""
    config = {
        "name": name,
        "units": H,
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "go_backwards": False,
        "return_sequences": True,
    }
    config |= {"reset_after": True} if kind == "GRU" else {}
    return {"module": "keras.layers", "class_name": kind, "config": config | changed}


def layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name} | config}


def sequential(*layers: Any, **changed: Any) -> dict[str, Any]:
    """Return the configuration of a model."""
    return {"class_name": "Sequential", "config": {"name": "m", "layers": list(layers)}} | changed


def functional(*layers: tuple[Any, list[str]]) -> dict[str, Any]:
    """Return the configuration of a model whose layers name those before them, as in Keras 2."""
    listed = [
        one
        | {
            "name": one["config"]["name"],
            "inbound_nodes": [[[before, 0, 0, {}] for before in names]] if names else [],
        }
        for one, names in layers
    ]
    return {"class_name": "Functional", "config": {"name": "m", "layers": listed}}


def arrays(kind: str = "GRU", I: int = I, H: int = H, bias: bool = True) -> list[Any]:
    """Return kernel, recurrent_kernel and bias, the same every time."""
    rng, rows = np.random.RandomState(I + H + len(kind)), GATES[kind] * H
    shapes = [(I, rows), (H, rows)]
    if bias:
        shapes.append((2, rows) if kind == "GRU" else (rows,))  # type: ignore[arg-type]
    return [rng.uniform(-0.8, 0.8, shape).astype("f4") for shape in shapes]


Weights = dict[str, list[Any]]
"""By group, or by layer: a layer's arrays in order."""


def archive(
    config: Any,
    weights: Weights | bytes,
    *,
    version: str = "3.15.1",
    method: int = zipfile.ZIP_STORED,
    root: str = "layers",
    separator: str = "/",
    **members: bytes,
) -> bytes:
    """Return a .keras archive; weights by group, such as "gru/cell", or the bytes of the .h5.

    Keras on Windows joins the names of groups, but not vars and what is in it, by a backslash.
    """

    def build(opened: h5py.File) -> None:
        assert isinstance(weights, dict)
        for group, each in weights.items():
            place = f"{root}/{group}".replace("/", separator)
            opened.require_group(f"{place}/vars")
            for number, array in enumerate(each):
                opened[f"{place}/vars/{number}"] = array

    data = weights if isinstance(weights, bytes) else h5(build)
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    made = {
        "metadata.json": json.dumps({"keras_version": version}).encode(),
        "config.json": text,
        "model.weights.h5": data,
    } | {name.replace("_", "."): content for name, content in members.items()}
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as opened:
        for name, content in made.items():
            opened.writestr(name, content)
    return file.getvalue()


def legacy(
    config: Any,
    weights: Weights,
    *,
    version: str = "2.15.0",
    more: Callable[[h5py.File], object] = bool,
) -> bytes:
    """Return a .h5 file as Keras 2 writes it; weights by path below model_weights."""

    def build(opened: h5py.File) -> None:
        opened.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)
        opened.attrs["keras_version"] = version
        for path, each in weights.items():
            names = ("kernel:0", "recurrent_kernel:0", "bias:0")
            for name, array in zip(names, each, strict=False):
                opened[f"model_weights/{path}/{name}"] = array
        more(opened)

    return h5(build)


def single(kind: str = "GRU", **changed: Any) -> bytes:
    """Return a .keras archive of one recurrent layer."""
    group = {"GRU": "gru", "LSTM": "lstm", "SimpleRNN": "simple_rnn"}[kind]
    return archive(sequential(recurrent(kind, **changed)), {f"{group}/cell": arrays(kind)})
