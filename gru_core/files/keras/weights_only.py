"""Models of which a file has the weights alone, as Keras's save_weights writes them.

    .weights.h5      layers/<class>[_<n>]/…/vars/<i>
    other .h5        <layer>/…/kernel

What such a file does not say is assumed: layers follow one another, read forward and have Keras's
default activations. The order of the layers is that of their names in the file, or, in a
.weights.h5, the one in which their sizes fit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras.cells import Weights
from gru_core.files.keras.config import CUDNN_FORM, RECURRENT, Layer
from gru_core.files.keras.hdf5 import Tree
from gru_core.files.keras.sources import Model
from gru_core.files.keras.weights import ROOTS, Groups, by_class, of_legacy_layer

_ADVICE = (
    "build the model in Keras, then model.load_weights(this file) and model.save('model.keras')"
)
_GATES = {1: "SimpleRNN", 3: "GRU", 4: "LSTM"}
_NORM = ("gamma", "beta", "moving_mean", "moving_variance")
_CLASSES = {
    "gru": "GRU",
    "lstm": "LSTM",
    "simple_rnn": "SimpleRNN",
    "bidirectional": "Bidirectional",
    "dense": "Dense",
    "embedding": "Embedding",
    "batch_normalization": "BatchNormalization",
}
"""The layers that are recognized in a .weights.h5, by the names of their groups."""
_OLD = re.compile(r"1\.|2\.[0-2]\.(?!4-tf)")
"""The versions of Keras before 2.3."""
_STEPS = 10_000
"""The most orders of layers that are tried."""


class _Found(NamedTuple):
    """A layer, and the numbers that it reads and returns at each step."""

    layer: Layer
    reads: int
    returns: int


def model(tree: Tree, file: str) -> Model:
    """Return the model of a file that has weights alone.

    Raises
    ------
    FormatError
        If there is no recurrent layer in it, or the order of its layers is unknown.
    """
    root = next((root for root in ROOTS if root in tree.groups), None)
    found = _named(tree, file) if root is None else _grouped(tree, root, file)
    if not any(one.layer.cell is not None for one in found):
        names = ", ".join(list(tree.groups)[1:6]) or "nothing"
        message = f"holds weights without a model, and no recurrent layer among them, but {names}"
        raise FormatError(file, None, f"{message}; {_ADVICE}")
    version = tree.text("", "keras_version") or ""
    layers: dict[str, Layer] = {}
    for one in found:
        made = _of_version(one.layer, version)
        layers[made.name] = replace(made, before=tuple(list(layers)[-1:]))
    weights: Callable[[Layer], Mapping[str, Weights]]
    if root is None:
        weights = lambda layer: of_legacy_layer(tree, layer, file, "")  # noqa: E731
    else:
        weights = Groups(tree, layers, file).weights
    return Model(file, layers, weights, 2, is_bare=True)


def _of_version(layer: Layer, version: str) -> Layer:
    """Return a layer with the defaults that its version of Keras had.

    Before 2.3 gates had a hard_sigmoid, except on cuDNN. TensorFlow 2 calls itself 2.2.4-tf too.
    """
    if not _OLD.match(version) or layer.cell is None:
        return layer
    if layer.inner is not None and layer.back is not None:
        inner, back = (_of_version(one, version) for one in (layer.inner, layer.back))
        return replace(layer, inner=inner, back=back)
    hard = {} if layer.is_cudnn else {"recurrent_activation": "hard_sigmoid"}
    return replace(layer, config={**layer.config, **hard})


def _named(tree: Tree, file: str) -> list[_Found]:
    """Return the layers of an older file, in the order that it gives."""
    names = tree.texts("", "layer_names") or []
    if not names or len(set(names)) < len(names) or any(name not in tree.groups for name in names):
        raise FormatError(file, None, f"holds weights without a model; {_ADVICE}")
    found = []
    for name in names:
        both = Layer(name, "Bidirectional")
        sides = of_legacy_layer(tree, both, file, "")
        if "forward" in sides:
            found.append(_both(name, sides.get("forward", {}), sides.get("backward", {})))
        elif any(sides.values()):
            found.append(_one(name, of_legacy_layer(tree, Layer(name, ""), file, "")[""]))
    return _ended(found)


def _grouped(tree: Tree, root: str, file: str) -> list[_Found]:
    """Return the layers of a .weights.h5, in the order in which their sizes fit."""
    inside = f"{root}/"
    tops = {
        path[len(inside) :].split("/")[0]: None for path in tree.groups if path.startswith(inside)
    }
    queues = []
    for base, groups in by_class(tops).items():
        queue = []
        for group in groups:
            name = tree.text(f"{root}/{group}/vars", "name") or group
            arrays = tree.entries.arrays
            own = [path for path in arrays if path.startswith(f"{inside}{group}/")]
            if not own:
                continue  # a layer without weights
            if base not in _CLASSES:
                raise FormatError(
                    file, f"{root}/{group}", f"is a layer of unknown class; {_ADVICE}"
                )
            queue.append(_of_class(Layer(name, _CLASSES[base]), f"{inside}{group}", arrays, file))
        queues.append(queue)
    return _ended(_ordered([queue for queue in queues if queue], file))


def _of_class(layer: Layer, place: str, arrays: Mapping[str, Entry], file: str) -> _Found:
    """Return a layer of a known class from its numbered arrays."""

    def roles(path: str, names: tuple[str, ...]) -> dict[str, Entry]:
        each = {name: arrays.get(f"{path}/vars/{i}") for i, name in enumerate(names)}
        return {name: entry for name, entry in each.items() if entry is not None}

    cell = ("kernel", "recurrent_kernel", "bias")
    if layer.kind == "Bidirectional":
        sides = [roles(f"{place}/{side}_layer/cell", cell) for side in ("forward", "backward")]
        found = _both(layer.name, *sides)
    elif layer.kind in RECURRENT:
        found = _one(layer.name, roles(f"{place}/cell", cell))
    else:
        names = {"Dense": ("kernel", "bias"), "Embedding": ("embeddings",)}
        found = _one(layer.name, roles(place, names.get(layer.kind, _NORM)))
    if found.layer.kind != layer.kind:
        raise FormatError(file, place, f"has not the arrays of a {layer.kind}; {_ADVICE}")
    return found


def _both(name: str, there: Weights, back: Weights) -> _Found:
    """Return a Bidirectional layer."""
    one, other = _one(name, there), _one(name, back)
    if one.layer.cell is None or other.layer.cell is None:
        return _Found(Layer(name, "unknown"), 0, 0)
    turned = replace(other.layer, config={**other.layer.config, "go_backwards": True})
    both = Layer(name, "Bidirectional", {}, one.layer, turned, class_name="Bidirectional")
    return _Found(both, one.reads, one.returns + other.returns)


def _one(name: str, weights: Weights) -> _Found:
    """Return a layer, recognized by its arrays."""
    shapes = {role: entry.shape for role, entry in weights.items()}
    kernel, inner = shapes.get("kernel", ()), shapes.get("recurrent_kernel", ())
    bias = shapes.get("bias")
    if len(kernel) == len(inner) == 2 and inner[0] and inner[1] % inner[0] == 0:
        H, kind = inner[0], _GATES.get(inner[1] // inner[0], "unknown")
        config: dict[str, Any] = {**CUDNN_FORM, "units": H, "return_sequences": True}
        config |= {"use_bias": bias is not None}
        if kind == "GRU" and bias is not None:
            config["reset_after"] = bias != (3 * H,)
        has_two = bias == (2 * inner[1],)  # as only cuDNN has
        return _Found(Layer(name, kind, config, class_name="CuDNN" * has_two + kind), kernel[0], H)
    if set(shapes) <= {"kernel", "bias"} and len(kernel) == 2:
        config = {"activation": "unknown"}
        return _Found(Layer(name, "Dense", config, class_name="Dense"), *kernel)
    if set(shapes) == {"embeddings"} and len(shapes["embeddings"]) == 2:
        made = Layer(name, "Embedding", class_name="Embedding")
        return _Found(made, 0, shapes["embeddings"][1])
    if {"moving_mean", "moving_variance"} <= set(shapes) <= set(_NORM):
        config = {"scale": "gamma" in shapes, "center": "beta" in shapes}
        width = int(max(shapes["moving_mean"], default=0))
        made = Layer(name, "BatchNormalization", config, class_name="BatchNormalization")
        return _Found(made, width, width)
    return _Found(Layer(name, "unknown"), 0, 0)


def _ended(found: list[_Found]) -> list[_Found]:
    """Return the layers; a Dense right after the last recurrent one, at the end, is the readout."""
    if len(found) > 1 and found[-1].layer.kind == "Dense" and found[-2].layer.cell is not None:
        found[-1] = found[-1]._replace(layer=replace(found[-1].layer, config={}))
    return found


def _ordered(queues: list[list[_Found]], file: str) -> list[_Found]:
    """Return the layers in the one order in which each reads what the one before returns.

    If there are several, the one in which every Dense is after the recurrent layers.
    """
    orders = _orders(queues)
    if len(orders) > 1:
        orders = [order for order in orders if _ends_in_dense(order)]
    if len(orders) != 1:
        names = ", ".join(one.layer.name for queue in queues for one in queue)
        message = (
            f"holds weights without a model, and does not say in which order its layers {names}"
        )
        raise FormatError(file, None, f"{message} follow; {_ADVICE}")
    return orders[0]


def _ends_in_dense(order: list[_Found]) -> bool:
    kinds = [one.layer.kind == "Dense" for one in order]
    return kinds == sorted(kinds)


def _orders(queues: list[list[_Found]]) -> list[list[_Found]]:
    """Return the orders of all layers that fit, each class in its own order; none if too many."""
    orders: list[list[_Found]] = []
    todo: list[tuple[tuple[int, ...], list[_Found]]] = [(tuple(0 for _ in queues), [])]
    for _ in range(_STEPS):
        if not todo:
            return orders
        places, order = todo.pop()
        if len(order) == sum(map(len, queues)):
            orders.append(order)
        for i, (place, queue) in enumerate(zip(places, queues, strict=True)):
            if place == len(queue):
                continue
            one = queue[place]
            if order and one.reads != order[-1].returns:
                continue
            if order and one.layer.kind == "Embedding":
                continue
            todo.append(((*places[:i], place + 1, *places[i + 1 :]), [*order, one]))
    return []
