"""A series to forecast: the yearly number of sunspots."""

from functools import cache
from importlib.resources import files

import numpy as np

from gru_core.arrays import FloatArray


@cache
def sunspots() -> FloatArray:
    """Return the yearly mean total sunspot numbers 1700–2008, shape (309,), as published.

    Notes
    -----
    Public data of the National Geophysical Data Center; see ``sunspots.csv``.

    Examples
    --------
    >>> float(sunspots()[0])
    5.0
    """
    source = files("gru_core.learn.data") / "sunspots.csv"
    values = np.array([float(line.split(",")[1]) for line in source.read_text().splitlines()[4:]])
    values.flags.writeable = False
    return values
