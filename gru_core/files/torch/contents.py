"""The tensors and modules in an unpickled file, by name."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.torch.unpickler import Record, Tensor

_PARTS: Final = ("_parameters", "_buffers", "_modules")
"""What nn.Module keeps its parts in."""
_REBUILT: Final = ("torch._utils._rebuild_", "torch._tensor._rebuild_")
_NESTED: Final = (Tensor, Record, dict, list, tuple)
_PLAIN: Final = (bool, int, float, str)
Attributes = dict[str, Any]


class Found(NamedTuple):
    """A tensor, or the record of one of a kind that is not read.

    Its name is the keys that lead to it, joined by dots; its scope is the container around it. All
    parameters and buffers in a module have the scope of the outermost one.
    """

    name: str
    scope: str
    tensor: Tensor | Record


@dataclass
class Contents:
    """What a file has.

    Parameters
    ----------
    tensors : list of Found
        In the order of the file; those of a module in the order of its state_dict.
    modules : dict of dict
        The plain attributes of every pickled module by its name, with its class as ``"class"``.
    classes : dict of None
        The names of the other classes and functions, in their order.
    """

    tensors: list[Found] = field(default_factory=list)
    modules: dict[str, Attributes] = field(default_factory=dict)
    classes: dict[str, None] = field(default_factory=dict)


class _Place(NamedTuple):
    """A value on the way, by its name, in a scope; a module's part knows the outermost module."""

    name: str
    scope: str
    value: Any
    depth: int = 0
    module: str | None = None


def contents(content: Any, file: str, limits: Limits) -> Contents:
    """Return the tensors and modules in nested containers and records.

    A container that is reached twice counts once.

    Raises
    ------
    FormatError
        If there are too many, if they are nested too deep, or if their names are too long.

    Examples
    --------
    >>> found = contents({"a": [Record("torch._utils._rebuild_qtensor")]}, "a.pt", Limits())
    >>> [one.name for one in found.tensors]
    ['a.0']
    """
    found, seen = Contents(), set[int]()
    waiting = [_Place("", "", content)]
    left = limits.operations
    while waiting:
        name, scope, value, depth, module = waiting.pop()
        if isinstance(value, Tensor) or _is_rebuilt(value):
            found.tensors.append(Found(name, scope, value))
            continue
        if id(value) in seen:
            continue
        seen.add(id(value))
        parts, others = _inner(value)
        left -= 1 + len(parts or ()) + len(others)
        if left < 0:
            raise FormatError(file, name, f"is one of more than {limits.operations} values")
        if depth > limits.depth:
            raise FormatError(file, name, f"is nested more than {limits.depth} deep")
        if len(name) > limits.name_characters:
            raise FormatError(file, name, f"has a name of {len(name)} characters")
        around = f"{name}." if name else ""
        if parts is not None:
            plain = {k: v for k, v in others if type(k) is str and type(v) in _PLAIN}
            found.modules[name] = {**plain, "class": value.path}
            module = name if module is None else module
            nested = [_Place(f"{around}{k}", module, v, depth + 1, module) for k, v in parts]
            nested += [_Place(f"{around}{k}", f"{around}{k}", v, depth + 1) for k, v in others]
        else:
            nested = [_Place(f"{around}{k}", name, v, depth + 1) for k, v in others]
            if isinstance(value, Record):
                found.classes[value.path] = None
        waiting += [one for one in reversed(nested) if isinstance(one.value, _NESTED)]
    return found


def _is_rebuilt(value: Any) -> bool:
    """Return whether a value is a tensor of a kind that is not read."""
    return isinstance(value, Record) and value.path.startswith(_REBUILT)


Pairs = list[tuple[Any, Any]]


def _inner(value: Any) -> tuple[Pairs | None, Pairs]:
    """Return the keys and values of a module's parts, and the others in a container or record."""
    if isinstance(value, dict):
        return None, list(value.items())
    if isinstance(value, list | tuple):
        return None, list(enumerate(value))
    if not isinstance(value, Record):
        return None, []
    state = _state(value.state)
    if all(isinstance(state.get(part), dict) for part in _PARTS):
        # RNNs keep their weights a second time under _flat_weights.
        others = [(k, v) for k, v in state.items() if str(k)[:1] != "_"]
        return [pair for part in _PARTS for pair in state[part].items()], others
    arguments = {f"({i})": each for i, each in enumerate(value.arguments)}
    whole = arguments | state | dict(enumerate(value.listed)) | value.items
    return None, list(whole.items())


def _state(state: Any) -> dict[Any, Any]:
    """Return the attributes of an object: its state may be a dict, two with its slots, or any."""
    parts = state if isinstance(state, tuple) and len(state) == 2 else (state,)
    if all(part is None or isinstance(part, dict) for part in parts):
        return {key: value for part in parts for key, value in (part or {}).items()}
    return {"state": state}
