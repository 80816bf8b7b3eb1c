"""Networks: refusals and the fit of their parts; other tests compare the numbers with torch."""

import gc
import re
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gru_core import (
    CoreError,
    DTypeError,
    GRUParams,
    Layer,
    Network,
    RangeError,
    Readout,
    ShapeError,
    cell,
)

RNG = np.random.RandomState(0)
GRU_2_3 = GRUParams.random(2, 3, seed=0)
BOTH = Network.random("lstm", 2, 3, layers=2, directions=2, seed=1)
WORDS = Network((Layer(GRU_2_3),), RNG.normal(size=(5, 2)), Readout(RNG.normal(size=(4, 3))))


def test_a_single_layer_is_its_cell() -> None:
    x = RNG.normal(size=(6, 2))
    trace, alone = Network((Layer(GRU_2_3),)).run(x), cell(GRU_2_3).run(x)
    for name, value in alone.values.items():
        np.testing.assert_array_equal(trace.layers[0].values[name], value)
    np.testing.assert_array_equal(trace.output, alone.h)
    np.testing.assert_array_equal(trace.final, alone.h[-1:])
    assert trace.final_c is None


def test_shapes_of_a_deep_network_of_both_directions() -> None:
    trace = BOTH.run(RNG.normal(size=(6, 4, 2)), lengths=[6, 3, 1, 2])
    assert trace.states.shape == trace.output.shape == (6, 4, 6)
    assert trace.final.shape == (4, 4, 3)
    assert trace.final_c is not None and trace.final_c.shape == (4, 4, 3)
    assert len(trace.layers) == 2
    assert all(layer.reverse is not None for layer in trace.layers)


def test_the_reverse_is_in_the_order_of_the_input() -> None:
    """At each step the reverse direction has seen that step and all after it."""
    x = RNG.normal(size=(6, 2))
    changed = x.copy()
    changed[2] += 1
    before, after = (BOTH.run(value).layers[0].reverse for value in (x, changed))
    assert before is not None and after is not None
    np.testing.assert_array_equal(before.h[3:], after.h[3:])
    assert (before.h[:3] != after.h[:3]).all()
    np.testing.assert_array_equal(before.h_prev[:-1], before.h[1:])


def test_padding_is_zero_and_changes_nothing() -> None:
    x = RNG.normal(size=(6, 2, 2))
    other = x.copy()
    other[4:, 1] = 7
    found, same = (BOTH.run(value, lengths=[6, 4]) for value in (x, other))
    for a, b in zip(found.layers, same.layers, strict=True):
        for trace, twin in ((a, b), (a.reverse, b.reverse)):
            assert trace is not None and twin is not None
            for name, value in trace.values.items():
                assert not value[4:, 1].any(), name
                np.testing.assert_array_equal(value, twin.values[name])
    assert not found.x[4:, 1].any()


def test_one_sequence_may_have_a_length() -> None:
    x = RNG.normal(size=(6, 2))
    padded, short = BOTH.run(x, lengths=4), BOTH.run(x[:4])
    np.testing.assert_allclose(padded.final, short.final, atol=1e-15)
    np.testing.assert_allclose(padded.states[:4], short.states, atol=1e-15)
    assert not padded.states[4:].any()


def test_integers_go_through_the_embedding_and_floats_past_it() -> None:
    assert WORDS.embedding is not None
    looked_up = WORDS.run([3, 0, 4])
    np.testing.assert_array_equal(looked_up.x, WORDS.embedding[[3, 0, 4]])
    np.testing.assert_array_equal(looked_up.tokens, [3, 0, 4])
    past = WORDS.run(WORDS.embedding[[3, 0, 4]])
    np.testing.assert_array_equal(past.output, looked_up.output)
    assert past.tokens is None
    batch = WORDS.run(np.array([[3, 1], [0, 1], [4, 1]]))
    np.testing.assert_allclose(batch.output[:, 0], looked_up.output, atol=1e-15)


def test_layers_may_differ_in_size() -> None:
    network = Network((Layer(GRU_2_3), Layer(GRUParams.random(3, 4, seed=1))))
    trace = network.run(RNG.normal(size=(5, 2)), h0=[np.ones(3), np.ones(4)])
    assert trace.states.shape == (5, 4)
    assert [layer.h_T.shape for layer in trace.layers] == [(3,), (4,)]
    with pytest.raises(ShapeError, match=r"one H for their states to be stacked, got \[3, 4\]"):
        _ = trace.final


def test_parameters_are_counted_and_cast() -> None:
    assert WORDS.parameters == 3 * (3 * 2 + 3 * 3 + 3) + 3 + 5 * 2 + 4 * 3
    single = WORDS.astype("float32")
    assert single.dtype == np.float32 and single.readout is not None
    np.testing.assert_allclose(
        single.run([1, 2]).output, WORDS.run([1, 2]).output, rtol=0, atol=1e-6
    )
    assert single.run([1, 2]).output.dtype == np.float32


