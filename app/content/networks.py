"""Networks for the page: each with its document, and with its card in the list of networks."""

from __future__ import annotations

from functools import cache
from typing import Any

from gru_core.cells.gru import GRU
from gru_core.files.card import card_json
from gru_core.gallery.card import GalleryCard, Score
from gru_core.gallery.examples import EXAMPLES
from gru_core.gallery.trained import trained
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gruscope.content.examples import document_json, example_document
from gruscope.content.thumbnail import Thumbnail
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.documents.names import shown_inputs
from gruscope.documents.opened import network_part


def networks_json(library: Library) -> list[dict[str, Any]]:
    """Return every network that a page can open: files, the trained ones, and the others."""
    return [
        *map(entry_json, library.entries),
        *map(entry_json, library.gallery.values()),
        *map(example_json, EXAMPLES),
    ]


def gallery_names() -> list[str]:
    """Return the names of the networks that every server has.

    Examples
    --------
    >>> "brackets" in gallery_names() and "latch" in gallery_names()
    True
    """
    return [*trained(), *EXAMPLES]


@cache
def example_json(name: str) -> dict[str, Any]:
    """Return a network that is wired by hand or random."""
    example = EXAMPLES[name]
    look, params = example.look, example.network()
    trace = GRU(params).run(example.inputs())
    return {
        "name": example.name,
        "title": example.title,
        "story": example.story,
        "look": {"quantity": look.value, "t": look.t, "unit": look.unit},
        "alphabet": example.alphabet,
        "input_size": params.input_size,
        "hidden_size": params.hidden_size,
        "network": network_part(Network((Layer(params),))).model_dump(),
        "document": document_json(example_document(example)),
        "listing": {
            "made": "wired" if example.recipe is None else "untrained",
            "family": example.family,
            "summary": example.summary,
            "thumbnail": Thumbnail.of(trace, *look).json(),
        },
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return the network of a file or of the gallery."""
    look, network = entry.look, entry.network
    listing: dict[str, Any] = {"made": "file"} if entry.gallery is None else _trained(entry.gallery)
    if (trace := entry.trace()) is not None:
        listing["thumbnail"] = Thumbnail.of(trace, *look).json()
    return {
        "name": entry.name,
        "title": entry.title,
        "story": entry.story,
        "look": {"quantity": look.value, "t": look.t, "unit": look.unit},
        "alphabet": entry.alphabet,
        "input_size": network.input_size,
        "hidden_size": network.layers[0].first.hidden_size,
        "network": network_part(network).model_dump(),
        "card": card_json(entry.card),
        "document": document_json(entry.document),
        "listing": listing,
    }


def _trained(card: GalleryCard) -> dict[str, Any]:
    score = card.score
    return {
        "made": "trained",
        "family": card.family,
        "summary": card.card.text,
        "score": {"says": score_words(score), "value": score.value, "about": _about(score)},
        "inputs": [input.model_dump() for input in shown_inputs(card)],
    }


def score_words(score: Score) -> str:
    """Return a score in words.

    Examples
    --------
    >>> score_words(Score("accuracy", 0.998, 0.5)), score_words(Score("error", 0.00412))
    ('99.8 % right', 'error 0.0041')
    """
    if score.metric == "error":
        return f"error {score.value:.2g}"
    return f"{_percent(score.value)} right"


def _percent(share: float) -> str:
    """Return a share in percent, with more digits near 100, never rounded up to it."""
    for digits in range(3):
        text = f"{100 * share:.{digits}f}"
        if (float(text) < 99 or digits > 0) and (float(text) < 100 or share == 1):
            return f"{text.removesuffix('.0')} %"
    return "100 %" if share == 1 else "over 99.9 %"


def _about(score: Score) -> str:
    """Return what a score was measured on, and what guessing gets."""
    many = "" if score.held_out is None else f"{score.held_out:,} "
    measured = f"on {many}sequences that it was not trained on"
    if score.chance is None:
        return measured
    guess = _percent(score.chance) if score.metric == "accuracy" else f"{score.chance:.2g}"
    return f"{measured}; a guess gets {guess}"
