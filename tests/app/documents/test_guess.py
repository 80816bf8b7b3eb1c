"""The page says which parts of a file's network are a guess."""

from dataclasses import replace

import numpy as np

from gru_core import Network, Readout
from gruscope.documents.library import Library
from gruscope.settings import Settings


def test_stories_call_a_guessed_readout_or_embedding_a_guess():
    deep = Network.random("gru", 3, 4, seed=1, layers=2, directions=2)
    network = Network(deep.layers, np.ones((7, 3)), Readout(np.ones((2, 8))), ("readout",))
    end = (
        " The readout is a guess from its name and shape: the file does not say what lies between "
        "it and the layers."
    )
    for story in stories(network):
        assert story.endswith(end)
        assert "The embedding is a guess" not in story
    both = stories(replace(network, guessed=("embedding", "readout")))[0]
    assert both.endswith(f" {end.strip().replace('readout', 'embedding')}{end}")
    assert "guess" not in stories(replace(network, guessed=()))[0]


def stories(network: Network) -> list[str]:
    return [entry.story for entry in Library.of(network, "model.pt", Settings()).entries]