def build(**parts: Any) -> Network:
    return Network(**{"layers": (Layer(GRU_2_3),), **parts})


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({"layers": ()}, ShapeError, "layers must be at least one, got none"),
        (
            {"layers": (Layer(GRU_2_3), Layer(GRU_2_3))},
            ShapeError,
            "layers[1] must have I = 3 inputs, got 2",
        ),
        (
            {"layers": (Layer(GRU_2_3), Layer(GRUParams.random(3, 3, seed=0, dtype="float32")))},
            DTypeError,
            "layers[1] must be of float64 like layers[0], got float32",
        ),
        ({"embedding": np.ones((5, 3))}, ShapeError, "embedding must have shape (V, I) = (5, 2)"),
        (
            {"readout": Readout(np.ones((4, 6)))},
            ShapeError,
            "readout.W must have shape (O, D·H) = (4, 3), got (4, 6)",
        ),
        (
            {"readout": Readout(np.ones((4, 3), np.float32))},
            DTypeError,
            "readout must be of float64, got float32",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    parts: dict[str, Any], error: type[CoreError], message: str
) -> None:
    with pytest.raises(error) as caught:
        build(**parts)
    assert message in str(caught.value)


def test_directions_that_differ_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"reverse must be \(kind, I, H\)"):
        Layer(GRU_2_3, GRUParams.random(2, 4, seed=0))
    with pytest.raises(DTypeError, match="reverse must be of dtype float64 like forward"):
        Layer(GRU_2_3, GRU_2_3.astype("float32"))
    with pytest.raises(ShapeError, match=r"readout.b must have shape \(O,\) = \(4,\), got \(3,\)"):
        Readout(np.ones((4, 3)), np.ones(3))


X = np.ones((6, 2, 2))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"x": np.ones((6, 2, 5))}, ShapeError, "x must have shape (T, I) or (T, B, I) with I = 2"),
        ({"x": [[1.0, 2.0], [3.0]]}, ShapeError, "x must be a rectangular array"),
        ({"x": np.full((6, 2), np.nan)}, RangeError, "x must be finite"),
        ({"x": X, "lengths": [6]}, ShapeError, "lengths must have shape (B,) = (2,), got (1,)"),
        ({"x": X, "lengths": [6, 0]}, RangeError, "lengths must be from 1 to T = 6, got 0"),
        ({"x": X, "lengths": [7, 1]}, RangeError, "lengths must be from 1 to T = 6, got 7"),
        ({"x": X, "lengths": [1.5, 2]}, DTypeError, "lengths must be integers"),
        (
            {"x": X, "h0": np.ones((2, 2, 3))},
            ShapeError,
            "h0 must have shape (L·D, [B,] H) with L·D = 4, got (2, 2, 3)",
        ),
        ({"x": X, "c0": np.ones((4, 1, 3))}, ShapeError, "c0 must have shape (B, H) = (2, 3)"),
    ],
)
def test_input_that_does_not_fit_is_refused(
    arguments: dict[str, Any], error: type[CoreError], message: str
) -> None:
    with pytest.raises(error) as caught:
        BOTH.run(**arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([0, 5], "x must be from 0 to 4, a row of the embedding, got 5 at (1,)"),
        ([-1], "got -1 at (0,)"),
        ([], "x must have shape (T, I) or (T, B, I) with I = 2, got (0,)"),
        (np.zeros((0, 2), int), "x must have shape (T,) or (T, B) with T ≥ 1, got (0, 2)"),
    ],
)
def test_tokens_outside_the_embedding_are_refused(x: Any, message: str) -> None:
    with pytest.raises(CoreError) as caught:
        WORDS.run(x)
    assert message in str(caught.value)


def test_gradients_of_what_does_not_fit_are_refused() -> None:
    trace = WORDS.run([1, 2, 3])
    with pytest.raises(ShapeError, match=r"d_output must have shape of trace\.output"):
        WORDS.gradients(trace, d_output=np.ones((3, 3)))
    with pytest.raises(ShapeError, match=r"d_final must have shape \(L·D"):
        WORDS.gradients(trace, d_final=np.ones((2, 3)))


def test_a_trace_of_another_network_is_refused() -> None:
    wider = Network.random("lstm", 2, 4, seed=0).run(np.ones((5, 2)))
    single = Network.random("lstm", 2, 3, seed=0)
    for network, trace in ((single, wider), (BOTH, single.run(np.ones((5, 2))))):
        with pytest.raises(ShapeError, match=r"trace must have layers of \(direction, I, H\)"):
            network.gradients(trace)
    other = Network.random("gru", 2, 3, seed=0).run(np.ones((5, 2)))
    with pytest.raises(
        ShapeError, match=r"trace must be of a lstm in layers\[0\], got another cell's"
    ):
        single.gradients(other)


