"""Scores without a unit, against networks from which the unit has been cut by hand."""

import numpy as np
import pytest

from gru_core import Network, Readout
from gru_core.cells.registry import CELLS
from gru_core.learn.ablation import ablations
from gru_core.learn.tasks.parity import Parity
from gru_core.learn.tasks.task import input_of


@pytest.mark.parametrize("kind", sorted(CELLS))
def test_a_unit_without_outgoing_weights_is_as_good_as_none(kind: str) -> None:
    """h_0 and every weight that reads h are cut instead of the state."""
    rng = np.random.default_rng(3)
    task, layers = Parity(length=12), Network.random(kind, 2, 5, seed=3).layers
    network = Network(layers, readout=Readout(rng.normal(size=(2, 5)), head="softmax"))
    batch = task.held_out(rng, 200)
    scores = {one.unit: one.score for one in ablations(task, network, batch)}
    for unit in range(5):
        params = layers[0].first
        recurrent = {name: a.copy() for name, a in params.arrays().items() if a.shape == (5, 5)}
        for array in recurrent.values():
            array[:, unit] = 0
        W = network.readout.W.copy()
        W[:, unit] = 0
        cut = Network([params.replace(**recurrent)], readout=Readout(W, head="softmax"))
        assert scores[unit] == task.score(cut, batch)
    assert len(set(scores.values())) > 1


def test_units_of_every_layer_and_direction() -> None:
    network = Network.random("gru", 2, 3, seed=0, layers=2, directions=2)
    network = Network(network.layers, readout=Readout(np.ones((2, 6)), head="softmax"))
    task = Parity(length=6)
    found = list(ablations(task, network, task.held_out(np.random.default_rng(0), 10)))
    places = [(one.layer, one.direction, one.unit) for one in found]
    assert len(places) == len(set(places)) == 12
    x = input_of(network, task.held_out(np.random.default_rng(0), 10))
    assert np.isfinite(network.run(x).answer).all()
