"""A batch of sequences with the sequences that they should become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Pairs:
    """Sequences in and out, each padded to the longest.

    Attributes
    ----------
    x : ndarray of int, shape (T_e, B)
        The symbols in; in padding 0.
    lengths : ndarray of int, shape (B,)
        How many of them count.
    target : ndarray of int, shape (T_d, B)
        The symbols out, with the end mark; in padding 0.
    mask : ndarray of bool, shape (T_d, B)
        True up to the end mark.

    Examples
    --------
    >>> pairs = Pairs.of([[4, 2], [3]], [[5], [6, 7]], end=1, shape=(3, 4))
    >>> pairs.target.T.tolist(), pairs.mask.sum(axis=0).tolist()
    ([[5, 1, 0, 0], [6, 7, 1, 0]], [2, 3])
    """

    x: NDArray[np.int64]
    lengths: NDArray[np.int64]
    target: NDArray[np.int64]
    mask: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        sources: Sequence[Sequence[int]],
        answers: Sequence[Sequence[int]],
        *,
        end: int,
        shape: tuple[int, int],
    ) -> Self:
        """Return pairs of sequences as a batch.

        Parameters
        ----------
        sources, answers : sequence of sequence of int
            The answers without end marks.
        end : int
            The end mark.
        shape : (int, int)
            T_e and T_d.

        Examples
        --------
        See the class.
        """
        x = np.zeros((shape[0], len(sources)), np.int64)
        target = np.zeros((shape[1], len(answers)), np.int64)
        for b, (source, answer) in enumerate(zip(sources, answers, strict=True)):
            x[: len(source), b] = source
            target[: len(answer) + 1, b] = (*answer, end)
        lengths, spoken = (np.array([len(one) for one in part]) for part in (sources, answers))
        return cls(x, lengths, target, np.arange(shape[1])[:, None] <= spoken)

    def sources(self) -> list[list[int]]:
        """Return the sequences in, without padding."""
        rows = zip(self.x.T.tolist(), self.lengths.tolist(), strict=True)
        return [row[:length] for row, length in rows]

    def answers(self) -> list[tuple[int, ...]]:
        """Return the sequences out, without end mark and padding."""
        spoken = self.mask.sum(axis=0).tolist()
        rows = zip(self.target.T.tolist(), spoken, strict=True)
        return [tuple(row[: length - 1]) for row, length in rows]
