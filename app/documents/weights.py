"""The network of a document: its own weights, in the form that the document chooses."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from gru_core.cells.registry import CELLS
from gru_core.gallery.examples import EXAMPLES, Recipe
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.parameters.activations import ACTIVATIONS, Activation
from gru_core.parameters.params import Params
from gruscope.documents.layers import params_at, places, with_params
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.sequence import check_alphabet
from gruscope.settings import Settings
from gruscope.wire.errors import refuse
from gruscope.wire.schema import ExampleNetwork, FileNetwork, Form, Options, RandomNetwork
from gruscope.wire.schema import Network as NetworkSpec

WIRED_GAIN = 3.0
"""Gain for another cell in place of an example that is wired by hand."""

DEFAULT = Form()


def build_network(
    spec: NetworkSpec, options: Options, settings: Settings, library: Library = EMPTY
) -> tuple[str | None, Network]:
    """Return the alphabet and the network of a document, or raise `Refused`."""
    if isinstance(spec, FileNetwork) or (spec.kind == "example" and spec.name in library.gallery):
        entry = library.find(spec)
        found = entry.in_dtype(options.dtype)
        alphabet = spec.alphabet if isinstance(spec, FileNetwork) else entry.alphabet
        check_alphabet(alphabet, found)
        return alphabet, found if options.form is None else _reformed(found, options.form)
    form = options.form or DEFAULT
    if isinstance(spec, ExampleNetwork):
        alphabet, params, seed = _example(spec, options.dtype, library)
    else:
        alphabet, params, seed = _random(spec, options.dtype, settings)
    _check_form(type(params), form)
    return alphabet, Network((Layer(_formed(params, form, seed)),))


def _reformed(network: Network, form: Form) -> Network:
    """Return a network whose layers, all of one kind, have another form."""
    kinds = {layer.first.kind for layer in network.layers}
    if len(kinds) > 1:
        expected = "be left out, as the layers are of different kinds"
        raise refuse("range", "options.form", expected, ", ".join(sorted(kinds)))
    _check_form(type(network.layers[0].first), form)
    changed = {
        place: _formed(params_at(network, place), form, seed)
        for seed, place in enumerate(places(network))
    }
    return with_params(network, changed)


def switches(kind: type[Params]) -> tuple[str, ...]:
    """Return the names of a cell's switches on the wire.

    Examples
    --------
    >>> switches(CELLS["lstm"].params)
    ('input_forget', 'peepholes', 'activations', 'clip')
    """
    had = {field.name for field in fields(kind)} - set(kind.STACKS)
    had |= {"peepholes"} if "p" in kind.STACKS else set()
    return tuple(name for name in Form.model_fields if name in had)


def _check_form(kind: type[Params], form: Form, field: str = "options.form") -> None:
    """Refuse switches that the cell does not have, and unknown or miscounted activations."""
    had = switches(kind)
    for name in Form.model_fields:
        value = getattr(form, name)
        if name not in had and value != getattr(DEFAULT, name):
            title = CELLS[kind.kind].title
            expected = f"be left out, as {title} has only {', '.join(had)}"
            raise refuse("range", f"{field}.{name}", expected, value)
    names = form.activations or []
    if form.activations is not None and len(names) != len(kind.ACTIVATIONS):
        expected = f"be {len(kind.ACTIVATIONS)} names"
        raise refuse("shape", f"{field}.activations", expected, len(names))
    for i, name in enumerate(names):
        if name not in ACTIVATIONS:
            expected = f"be one of {', '.join(ACTIVATIONS)}"
            raise refuse("range", f"{field}.activations.{i}", expected, repr(name))


def form_switches(cell: str, form: Form | None, field: str) -> dict[str, Any]:
    """Return the switches of a cell in a form as plain data, or raise `Refused`.

    Examples
    --------
    >>> form_switches("gru", Form(z_keeps=False), "form")["z_keeps"]
    False
    """
    kind, given = CELLS[cell].params, form or DEFAULT
    _check_form(kind, given, field)
    return {name: value for name in switches(kind) if (value := getattr(given, name)) is not None}


def _formed(params: Params, form: Form, seed: int) -> Params:
    """Return the same weights in a checked form; missing peepholes are drawn."""
    changes: dict[str, Any] = {name: getattr(form, name) for name in switches(type(params))}
    if "peepholes" in changes:
        own = getattr(params, "p", None)
        drawn = changes.pop("peepholes") and own is None
        changes["p"] = _peepholes(params, seed) if drawn else own if form.peepholes else None
    changes["activations"] = _activations(params, form.activations)
    return replace(params, **changes)


def _activations(params: Params, names: list[str] | None) -> tuple[Activation, ...]:
    """Return activations by name, with the network's constants if it has them, else ONNX's."""
    if names is None:
        return params.ACTIVATIONS
    return tuple(
        own if own.name == name else Activation.of(name)
        for name, own in zip(names, params.activations, strict=True)
    )


def _peepholes(params: Params, seed: int) -> Any:
    """Return random peepholes, all drawn from one generator."""
    rng = np.random.default_rng(seed)
    I, H = params.input_size, params.hidden_size
    drawn = [
        params.random_array(name, I, H, seed=rng, dtype=params.dtype) for name in params.STACKS["p"]
    ]
    return np.concatenate(drawn)


def _example(
    network: ExampleNetwork, dtype: str, library: Library
) -> tuple[str | None, Params, int]:
    """Return an example's alphabet, weights and seed; weights of another cell are random."""
    example = EXAMPLES.get(network.name)
    if example is None:
        expected = f"be one of {', '.join((*library.gallery, *EXAMPLES))}"
        raise refuse("range", "network.name", expected, repr(network.name))
    if network.digest is not None:
        expected = f"be left out, as {network.name} is not a trained network"
        raise refuse("range", "network.digest", expected, repr(network.digest))
    own: Params = example.network(dtype)
    recipe = example.recipe or Recipe(own.input_size, own.hidden_size, 0, WIRED_GAIN)
    if network.cell not in (None, own.kind):
        own = CELLS[network.cell].params.random(**recipe._asdict(), dtype=dtype)
    return example.alphabet, own, recipe.seed


def _random(
    network: RandomNetwork, dtype: str, settings: Settings
) -> tuple[str | None, Params, int]:
    """Return a random network's alphabet, weights and seed."""
    alphabet = network.alphabet
    inputs = len(alphabet) if alphabet is not None else network.input_size or 0
    field = "network.input_size" if alphabet is None else "network.alphabet"
    if not 1 <= inputs <= settings.input_size:
        raise refuse("range", field, f"have 1 to {settings.input_size} inputs", inputs)
    if len(set(alphabet or "")) < len(alphabet or ""):
        raise refuse("alphabet", field, "name each character once", repr(alphabet))
    H = network.hidden_size
    if settings.hidden_size < H:
        raise refuse("range", "network.hidden_size", f"be at most {settings.hidden_size}", H)
    drawn = CELLS[network.cell].params.random(
        inputs, H, seed=network.seed, gain=network.gain, bias=network.bias, dtype=dtype
    )
    return alphabet, drawn, network.seed
