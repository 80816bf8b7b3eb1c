import numpy as np
import pytest
from hypothesis import given

from gru_core import GRU, GRUParams
from tests.gru_core.strategies import Layer, layers


@given(layers(steps=20))
def test_every_array_has_its_shape_and_dtype(layer: Layer) -> None:
    trace = GRU(layer.params).run(layer.x, layer.h0)
    T, H = len(layer.x), layer.params.hidden_size
    assert (len(trace), trace.hidden_size, trace.dtype) == (T, H, layer.params.dtype)
    shapes = {"x": layer.x.shape, "projection": (T, 3 * H), "h_0": (H,)}
    for name in (*shapes, *GRUParams.VALUES, "h_prev"):
        array = getattr(trace, name)
        assert array.shape == shapes.get(name, (T, H)), name
        assert array.dtype == layer.params.dtype, name


@given(layers(steps=20))
def test_h_prev_is_h_of_the_previous_step(layer: Layer) -> None:
    trace = GRU(layer.params).run(layer.x, layer.h0)
    np.testing.assert_array_equal(trace.h_prev[0], layer.h0)
    np.testing.assert_array_equal(trace.h_prev[1:], trace.h[:-1])


@pytest.mark.parametrize("name", ["x", "h_0", "projection", *GRUParams.VALUES])
def test_a_trace_is_read_only(name: str) -> None:
    trace = GRU(GRUParams.random(2, 3, seed=0)).run(np.ones((4, 2)))
    with pytest.raises(ValueError, match="read-only"):
        getattr(trace, name)[...] = 0
