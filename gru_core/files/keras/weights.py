"""Where a Keras file keeps the weights of a layer.

    .keras, model.weights.h5    layers/<class>[_<n>]/…/vars/<i>, the layer's name beside vars
    .h5                         model_weights/<layer>/…/kernel

In a .keras file a Bidirectional keeps its directions under forward_layer and backward_layer, in a
.h5 file under names that begin so.
"""

import re
from collections.abc import Iterator, Mapping

from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras.cells import Weights
from gru_core.files.keras.config import Layer
from gru_core.files.keras.hdf5 import Tree

_NUMBERED = {
    "Dense": ("kernel", "bias"),
    "Embedding": ("embeddings",),
}
_CELL = ("kernel", "recurrent_kernel", "bias")
_ROOTS = ("layers", "_layer_checkpoint_dependencies")
"""Where the layers are, in Keras 3 and in 2.12 to 2.15."""
_LEGACY = "model_weights"


def groups(tree: Tree, layers: Mapping[str, Layer], file: str) -> dict[str, str]:
    """Return the group in which each layer of a .keras file has its weights.

    Parameters
    ----------
    tree : Tree
        Of model.weights.h5.
    layers : mapping
        The model's layers in order.
    file : str
        For errors.

    Raises
    ------
    FormatError
        If two groups say that they are the same layer.
    """
    root = next((name for name in _ROOTS if name in tree.groups), None)
    if root is None:
        return {}
    inside = [g for g in tree.groups if g.startswith(f"{root}/") and g.count("/") == 1]
    named: dict[str, str] = {}
    for group in inside:
        name = tree.text(f"{group}/vars", "name")
        if name is None:
            continue
        if name in named:
            raise FormatError(file, group, f"is the layer {name!r}, as {named[name]} is")
        named[name] = group
    if named:
        return named
    return {name: group for name, group in _counted(layers, root) if group in tree.groups}


def of_layer(tree: Tree, group: str, layer: Layer) -> dict[str, Weights]:
    """Return a .keras layer's weights: of each direction under "forward" and "backward", else "".

    Examples
    --------
    >>> from gru_core.files import Limits
    >>> of_layer(Tree("a.keras", Limits()), "layers/gru", Layer("gru", "GRU"))
    {'': {}}
    """
    if layer.kind == "Bidirectional":
        wrapped = {side: f"{group}/{side}_layer" for side in ("forward", "backward")}
        return {side: _variables(tree, f"{path}/cell", _CELL) for side, path in wrapped.items()}
    if layer.cell is not None:
        return {"": _variables(tree, f"{group}/cell", _CELL)}
    if layer.kind == "TimeDistributed":
        return {"": _variables(tree, f"{group}/layer", _NUMBERED["Dense"])}
    return {"": _variables(tree, group, _NUMBERED.get(layer.kind, ()))}


def of_legacy_layer(tree: Tree, layer: Layer, file: str) -> dict[str, Weights]:
    """Return a .h5 layer's weights, likewise.

    Raises
    ------
    FormatError
        If an array is there twice.
    """
    found: dict[str, dict[str, Entry]] = {}
    prefix = f"{_LEGACY}/{layer.name}/"
    for path, entry in tree.entries.arrays.items():
        if not path.startswith(prefix):
            continue
        *between, leaf = path[len(prefix) :].split("/")
        name = leaf.split(":")[0]
        side = ""
        if layer.kind == "Bidirectional":
            side = next((s for s in map(_side, between) if s and s != layer.name), "")
        weights = found.setdefault(side, {})
        if name in weights:
            raise FormatError(file, path, f"is one of several {name} of the layer {layer.name!r}")
        weights[name] = entry
    return {side: weights for side, weights in found.items()}


def _side(part: str) -> str:
    """Return the direction that part of a path names."""
    found = re.match(r"(forward|backward)_", part)
    return found[1] if found else ""


def _variables(tree: Tree, group: str, names: tuple[str, ...]) -> Weights:
    """Return the numbered variables of a group by what they are."""
    paths = {name: f"{group}/vars/{i}" for i, name in enumerate(names)}
    arrays = tree.entries.arrays
    return {name: arrays[path] for name, path in paths.items() if path in arrays}


def _counted(layers: Mapping[str, Layer], root: str) -> Iterator[tuple[str, str]]:
    """Yield layers with the groups their classes would give them, counted in order."""
    count: dict[str, int] = {}
    for layer in layers.values():
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", layer.kind).lower()
        number = count.get(snake, 0)
        count[snake] = number + 1
        yield layer.name, f"{root}/{snake}" + (f"_{number}" if number else "")
