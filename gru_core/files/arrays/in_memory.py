"""Networks as bytes in the format of `save`, for pipes and downloads."""

import io
from collections.abc import Mapping

from gru_core.files.arrays import safetensors
from gru_core.files.limits import Limits
from gru_core.files.load_save import LIMITS
from gru_core.files.source import Source
from gru_core.files.torch import state_dict
from gru_core.network.network import Network


def to_bytes(network: Network, metadata: Mapping[str, str] | None = None) -> bytes:
    """Return the content of the safetensors file that `save` writes.

    Parameters
    ----------
    network : Network
    metadata : mapping of str to str, optional
        More text to keep beside the arrays; `load` ignores it.

    Raises
    ------
    FormatError
        As for `save`.

    Examples
    --------
    >>> content = to_bytes(Network.random("gru", 3, 2, seed=0), {"card": "{}"})
    >>> from_bytes(content).hidden_size
    2
    """
    arrays, text = state_dict.arrays(network)
    file = io.BytesIO()
    safetensors.stream(file, arrays, {**(metadata or {}), **text})
    return file.getvalue()


def from_bytes(content: bytes, name: str = "network", *, limits: Limits = LIMITS) -> Network:
    """Return the network in the bytes of a safetensors file.

    Parameters
    ----------
    content : bytes
    name : str
        What errors call it.
    limits : Limits

    Raises
    ------
    FormatError
        As for `load`.

    Examples
    --------
    >>> from_bytes(b"")
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: network: has 0 bytes, too few for safetensors
    """
    source = Source(io.BytesIO(content), name, len(content))
    return state_dict.network(safetensors.entries(source, limits))
