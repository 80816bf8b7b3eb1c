"""Layers that follow one another, and the choice among several networks in one file."""

from collections import Counter
from collections.abc import Mapping, Sequence

from gru_core.files.errors import FormatError

_LISTED = 20
"""Networks shown in an error."""


def chains(names: Sequence[str], before: Mapping[str, str]) -> list[list[str]]:
    """Return names in chains: a name follows another if nothing else follows that one.

    Parameters
    ----------
    names : sequence of str
    before : mapping
        Some of the names, each with the one before it.

    Examples
    --------
    >>> chains(["a", "b", "c"], {"b": "a"})
    [['a', 'b'], ['c']]
    >>> chains(["a", "b", "c"], {"b": "a", "c": "a"})
    [['a'], ['b'], ['c']]
    """
    followers = Counter(before.values())
    after = {b: name for name, b in before.items() if followers[b] == 1}
    following = set(after.values())
    found = []
    for name in names:
        if name not in following:
            found.append([name])
            while (name := after.get(name, "")) != "":
                found[-1].append(name)
    taken = {name for chain in found for name in chain}
    return found + [[name] for name in names if name not in taken]  # names in a cycle


def choose(
    found: Sequence[Sequence[str]], name: str | None, file: str, kinds: Mapping[str, str]
) -> Sequence[str]:
    """Return the only chain, or the chain that contains the name.

    Raises
    ------
    FormatError
        If there are several and no name, or no chain contains the name; the error lists them.

    Examples
    --------
    >>> choose([["a", "b"], ["c"]], "b", "model.onnx", {"a": "GRU", "c": "GRU"})
    ['a', 'b']
    """
    shown = [f"{chain[0]!r} ({kinds[chain[0]]}, {len(chain)} deep)" for chain in found[:_LISTED]]
    more = [] if len(found) <= _LISTED else [f"{len(found) - _LISTED} more"]
    listed = ", ".join(shown + more)
    if name is not None:
        meant = [chain for chain in found if name in chain]
        if not meant:
            raise FormatError(file, None, f"has no recurrent layer {name!r}, but {listed}")
        return meant[0]
    if len(found) > 1:
        message = f"holds several networks; choose one with name=: {listed}"
        raise FormatError(file, None, message, [chain[0] for chain in found])
    return found[0]
