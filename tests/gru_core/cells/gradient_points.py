"""Points at which gradients are compared with differences: forms, weights and inputs.

Differences are of fourth order, (−f(2ε) + 8 f(ε) − 8 f(−ε) + f(−2ε)) / 12ε, at points away from
the kinks of relu and its kin and from the clip.
"""

from collections.abc import Callable
from itertools import count, product
from typing import Any, NamedTuple

import numpy as np

from gru_core import (
    ACTIVATIONS,
    Activation,
    Cell,
    GRUParams,
    LSTMParams,
    Params,
    RNNParams,
    Trace,
    cell,
)
from tests.gru_core.cases import Arrays, FloatArray

STEP = 5e-4
AWAY = 0.02
T, B, I, H = 3, 2, 2, 2

KINDS: dict[str, type[Params]] = {"gru": GRUParams, "lstm": LSTMParams, "rnn": RNNParams}
PRE = {"gru": ("a_z", "a_r", "a_n"), "lstm": ("a_i", "a_f", "a_o", "a_g"), "rnn": ("a",)}
SLOTS = {"gru": "ffg", "lstm": "fffg", "rnn": "f"}
"""Which activation is applied to each of them: f, or the one after it."""


class Form(NamedTuple):
    """A kind of cell, its stacks and its switches."""

    kind: str
    options: dict[str, Any]
    peepholes: bool = False
    bias: bool = True

    def __str__(self) -> str:
        words = [f"{name}={shown(value)}" for name, value in self.options.items()]
        return "-".join([self.kind, *words, *["peepholes"] * self.peepholes])


def shown(value: Any) -> str:
    """Return a switch as pytest shall show it."""
    return "+".join(a.name for a in value) if isinstance(value, tuple) else str(value)


FORMS = [
    *(
        Form("gru", {"reset_after": after, "z_keeps": keeps})
        for after, keeps in product((True, False), (True, False))
    ),
    Form("gru", {"reset_after": False}, bias=False),
    Form("gru", {"reset_after": True, "clip": 0.7}),
    Form("gru", {"reset_after": False, "z_keeps": False, "clip": 0.7}),
    *(
        Form("lstm", {"input_forget": coupled}, peepholes)
        for coupled, peepholes in product((False, True), (False, True))
    ),
    Form("lstm", {}, bias=False),
    Form("lstm", {"clip": 0.7}, peepholes=True),
    Form("lstm", {"clip": 0.7, "input_forget": True}, peepholes=True),
    Form("rnn", {}),
    Form("rnn", {"clip": 0.7}),
]

CONSTANTS = {
    "affine": (0.7, 0.1),
    "leaky_relu": (0.2,),
    "thresholded_relu": (0.3,),
    "scaled_tanh": (1.3, 0.8),
    "hard_sigmoid": (0.3, 0.45),
    "elu": (1.4,),
}


def with_activation(kind: str, slot: int, name: str) -> Form:
    """Return a form with one unusual activation, at other switches than the default's."""
    places = {"gru": ["sigmoid", "tanh"], "lstm": ["sigmoid", "tanh", "tanh"], "rnn": ["tanh"]}
    names = places[kind]
    names[slot] = name
    chosen = tuple(Activation.of(name, *CONSTANTS.get(name, ())) for name in names)
    options: dict[str, Any] = {"activations": chosen}
    if kind == "gru":
        options |= {"reset_after": bool(slot), "z_keeps": not slot}
    return Form(kind, options, peepholes=kind == "lstm")


ACTIVE = [
    with_activation(kind, slot, name)
    for kind, slots in (("gru", 2), ("lstm", 3), ("rnn", 1))
    for slot in range(slots)
    for name in ACTIVATIONS
]


