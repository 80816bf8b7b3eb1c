"""The small pictures in the list of networks."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
import pytest

from gru_core import EXAMPLES, GRU, RELU, Network, RNNParams
from gru_core.network.layer import Layer
from gruscope.content.networks import entry_json, example_json
from gruscope.content.thumbnail import STEPS, UNITS, Thumbnail
from gruscope.documents.entry import Entry
from gruscope.settings import Settings

RANGES = {"gates": (0, 1), "states": (-1, 1)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_picture_has_the_core_s_values_around_the_place_to_look_at(name: str) -> None:
    example = EXAMPLES[name]
    picture = example_json(name)["listing"]["thumbnail"]
    value, t, unit = example.look
    values = getattr(GRU(example.network()).run(example.inputs()), value).T
    levels = np.frombuffer(b64decode(picture["data"]), np.uint8)
    levels = levels.reshape(picture["rows"], picture["columns"])
    low, high = RANGES[picture["map"]]
    shown = low + levels / 255 * (high - low)
    at = [
        (i, k)
        for i in range(values.shape[0] - len(shown) + 1)
        for k in range(values.shape[1] - shown.shape[1] + 1)
        if np.abs(values[i : i + len(shown), k : k + shown.shape[1]] - shown).max() <= 1 / 255
    ]
    assert any(i <= unit < i + len(shown) and k <= t < k + shown.shape[1] for i, k in at)


def test_a_picture_is_bounded_and_so_are_its_levels() -> None:
    network = Network.random("rnn", 1, 300, seed=0, gain=0.5, activations=(RELU,))
    trace = network.run(np.full((500, 1), 900.0)).layers[0]
    picture = Thumbnail.of(trace, "h", 499, 299)  # type: ignore[arg-type]
    assert picture.levels.shape == (UNITS, STEPS)
    assert picture.levels.max() == 255 and picture.levels.min() == 128


def test_a_file_whose_states_overflow_has_no_picture() -> None:
    cell = RNNParams.from_arrays(W=[[1.0]], U=[[1e30]]).with_form(activations=(RELU,))
    network = Network((Layer(cell),))
    entry = Entry.of(network, "model.npz", Settings())
    assert entry_json(entry)["listing"] == {"made": "file"}
