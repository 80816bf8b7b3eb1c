"""The embedding and the readout beside a network in a state_dict.

A state_dict does not record connections, so names, shapes and order have to tell. An embedding is
``X.weight`` of shape (V, I) with V ≠ I where X says embedding, or says only that it comes first
(encoder) and is in the module that holds the network or around it. (With V = I it may be an
nn.Linear without bias in front of the network.) A readout is ``X.weight`` of shape (O, D·H),
perhaps with ``X.bias``, in the module that holds the network or around it, if

- X says that it comes last: out, output, head, readout, classifier, decoder, logits, …, or
- X says only that it is linear (linear, fc, dense, proj), and the file keeps the order of its
  arrays or O ≠ I, so that it cannot come first,

and if it comes after the network in a file that keeps the order. Of several that fit, a user has to
choose. If the dict has anything else, it is unknown how it is connected, and neither is read.

Both are still a guess, and `Network.guessed` says so: an activation has no weights, so a relu
between the network and its readout leaves no trace in a state_dict.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gru_core.files.entries import Entries, Entry
from gru_core.files.errors import FormatError
from gru_core.files.torch.names import Candidate
from gru_core.network.description import EMBEDDING, READOUT

_MOST = 16
"""With more arrays beside a network than this, the dict has anything else."""
_EMBEDDING = re.compile(
    r"(?:(?:tok|token|word|char|symbol|item|text|input|src|source)s?_?)?"
    r"(?:emb|embs|embed|embeds|embedder|embedding|embeddings)(?:_?(?:layer|table|tokens))?"
    r"|wte",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"enc|encoder|lookup(?:_?table)?|vectors|vocab|tokens|(?:tok|token|word|char|symbol)s?"
    r"(?:_?(?:vectors|lookup|encoder|table))?",
    re.IGNORECASE,
)
"""Names of parts that come first, which need not be an embedding."""
_LAST = re.compile(
    r"(?:lm_?|fc_?|final_?|linear_?|lin_?|dense_?|proj_?|to_?)?"
    r"(?:out|outputs?|readout|head|classifier|decoder|dec|logits|predictor|predictions?|pred"
    r"|regressor|scores?|generator)"
    r"(?:_?(?:layer|fc|linear|dense|proj|projection))?"
    r"|(?:final|last)_?(?:fc|linear|layer|dense)|h2o"
    r"|(?:hidden|h|rnn|gru|lstm)_?(?:2|to)_?(?:out|output|tag|label|class|vocab|logits|scores?)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:fc|lin|linear|dense|proj|projection)(?:_?(?:layer|[0-9]{1,3}))?", re.IGNORECASE
)
_IN_SEQUENTIAL = re.compile(r"\.[0-9]{1,3}\Z")


class Ends(NamedTuple):
    """The entries of an embedding and a readout, None for a missing one."""

    embedding: Entry | None = None
    W: Entry | None = None
    b: Entry | None = None

    @property
    def entries(self) -> list[Entry]:
        """The entries that are present."""
        return [entry for entry in self if entry is not None]


@dataclass(frozen=True)
class Beside:
    """The arrays of a file beside a network.

    Parameters
    ----------
    entries : Entries
        All arrays of the file.
    chain : sequence of Candidate
        The network, or several that follow one another.
    starts : collection of Entry
        Arrays that are start states.
    ours : bool
        Whether we wrote the file, so that our own names are certain.
    """

    entries: Entries
    chain: Sequence[Candidate]
    starts: Collection[Entry] = ()
    ours: bool = False

    @cached_property
    def rest(self) -> dict[str, Entry]:
        """The other entries of the dict that contains the network."""
        own = {entry.name for one in self.chain for entry in one.entries}
        own |= {entry.name for entry in self.starts}
        scope = self.chain[0].entries[0].scope
        arrays = self.entries.arrays.items()
        return {name: entry for name, entry in arrays if name not in own and entry.scope == scope}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.entries.arrays)}

    def is_after(self, entry: Entry) -> bool:
        """Return whether an array comes after all of the network's."""
        last = max(self._places[own.name] for own in self.chain[-1].entries)
        return self._places[entry.name] > last

    def is_before(self, entry: Entry) -> bool:
        """Return whether an array comes before all of the network's."""
        first = min(self._places[own.name] for own in self.chain[0].entries)
        return self._places[entry.name] < first


