"""Pickles as torch.save writes them, read without running anything.

A pickle is a program for a small machine. This machine has the steps that make containers, text
and numbers; the only calls it knows are those in `_CALLS`, which describe a tensor without making
one. It never looks up a module: it compares the names of classes and functions, and an unknown one
ends the reading.
"""

import struct
from collections.abc import Callable
from typing import Any, Final

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.torch.pickle_names import DTYPES, INERT, Inert, Name, Storage, Tensor

ADVICE: Final = "save model.state_dict() instead"
_RANK: Final = 64
"""Dimensions a tensor of PyTorch's may have."""


class _Refusal(Exception):
    """The reason why the machine stops."""


def load(data: bytes, file: str, entry: str, limits: Limits) -> Any:
    """Return the content of a pickle: containers, text, numbers, `Tensor` and `Inert`.

    Raises
    ------
    FormatError
        If it refers to anything but tensors and their containers, has steps that torch.save does
        not write, is damaged, or goes on for too long.

    Examples
    --------
    >>> import pickle
    >>> load(pickle.dumps({"epoch": [3, None]}, 2), "a.pt", "data.pkl", Limits())
    {'epoch': [3, None]}
    >>> load(pickle.dumps(print, 2), "a.pt", "data.pkl", Limits())
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: a.pt: data.pkl: refers to __builtin__.print, which no \
state_dict needs; save model.state_dict() instead
    """
    machine = _Machine(data, limits)
    try:
        return machine.run()
    except _Refusal as refusal:
        raise FormatError(file, entry, str(refusal)) from None
    except (LookupError, TypeError, ValueError, struct.error):
        # An empty stack, an unknown memo or missing bytes: the pickle is damaged.
        raise FormatError(file, entry, f"is damaged near byte {machine.place}") from None


