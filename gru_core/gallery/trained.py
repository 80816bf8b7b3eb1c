"""The trained networks of the gallery: files in ``networks/``.

``NAME.safetensors`` has the weights of a whole network and ``NAME.json`` its card. Adding these two
files adds the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import DTypeLike

from gru_core.files.card import load_card
from gru_core.files.json.content import parsed
from gru_core.files.load_save import LIMITS, load
from gru_core.files.source import open_source
from gru_core.gallery.card import GalleryCard
from gru_core.learn.translation.registry import TRANSLATIONS
from gru_core.network.network import Network
from gru_core.seq2seq.seq2seq import Seq2Seq


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained network with its card.

    Attributes
    ----------
    name : str
    card : GalleryCard
    path : Path
        Of the file with its weights.
    """

    name: str
    card: GalleryCard
    path: Path

    @property
    def is_pair(self) -> bool:
        """Whether it is an encoder and a decoder, as its card's task says."""
        return self.card.task in TRANSLATIONS

    @cached_property
    def _own(self) -> Network | Seq2Seq:
        return load(self.path)

    def network(self, dtype: DTypeLike | None = None) -> Network | Seq2Seq:
        """Return the network, by default in the dtype of its file; read at the first call."""
        own = self._own
        return own if dtype is None or own.dtype == np.dtype(dtype) else own.astype(dtype)


def read_gallery(folder: Path) -> Mapping[str, Trained]:
    """Return the trained networks in a folder by name, in the order of their cards.

    Parameters
    ----------
    folder : Path
        With ``NAME.json`` and ``NAME.safetensors`` for each network.

    Raises
    ------
    CoreError, FormatError
        If a card is not as it should be.
    OSError
        If a card cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     list(read_gallery(Path(folder)))
    []
    """
    found = [
        Trained(path.stem, _card(path), path.with_suffix(".safetensors"))
        for path in folder.glob("*.json")
    ]
    found.sort(key=lambda one: (one.card.order, one.name))
    return MappingProxyType({one.name: one for one in found})


def _card(path: Path) -> GalleryCard:
    with open_source(path, LIMITS) as source:
        return GalleryCard.of(load_card(path), parsed(source, LIMITS))


@cache
def trained() -> Mapping[str, Trained]:
    """Return the trained networks that come with the package, by name, in order.

    Examples
    --------
    >>> trained().keys() & {"latch", "toggle"}  # these are wired by hand
    set()
    """
    return read_gallery(Path(str(files("gru_core.gallery") / "networks")))
