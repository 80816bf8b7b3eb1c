"""The weights and the form of one layer: the common part of every cell's params.

Params are a frozen dataclass of stacked arrays and of the switches that choose the form. The
`Layout` lists the stacks of a kind; checks, copies and random weights follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gru_core.arrays import FloatArray, as_floats, check_dtype, check_shape
from gru_core.errors import DTypeError, FieldError, RangeError, ShapeError
from gru_core.parameters.activations import Activation
from gru_core.parameters.equations import Equation
from gru_core.parameters.initial import check_gain, check_size, glorot, orthogonal
from gru_core.parameters.layout import ROLES, Layout
from gru_core.parameters.references import MATRICES
from gru_core.parameters.stacks import checked_stack, part, stack_parts, stack_shape


@dataclass(frozen=True, eq=False)
class Params(Layout):
    """Weights and form of one layer in one direction; `GRUParams` and others derive from it.

    Arrays are copied and read-only; `replace` returns changed copies. Every part of a stack is an
    attribute (``W_z``), and None if the stack is None.

    Attributes
    ----------
    W : ndarray, shape (G·H, I)
        Input weights, G matrices stacked. Its dtype, float32 or float64, is the layer's.
    U : ndarray, shape (G·H, H)
        Recurrent weights, stacked in the same order.
    b : ndarray, shape (G·H,), or None
        Biases, stacked in the same order; None means no biases.
    clip : float or None
        Bound on the input of every activation, as ONNX has it.
    activations : tuple of Activation
        As many as the kind has, in ONNX's order.

    Examples
    --------
    >>> from gru_core import LSTMParams
    >>> params = LSTMParams.random(3, 2, seed=0)
    >>> params.kind, params.GATES, params.W_f.shape
    ('lstm', ('i', 'f', 'o', 'g'), (2, 3))
    """

    W: FloatArray
    U: FloatArray
    b: FloatArray | None = None
    clip: float | None = field(default=None, kw_only=True)
    activations: tuple[Activation, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        dtype = check_dtype(np.asarray(self.W).dtype)
        G = len(self.GATES)
        H = len(np.atleast_1d(self.W)) // G
        I = np.shape(self.W)[1] if np.ndim(self.W) == 2 else 1
        for name, parts in self.STACKS.items():
            value = getattr(self, name)
            if value is not None:
                letters, shape = stack_shape(name, len(parts), H, I)
                object.__setattr__(self, name, checked_stack(name, value, dtype, letters, shape))
        if H == 0 or I == 0:
            letters = stack_shape("W", G, H, I)[0]
            raise ShapeError("W", f"have shape {letters} with H ≥ 1 and I ≥ 1", str(self.W.shape))
        self._check_form()

    def _check_form(self) -> None:
        """Check the clip and the activations."""
        if not self.activations:
            object.__setattr__(self, "activations", self.ACTIVATIONS)
        if len(self.activations) != len(self.ACTIVATIONS):
            wanted = f"be {len(self.ACTIVATIONS)}, as a {self.kind} has"
            raise ShapeError("activations", wanted, str(len(self.activations)))
        for i, one in enumerate(self.activations):
            if not isinstance(one, Activation):
                expected = "be an Activation, such as Activation.of('Relu')"
                raise DTypeError(f"activations[{i}]", expected, repr(one))
        if self.clip is not None and not 0 < self.clip < np.inf:
            raise RangeError("clip", "be a finite number more than 0", str(self.clip))

    def __getattr__(self, name: str) -> Any:
        """Return a part of a stack by its name, or None if its stack is absent."""
        place = type(self).places().get(name)
        if place is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        stack, index = place
        array = getattr(self, stack)
        return None if array is None else part(array, index, len(self.STACKS[stack]))

    @property
    def input_size(self) -> int:
        """I, the number of inputs per timestep."""
        return int(self.W.shape[1])

    @property
    def hidden_size(self) -> int:
        """H, the number of units."""
        return int(self.U.shape[1])

    @property
    def dtype(self) -> np.dtype[np.floating[Any]]:
        """float32 or float64."""
        return self.W.dtype

    def equations(self) -> tuple[Equation, ...]:
        """Return the equations of this form, in the order of computation.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> [str(equation) for equation in RNNParams.random(2, 3, seed=0).equations()]
        ['h = tanh(W x + U h_prev + b)']
        """
        raise NotImplementedError

    def form(self) -> dict[str, Any]:
        """Return the switches: everything that is not an array, by name.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> form = GRUParams.random(2, 3, seed=0).form()
        >>> form["reset_after"], form["z_keeps"], form["clip"]
        (True, True, None)
        """
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.STACKS}

    def with_form(self, **form: Any) -> Self:
        """Return the same weights in another form, which computes another function.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> GRUParams.random(2, 3, seed=0).with_form(reset_after=False).reset_after
        False
        """
        return type(self)(**self._stacks(), **{**self.form(), **form})

    def arrays(self) -> dict[str, FloatArray]:
        """Return the named arrays, views of the stacked ones; absent biases are left out.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> list(GRUParams(W=np.zeros((6, 3)), U=np.zeros((6, 2))).arrays())
        ['W_z', 'U_z', 'W_r', 'U_r', 'W_n', 'U_n']
        """
        return {name: array for name in self.places() if (array := self._named(name)) is not None}

    def replace(self, **arrays: ArrayLike) -> Self:
        """Return params in which the named arrays are replaced.

        Parameters
        ----------
        **arrays : array_like
            New values by name, each with its array's shape. Stacks without a new value are shared
            with the present params, not copied.

        Raises
        ------
        FieldError
            For a name that these params do not have, such as an absent bias.
        DTypeError, ShapeError, RangeError
            As for the constructor.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> params = GRUParams.random(3, 2, seed=0)
        >>> forgetful = params.replace(U_n=np.zeros((2, 2)))
        >>> forgetful.W is params.W, forgetful.U is params.U
        (True, False)
        """
        stacks, places = self._stacks(), self.places()
        fresh: set[str] = set()
        for name, value in arrays.items():
            old = self._named(name) if name in places else None
            if old is None:
                raise FieldError("name", f"be one of {', '.join(self.arrays())}", repr(name))
            new = as_floats(name, value, self.dtype)
            check_shape(name, new, self.described()[name].letters, old.shape)
            stack, index = places[name]
            if stack not in fresh:
                fresh.add(stack)
                stacks[stack] = getattr(self, stack).copy()
            part(stacks[stack], index, len(self.STACKS[stack]))[...] = new
        return type(self)(**stacks, **self.form())

    def astype(self, dtype: DTypeLike) -> Self:
        """Return these params in float32 or float64, unchanged if they already have the dtype.

        Raises
        ------
        DTypeError
            For any other dtype.
        RangeError
            If a value is too large for float32.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> GRUParams.random(3, 2, seed=0).astype("float32").dtype
        dtype('float32')
        """
        wanted = check_dtype(dtype)
        if wanted == self.dtype:
            return self
        stacks: dict[str, Any] = {
            k: as_floats(k, v, wanted) for k, v in self._stacks().items() if v is not None
        }
        return type(self)(**stacks, **self.form())

    @classmethod
    def from_arrays(cls, *, dtype: DTypeLike = np.float64, **values: Any) -> Self:
        """Stack named arrays into params.

        Parameters
        ----------
        dtype : float32 or float64
        **values
            The named arrays: each W of shape (H, I), each U of (H, H), and optionally biases and
            others of shape (H,); if any part of a stack is there, missing parts count as zeros.
            Also the switches of the form.

        Raises
        ------
        FieldError
            If a W or U is missing, or a name is unknown.
        DTypeError, ShapeError, RangeError
            As for the constructor, naming the array.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> one = [[1.0]]
        >>> GRUParams.from_arrays(W_z=one, U_z=one, W_r=one, U_r=one, W_n=one, U_n=one).U
        array([[1.],
               [1.],
               [1.]])
        """
        kind = check_dtype(dtype)
        arrays = {name: values[name] for name in cls.places() if values.get(name) is not None}
        form = {name: value for name, value in values.items() if name not in cls.places()}
        switches = {f.name for f in fields(cls)} - set(cls.STACKS)
        for name in form:
            if name not in switches:
                raise FieldError("name", f"be one of {', '.join(cls.places())}", repr(name))
        first = cls.STACKS["W"][0]
        inputs = as_floats(first, arrays.get(first, np.zeros(0)), kind)
        if inputs.ndim != 2:
            got = str(inputs.shape) if first in arrays else "nothing"
            raise ShapeError(first, "have shape (H, I)", got)
        H, I = inputs.shape
        known = cls.described()
        stacks: dict[str, Any] = {
            stack: stack_parts({name: arrays.get(name) for name in names}, known, kind, H, I)
            for stack, names in cls.STACKS.items()
            if ROLES[stack] in MATRICES or any(name in arrays for name in names)
        }
        return cls(**stacks, **form)

    @classmethod
    def random(
        cls,
        input_size: int,
        hidden_size: int,
        *,
        seed: int | np.random.Generator,
        bias: bool = True,
        gain: float = 1.0,
        dtype: DTypeLike = np.float64,
        **form: Any,
    ) -> Self:
        """Draw fresh params: Glorot-uniform W, orthogonal U, biases 0, no peepholes.

        Parameters
        ----------
        input_size, hidden_size : int
            I and H, at least 1.
        seed : int or numpy.random.Generator
            Where the randomness comes from; the same seed gives the same params.
        bias : bool
            Whether there are biases.
        gain : float
            Factor on every W and U, more than 0: above 1 the gates leave the middle sooner.
        dtype : float32 or float64
        **form
            Switches of the form.

        Raises
        ------
        RangeError
            If a size is less than 1, or the gain is not more than 0.
        DTypeError
            If `dtype` is neither float32 nor float64.

        Notes
        -----
        Glorot & Bengio 2010; Saxe, McClelland & Ganguli 2014, arXiv:1312.6120.

        Examples
        --------
        >>> from gru_core import GRUParams
        >>> params = GRUParams.random(3, 2, seed=0)
        >>> bool(np.allclose(params.U_z @ params.U_z.T, np.eye(2)))
        True
        """
        kind = check_dtype(dtype)
        check_gain(gain)
        check_size("hidden_size", hidden_size)
        rng = np.random.default_rng(seed)
        W = [gain * glorot(rng, input_size, hidden_size) for _ in cls.GATES]
        U = [gain * orthogonal(rng, hidden_size) for _ in cls.GATES]
        biases = {
            stack: np.zeros(len(parts) * hidden_size, kind)
            for stack, parts in cls.STACKS.items()
            if bias and ROLES[stack] in ("bias", "recurrent_bias")
        }
        return cls(
            W=np.concatenate(W).astype(kind), U=np.concatenate(U).astype(kind), **biases | form
        )

    def _stacks(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.STACKS}

    def _named(self, name: str) -> FloatArray | None:
        stack, index = self.places()[name]
        array = getattr(self, stack)
        return None if array is None else part(array, index, len(self.STACKS[stack]))