def ends(
    beside: Beside,
    inputs: int,
    states: int,
    advice: str | None = None,
    wanted: Collection[str] = (EMBEDDING, READOUT),
) -> Ends:
    """Return the embedding and the readout, if the dict has nothing else beside the network.

    Parameters
    ----------
    beside : Beside
    inputs, states : int
        The network's I and D·H.
    advice : str, optional
        How to choose among several; without it, neither is returned then.
    wanted : collection of str
        The others may be several, and none of them is returned.

    Raises
    ------
    FormatError
        If the dict has nothing else, and several arrays fit as the embedding or as the readout.

    Examples
    --------
    >>> from gru_core.files.torch.names import candidates
    >>> shapes = {"rnn.weight_ih_l0": (6, 3), "rnn.weight_hh_l0": (6, 2), "fc.weight": (9, 2)}
    >>> arrays = {n: Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()}
    >>> network = candidates(arrays)
    >>> ends(Beside(Entries("a.pt", arrays), network), 3, 2).W.name
    'fc.weight'
    >>> arrays["more"] = arrays["fc.weight"]
    >>> ends(Beside(Entries("a.pt", arrays), network), 3, 2).W is None
    True
    """
    if len(beside.rest) > _MOST:
        return Ends()
    tables, maps = [], []
    for entry in beside.rest.values():
        if not _is_matrix(entry):
            continue
        if entry.shape[1] == inputs and _is_embedding(beside, entry):
            tables.append(entry)
        elif entry.shape[1] == states and _is_last(beside, entry, inputs):
            maps.append(entry)
    biases = {W.name: _bias(beside.rest, W) for W in maps}
    if any(b is not None and b.shape != W.shape[:1] for W in maps for b in [biases[W.name]]):
        return Ends()
    read = [*tables, *maps, *(b for b in biases.values() if b is not None)]
    if len(read) < len(beside.rest):
        return Ends()
    for part, listed in ((EMBEDDING, tables), (READOUT, maps)):
        if part in wanted and len(listed) > 1:
            if advice is None:
                return Ends()
            names = ", ".join(entry.name for entry in listed[1:5])
            raise listed[0].error(f"may be the {part}, and so may {names}; {advice}")
    W = maps[0] if maps and READOUT in wanted else None
    table = tables[0] if tables and EMBEDDING in wanted else None
    return Ends(table, W, None if W is None else biases[W.name])


def chosen(
    entries: Entries, embedding: str | None, readout: str | None, inputs: int, states: int
) -> Ends:
    """Return the embedding and the readout of two modules, of which a user gave the names.

    Parameters
    ----------
    entries : Entries
    embedding, readout : str or None
        The modules' names.
    inputs, states : int
        The network's I and D·H.

    Raises
    ------
    FormatError
        If there is no such module, or its weight does not fit.

    Examples
    --------
    >>> arrays = {"fc.weight": Entry("a.pt", "fc.weight", "float32", (9, 2), list)}
    >>> chosen(Entries("a.pt", arrays), None, "fc", 3, 2).W.name
    'fc.weight'
    """
    found: list[Entry | None] = []
    for module, part, wanted, size in (
        (embedding, EMBEDDING, f"(V, I) with I = {inputs}", inputs),
        (readout, READOUT, f"(O, D·H) with D·H = {states}", states),
    ):
        entry = None if module is None else entries.arrays.get(f"{module}.weight")
        if module is not None and entry is None:
            message = f"is not in the file, so that {module!r} is not the {part}"
            raise FormatError(entries.file, f"{module}.weight", message)
        if entry is not None and (not _is_matrix(entry) or entry.shape[1] != size):
            raise entry.error(f"must have shape {wanted} as the {part}, got {entry.shape}")
        found.append(entry)
    table, W = found
    b = None if W is None else _bias(entries.arrays, W)
    if b is not None and W is not None and b.shape != W.shape[:1]:
        raise b.error(f"must have shape (O,) = {W.shape[:1]}, got {b.shape}")
    return Ends(table, W, b)


def _is_matrix(entry: Entry) -> bool:
    """Return whether an entry is the weight of a module, of rank 2."""
    last = entry.name.rpartition(".")[2]
    return last == "weight" and len(entry.shape) == 2 and 0 not in entry.shape


def _bias(arrays: Mapping[str, Entry], W: Entry) -> Entry | None:
    return arrays.get(W.name.removesuffix("weight") + "bias")


def _module(name: str) -> tuple[str, str]:
    """Return the module around an array's module, and that module's own name.

    In an nn.Sequential the parts are numbered, so that the name is that of the nn.Sequential.
    """
    module = _IN_SEQUENTIAL.sub("", name.removesuffix(".weight"))
    around, _, last = module.rpartition(".")
    return around, last


def is_table(name: str, shape: tuple[int, ...]) -> bool:
    """Return whether a matrix is an embedding by its name and shape alone.

    Examples
    --------
    >>> is_table("model.embedding.weight", (7, 3)), is_table("model.embedding.weight", (3, 3))
    (True, False)
    """
    return shape[0] != shape[1] and _EMBEDDING.fullmatch(_module(name)[1]) is not None


def _is_embedding(beside: Beside, entry: Entry) -> bool:
    """Return whether a matrix can only be the embedding."""
    around, name = _module(entry.name)
    if (beside.ours and entry.name == f"{EMBEDDING}.weight") or is_table(entry.name, entry.shape):
        return True
    if entry.shape[0] == entry.shape[1] or not _FIRST.fullmatch(name):
        return False
    if beside.entries.ordered and not beside.is_before(entry):
        return False
    return _is_around(beside, around)


def _is_last(beside: Beside, entry: Entry, inputs: int) -> bool:
    """Return whether a linear map can only be the last one."""
    around, name = _module(entry.name)
    if beside.ours and entry.name == f"{READOUT}.weight":
        return True
    if not _is_around(beside, around):
        return False  # a part of another module, which may be anywhere
    ordered = beside.entries.ordered
    if ordered and not beside.is_after(entry):
        return False
    if _LAST.fullmatch(name):
        return True
    return _KIND.fullmatch(name) is not None and (ordered or entry.shape[0] != inputs)


def _is_around(beside: Beside, module: str) -> bool:
    """Return whether a module holds the whole network."""
    return not module or all(one.prefix.startswith(f"{module}.") for one in beside.chain)
