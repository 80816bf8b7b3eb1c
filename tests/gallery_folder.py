"""A small gallery for tests: networks with random weights that claim to be trained."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gru_core import Network, Readout
from gru_core.files import save

ALPHABET = " abcdefgh"


def words() -> Network:
    """Two layers, the first in both directions, that read letters and answer with letters."""
    rng = np.random.default_rng(7)
    stack = Network.random("gru", 6, 5, layers=2, directions=2, seed=3, gain=2.0)
    table = rng.normal(size=(len(ALPHABET), 6))
    W, b = rng.normal(size=(len(ALPHABET), 10)), rng.normal(size=len(ALPHABET))
    return replace(stack, embedding=table, readout=Readout(W, b, head="softmax"))


def adding() -> Network:
    """An LSTM that reads two numbers a step and answers with one, in float32."""
    cell = Network.random("lstm", 2, 4, seed=5, gain=2.0)
    readout = Readout([[0.5, -0.5, 1.0, 0.25]], [0.1])
    return replace(cell, readout=readout).astype(np.float32)


NETWORKS = {"words": words, "adding": adding}


def card(training: dict[str, Any] | None = None, **gallery: Any) -> dict[str, Any]:
    """Return a card as JSON, that of `words` with other entries."""
    return {
        "title": "Words, letter by letter",
        "text": "Guesses the next letter.",
        "alphabet": ALPHABET,
        "training": {
            "task": "next letter",
            "settings": {"length": 20},
            "command": "gruscope train --gallery words",
            "seed": 3,
            "seconds": 61.5,
            "metric": "accuracy",
            "score": 0.614,
            "chance": 0.11,
            "held_out": 2000,
            **(training or {}),
        },
        "gallery": {
            "family": "text",
            "order": 1,
            "look": {"value": "z", "t": 3, "unit": 2, "layer": 1, "direction": "reverse"},
            "story": [{"unit": 2, "says": "Unit 2 has seen a b.", "layer": 1, "without": 0.2}],
            "inputs": ["a bad cab fed a head", "abc abc"],
            **gallery,
        },
    }


ADDING = card(
    {"metric": "error", "score": 0.0042, "chance": None, "held_out": None},
    family="memory",
    look={"value": "c", "t": 2, "unit": 1},
    story=[],
    inputs=[[[0.5, 1.0], [0.25, 0.0], [0.75, 1.0], [0.1, 0.0]]],
    order=2,
)
CARDS = {
    "words": card(),
    "adding": ADDING | {"title": "Adding", "text": "Adds the marked numbers.", "alphabet": None},
}


def write_gallery(folder: Path) -> Path:
    """Write the networks and their cards."""
    for name, made in NETWORKS.items():
        save(made(), folder / f"{name}.safetensors")
        (folder / f"{name}.json").write_text(json.dumps(CARDS[name]), encoding="utf-8")
    return folder
