"""The layers in a Keras configuration, read as data: no layer is built from it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeGuard

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

RECURRENT = ("GRU", "LSTM", "SimpleRNN")
_MODELS = ("Sequential", "Functional", "Model")
_CUDNN = {"CuDNNGRU": "GRU", "CuDNNLSTM": "LSTM"}
CUDNN_FORM = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "use_bias": True,
    "reset_after": True,
}
"""What such a layer computes and does not say; these are Keras's defaults."""
_WRAPS = 4


@dataclass(frozen=True)
class Layer:
    """One layer of a model.

    Parameters
    ----------
    name : str
    kind : str
        Its class, such as "GRU"; "custom" for a class that is not Keras's own.
    config : dict
    inner : Layer, optional
        The layer inside a Bidirectional or TimeDistributed.
    back : Layer, optional
        The reverse direction of a Bidirectional.
    before : tuple of str
        The layers whose outputs it reads, its main input first; "gru[1]" is a state of "gru".
    path : tuple of Layer
        The models inside the model that hold it, outermost first; its name begins with theirs.
    class_name : str
        The class as written in the file, even if custom, because archives name groups after it.
    as_computed : bool
        Whether the reverse direction of a Bidirectional returns its states last step first.
    """

    name: str
    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)
    inner: "Layer | None" = None
    back: "Layer | None" = None
    before: tuple[str, ...] = ()
    class_name: str = ""
    path: tuple["Layer", ...] = ()
    as_computed: bool = False

    @property
    def own_name(self) -> str:
        """Its name in the model that holds it."""
        return self.name.removeprefix(f"{self.path[-1].name}/") if self.path else self.name

    @property
    def is_cudnn(self) -> bool:
        """Whether its weights are in the order of cuDNN."""
        return self.class_name in _CUDNN

    @property
    def cell(self) -> "Layer | None":
        """The recurrent layer it is, or wraps in both directions."""
        found = self.inner if self.kind == "Bidirectional" else self
        return found if found is not None and found.kind in RECURRENT else None

    @property
    def dense(self) -> "Layer | None":
        """The Dense layer it is, or applies at every step."""
        found = self.inner if self.kind == "TimeDistributed" else self
        return found if found is not None and found.kind == "Dense" else None


def layers(text: str, file: str, limits: Limits) -> dict[str, Layer]:
    """Return a model's layers by name, in order.

    A model inside the model is replaced by its layers, whose names begin with its own.

    Parameters
    ----------
    text : str
        JSON, as in config.json or the attribute model_config.
    file : str
        For errors.
    limits : Limits

    Raises
    ------
    FormatError
        If it is not JSON, or no Sequential or functional model.

    Examples
    --------
    >>> text = '''{"class_name": "Sequential", "config": {"layers": [
    ...     {"class_name": "GRU", "config": {"name": "gru", "units": 4}}]}}'''
    >>> layers(text, "model.keras", Limits())["gru"].config["units"]
    4
    """
    try:
        model = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(file, "configuration", f"is not JSON: {error}") from None
    found: dict[str, Layer] = {}
    _add(found, model, file, limits)
    return found


def _add(
    found: dict[str, Layer],
    model: Any,
    file: str,
    limits: Limits,
    path: tuple[Layer, ...] = (),
    outer: tuple[str, ...] = (),
) -> str | None:
    """Add the layers of a model, and those of models inside it; return the one that ends it.

    Parameters
    ----------
    found : dict of Layer
    model : Any
        The model's configuration.
    file, limits
        As for `layers`.
    path : tuple of Layer
        The models around its layers, itself last; none for the whole model.
    outer : tuple of str
        The layers that a model inside the model reads.
    """
    if len(path) > _WRAPS:
        raise FormatError(file, "configuration", f"holds models more than {_WRAPS} deep")
    kind, config = _class(model), _mapping(model).get("config")
    if kind not in _MODELS:
        shown = f"a {kind!r}" if kind else "nothing"
        raise FormatError(
            file, "configuration", f"describes {shown}, expected a Sequential or functional model"
        )
    listed = _listed(config)
    if not listed:
        raise FormatError(file, "configuration", "lists no layers")
    if len(found) + len(listed) > limits.entries:
        raise FormatError(file, "configuration", f"lists more than {limits.entries} layers")
    prefix = f"{path[-1].name}/" if path else ""
    ends: dict[str, str | None] = {}
    inputs = iter(outer)
    last: str | None = None
    for item in listed:
        if kind == "Sequential":
            previous = outer if not ends else (last,) if last is not None else ()
        else:
            previous = tuple(_in_model(name, ends, prefix) for name in _inbound(item))
        layer = _layer(item, file, previous)
        if layer.name in ends:
            raise FormatError(file, f"layer {layer.name!r}", "is in the configuration twice")
        own, layer = layer.name, replace(layer, name=prefix + layer.name, path=path)
        if layer.kind == "InputLayer" and path and not layer.before:
            layer = replace(layer, before=tuple(islice(inputs, 1)))
        if layer.kind in _MODELS and _listed(_mapping(item).get("config")):
            last = _add(found, item, file, limits, (*path, layer), previous)
        elif layer.name in found:
            raise FormatError(file, f"layer {layer.name!r}", "is in the configuration twice")
        else:
            found[layer.name] = layer
            last = layer.name
        ends[own] = last
    if kind == "Sequential":
        return last
    outputs = list(_histories(_mapping(config).get("output_layers")))
    return ends.get(outputs[0]) if len(outputs) == 1 else None


