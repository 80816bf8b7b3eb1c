"""Reads a LayersModel of TensorFlow.js: model.json, and the .bin files beside it.

The layers are described as Keras describes them. The weights stand one after another in the .bin
files, under names such as lstm/lstm_cell/kernel, and may be quantized.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entries, Entry, collect, elements
from gru_core.files.errors import FormatError
from gru_core.files.keras.cells import Weights
from gru_core.files.keras.config import Layer, layers
from gru_core.files.keras.sources import Model
from gru_core.files.keras.weights import side_of
from gru_core.files.limits import Limits

MAIN = "model.json"
_STORED = {"float32": "<f4", "float16": "<f2", "uint8": "u1", "uint16": "<u2", "int32": "<i4"}
_ADVICE = "keep model.json and its .bin files in one folder, or pack them into one .zip"
_AGAIN = "tensorflowjs_converter --input_format keras --output_format tfjs_layers_model"


def model(text: bytes, part: Callable[[str], bytes], file: str, limits: Limits) -> Model:
    """Return the model of a model.json.

    Parameters
    ----------
    text : bytes
        Its content.
    part : callable
        Returns the content of a file beside it; the name has no separators and ends in .bin.
    file : str
        For errors.
    limits : Limits

    Raises
    ------
    FormatError
        If it is not a LayersModel, or its weights do not fit it.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(file, None, f"is not JSON: {error}") from None
    topology = found.get("modelTopology") if isinstance(found, dict) else None
    if not isinstance(topology, dict) or "node" in topology:
        what = "is a graph model of TensorFlow.js, which has no layers"
        raise FormatError(file, None, f"{what}; convert the Keras model again with {_AGAIN}")
    config = topology.get("model_config", topology)
    listed = layers(json.dumps(config), file, limits)
    entries = collect(file, _weights(found.get("weightsManifest"), part, file, limits), limits)
    owned = _owned(entries, listed, file)
    version = str(topology.get("keras_version", ""))
    # TensorFlow.js's own layers compute as those of Keras 2.
    return Model(
        file, listed, lambda layer: owned.get(layer.name, {}), 3 if version[:1] == "3" else 2
    )


def _weights(
    groups: Any, part: Callable[[str], bytes], file: str, limits: Limits
) -> Iterator[Entry]:
    """Yield the arrays of the manifest."""
    seen: set[str] = set()
    total = 0
    for group in groups if isinstance(groups, list) else []:
        paths = group.get("paths") if isinstance(group, dict) else None
        named = group.get("weights") if isinstance(group, dict) else None
        if not isinstance(paths, list) or not isinstance(named, list):
            raise FormatError(file, "weightsManifest", "is not a list of paths and weights")
        each = []
        for path in paths:
            name = _checked(path, file)
            if name in seen:
                raise FormatError(file, "weightsManifest", f"refers to {name!r} twice")
            seen.add(name)
            each.append(part(name))
            total += len(each[-1])
            if total > limits.file_bytes:
                raise FormatError(file, "weightsManifest", f"refers to more than {total} bytes")
        data = b"".join(each)
        place = 0
        for one in named:
            entry, width = _entry(one, data, place, file)
            place += elements(entry) * width
            if place > len(data):
                short = f"ends at byte {place} of {', '.join(map(str, paths[:3]))}"
                raise entry.error(f"{short}, which has {len(data)}")
            yield entry
        if place != len(data):
            message = f"describes {place} bytes of {len(data)} in {', '.join(map(str, paths[:3]))}"
            raise FormatError(file, "weightsManifest", message)


def _checked(name: Any, file: str) -> str:
    """Return the name of a file beside this one."""
    plain = isinstance(name, str) and name.endswith(".bin") and not set(name) & set("/\\:\0")
    if not plain or len(name) > 200:
        shown = name if isinstance(name, str) else type(name).__name__
        raise FormatError(
            file, "weightsManifest", f"refers to {shown!r}, which is no .bin beside it"
        )
    return str(name)


def _entry(one: Any, data: bytes, place: int, file: str) -> tuple[Entry, int]:
    """Return an array, whose numbers begin at a place, and their width."""
    try:
        name, dtype, shape = one["name"], one["dtype"], tuple(one["shape"])
        how = one.get("quantization") or {}
        stored = how.get("dtype", dtype)
        scale, least = float(how.get("scale", 1)), float(how.get("min", 0))
        kind = np.dtype(_STORED[stored])
        if type(name) is not str or not all(type(size) is int for size in shape):
            raise TypeError
    except (TypeError, LookupError, ValueError, AttributeError, OverflowError):
        message = "has a weight without a name, a shape or a known type"
        raise FormatError(file, "weightsManifest", message) from None

    def fetch() -> NDArray[Any]:
        raw = np.frombuffer(data, kind, elements(entry), place).reshape(shape)
        return raw if kind.kind == "f" else (raw * scale + least).astype(np.float32)

    is_float = dtype == "float32" and (kind.kind == "f" or bool(how))
    entry = Entry(file, name, "float32" if is_float else str(dtype), shape, fetch)
    return entry, kind.itemsize


def _owned(
    entries: Entries, listed: Mapping[str, Layer], file: str
) -> dict[str, Mapping[str, Weights]]:
    """Return the arrays of each layer, by direction and role."""
    found: dict[str, dict[str, dict[str, Entry]]] = {}
    for path, entry in entries.arrays.items():
        *parts, role = path.split("/")
        fits = {name: fit for name, layer in listed.items() if (fit := _fit(layer, parts))}
        best = [name for name, fit in fits.items() if fit == max(fits.values())]
        if len(best) > 1:
            raise entry.error(f"can be of each of the layers {', '.join(best[:5])}")
        if not best:
            continue
        layer = listed[best[0]]
        sides = [s for s in (side_of(part, layer) for part in parts) if s]
        side = sides[0] if layer.kind == "Bidirectional" and sides else ""
        weights = found.setdefault(layer.name, {}).setdefault(side, {})
        if role in weights:
            raise entry.error(f"is one of several {role} of the layer {layer.name!r}")
        weights[role] = entry
    return dict(found)


def _fit(layer: Layer, parts: list[str]) -> int:
    """Return how well the parts of an array's name fit a layer, 0 if they do not."""
    own = layer.own_name in parts
    if layer.kind == "Bidirectional":
        own |= any(side_of(part, layer) and _is_side(part, layer) for part in parts)
    return own * (1 + sum(model.own_name in parts for model in layer.path))


def _is_side(part: str, both: Layer) -> bool:
    """Return whether part of a name is one of the two layers in a Bidirectional."""
    names = {one.name for one in (both.inner, both.back) if one is not None}
    return part in names or part.partition("_")[2] in names


def beside(folder: Callable[[str], bytes], file: str) -> Callable[[str], bytes]:
    """Return a reader of files that says what is needed if one is not there.

    Examples
    --------
    >>> beside(lambda name: b"numbers", "model.json")("group1-shard1of1.bin")
    b'numbers'
    """

    def part(name: str) -> bytes:
        try:
            return folder(name)
        except (FormatError, KeyError) as error:
            said = error.message if isinstance(error, FormatError) else "is not there"
            raise FormatError(
                file, None, f"needs {name!r} beside it, which {said}; {_ADVICE}"
            ) from None

    return part
