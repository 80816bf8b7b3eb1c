"""Reads networks from Keras files: .keras archives, older .h5 files, and TensorFlow.js's.

The configuration is read as data: no class is looked up, nothing in it is run.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import CoreError
from gru_core.files.archive import Archive
from gru_core.files.chains import chains, choose
from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras import layers as keras_layers
from gru_core.files.keras import tfjs, weights_only
from gru_core.files.keras import weights as keras_weights
from gru_core.files.keras.config import Layer, layers
from gru_core.files.keras.hdf5 import SIGNATURE, open_tree
from gru_core.files.keras.joined import joined
from gru_core.files.keras.layers import Part, Side
from gru_core.files.keras.readout import readout
from gru_core.files.keras.sources import PASSING, Model, source
from gru_core.files.limits import Limits
from gru_core.files.source import Source, open_source
from gru_core.network.description import EMBEDDING, READOUT, SETTINGS
from gru_core.network.network import Network
from gru_core.network.readout import Readout

_JOINING = {"Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"}
_CONFIG, _WEIGHTS, _METADATA = "config.json", "model.weights.h5", "metadata.json"
_ADVICE = "save the whole model: model.save('model.keras')"


def read(path: Path, name: str | None, limits: Limits) -> Network:
    """Return the network of a Keras file.

    Parameters
    ----------
    path : Path
        A .keras archive, a .h5 file with a model or weights in it, a model.json of TensorFlow.js
        with its .bin files beside it, or a zip archive of them.
    name : str or None
        A layer of the network to read, if there are several; "both.forward" or "both.backward" is
        one direction of the Bidirectional layer "both" alone.
    limits : Limits

    Returns
    -------
    Network
        GRU, LSTM or SimpleRNN layers, or Bidirectional ones, that follow one another. An Embedding
        before the first is its embedding; a Dense after the last is its readout, if it is the
        model's output and is linear or has a softmax or a sigmoid. A Dense or an activation before
        a layer is one of its maps. BatchNormalization before a layer or around a Dense is folded
        into the weights. Models inside the model are read as their layers, named like
        "encoder/lstm". Other layers are left out, and named.

    Raises
    ------
    FormatError
        If the file is damaged, refers to other files, has custom classes in the network, has no
        network or several, or has one that is not a `Network`.

    Notes
    -----
    A layer with ``go_backwards=True`` returns its states last step first, in the order in which it
    computed them. So do the states of a network that ends with one. Before the end, states are in
    the order of the input, and a layer that reads the reversed sequence reads in reverse. If the
    last layer returns one step alone, that is the last of the network's states.

    A layer beside a reversed one, joined by Add, Average, Multiply or Concatenate, is one layer of
    two directions, called like what joins them.

    For padding that `mask_zero` and Masking skip at a sequence's end, pass ``lengths`` to `run`.
    """
    with _opened(path, limits) as model:
        return chosen(model, name)


def chosen(model: Model, name: str | None) -> Network:
    """Return the network of a model, as `read` does.

    Parameters
    ----------
    model : Model
    name : str or None

    Raises
    ------
    FormatError
        If it has no network or several, or has one that is not a `Network`.
    """
    if not (recurrent := _recurrent(model)):
        found = ", ".join(dict.fromkeys(layer.kind for layer in model.layers.values()))
        message = f"has no GRU, LSTM, SimpleRNN or Bidirectional layer, but {found}"
        raise FormatError(model.file, None, message)
    if name not in recurrent:  # who names one of two that are joined opens that alone
        model = joined(model)
        recurrent = _recurrent(model)
    before = {n: b for n in recurrent if (b := _previous(model, n)) is not None}
    kinds = {n: _cell(layer).kind for n, layer in recurrent.items()}
    side = keras_layers.side(model, name)
    if side is not None:
        return _side(model, side)
    found_chains = chains(list(recurrent), before)
    try:
        chain = choose(found_chains, name, model.file, kinds)
    except FormatError as error:
        raise _with_merges(error, model, recurrent) from None
    return _network(model, [recurrent[n] for n in chain])


def _recurrent(model: Model) -> dict[str, Layer]:
    """Return the recurrent layers of a model."""
    return {name: layer for name, layer in model.layers.items() if layer.cell is not None}


def _with_merges(error: FormatError, model: Model, recurrent: Mapping[str, Layer]) -> FormatError:
    """Return an error that also names the layers which join or part networks, and are left out."""
    joining = [
        f"{layer.name!r} ({layer.kind})"
        for layer in model.layers.values()
        if layer.kind in _JOINING and sum(before in recurrent for before in layer.before) > 1
    ]
    parting = [
        f"{one.name!r} ({one.kind})"
        for layer in recurrent.values()
        if (one := source(model, layer)[0]) is not None
        and one.cell is None
        and one.kind not in ("Embedding", "InputLayer", *_JOINING)
    ]
    note = f"; what joins them is left out: {', '.join(joining[:5])}" if joining else ""
    note += f"; what they read is left out: {', '.join(parting[:5])}" if parting else ""
    return FormatError(model.file, error.entry, error.message + note, error.choices)


def _side(model: Model, side: Side) -> Network:
    """Return one direction of a Bidirectional layer alone, with an embedding right before it."""
    before, between = source(model, side.layer)
    table = None if before is None else _embedding(model, before)
    made = keras_layers.alone(model, side, between)
    dtype = np.result_type(made.first.dtype, *([] if table is None else [table.dtype]))
    used = _names(model, [side.layer])
    used |= set() if table is None or before is None else {before.name}
    other = f"{side.layer.name}.{'forward' if side.back else 'backward'}"
    return Network(
        (made.astype(dtype),),
        None if table is None else table.astype(dtype),
        left_out=(other, *_left_out(model, used)),
        guessed=_guessed(model, table, None),
    )


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[Model]:
    with open_source(path, limits) as source:
        if source.size >= len(SIGNATURE) and source.read(0, len(SIGNATURE)) == SIGNATURE:
            with _legacy(source, limits) as model:
                yield model
        elif source.size and source.read(0, 2) != b"PK":
            yield tfjs.model(*_text_and_parts(source, Path(path).parent, limits), limits)
        elif tfjs.MAIN in (archive := Archive(source, limits)).members:
            text = archive.read(tfjs.MAIN, limits.header_bytes)
            part = tfjs.beside(lambda name: archive.read(name, limits.file_bytes), source.name)
            yield tfjs.model(text, part, source.name, limits)
        else:
            with _archive(archive, limits) as model:
                yield model


def _text_and_parts(
    source: Source, folder: Path, limits: Limits
) -> tuple[bytes, Callable[[str], bytes], str]:
    """Return a model.json, what reads the files beside it, and its name."""
    if source.size > limits.header_bytes:
        size = f"{source.size} bytes, of which {limits.header_bytes} are allowed"
        raise FormatError(source.name, None, f"is too large: {size}")

    def read(name: str) -> bytes:
        with open_source(folder / name, limits) as one:
            return one.read(0, one.size)

    return source.read(0, source.size), tfjs.beside(read, source.name), source.name


@contextmanager
def _archive(archive: Archive, limits: Limits) -> Iterator[Model]:
    """Open a .keras archive."""
    file = archive.file
    for name in (_CONFIG, _WEIGHTS):
        if name not in archive.members:
            raise FormatError(file, None, f"is not a .keras archive: it has no {name}; {_ADVICE}")
    found = layers(_text(archive, _CONFIG, limits), file, limits)
    version = 0
    if _METADATA in archive.members:
        version = _major(_text(archive, _METADATA, limits).partition('"keras_version": "')[2])
    data = archive.read(_WEIGHTS, limits.file_bytes)
    with open_tree(Source(BytesIO(data), file, len(data)), limits) as tree:
        yield Model(file, found, keras_weights.Groups(tree, found, file).weights, version)


@contextmanager
def _legacy(source: Source, limits: Limits) -> Iterator[Model]:
    """Open a .h5 file."""
    file = source.name
    with open_tree(source, limits) as tree:
        text = tree.text("", "model_config")
        if text is None:
            yield weights_only.model(tree, file)
            return
        version = tree.text("", "keras_version") or tree.text("model_weights", "keras_version")
        yield Model(
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


def _previous(model: Model, name: str) -> str | None:
    """Return the recurrent layer that a recurrent layer reads."""
    before, _ = source(model, model.layers[name])
    return None if before is None or before.cell is None else before.name


def _network(model: Model, chain: list[Layer]) -> Network:
    """Return the network of a chain of layers, with its embedding and readout."""
    before, between = source(model, chain[0])
    table = None if before is None else _embedding(model, before)
    parts = [keras_layers.layer(model, chain[0], between)]
    for layer in chain[1:]:
        parts.append(keras_layers.layer(model, layer, source(model, layer)[1], parts[-1]))
    made = [*(part.layer for part in parts[:-1]), keras_layers.last(parts[-1], chain[-1])]
    last, used = _readout(model, chain[-1], parts[-1])
    used |= _names(model, chain) | (set() if table is None or before is None else {before.name})
    kinds = [layer.first.dtype for layer in made]
    kinds += [] if table is None else [table.dtype]
    kinds += [] if last is None else [last.W.dtype]
    dtype = np.result_type(*kinds)
    try:
        stacked = tuple(layer.astype(dtype) for layer in made)
        table = None if table is None else table.astype(dtype)
        last = None if last is None else last.astype(dtype)
        guessed = _guessed(model, table, last)
        return Network(stacked, table, last, guessed=guessed, left_out=_left_out(model, used))
    except FormatError:
        raise
    except CoreError as error:
        raise FormatError(model.file, f"layer {chain[0].name!r}", str(error)) from None


def _guessed(model: Model, table: FloatArray | None, last: Readout | None) -> tuple[str, ...]:
    """Return what is a guess if the file has weights alone."""
    there = {SETTINGS: True, EMBEDDING: table is not None, READOUT: last is not None}
    return tuple(part for part, found in there.items() if found and model.is_bare)


def _names(model: Model, chain: list[Layer]) -> set[str]:
    """Return the names of a chain's layers and of the maps before them."""
    between = [one.name for layer in chain for one in source(model, layer)[1]]
    return {*between, *(layer.name for layer in chain)}


