"""Which of the networks among a file's arrays to read, as a user named it.

A name is the prefix of a network, or several modules joined by + or a comma that follow one
another, as in ``encoder+lstm1+lstm2+fc``: an embedding, networks whose sizes fit, and a readout.
Before a network there may be maps, as in ``lstm1+fc1+relu+lstm2``. A state_dict does not record
that they follow. The beginning of a name may be left out if one module only has its end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gru_core.files.entries import Entries, Entry
from gru_core.files.errors import FormatError
from gru_core.files.torch import maps as torch_maps
from gru_core.files.torch import names as torch_names
from gru_core.files.torch import reparametrized
from gru_core.files.torch.maps import Module
from gru_core.files.torch.names import Candidate

_NUMBERED = re.compile(r"(.*?)([0-9]{1,3})", re.DOTALL)
_LISTED = 20
"""Networks shown in an error."""


class Sizes(NamedTuple):
    """A network's kind, I, D·H of the last layer, L·D, and H of the last layer."""

    kind: str
    inputs: int
    states: int
    starts: int
    hidden: int


@dataclass(frozen=True)
class Choice:
    """What to read.

    Parameters
    ----------
    chain : sequence of Candidate
        Networks that follow one another, at least one.
    embedding, readout : str or None
        Modules that a user named.
    maps : sequence of sequence of Module
        Those before each network; by default none.
    is_named : bool
        Whether the user named anything, so that parts which may belong to it are no surprise.
    is_guess : bool
        Whether the networks are a chain by their numbers and sizes alone.
    """

    chain: Sequence[Candidate]
    embedding: str | None = None
    readout: str | None = None
    maps: Sequence[Sequence[Module]] = ()
    is_named: bool = False
    is_guess: bool = False

    @property
    def entries(self) -> list[Entry]:
        """All arrays of its networks, and of the maps before them."""
        mapped = [entry for each in self.maps for one in each for entry in one.arrays.values()]
        return [entry for one in self.chain for entry in one.entries] + mapped

    @property
    def inputs(self) -> int | None:
        """The numbers that a map before the first network reads, None if it has no arrays."""
        first = [one for one in (self.maps[0] if self.maps else ()) if one.arrays]
        if not first:
            return None
        name = "running_mean" if first[0].is_norm else "weight"
        return (*first[0].arrays[name].shape, 0)[-2]

    @property
    def advice(self) -> str | None:
        """How to open the network without a part, None if the user did."""
        return None if self.is_named else f"open the network alone with name=: {self._name!r}"

    @property
    def ends_advice(self) -> str | None:
        """How to choose an embedding or a readout, None if the user did not want one."""
        if self.is_named:
            return None
        return f"choose one with name=: 'EMBEDDING+{self._name}+READOUT', or none: {self._name!r}"

    @property
    def _name(self) -> str:
        return "+".join(one.name for one in self.chain)

    def check_alone(self, entries: Entries, read: Sequence[Entry]) -> None:
        """Refuse a guessed chain if other arrays may belong between or around its networks.

        Raises
        ------
        FormatError
            If its dict has arrays besides its networks and those that were read.
        """
        own = {entry.name for entry in (*self.entries, *read)}
        scope = self.chain[0].entries[0].scope
        if any(e.scope == scope and name not in own for name, e in entries.arrays.items()):
            raise _several(entries, list(self.chain))

    def check(self) -> Sizes:
        """Check the networks and whether they fit each other; return their sizes.

        Raises
        ------
        FormatError
            As `names.check`, or if one does not read as many numbers as the one before returns.
        """
        kind, inputs, states = torch_names.check(self.chain[0])
        begins = self.inputs
        if begins is not None:
            end = self._after(0, begins)
            if end != inputs:
                message = f"reads I = {inputs} numbers, but the maps before it return {end}"
                raise FormatError(self.chain[0].file, self.chain[0].name, message)
            inputs = begins
        for i, (before, after) in enumerate(zip(self.chain, self.chain[1:], strict=False), 1):
            _, size, end = torch_names.check(after)
            states = self._after(i, states)
            if size != states:
                returned = f"the maps after {before.name!r} return" if self._has_maps(i) else ""
                returned = returned or f"{before.name!r} returns D·H ="
                message = f"reads I = {size} numbers, but {returned} {states}"
                raise FormatError(after.file, after.name, f"{message}: they are not a chain")
            states = end
        last = self.chain[-1]
        return Sizes(kind, inputs, states, len(last.parts), last.matrix((0, False), "weight_hh")[1])

    def _has_maps(self, i: int) -> bool:
        return len(self.maps) > i and bool(self.maps[i])

    def _after(self, i: int, size: int) -> int:
        """Return how many numbers the maps before a network return."""
        for one in self.maps[i] if self._has_maps(i) else ():
            size = one.size_after(size)
        return size


