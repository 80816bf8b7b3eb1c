"""JSON of Automated-GuitarAmpModelling: an nn.LSTM, nn.GRU or nn.RNN and an nn.Linear.

"model_data" has the sizes of its SimpleRNN, "state_dict" PyTorch's arrays as lists, under ``rec``
and ``lin``. Proteus and other programs for guitars write the same.
"""

from dataclasses import replace
from typing import Any, Final

from gru_core.files.errors import FormatError
from gru_core.files.json import content
from gru_core.files.limits import Limits
from gru_core.files.torch import state_dict
from gru_core.network.network import Network

_DATA: Final = "model_data"
_SKIP = "skip (adds the first {} of the input to the readout's output)"


def is_model(found: dict[str, Any]) -> bool:
    """Return whether an object is such a model.

    Examples
    --------
    >>> is_model({"model_data": {}, "state_dict": {}})
    True
    """
    return isinstance(found.get(_DATA), dict) and isinstance(found.get("state_dict"), dict)


def network(found: dict[str, Any], file: str, name: str | None, limits: Limits) -> Network:
    """Return its network; the file says what reads what, so that nothing is a guess.

    Parameters
    ----------
    found : dict
    file : str
        For errors.
    name : str or None
        As for a state_dict; by default the network and its readout.
    limits : Limits

    Raises
    ------
    FormatError
        If it is another model, or its arrays are not those that it describes.
    """
    data = found[_DATA]
    model = data.get("model")
    if model != "SimpleRNN":
        what = f"is {model!r:.60}, expected 'SimpleRNN', a recurrent network and a Linear"
        raise FormatError(file, f"{_DATA}.model", what)
    entries = content.entries(found["state_dict"], file, limits)
    made = state_dict.network(entries, name or "rec+lin")
    there = {
        "unit_type": made.kind.upper(),
        "num_layers": len(made.layers),
        "input_size": made.input_size,
        "hidden_size": made.hidden_size,
        "output_size": None if made.readout is None else made.readout.output_size,
    }
    for key, value in there.items():
        if value is not None and data.get(key, value) != value:
            message = f"is {data[key]!r:.60}, and the arrays have {value!r}"
            raise FormatError(file, f"{_DATA}.{key}", message)
    skip = data.get("skip", 0)
    if type(skip) is not int or not 0 <= skip <= made.input_size:
        message = f"is {skip!r:.60}, expected how many inputs are added to the output"
        raise FormatError(file, f"{_DATA}.skip", message)
    if made.readout is None or not skip:
        missing = made.left_out
    else:
        missing = (*made.left_out, _SKIP.format("number" if skip == 1 else f"{skip} numbers"))
    return replace(made, guessed=(), left_out=missing)
