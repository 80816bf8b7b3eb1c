"""Networks among named arrays, under PyTorch's names, our own, or those of other frameworks."""

from gru_core.files.arrays import by_hand, flax, keras_names, own_names
from gru_core.files.entries import Entries
from gru_core.files.forms import KEY
from gru_core.files.torch import names, state_dict
from gru_core.network.network import Network

_PICKLED = (
    "is a pickled Python object, which is not read; save arrays by name: "
    "numpy.savez('model.npz', **flax.traverse_util.flatten_dict(params, sep='/'))"
)


def network(
    entries: Entries,
    name: str | None = None,
    embedding: str | bool = True,
    readout: str | bool = True,
) -> Network:
    """Return the network among a file's arrays, whatever they are called.

    Parameters
    ----------
    entries : Entries
    name : str, optional
    embedding, readout : str or bool
        As for `state_dict.network`; parts of a name may be joined by ``/`` as in the file.

    Raises
    ------
    FormatError
        As for `state_dict.network`.

    Examples
    --------
    See `gru_core.files.load`.
    """
    ends = (embedding, readout)
    if KEY in entries.metadata or names.candidates(entries.arrays):
        return state_dict.network(entries, name, *ends)
    if name is not None:
        name = name.replace("/", ".")
    ends = (_dotted(embedding), _dotted(readout))
    if (given := keras_names.translated(entries) or flax.translated(entries)) is not None:
        return state_dict.network(given, name, *ends)
    # Of U, V and W, whose V is not ours, U may be the input's matrix.
    is_ours = "V" not in entries.arrays and own_names.is_named(entries)
    if not is_ours and (found := by_hand.translated(entries)) is not None:
        return state_dict.network(found[0], found[1] if name is None else name, *ends)
    for entry in entries.arrays.values():
        if entry.dtype in ("|O", "object") and not is_ours:
            raise entry.error(_PICKLED)
    return state_dict.network(entries, name, *ends)


def _dotted(part: str | bool) -> str | bool:
    return part.replace("/", ".") if isinstance(part, str) else part
