import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import EXAMPLES, GRU, Example, Trace, one_hot
from gru_core.gallery.examples import sunspots
from tests.gru_core.strategies import dtypes

LATCH, TOGGLE = EXAMPLES["latch"], EXAMPLES["toggle"]


def trace_of(example: Example, text: str | None = None, dtype: str = "float64") -> Trace:
    x = example.inputs(dtype) if text is None else one_hot(text, example.alphabet or "")
    return GRU(example.network(dtype)).run(x)


def test_the_examples_come_in_their_order() -> None:
    assert list(EXAMPLES) == ["reader", "latch", "toggle", "sunspots"]
    assert all(name == example.name for name, example in EXAMPLES.items())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_runs_and_its_look_is_there(name: str, dtype: str) -> None:
    example = EXAMPLES[name]
    trace = trace_of(example, dtype=dtype)
    assert trace.dtype == dtype
    assert example.look.value in ("z", "r", "n", "h")
    assert 0 <= example.look.t < len(trace)
    assert 0 <= example.look.unit < trace.hidden_size
    assert (example.text is None) == (example.alphabet is None) == (example.series is not None)
    assert (example.params is None) == (example.recipe is not None)


@given(st.text(".ab", max_size=60), dtypes)
def test_the_latch_remembers_which_letter_came_first(text: str, dtype: str) -> None:
    trace = trace_of(LATCH, "." + text, dtype)
    for t in range(len(text) + 1):
        letters = ("." + text)[: t + 1].replace(".", "")
        assert trace.h[t].tolist() == [letters[:1] == "a", letters[:1] == "b"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("first", "ab")
def test_the_latch_remembers_for_4096_steps(first: str, dtype: str) -> None:
    rest = "".join(np.random.RandomState(0).choice(list(".ab"), 4095))
    trace = trace_of(LATCH, first + rest, dtype)
    assert (trace.h == [first == "a", first == "b"]).all()
    assert (trace.z[1:] == 1).all()


def test_the_latchs_story() -> None:
    trace, (value, t, unit) = trace_of(LATCH), LATCH.look
    assert LATCH.text is not None
    assert (value, LATCH.text[t], LATCH.text[:t].strip(".")) == ("z", "b", "")
    assert trace.z[t, unit] < 1e-15
    assert trace.h[t].tolist() == [0, 1]
    assert (np.delete(trace.z[:, unit], t) == 1).all()


@given(st.text(".t", min_size=1, max_size=60), dtypes)
def test_the_toggle_flips_at_each_t_and_carries(text: str, dtype: str) -> None:
    trace = trace_of(TOGGLE, text, dtype)
    for t in range(len(text)):
        count = text[: t + 1].count("t")
        ones = 0 if count == 0 else 1 if count % 2 else -1
        twos = 0 if count < 2 else 1 if count // 2 % 2 else -1
        assert trace.h[t].tolist() == [ones, twos]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_toggle_still_flips_after_4096_steps(dtype: str) -> None:
    trace = trace_of(TOGGLE, "t." * 2048, dtype)
    assert trace.h[::4, 0].tolist() == [1] * 1024
    assert trace.h[2::4, 0].tolist() == [-1] * 1024


def test_the_toggles_story() -> None:
    trace, (value, t, unit) = trace_of(TOGGLE), TOGGLE.look
    assert (value, (TOGGLE.text or "")[t]) == ("n", "t")
    assert trace.h_prev[t, unit] == 1
    assert trace.n[t, unit] == trace.h[t, unit] == -1
    closed = GRU(TOGGLE.network().replace(b_r=[-40, -40])).run(TOGGLE.inputs())
    assert (np.diff(closed.h[:, 0]) != 0).sum() == 1
    assert (closed.n == 1).all()


def test_the_readers_story() -> None:
    example, trace = EXAMPLES["reader"], trace_of(EXAMPLES["reader"])
    _, t, unit = example.look
    assert example.text is not None
    assert len(example.text) == 48
    assert example.text[:t].endswith("the s")
    assert example.text[t : t + 4] == "tate"
    assert trace.z[t, unit].round(2) == 0.16
    assert trace.h_prev[t, unit].round(2) == -0.55
    assert trace.h[t, unit].round(2) == 0.74
    letters = slice(t + 1, t + 7)
    assert trace.z[letters, unit].min() > 0.84
    assert trace.z[letters.stop, unit] < 0.5
    assert trace.h[letters, unit].min() > 0.5


def test_the_sunspots_are_the_published_ones() -> None:
    spots = dict(zip(range(1700, 2009), sunspots().tolist(), strict=True))
    known = {1700: 5, 1711: 0, 1712: 0, 1778: 154.4, 1810: 0, 1957: 190.2, 1958: 184.8, 2008: 2.9}
    assert {year: spots[year] for year in known} == known
    assert max(spots.values()) == 190.2


def test_the_sunspots_story() -> None:
    example, trace = EXAMPLES["sunspots"], trace_of(EXAMPLES["sunspots"])
    _, t, unit = example.look
    z, x = trace.z[:, unit], example.inputs()[:, 0]
    np.testing.assert_array_equal(x, sunspots() / 100)
    assert 1700 + t == 1958
    assert z[t] == z.min()
    assert z[t].round(2) == 0.11
    assert (abs(z[x == 0] - 0.5) < 0.03).all()
    assert np.corrcoef(z, x)[0, 1] < -0.85
