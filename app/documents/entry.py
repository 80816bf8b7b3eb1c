"""The network of a file or of the gallery, as a page can open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Self, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray
from pydantic import ValidationError

from gru_core.errors import RangeError
from gru_core.files.errors import FormatError, printable
from gru_core.gallery.card import GalleryCard, Look
from gru_core.gallery.trained import Trained
from gru_core.network.card import NO_CARD, Card
from gru_core.network.network import Network
from gru_core.run.trace import Trace
from gru_core.seq2seq.joint import Joint, as_one
from gruscope.documents.files.beginning import Given, first_input, look_of, story_of, x_of
from gruscope.documents.forms import common_form, form_of
from gruscope.documents.layers import Place, place_of, seen_at
from gruscope.documents.names import card_target, shown_inputs
from gruscope.settings import Settings
from gruscope.wire.schema import (
    CellName,
    Document,
    ExampleNetwork,
    FileNetwork,
    Form,
    InLayer,
    Input,
    Options,
    Target,
)

Array = NDArray[np.floating[Any]]

LONGEST_NAME = 40


@dataclass(frozen=True, eq=False)
class Entry:
    """A network and the document that it opens.

    Attributes
    ----------
    name, title, story : str
    digest : str
        Identifies its weights and forms.
    look : Look
        The place in the document's view where the state changes most.
    network : Network
    document : Document
    card : Card
        What is known of its inputs and outputs.
    gallery : GalleryCard or None
        The card of a trained network of the gallery.
    origin : str
        What it was trained on, as JSON, "" if that is not known.
    """

    name: str
    title: str
    story: str
    digest: str
    look: Look
    network: Network
    document: Document
    card: Card = NO_CARD
    gallery: GalleryCard | None = None
    origin: str = ""

    @classmethod
    def of(
        cls,
        network: Network,
        file: str,
        settings: Settings,
        card: Card = NO_CARD,
        given: Given | None = None,
    ) -> Self:
        """Return the entry of a file's network, which reads text if its card has an alphabet.

        Raises
        ------
        FormatError
            If the page cannot show it.
        CoreError, Refused
            If the card does not fit the network, or the input does not.

        Examples
        --------
        >>> network = Network.random("gru", 3, 2, layers=2, seed=0)
        >>> Entry.of(network, "model.npz", Settings()).title
        'model.npz'
        """
        _check(network, file, settings)
        title, digest = printable(card.title or file, LONGEST_NAME), digest_of(network)
        card.check(network)
        alphabet = card.alphabet
        kind = cast(CellName, network.kind)
        spec = FileNetwork(kind="file", cell=kind, digest=digest, alphabet=alphabet)
        given = given or first_input(network, alphabet, settings, card_target(card, network))
        input, target, words = given
        about = " ".join(card.text.split())
        parts = [story_of(network, printable(file, LONGEST_NAME)), f"The input is {words}."]
        story = " ".join(filter(None, [*parts, network.note, about]))
        view = (0, network.layers[0].reads[0])
        return cls(
            name=f"file {digest}",
            title=title,
            story=story,
            digest=digest,
            look=look_of(network, x_of(network, input, alphabet, settings), view),
            network=network,
            document=_document(spec, network, input, target, view),
            card=card,
        )

    @classmethod
    def trained(cls, trained: Trained, settings: Settings) -> Self:
        """Return the entry of a trained network of the gallery.

        Raises
        ------
        FormatError
            If the page cannot show it.
        CoreError, Refused
            If its card does not fit the network.
        """
        gallery, network = trained.card, as_one(trained.network())
        card = gallery.card
        _check(network, trained.path.name, settings)
        card.check(network)
        digest, kind = digest_of(network), cast(CellName, network.kind)
        spec = ExampleNetwork(kind="example", name=trained.name, cell=kind, digest=digest)
        input, target = shown_inputs(gallery)[0], card_target(card, network)
        x_of(network, input, card.alphabet, settings)
        view = (gallery.layer, gallery.direction)
        return cls(
            name=trained.name,
            title=card.title,
            story=" ".join(filter(None, (card.text, *(unit.says for unit in gallery.story)))),
            digest=digest,
            look=gallery.look,
            network=network,
            document=_document(spec, network, input, target, view),
            card=card,
            gallery=gallery,
        )

    @property
    def alphabet(self) -> str | None:
        """A character for each token or input, if the network reads text."""
        spec = self.document.network
        return spec.alphabet if isinstance(spec, FileNetwork) else self.card.alphabet

    def trace(self) -> Trace | None:
        """Run its document and return the trace of the view, None if a state overflows."""
        x = x_of(self.network, self.document.input, self.alphabet, Settings())
        try:
            return seen_at(self.network.run(x), place_of(self.document.view))
        except RangeError:
            return None

    @cached_property
    def _other(self) -> Network:
        """The network in the dtype that the file does not have; all documents share it."""
        other = np.float64 if self.network.dtype == np.float32 else np.float32
        return self.network.astype(other)

    def in_dtype(self, dtype: DTypeLike | None) -> Network:
        """Return the network in a dtype, by default its own."""
        own = dtype is None or self.network.dtype == np.dtype(dtype)
        return self.network if own else self._other

    @property
    def bytes(self) -> int:
        """The bytes of its arrays, with those in the other dtype if a document has asked for it."""
        networks = [self.network, *([self._other] if "_other" in self.__dict__ else [])]
        return sum(array.nbytes for one in networks for _, _, array in _arrays(one))


def _check(network: Network, file: str, settings: Settings) -> None:
    """Refuse a network that exceeds a limit of the page or the wire."""
    each = [(k, params) for k, layer in enumerate(network.layers, 1) for params in layer.params()]
    if len(each) > settings.file_layers:
        many = f"has {len(each)} layers and directions; the page shows at most"
        raise FormatError(file, None, f"{many} {settings.file_layers}")
    table, readout = network.embedding, network.readout
    sizes: list[tuple[str | None, int, int, str]] = [
        (None, 0 if table is None else len(table), settings.vocabulary, "tokens"),
        (None, 0 if readout is None else readout.output_size, settings.vocabulary, "outputs"),
    ]
    for k, params in each:
        name = f"layer {k}"
        sizes.append((name, params.input_size, settings.input_size, "inputs"))
        sizes.append((name, params.hidden_size, settings.hidden_size, "hidden units"))
        try:
            form_of(params)
        except ValidationError:
            unusual = f"has a clip of {params.clip:g}, which the page does not accept"
            raise FormatError(file, name, unusual) from None
    for where, size, limit, what in sizes:
        if size > limit:
            raise FormatError(file, where, f"has {size} {what}; the page shows at most {limit}")
    largest = float(np.finfo(np.float32).max)
    for where, name, array in _arrays(network):
        if not np.abs(array).max() <= largest:
            raise FormatError(file, where, f"{name} holds numbers beyond float32")


def _arrays(network: Network) -> Iterator[tuple[str | None, str, Array]]:
    """Yield every array of a network, with the layer it belongs to and its name."""
    for k, layer in enumerate(network.layers, 1):
        for params in layer.params():
            for name, array in params.arrays().items():
                yield f"layer {k}", name, array
        for name, state in (("h0", layer.h0), ("c0", layer.c0)):
            if state is not None:
                yield f"layer {k}", name, state
        for i, one in enumerate(layer.before):
            for name, array in one.arrays.items():
                yield f"layer {k}", f"before.{i}.{name}", array
    readout = network.readout
    decoder = network.model.decoder if isinstance(network, Joint) else None
    ends = {
        "decoder.embedding": None if decoder is None else decoder.embedding,
        "embedding": network.embedding,
        "readout.W": None if readout is None else readout.W,
        "readout.b": None if readout is None else readout.b,
    }
    for name, end in ends.items():
        if end is not None:
            yield None, name, end


def digest_of(network: Network) -> str:
    """Return a hash of the weights and forms of the whole network."""
    sha = sha256()
    for layer in network.layers:
        maps = tuple(one.activation for one in layer.before)
        sha.update(repr((layer.reads, layer.merge, *maps, *layer.turned)).encode())
        for params in layer.params():
            sha.update(repr((params.kind, params.form())).encode())
    sha.update(repr(None if network.readout is None else network.readout.head).encode())
    if isinstance(network, Joint):
        model = network.model
        sha.update(repr((model.start, model.end, model.limit)).encode())
    for where, name, array in _arrays(network):
        sha.update(repr((where, name, array.shape, str(array.dtype))).encode())
        sha.update(array.tobytes())
    return sha.hexdigest()[:16]


def _document(
    spec: FileNetwork | ExampleNetwork,
    network: Network,
    input: Input,
    target: Target | None,
    view: Place,
) -> Document:
    dtype: Any = "float32" if network.dtype == np.float32 else "float64"
    form = common_form(network)
    layer, direction = view
    return Document(
        network=spec,
        input=input,
        target=target,
        options=Options(dtype=dtype, form=None if form == Form() else form),
        view=InLayer(layer=layer, direction=direction),
    )
