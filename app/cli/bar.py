"""Progress while training: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from typing import Any

from gru_core.learn import Progress
from gru_core.learn.goal import Goal

LINES = 10
"""Where there is no terminal, or no tqdm, so many lines are printed over all steps."""


class Bar:
    """Shows the progress of a training.

    Parameters
    ----------
    task : Goal
    steps, done : int
        All updates, and those that were made before.
    """

    def __init__(self, task: Goal[Any, Any], steps: int, done: int) -> None:
        self._metric, self._steps = task.metric, steps
        self._every, self._shown = max(1, steps // LINES), done
        self._score: float | None = None
        self._bar: Any = _bar(steps, done)

    def show(self, progress: Progress) -> None:
        """Show the state after an update."""
        if progress.score is not None:
            self._score = progress.score
        if self._bar is not None:
            self._bar.set_postfix_str(self._words(progress), refresh=False)
            self._bar.update(progress.step - self._bar.n)
        elif progress.score is not None and (
            progress.ending is not None or progress.step - self._shown >= self._every
        ):
            self._shown = progress.step
            line = f"step {progress.step} of {self._steps}: {self._words(progress)}"
            print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the last state on the screen."""
        if self._bar is not None:
            self._bar.close()

    def _words(self, progress: Progress) -> str:
        said = f"loss {progress.loss:.4f}"
        return said if self._score is None else f"{said}, {self._metric} {self._score:.4f}"


def _bar(steps: int, done: int) -> Any:
    """Return tqdm's bar if it is installed and there is a terminal."""
    if not sys.stderr.isatty():
        return None
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm(total=steps, initial=done, unit="step", dynamic_ncols=True)
