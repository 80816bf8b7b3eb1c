"""What a kernel depends on: the form of a cell, the dtype, and the shape of the run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from gru_core.parameters.activations import SIGMOID, TANH, Activation
from gru_core.parameters.equations import Equation
from gru_core.parameters.params import Params

Way = Literal["forward", "backward"]

INLINED = (SIGMOID, TANH)
"""The activations that are written into a kernel. All others are arguments of one that can compute
every activation and a clip, so that the number of kernels stays small."""


@dataclass(frozen=True, eq=False)
class Form:
    """A form of a cell, which has one table of equations; there is one object for each.

    Attributes
    ----------
    equations : tuple of Equation
        Without a clip; their activations are written into the kernel unless it is general.
    gates : tuple of str
        The gates of the rows of W and U.
    owners : tuple of str
        The value that each gate belongs to.
    states : tuple of str
    is_general : bool
        Whether activations and the clip are arguments.
    """

    equations: tuple[Equation, ...]
    gates: tuple[str, ...]
    owners: tuple[str, ...]
    states: tuple[str, ...]
    is_general: bool


@dataclass(frozen=True)
class Kernel:
    """What one kernel computes, by which it is looked up.

    Attributes
    ----------
    form : Form
    way : str
        "forward" or "backward".
    dtype : str
        "float32" or "float64".
    is_batch : bool
        Whether each row has the numbers of several sequences, batch last.
    is_held : bool
        Whether values can be held; only forward.
    """

    form: Form
    way: Way
    dtype: str
    is_batch: bool
    is_held: bool = False


def form_of(params: Params) -> Form:
    """Return the form of some params.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> form = form_of(GRUParams.random(2, 3, seed=0))
    >>> form.owners, form.is_general
    (('z', 'r', 'n'), False)
    """
    is_general = params.clip is not None or not set(params.activations) <= set(INLINED)
    absent = tuple(getattr(params, stack) is None for stack in params.STACKS)
    switches = tuple(
        (name, value)
        for name, value in params.form().items()
        if name not in ("clip", "activations")
    )
    kind: Any = type(params)
    return _form(kind, switches, absent, None if is_general else params.activations, is_general)


@cache
def _form(
    kind: Any,
    switches: tuple[tuple[str, object], ...],
    absent: tuple[bool, ...],
    activations: tuple[Activation, ...] | None,
    is_general: bool,
) -> Form:
    """Return the form of the smallest params that have it."""
    stacks: dict[str, Any] = {}
    for (stack, parts), is_absent in zip(kind.STACKS.items(), absent, strict=True):
        if not is_absent:
            shape = (len(parts), 1) if stack in ("W", "U") else (len(parts),)
            stacks[stack] = np.zeros(shape)
    form: dict[str, Any] = dict(switches)
    params = kind(**stacks, activations=activations or (), **form)
    owners = kind.OWNERS.get("W", kind.GATES)
    return Form(params.equations(), kind.GATES, owners, kind.STATES, is_general)
