r"""Finds the weights of a layer in a Keras file.

    .keras, model.weights.h5    layers/<class>[_<n>]/…/vars/<i>
    .h5                         model_weights/<layer>/…/kernel

In a .keras file a Bidirectional keeps its directions under forward_layer and backward_layer, in a
.h5 file under names that begin so.

Newer .keras files keep the layer's name beside vars. Older ones do not, and their numbers have
gaps: Keras 2.12 and 2.13 count a layer that has weights twice (lstm, lstm_2, lstm_4). There the
groups of a class, in the order of their numbers, are the layers of that class in the model's order.
Keras on Windows writes a path as one name with backslashes (layers\lstm\cell).
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

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
ROOTS = ("layers", "_layer_checkpoint_dependencies")
"""The group of the layers, in Keras 3 and in 2.12 to 2.15."""
_T = TypeVar("_T")
_GROUP = re.compile(r"(?P<base>.+?)(?:_(?P<number>[1-9][0-9]{0,8}))?")


class _Level(NamedTuple):
    """The groups of one model, which may be inside another.

    Parameters
    ----------
    root : str
        The path of the groups.
    named : dict of str
        The groups by the name of their layer, if the file has names.
    of_class : dict
        The groups of each class, in the order of their numbers.
    members : dict
        The layers of each class by their own names, each with its number.
    """

    root: str
    named: dict[str, str]
    of_class: dict[str, list[str]]
    members: dict[str, dict[str, int]]


class Groups:
    """The groups of a .keras archive's weights, and the layer that each belongs to.

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
        If two groups name the same layer, or two paths differ only in their separators.
    """

    def __init__(self, tree: Tree, layers: Mapping[str, Layer], file: str) -> None:
        self._file = file
        self._arrays = _plain_paths(tree.entries.arrays, file)
        places = _plain_paths({path: path for path in tree.groups}, file)
        self._levels: dict[str, _Level] = {}
        inside = _children([*self._arrays, *places])
        for model, members in _members(layers.values()):
            above = self._place(model[-1]) if model else ""
            if above is None:
                continue
            roots = [f"{above}/{root}" if above else root for root in ROOTS]
            root = next((root for root in roots if root in inside), "")
            groups = list(inside.get(root, ())) if root else []
            named = self._named(tree, places, root, groups)
            key = model[-1].name if model else ""
            self._levels[key] = _Level(root, named, by_class(groups), members)

    def _named(
        self, tree: Tree, places: Mapping[str, str], root: str, groups: list[str]
    ) -> dict[str, str]:
        """Return the groups by the name of the layer that is beside their variables."""
        found: dict[str, str] = {}
        for group in groups:
            place = places.get(f"{root}/{group}/vars")
            name = None if place is None else tree.text(place, "name")
            if name is None:
                continue
            if name in found:
                message = f"is the layer {name!r}, as {root}/{found[name]} is"
                raise FormatError(self._file, f"{root}/{group}", message)
            found[name] = group
        return found

    def _place(self, layer: Layer) -> str | None:
        """Return the path of a layer's group, None if there is none."""
        level = self._levels.get(layer.path[-1].name if layer.path else "")
        if level is None:
            return None
        group = level.named.get(layer.own_name) if level.named else self._counted(layer, level)
        return None if group is None else f"{level.root}/{group}"

    def weights(self, layer: Layer) -> dict[str, Weights]:
        """Return a layer's weights: of each direction under "forward" and "backward", else "".

        Raises
        ------
        FormatError
            If groups have no layer names, and a class does not have as many groups as the model has
            layers of it.
        """
        place = self._place(layer)
        if place is None:
            return {}
        if layer.kind == "Bidirectional":
            wrapped = {"forward": layer.inner, "backward": layer.back or layer.inner}
            return {
                side: self._variables(_cell_place(f"{place}/{side}_layer", one), _CELL)
                for side, one in wrapped.items()
            }
        if layer.cell is not None:
            return {"": self._variables(_cell_place(place, layer), _CELL)}
        if layer.kind == "TimeDistributed":
            return {"": self._variables(f"{place}/layer", _NUMBERED["Dense"])}
        return {"": self._variables(place, _names(layer))}

    def _counted(self, layer: Layer, level: _Level) -> str | None:
        """Return the group whose position in its class is that of the layer."""
        members, groups = level.members[_snake(layer)], level.of_class.get(_snake(layer), [])
        if groups and len(groups) != len(members):
            message = (
                f"cannot be told from others of its class: the model has {len(members)}, and"
                f" {level.root} has {len(groups)} groups of it, {', '.join(groups[:5])}"
            )
            raise FormatError(self._file, f"layer {layer.name!r}", message)
        return groups[members[layer.own_name]] if groups else None

    def _variables(self, group: str, names: tuple[str, ...]) -> Weights:
        """Return the numbered variables of a group by role."""
        paths = {name: f"{group}/vars/{i}" for i, name in enumerate(names)}
        return {name: self._arrays[path] for name, path in paths.items() if path in self._arrays}


