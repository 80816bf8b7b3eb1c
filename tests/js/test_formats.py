"""Safetensors as Python writes them, read by the page's modules."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from tests.js.modules import Modules, js

__all__ = ["js"]  # a fixture

quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@quick
@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 9))
def test_the_page_reads_a_frame_that_safetensors_wrote(
    js: Modules, rows: int, columns: int, pad: int
) -> None:
    z = np.random.default_rng(rows).normal(size=(rows, columns)).astype(np.float32)
    metadata = {"type": "steps", "note": "x" * pad}
    frame = save({"z": z, "b": z[0].copy()}, metadata)
    read = js.run(
        "server/wire",
        """const {metadata, arrays} = m.readFrame(new Uint8Array(argument).buffer);
        const plain = ({shape, data}) => ({shape, data: Array.from(data)});
        return {metadata, z: plain(arrays.z), b: plain(arrays.b)};""",
        list(frame),
    )
    assert read["metadata"] == metadata
    assert read["z"] == {"shape": [rows, columns], "data": z.ravel().tolist()}
    assert read["b"] == {"shape": [columns], "data": z[0].tolist()}
