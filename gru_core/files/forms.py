"""The form of a network as text, which is stored beside the arrays.

The text is JSON under the key ``"gruscope"``: a version, for every layer its kind, its merge, the
activations of the maps before it and the switches of each direction's params; the readout's head,
if it has one; the parts that are a guess, if there are any; and the names of parts that were left
out. Version 1 has one kind for all layers, which read forward or in both directions and are
concatenated.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gru_core.cells.registry import CELLS
from gru_core.errors import CoreError
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.network.description import PARTS
from gru_core.network.layer import Layer
from gru_core.network.merge import MERGES, Merge
from gru_core.network.network import Network
from gru_core.network.readout import HEADS, Head
from gru_core.parameters.activations import Activation
from gru_core.parameters.params import Params
from gru_core.run.layers import DIRECTIONS, FORWARD, Direction

KEY: Final = "gruscope"
_VERSION: Final = 2
_TROUBLE = (ValueError, TypeError, LookupError, OverflowError, RecursionError, CoreError)
"""Errors that text raises if it is not a description."""
Form = dict[str, Any]


@dataclass(frozen=True)
class LayerForm:
    """The form of one layer.

    Parameters
    ----------
    kind : str
        The kind of cell.
    directions : dict of str to dict
        The form of each direction that the layer reads in, forward first.
    merge : str
    before : tuple of Activation
        The activation of each map before the layer.
    turned : tuple of str
        The directions whose states are handed on last step first.
    """

    kind: str
    directions: dict[Direction, Form]
    merge: Merge = "concat"
    before: tuple[Activation, ...] = ()
    turned: tuple[Direction, ...] = ()


@dataclass(frozen=True)
class Forms:
    """The content of the text.

    Parameters
    ----------
    layers : tuple of LayerForm
    guessed : tuple of str
        Which of "embedding", "readout" and "start" were a guess when the file was written.
    head : str
        The function of the readout's outputs.
    left_out : tuple of str
        Parts of the file that the network was first read from which it does not have.
    names : dict of str
        The names of guessed parts in that file.
    """

    layers: tuple[LayerForm, ...]
    guessed: tuple[str, ...] = ()
    head: Head = "identity"
    left_out: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def describe(network: Network) -> str:
    """Return the forms of a network's layers, and the guessed parts, as text.

    Examples
    --------
    >>> describe(Network.random("rnn", 1, 1, seed=0))[:55]
    '{"version": 2, "layers": [{"kind": "rnn", "forward": {"'
    """
    text: dict[str, Any] = {
        "version": _VERSION,
        "layers": [_described(layer) for layer in network.layers],
    }
    if network.readout is not None and network.readout.head != "identity":
        text["head"] = network.readout.head
    for name in ("guessed", "left_out", "names"):
        if getattr(network, name):
            text[name] = getattr(network, name)
    return json.dumps(text)


def _described(layer: Layer) -> dict[str, Any]:
    directions = zip(layer.reads, layer.params(), strict=True)
    found: dict[str, Any] = {"kind": layer.first.kind}
    found |= {name: _plain(params.form()) for name, params in directions}
    found |= {"before": _listed(m.activation for m in layer.before)} if layer.before else {}
    found |= {"turned": layer.turned} if layer.turned else {}
    return found | ({"merge": layer.merge} if layer.merge != "concat" else {})


def forms(entries: Entries) -> Forms | None:
    """Return the forms that a file's text describes, or None if it has no such text.

    Raises
    ------
    FormatError
        If there is such a text, but not one that `describe` writes.

    Examples
    --------
    >>> text = describe(Network.random("rnn", 1, 1, seed=0))
    >>> forms(Entries("a.npz", metadata={"gruscope": text})).layers[0].kind
    'rnn'
    """
    text = entries.metadata.get(KEY)
    if text is None:
        return None
    try:
        found = json.loads(text)
        if found["version"] not in _LAYERS:
            raise ValueError(f"version must be one of {', '.join(map(str, _LAYERS))}")
        layers = _LAYERS[found["version"]](found)
        guessed = found.get("guessed", [])
        if type(guessed) is not list or not all(part in PARTS for part in guessed):
            raise ValueError(f"guessed must be a list of {', '.join(PARTS)}")
        head = found.get("head", "identity")
        if head not in HEADS:
            raise ValueError(f"head must be one of {', '.join(HEADS)}")
        left_out = found.get("left_out", [])
        if type(left_out) is not list or not all(type(part) is str for part in left_out):
            raise ValueError("left_out must be a list of names")
        names = found.get("names", {})
        if type(names) is not dict or not all(type(name) is str for name in names.values()):
            raise ValueError("names must be an object of names")
        return Forms(layers, tuple(guessed), head, tuple(left_out), names)
    except _TROUBLE as error:
        what = f"is not a description of a network: {error}"
        raise FormatError(entries.file, KEY, what) from None


def _layers_of_version_1(found: dict[str, Any]) -> tuple[LayerForm, ...]:
    if set(found) - {"guessed"} != {"version", "kind", "layers"}:
        raise ValueError("version, kind and layers were expected")
    params = CELLS[found["kind"]].params
    return tuple(
        LayerForm(
            found["kind"],
            {
                name: _form(params, form)
                for name, form in zip(DIRECTIONS[: len(layer)], layer, strict=True)
            },
        )
        for layer in found["layers"]
    )


def _layers_of_version_2(found: dict[str, Any]) -> tuple[LayerForm, ...]:
    if set(found) - {"guessed", "head", "left_out", "names"} != {"version", "layers"}:
        raise ValueError("version and layers were expected")
    return tuple(_layer(layer) for layer in found["layers"])


_LAYERS = {1: _layers_of_version_1, 2: _layers_of_version_2}


def _layer(read: dict[str, Any]) -> LayerForm:
    names = [name for name in DIRECTIONS if name in read]
    if not names or set(read) - {"kind", "merge", "before", "turned", *names}:
        more = "and at most merge, before and turned"
        raise ValueError(f"a layer must have kind, forward or reverse, {more}")
    merge = read.get("merge", "concat")
    if merge not in MERGES:
        raise ValueError(f"merge must be one of {', '.join(MERGES)}")
    turned = read.get("turned", [])
    if type(turned) is not list or not set(turned) <= set(names) or (turned and names == [FORWARD]):
        raise ValueError("turned must be a list of directions of a layer that reads in reverse")
    params = CELLS[read["kind"]].params
    directions = {name: _form(params, read[name]) for name in names}
    before = _activations(read.get("before", []))
    return LayerForm(read["kind"], directions, merge, before, tuple(turned))


def _plain(form: Form) -> Form:
    """Return a form in JSON's types."""
    return {**form, "activations": _listed(form["activations"])}