def choose(entries: Entries, found: list[Candidate], name: str | None) -> Choice:
    """Return what a name means, or the only network.

    Parameters
    ----------
    entries : Entries
    found : list of Candidate
        All networks of the file.
    name : str or None

    Raises
    ------
    FormatError
        If there is no network, or none or several of that name, or its weights are in parts.

    Examples
    --------
    >>> shapes = {"rnn.weight_ih_l0": (6, 3), "rnn.weight_hh_l0": (6, 2), "fc.weight": (9, 2)}
    >>> arrays = {n: Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()}
    >>> choose(Entries("a.pt", arrays), torch_names.candidates(arrays), "rnn+fc").readout
    'fc'
    """
    parts = [] if name is None else re.split("[+,]", name)
    if name is None or len(parts) == 1 or _named(found, name):
        _check_reparametrized(entries, found, name)
        if name is None and _is_numbered_chain(found):
            return Choice(_by_number(found), is_guess=True)
        return Choice([_chosen(entries, found, name)], is_named=name is not None)
    parts = [part if _named(found, part) else whole(entries, part) for part in parts]
    are_networks = [bool(_named(found, part)) for part in parts]
    if not any(are_networks):
        return Choice([_chosen(entries, found, name)])  # which refuses the name
    last = len(parts) - 1 - are_networks[::-1].index(True)
    if last < len(parts) - 2:
        what = "at most one readout after the networks"
        raise FormatError(entries.file, None, f"cannot be read as {name!r}: a name has {what}")
    before = None if are_networks[0] or _is_map(entries, parts[0]) else parts[0]
    chain: list[Candidate] = []
    maps: list[list[Module]] = [[]]
    for part in parts[before is not None : last + 1]:
        if not _named(found, part):
            maps[-1].append(torch_maps.module(entries, part))
            continue
        _check_reparametrized(entries, found, part)
        chain.append(_chosen(entries, found, part))
        maps.append([])
    if len({one.prefix for one in chain}) < len(chain):
        raise FormatError(
            entries.file, None, f"cannot be read as {name!r}: a network is in it twice"
        )
    after = parts[-1] if last < len(parts) - 1 else None
    return Choice(chain, before, after, maps[: len(chain)], is_named=True)


def _is_map(entries: Entries, name: str) -> bool:
    """Return whether the first module of a name is a map: an embedding has no bias."""
    arrays = entries.arrays
    has = any(f"{name}.{array}" in arrays for array in ("bias", "running_mean"))
    return has or (name in torch_maps.ACTIVATIONS and f"{name}.weight" not in arrays)


def _named(found: list[Candidate], name: str) -> list[Candidate]:
    """Return the networks of a name, which may end with the dot that follows it."""
    meant = [candidate for candidate in found if candidate.name == name]
    meant = meant or [candidate for candidate in found if candidate.prefix == name]
    ends = [one for one in found if name and one.name.endswith(f".{name}")]
    return meant or (ends if len(ends) == 1 else [])