class _Machine:
    """The pickle machine: a stack, marks in it, a memo, and a place in the data."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.place = 0
        self._most = self._left = limits.operations
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> Any:
        """Execute all steps and return the result."""
        while True:
            self.spend(1)
            step = self.data[self.place]
            self.place += 1
            if step == 0x2E:  # STOP
                return self._stack.pop()
            if step not in _STEPS:
                known = f"a step that torch.save does not write, {bytes([step])!r}"
                raise _Refusal(f"has {known}, at byte {self.place - 1}")
            _STEPS[step](self)

    def spend(self, steps: int) -> None:
        """Charge one step per value touched."""
        self._left -= steps
        if self._left < 0:
            raise _Refusal(f"takes more than {self._most} steps")

    def push(self, value: Any) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def take(self, length: int) -> bytes:
        """Return the next bytes of the data."""
        piece = self.data[self.place : self.place + length]
        if len(piece) < length:
            raise ValueError
        self.place += length
        return piece

    def number(self, layout: str) -> Any:
        """Return the next number, laid out as `struct` says."""
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def line(self) -> str:
        """Return the text up to the end of the line."""
        end = self.data.index(b"\n", self.place)
        return self.take(end + 1 - self.place)[:-1].decode()

    def long(self) -> None:
        """Push an integer of up to 255 bytes."""
        self.push(int.from_bytes(self.take(self.number("<B")), "little", signed=True))

    def mark(self) -> None:
        """Begin a group on the stack."""
        self._below.append(self._stack)
        self._stack = []

    def group(self) -> list[Any]:
        """Remove and return the values pushed since the last mark."""
        group, self._stack = self._stack, self._below.pop()
        return group

    def some(self, count: int) -> list[Any]:
        """Remove and return the last few values."""
        if count > len(self._stack):
            raise IndexError
        group = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        return group

    def put(self, index: int) -> None:
        """Remember the last value."""
        self._memo[index] = self._stack[-1]

    def get(self, index: int) -> None:
        """Push a remembered value."""
        self.push(self._memo[index])

    def append(self, values: list[Any]) -> None:
        """Add values to a list, or to something inert."""
        target = self._stack[-1]
        if isinstance(target, list):
            target.extend(values)
        elif not isinstance(target, Inert):
            raise TypeError

    def items(self, values: list[Any]) -> None:
        """Add keys and values to a dict; keys that cannot be part of a name are left out."""
        target = self._stack[-1]
        if len(values) % 2 or not isinstance(target, dict | Inert):
            raise TypeError
        if isinstance(target, dict):
            pairs = zip(values[::2], values[1::2], strict=True)
            target.update((key, value) for key, value in pairs if _is_key(key))

    def name(self, path: str) -> None:
        """Push a class or function, if it is known."""
        if path not in _CALLS and path not in DTYPES and path not in INERT:
            if path.startswith("torch.nn.modules."):
                raise _Refusal(f"is a whole module ({path}), not its weights; {ADVICE}")
            if path.startswith("torch._utils._rebuild_"):
                raise _Refusal(f"has a kind of tensor that is not read here ({path})")
            raise _Refusal(f"refers to {path}, which no state_dict needs; {ADVICE}")
        self.push(Name(path))

    def stack_name(self) -> None:
        """Push the class or function that the last two texts name."""
        module, name = self.some(2)
        if type(module) is not str or type(name) is not str:
            raise TypeError
        self.name(f"{module}.{name}")

    def call(self) -> None:
        """Push the result of a known class or function."""
        called, arguments = self.some(2)
        if not isinstance(called, Name) or not isinstance(arguments, tuple):
            raise _Refusal(f"calls something that is no function, at byte {self.place - 1}")
        # Arguments may come from the memo, so a long argument may be used in every call.
        self.spend(len(arguments))
        self.spend(sum(len(a) for a in arguments if isinstance(a, tuple | list | dict)))
        self.push(_call(called, arguments))

    def build(self) -> None:
        """Skip the state of a dict or of an inert object."""
        self.some(1)
        if not isinstance(self._stack[-1], dict | Inert):
            raise _Refusal(f"sets the state of something, at byte {self.place - 1}")

    def storage(self) -> None:
        """Push the storage that a tuple describes."""
        (found,) = self.some(1)
        tag, kind, key, _, count = found
        if tag != "storage" or not isinstance(kind, Name) or type(key) is not str:
            raise TypeError
        if type(count) is not int:
            raise TypeError
        if kind.path not in DTYPES or count < 0:
            raise _Refusal(f"has a storage of {count!r} numbers of {kind.path}")
        self.push(Storage(DTYPES[kind.path], key, count))


def _call(called: Name, arguments: tuple[Any, ...]) -> Any:
    make = _CALLS.get(called.path)
    return make(*arguments) if make else Inert(called.path)


def _is_key(key: Any) -> bool:
    """Return whether a key can be part of a name; wider integers can be made to hash alike."""
    return type(key) is str or (type(key) is int and -(1 << 63) <= key < 1 << 63)


def _tensor(storage: Any, offset: Any, shape: Any, stride: Any, *more: Any) -> Tensor:
    for sizes in (shape, stride):
        if type(sizes) is not tuple:
            raise TypeError
        if len(sizes) > _RANK:
            raise _Refusal(f"has a tensor of {len(sizes)} dimensions")
    whole = [offset, *shape, *stride]
    if not isinstance(storage, Storage) or any(type(n) is not int for n in whole):
        raise TypeError
    if any(more[2:]):  # beyond requires_grad and hooks: that all numbers be negated or conjugated
        raise _Refusal(f"has a tensor that is a negated view; {ADVICE}, its tensors cloned")
    return Tensor(storage, offset, shape, stride)


def _of_type(make: Any, kind: Any, arguments: Any, state: Any) -> Any:
    """Return a tensor with attributes, without these."""
    if not isinstance(make, Name) or not make.path.startswith("torch._utils._rebuild_"):
        raise TypeError
    return _call(make, tuple(arguments))


def _dict(pairs: Any = (), *_: Any) -> dict[Any, Any]:
    return {key: value for key, value in pairs if _is_key(key)}


_CALLS: dict[str, Callable[..., Any]] = {
    "collections.OrderedDict": _dict,
    "collections.defaultdict": lambda *_: {},
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": lambda tensor, *_: tensor,
    "torch._utils._rebuild_parameter_with_state": lambda tensor, *_: tensor,
    "torch._tensor._rebuild_from_type_v2": _of_type,
}

_STEPS: dict[int, Callable[[_Machine], Any]] = {
    code[0]: step
    for code, step in {
        b"\x80": lambda m: m.take(1),  # PROTO
        b"\x95": lambda m: m.take(8),  # FRAME
        b"N": lambda m: m.push(None),
        b"\x88": lambda m: m.push(True),
        b"\x89": lambda m: m.push(False),
        b"J": lambda m: m.push(m.number("<i")),
        b"K": lambda m: m.push(m.number("<B")),
        b"M": lambda m: m.push(m.number("<H")),
        b"G": lambda m: m.push(m.number(">d")),
        b"\x8a": lambda m: m.long(),
        b"X": lambda m: m.push(m.take(m.number("<I")).decode()),
        b"\x8c": lambda m: m.push(m.take(m.number("<B")).decode()),
        b"\x8d": lambda m: m.push(m.take(m.number("<Q")).decode()),
        b"B": lambda m: m.push(m.take(m.number("<I"))),
        b"C": lambda m: m.push(m.take(m.number("<B"))),
        b"\x8e": lambda m: m.push(m.take(m.number("<Q"))),
        b"\x96": lambda m: m.push(m.take(m.number("<Q"))),
        b"T": lambda m: m.push(m.take(m.number("<I")).decode()),  # text of Python 2
        b"U": lambda m: m.push(m.take(m.number("<B")).decode()),
        b"}": lambda m: m.push({}),
        b"]": lambda m: m.push([]),
        b")": lambda m: m.push(()),
        b"\x8f": lambda m: m.push(Inert("builtins.set")),
        b"(": lambda m: m.mark(),
        b"t": lambda m: m.push(tuple(m.group())),
        b"\x85": lambda m: m.push(tuple(m.some(1))),
        b"\x86": lambda m: m.push(tuple(m.some(2))),
        b"\x87": lambda m: m.push(tuple(m.some(3))),
        b"\x91": lambda m: (m.group(), m.push(Inert("builtins.frozenset"))),
        b"a": lambda m: m.append(m.some(1)),
        b"e": lambda m: m.append(m.group()),
        b"\x90": lambda m: m.append(m.group()),
        b"s": lambda m: m.items(m.some(2)),
        b"u": lambda m: m.items(m.group()),
        b"0": lambda m: m.some(1),
        b"1": lambda m: m.group(),
        b"q": lambda m: m.put(m.number("<B")),
        b"r": lambda m: m.put(m.number("<I")),
        b"\x94": lambda m: m.put(len(m._memo)),
        b"h": lambda m: m.get(m.number("<B")),
        b"j": lambda m: m.get(m.number("<I")),
        b"c": lambda m: m.name(f"{m.line()}.{m.line()}"),
        b"\x93": lambda m: m.stack_name(),
        b"R": lambda m: m.call(),
        b"\x81": lambda m: m.call(),  # NEWOBJ
        b"b": lambda m: m.build(),
        b"Q": lambda m: m.storage(),
    }.items()
}
"""Steps by opcode; what is not here (INST, OBJ, EXT, NEWOBJ_EX, protocol 0) torch.save does not
write."""
