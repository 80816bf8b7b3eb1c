from typing import Any

import pytest

from gru_core import CELLS, Reference
from tests.app.session.test_session import opening, say, session
from tests.app.support import random_document


def answer(cell: str, form: dict[str, Any] | None = None, **network: Any) -> Any:
    document = random_document(T=2, H=4, I=3, options={"form": form or {}})
    document["network"] |= {"cell": cell} | network
    return say(session(), opening(document))[0]


def texts(cell: str, **form: Any) -> dict[str, str]:
    return {e.value: e.text for e in answer(cell, form).equations}


def test_opened_describes_a_gru_with_its_equations():
    told = answer("gru")
    assert (told.cell, told.title, told.values) == ("gru", "GRU", ["z", "r", "n", "h"])
    assert texts("gru") == {
        "z": "z = σ(W_z x + U_z h_prev + b_z)",
        "r": "r = σ(W_r x + U_r h_prev + b_r)",
        "n": "n = tanh(W_n x + b_n + r ⊙ (U_n h_prev + b_hn))",
        "h": "h = z ⊙ h_prev + (1 − z) ⊙ n",
    }


def test_opened_describes_an_lstm_with_its_equations():
    told = answer("lstm")
    assert (told.cell, told.title, told.values) == ("lstm", "LSTM", ["i", "f", "g", "c", "o", "h"])
    assert texts("lstm") == {
        "i": "i = σ(W_i x + U_i h_prev + b_i)",
        "f": "f = σ(W_f x + U_f h_prev + b_f)",
        "g": "g = tanh(W_g x + U_g h_prev + b_g)",
        "c": "c = f ⊙ c_prev + i ⊙ g",
        "o": "o = σ(W_o x + U_o h_prev + b_o)",
        "m": "m = tanh(c)",
        "h": "h = o ⊙ m",
    }


def test_opened_describes_an_rnn_with_its_equation():
    told = answer("rnn", bias=False)
    assert (told.cell, told.title, told.values) == ("rnn", "Simple RNN", ["h"])
    assert [e.text for e in told.equations] == ["h = tanh(W x + U h_prev)"]
    assert list(told.arrays) == ["W", "U"]


@pytest.mark.parametrize(
    ("cell", "form", "value", "text"),
    [
        (
            "gru",
            {"reset_after": False},
            "n",
            "n = tanh(W_n x + b_n + U_n (r ⊙ h_prev) + b_hn)",
        ),
        ("gru", {"z_keeps": False}, "h", "h = (1 − z) ⊙ h_prev + z ⊙ n"),
        ("gru", {"clip": 0.5}, "z", "z = σ(clip(W_z x + U_z h_prev + b_z, ±0.5))"),
        ("lstm", {"peepholes": True}, "o", "o = σ(W_o x + U_o h_prev + b_o + p_o ⊙ c)"),
        ("lstm", {"peepholes": True}, "f", "f = σ(W_f x + U_f h_prev + b_f + p_f ⊙ c_prev)"),
        ("lstm", {"input_forget": True}, "f", "f = 1 − i"),
        ("lstm", {"activations": ["sigmoid", "tanh", "relu"]}, "m", "m = relu(c)"),
        ("rnn", {"activations": ["relu"]}, "h", "h = relu(W x + U h_prev + b)"),
    ],
)
def test_opened_describes_a_form_by_its_equations(cell, form, value, text):
    assert texts(cell, **form)[value] == text


def test_an_equation_has_its_parts():
    n, h = answer("gru", {"clip": 2.0}).equations[2:]
    assert (n.title, n.pre, n.activation, n.clip) == ("candidate", "a_n", "tanh", 2.0)
    r, h_prev = ("value", "r", "r"), ("previous", "h", "h")
    assert [(p.kind, [(f.kind, f.name, f.of) for f in p.factors], p.inner) for p in n.products] == [
        ("input", [("input_weights", "W_n", "n"), ("input", "x", "")], None),
        ("bias", [("bias", "b_n", "n")], None),
        ("recurrent", [r, ("recurrent_weights", "U_n", "n"), h_prev], "u"),
        ("recurrent_bias", [r, ("recurrent_bias", "b_hn", "n")], "u"),
    ]
    assert [(p.adds, p.vector) for p in h.products] == [("h/keep", None), ("h/write", None)]
    assert h.products[1].factors[0].model_dump() == {"kind": "complement", "name": "z", "of": "z"}
    assert (h.pre, h.activation, h.clip, h.bounds) == (None, "identity", None, [-1.0, 1.0])


@pytest.mark.parametrize(
    ("cell", "activations", "bounds"),
    [
        ("lstm", None, {"i": [0, 1], "g": [-1, 1], "c": None, "m": [-1, 1], "h": [-1, 1]}),
        ("rnn", None, {"h": [-1, 1]}),
        ("rnn", ["relu"], {"h": None}),
        ("gru", ["relu", "tanh"], {"z": None, "n": [-1, 1], "h": None}),
        ("gru", ["hard_sigmoid", "sigmoid"], {"z": [0, 1], "n": [0, 1], "h": [0, 1]}),
        ("lstm", ["sigmoid", "tanh", "relu"], {"m": None, "h": None}),
    ],
)
def test_bounds_follow_the_activations(cell, activations, bounds):
    got = {e.value: e.bounds for e in answer(cell, {"activations": activations}).equations}
    assert {value: got[value] for value in bounds} == bounds


def test_an_equation_s_words_are_its_text_with_a_reference_at_every_name():
    for cell in CELLS:
        for equation in answer(cell, {"clip": 2.0}).equations:
            names = [word for word in equation.words if not isinstance(word, str)]
            written = [
                word if isinstance(word, str) else str(Reference(**word.model_dump()))
                for word in equation.words
            ]
            assert "".join(written) == equation.text
            assert names[0].model_dump() == {
                "kind": "value",
                "name": equation.value,
                "of": equation.value,
            }


def test_arrays_are_described_by_role_shape_and_value():
    arrays = answer("lstm", {"peepholes": True}).arrays
    own = told(arrays)
    assert (own["W_i"], own["U_o"], own["b_g"], own["p_f"]) == (
        ("i", "input_weights", [4, 3]),
        ("o", "recurrent_weights", [4, 4]),
        ("g", "bias", [4]),
        ("f", "peephole", [4]),
    )
    assert all(name == array.name for name, array in arrays.items())


def told(arrays):
    return {name: (a.of, a.kind, a.shape) for name, a in arrays.items()}


def test_opened_describes_activations_as_curve_and_expression():
    told = {e.value: e for e in answer("gru", {"clip": 2.0}).equations}
    assert (told["h"].curve, told["h"].numpy) == ([], "")
    assert told["n"].numpy == "np.tanh(np.clip(a_n, -2.0, 2.0))"
    ends = told["n"].curve[0], told["n"].curve[-1]
    assert ends == ([-1e6, -0.964028], [1e6, 0.964028])
