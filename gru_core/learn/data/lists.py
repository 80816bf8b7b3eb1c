"""Lists of words."""

from functools import cache
from importlib.resources import files


@cache
def listed(name: str) -> tuple[str, ...]:
    """Return the words of a list; its file names source and licence.

    Examples
    --------
    >>> listed("names")[:3]
    ('aaron', 'ada', 'adam')
    """
    text = (files("gru_core.learn.data") / f"{name}.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))
