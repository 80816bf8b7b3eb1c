"""The layers of a file whose network mixes kinds, directions and merges."""

from typing import cast

import numpy as np
import pytest

from gru_core import GRUParams, LSTMParams, Network, RNNParams, cell
from gru_core.network.layer import Layer
from gru_core.run.trace import Trace
from gruscope.wire.errors import Refused
from gruscope.wire.schema import FileNetwork
from tests.app.documents.test_library import library, values

MIXED = Network(
    (
        Layer(None, LSTMParams.random(3, 4, seed=0)),
        Layer(GRUParams.random(4, 2, seed=1), GRUParams.random(4, 2, seed=2), merge="sum"),
        Layer(RNNParams.random(2, 3, seed=3)),
    )
)


def test_layers_of_any_kind_direction_and_merge_are_shown():
    one = library(MIXED)
    assert [entry.title.split(" \u00b7 ")[1] for entry in one.entries] == [
        "layer 1, reverse",
        "layer 2, forward",
        "layer 2, reverse",
        "layer 3",
    ]
    layers = MIXED.run(values(one.entries[0])[::-1]).layers
    found = [layers[0].turned(), layers[1], cast(Trace, layers[1].reverse).turned(), layers[2]]
    for entry, trace in zip(one.entries, found, strict=True):
        shown = cell(entry.params).run(values(entry)).h
        np.testing.assert_allclose(shown, trace.h, rtol=0, atol=1e-12)
    assert "both directions of layer 2, merged by sum, for" in one.entries[3].story


def test_a_layer_in_reverse_has_no_forward_direction():
    with pytest.raises(Refused, match=r"network\.direction must be reverse, as this layer has one"):
        library(MIXED).find(FileNetwork(kind="file", layer=0, direction="forward"))
