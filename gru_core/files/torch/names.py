"""Networks under PyTorch's names, such as ``encoder.rnn.weight_ih_l0_reverse``.

Equinox's are understood too: its cells have ``weight_ih`` and ``weight_hh`` as PyTorch's do, but
one ``bias``, and a GRU's ``bias_n`` inside the product with r.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.forms import LayerForm
from gru_core.files.torch.order import ORDER, Dtype, formed, has_form, params
from gru_core.network.layer import Layer
from gru_core.parameters.activations import RELU
from gru_core.parameters.params import Params
from gru_core.run.layers import DIRECTIONS

_KINDS = {len(gates): kind for kind, gates in ORDER.items()}
_NAME = re.compile(
    r"(?P<prefix>(?:.*\.)?)(?P<array>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh|bias_n|bias)"
    r"(?:_l(?P<layer>0|[1-9][0-9]{0,3})(?P<reverse>_reverse)?)?",
    re.DOTALL,
)
_RAW = re.compile(
    r"(?P<prefix>(?:.*\.)?)(?P<weight>weight_[ih]h(?:_l[0-9]+)?(?:_reverse)?)_raw", re.DOTALL
)
_FIRST = (0, False)
Place = tuple[int, bool]
"""Layer, and whether it is the reverse direction."""


@dataclass(frozen=True)
class Candidate:
    """Arrays with one prefix that look like a network.

    Parameters
    ----------
    file : str
    prefix : str
        The prefix of ``weight_ih_l0``, with its dot.
    is_cell : bool
        Whether the names have no ``_l0``, as those of nn.GRUCell.
    parts : dict
        Per layer and direction the entries by PyTorch's name.
    dropped : list of Entry
        Copies of weights with some of them dropped, as weight drop left them after training.
    """

    file: str
    prefix: str
    is_cell: bool
    parts: dict[Place, dict[str, Entry]] = field(default_factory=dict)
    dropped: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The prefix without its dot, as for `load`."""
        return self.prefix.removesuffix(".")

    @property
    def entries(self) -> list[Entry]:
        """All its arrays."""
        return [*(e for part in self.parts.values() for e in part.values()), *self.dropped]

    def error(self, place: Place, array: str, message: str) -> FormatError:
        """Return an error about one of its arrays, present or missing."""
        end = "" if self.is_cell else f"_l{place[0]}{'_reverse' * place[1]}"
        return FormatError(self.file, f"{self.prefix}{array}{end}", message)

    def matrix(self, place: Place, array: str) -> tuple[int, int]:
        """Return the shape of a required matrix."""
        entry = self.parts.get(place, {}).get(array)
        if entry is None:
            raise self.error(place, array, "is missing")
        if len(entry.shape) != 2 or 0 in entry.shape:
            raise entry.error(f"has the shape {entry.shape}, which is no matrix's")
        return entry.shape[0], entry.shape[1]

    def __str__(self) -> str:
        """Return a description for a list of candidates."""
        try:
            kind, hidden = _kind(self, _FIRST)
            size = self.matrix(_FIRST, "weight_ih")[1]
        except FormatError:
            return f"{self.name!r} (incomplete)"
        return f"{self.name!r} ({kind.upper()}, I = {size}, H = {hidden})"


def candidates(arrays: Mapping[str, Entry]) -> list[Candidate]:
    """Return the candidates under PyTorch's names, one for each prefix.

    Examples
    --------
    >>> shapes = {"rnn.weight_ih_l0": (6, 3), "rnn.weight_hh_l0": (6, 2)}
    >>> found = candidates({n: Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()})
    >>> [str(candidate) for candidate in found]
    ["'rnn' (GRU, I = 3, H = 2)"]
    """
    found: dict[tuple[str, bool], Candidate] = {}
    whole = _whole(arrays)
    for name, entry in [*arrays.items(), *whole.items()]:
        if match := _NAME.fullmatch(name):
            key = match["prefix"], match["layer"] is None
            candidate = found.setdefault(key, Candidate(entry.file, *key))
            place = int(match["layer"] or 0), match["reverse"] is not None
            part = candidate.parts.setdefault(place, {})
            if match["array"] in part:
                candidate.dropped.append(part[match["array"]])
            part[match["array"]] = entry
    return [
        candidate
        for candidate in found.values()
        if any({"weight_ih", "weight_hh"} & set(part) for part in candidate.parts.values())
    ]


