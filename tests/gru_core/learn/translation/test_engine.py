"""The gradient through the decoder's start into the encoder, by other means."""

import numpy as np
import pytest

from gru_core import CELLS, Seq2Seq
from gru_core.learn import Architecture
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.engine import PairEngine
from gru_core.learn.translation.numbers import Numbers
from gru_core.learn.translation.training import initial_model
from gru_core.learn.translation.weights import PairWeights

TASK = Numbers(digits=3)
TEXTS = ["417", "8", "60", "999", "0", "11"]
ARCHITECTURES = [
    *(Architecture(kind, 4) for kind in CELLS),
    *(Architecture(kind, 3, layers=2) for kind in CELLS),
    Architecture("gru", 4, embedding=3),
    Architecture("gru", 4, form={"reset_after": False}),
    Architecture("lstm", 4, form={"peepholes": True}, embedding=2),
]


def drawn(architecture: Architecture) -> tuple[Seq2Seq, Pairs]:
    return initial_model(TASK, architecture, seed=1, dtype="float64"), TASK.pairs(TEXTS)


def engine_of(model: Seq2Seq, batch: Pairs) -> PairEngine:
    return PairEngine(model, (len(batch.x), *batch.mask.shape))


def through_the_core(model: Seq2Seq, batch: Pairs) -> tuple[float, PairWeights]:
    """Return the loss and its gradient, sequence by sequence and without padding."""
    total, losses = PairWeights(model), []
    count = batch.mask.sum()
    for source, answer in zip(batch.sources(), batch.answers(), strict=True):
        said = [*answer, model.end]
        encoded = model.encoder.run(model.encoder.symbols_in(source))
        read = model.decoder.symbols_in([model.start, *answer])
        decoded = model.decoder.run(read, *encoded.states_after(-1))
        losses.append(-np.log(decoded.answer[np.arange(len(said)), said]))
        apart = (decoded.answer - np.eye(decoded.answer.shape[1])[said]) / count
        found = model.decoder.gradients(decoded, apart)
        ends = np.array(found.h0), np.array(found.c0) if found.c0 else None
        begun = model.encoder.gradients(encoded, None, None, *ends)
        for network, weights, slopes in (
            (model.decoder, total.decoder, found),
            (model.encoder, total.encoder, begun),
        ):
            for k, layer in enumerate(network.layers):
                named = layer.first.replace(**slopes.layers[k][0])
                for name, slope in weights.slope((k, 0)).items():
                    slope += getattr(named, name)
            for slope in weights.slope("embedding").values():
                slope += slopes.embedding
        total.decoder.slope("readout")["W"][...] += found.readout_W
        total.decoder.slope("readout")["b"][...] += found.readout_b
    return float(np.concatenate(losses).mean()), total


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_loss_and_gradient_are_those_of_single_sequences(architecture: Architecture) -> None:
    model, batch = drawn(architecture)
    weights = PairWeights(model)
    loss = engine_of(model, batch).gradient(weights, batch)
    expected, slopes = through_the_core(model, batch)
    assert loss == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(weights.gradient, slopes.gradient, rtol=0, atol=1e-12)
    assert np.abs(weights.encoder.gradient).max() > 1e-4


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_the_gradient_is_the_slope_of_the_loss(architecture: Architecture) -> None:
    model, batch = drawn(architecture)
    weights, engine = PairWeights(model), engine_of(model, batch)
    engine.gradient(weights, batch)
    slope, start, h = weights.gradient.copy(), weights.values.copy(), 1e-6
    rng = np.random.default_rng(3)
    for part in (slice(0, weights.encoder.values.size), slice(weights.encoder.values.size, None)):
        along = np.zeros_like(slope)
        along[part] = rng.normal(size=along[part].size)
        losses = []
        for sign in (1, -1):
            weights.values[...] = start + sign * h * along
            losses.append(engine.gradient(weights, batch))
        assert (losses[0] - losses[1]) / (2 * h) == pytest.approx(slope @ along, abs=1e-8)


def test_a_pass_leaves_nothing_behind_for_the_next() -> None:
    model, batch = drawn(Architecture("lstm", 3, layers=2))
    other = TASK.pairs(["1", "22", "333", "444", "55", "6"])
    engine, weights = engine_of(model, batch), PairWeights(model)
    first = engine.gradient(weights, batch), weights.gradient.copy()
    engine.gradient(weights, other)
    again = engine.gradient(weights, batch), weights.gradient
    assert first[0] == again[0]
    np.testing.assert_array_equal(first[1], again[1])
