"""Finds the network among the named arrays of a file, and names the arrays of a network.

Names are PyTorch's, under any prefix, or our own; see `names` and `own_names`. The embedding and
the readout beside the network are found by `embedding_readout`.
"""

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.registry import CELLS
from gru_core.files.arrays import own_names
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.files.forms import KEY, Forms, default_form, describe, forms
from gru_core.files.torch import embedding_readout, reparametrized
from gru_core.files.torch import names as torch_names
from gru_core.files.torch import order as torch_order
from gru_core.files.torch.embedding_readout import Ends
from gru_core.files.torch.names import Candidate
from gru_core.network.guess import EMBEDDING, PARTS, READOUT
from gru_core.network.network import Network
from gru_core.network.readout import Readout


def network(entries: Entries, name: str | None = None) -> Network:
    """Return the network among a file's arrays.

    Parameters
    ----------
    entries : Entries
    name : str, optional
        The prefix of ``.weight_ih_l0``, if there are several; "" for no prefix.

    Raises
    ------
    FormatError
        If there is no network, or several and no name, or the arrays do not fit each other.

    Examples
    --------
    See `gru_core.files.load`.
    """
    found = torch_names.candidates(entries.arrays)
    described = forms(entries)
    if not found and not name:
        own = own_names.network(entries, described)
        if own is not None:
            return own
    _check_reparametrized(entries, found, name)
    candidate = _chosen(entries, found, name)
    kind, inputs, states = torch_names.check(candidate)
    if described is not None and len(found) > 1:
        described = None  # it describes one network, and the file does not say which
    if described is not None and any(layer.kind != kind for layer in described.layers):
        kinds = ", ".join(layer.kind for layer in described.layers)
        raise FormatError(entries.file, KEY, f"describes {kinds}, not a {kind}")
    ends = embedding_readout.ends(entries, candidate, inputs, states, ours=described is not None)
    dtype = np.result_type(*(entry.width for entry in [*candidate.entries, *ends.entries]))
    layers = torch_names.layers(candidate, dtype, described.layers if described else None)
    table, W, b = (None if e is None else e.read().astype(dtype, copy=False) for e in ends)
    readout = None if W is None else Readout(W, b)
    return Network(layers, table, readout, _guessed(ends, described))


def _guessed(ends: Ends, described: Forms | None) -> tuple[str, ...]:
    """Return the parts that are a guess from name and shape.

    A file that we wrote says whether its embedding and readout were a guess; every other is one.
    """
    found = {EMBEDDING: ends.embedding, READOUT: ends.W}
    certain = () if described is None else set(PARTS) - set(described.guessed)
    return tuple(
        part
        for part, entry in found.items()
        if entry is not None and not (part in certain and entry.name == f"{part}.weight")
    )


def arrays(network: Network, *, text: bool = True) -> tuple[dict[str, FloatArray], dict[str, str]]:
    """Return a network's arrays by name, and the text to keep beside them.

    Parameters
    ----------
    network : Network
    text : bool
        Whether the format stores text apart from arrays. If not, text is stored only if the arrays
        alone would be read as another network, and certain parts are read back as a guess.

    Notes
    -----
    The names are PyTorch's where it has such a network, so that ``load_state_dict`` takes them:
    ``weight_ih_l0`` and so on for one without embedding and readout, else ``rnn.weight_ih_l0``,
    ``embedding.weight``, ``readout.weight``, ``readout.bias``. Otherwise they are our own: PyTorch
    has no reset before the product, peepholes, clip, coupled gates or other activations.

    There is text only if the arrays are not enough, so that ``load_state_dict`` accepts all other
    files.

    Examples
    --------
    >>> list(arrays(Network.random("lstm", 1, 1, seed=0))[0])
    ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0']
    """
    ends = own_names.ends(network)
    found = torch_order.arrays(network, "rnn." if any(e is not None for e in ends) else "")
    if found is None:
        return own_names.arrays(network), {KEY: describe(network)}
    names = ("embedding.weight", "readout.weight", "readout.bias")
    found |= {name: end for name, end in zip(names, ends, strict=True) if end is not None}
    ends_there = [e for e in (network.embedding, network.readout) if e is not None]
    needs_text = not _is_plain(network) or (text and len(ends_there) > len(network.guessed))
    return found, {KEY: describe(network)} if needs_text else {}


def _is_plain(network: Network) -> bool:
    """Return whether a network under PyTorch's names can be read back without text."""
    default = default_form(CELLS[network.kind].params)
    plain = all(p.form() == default for layer in network.layers for p in layer.params())
    table = network.embedding
    return plain and (table is None or embedding_readout.is_table("embedding.weight", table.shape))


def _check_reparametrized(entries: Entries, found: list[Candidate], name: str | None) -> None:
    """Refuse the chosen network if its weights are stored in parts."""
    only = found[0].prefix if len(found) == 1 else None
    for prefix, (part, advice) in reparametrized.in_parts(entries.arrays).items():
        names = prefix, prefix.removesuffix(".")
        is_meant = name in names if name is not None else not found or prefix == only
        if is_meant:
            raise FormatError(entries.file, part, advice)


def _chosen(entries: Entries, found: list[Candidate], name: str | None) -> Candidate:
    """Return the chosen candidate."""
    listed = ", ".join(map(str, found[:20])) + ", …" * (len(found) > 20)
    if not found:
        names = ", ".join(list(entries.arrays)[:5]) or "none"
        what = "weight_ih_l0 and weight_hh_l0, under any prefix, or W_z, U_z and their like"
        raise FormatError(entries.file, None, f"holds no network: {what}. Its arrays: {names}")
    if name is None:
        if len(found) > 1:
            message = f"holds {len(found)} networks; choose one with name=: {listed}"
            raise FormatError(entries.file, None, message)
        return found[0]
    meant = [candidate for candidate in found if candidate.name == name]
    meant = meant or [candidate for candidate in found if candidate.prefix == name]
    if len(meant) != 1:
        there = "no network" if not meant else "more than one network"
        raise FormatError(entries.file, None, f"holds {there} of the name {name!r}, but {listed}")
    return meant[0]
