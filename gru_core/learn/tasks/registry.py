"""The tasks by name."""

from __future__ import annotations

from collections.abc import Mapping

from gru_core.learn.tasks.adding import Adding
from gru_core.learn.tasks.copying import Copy
from gru_core.learn.tasks.delayed_match import DelayedMatch
from gru_core.learn.tasks.dyck import Dyck
from gru_core.learn.tasks.flipflop import FlipFlop
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.labels import Labels
from gru_core.learn.tasks.latch import Latch
from gru_core.learn.tasks.parity import Parity
from gru_core.learn.tasks.sine import Sine
from gru_core.learn.tasks.task import Task
from gru_core.learn.tasks.temporal_order import TemporalOrder
from gru_core.learn.tasks.text import Text
from gru_core.learn.tasks.words import Names, Words

_ALL: tuple[type[Task], ...] = (
    TemporalOrder,
    Copy,
    Adding,
    Parity,
    Latch,
    Dyck,
    FlipFlop,
    DelayedMatch,
    Sine,
    Words,
    Names,
    Forecast,
    Text,
    Labels,
)

TASKS: Mapping[str, type[Task]] = {task.name: task for task in _ALL}
"""Every task by its name; a new one is a new file and a line here."""