def _whole(arrays: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the weights that weight drop renamed, by the name that PyTorch gives them.

    Weight drop (AWD-LSTM, fastai) keeps a weight under its name with _raw, in the module or in a
    wrapper of it, and gives the module a copy with some numbers dropped at each step of training.
    At inference nothing is dropped, so that the raw matrix is the weight.
    """
    modules = {name.rpartition(".")[0] for name in arrays}
    found: dict[str, Entry] = {}
    for name, entry in arrays.items():
        if match := _RAW.fullmatch(name):
            inner = f"{match['prefix']}module"
            prefix = f"{inner}." if inner in modules else match["prefix"]
            found[prefix + match["weight"]] = entry
    return found


def check(candidate: Candidate) -> tuple[str, int, int]:
    """Check a candidate's names and shapes; return its kind, I and D·H.

    Raises
    ------
    FormatError
        If arrays are missing, projected (``proj_size``), or do not fit each other.

    Examples
    --------
    >>> shapes = {"weight_ih": (6, 3), "weight_hh": (6, 2)}
    >>> arrays = {n: Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()}
    >>> check(candidates(arrays)[0])
    ('gru', 3, 2)
    """
    for place, part in candidate.parts.items():
        for entry in part.values():
            if entry.fault:
                raise entry.error(entry.fault)
        if "weight_hr" in part:
            advice = "is a projection (proj_size), which is not supported"
            raise candidate.error(place, "weight_hr", advice)
    layers, reverse = zip(*candidate.parts, strict=True)
    directions = (False, True) if any(reverse) else (False,)
    kind, hidden = _kind(candidate, _FIRST)
    inputs = size = candidate.matrix(_FIRST, "weight_ih")[1]
    for layer in range(1 + max(layers)):
        for direction in directions:
            _check_part(candidate, (layer, direction), kind, hidden, size)
        size = len(directions) * hidden
    return kind, inputs, size


def layers(
    candidate: Candidate,
    dtype: Dtype,
    forms: tuple[LayerForm, ...] | None = None,
    *,
    relu: bool = False,
) -> tuple[Layer, ...]:
    """Read a candidate's layers; `check` comes before.

    Parameters
    ----------
    candidate : Candidate
    dtype : float32 or float64
    forms : tuple of LayerForm, optional
        The form of each layer, by default PyTorch's.
    relu : bool
        Whether an nn.RNN has relu in place of tanh, as a pickled module says. (A state_dict does
        not: tanh is assumed.)

    Raises
    ------
    FormatError
        If numbers are not finite, or PyTorch has no such forms.

    Examples
    --------
    See `gru_core.files.load`.
    """
    kind, _ = _kind(candidate, _FIRST)
    made: list[list[Params]] = []
    for place in sorted(candidate.parts):
        if not place[1]:
            made.append([])
        made[-1].append(params(kind, candidate.parts[place], dtype))
    if forms is not None:
        each = [list(layer.directions.values()) for layer in forms]
        there = [DIRECTIONS[: len(layer)] for layer in made]
        if [tuple(layer.directions) for layer in forms] != there:
            raise FormatError(candidate.file, "gruscope", "describes other layers than are there")
        known = all(has_form(kind, form) for layer in each for form in layer)
        if not known or any(layer.merge != "concat" or layer.turned for layer in forms):
            raise FormatError(candidate.file, "gruscope", "describes a form PyTorch does not have")
        made = [list(map(formed, *pair)) for pair in zip(made, each, strict=True)]
    if relu and kind == "rnn":
        made = [[one.with_form(activations=(RELU,)) for one in layer] for layer in made]
    return tuple(Layer(*layer) for layer in made)


def _kind(candidate: Candidate, place: Place) -> tuple[str, int]:
    """Return the kind of cell and H from the shape of weight_hh."""
    rows, hidden = candidate.matrix(place, "weight_hh")
    gates, rest = divmod(rows, hidden)
    if rest or gates not in _KINDS:
        kinds = "(G·H, H) with G = 3 (GRU), 4 (LSTM) or 1 (RNN)"
        message = f"must have shape {kinds}, got {(rows, hidden)}"
        raise candidate.error(place, "weight_hh", message)
    return _KINDS[gates], hidden


def _check_part(candidate: Candidate, place: Place, kind: str, hidden: int, size: int) -> None:
    """Check the arrays of one layer and direction."""
    rows = len(ORDER[kind]) * hidden
    wanted: dict[str, tuple[int, ...]] = {"weight_ih": (rows, size), "weight_hh": (rows, hidden)}
    part = candidate.parts.get(place, {})
    if part.keys() & {"bias", "bias_n"}:
        wanted["bias"] = (rows,)
        wanted |= {"bias_n": (hidden,)} if "bias_n" in part and kind == "gru" else {}
    elif part.keys() & {"bias_ih", "bias_hh"}:
        wanted |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    for array in part.keys() - wanted.keys():
        raise part[array].error(f"does not belong beside {', '.join(wanted)} in a {kind.upper()}")
    for array, shape in wanted.items():
        if array not in part:
            raise candidate.error(place, array, "is missing")
        if part[array].shape != shape:
            # The first weight_ih defines I: if that array is wrong, I is unknown.
            is_free = place == _FIRST and array == "weight_ih"
            what = f"must have shape {f'({rows}, I)' if is_free else shape} in this {kind.upper()}"
            raise part[array].error(f"{what}, got {part[array].shape}")
