"""Pickles of torch.save, read by Python's own unpickler without running anything in them.

A pickle is a program that names classes and functions and calls them. Here a name stays a name: it
is never imported or looked up. A call of a name in `_CALLS` runs a function of this module, which
describes a tensor; a call of any other name makes a `Record` of what it was called with.

It is the unpickler written in Python. The one in C enlarges its memo to any index in the pickle,
hashes keys of any depth on its own stack, and sets attributes of whatever it finds there.
"""

import io
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

_RANK: Final = 64
"""Dimensions a tensor of PyTorch's may have."""
_KINDS = {
    "Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16",
    "Long": "int64", "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8",
    "Bool": "bool", "ComplexFloat": "complex64", "ComplexDouble": "complex128",
}  # fmt: skip
_DTYPES = {f"torch.{kind}Storage": dtype for kind, dtype in _KINDS.items()}


@dataclass(frozen=True)
class Name:
    """A class or function, known only by name."""

    path: str


@dataclass(frozen=True)
class Storage:
    """A run of numbers in the file: its dtype, key and length, and the first number of a view."""

    dtype: str
    key: str
    count: int
    first: int = 0


@dataclass(frozen=True)
class Tensor:
    """A view of a storage; offset and stride count elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


class Items(dict[Any, Any]):
    """A dict without the keys that cannot be part of a name.

    Wider integers can be made to hash alike, and the hash of a tuple can take forever.
    """

    def __setitem__(self, key: Any, value: Any) -> None:
        if type(key) is str or (type(key) is int and -(1 << 63) <= key < 1 << 63):
            super().__setitem__(key, value)


@dataclass(eq=False, slots=True)
class Record:
    """An object that is not made: what its class or function was called with, and its content."""

    path: str
    arguments: tuple[Any, ...] = ()
    state: Any = None
    listed: list[Any] = field(default_factory=list)
    items: Items = field(default_factory=Items)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.items[key] = value

    def append(self, value: Any) -> None:
        """Keep a value that is appended."""
        self.listed.append(value)


class _Refusal(Exception):
    """The reason why reading stops."""


class Reader(io.BytesIO):
    """The bytes of a pickle; what reaches beyond them is damage."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return as many bytes as asked for."""
        piece = super().read(size)
        if size is not None and len(piece) < size:
            raise EOFError
        return piece


def load(
    reader: Reader,
    file: str,
    entry: str,
    limits: Limits,
    storages: dict[str, Storage] | None = None,
) -> Any:
    """Return the content of the next pickle: text, numbers, containers, `Tensor` and `Record`.

    A class or function that is not called is its `Name`. What the pickle says of storages is added
    to `storages` by their keys.

    Raises
    ------
    FormatError
        If it is damaged, describes an impossible tensor, or goes on for too long.

    Examples
    --------
    >>> load(Reader(pickle.dumps({"epoch": [3, None]})), "a.pt", "data.pkl", Limits())
    {'epoch': [3, None]}
    >>> load(Reader(pickle.dumps([print, 1j])), "a.pt", "data.pkl", Limits())[1].path
    'builtins.complex'
    """
    try:
        return _Unpickler(reader, limits, {} if storages is None else storages).load()
    except _Refusal as refusal:
        raise FormatError(file, entry, str(refusal)) from None
    except (
        LookupError, TypeError, ValueError, AttributeError, EOFError, OverflowError,
        struct.error, pickle.UnpicklingError,
    ):  # fmt: skip
        # An empty stack, an unknown memo or missing bytes: the pickle is damaged.
        raise FormatError(file, entry, f"is damaged near byte {reader.tell()}") from None


class _Steps(dict[int, Callable[[Any], None]]):
    """The unpickler's steps by opcode, of which only so many are taken."""

    def __init__(self, steps: dict[int, Callable[[Any], None]], most: int) -> None:
        super().__init__(steps)
        self._most = self._left = most

    def __getitem__(self, opcode: int) -> Callable[[Any], None]:
        self.spend(1)
        return super().__getitem__(opcode)

    def spend(self, steps: int) -> None:
        """Charge one step per value touched."""
        self._left -= steps
        if self._left < 0:
            raise _Refusal(f"takes more than {self._most} steps")


