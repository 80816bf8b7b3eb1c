"""The names of arrays in a file that its network does not have."""

from collections.abc import Iterable
from typing import Final

from gru_core.files.entries import Entries, Entry

_HARMLESS: Final = (
    "Dropout", "DropoutNd", "Identity", "Flatten", "Loss", "ModuleList", "ModuleDict", "Sequential",
    "ParameterList", "ParameterDict",
)  # fmt: skip
"""Ends of the classes of modules that compute nothing at inference."""


def left_out(arrays: Iterable[Entry], scope: str = "") -> tuple[str, ...]:
    """Return names for arrays: a module with its arrays, or another container with their number.

    Parameters
    ----------
    arrays : iterable of Entry
        Those that were not read.
    scope : str
        The container of the network.

    Examples
    --------
    >>> shapes = {"fc.weight": (9, 2), "fc.bias": (9,), "step": ()}
    >>> left_out([Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()])
    ('fc (weight, bias)', 'step')
    >>> names = ["optimizer.state.0", "optimizer.state.1"]
    >>> left_out([Entry("a.pt", f"{n}.step", "float32", (), list, n) for n in names])
    ('optimizer (2 arrays)',)
    """
    modules: dict[str, list[str]] = {}
    containers: dict[str, int] = {}
    own = scope.partition(".")[0]
    for entry in arrays:
        if entry.scope == scope:
            module, _, name = entry.shown.rpartition(".")
            modules.setdefault(module, []).append(name)
            continue
        top = entry.scope.partition(".")[0] or entry.shown
        key = entry.scope if top == own else top
        containers[key] = containers.get(key, 0) + 1
    found: list[str] = []
    for module, names in modules.items():
        found += [f"{module} ({', '.join(names)})"] if module else names
    for key, count in containers.items():
        found.append(f"{key} ({count} array{'s' * (count > 1)})")
    return tuple(found)


def functions(entries: Entries) -> tuple[str, ...]:
    """Return the pickled modules without arrays and parts that compute something, as nn.ReLU does.

    What reads them is unknown: that is in the module's code, which is not in the file.

    Examples
    --------
    >>> found = {"": {"class": "Net"}, "act": {"class": "torch.nn.ReLU"}, "d": {"class": "Dropout"}}
    >>> functions(Entries("a.pt", modules=found))
    ('act (ReLU)',)
    """
    with_parts = {""}
    for name in (*entries.arrays, *entries.modules):
        while name := name.rpartition(".")[0]:
            with_parts.add(name)
    classes = {name: one["class"].rpartition(".")[2] for name, one in entries.modules.items()}
    return tuple(
        f"{name} ({kind})"
        for name, kind in classes.items()
        if name not in with_parts and not kind.rstrip("123d").endswith(_HARMLESS)
    )