def _listed(config: Any) -> list[Any]:
    """Return the configurations of a model's layers."""
    listed = config if isinstance(config, list) else _mapping(config).get("layers")
    return listed if isinstance(listed, list) else []


def _in_model(name: str, ends: Mapping[str, str | None], prefix: str) -> str:
    """Return the full name of a layer, or of the layer that ends a model inside the model."""
    return ends.get(name) or prefix + name


def _layer(item: Any, file: str, before: tuple[str, ...] = (), depth: int = 0) -> Layer:
    """Return one layer and the layers that it wraps."""
    if depth > _WRAPS:
        raise FormatError(file, "configuration", f"wraps layers more than {_WRAPS} deep")
    config = _mapping(_mapping(item).get("config"))
    name = config.get("name", _mapping(item).get("name"))
    if not isinstance(name, str) or not name:
        raise FormatError(file, "configuration", "has a layer without a name")
    kind = _class(item)
    inner = back = None
    if kind in ("Bidirectional", "TimeDistributed"):
        inner = _layer(config.get("layer"), file, depth=depth + 1)
        if isinstance(config.get("backward_layer"), dict):
            back = _layer(config["backward_layer"], file, depth=depth + 1)
    class_name = str(_mapping(item).get("class_name", ""))
    if kind in _CUDNN:
        kind, config = _CUDNN[kind], {**CUDNN_FORM, **config}
    return Layer(name, kind, config, inner, back, before, class_name)


def _class(item: Any) -> str:
    """Return the class of a layer or model, "custom" if it is not Keras's own."""
    found = _mapping(item)
    module, name = found.get("module"), found.get("class_name")
    own = module is None or (isinstance(module, str) and module.split(".")[0] == "keras")
    registered = found.get("registered_name")
    if not isinstance(name, str):
        return ""
    return name if own and registered in (None, name) else "custom"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _inbound(item: Any) -> tuple[str, ...]:
    """Return the layers that a layer of a functional model reads."""
    calls = _mapping(item).get("inbound_nodes")
    if not isinstance(calls, list) or len(calls) != 1:
        return ()
    return tuple(dict.fromkeys(_histories(calls[0])))


def _histories(call: Any) -> Iterator[str]:
    """Yield the layers named in a call, as Keras 3 and 2 write it; no deeper than JSON went."""
    todo: list[Any] = [call]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            history = _mapping(value.get("config")).get("keras_history")
            if value.get("class_name") == "__keras_tensor__" and _is_history(history):
                yield _origin(history)
            else:
                todo.extend(reversed(value.values()))
        elif _is_history(value):
            yield _origin(value)
            todo.extend(item for item in reversed(value[3:]) if isinstance(item, dict))
        elif isinstance(value, list):
            todo.extend(reversed(value))


def _origin(history: list[Any]) -> str:
    """Return the layer of a history; its states, which follow its output, get other names."""
    name, _, tensor = history[:3]
    return str(name) if tensor == 0 else f"{name}[{tensor}]"


def _is_history(value: Any) -> TypeGuard[list[Any]]:
    """Return whether this is [layer, node, tensor]."""
    return (
        isinstance(value, list)
        and len(value) >= 3
        and isinstance(value[0], str)
        and all(type(number) is int for number in value[1:3])
    )


def takers(found: Mapping[str, Layer]) -> dict[str, list[str]]:
    """Return for each layer the layers that take its output.

    Examples
    --------
    >>> takers({"a": Layer("a", "GRU"), "b": Layer("b", "Dense", before=("a",))})
    {'a': ['b'], 'b': []}
    """
    taken: dict[str, list[str]] = {name: [] for name in found}
    for layer in found.values():
        for name in layer.before:
            if name in taken:
                taken[name].append(layer.name)
    return taken


def shown(value: Any) -> str:
    """Return a value of a configuration for an error; for lists and objects only their type.

    Examples
    --------
    >>> shown("ave"), shown(None), shown([1])
    ("'ave'", 'None', 'a list')
    """
    simple = value is None or isinstance(value, str | int | float)
    return repr(value) if simple else f"a {type(value).__name__}"
