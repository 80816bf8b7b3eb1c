"""What a run is estimated to take, in time and memory; coefficients measured on one slow core."""

from __future__ import annotations

from app.settings import Settings

STEP_MILLISECONDS = 0.012  # the calls of one step, whatever its size
RECURRENT = 8e-7  # per element of U
INPUT = 2e-7  # per element of W
INITIAL = 5e-8  # per H³: an orthogonal matrix
BLOCKS = 12  # arrays of (T, H) in a trace


def step(input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of one timestep."""
    recurrent = 3 * hidden_size * hidden_size * RECURRENT
    return STEP_MILLISECONDS + recurrent + 3 * hidden_size * input_size * INPUT


def run(steps: int, input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of a run."""
    return steps * step(input_size, hidden_size)


def initial(hidden_size: int) -> float:
    """Return the milliseconds of initialising a network."""
    return 3 * INITIAL * hidden_size**3


def span(input_size: int, hidden_size: int, settings: Settings) -> int:
    """Return how many steps a span may have, so that a newer edit never waits long for it."""
    steps = int(settings.span_milliseconds / step(input_size, hidden_size))
    return max(1, min(settings.largest_span, steps))


def memory(steps: int, input_size: int, hidden_size: int, itemsize: int) -> int:
    """Return the bytes a session keeps: two traces while one replaces the other, and weights."""
    trace = steps * (BLOCKS * hidden_size + input_size)
    weights = 3 * hidden_size * (input_size + hidden_size + 2)
    return 2 * itemsize * (trace + 2 * weights)
