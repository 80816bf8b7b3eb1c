"""The backward pass of a trace with a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.compiled.arguments import Arguments
from gru_core.compiled.forms import Form, Kernel, form_of
from gru_core.compiled.kernels import Loaded
from gru_core.compiled.steps import is_for_blas
from gru_core.compiled.ways import Recurrent, first_count, recurrent_of
from gru_core.parameters.params import Params
from gru_core.parameters.references import Reference
from gru_core.run.backward import Back, total


def backward_kernel(params: Params, is_batch: bool) -> Kernel:
    """Return the kernel that a backward pass needs."""
    return Kernel(form_of(params), "backward", params.dtype.name, is_batch)


def compiled_back(
    loaded: Loaded,
    params: Params,
    values: Mapping[str, FloatArray],
    received: Mapping[str, FloatArray],
) -> Back:
    """Go back through all steps; arrays are (T, H[, B]), as for the cells' own passes."""
    form, dh = form_of(params), received["h"]
    T, H, *batch = dh.shape
    G, found = len(form.gates), _recurrents(form)
    rows = {name: _rows(array) for name, array in values.items()}
    rec = np.zeros((T, G * H, *batch), dh.dtype)
    alone = {name: np.empty_like(dh) for name, one in found.items() if one.left}
    carries = {name: np.zeros((H, *batch), dh.dtype) for name in form.states}
    arrays: dict[str, NDArray[Any]] = {
        **rows,
        "U": np.ascontiguousarray(params.U),
        "rec": rec,
        **{f"alone_{name}": array for name, array in alone.items()},
        **{f"d_{name}": _rows(received[name]) for name in form.states},
        **{f"carry_{name}": array for name, array in carries.items()},
    }
    for name in loaded.source.pointers:  # the rest is scratch, one row
        if name not in arrays and not hasattr(params, name):
            arrays[name] = np.empty((H, *batch), dh.dtype)
    by_blas = is_for_blas(G * H, H, tuple(batch))
    numbers = {"H": H, "multiply": not by_blas, "start": 0, "stop": T}
    numbers |= {"B": batch[0]} if batch else {}
    call = Arguments(loaded, params, arrays, numbers)
    if by_blas:
        _step_by_step(call, first_count(form) * H, params.U, rec, carries["h"])
    else:
        call.call()
    multiplied = {
        one.gate: _product(one.vector, rows) for one in found.values() if not one.is_first
    }
    return Back(
        tuple(_parts(found, rec, alone, G, H)),
        rec,
        carries,
        multiplied,
        _vectors(params, form, found, rec, rows),
    )


def _step_by_step(
    call: Arguments, count: int, U: FloatArray, rec: FloatArray, carry: FloatArray
) -> None:
    """Go back with the products of BLAS."""
    back, part = np.ascontiguousarray(U[:count].T), np.empty_like(carry)
    for t in reversed(range(len(rec))):
        call.set(start=t, stop=t + 1)
        call.call()
        np.dot(back, rec[t, :count], out=part)
        np.add(carry, part, out=carry)


def _recurrents(form: Form) -> dict[str, Recurrent]:
    """Return the recurrent products by value."""
    found = {equation.value: recurrent_of(form, equation) for equation in form.equations}
    return {value: one for value, one in found.items() if one is not None}


def _parts(
    found: Mapping[str, Recurrent], rec: FloatArray, alone: Mapping[str, FloatArray], G: int, H: int
) -> list[FloatArray]:
    """Return the gradient by W·x + b in parts that are stacked like W."""
    places = {found[name].gate: array for name, array in alone.items()}
    parts, start = [], 0
    for gate in sorted(places):
        if gate > start:
            parts.append(rec[:, start * H : gate * H])
        parts.append(places[gate])
        start = gate + 1
    return [*parts, rec[:, start * H :]] if start < G else parts


def _vectors(
    params: Params,
    form: Form,
    found: Mapping[str, Recurrent],
    rec: FloatArray,
    values: Mapping[str, FloatArray],
) -> dict[str, FloatArray]:
    """Return the gradients by the stacks of vectors other than b."""
    H, gradients = params.hidden_size, {}
    for equation in form.equations:
        for product in equation.products:
            array = next((one for one in product.factors if one.is_array), None)
            if product.kind in ("peephole", "recurrent_bias") and array is not None:
                gate = found[equation.value].gate
                own = rec[:, gate * H : (gate + 1) * H]
                others = tuple(one for one in product.factors if one is not array)
                is_seen = product.kind == "peephole"
                gradients[array.name] = total(own * _product(others, values) if is_seen else own)
    stacks = {}
    for stack, parts in params.STACKS.items():
        if any(part in gradients for part in parts):
            zero = np.zeros(H, rec.dtype)
            stacks[stack] = np.concatenate([gradients.get(part, zero) for part in parts])
    return stacks


def _product(factors: tuple[Reference, ...], values: Mapping[str, FloatArray]) -> FloatArray:
    """Return the product of values and old states of every step."""
    first, *others = (values[str(one)] for one in factors)
    for other in others:
        first = first * other
    return first


def _rows(array: FloatArray) -> FloatArray:
    """Return an array whose rows are contiguous, and in steps of a whole number of elements."""
    inner = array[0]
    is_fit = inner.flags.c_contiguous and array.strides[0] % array.itemsize == 0
    return array if is_fit else np.ascontiguousarray(array)
