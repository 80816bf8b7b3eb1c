"""Networks under names given by hand compute what the code that has those names computes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from numpy.typing import NDArray

from gru_core.files import FormatError, load

I, H, O, T = 3, 4, 2, 6
Array = NDArray[np.float64]


def numbers(seed: int, *shape: int) -> Array:
    return np.random.RandomState(seed).uniform(-0.9, 0.9, shape)


X = numbers(0, T, I)


def sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


def columns(Wxh: Array, Whh: Array, bh: Array, Why: Array, by: Array) -> Array:
    """Return the outputs of a simple RNN as min-char-rnn computes them, with column vectors."""
    h, outputs = np.zeros((H, 1)), []
    for x in X:
        h = np.tanh(Wxh @ x[:, None] + Whh @ h + bh)
        outputs.append((Why @ h + by).ravel())
    return np.array(outputs)


def rows(Wxh: Array, Whh: Array, bh: Array, Why: Array, by: Array) -> Array:
    """Return the outputs of a simple RNN that multiplies row vectors with its matrices."""
    h, outputs = np.zeros((1, H)), []
    for x in X:
        h = np.tanh(x[None] @ Wxh + h @ Whh + bh)
        outputs.append((h @ Why + by).ravel())
    return np.array(outputs)


COLUMN = (numbers(1, H, I), numbers(2, H, H), numbers(3, H, 1), numbers(4, O, H), numbers(5, O, 1))
ROW = (numbers(1, I, H), numbers(2, H, H), numbers(3, H), numbers(4, H, O), numbers(5, O))
NAMES = [
    "Wxh Whh bh Why by",
    "W_xh W_hh b_h W_hy b_y",
    "Wax Waa ba Wya by",
    "w_ih w_hh b_h w_ho b_o",
    "U W b V c",
    "rnn.Wx rnn.Wh rnn.b rnn.Wy rnn.by",
    "cell/W_xh cell/W_hh cell/b_h cell/W_hq cell/b_q",
]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize(("arrays", "run"), [(COLUMN, columns), (ROW, rows)], ids=["W·x", "x·W"])
def test_a_simple_rnn(arrays: Any, run: Any, names: str, suffix: str, tmp_path: Path) -> None:
    network = load(saved(tmp_path, dict(zip(names.split(), arrays, strict=True)), suffix))
    assert (network.kind, network.guessed, network.left_out) == ("rnn", ("readout",), ())
    np.testing.assert_allclose(network.run(X).output, run(*arrays), rtol=0, atol=1e-12)


@pytest.mark.parametrize("pair", ["Wx{0} Wh{0} b{0}", "W_{0} U_{0} b_{0}", "W_i{0} W_h{0} b_i{0}"])
@pytest.mark.parametrize("cell", ["c", "g"])
@pytest.mark.parametrize("turned", [False, True], ids=["W·x", "x·W"])
def test_an_lstm_of_gates(pair: str, cell: str, turned: bool, tmp_path: Path) -> None:
    gates = [(numbers(k, H, I), numbers(k + 9, H, H), numbers(k + 99, H)) for k in range(4)]
    found = {}
    for letter, (W, U, b) in zip(f"if{cell}o", gates, strict=True):
        each = (W.T, U.T, b) if turned else (W, U, b)
        found |= dict(zip(pair.format(letter).split(), each, strict=True))
    h, c, states = np.zeros(H), np.zeros(H), []
    for x in X:
        i, f, g, o = (W @ x + U @ h + b for W, U, b in gates)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    path = saved(tmp_path, found)
    if pair.startswith("W_{0}") and cell == "g" and turned:  # our own names, which mean W·x
        with pytest.raises(FormatError, match="must have shape"):
            load(path)
        return
    network = load(path)
    np.testing.assert_allclose(network.run(X).states, states, rtol=0, atol=1e-12)


def test_what_else_is_in_the_file_is_named_and_the_readout_stays(tmp_path: Path) -> None:
    found = dict(zip(NAMES[0].split(), COLUMN, strict=True))
    memory = {"mWxh": found["Wxh"], "hprev": numbers(8, H, 1)}
    network = load(saved(tmp_path, found | memory))
    assert network.readout is not None
    assert network.left_out == ("mWxh", "hprev")


def test_a_bias_of_no_output_is_named(tmp_path: Path) -> None:
    network = load(saved(tmp_path, simple(Why=None)))
    assert (network.readout, network.left_out) == (None, ("by",))


def simple(**changed: Any) -> dict[str, Array]:
    arrays: dict[str, Any] = dict(zip(NAMES[0].split(), COLUMN, strict=True))
    return {n: a for n, a in (arrays | changed).items() if a is not None}


def gru(*forms: str) -> dict[str, Array]:
    return {form.format(g): numbers(1, H, H) for g in "zrh" for form in forms}


SQUARE = {"Wxh": numbers(1, H, H), "Whh": numbers(2, H, H)}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (SQUARE, "Wxh: has the shape (4, 4): it may be multiplied as W·x, as in min-char-rnn, or "
         "as x·W; name them as PyTorch does, weight_ih_l0"),
        (simple(Why=numbers(4, H, O)), "Wxh: must be multiplied like the others, but shapes say "
         "Wxh W·x and Why x·W and bh W·x"),
        (simple(Whh=numbers(2, H, 3)), "Whh: must have shape (H, H), got (4, 3)"),
        (simple(Wxh=numbers(2, 7, 3)), "Wxh: must have shape (H, I) or (I, H) with H = 4, got (7"),
        (simple(Why=numbers(2, 7, 3)), "Why: must have shape (O, H) or (H, O) with H = 4, got (7"),
        (simple(bh=numbers(2, 3)), "bh: must have shape (4,), got (3,)"),
        (simple(by=numbers(2, 3)), "by: must have shape (2,), got (3,)"),
        (simple(W_xh=COLUMN[0]), "W_xh: is there twice, also as 'Wxh'"),
        (simple(bh=np.full((H, 1), np.nan)), "bh: holds nan at (0, 0)"),
        (simple(Whh=np.ones((H, H), int)), "Whh: has dtype int64"),
        ({"W_ih": numbers(1, 3 * H, I), "W_hh": numbers(2, 3 * H, H)}, "W_hh: holds 3 gates side "
         "by side, whose order its name does not say: r, z, n as in PyTorch or z, r, h as in K"),
        ({"Wx": numbers(1, I, 4 * H), "Wh": numbers(2, H, 4 * H)}, "Wh: holds 4 gates side by"),
        (gru("W_x{}", "W_h{}"), "W_xr: is of a GRU whose names do not say whether r multiplies"),
        (gru("W{}", "U{}"), "Wr: is of a GRU whose names do not say whether r multiplies"),
        (simple(W_xz=COLUMN[0]), "W_xz: is of a gate, but not every gate has its two matrices"),
        ({f"W{g}": numbers(1, H, H + I) for g in "ifco"}, "Wi: multiplies x and h joined, and its"),
        ({n: SQUARE["Whh"] for n in "UVW"}, "W: is square, as U is: names do not say W·x + U·h or"),
    ],
)  # fmt: skip
def test_what_is_ambiguous_is_refused_with_both_readings(
    arrays: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError) as caught:
        load(saved(tmp_path, arrays))
    assert str(caught.value).startswith(f"model.npz: {message}")


def test_the_shape_of_a_bias_decides_where_matrices_are_square(tmp_path: Path) -> None:
    for shape, expected in (((H, 1), SQUARE["Wxh"]), ((1, H), SQUARE["Wxh"].T)):
        network = load(saved(tmp_path, SQUARE | {"bh": np.zeros(shape)}))
        np.testing.assert_array_equal(network.layers[0].first.W, expected)


def test_layers_are_chosen_by_their_prefix(tmp_path: Path) -> None:
    one = {f"layers.0.{n}": a for n, a in zip(("Wx", "Wh", "b"), ROW, strict=False)}
    two = {"layers.1.Wx": numbers(1, H, 2), "layers.1.Wh": numbers(2, 2, 2)}
    path = saved(tmp_path, one | two)
    found, named = load(path), load(path, "layers.0+layers.1")
    assert len(found.layers) == len(named.layers) == 2
    assert (found.guessed, named.guessed) == (("chain",), ())


def saved(folder: Path, arrays: dict[str, Any], suffix: str = ".npz") -> Path:
    path = folder / f"model{suffix}"
    if suffix == ".npz":
        np.savez(path, **arrays)
    else:
        whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        safetensors.numpy.save_file(whole, path)
    return path
