"""PyTorch's form of a layer: its order of gates, its two biases, and the forms that it has.

nn.GRU stacks its gates r, z, n, nn.LSTM i, f, g, o, each with two biases. Of the two, one is
enough, except for the GRU's candidate, where b_hh is inside the product with r.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.registry import CELLS
from gru_core.files.entries import Entry
from gru_core.files.forms import Form, default_form
from gru_core.network.network import Network
from gru_core.parameters.activations import RELU
from gru_core.parameters.params import Params

ORDER: Final = {"gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o"), "rnn": ("",)}
"""The gates in PyTorch's stacking order."""
Dtype = np.dtype[np.floating[Any]]


def params(kind: str, part: Mapping[str, Entry], dtype: Dtype) -> Params:
    """Read params from one layer's weight_ih and weight_hh, and its biases.

    These are bias_ih and bias_hh, or Equinox's bias and bias_n, or none.

    Arrays are read one at a time, so that at most two of them are in memory twice.

    Examples
    --------
    >>> arrays = {"weight_ih": np.ones((3, 1)), "weight_hh": np.ones((3, 1)),
    ...           "bias_ih": np.array([1.0, 2, 3]), "bias_hh": np.array([4.0, 5, 6])}
    >>> part = {n: Entry("", n, "float64", a.shape, lambda a=a: a) for n, a in arrays.items()}
    >>> made = params("gru", part, np.dtype("float64"))
    >>> made.b, made.b_hn
    (array([7., 5., 3.]), array([6.]))
    """
    stacks: dict[str, Any] = {
        ours: _ours(part[theirs].read(), kind, dtype)
        for ours, theirs in {"W": "weight_ih", "U": "weight_hh"}.items()
    }
    if "bias" in part:
        stacks["b"] = _ours(part["bias"].read(), kind, dtype)
    if "bias_n" in part:
        stacks["b_hn"] = part["bias_n"].read().astype(dtype, copy=False)
    if "bias_ih" in part:
        first, second = (_ours(part[name].read(), kind, dtype) for name in ("bias_ih", "bias_hh"))
        if kind == "gru":
            inner = 2 * len(second) // 3
            stacks["b_hn"] = second[inner:]
            second = np.concatenate([second[:inner], np.zeros_like(second[inner:])])
        with np.errstate(over="ignore"):  # infinity is refused where params are made
            stacks["b"] = first + second
    return CELLS[kind].params(**stacks)


def formed(params: Params, form: Form) -> Params:
    """Return params of PyTorch's form in another form that computes the same function.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> article = GRUParams([[1.0], [2], [3]], [[1.0], [2], [3]])
    >>> formed(article, {**article.form(), "z_keeps": False}).W_z
    array([[-1.]])
    """
    if form == params.form():
        return params
    turned = params if form.get("z_keeps", True) else _negated(params)
    return turned.with_form(**form)


def has_form(kind: str, form: Form) -> bool:
    """Return whether PyTorch has a form, or one that computes the same function.

    Examples
    --------
    >>> form = default_form(CELLS["gru"].params)
    >>> has_form("gru", {**form, "z_keeps": False}), has_form("gru", {**form, "clip": 3.0})
    (True, False)
    """
    default = default_form(CELLS[kind].params)
    if kind == "gru":
        form = {**form, "z_keeps": True}
    if kind == "rnn" and form["activations"] == (RELU,):
        form = {**form, "activations": default["activations"]}
    return form == default


def arrays(network: Network, prefix: str = "") -> dict[str, FloatArray] | None:
    """Return a network's arrays under PyTorch's names, or None if PyTorch has no such network.

    A GRU whose z writes is converted: with W_z, U_z and b_z negated, z keeps.

    Examples
    --------
    >>> list(arrays(Network.random("gru", 1, 1, seed=0), "rnn."))
    ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'rnn.bias_ih_l0', 'rnn.bias_hh_l0']
    """
    if any(
        k.forward is None or k.merge != "concat" or k.before or k.turned for k in network.layers
    ):
        return None
    every = [params for layer in network.layers for params in layer.params()]
    first = every[0]
    if any(p.kind != first.kind for p in every):
        return None
    if any(p.form() != first.form() or p.hidden_size != first.hidden_size for p in every):
        return None
    if any(layer.directions != network.directions for layer in network.layers):
        return None
    if not has_form(network.kind, first.form()) or any("p_i" in p.arrays() for p in every):
        return None
    bias = any(name[0] == "b" for p in every for name in p.arrays())
    found: dict[str, FloatArray] = {}
    for k, layer in enumerate(network.layers):
        for params, end in zip(layer.params(), ("", "_reverse"), strict=False):
            named = _theirs(
                params if params.form().get("z_keeps", True) else _negated(params), bias
            )
            found |= {f"{prefix}{name}_l{k}{end}": array for name, array in named.items()}
    return found


def _negated(params: Params) -> Params:
    """Return params whose update gate is 1 − z: σ(−a) = 1 − σ(a)."""
    update = {n: -a for n, a in params.arrays().items() if n in ("W_z", "U_z", "b_z")}
    return params.replace(**update)


def _theirs(params: Params, bias: bool) -> dict[str, FloatArray]:
    """Return the arrays of one layer and direction by PyTorch's names."""
    H, kind = params.hidden_size, params.kind
    found = {"weight_ih": _reordered(params.W, params), "weight_hh": _reordered(params.U, params)}
    if bias:
        zeros = np.zeros(len(params.W), params.dtype)
        inner = zeros.copy()
        if kind == "gru" and params.b_hn is not None:
            inner[-H:] = params.b_hn
        outer = zeros if params.b is None else _reordered(params.b, params)
        found |= {"bias_ih": outer, "bias_hh": inner}
    return found


def _ours(stack: FloatArray, kind: str, dtype: Dtype) -> FloatArray:
    """Return PyTorch's rows in our order, in an array that params need not copy."""
    ours, theirs = CELLS[kind].params.GATES, ORDER[kind]
    array = stack
    if ours != theirs or stack.dtype != dtype:
        array = _ordered(stack, [theirs.index(gate) for gate in ours], dtype)
    array.flags.writeable = False
    return array


def _reordered(stack: FloatArray, params: Params) -> FloatArray:
    """Return our rows in PyTorch's order."""
    order = [params.GATES.index(gate) for gate in ORDER[params.kind]]
    return _ordered(stack, order, params.dtype)


def _ordered(stack: FloatArray, order: list[int], dtype: Dtype) -> FloatArray:
    """Return a stack with its parts reordered."""
    array = np.empty(stack.shape, dtype)
    H = len(stack) // len(order)
    for i, j in enumerate(order):
        array[i * H : (i + 1) * H] = stack[j * H : (j + 1) * H]
    return array