def whole(entries: Entries, name: str) -> str:
    """Return the whole name of a module, of which the beginning may be missing.

    Examples
    --------
    >>> arrays = {"model.fc.weight": Entry("a.pt", "model.fc.weight", "float32", (9, 2), list)}
    >>> whole(Entries("a.pt", arrays), "fc")
    'model.fc'
    """
    modules = dict.fromkeys(array.rpartition(".")[0] for array in entries.arrays)
    ends = [module for module in modules if module.endswith(f".{name}")]
    return ends[0] if len(ends) == 1 and name not in modules else name


def _chosen(entries: Entries, found: list[Candidate], name: str | None) -> Candidate:
    """Return the chosen candidate."""
    if not found:
        names = ", ".join(list(entries.arrays)[:5]) or "none"
        what = (
            "weight_ih_l0 and weight_hh_l0 under any prefix, as model.state_dict() has them, names "
            "of Flax, Equinox or Keras, W_z and U_z, or Wxh and Whh"
        )
        message = f"holds no network: {what}. Its arrays: {names}"
        if entries.classes:
            message += f". Objects in it, which are not made: {', '.join(entries.classes[:5])}"
            is_packed = "torch.ScriptObject" in entries.classes
            when = " before you quantise it, which packs the weights" if is_packed else ""
            message += f"; save the state_dict() of the module{when}"
        raise FormatError(entries.file, None, message)
    if name is None:
        if len(found) > 1:
            raise _several(entries, found)
        return found[0]
    meant = _named(found, name)
    if len(meant) != 1:
        there = "no network" if not meant else "more than one network"
        what = f"holds {there} of the name {name!r}, but {_listed(found)}"
        raise FormatError(entries.file, None, what)
    return meant[0]


def _listed(found: Sequence[Candidate]) -> str:
    return ", ".join(map(str, found[:_LISTED])) + ", …" * (len(found) > _LISTED)


def _several(entries: Entries, found: list[Candidate]) -> FormatError:
    """Return the error that lists the networks to choose from."""
    joined = _joined(found)
    all_as_one = f"; or all as one, each reading the one before: {joined!r}"
    message = f"holds {len(found)} networks; choose one with name=: {_listed(found)}"
    message += all_as_one if joined else ""
    choices = [one.name for one in found] + ([joined] if joined else [])
    return FormatError(entries.file, None, message, choices)


def _by_number(found: list[Candidate]) -> list[Candidate]:
    """Return the networks whose names end in numbers in their order."""
    return sorted(found, key=lambda one: int(_NUMBERED.fullmatch(one.name)[2]))  # type: ignore[index]


def _is_numbered_chain(found: list[Candidate]) -> bool:
    """Return whether networks such as lstm1 and lstm2 can only follow one another.

    Each must read what the one before returns, and must not be able to read what the first reads.
    """
    numbers = [_NUMBERED.fullmatch(one.name) for one in found]
    if not 1 < len(found) <= _LISTED or len({n[1] if n else None for n in numbers}) > 1:
        return False
    if None in numbers or len({one.entries[0].scope for one in found}) > 1:
        return False
    chain = _by_number(found)
    places = [int(n[2]) for n in numbers if n]
    try:
        Choice(chain).check()
        inputs = [one.matrix((0, False), "weight_ih")[1] for one in chain]
    except FormatError:
        return False
    is_row = max(places) - min(places) + 1 == len(set(places)) == len(places)
    return is_row and inputs[0] not in inputs[1:]


def _joined(found: list[Candidate]) -> str:
    """Return the name of all networks as one, "" unless each fits the one before."""
    if len(found) > _LISTED or any("+" in one.name for one in found):
        return ""
    try:
        Choice(found).check()
    except FormatError:
        return ""
    return "+".join(one.name for one in found)


def _check_reparametrized(entries: Entries, found: list[Candidate], name: str | None) -> None:
    """Refuse the chosen network if its weights are stored in parts."""
    only = found[0].prefix if len(found) == 1 else None
    for prefix, (part, advice) in reparametrized.in_parts(entries.arrays).items():
        names = prefix, prefix.removesuffix(".")
        is_meant = name in names if name is not None else not found or prefix == only
        if is_meant:
            raise FormatError(entries.file, part, advice)