def _listed(activations: Iterable[Activation]) -> list[list[str | float]]:
    return [[a.name, a.alpha, a.beta] for a in activations]


def _activations(read: list[Any]) -> tuple[Activation, ...]:
    return tuple(Activation(name, float(alpha), float(beta)) for name, alpha, beta in read)


def _form(params: type[Params], read: Form) -> Form:
    """Return the form read from JSON, with every switch of these params and no other."""
    switches = default_form(params)
    if type(read) is not dict or set(read) != set(switches):
        raise ValueError(f"a form must have {', '.join(switches)}")
    for name, value in read.items():
        if isinstance(switches[name], bool) and type(value) is not bool:
            raise ValueError(f"{name} must be true or false")
    if read["clip"] is not None and type(read["clip"]) not in (int, float):
        raise ValueError("clip must be a number or null")
    activations = _activations(read["activations"])
    if len(activations) != len(params.ACTIVATIONS):
        raise ValueError(f"there must be {len(params.ACTIVATIONS)} activations")
    return {**read, "activations": activations}


def default_form(params: type[Params]) -> Form:
    """Return the form of a kind of params, as PyTorch has it.

    Examples
    --------
    >>> default_form(CELLS["gru"].params)["reset_after"]
    True
    """
    return params.random(1, 1, seed=0, bias=False).form()
