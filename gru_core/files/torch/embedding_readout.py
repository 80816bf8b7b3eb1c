"""The embedding and the readout beside a network in a state_dict.

A state_dict does not record connections, so names, shapes and order have to tell. An embedding is
``X.weight`` of shape (V, I) with V ≠ I where X says embedding. (With V = I it may be an nn.Linear
without bias in front of the network.) A readout is ``X.weight`` of shape (O, D·H), perhaps with
``X.bias``, in the module that holds the network or around it, if

- X says that it comes last: out, output, head, readout, classifier, decoder, logits, …, or
- X says only that it is linear (linear, dense, proj) and O ≠ I, so that it cannot come first; fc
  counts here if a file does not keep the order of its arrays, else above,

and if it comes after the network in a file that keeps the order. If the dict has anything else, it
is unknown how it is connected, and neither is read.

Both are still a guess, and `Network.guessed` says so: an activation has no weights, so a relu
between the network and its readout leaves no trace in a state_dict.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from gru_core.files.entries import Entries, Entry
from gru_core.files.torch.names import Candidate
from gru_core.network.guess import EMBEDDING, READOUT

_EMBEDDING = re.compile(
    r"(?:(?:tok|token|word|char|symbol|item|text|input|src|source)s?_?)?"
    r"(?:emb|embs|embed|embeds|embedder|embedding|embeddings)(?:_?(?:layer|table|tokens))?"
    r"|wte",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"(?:lm_?|fc_?|final_?|linear_?|lin_?|dense_?|proj_?)?"
    r"(?:out|outputs?|readout|head|classifier|decoder|logits|predictor)"
    r"(?:_?(?:layer|fc|linear|dense|proj|projection))?"
    r"|final_(?:fc|linear|layer)|h2o|(?:hidden|h)2(?:out|output|tag|label|class|vocab|logits)",
    re.IGNORECASE,
)
_KIND = re.compile(r"(?:fc|lin|linear|dense|proj|projection)(?:_?(?:layer|[0-9]))?", re.IGNORECASE)


class Ends(NamedTuple):
    """The entries of an embedding and a readout, None for a missing one."""

    embedding: Entry | None = None
    W: Entry | None = None
    b: Entry | None = None

    @property
    def entries(self) -> list[Entry]:
        """The entries that are present."""
        return [entry for entry in self if entry is not None]


def ends(
    entries: Entries, candidate: Candidate, inputs: int, states: int, *, ours: bool = False
) -> Ends:
    """Return the embedding and the readout, if the dict has nothing else beside the network.

    Parameters
    ----------
    entries : Entries
    candidate : Candidate
        The network.
    inputs, states : int
        Its I and D·H.
    ours : bool
        Whether we wrote the file, so that our own names are certain.

    Examples
    --------
    >>> from gru_core.files.torch.names import candidates
    >>> shapes = {"rnn.weight_ih_l0": (6, 3), "rnn.weight_hh_l0": (6, 2), "fc.weight": (9, 2)}
    >>> arrays = {n: Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()}
    >>> network = candidates(arrays)[0]
    >>> ends(Entries("a.pt", arrays), network, 3, 2).W.name
    'fc.weight'
    >>> ends(Entries("a.pt", arrays | {"more": arrays["fc.weight"]}), network, 3, 2).W is None
    True
    """
    rest = _rest(entries, candidate)
    if len(rest) > len(Ends._fields):
        return Ends()
    table = W = None
    for name, entry in rest.items():
        module, _, last = name.rpartition(".")
        if last != "weight" or len(entry.shape) != 2 or 0 in entry.shape:
            continue
        is_embedding = (ours and module == EMBEDDING) or is_table(name, entry.shape)
        if entry.shape[1] == inputs and table is None and is_embedding:
            table = entry
        elif entry.shape[1] == states and W is None:
            is_ours = ours and module == READOUT
            W = entry if is_ours or _is_last(entries, candidate, entry, inputs) else None
    b = rest.get(W.name.removesuffix("weight") + "bias") if W is not None else None
    if b is not None and W is not None and b.shape != W.shape[:1]:
        return Ends()
    found = Ends(table, W, b)
    return found if len(found.entries) == len(rest) else Ends()


def _rest(entries: Entries, candidate: Candidate) -> Mapping[str, Entry]:
    """Return the other entries of the dict that contains a network."""
    own = {entry.name for entry in candidate.entries}
    scope = candidate.entries[0].scope
    return {n: e for n, e in entries.arrays.items() if n not in own and e.scope == scope}


def is_table(name: str, shape: tuple[int, ...]) -> bool:
    """Return whether a matrix is an embedding by its name and shape alone.

    Examples
    --------
    >>> is_table("model.embedding.weight", (7, 3)), is_table("model.embedding.weight", (3, 3))
    (True, False)
    """
    module = name.removesuffix(".weight").rpartition(".")[2]
    return shape[0] != shape[1] and _EMBEDDING.fullmatch(module) is not None


def _is_last(entries: Entries, candidate: Candidate, entry: Entry, inputs: int) -> bool:
    """Return whether a linear map can only be the last one."""
    around, _, name = entry.name.removesuffix(".weight").rpartition(".")
    if around and not candidate.prefix.startswith(f"{around}."):
        return False  # a part of another module, which may be anywhere
    if entries.ordered:
        places = {array: place for place, array in enumerate(entries.arrays)}
        if places[entry.name] < max(places[own.name] for own in candidate.entries):
            return False
    if _LAST.fullmatch(name) or (entries.ordered and name.lower() == "fc"):
        return True
    return _KIND.fullmatch(name) is not None and entry.shape[0] != inputs
