"""The order to a training process, and the command that starts it."""

from __future__ import annotations

from typing import Any

from gru_core.files.arrays.in_memory import to_bytes
from gru_core.files.isolated import command
from gruscope.settings import Settings
from gruscope.training.frames import Frame
from gruscope.training.record import Record, Start


def process_command(settings: Settings) -> list[str]:
    """Return the command of a training process; it waits for its order on standard input."""
    resources = {
        "RLIMIT_AS": settings.training_memory_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 0,
    }
    task = {"nice": settings.training_nice}
    return command("gruscope.training.process", "main", task, resources)


def order(record: Record, start: Start, *, single: bool) -> Frame:
    """Return the first frame for a process: what to train, and from where.

    Parameters
    ----------
    record : Record
    start : Start
    single : bool
        Whether to make one step and pause.
    """
    header: dict[str, Any] = {
        "kind": "order",
        "plan": record.plan | {"options": record.plan["options"] | {"steps": record.steps}},
        "until_solved": record.until_solved,
        "step": start.step,
        "checkpoint": len(start.checkpoint),
        "kept": record.kept,
        "seconds": record.seconds,
        "paused": single,
        "single": single,
    }
    network = b"" if start.network is None else to_bytes(start.network)
    return Frame(header, start.checkpoint + network)