def _cell_place(place: str, layer: Layer | None) -> str:
    """Return the path of a recurrent layer's variables; one that ran on cuDNN has no cell."""
    return place if layer is not None and layer.is_cudnn else f"{place}/cell"


def _names(layer: Layer) -> tuple[str, ...]:
    """Return a layer's variables in their order."""
    if layer.kind == "BatchNormalization":
        switched = (("gamma", "scale"), ("beta", "center"))
        there = tuple(name for name, switch in switched if layer.config.get(switch, True))
        return (*there, "moving_mean", "moving_variance")
    return _NUMBERED.get(layer.kind, ())


def _children(paths: Iterable[str]) -> dict[str, dict[str, None]]:
    """Return the names inside each group, in order."""
    found: dict[str, dict[str, None]] = {}
    for path in paths:
        while path:
            parent, _, name = path.rpartition("/")
            if name in found.setdefault(parent, {}):
                break
            found[parent][name] = None
            path = parent
    return found


_Classes = dict[str, dict[str, int]]


def _members(layers: Iterable[Layer]) -> list[tuple[tuple[Layer, ...], _Classes]]:
    """Return for each model the layers of each class by number; a model before those inside it."""
    found: dict[str, tuple[tuple[Layer, ...], _Classes]] = {"": ((), {})}
    for layer in layers:
        for depth, part in enumerate((*layer.path, layer)):
            path = layer.path[:depth]
            _, classes = found.setdefault(path[-1].name if path else "", (path, {}))
            members = classes.setdefault(_snake(part), {})
            members.setdefault(part.own_name, len(members))
    return list(found.values())


def _plain_paths(found: Mapping[str, _T], file: str) -> dict[str, _T]:
    """Return the items by path, with slashes as separators."""
    plain: dict[str, _T] = {}
    for path, value in found.items():
        name = path.replace("\\", "/")
        if name in plain:
            raise FormatError(file, path, "is in the file with either separator, / and \\")
        plain[name] = value
    return plain


def by_class(groups: Iterable[str]) -> dict[str, list[str]]:
    """Return the groups of each class in the order of their numbers; the first has none.

    Examples
    --------
    >>> by_class(["lstm_10", "gru", "lstm_2", "lstm"])
    {'lstm': ['lstm', 'lstm_2', 'lstm_10'], 'gru': ['gru']}
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for group in groups:
        if match := _GROUP.fullmatch(group):
            numbered = int(match["number"] or 0), group
            found.setdefault(match["base"], []).append(numbered)
    return {base: [group for _, group in sorted(each)] for base, each in found.items()}


def _snake(layer: Layer) -> str:
    """Return the name that Keras gives the group of a layer, without its number."""
    name = re.sub(r"\W", "", layer.class_name or layer.kind)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def of_legacy_layer(
    tree: Tree, layer: Layer, file: str, root: str = "model_weights/"
) -> dict[str, Weights]:
    """Return a .h5 layer's weights below a group, with the same keys as `Groups.weights`.

    Raises
    ------
    FormatError
        If an array occurs twice.
    """
    found: dict[str, dict[str, Entry]] = {}
    outermost = layer.path[0] if layer.path else layer
    prefix = f"{root}{outermost.name}/"
    for path, entry in tree.entries.arrays.items():
        if not path.startswith(prefix):
            continue
        *between, leaf = path[len(prefix) :].split("/")
        name = leaf.split(":")[0]
        if layer.path and layer.own_name not in between:
            continue
        side = ""
        if layer.kind == "Bidirectional":
            side = next((s for s in (side_of(part, layer) for part in between) if s), "")
        weights = found.setdefault(side, {})
        if name in weights:
            raise FormatError(file, path, f"is one of several {name} of the layer {layer.name!r}")
        weights[name] = entry
    return {side: weights for side, weights in found.items()}


def side_of(part: str, both: Layer) -> str:
    """Return the direction of a Bidirectional that part of a path names, "" if none.

    Examples
    --------
    >>> side_of("backward_lstm", Layer("both", "Bidirectional"))
    'backward'
    """
    if part == both.own_name:
        return ""
    if found := re.match(r"(forward|backward)_", part):
        return found[1]
    named = {
        one.name: side for one, side in ((both.inner, "forward"), (both.back, "backward")) if one
    }
    return named.get(part, "")
