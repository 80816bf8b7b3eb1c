"""The form of a network as text, which is stored beside the arrays.

The text is JSON under the key ``"gruscope"``: a version, the kind of cell, for every layer and
direction the switches of its params, and the parts that are a guess, if there are any.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from gru_core.cells.registry import CELLS
from gru_core.errors import CoreError
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.network.guess import PARTS
from gru_core.network.network import Network
from gru_core.parameters.activations import Activation
from gru_core.parameters.params import Params

KEY: Final = "gruscope"
_VERSION: Final = 1
_TROUBLE = (ValueError, TypeError, LookupError, OverflowError, RecursionError, CoreError)
"""Errors that text raises if it is not a description."""
Form = dict[str, Any]


@dataclass(frozen=True)
class Forms:
    """The content of the text.

    Parameters
    ----------
    kind : str
        The kind of cell.
    layers : tuple of tuple of dict
        Per layer the form of each direction.
    guessed : tuple of str
        Which of "embedding" and "readout" were a guess when the file was written.
    """

    kind: str
    layers: tuple[tuple[Form, ...], ...]
    guessed: tuple[str, ...] = ()


def describe(network: Network) -> str:
    """Return the forms of a network's layers, and the guessed parts, as text.

    Examples
    --------
    >>> describe(Network.random("rnn", 1, 1, seed=0))[:44]
    '{"version": 1, "kind": "rnn", "layers": [[{"'
    """
    layers = [[_plain(params.form()) for params in layer.params()] for layer in network.layers]
    text = {"version": _VERSION, "kind": network.kind, "layers": layers}
    return json.dumps(text | ({"guessed": network.guessed} if network.guessed else {}))


def forms(entries: Entries) -> Forms | None:
    """Return the forms that a file's text describes, or None if it has no such text.

    Raises
    ------
    FormatError
        If there is such a text, but not one that `describe` writes.

    Examples
    --------
    >>> text = describe(Network.random("rnn", 1, 1, seed=0))
    >>> forms(Entries("a.npz", metadata={"gruscope": text})).layers[0][0]["clip"] is None
    True
    """
    text = entries.metadata.get(KEY)
    if text is None:
        return None
    try:
        found = json.loads(text)
        keys = set(found) - {"guessed"}
        if keys != {"version", "kind", "layers"} or found["version"] != _VERSION:
            raise ValueError("version, kind and layers were expected, of version 1")
        guessed = found.get("guessed", [])
        if type(guessed) is not list or not all(part in PARTS for part in guessed):
            raise ValueError(f"guessed must be a list of {' and '.join(PARTS)}")
        params = CELLS[found["kind"]].params
        layers = tuple(tuple(_form(params, form) for form in layer) for layer in found["layers"])
        return Forms(found["kind"], layers, tuple(guessed))
    except _TROUBLE as error:
        what = f"is not a description of a network: {error}"
        raise FormatError(entries.file, KEY, what) from None


def _plain(form: Form) -> Form:
    """Return a form in JSON's types."""
    activations = [[a.name, a.alpha, a.beta] for a in form["activations"]]
    return {**form, "activations": activations}


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
    activations = tuple(
        Activation(name, float(alpha), float(beta)) for name, alpha, beta in read["activations"]
    )
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