class Tensor:
    """A sequence that converts to an array, like torch's tensors."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self.array, self.shape = array, array.shape

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, index: int) -> "Tensor":
        return Tensor(self.array[index])

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return self.array.astype(dtype or self.array.dtype)


def test_states_may_come_as_tensors() -> None:
    h0 = RNG.normal(size=(4, 2, 3))
    found = BOTH.run(X, Tensor(h0), Tensor(h0))  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.states, BOTH.run(X, h0, h0).states)
    with pytest.raises(ShapeError, match=r"L·D = 4, got \(3, 2, 3\)"):
        BOTH.run(X, Tensor(h0[:3]))  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="got 0 parts"):
        BOTH.run(X, 0.5)


def test_params_alone_are_a_layer() -> None:
    x = RNG.normal(size=(6, 2))
    expected = Network((Layer(GRU_2_3),)).run(x).states
    for layers in ((GRU_2_3,), GRU_2_3, Layer(GRU_2_3)):
        np.testing.assert_array_equal(Network(layers).run(x).states, expected)  # type: ignore[arg-type]
    with pytest.raises(DTypeError, match=r"layers\[0\] must be a Layer .*, got str"):
        Network(("gru",))  # type: ignore[arg-type]
    with pytest.raises(RangeError, match="directions must be 1 or 2, got 3"):
        Network.random("gru", 2, 3, seed=0, directions=3)


def test_the_repr_of_a_network_is_one_line() -> None:
    two = "two biases where their sum is kept here"
    assert repr(BOTH) == (
        "<Network: lstm, 2 layers, D = 2, I = 2, H = 3, float64, "
        f"384 parameters (432 in PyTorch: {two})>"
    )
    assert repr(WORDS) == (
        "<Network: gru, 1 layer, D = 1, I = 2, H = 3, embedding of V = 5, readout to O = 4, "
        f"float64, 79 parameters (85 in PyTorch and Keras: {two})>"
    )
    before = Network.random("gru", 2, 3, seed=0, reset_after=False)
    assert repr(before).endswith(", 57 parameters>")
    named = replace(WORDS, guessed=("readout",), names={"readout": "fc"})
    assert ", fc as readout to O = 4 (a guess from its name and shape), " in repr(named)


def test_a_network_trace_is_read_only() -> None:
    trace = BOTH.run(X)
    for array in (trace.x, trace.states, trace.output, WORDS.run([1, 2]).output):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_network_is_read_only() -> None:
    assert WORDS.embedding is not None and WORDS.readout is not None
    for array in (WORDS.embedding, WORDS.readout.W, WORDS.layers[0].forward.W):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_network_says_which_of_its_parts_are_a_guess() -> None:
    assert WORDS.guessed == ()
    one = replace(WORDS, guessed=("readout",))
    assert "embedding of V = 5, readout to O = 4 (a guess from its name and shape)" in repr(one)
    both = replace(WORDS, guessed=["readout", "embedding"])  # type: ignore[arg-type]
    assert both.guessed == ("embedding", "readout")
    assert repr(both).count("(a guess from its name and shape)") == 2
    assert both.astype("float32").guessed == ("embedding", "readout")


@pytest.mark.parametrize(
    ("name", "has"), [("readout", "embedding, settings"), ("rnn", "embedding, readout, settings")]
)
def test_only_a_part_that_is_there_can_be_a_guess(name: str, has: str) -> None:
    network = WORDS if name == "rnn" else Network(WORDS.layers, WORDS.embedding)
    expected = f"guessed must name parts of the network: {has}, got '{name}'"
    with pytest.raises(RangeError, match=re.escape(expected)):
        replace(network, guessed=(name,))


def test_a_network_with_another_layer_shares_the_cells_that_have_been_made() -> None:
    made: list[Any] = []

    def counting(params: Any) -> Any:
        made.append(params)
        return cell(params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gru_core.network.running.cell", counting)
        base = Network.random("gru", 2, 3, layers=2, seed=0)
        lower, upper = base.layers
        base.run(X)
        changed = base
        for seed in range(3):
            other = Layer(GRUParams.random(3, 3, seed=seed))
            changed = changed.with_layers([lower, other])
        assert made == [lower.first, upper.first]  # none is made before a run
        trace = changed.run(X)
        assert made == [lower.first, upper.first, other.first]
    fresh = Network((lower, other)).run(X)
    np.testing.assert_array_equal(trace.states, fresh.states)


def test_a_replaced_layer_is_freed() -> None:
    base = Network.random("gru", 2, 3, layers=2, seed=0)
    base.run(X)
    old = weakref.ref(base.layers[1].first)
    other = base.with_layers([base.layers[0], Layer(GRUParams.random(3, 3, seed=5))])
    assert old() is not None
    del base
    gc.collect()
    assert old() is None and other.run(X).states.shape[-1] == 3
