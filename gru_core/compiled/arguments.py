"""The arguments of a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import address
from gru_core.compiled.kernels import Loaded
from gru_core.parameters.activations import ACTIVATIONS
from gru_core.parameters.params import Params


class Arguments:
    """The arguments of one kernel, of which some change from call to call.

    Parameters
    ----------
    loaded : Loaded
    params : Params
        Its vectors are arguments by their names.
    arrays : mapping of str to ndarray
        The others; one that is named v has a row for each step if there is an integer v_row.
    numbers : mapping of str to int
    """

    def __init__(
        self,
        loaded: Loaded,
        params: Params,
        arrays: Mapping[str, NDArray[Any]],
        numbers: Mapping[str, int],
    ) -> None:
        source = loaded.source
        constants = _constants(params) if loaded.form.is_general else {}
        self._keep = arrays  # as long as their addresses are used
        self._call = loaded.call
        self._places = {name: k for k, name in enumerate(source.integers)}
        self._pointers = {name: k for k, name in enumerate(source.pointers)}
        integers = [
            _row(arrays[name.removesuffix("_row")])
            if name.endswith("_row")
            else numbers.get(name, constants.get(name, 0))
            for name in source.integers
        ]
        pointers = [
            address(arrays[name] if name in arrays else getattr(params, name))
            for name in source.pointers
        ]
        self._integers = np.array(integers, np.int64)
        self._addresses = np.array(pointers, np.int64)
        self._floats = np.array([constants[name] for name in source.floats], params.dtype)
        self._all = (address(self._integers), address(self._addresses), address(self._floats))

    def call(self) -> None:
        """Call the kernel."""
        self._call(*self._all)

    def set(self, **numbers: int) -> None:
        """Change integers."""
        for name, number in numbers.items():
            self._integers[self._places[name]] = number

    def point(self, name: str, array: NDArray[Any]) -> None:
        """Change an array, which the caller keeps during the call."""
        self._addresses[self._pointers[name]] = address(array)


def _row(array: NDArray[Any]) -> int:
    """Return how many numbers a row is away from the one before."""
    return array.strides[0] // array.itemsize


def _constants(params: Params) -> dict[str, Any]:
    """Return the activations and the clip as arguments of a general kernel."""
    found: dict[str, Any] = {"clip": np.inf if params.clip is None else params.clip}
    for equation in params.equations():
        if equation.activation is not None:
            found[f"kind_{equation.value}"] = ACTIVATIONS.index(equation.activation.name)
            found[f"alpha_{equation.value}"] = equation.activation.alpha
            found[f"beta_{equation.value}"] = equation.activation.beta
    return found