class _Unpickler(pickle._Unpickler):
    """Python's unpickler, which calls, imports and looks up nothing."""

    stack: list[Any]
    memo: dict[int, Any]
    read: Callable[[int], bytes]
    readline: Callable[[], bytes]
    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]

    def __init__(self, reader: Reader, limits: Limits, storages: dict[str, Storage]) -> None:
        super().__init__(reader, encoding="utf-8", errors="replace")
        self._storages = storages
        self.steps = _Steps(dict(type(self).dispatch), limits.operations)
        self.dispatch = self.steps  # type: ignore[misc]

    def find_class(self, module: str, name: str) -> Name:
        """Return a name in place of what it names."""
        return Name(f"{module}.{name}")

    def get_extension(self, code: int) -> None:
        """Push a number of copyreg's, which is not looked up either."""
        self.append(Name(f"copyreg.{code}"))

    def persistent_load(self, pid: Any) -> Any:
        """Return the storage that a tuple describes, or the class of a module."""
        if pid[0] == "module":  # with its source, before PyTorch 1.6
            return pid[1]
        tag, kind, key, _, count, *view = pid
        if tag != "storage" or type(kind) is not Name or type(key) is not str:
            raise TypeError
        if kind.path not in _DTYPES:
            return Record(kind.path)
        first = view[0][1] if view and view[0] else 0
        if type(count) is not int or type(first) is not int:
            raise TypeError
        if count < 0 or first < 0:
            raise _Refusal(f"has a storage of {count} numbers from {first} on")
        self._storages.setdefault(key, Storage(_DTYPES[kind.path], key, count))
        return Storage(_DTYPES[kind.path], key, count, first)

    def _instantiate(self, called: Any, arguments: Any) -> None:
        """Push the result of a call."""
        if type(called) is not Name or not isinstance(arguments, tuple | list):
            raise _Refusal("calls something that is no function")
        # Arguments may come from the memo, so a long argument may be used in every call.
        self.steps.spend(len(arguments))
        self.steps.spend(sum(len(a) for a in arguments if isinstance(a, tuple | list | dict)))
        self.append(_call(called, tuple(arguments)))

    def _call(self) -> None:
        arguments, called = self.stack.pop(), self.stack.pop()
        self._instantiate(called, arguments)

    def _call_with_names(self) -> None:
        names = self.stack.pop()
        self._call()
        self.stack.append(names)
        self._build()

    def _build(self) -> None:
        """Keep the state of an object, and drop that of a dict or a tensor."""
        state, target = self.stack.pop(), self.stack[-1]
        if type(target) is Record:
            target.state = state

    def _dict(self) -> None:
        values = self.pop_mark()
        self.append(_items(zip(values[::2], values[1::2], strict=True)))

    def _put(self) -> None:
        index = int(self.readline())
        if not 0 <= index < 1 << 32:
            raise ValueError
        self.memo[index] = self.stack[-1]

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {
        **pickle._Unpickler.dispatch,
        pickle.FRAME[0]: lambda self: self.read(8),  # all bytes are there without it
        pickle.PUT[0]: _put,
        pickle.REDUCE[0]: _call,
        pickle.NEWOBJ[0]: _call,
        pickle.NEWOBJ_EX[0]: _call_with_names,
        pickle.BUILD[0]: _build,
        pickle.EMPTY_DICT[0]: lambda self: self.append(Items()),
        pickle.DICT[0]: _dict,
        # A set is a list: the hash of a value can take forever.
        pickle.EMPTY_SET[0]: pickle._Unpickler.dispatch[pickle.EMPTY_LIST[0]],
        pickle.ADDITEMS[0]: pickle._Unpickler.dispatch[pickle.APPENDS[0]],
        pickle.FROZENSET[0]: pickle._Unpickler.dispatch[pickle.LIST[0]],
        # Python makes room for all bytes before it reads them.
        pickle.BYTEARRAY8[0]: pickle._Unpickler.dispatch[pickle.BINBYTES8[0]],
    }


def _items(pairs: Any) -> Items:
    found = Items()
    for key, value in pairs:
        found[key] = value
    return found


def _call(called: Name, arguments: tuple[Any, ...]) -> Any:
    make = _CALLS.get(called.path)
    return Record(called.path, arguments) if make is None else make(called.path, *arguments)


def _tensor(path: str, storage: Any, offset: Any, shape: Any, stride: Any, *more: Any) -> Any:
    if type(storage) is Record:  # of quantised numbers, or of a kind that is not known
        return Record(path, (storage, offset, shape, stride))
    for sizes in (shape, stride):
        if type(sizes) is not tuple:
            raise TypeError
        if len(sizes) > _RANK:
            raise _Refusal(f"has a tensor of {len(sizes)} dimensions")
    if type(storage) is not Storage or any(type(n) is not int for n in (offset, *shape, *stride)):
        raise TypeError
    if any(more[2:]):  # beyond requires_grad and hooks: that all numbers be negated or conjugated
        return Record(path, (storage, offset, shape, stride))
    return Tensor(storage, storage.first + offset, shape, stride)


def _of_type(path: str, make: Any, kind: Any, arguments: Any, state: Any) -> Any:
    """Return a tensor with attributes, without these."""
    if type(make) is not Name or not make.path.startswith("torch._utils._rebuild_"):
        raise TypeError
    return _call(make, tuple(arguments))


def _first(path: str, tensor: Any = None, *_: Any) -> Any:
    """Return the tensor of a parameter."""
    return tensor


_CALLS: dict[str, Callable[..., Any]] = {
    "collections.OrderedDict": lambda path, pairs=(), *_: _items(pairs),
    "collections.defaultdict": lambda path, *_: Items(),
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _first,
    "torch._utils._rebuild_parameter_with_state": _first,
    "torch._tensor._rebuild_from_type_v2": _of_type,
    "torch.nn.parameter.Parameter": _first,
    "torch.autograd.variable.Variable": _first,
}