def _left_out(model: Model, used: set[str]) -> tuple[str, ...]:
    """Return the layers that compute something which the network does not have."""
    silent = {*PASSING, "InputLayer"}
    parts = [
        f"{name} ({layer.kind})"
        for name, layer in model.layers.items()
        if name not in used and layer.kind not in silent
    ]
    masks = [
        f"the mask of {name} (run takes it as mask=)"
        for name, layer in model.layers.items()
        if layer.kind == "Masking" or (layer.config.get("mask_zero") is True and name in used)
    ]
    return (*parts, *masks)


def _readout(model: Model, layer: Layer, part: Part) -> tuple[Readout | None, set[str]]:
    """Return the readout after the last layer, and the names of its layers."""
    is_whole = bool(_cell(layer).config.get("return_sequences", False))
    found, used = readout(model, layer, 3 if is_whole else 2) or (None, set())
    if part.swapped is None:
        return found, used
    if found is None:
        keras_layers.refuse_swapped(model, layer)
    return Readout(found.W[:, part.swapped], found.b, found.head), used


def _embedding(model: Model, layer: Layer) -> FloatArray | None:
    """Return the table of a layer, if it is an Embedding."""
    if layer.kind != "Embedding":
        return None
    if source(model, layer)[1]:
        kind = source(model, layer)[1][0].kind
        message = f"reads a {kind}, and so no integers"
        raise FormatError(model.file, f"layer {layer.name!r}", message)
    table: Entry | None = model.weights(layer).get("", {}).get("embeddings")
    if table is None:
        raise FormatError(model.file, f"layer {layer.name!r}", "has no embeddings in the file")
    return table.read()
