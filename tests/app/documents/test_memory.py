from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, cell
from gruscope.documents.memory import CLAMP_BYTES, COPIES, document_bytes, trace_bytes


def bytes_of(array: Any) -> int:
    """Return the size of the allocation that an array is a view of."""
    while array.base is not None:
        array = array.base
    return int(array.nbytes)


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_trace_uses_the_computed_number_of_bytes(kind, dtype):
    T, I, H = 500, 3, 40
    params = CELLS[kind].params.random(I, H, seed=0, dtype=dtype)
    trace = cell(params).run(np.zeros((T, I), dtype))
    allocations = {id(a): bytes_of(a) for a in (_owner(trace.h), _owner(trace.projection))}
    allocated = sum(allocations.values()) + trace.x.nbytes
    assert allocated == pytest.approx(trace_bytes(T, params), rel=0.02)


def _owner(array: Any) -> Any:
    while array.base is not None:
        array = array.base
    return array


@pytest.mark.parametrize("kind", CELLS)
def test_a_reused_projection_does_not_keep_its_trace_alive(kind):
    params = CELLS[kind].params.random(3, 40, seed=0)
    trace = cell(params).run(np.zeros((500, 3)))
    assert bytes_of(trace.projection) == pytest.approx(trace.projection.nbytes, abs=64)
    assert _owner(trace.projection) is not _owner(trace.h)


@pytest.mark.parametrize("kind", CELLS)
def test_a_document_takes_its_weights_edits_and_clamps(kind):
    params = CELLS[kind].params.random(3, 40, seed=0)
    weights = sum(array.nbytes for array in params.arrays().values())
    assert document_bytes(params, 0, 0) == COPIES * weights
    assert document_bytes(params, 0, 8) == document_bytes(params, 0, 0) + 8 * CLAMP_BYTES