class Point(NamedTuple):
    """The points at which a form is differentiated, and the weights of the loss."""

    params: Params
    inputs: Arrays
    loss: Arrays

    def run(self, params: Params | None = None, **inputs: FloatArray) -> tuple[Cell[Any], Trace]:
        """Return the cell and its trace, with other params or inputs if any are given."""
        layer = cell(params or self.params)
        return layer, layer.run(**{**self.inputs, **inputs})

    def value(self, params: Params | None = None, **inputs: FloatArray) -> float:
        """Return the loss."""
        _, trace = self.run(params, **inputs)
        total = (trace.h * self.loss["dh"]).sum() + (trace.h[-1] * self.loss["dh_T"]).sum()
        if "dc_T" in self.loss:
            total += (trace.c[-1] * self.loss["dc_T"]).sum()
        return float(total)


def draw_params(form: Form, rng: np.random.RandomState, inputs: int = I) -> Params:
    """Draw params of a form."""
    kind = KINDS[form.kind]
    stacks = {"W": (len(kind.GATES) * H, inputs), "U": (len(kind.GATES) * H, H)}
    given: dict[str, Any] = {name: rng.uniform(-0.9, 0.9, shape) for name, shape in stacks.items()}
    if form.bias:
        given["b"] = rng.uniform(-1, 1, len(kind.GATES) * H)
    if form.kind == "gru" and form.bias:
        given["b_hn"] = rng.uniform(-1, 1, H)
    if form.peepholes:
        given["p"] = rng.uniform(-1, 1, 3 * H)
    return kind(**given, **form.options)


def draw(form: Form) -> Point:
    """Draw points until one is away from every kink and, if there is a clip, on both its sides."""
    for seed in count():
        rng = np.random.RandomState(seed)
        params = draw_params(form, rng)
        names = ("h0", "c0") if form.kind == "lstm" else ("h0",)
        inputs = {"x": rng.uniform(-1.5, 1.5, (T, B, I))}
        inputs |= {name: rng.uniform(-1, 1, (B, H)) for name in names}
        loss = {"dh": rng.normal(size=(T, B, H))}
        loss |= {f"d{name[0]}_T": rng.normal(size=(B, H)) for name in names}
        point = Point(params, inputs, loss)
        if is_smooth(point):
            return point
    raise AssertionError


def is_smooth(point: Point) -> bool:
    """Return whether no pre-activation is near a kink, and some but not all are clipped."""
    _, trace = point.run()
    kind, clip = point.params.kind, point.params.clip
    functions = dict(zip("fgh", point.params.activations, strict=False))
    sums = [
        (functions[slot], trace.values[a]) for a, slot in zip(PRE[kind], SLOTS[kind], strict=True)
    ]
    if clip is not None:
        every = np.concatenate([a.ravel() for _, a in sums])
        beyond = abs(every) > clip
        if not 0.1 < beyond.mean() < 0.9 or abs(abs(every) - clip).min() < AWAY:
            return False
        if kind == "lstm" and not (abs(trace.c) > clip).any():  # which is not clipped
            return False
    if kind == "lstm":
        sums.append((functions["h"], trace.c))
    return all(abs(a - kink).min() > AWAY for f, a in sums for kink in kinks(f))


def kinks(function: Activation) -> tuple[float, ...]:
    """Return where an activation has no derivative."""
    a, b = function.alpha, function.beta
    if function.name == "hard_sigmoid":
        return -b / a, (1 - b) / a
    if function.name == "thresholded_relu":
        return (a,)
    return (0.0,) if function.name in ("relu", "leaky_relu", "elu") else ()


def slope(f: Callable[[float], Any]) -> Any:
    """Return f'(0)."""
    e = STEP
    return (8 * (f(e) - f(-e)) - (f(2 * e) - f(-2 * e))) / (12 * e)


def along(array: FloatArray, place: tuple[int, ...]) -> Callable[[float], FloatArray]:
    """Return the function that moves one element of an array."""
    unit = np.zeros_like(array)
    unit[place] = 1
    return lambda e: array + e * unit
