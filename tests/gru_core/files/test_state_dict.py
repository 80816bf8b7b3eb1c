"""Finding the network among named arrays, with arrays that nobody need save."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gru_core import RangeError
from gru_core.files import FormatError
from gru_core.files.entries import Entries, Entry
from gru_core.files.torch import state_dict
from gru_core.network.network import Network

I, H = 3, 4
Arrays = dict[str, Any]


def entries(arrays: Mapping[str, Any], scopes: Mapping[str, str] | None = None) -> Entries:
    made = {
        name: Entry(
            "a.pt", name, str(a.dtype), a.shape, lambda a=a: a.copy(), (scopes or {}).get(name, "")
        )
        for name, a in arrays.items()
    }
    return Entries("a.pt", made)


def rnn(
    prefix: str = "",
    gates: int = 3,
    layers: int = 1,
    reverse: bool = False,
    bias: bool = True,
    dtype: str = "float64",
) -> Arrays:
    """Return a state_dict as PyTorch names and shapes it."""
    rng, found, size = np.random.RandomState(gates), {}, I
    for k in range(layers):
        for end in ("", "_reverse") if reverse else ("",):
            shapes = {"weight_ih": (gates * H, size), "weight_hh": (gates * H, H)}
            if bias:
                shapes |= {"bias_ih": (gates * H,), "bias_hh": (gates * H,)}
            for name, shape in shapes.items():
                found[f"{prefix}{name}_l{k}{end}"] = rng.uniform(-1, 1, shape).astype(dtype)
        size = (2 if reverse else 1) * H
    return found


def weight(*shape: int) -> Any:
    return np.ones(shape)


def find(arrays: Mapping[str, Any], name: str | None = None) -> Network:
    return state_dict.network(entries(arrays), name)


@pytest.mark.parametrize("prefix", ["", "rnn.", "encoder.rnn.", "module.0.a-b.", "weight_ih_l0."])
@pytest.mark.parametrize(("gates", "kind"), [(3, "gru"), (4, "lstm"), (1, "rnn")])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_network_is_found_under_any_prefix(
    prefix: str, gates: int, kind: str, reverse: bool
) -> None:
    network = find(rnn(prefix, gates, 3, reverse), prefix.removesuffix("."))
    assert (network.kind, network.input_size, network.hidden_size) == (kind, I, H)
    assert len(network.layers) == 3
    assert network.directions == 1 + reverse


def test_the_gates_of_a_gru_are_put_in_our_order() -> None:
    arrays = rnn()
    params = find(arrays).layers[0].forward
    for name, given in (("W", "weight_ih_l0"), ("U", "weight_hh_l0")):
        r, z, n = np.split(arrays[given], 3)
        np.testing.assert_array_equal(getattr(params, name), np.concatenate([z, r, n]))
    (r, z, n), (hr, hz, hn) = (np.split(arrays[f"bias_{x}_l0"], 3) for x in ("ih", "hh"))
    np.testing.assert_array_equal(params.b, np.concatenate([z + hz, r + hr, n]))
    np.testing.assert_array_equal(params.b_hn, hn)


def test_the_gates_of_an_lstm_are_put_in_our_order() -> None:
    arrays = rnn(gates=4)
    params = find(arrays).layers[0].forward
    i, f, g, o = np.split(arrays["weight_hh_l0"], 4)
    np.testing.assert_array_equal(params.U, np.concatenate([i, f, o, g]))
    i, f, g, o = np.split(arrays["bias_ih_l0"] + arrays["bias_hh_l0"], 4)
    np.testing.assert_array_equal(params.b, np.concatenate([i, f, o, g]))


def test_arrays_of_several_widths_take_the_widest() -> None:
    narrow = rnn(dtype="float16")
    assert find(narrow).dtype == np.float32
    assert find(narrow | {"bias_hh_l0": np.ones(3 * H)}).dtype == np.float64
    around = {"embedding.weight": np.ones((7, I))}
    assert find(rnn("rnn.", dtype="float32") | around).dtype == np.float64


EMBEDDING = {"embedding.weight": (7, I)}
READOUT = {"fc.weight": (2, H), "fc.bias": (2,)}
SQUARE = H
"""I of a network that a Linear of its states could as well stand in front of."""


@pytest.mark.parametrize(
    ("beside", "embedding", "readout"),
    [
        ({}, False, False),
        (EMBEDDING, True, False),
        (READOUT, False, True),
        (EMBEDDING | READOUT, True, True),
        ({"wte.weight": (7, I), "decoder.weight": (2, H), "decoder.bias": (2,)}, True, True),
        ({"m.char_embeddings.weight": (7, I), "lm_head.weight": (7, H)}, True, True),
        ({"model.output_layer.weight": (1, H), "model.output_layer.bias": (1,)}, False, False),
        ({"linear.weight": (2, H), "linear.bias": (2,)}, False, True),
        ({"encoder.weight": (7, I), "decoder.weight": (2, H), "decoder.bias": (2,)}, True, True),
        ({"encoder.weight": (7, I), "encoder.bias": (7,)}, False, False),
        ({"encoder.weight": (I, I)}, False, False),
        ({"head.1.weight": (2, H), "head.1.bias": (2,)}, False, True),
        ({"head.0.weight": (H, H), "head.2.weight": (2, H)}, False, False),
        ({"actor.weight": (2, H), "head.weight": (1, H)}, False, False),
        ({"pos_emb.weight": (7, I)}, False, False),
        ({"embedding.weight": (I, I)}, False, False),
        (EMBEDDING | READOUT | {"norm.weight": (H,)}, False, False),
        (EMBEDDING | READOUT | {"steps": ()}, False, False),
        ({"fc1.weight": (9, H), "fc1.bias": (9,), "fc2.weight": (2, 9)}, False, False),
        ({"fc1.weight": (H, H), "fc2.weight": (2, H)}, False, False),
        ({"source_emb.weight": (7, I), "target_emb.weight": (7, I)}, False, False),
        ({"embedding.weight": (7, I + 1)}, False, False),
        ({"fc.weight": (2, H + 1)}, False, False),
        ({"fc.weight": (2, H), "fc.bias": (3,)}, False, False),
        ({"fc.bias": (2,)}, False, False),
        ({"attention.weight": (1, H)}, False, False),
        ({"0.weight": (2, H)}, False, False),
        ({"unembedded": (7, I)}, False, False),
        (rnn("other.", gates=1) | {n: weight(*s) for n, s in READOUT.items()}, False, False),
    ],
)
def test_what_stands_around_a_network_is_taken_only_without_doubt(
    beside: Arrays, embedding: bool, readout: bool
) -> None:
    more = {n: weight(*s) if isinstance(s, tuple) else s for n, s in beside.items()}
    network = find(rnn("rnn.") | more, "rnn")
    assert (network.embedding is not None, network.readout is not None) == (embedding, readout)


LAST = ["out", "output", "output_layer", "outputs", "readout", "head", "lm_head", "classifier"]
LAST += ["decoder", "logits", "fc_out", "out_proj", "final_layer", "hidden2tag", "h2o", "predictor"]
KINDS = ["linear", "lin", "dense", "proj", "projection", "Linear", "fc1", "linear_layer"]
NEITHER = ["encoder", "attn", "prenet", "in_proj", "input_proj", "embedding", "gate", "layer1"]


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("module", [*LAST, *KINDS, *NEITHER, "fc"])
def test_a_part_that_could_come_first_needs_a_name_that_says_it_comes_last(
    module: str, ordered: bool
) -> None:
    own = rnn("rnn.")
    square = own | {"rnn.weight_ih_l0": weight(3 * H, SQUARE)}
    for bias in ({}, {f"{module}.bias": weight(SQUARE)}):
        for arrays, by_kind in ((square, False), (own, True)):
            last = {f"{module}.weight": weight(SQUARE, H)} | bias
            found = state_dict.network(replace(entries(arrays | last), ordered=ordered))
            is_last = module in LAST or (module == "fc" and ordered)
            is_last |= (by_kind or ordered) and module in [*KINDS, "fc"]
            assert (found.readout is not None) == is_last
            assert found.embedding is None
            before = state_dict.network(replace(entries(last | arrays), ordered=ordered))
            assert (before.readout is not None) == (is_last and not ordered)


EMBEDDINGS = ["emb", "embed", "embedding", "Embeddings", "word_embeddings", "wte", "tok_emb"]
EMBEDDINGS += ["embed_tokens", "char_embed", "embedder", "embedding_layer"]
FIRST = ["encoder", "enc", "lookup", "word_vectors", "vocab"]


@pytest.mark.parametrize("module", [*EMBEDDINGS, *FIRST, "position_embeddings", "pe"])
def test_an_embedding_is_one_by_name_and_not_square(module: str) -> None:
    for rows in (I - 1, I + 1, 1000):
        found = find({f"{module}.weight": weight(rows, I)} | rnn("rnn."))
        assert (found.embedding is not None) == (module in [*EMBEDDINGS, *FIRST])
    after = rnn("rnn.") | {f"{module}.weight": weight(7, I)}
    ordered = state_dict.network(replace(entries(after), ordered=True))
    assert (ordered.embedding is not None) == (module in EMBEDDINGS)
    assert find({f"{module}.weight": weight(I, I)} | rnn("rnn.")).embedding is None


def test_a_readout_may_be_in_the_networks_module_or_around_it() -> None:
    for around, is_there in {
        "": True,
        "m.": True,
        "m.a.": True,
        "m.b.": False,
        "b.": False,
    }.items():
        found = find(rnn("m.a.rnn.") | {f"{around}out.weight": weight(2, H)})
        assert (found.readout is not None) == is_there


def test_only_the_dict_that_holds_the_network_counts() -> None:
    arrays = rnn("model.rnn.") | {"model.fc.weight": weight(2, H), "ema.fc.weight": weight(2, H)}
    scopes = {name: name.split(".")[0] for name in arrays}
    network = state_dict.network(entries(arrays, scopes))
    assert network.readout is not None
    assert state_dict.network(entries(arrays)).readout is None


def without(name: str) -> Arrays:
    return {key: array for key, array in rnn(layers=2, reverse=True).items() if key != name}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "holds no network"),
        ({"fc.weight": weight(2, 3)}, "holds no network"),
        ({"bias_ih_l0": weight(3)}, "holds no network"),
        (without("weight_ih_l0"), "weight_ih_l0: is missing"),
        (without("weight_hh_l1"), "weight_hh_l1: is missing"),
        (without("weight_hh_l1_reverse"), "weight_hh_l1_reverse: is missing"),
        (without("bias_hh_l0_reverse"), "bias_hh_l0_reverse: is missing"),
        (rnn("a.") | {"a.weight_hr_l0": weight(2, H)}, "a.weight_hr_l0: is a projection (proj_"),
        (rnn() | {"weight_hh_l0": weight(2 * H, H)}, "with G = 3 (GRU), 4 (LSTM) or 1 (RNN), got"),
        (rnn() | {"weight_hh_l0": weight(13, H)}, "weight_hh_l0: must have shape (G·H, H)"),
        (rnn() | {"weight_ih_l0": weight(3 * H)}, "which is no matrix's"),
        (rnn() | {"weight_ih_l0": weight(4 * H, I)}, "must have shape (12, I) in this GRU, got (1"),
        (rnn() | {"weight_ih_l0": weight(I, 3 * H)}, "shape (12, I) in this GRU, got (3, 12)"),
        (rnn() | {"bias_ih_l0": weight(H)}, "bias_ih_l0: must have shape (12,) in this GRU"),
        (rnn(layers=2) | {"weight_ih_l1": weight(3 * H, I)}, "weight_ih_l1: must have shape (1"),
        (rnn(layers=2) | {"weight_hh_l1": weight(4 * H, H)}, "weight_hh_l1: must have shape (1"),
        (rnn(layers=3) | {"weight_ih_l7": weight(1, 1)}, "weight_ih_l3: is missing"),
        ({"weight_ih": weight(12, 3), "bias_ih": weight(12)}, "weight_hh: is missing"),
        (rnn() | {"weight_hh_l0": np.full((12, 4), np.inf)}, "weight_hh_l0: holds inf at (0, 0)"),
        (rnn() | {"weight_hh_l0": np.ones((12, 4), int)}, "weight_hh_l0: has dtype int64"),
    ],
)  # fmt: skip
def test_a_mismatch_is_named(arrays: Arrays, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        find(arrays)
    assert message in str(caught.value)


def parted(prefix: str, *parts: str) -> Arrays:
    """Return a network whose weight_hh_l0 is stored in parts."""
    made = {n: a for n, a in rnn(prefix).items() if not n.endswith("weight_hh_l0")}
    return made | {f"{prefix}{part}": weight(3 * H, H) for part in parts}


PARTED = {
    "parametrize.remove_parametrizations": (
        "parametrizations.weight_hh_l0.original0",
        "parametrizations.weight_hh_l0.original1",
    ),
    "remove_weight_norm": ("weight_hh_l0_g", "weight_hh_l0_v"),
    "remove_spectral_norm": ("weight_hh_l0_orig", "weight_hh_l0_u"),
    "prune.remove": ("weight_hh_l0_orig", "weight_hh_l0_mask"),
}


@pytest.mark.parametrize("undo", PARTED)
@pytest.mark.parametrize("prefix", ["", "m.rnn."])
def test_weights_in_parts_are_refused_with_advice(prefix: str, undo: str) -> None:
    arrays = parted(prefix, *PARTED[undo])
    both = {n: a for n, a in arrays.items() if "weight_ih" not in n}
    for given in (arrays, both):
        with pytest.raises(FormatError) as caught:
            find(given)
        assert caught.value.entry == prefix + PARTED[undo][0]
        call = f"call torch.nn.utils.{undo}(module, 'weight_hh_l0') before you save"
        assert caught.value.message.endswith(call)
    assert find(rnn("other.") | both).kind == "gru"
    with pytest.raises(FormatError, match="is a part of weight_hh_l0"):
        find(rnn("other.") | both, prefix.removesuffix("."))
    whole = {n: a for n, a in rnn(prefix).items() if n.endswith("weight_hh_l0")}
    assert find(arrays | whole).kind == "gru"


@pytest.mark.parametrize("wrapper", ["", "module."])
@pytest.mark.parametrize("keeps_copy", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
def test_under_weight_drop_the_raw_matrix_is_the_weight(
    wrapper: str, keeps_copy: bool, reverse: bool
) -> None:
    plain = rnn(f"lstm.{wrapper}", gates=4, layers=2, reverse=reverse)
    raw = {n: a for n, a in plain.items() if "weight_hh" in n}
    dropped = {n: a * (a > 0) for n, a in raw.items()} if keeps_copy else {}
    kept = {n: a for n, a in plain.items() if n not in raw} | dropped
    for prefix in {"lstm.", f"lstm.{wrapper}"}:
        renamed = {n.replace(f"lstm.{wrapper}", prefix) + "_raw": a for n, a in raw.items()}
        for arrays in (kept | renamed, renamed | kept):
            found = find(arrays | {"fc.weight": weight(2, H * (1 + reverse))})
            assert found.readout is not None
            for layer, expected in zip(found.layers, find(plain).layers, strict=True):
                for a, b in zip(layer.params(), expected.params(), strict=True):
                    np.testing.assert_array_equal(a.U, b.U)


def test_biases_whose_sum_is_too_large_are_refused() -> None:
    large = {f"bias_{x}_l0": np.full(3 * H, 3e38, np.float32) for x in ("ih", "hh")}
    with pytest.raises(RangeError, match="b must be finite float32 numbers"):
        find(rnn(dtype="float32") | large)


def test_cells_and_layers_of_one_prefix_are_distinguished() -> None:
    cell = {name.removesuffix("_l0"): array for name, array in rnn().items()}
    assert find(cell).kind == "gru"
    with pytest.raises(FormatError, match="holds 2 networks; choose one with name="):
        find(cell | rnn())
    with pytest.raises(FormatError, match="more than one network of the name ''"):
        find(cell | rnn(), "")


def test_a_name_may_end_with_the_dot_that_follows_it() -> None:
    both = rnn("a.rnn.") | rnn("b.rnn.", gates=4)
    assert find(both, "b.rnn.").kind == find(both, "b.rnn").kind == "lstm"
    assert find(rnn("a.") | rnn("a..", gates=4), "a.").kind == "lstm"
    for name in ("b.rnn..", "rnn.", ".", ""):
        with pytest.raises(FormatError, match="holds no network of the name"):
            find(both, name)


def test_of_many_networks_some_are_listed() -> None:
    many = {n: a for k in range(50) for n, a in rnn(f"rnns.{k}.").items()}
    with pytest.raises(FormatError, match=r"holds 50 networks.*'rnns\.0' \(GRU, I = 3, H = 4\)"):
        find(many)
    assert find(many, "rnns.49").kind == "gru"
