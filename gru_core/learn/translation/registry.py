"""The tasks that turn one text into another, by name."""

from __future__ import annotations

from collections.abc import Mapping

from gru_core.learn.translation.dates import Dates
from gru_core.learn.translation.numbers import Numbers
from gru_core.learn.translation.translation import Translation

_ALL: tuple[type[Translation], ...] = (Numbers, Dates)

TRANSLATIONS: Mapping[str, type[Translation]] = {task.name: task for task in _ALL}
"""Every task by its name; a new one is a new file and a line here."""
