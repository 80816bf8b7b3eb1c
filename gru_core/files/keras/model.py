"""Reads networks from Keras files: .keras archives, and the older .h5 files.

The configuration is read as data: no class is looked up, nothing in it is run.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import CoreError
from gru_core.files.archive import Archive
from gru_core.files.chains import chains, choose
from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras import cells as keras_cells
from gru_core.files.keras import weights as keras_weights
from gru_core.files.keras.cells import Weights
from gru_core.files.keras.config import Layer, layers, shown, takers
from gru_core.files.keras.hdf5 import SIGNATURE, open_tree
from gru_core.files.limits import Limits
from gru_core.files.source import Source, open_source
from gru_core.network.layer import Layer as NetworkLayer
from gru_core.network.merge import Merge
from gru_core.network.network import Network
from gru_core.network.readout import Readout

_PASSING = {
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "Masking", "SpatialDropout1D",
}  # fmt: skip
"""Layers that do nothing after training. (For Masking, pass lengths to run.)"""
_MERGES: dict[str, Merge] = {"concat": "concat", "sum": "sum", "ave": "mean", "mul": "product"}
"""Keras's merge_mode. None, for two outputs, has no counterpart here."""
_PASSED = 64
"""The most of them in a row."""
_CONFIG, _WEIGHTS, _METADATA = "config.json", "model.weights.h5", "metadata.json"
_ADVICE = "save the whole model: model.save('model.keras')"


class _Model(NamedTuple):
    """A model's layers, and their weights while its file is open."""

    file: str
    layers: dict[str, Layer]
    weights: Callable[[Layer], Mapping[str, Weights]]
    version: int


def read(path: Path, name: str | None, limits: Limits) -> Network:
    """Return the network of a Keras file.

    Parameters
    ----------
    path : Path
        A .keras archive or a .h5 file with a model in it.
    name : str or None
        A layer of the network to read, if there are several.
    limits : Limits

    Returns
    -------
    Network
        GRU, LSTM or SimpleRNN layers, or Bidirectional ones (``merge_mode="concat"``), that
        follow one another. An Embedding before the first is its embedding; a linear Dense after
        the last is its readout, if it is the model's output.

    Raises
    ------
    FormatError
        If the file is damaged, refers to other files, has custom classes in the network, has no
        network or several, or has one that is not a `Network`.

    Notes
    -----
    For padding that `mask_zero` and Masking skip at a sequence's end, pass ``lengths`` to `run`.
    """
    with _opened(path, limits) as model:
        recurrent = {n: layer for n, layer in model.layers.items() if layer.cell is not None}
        if not recurrent:
            found = ", ".join(dict.fromkeys(layer.kind for layer in model.layers.values()))
            message = f"has no GRU, LSTM, SimpleRNN or Bidirectional layer, but {found}"
            raise FormatError(model.file, None, message)
        before = {n: b for n in recurrent if (b := _previous(model, n)) is not None}
        kinds = {n: _cell(layer).kind for n, layer in recurrent.items()}
        chain = choose(chains(list(recurrent), before), name, model.file, kinds)
        return _network(model, [recurrent[n] for n in chain])


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[_Model]:
    with open_source(path, limits) as source:
        if source.size >= len(SIGNATURE) and source.read(0, len(SIGNATURE)) == SIGNATURE:
            with _legacy(source, limits) as model:
                yield model
        else:
            with _archive(source, limits) as model:
                yield model


@contextmanager
def _archive(source: Source, limits: Limits) -> Iterator[_Model]:
    """Open a .keras archive."""
    archive, file = Archive(source, limits), source.name
    for name in (_CONFIG, _WEIGHTS):
        if name not in archive.members:
            raise FormatError(file, None, f"is not a .keras archive: it has no {name}; {_ADVICE}")
    found = layers(_text(archive, _CONFIG, limits), file, limits)
    version = 0
    if _METADATA in archive.members:
        version = _major(_text(archive, _METADATA, limits).partition('"keras_version": "')[2])
    data = archive.read(_WEIGHTS, limits.file_bytes)
    with open_tree(Source(BytesIO(data), file, len(data)), limits) as tree:
        yield _Model(file, found, keras_weights.Groups(tree, found, file).weights, version)


@contextmanager
def _legacy(source: Source, limits: Limits) -> Iterator[_Model]:
    """Open a .h5 file."""
    file = source.name
    with open_tree(source, limits) as tree:
        text = tree.text("", "model_config")
        if text is None:
            raise FormatError(file, None, f"holds weights without a model; {_ADVICE}")
        version = tree.text("", "keras_version") or tree.text("model_weights", "keras_version")
        yield _Model(
            file,
            layers(text, file, limits),
            lambda layer: keras_weights.of_legacy_layer(tree, layer, file),
            _major(version or ""),
        )


def _text(archive: Archive, name: str, limits: Limits) -> str:
    try:
        return archive.read(name, limits.header_bytes).decode()
    except UnicodeDecodeError:
        raise FormatError(archive.file, name, "is not UTF-8") from None


def _major(version: str) -> int:
    """Return Keras's major version, 0 if the text does not have it."""
    return int(version[0]) if version[:1] in ("2", "3") and version[1:2] == "." else 0


