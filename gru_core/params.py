"""The weights of one GRU layer: stacked matrices and biases, and their parts by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gru_core.arrays import ARRAYS, FloatArray, as_floats, check_dtype, check_shape, owned
from gru_core.errors import FieldError, ShapeError
from gru_core.initial import check_gain, glorot, orthogonal

_GATE = {"z": 0, "r": 1, "n": 2}
_SHAPES = {"W": "(H, I)", "U": "(H, H)", "b": "(H,)"}


@dataclass(frozen=True, eq=False)
class GRUParams:
    """Weights of one layer in the article's form, stacked in the order z, r, n.

    Arrays are copied on the way in and cannot be written afterwards; `replace` makes changed
    copies.

    Parameters
    ----------
    W : array_like, shape (3H, I)
        Input weights, rows W_z, W_r, W_n. Its dtype, float32 or float64, is the layer's.
    U : array_like, shape (3H, H)
        Recurrent weights, rows U_z, U_r, U_n.
    b : array_like, shape (3H,), optional
        Biases b_z, b_r, b_n; None stands for no biases.
    b_hn : array_like, shape (H,), optional
        Bias inside the reset product: u = U_n·h_prev + b_hn.

    Raises
    ------
    DTypeError
        If W is neither float32 nor float64, or another array does not hold real numbers.
    ShapeError
        If the shapes do not fit each other.
    RangeError
        If an element is NaN or infinite.

    Notes
    -----
    Cho et al. 2014, arXiv:1406.1078, equations (5)–(8), with the reset gate applied after the
    recurrent product, as in ``torch.nn.GRU``.

    Examples
    --------
    >>> params = GRUParams(W=np.zeros((6, 3)), U=np.zeros((6, 2)))
    >>> params.input_size, params.hidden_size, params.W_z.shape, params.b_z
    (3, 2, (2, 3), None)
    """

    W: FloatArray
    U: FloatArray
    b: FloatArray | None = None
    b_hn: FloatArray | None = None

    def __post_init__(self) -> None:
        dtype = check_dtype(np.asarray(self.W).dtype)
        size = len(np.atleast_1d(self.W)) // 3
        inputs = np.shape(self.W)[1] if np.ndim(self.W) == 2 else 1
        expected = {
            "W": ("(3H, I)", (3 * size, inputs)),
            "U": ("(3H, H)", (3 * size, size)),
            "b": ("(3H,)", (3 * size,)),
            "b_hn": ("(H,)", (size,)),
        }
        for name, (letters, shape) in expected.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _own(name, value, dtype, letters, shape))
        if size == 0 or inputs == 0:
            raise ShapeError("W", "have shape (3H, I) with H ≥ 1 and I ≥ 1", str(self.W.shape))

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

    @property
    def W_z(self) -> FloatArray:
        """Input weights of the update gate, shape (H, I)."""
        return self.W[: self.hidden_size]

    @property
    def W_r(self) -> FloatArray:
        """Input weights of the reset gate, shape (H, I)."""
        return self.W[self.hidden_size : -self.hidden_size]

    @property
    def W_n(self) -> FloatArray:
        """Input weights of the candidate, shape (H, I)."""
        return self.W[-self.hidden_size :]

    @property
    def U_z(self) -> FloatArray:
        """Recurrent weights of the update gate, shape (H, H)."""
        return self.U[: self.hidden_size]

    @property
    def U_r(self) -> FloatArray:
        """Recurrent weights of the reset gate, shape (H, H)."""
        return self.U[self.hidden_size : -self.hidden_size]

    @property
    def U_n(self) -> FloatArray:
        """Recurrent weights of the candidate, shape (H, H)."""
        return self.U[-self.hidden_size :]

    @property
    def b_z(self) -> FloatArray | None:
        """Bias of the update gate, shape (H,), or None."""
        return None if self.b is None else self.b[: self.hidden_size]

    @property
    def b_r(self) -> FloatArray | None:
        """Bias of the reset gate, shape (H,), or None."""
        return None if self.b is None else self.b[self.hidden_size : -self.hidden_size]

    @property
    def b_n(self) -> FloatArray | None:
        """Bias of the candidate, shape (H,), or None."""
        return None if self.b is None else self.b[-self.hidden_size :]

    def arrays(self) -> dict[str, FloatArray]:
        """Return the named arrays, views of the stacked ones; absent biases are left out.

        Examples
        --------
        >>> list(GRUParams(W=np.zeros((6, 3)), U=np.zeros((6, 2))).arrays())
        ['W_z', 'U_z', 'W_r', 'U_r', 'W_n', 'U_n']
        """
        return {name: array for name in ARRAYS if (array := getattr(self, name)) is not None}

    def replace(self, **arrays: ArrayLike) -> Self:
        """Return params in which the given named arrays stand in place of the present ones.

        Parameters
        ----------
        **arrays : array_like
            New values by name, each of its array's shape. Stacked arrays that none of them
            touches are shared with the present params, not copied.

        Raises
        ------
        FieldError
            For a name that these params do not have (an absent bias, say).
        DTypeError, ShapeError, RangeError
            As for the constructor.

        Examples
        --------
        >>> params = GRUParams.random(3, 2, seed=0)
        >>> forgetful = params.replace(U_n=np.zeros((2, 2)))
        >>> forgetful.W is params.W, forgetful.U is params.U
        (True, False)
        """
        stacks: dict[str, FloatArray] = {}
        for name, value in arrays.items():
            old = self.arrays().get(name)
            if old is None:
                raise FieldError("name", f"be one of {', '.join(self.arrays())}", repr(name))
            new = as_floats(name, value, self.dtype)
            check_shape(name, new, _SHAPES[name[0]], old.shape)
            if name == "b_hn":
                stacks[name] = new
                continue
            stack = stacks.setdefault(name[0], getattr(self, name[0]).copy())
            _part(stack, name)[...] = new
        b, b_hn = stacks.get("b", self.b), stacks.get("b_hn", self.b_hn)
        return type(self)(stacks.get("W", self.W), stacks.get("U", self.U), b, b_hn)

    def astype(self, dtype: DTypeLike) -> Self:
        """Return these params in float32 or float64; themselves if that is what they are.

        Raises
        ------
        DTypeError
            For any other dtype.
        RangeError
            If a value is too large for float32.

        Examples
        --------
        >>> GRUParams.random(3, 2, seed=0).astype("float32").dtype
        dtype('float32')
        """
        wanted = check_dtype(dtype)
        if wanted == self.dtype:
            return self
        b = None if self.b is None else as_floats("b", self.b, wanted)
        b_hn = None if self.b_hn is None else as_floats("b_hn", self.b_hn, wanted)
        return type(self)(as_floats("W", self.W, wanted), as_floats("U", self.U, wanted), b, b_hn)

    @classmethod
    def from_arrays(
        cls,
        *,
        W_z: ArrayLike,
        U_z: ArrayLike,
        W_r: ArrayLike,
        U_r: ArrayLike,
        W_n: ArrayLike,
        U_n: ArrayLike,
        b_z: ArrayLike | None = None,
        b_r: ArrayLike | None = None,
        b_n: ArrayLike | None = None,
        b_hn: ArrayLike | None = None,
        dtype: DTypeLike = np.float64,
    ) -> Self:
        """Stack the named arrays into params.

        Parameters
        ----------
        W_z, W_r, W_n : array_like, shape (H, I)
            Input weights.
        U_z, U_r, U_n : array_like, shape (H, H)
            Recurrent weights.
        b_z, b_r, b_n : array_like, shape (H,), optional
            Biases. If any of the three is given, the others count as zeros.
        b_hn : array_like, shape (H,), optional
            Bias inside the reset product.
        dtype : float32 or float64

        Raises
        ------
        DTypeError, ShapeError, RangeError
            As for the constructor, naming the array.

        Examples
        --------
        >>> one = [[1.0]]
        >>> GRUParams.from_arrays(W_z=one, U_z=one, W_r=one, U_r=one, W_n=one, U_n=one).U
        array([[1.],
               [1.],
               [1.]])
        """
        kind = check_dtype(dtype)
        inputs = as_floats("W_z", W_z, kind)
        if inputs.ndim != 2:
            raise ShapeError("W_z", "have shape (H, I)", str(inputs.shape))
        H, I = inputs.shape
        W = _stack({"W_z": inputs, "W_r": W_r, "W_n": W_n}, kind, (H, I))
        U = _stack({"U_z": U_z, "U_r": U_r, "U_n": U_n}, kind, (H, H))
        biases = {"b_z": b_z, "b_r": b_r, "b_n": b_n}
        given = {k: np.zeros(H) if v is None else v for k, v in biases.items()}
        b = None if all(v is None for v in biases.values()) else _stack(given, kind, (H,))
        hn = None if b_hn is None else _stack({"b_hn": b_hn}, kind, (H,))
        return cls(W, U, b, hn)

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
    ) -> Self:
        """Draw fresh params: Glorot-uniform W, orthogonal U, biases 0.

        Parameters
        ----------
        input_size, hidden_size : int
            I and H, at least 1.
        seed : int or numpy.random.Generator
            Where the randomness comes from; the same seed gives the same params.
        bias : bool
            Whether there are biases at all.
        gain : float
            Factor on every W and U, more than 0: above 1 the gates leave the middle sooner.
        dtype : float32 or float64

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
        >>> params = GRUParams.random(3, 2, seed=0)
        >>> bool(np.allclose(params.U_z @ params.U_z.T, np.eye(2)))
        True
        """
        kind = check_dtype(dtype)
        check_gain(gain)
        rng = np.random.default_rng(seed)
        W = [gain * glorot(rng, input_size, hidden_size) for _ in _GATE]
        U = [gain * orthogonal(rng, hidden_size) for _ in _GATE]
        b = np.zeros(3 * hidden_size, kind) if bias else None
        b_hn = np.zeros(hidden_size, kind) if bias else None
        return cls(np.concatenate(W).astype(kind), np.concatenate(U).astype(kind), b, b_hn)


def _part(stack: FloatArray, name: str) -> FloatArray:
    """Return the rows of a stacked array that `name` stands for."""
    size = len(stack) // 3
    first = _GATE[name[2]] * size
    return stack[first : first + size]


def _own(
    name: str,
    value: ArrayLike,
    dtype: np.dtype[np.floating[Any]],
    letters: str,
    shape: tuple[int, ...],
) -> FloatArray:
    """Return a checked array that nobody can write: `value` itself if it already is one."""
    array = as_floats(name, value, dtype)
    check_shape(name, array, letters, shape)
    return owned(array)


def _stack(
    arrays: Mapping[str, ArrayLike], dtype: np.dtype[np.floating[Any]], shape: tuple[int, ...]
) -> FloatArray:
    """Check arrays of one shape and stack their rows."""
    parts = []
    for name, value in arrays.items():
        part = as_floats(name, value, dtype)
        check_shape(name, part, _SHAPES[name[0]], shape)
        parts.append(part)
    stacked: FloatArray = np.concatenate(parts)
    return stacked
