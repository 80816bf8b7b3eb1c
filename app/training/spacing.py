"""Which steps of a training are kept as snapshots, and which become points of the curves.

Nobody knows beforehand when a training ends: it may be solved early, or be stopped. So every step
is kept at first, and whenever there are too many snapshots, every other one is dropped and the
distance doubles. At any time there are then at least half as many as at most, evenly spaced. The
first ones stay, because a network changes most at the beginning.
"""

from __future__ import annotations

from itertools import pairwise

FEWEST = 64
"""Snapshots of a training that ran at least as many steps."""
FIRST = 16
"""How many snapshots at the beginning are never dropped."""
MOST = FIRST + 2 * FEWEST
"""The most snapshots at a time."""
POINTS = 400
"""The most points of a curve, about."""


class Spacing:
    """Chooses the steps of snapshots.

    Parameters
    ----------
    kept : list of int, optional
        The steps that have snapshots already, in order.

    Examples
    --------
    >>> spacing = Spacing()
    >>> dropped = [spacing.take(step) for step in range(MOST + 1)][-1]
    >>> dropped[:3], len(dropped)
    ([17, 19, 21], 64)
    >>> spacing.due(MOST + 1), spacing.due(MOST + 2)
    (False, True)
    """

    def __init__(self, kept: list[int] | None = None) -> None:
        self._kept = list(kept or [])
        self._distance = max((b - a for a, b in pairwise(self._kept[FIRST:])), default=1)

    @property
    def count(self) -> int:
        """The number of snapshots."""
        return len(self._kept)

    @property
    def newest(self) -> int | None:
        """The step of the newest snapshot."""
        return self._kept[-1] if self._kept else None

    def due(self, step: int) -> bool:
        """Return whether a step should have a snapshot."""
        return not self._kept or step - self._kept[-1] >= self._distance

    def take(self, step: int) -> list[int]:
        """Note the snapshot of a step, and return the steps whose snapshots are to be dropped."""
        self._kept.append(step)
        if len(self._kept) <= MOST:
            return []
        self._distance *= 2
        dropped = self._kept[FIRST + 1 : -1 : 2]
        self._kept = [one for one in self._kept if one not in set(dropped)]
        return dropped


class Curve:
    """Gathers the steps of a training into points.

    Parameters
    ----------
    steps : int
        The planned number of steps.

    Examples
    --------
    >>> curve = Curve(800)
    >>> curve.add(0, 2.0, 0.5, None), curve.add(1, 1.0, 0.7, 0.9)
    (None, {'step': 1, 'loss': 1.5, 'norm': 0.7, 'metric': 0.9})
    """

    def __init__(self, steps: int) -> None:
        self._distance = max(1, steps // POINTS)
        self._losses: list[float] = []
        self._norms: list[float] = []
        self._metric: float | None = None

    def add(
        self, step: int, loss: float, norm: float, metric: float | None
    ) -> dict[str, int | float | None] | None:
        """Add a step; return a point if one is due.

        It has the mean of the losses, the largest norm and the newest metric.
        """
        self._losses.append(loss)
        self._norms.append(norm)
        if metric is not None:
            self._metric = metric
        if len(self._losses) < self._distance:
            return None
        loss = sum(self._losses) / len(self._losses)
        point = {"step": step, "loss": loss, "norm": max(self._norms), "metric": self._metric}
        self._losses, self._norms, self._metric = [], [], None
        return point
