"""Tasks, and training networks to solve them.

Examples
--------
>>> from gru_core.learn import TASKS, Architecture, Options, Training
>>> task = TASKS["parity"](length=8)
>>> training = Training(task, Architecture("gru", 8), Options(steps=200), seed=0)
>>> *_, last = training.run()
>>> best = training.best
>>> last.ending, best.kind, best.input_size, best.hidden_size, best.readout.output_size
('solved', 'gru', 2, 8, 2)
"""

from gru_core.learn.batch import Batch
from gru_core.learn.descent import Progress
from gru_core.learn.initial import SCHEMES, Architecture, initial_network
from gru_core.learn.optimiser import SCHEDULES
from gru_core.learn.options import Options
from gru_core.learn.tasks.registry import TASKS
from gru_core.learn.tasks.task import Task
from gru_core.learn.training import Training

__all__ = [
    "SCHEDULES",
    "SCHEMES",
    "TASKS",
    "Architecture",
    "Batch",
    "Options",
    "Progress",
    "Task",
    "Training",
    "initial_network",
]
