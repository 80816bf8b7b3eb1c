"""Weights that PyTorch keeps in parts: weight_norm, spectral_norm, pruning, parametrizations.

PyTorch combines them each time the module runs. We do not combine them; the error names the
function that leaves the weight itself in the state_dict.
"""

import re
from collections.abc import Collection

_WEIGHT = r"(?:weight|bias)_(?:ih|hh)(?:_l[0-9]{1,4}(?:_reverse)?)?"
_PART = re.compile(
    rf"(?P<prefix>(?:.*\.)?)(?:parametrizations\.(?P<weight>{_WEIGHT})\.original[0-9]?"
    rf"|(?P<half>{_WEIGHT})_(?P<end>g|orig))",
    re.DOTALL,
)


def in_parts(names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the weights stored only in parts: by prefix, the first part and the remedy.

    Examples
    --------
    >>> in_parts(["weight_ih_l0", "weight_hh_l0_g", "weight_hh_l0_v"])[""][0]
    'weight_hh_l0_g'
    >>> in_parts(["weight_ih_l0", "weight_hh_l0"])
    {}
    """
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        match = _PART.fullmatch(name)
        if match is None or match["prefix"] in found:
            continue
        weight = match["weight"] or match["half"]
        whole = f"{match['prefix']}{weight}"
        if whole not in names:
            advice = f"is a part of {weight}, which {_advice(match['end'], whole, names)}"
            found[match["prefix"]] = name, f"{advice} before you save"
    return found


def _advice(end: str | None, whole: str, names: Collection[str]) -> str:
    """Return what split a weight and how to undo it."""
    weight = whole.rpartition(".")[2]
    if end is None:
        undo = f"parametrize.remove_parametrizations(module, {weight!r})"
        return f"is parametrized (weight_norm or the like): call torch.nn.utils.{undo}"
    if end == "g":
        undo = f"remove_weight_norm(module, {weight!r})"
        return f"weight_norm took apart: call torch.nn.utils.{undo}"
    if f"{whole}_mask" in names:
        return f"is pruned: call torch.nn.utils.prune.remove(module, {weight!r})"
    undo = f"remove_spectral_norm(module, {weight!r})"
    return f"spectral_norm took apart: call torch.nn.utils.{undo}"
