"""Networks among named arrays, under PyTorch's names, our own, or those of other frameworks."""

from gru_core.files.arrays import flax
from gru_core.files.entries import Entries
from gru_core.files.forms import KEY
from gru_core.files.torch import names, state_dict
from gru_core.network.network import Network


def network(entries: Entries, name: str | None = None) -> Network:
    """Return the network among a file's arrays, whatever they are called.

    Parameters
    ----------
    entries : Entries
    name : str, optional
        As for `state_dict.network`; parts of a name may be joined by ``/`` as in the file.

    Raises
    ------
    FormatError
        As for `state_dict.network`.

    Examples
    --------
    See `gru_core.files.load`.
    """
    if KEY in entries.metadata or names.candidates(entries.arrays):
        return state_dict.network(entries, name)
    given = flax.translated(entries)
    if given is None:
        return state_dict.network(entries, name)
    return state_dict.network(given, None if name is None else name.replace("/", "."))
