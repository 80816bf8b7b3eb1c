"""Other arrays in the embedding and the readout: against networks built with them, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from gru_core import CoreError, FieldError, Network, NetworkTrace, RangeError, Readout, ShapeError
from gru_core.network.end_arrays import end_arrays, random_end_array, with_end_arrays
from gru_core.network.readout import HEADS

V, I, H, O, T = 7, 3, 4, 5, 90


def network(directions: int = 1, head: str = "softmax", bias: bool = True) -> Network:
    rng = np.random.default_rng(0)
    layers = Network.random("gru", I, H, seed=0, layers=2, directions=directions).layers
    readout = Readout(
        rng.normal(size=(O, H * directions)), rng.normal(size=O) if bias else None, head
    )
    return Network(layers, rng.normal(size=(V, I)), readout)


def tokens() -> np.ndarray:
    return np.random.default_rng(1).integers(0, V, T)


def assert_same(one: NetworkTrace, other: NetworkTrace) -> None:
    for name in ("x", "states", "output", "answer"):
        assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for a, b in zip(one.layers, other.layers, strict=True):
        for name, value in b.values.items():
            assert_array_equal(a.values[name], value, err_msg=name)


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("head", HEADS)
def test_a_network_with_other_ends_is_one_built_with_them(directions, head):
    own, rng = network(directions, head), np.random.default_rng(2)
    changed = {
        "E": rng.normal(size=(V, I)),
        "W_y": rng.normal(size=(O, H * directions)),
        "b_y": rng.normal(size=O),
    }
    edited = with_end_arrays(own, changed)
    built = Network(own.layers, changed["E"], Readout(changed["W_y"], changed["b_y"], head))
    found = edited.run(tokens())
    assert_same(found, built.run(tokens()))
    assert_array_equal(found.x, changed["E"][tokens()])
    assert_allclose(found.output, found.states @ changed["W_y"].T + changed["b_y"], atol=1e-12)
    assert edited.layers is own.layers
    assert_array_equal(own.run(tokens()).output, network(directions, head).run(tokens()).output)


@given(st.integers(1, 2), st.integers(0, T), st.integers(1, 20), st.integers(1, 40))
def test_after_another_readout_only_the_output_is_computed(directions, answered, first, largest):
    own = network(directions)
    W = own.readout.W.copy()
    W[1, 2] = 3.0
    edited, trace = with_end_arrays(own, {"W_y": W}), own.run(tokens())
    if answered:  # then the steps before it are those of the network itself
        trace = edited.run(tokens())
    spans = list(
        edited.spans(tokens(), keep=trace, start=T, answered=answered, first=first, largest=largest)
    )
    assert [span.start for span in spans] == [answered, *(span.stop for span in spans[:-1])]
    assert spans[-1].stop == T and spans[0].done == (T, T)
    last = spans[-1].trace
    assert last is not None
    assert_same(last, edited.run(tokens()))
    for kept, before in zip(last.layers, trace.layers, strict=True):
        assert np.shares_memory(kept.h, before.h), "no layer is computed or copied"


@given(st.integers(0, V - 1), st.sampled_from([1, 2]))
def test_after_another_row_of_the_embedding_a_run_resumes_at_its_first_token(row, directions):
    own, x = network(directions), tokens()
    table = own.embedding.copy()
    table[row] += 0.5
    edited = with_end_arrays(own, {"E": table})
    first = next(t for t in range(T) if x[t] == row)
    assert_same(edited.resume(own.run(x), x, first), edited.run(x))


def test_a_resumed_run_keeps_no_more_of_the_output_than_of_the_states():
    own, x = network(), tokens()
    after = np.concatenate([x[:50], (x[50:] + 1) % V])
    assert_same(own.resume(own.run(x), after, 50, answered=T), own.run(after))
    other = with_end_arrays(own, {"b_y": np.zeros(O)})
    assert_same(other.resume(own.run(x), after, 50, answered=0), other.run(after))


def test_the_arrays_of_each_end():
    own = network(bias=False)
    assert {name: a.shape for name, a in end_arrays(own, "readout").items()} == {"W_y": (O, H)}
    assert [*end_arrays(own, "embedding")] == ["E"]
    bare = Network(own.layers)
    assert end_arrays(bare, "readout") == end_arrays(bare, "embedding") == {}


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"E": np.zeros((V, I + 1))}, "embedding"), ({"W_y": np.zeros((O, H + 1))}, "readout.W")],
)
def test_arrays_that_do_not_fit_are_refused(changed, field):
    with pytest.raises(ShapeError) as error:
        with_end_arrays(network(), changed)
    assert error.value.field == field
    with pytest.raises(CoreError):
        with_end_arrays(network(), {name: np.full_like(a, np.nan) for name, a in changed.items()})


def test_random_arrays_have_the_scale_of_their_kind():
    rng = np.random.default_rng(3)
    E, W, b = rng.normal(size=(500, 40)), rng.normal(size=(60, 200)), np.zeros(400, "f4")
    drawn = random_end_array("E", E, seed=1, gain=2.0)
    assert drawn.shape == E.shape and abs(drawn.std() - 2.0) < 0.05
    limit = np.sqrt(6 / (60 + 200))
    W = random_end_array("W_y", W, seed=1)
    assert 0.95 * limit < np.abs(W).max() <= limit
    b = random_end_array("b_y", b, seed=1, gain=9.0)
    assert b.dtype == np.float32 and 0.04 < np.abs(b).max() <= 0.05
    assert_array_equal(drawn, random_end_array("E", E, seed=1, gain=2.0))
    with pytest.raises(FieldError):
        random_end_array("W", W, seed=1)
    with pytest.raises(RangeError):
        random_end_array("E", E, seed=1, gain=0.0)
