"""The network of a model file, layer by layer, as a page can open it.

A page shows one layer in one direction. Each is an `Entry`: its weights, and a document that begins
with what the layers below it compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from gru_core.cells.registry import CELLS, cell
from gru_core.errors import RangeError
from gru_core.files.errors import FormatError, printable
from gru_core.gallery.examples import Look
from gru_core.network.guess import sentence
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.parameters.params import Params
from gru_core.run.layers import FORWARD, REVERSE
from gruscope.settings import Settings
from gruscope.wire.errors import Refused, refuse
from gruscope.wire.schema import CellName, Document, FileNetwork, Form, NumbersInput, Options

Array = NDArray[np.floating[Any]]

STEPS = 48
LONGEST_NAME = 40


@dataclass(frozen=True, eq=False)
class Entry:
    """One layer in one direction.

    Attributes
    ----------
    name, title, story : str
    look : Look
        The place where its state changes most.
    params : Params
    document : Document
        The document that it opens.
    """

    name: str
    title: str
    story: str
    look: Look
    params: Params
    document: Document


@dataclass(frozen=True, eq=False)
class Library:
    """The layers of a model file, or nothing.

    Attributes
    ----------
    file : str
        The file's name.
    digest : str
        Identifies its weights and form.
    entries : tuple of Entry
        Layer by layer, forward then reverse.

    Examples
    --------
    >>> network = Network.random("gru", 3, 2, layers=2, seed=0)
    >>> [entry.title for entry in Library.of(network, "model.npz", Settings()).entries]
    ['model.npz · layer 1', 'model.npz · layer 2']
    """

    file: str = ""
    digest: str = ""
    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, network: Network, file: str, settings: Settings) -> Self:
        """Return the layers of a file's network.

        Raises
        ------
        FormatError
            If the page cannot show them all.
        """
        _check(network, file, settings)
        name, digest = printable(file, LONGEST_NAME), _digest(network)
        entries = []
        for k, layer in enumerate(network.layers):
            x, input_words = _input(network, k, settings)
            for params, direction in zip(layer.params(), layer.reads, strict=True):
                spec = FileNetwork(
                    kind="file",
                    layer=k,
                    direction=direction,
                    cell=cast(CellName, params.kind),
                    digest=digest,
                )
                place = _place(network, spec)
                rows = x[::-1] if direction == REVERSE else x
                entries.append(
                    Entry(
                        name=f"file-{k + 1}{'-reverse' if direction == REVERSE else ''}",
                        title=" · ".join([name, *([place] if place else [])]),
                        story=_story(network, spec, params, name, input_words),
                        look=_look(params, rows),
                        params=params,
                        document=_document(spec, params, rows, file),
                    )
                )
        return cls(name, digest, tuple(entries))

    def params(self, spec: FileNetwork) -> Params | None:
        """Return the weights at a place, None if there is no such place."""
        for entry in self.entries:
            found = entry.document.network
            assert isinstance(found, FileNetwork)
            if (found.layer, found.direction) == (spec.layer, spec.direction):
                return entry.params
        return None

    def find(self, spec: FileNetwork) -> Params:
        """Return the weights that a document names, or raise `Refused`."""
        if not self.entries:
            got = "file; this server was started without a model file"
            raise refuse("range", "network.kind", "be example or random", got)
        if spec.digest not in (None, self.digest):
            expected = f"be {self.digest}, that of {self.file}"
            raise refuse("range", "network.digest", expected, repr(spec.digest))
        found = self.params(spec)
        if found is None:
            raise self._no_place(spec)
        if spec.cell not in (None, found.kind):
            expected = f"be {found.kind}, as in {self.file}"
            raise refuse("range", "network.cell", expected, spec.cell)
        return found

    def _no_place(self, spec: FileNetwork) -> Refused:
        """Return the error for a layer or a direction that the file does not have."""
        places = [cast(FileNetwork, entry.document.network) for entry in self.entries]
        reads = [place.direction for place in places if place.layer == spec.layer]
        if not reads:
            expected = f"be less than {1 + places[-1].layer}"
            return refuse("range", "network.layer", expected, spec.layer)
        expected = f"be {reads[0]}, as this layer has one direction"
        return refuse("range", "network.direction", expected, spec.direction)


EMPTY = Library()


def _check(network: Network, file: str, settings: Settings) -> None:
    """Refuse a network that exceeds a limit of the page or the wire."""
    each = [(k, params) for k, layer in enumerate(network.layers, 1) for params in layer.params()]
    if len(each) > settings.file_layers:
        many = f"has {len(each)} layers and directions; the page shows at most"
        raise FormatError(file, None, f"{many} {settings.file_layers}")
    largest = float(np.finfo(np.float32).max)
    for k, params in each:
        sizes = (
            (params.input_size, settings.input_size, "inputs"),
            (params.hidden_size, settings.hidden_size, "hidden units"),
        )
        for size, limit, what in sizes:
            if size > limit:
                many = f"has {size} {what}; the page shows at most {limit}"
                raise FormatError(file, f"layer {k}", many)
        for name, array in params.arrays().items():
            if not np.abs(array).max() <= largest:
                raise FormatError(file, f"layer {k}", f"{name} holds numbers beyond float32")


def _digest(network: Network) -> str:
    """Return a hash of the weights and forms of all layers."""
    sha = sha256()
    for layer in network.layers:
        sha.update(repr((layer.reads, layer.merge)).encode())
    for params in (p for layer in network.layers for p in layer.params()):
        sha.update(repr((params.kind, params.form())).encode())
        for name, array in params.arrays().items():
            sha.update(repr((name, array.shape, str(array.dtype))).encode())
            sha.update(array.tobytes())
    return sha.hexdigest()[:16]


def _input(network: Network, k: int, settings: Settings) -> tuple[Array, str]:
    """Return the input of layer k, shape (T, I), and a description of it."""
    T, table = min(STEPS, settings.steps), network.embedding
    if table is None:
        first: Any = _noise(T, network.input_size)
        words = f"{T} steps of seeded noise"
    else:
        first = np.arange(T) % len(table)
        again = f" (0 again after {len(table) - 1})" if len(table) < T else ""
        words = f"{T} tokens, 0, 1, 2 …{again}, through the file’s embedding"
    if k > 0:
        words = f"the output of {_below(network.layers[k - 1], k)} for {words}"
    try:
        x = _layer_input(network, k, first)
    except RangeError:
        x = np.full(1, np.inf)
    if np.abs(x).max() <= settings.input_value:
        return x, words
    beyond = f"exceeds {settings.input_value:g}"
    I = network.layers[k].first.input_size
    return _noise(T, I), f"{T} steps of seeded noise, because {words} {beyond}"


def _below(layer: Layer, number: int) -> str:
    """Return the words for the layer that the next one reads."""
    if layer.directions == 1:
        return f"layer {number}"
    merged = "side by side" if layer.merge == "concat" else f"merged by {layer.merge}"
    return f"both directions of layer {number}, {merged},"


def _layer_input(network: Network, k: int, first: Any) -> Array:
    """Return the input of layer k, where `first` is the input of the network."""
    if k > 0:
        return Network(network.layers[:k], network.embedding).run(first).states
    x: Array = first if network.embedding is None else network.embedding[first]
    return x


def _noise(T: int, I: int) -> Array:
    """Return noise with two decimals, which are short in a document."""
    return np.random.default_rng(0).normal(size=(T, I)).round(2)


def _place(network: Network, spec: FileNetwork) -> str:
    """Return the name of a layer and direction, "" if the network has only one."""
    parts = [f"layer {spec.layer + 1}"] if len(network.layers) > 1 else []
    if network.layers[spec.layer].reads != (FORWARD,):
        parts.append(spec.direction)
    return ", ".join(parts)


def _story(network: Network, spec: FileNetwork, params: Params, file: str, input_words: str) -> str:
    L, layer = len(network.layers), network.layers[spec.layer]
    which = f", layer {spec.layer + 1} of {L}" if L > 1 else ""
    way = "" if layer.reads == (FORWARD,) else f", {spec.direction}"
    I, H = params.input_size, params.hidden_size
    sizes = f"{I} input{'s' * (I > 1)}, {H} hidden unit{'s' * (H > 1)}, {params.dtype}"
    turned = ", reversed in time: t = 1 is its last step" if spec.direction == REVERSE else ""
    title = CELLS[params.kind].title
    guess = sentence(network.guessed)
    network_is = f"{title} from {file}{which}{way}: {sizes}."
    return f"{network_is} The input is {input_words}{turned}. {guess}".strip()


def _look(params: Params, x: Array) -> Look:
    """Return where the state changes most, or the first step if the state overflows."""
    try:
        h = cell(params).run(x).h
    except RangeError:
        return Look("h", 0, 0)
    change = np.abs(np.diff(h, axis=0, prepend=np.zeros_like(h[:1])))
    t, unit = np.unravel_index(int(change.argmax()), change.shape)
    return Look("h", int(t), int(unit))


def _document(spec: FileNetwork, params: Params, x: Array, file: str) -> Document:
    dtype = "float32" if params.dtype == np.float32 else "float64"
    return Document(
        network=spec,
        input=NumbersInput(kind="numbers", values=_decimals(x).tolist()),
        options=Options(dtype=cast(Any, dtype), form=_form(params, spec, file)),
    )


def _form(params: Params, spec: FileNetwork, file: str) -> Form:
    """Return a layer's switches as they go over the wire."""
    form = params.form()
    usual = params.activations == params.ACTIVATIONS
    form["activations"] = None if usual else [a.name for a in params.activations]
    try:
        return Form(**form, peepholes=getattr(params, "p", None) is not None)
    except ValidationError:
        unusual = f"has a clip of {params.clip:g}, which the page does not accept"
        raise FormatError(file, f"layer {spec.layer + 1}", unusual) from None


def _decimals(x: Array) -> Array:
    """Return float64 of the shortest decimals that round-trip to the same float32."""
    short: Array = x.astype("U32").astype(np.float64)
    return short if (short.astype(x.dtype) == x).all() else x.astype(np.float64)
