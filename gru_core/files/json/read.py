"""Reads networks from JSON, by what its keys say that it is."""

from pathlib import Path

from gru_core.files.arrays import foreign
from gru_core.files.errors import FormatError
from gru_core.files.json import content, guitar_amp, rtneural
from gru_core.files.keras import model
from gru_core.files.limits import Limits
from gru_core.files.source import open_source
from gru_core.network.network import Network

_OTHERS = {
    "class_name": "describes a Keras model without its numbers; save the whole model with "
    "model.save('model.keras')",
    "architecture": "is of Neural Amp Modeler, whose numbers are one list without names; save "
    "model.state_dict() with torch.save",
}
"""Keys of JSON that holds no arrays by name, and the error's text."""


def read(path: Path, name: str | None, limits: Limits) -> Network:
    """Return the network in a JSON file.

    Parameters
    ----------
    path : Path
        TensorFlow.js's model.json, a file of RTNeural ("layers", each with its type and weights) or
        of Automated-GuitarAmpModelling ("model_data" and "state_dict"), or any object whose keys
        are names of arrays, as a state_dict's are.
    name : str or None
        Which network, if there are several.
    limits : Limits

    Raises
    ------
    FormatError
        If the file is not JSON, or holds no network or several.
    """
    with open_source(path, limits) as source:
        found, file = content.parsed(source, limits), source.name
    if rtneural.is_model(found):
        return rtneural.network(found, file, name, limits)
    if guitar_amp.is_model(found):
        return guitar_amp.network(found, file, name, limits)
    if {"modelTopology", "weightsManifest"} & found.keys():
        return model.read(path, name, limits)
    entries = content.entries(found, file, limits)
    if not entries.arrays or isinstance(found.get("architecture"), str):
        for key, message in _OTHERS.items():
            if key in found:
                raise FormatError(file, None, message)
    return foreign.network(entries, name)
