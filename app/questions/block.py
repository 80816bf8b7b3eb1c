"""The question about a block of an array of the embedding or the readout.

These arrays may have millions of values, so a page asks for the part that it shows. The answer does
not depend on a run: it is there as soon as an edit has been accepted.
"""

from __future__ import annotations

import numpy as np

from gru_core.network.end_arrays import end_arrays
from gruscope.documents.document import State
from gruscope.documents.sequence import Array
from gruscope.settings import Settings
from gruscope.wire.codec import frame
from gruscope.wire.errors import refuse
from gruscope.wire.messages import BlockQuestion
from gruscope.wire.meta import BlockMeta


def block(question: BlockQuestion, state: State, run: int, settings: Settings) -> bytes:
    """Return the answer, a binary frame.

    Raises
    ------
    Refused
        If the network does not have the array, or the block begins outside it or is too large.
    """
    arrays = end_arrays(state.network, question.part)
    if question.array not in arrays:
        known = ", ".join(arrays) or "none, as the network does not have this part"
        raise refuse("range", "array", f"be one of {known}", question.array)
    own = _as_matrix(arrays[question.array])
    now = _as_matrix(end_arrays(state.edited, question.part)[question.array])
    _check(question, own, settings)
    rows = slice(question.row, question.row + question.rows)
    columns = slice(question.column, question.column + question.columns)
    meta = BlockMeta(
        id=str(question.id),
        run=str(run),
        part=question.part,
        array=question.array,
        row=str(question.row),
        column=str(question.column),
        most=str(float(max(own.max(), -own.min()))),
        edited=str(0 if now.base is own.base else int(np.count_nonzero(own != now))),
    )
    before, after = own[rows, columns], now[rows, columns]
    same = np.array_equal(before, after)
    return frame(meta, {"edits": after} | ({} if same else {"network": before}))


def _as_matrix(array: Array) -> Array:
    """Return an array as rows, of one value each for a vector."""
    return array.reshape(len(array), -1)


def _check(question: BlockQuestion, array: Array, settings: Settings) -> None:
    for field, index, size in (
        ("row", question.row, array.shape[0]),
        ("column", question.column, array.shape[1]),
    ):
        if index >= size:
            raise refuse("range", field, f"be less than {size}", index)
    values, limit = question.rows * question.columns, settings.block_values
    if values > limit:
        raise refuse("length", "rows", f"with columns be at most {limit} values", values)
