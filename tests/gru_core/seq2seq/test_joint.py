"""An encoder and a decoder as one network: the values of each stage at its steps, NaN elsewhere."""

import numpy as np
import pytest

from gru_core import Clamp, RangeError, Seq2Seq, explain
from gru_core.explanation.output import explain_output
from gru_core.seq2seq.joint import Joint

X = [3, 1, 4, 1, 5]
T = len(X)


def model_of(kind: str, seed: int = 3) -> Seq2Seq:
    return Seq2Seq.random(kind, 6, 5, hidden_size=7, seed=seed, layers=2, limit=9)


def ended(kind: str) -> Seq2Seq:
    """A model that ends its answer to X before the limit, but not at once."""
    found = (model_of(kind, seed) for seed in range(50))
    return next(one for one in found if 1 < len(one.run(X).said) < 9)


@pytest.mark.parametrize("kind", ["gru", "lstm", "rnn"])
def test_each_layer_has_its_values_at_its_steps(kind: str) -> None:
    model = ended(kind)
    both, trace = model.run(X), Joint.of(model).run(X)
    stop = T + len(both.said)
    assert len(trace.x) == len(trace.answer) == T + 9
    for k in range(2):
        for name, array in trace.layers[k].values.items():
            np.testing.assert_array_equal(array[:T], both.encoder.layers[k].values[name])
            assert np.isnan(array[T:]).all()
        for name, array in trace.layers[2 + k].values.items():
            np.testing.assert_array_equal(array[T:stop], both.decoder.layers[k].values[name])
            assert np.isnan(array[:T]).all() and np.isnan(array[stop:]).all()
        through = trace.through(k)
        np.testing.assert_array_equal(through.h[:T], both.encoder.layers[k].h)
        np.testing.assert_array_equal(through.h[T:stop], both.decoder.layers[k].h)
        np.testing.assert_array_equal(through.h_prev[T], both.encoder.layers[k].h[-1])
    np.testing.assert_array_equal(trace.answer[T:stop], both.decoder.answer)
    assert tuple(trace.answer[T:stop].argmax(axis=1)) == both.said
    assert np.isnan(trace.answer[:T]).all() and np.isnan(trace.answer[stop:]).all()


def test_values_of_both_stages_and_outputs_are_sums_of_terms() -> None:
    joint = Joint.of(ended("gru"))
    trace = joint.run(X)
    for layer, t in ((0, 2), (1, T - 1), (2, T), (3, T + 1)):
        found = explain(trace.layers[layer], joint.layers[layer].first, "z", t, unit=4)
        total = sum(term.product for term in found.terms)
        assert 1 / (1 + np.exp(-total)) == pytest.approx(found.result)
        assert found.result == trace.layers[layer].z[t, 4]
    output = explain_output(trace, joint.readout, T, 3)
    assert sum(term.product for term in output.terms) == pytest.approx(trace.output[T, 3])


def test_a_hold_acts_in_its_layer_at_a_step_of_its_stage() -> None:
    model = ended("gru")
    joint = Joint.of(model)
    plain = joint.run(X)
    for layer, t in ((0, T), (2, 0)):  # the layer does not act there
        held = joint.run(X, clamps=[Clamp("h", 1, 5.0, t, layer)])
        np.testing.assert_array_equal(held.answer, plain.answer)
    encoder = joint.run(X, clamps=[Clamp("h", 1, 5.0, 2, 1)])
    np.testing.assert_array_equal(
        encoder.layers[1].h[:T], model.run(X, clamps=[Clamp("h", 1, 5.0, 2, 1)]).encoder.layers[1].h
    )
    assert not np.array_equal(encoder.answer[T], plain.answer[T])
    decoder = joint.run(X, clamps=[Clamp("h", 1, 5.0, T, 3)])
    assert decoder.layers[3].h[T, 1] == 5
    assert decoder.layers[3].clamps == (Clamp("h", 1, 5.0, T, 3),)
    always = joint.run(X, clamps=[Clamp("h", 1, 0.0, None, 3)])
    assert not always.layers[3].h[T, 1] and plain.layers[3].h[T, 1]
    np.testing.assert_array_equal(always.layers[1].h, plain.layers[1].h)


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_the_encoder_starts_from_the_states_it_is_given(kind: str) -> None:
    joint = Joint.of(ended(kind))
    states = [np.full(7, 0.5), None, np.full(7, 9.0), None]
    trace = joint.run(X, states, states if kind == "lstm" else None)
    assert (trace.layers[0].h_0 == 0.5).all()
    np.testing.assert_array_equal(trace.layers[2].h_0, trace.layers[0].h[T - 1])


def test_its_parts_can_be_replaced() -> None:
    joint = Joint.of(ended("gru"))
    layers = [*joint.layers[:3], joint.layers[2]]
    other = joint.with_layers([*joint.layers[:3], joint.layers[3]])
    np.testing.assert_array_equal(other.run(X).answer, joint.run(X).answer)
    with pytest.raises(Exception, match="layers"):
        joint.with_layers(layers)
    assert joint.astype("float32").run(X).answer.dtype == np.float32
    assert joint.parameters == joint.model.parameters


def test_what_it_cannot_do_is_refused() -> None:
    joint = Joint.of(ended("gru"))
    with pytest.raises(RangeError, match="lengths"):
        joint.run(np.zeros((3, 2, 6)), lengths=[3, 2])
    with pytest.raises(RangeError, match="layer"):
        joint.run(X, clamps=[Clamp("h", 0, 1.0, 0, 4)])