def _cell(layer: Layer) -> Layer:
    found = layer.cell
    assert found is not None
    return found


def _previous(model: _Model, name: str) -> str | None:
    """Return the recurrent layer that a recurrent layer reads, if both are of one kind."""
    before = _source(model, model.layers[name])
    if before is None or before.cell is None or before.kind == "custom":
        return None
    return before.name if before.cell.kind == _cell(model.layers[name]).kind else None


def _source(model: _Model, layer: Layer) -> Layer | None:
    """Return the layer that a layer reads, skipping layers without an effect."""
    seen: set[str] = set()
    while layer.before and layer.name not in seen and len(seen) < _PASSED:
        seen.add(layer.name)
        found = model.layers.get(layer.before[0])
        if found is None or found.kind not in _PASSING:
            return found
        layer = found
    return None


def _network(model: _Model, chain: list[Layer]) -> Network:
    """Return the network of a chain of layers, with its embedding and readout."""
    made = [_layer(model, layer) for layer in chain]
    table = _embedding(model, chain[0])
    readout = _dense(model, chain[-1])
    kinds = [layer.first.dtype for layer in made]
    kinds += [array.dtype for array in (table, *(readout or ())) if array is not None]
    dtype = np.result_type(*kinds)
    try:
        stacked = tuple(layer.astype(dtype) for layer in made)
        if readout is not None:
            kernel, bias = (None if a is None else a.astype(dtype) for a in readout)
            assert kernel is not None
            last = Readout(kernel.T, bias)
        table = None if table is None else table.astype(dtype)
        return Network(stacked, table, None if readout is None else last)
    except FormatError:
        raise
    except CoreError as error:
        raise FormatError(model.file, f"layer {chain[0].name!r}", str(error)) from None


def _layer(model: _Model, layer: Layer) -> NetworkLayer:
    """Return a layer with its one or two directions."""
    file, weights = model.file, model.weights(layer)
    for name in layer.before[1:]:
        if name not in model.layers or model.layers[name].kind != "InputLayer":
            message = f"starts where the layer {name!r} says; a network here starts where run says"
            raise FormatError(file, f"layer {layer.name!r}", message)
    if layer.kind != "Bidirectional":
        found = weights.get("", {})
        return NetworkLayer(keras_cells.params(layer, found, model.version, file, back=False))
    merge = layer.config.get("merge_mode", "concat")
    if merge not in _MERGES:
        known = ", ".join(map(repr, _MERGES))
        message = f"has the merge_mode {shown(merge)}, which is not one of {known}"
        raise FormatError(file, f"layer {layer.name!r}", message)
    there = _cell(layer)
    back = layer.back or there
    if back.kind != there.kind:
        message = f"reads forward with a {there.kind} and backward with a {back.kind}"
        raise FormatError(file, f"layer {layer.name!r}", message)
    flipped = {**back.config, "go_backwards": True} if layer.back is None else back.config
    back = Layer(layer.name, back.kind, flipped)
    sides = (Layer(layer.name, there.kind, there.config), False), (back, True)
    pair = [
        keras_cells.params(
            side, weights.get("backward" if b else "forward", {}), model.version, file, back=b
        )
        for side, b in sides
    ]
    dtype = np.result_type(*(params.dtype for params in pair))
    return NetworkLayer(*(params.astype(dtype) for params in pair), merge=_MERGES[merge])


def _embedding(model: _Model, layer: Layer) -> FloatArray | None:
    """Return the table of the Embedding before a layer."""
    before = _source(model, layer)
    if before is None or before.kind != "Embedding":
        return None
    table: Entry | None = model.weights(before).get("", {}).get("embeddings")
    if table is None:
        raise FormatError(model.file, f"layer {before.name!r}", "has no embeddings in the file")
    return table.read()


def _dense(model: _Model, layer: Layer) -> tuple[FloatArray, FloatArray | None] | None:
    """Return kernel and bias of the linear Dense that ends the model after a layer."""
    if layer.kind == "Bidirectional" and not _cell(layer).config.get("return_sequences", False):
        return None  # the reverse direction's last state is not that of the last step
    taken = takers(model.layers)
    found: Layer | None = layer
    seen: set[str] = set()
    while found is not None and found.name not in seen:
        if found is not layer and found.kind not in _PASSING:
            break
        seen.add(found.name)
        names = taken[found.name]
        found = model.layers[names[0]] if len(names) == 1 else None
    if found is None or found.dense is None or taken[found.name]:
        return None
    if found.dense.config.get("activation") not in (None, "linear"):
        return None
    weights = model.weights(found).get("", {})
    if "kernel" not in weights:
        raise FormatError(model.file, f"layer {found.name!r}", "has no kernel in the file")
    bias = weights.get("bias")
    has_bias = found.dense.config.get("use_bias", bias is not None)
    if has_bias is not (bias is not None):
        message = f"has use_bias {shown(has_bias)}, and {'one' if bias else 'none'} in the file"
        raise FormatError(model.file, f"layer {found.name!r}", message)
    return weights["kernel"].read(), None if bias is None else bias.read()
