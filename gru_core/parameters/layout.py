"""The arrays of a kind of params: their names, stacks, roles and order.

Everything here belongs to the kind, not to one network. A class of params lists its stacks; names,
descriptions and random arrays follow from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from gru_core.arrays import FloatArray, check_dtype
from gru_core.errors import FieldError
from gru_core.parameters.activations import Activation
from gru_core.parameters.initial import check_gain, check_size, glorot, orthogonal
from gru_core.parameters.references import ArrayDescription, Reference, Role

ROLES: Mapping[str, Role] = {
    "W": "input_weights",
    "U": "recurrent_weights",
    "b": "bias",
    "b_hn": "recurrent_bias",
    "p": "peephole",
}
"""The role of the arrays of each stack."""


class Layout:
    """The named arrays of one kind of params, and how they are stacked.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> GRUParams.GATES, GRUParams.places()["U_r"]
    (('z', 'r', 'n'), ('U', 1))
    """

    kind: ClassVar[str]
    """The cell's name: "gru", "lstm" or "rnn"."""

    GATES: ClassVar[tuple[str, ...]]
    """The gates of the rows of W, U and b, in stacking order."""

    STACKS: ClassVar[Mapping[str, tuple[str, ...]]]
    """The named parts of each stack."""

    OWNERS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """The values that the parts of a stack belong to, if these are not the gates in order."""

    VALUES: ClassVar[tuple[str, ...]]
    """The values in a trace of this cell."""

    STATES: ClassVar[tuple[str, ...]] = ("h",)
    """The states that pass from step to step: h, and for the LSTM c."""

    ACTIVATIONS: ClassVar[tuple[Activation, ...]]
    """The default activations."""

    @classmethod
    @cache
    def places(cls) -> Mapping[str, tuple[str, int]]:
        """Return the stack of every named array and its index in it, in the order of listing.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> RNNParams.places()
        {'W': ('W', 0), 'U': ('U', 0), 'b': ('b', 0)}
        """
        places: dict[str, tuple[str, int]] = {}
        for i in range(len(cls.GATES)):
            places |= {cls.STACKS[stack][i]: (stack, i) for stack in ("W", "U", "b")}
        for stack, parts in cls.STACKS.items():
            places |= {part: (stack, i) for i, part in enumerate(parts) if part not in places}
        return places

    @classmethod
    @cache
    def described(cls) -> Mapping[str, ArrayDescription]:
        """Return every named array's description, in the order of listing.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> GRUParams.described()["b_hn"]
        ArrayDescription(name='b_hn', role='recurrent_bias', of='n')
        """
        owners = {stack: cls.OWNERS.get(stack, cls.GATES) for stack in cls.STACKS}
        return {
            name: ArrayDescription(name, ROLES[stack], owners[stack][index])
            for name, (stack, index) in cls.places().items()
        }

    @classmethod
    def array(cls, name: str) -> Reference:
        """Return the reference to a named array, for the table of equations.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> RNNParams.array("W")
        Reference(kind='input_weights', name='W', of='h')
        """
        return cls.described()[name].reference

    @classmethod
    def random_array(
        cls,
        name: str,
        input_size: int,
        hidden_size: int,
        *,
        seed: int | np.random.Generator,
        gain: float = 1.0,
        dtype: DTypeLike = np.float64,
    ) -> FloatArray:
        """Draw new values for one named array.

        Parameters
        ----------
        name : str
            Any of the named arrays.
        input_size, hidden_size : int
            I and H, at least 1.
        seed : int or numpy.random.Generator
        gain : float
            Factor on a W or U, more than 0; it does not affect vectors.
        dtype : float32 or float64

        Returns
        -------
        ndarray
            W: Glorot-uniform (H, I). U: orthogonal (H, H). A vector: uniform within ±1/sqrt(H),
            shape (H,), as ``torch.nn.GRU`` draws biases (with zeros, as in `random`, there would
            be nothing to see).

        Raises
        ------
        FieldError
            If no array has that name.
        RangeError
            If a size is less than 1, or the gain is 0 or less.
        DTypeError
            If `dtype` is not float32 or float64.

        Examples
        --------
        >>> from gru_core import LSTMParams
        >>> LSTMParams.random_array("W_o", 3, 2, seed=7).shape
        (2, 3)
        """
        kind = check_dtype(dtype)
        if name not in cls.places():
            raise FieldError("name", f"be one of {', '.join(cls.places())}", repr(name))
        check_size("hidden_size", hidden_size)
        check_gain(gain)
        rng = np.random.default_rng(seed)
        role = cls.described()[name].role
        if role == "input_weights":
            return (gain * glorot(rng, input_size, hidden_size)).astype(kind)
        if role == "recurrent_weights":
            return (gain * orthogonal(rng, hidden_size)).astype(kind)
        limit = 1 / np.sqrt(hidden_size)
        return rng.uniform(-limit, limit, hidden_size).astype(kind)
