"""How many parameters a network has here and in the frameworks, which may have more biases."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gru_core.parameters.params import Params


def _in_pytorch(params: Params) -> int | None:
    form = params.form()
    if "p_i" in params.arrays() or not form.get("reset_after", True):
        return None
    return _count(params, 2)


def _in_keras(params: Params) -> int | None:
    after = params.form().get("reset_after", False)
    if "p_i" in params.arrays() or ("b_hn" in params.arrays() and not after):
        return None
    return _count(params, 2 if after else 1)


def _count(params: Params, biases: int) -> int:
    """Return the number of a cell's weights with one or two biases for each row."""
    own = [each for each in (params.b, getattr(params, "b_hn", None)) if each is not None]
    weights = sum(array.size for array in params.arrays().values()) - sum(b.size for b in own)
    return weights + bool(own) * biases * len(params.W)


_FRAMEWORKS: dict[str, Callable[[Params], int | None]] = {
    "PyTorch": _in_pytorch,
    "Keras": _in_keras,
}


def count_words(cells: Iterable[Params], count: int) -> str:
    """Return the number of a network's parameters in words, also as the frameworks count them.

    PyTorch, and Keras in a GRU that resets after the product, add two biases in each gate. Only
    their sum has an effect, except in the GRU's candidate, so that one is kept here.

    Parameters
    ----------
    cells : iterable of Params
        The network's cells. A framework that does not have one of them is not named.
    count : int
        The number of its parameters here.

    Examples
    --------
    >>> from gru_core import GRUParams, LSTMParams
    >>> count_words([GRUParams.random(4, 5, seed=0)], 155)
    '155 parameters (165 in PyTorch and Keras: two biases where their sum is kept here)'
    >>> count_words([LSTMParams.random(4, 5, seed=0)], 200)
    '200 parameters (220 in PyTorch: two biases where their sum is kept here)'
    """
    every = list(cells)
    here = sum(array.size for one in every for array in one.arrays().values())
    theirs: dict[int, list[str]] = {}
    for name, counted in _FRAMEWORKS.items():
        each = [counted(one) for one in every]
        total = sum(one or 0 for one in each) + count - here
        if None not in each and total != count:
            theirs.setdefault(total, []).append(name)
    found = ", ".join(f"{total} in {' and '.join(names)}" for total, names in theirs.items())
    why = f" ({found}: two biases where their sum is kept here)" if found else ""
    return f"{count} parameters{why}"
