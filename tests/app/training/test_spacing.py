"""However long a training turns out to be, its snapshots are many, bounded and evenly spaced."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gruscope.training.spacing import FEWEST, FIRST, MOST, Curve, Spacing


def kept(made: int) -> list[int]:
    """Return the steps with snapshots of a training that ended after some steps."""
    spacing, steps = Spacing(), list[int]()
    for step in range(made + 1):
        if spacing.due(step):
            dropped = spacing.take(step)
            steps = [one for one in [*steps, step] if one not in dropped]
    return steps


@given(st.integers(1, 20_000))
def test_there_are_never_too_many_and_never_too_few(made: int) -> None:
    steps = kept(made)
    assert min(FEWEST, made) <= len(steps) <= MOST
    assert steps[:FIRST] == list(range(min(made + 1, FIRST)))
    assert steps == sorted(set(steps))


def test_later_ones_are_even() -> None:
    steps = kept(4000)
    gaps = [b - a for a, b in pairwise(steps[FIRST + 1 :])]
    assert set(gaps) == {32}
    assert 4000 - steps[-1] < 32


def test_a_training_that_goes_on_goes_on_with_its_spacing() -> None:
    before = kept(3000)
    again = Spacing(before)
    assert not again.due(before[-1] + 31)
    assert again.due(before[-1] + 32)


def test_points_have_the_mean_loss_and_the_largest_norm() -> None:
    curve = Curve(1200)
    points = [curve.add(s, float(s), float(-s), 0.5 if s == 2 else None) for s in range(1, 7)]
    assert points[2] == {"step": 3, "loss": 2.0, "norm": -1.0, "metric": 0.5}
    assert points[5] == {"step": 6, "loss": 5.0, "norm": -4.0, "metric": None}
    assert [p for i, p in enumerate(points) if i not in (2, 5)] == [None] * 4
