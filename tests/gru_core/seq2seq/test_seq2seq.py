"""An encoder and a decoder: the same answer however it is computed, and holds that change it."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from gru_core import (
    Clamp,
    CoreError,
    Layer,
    Network,
    Readout,
    Seq2Seq,
    Seq2SeqTrace,
    ShapeError,
    explain,
)

KINDS = ("gru", "lstm", "rnn")
X = [3, 1, 4, 1, 5]
LIMIT = 12


def model_of(kind: str = "gru", seed: int = 4, layers: int = 2, limit: int = LIMIT) -> Seq2Seq:
    return Seq2Seq.random(kind, 6, 5, hidden_size=7, seed=seed, layers=layers, limit=limit)


def assert_equal(one: Seq2SeqTrace, other: Seq2SeqTrace) -> None:
    assert (one.read, one.said) == (other.read, other.said)
    for a, b in ((one.encoder, other.encoder), (one.decoder, other.decoder)):
        assert np.array_equal(a.output, b.output)
        assert np.array_equal(a.answer, b.answer)
        for left, right in zip(a.layers, b.layers, strict=True):
            assert left.values.keys() == right.values.keys()
            assert all(np.array_equal(left.values[n], right.values[n]) for n in left.values)


@pytest.mark.parametrize("kind", KINDS)
def test_the_decoder_starts_from_the_encoder_and_reads_its_own_answers(kind: str) -> None:
    model = model_of(kind)
    trace = model.run(X)
    begun = model.encoder.run(np.eye(6)[X])
    starts = [begun.final] if begun.final_c is None else [begun.final, begun.final_c]
    read = [model.start]
    for t, said in enumerate(trace.said):
        found = model.decoder.run(np.eye(5)[read], *starts)
        assert said == int(found.output[t].argmax())
        read.append(said)
    assert np.array_equal(found.output, trace.decoder.output)
    assert trace.read == tuple(read[:-1])


def test_an_answer_ends_with_the_end_mark_or_at_the_limit() -> None:
    traces = [model_of(seed=seed).run(X) for seed in range(12)]
    ended = [one for one in traces if one.is_ended]
    assert 0 < len(ended) < len(traces)
    for one in traces:
        assert one.said == one.tokens + ((1,) if one.is_ended else ())
        assert 1 not in one.tokens
        assert one.is_ended or len(one.said) == LIMIT
        assert one.steps == (len(X), len(one.said))


@pytest.mark.parametrize("kind", KINDS)
def test_spans_are_the_run_without_gaps(kind: str) -> None:
    model, done = model_of(kind), 0
    for span in model.spans(X, first=2, largest=2):
        assert span.start == done
        assert span.span.stop - span.span.start == span.stop - span.start > 0
        assert (span.trace is None) == (span.stage == "encoder")
        done = span.stop
    assert span.is_last
    assert span.trace is not None
    assert_equal(span.trace, model.run(X))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("t", range(9))
def test_resuming_from_a_hold_is_running_with_it(kind: str, t: int) -> None:
    model = model_of(kind)
    before = model.run(X)
    held = [Clamp("h", 2, 0.9, t=min(t, sum(before.steps) - 1), layer=1)]
    assert_equal(model.resume(before, X, t=held[0].t or 0, clamps=held), model.run(X, clamps=held))


@pytest.mark.parametrize(
    ("x", "t"), [([3, 1, 4, 2, 5], 3), ([3, 1, 4], 3), ([*X, 2], 5), (X, 5), ([2], 0)]
)
def test_resuming_on_another_input_is_running_on_it(x: list[int], t: int) -> None:
    model = model_of()
    assert_equal(model.resume(model.run(X), x, t=t), model.run(x))


def test_nothing_is_computed_where_nothing_changed() -> None:
    model = model_of()
    before = model.run(X)
    (only,) = model.spans(X, keep=before, start=sum(before.steps))
    assert only.is_last
    assert only.start == only.stop == sum(before.steps)
    assert only.trace is not None
    assert_equal(only.trace, before)


def test_a_hold_acts_in_the_stage_of_its_step() -> None:
    model = model_of()
    for t, stage, step in ((4, "encoder", 4), (5, "decoder", 0), (6, "decoder", 1)):
        trace = model.run(X, clamps=[Clamp("h", 3, 0.625, t=t, layer=1)])
        assert trace.place(t) == (stage, step)
        h = {name: trace.of(name).layers[1].h[:, 3] for name in ("encoder", "decoder")}
        assert np.flatnonzero(h[stage] == 0.625).tolist() == [step]
        assert 0.625 not in h["decoder" if stage == "encoder" else "encoder"]


@pytest.mark.parametrize("t", [4, 5])
def test_a_hold_in_either_stage_changes_what_the_decoder_says(t: int) -> None:
    model = model_of()
    outputs = {model.run(X).decoder.output[0].tobytes()}
    held = [Clamp("h", unit, 0.9, t=t, layer=1) for unit in range(7)]
    outputs |= {model.run(X, clamps=[one]).decoder.output[0].tobytes() for one in held}
    assert len(outputs) == 8
    assert model.run(X, clamps=held).tokens != model.run(X).tokens


def test_an_ablation_names_its_stage() -> None:
    model = model_of()
    trace = model.run(X, ablations=[("decoder", Clamp("h", 0, 0.0))])
    assert not trace.decoder.layers[0].h[:, 0].any()
    assert trace.encoder.layers[0].h[:, 0].all()


def test_a_hold_after_the_end_of_the_answer_changes_nothing() -> None:
    model = next(m for m in (model_of(seed=seed) for seed in range(12)) if m.run(X).is_ended)
    trace = model.run(X)
    late = Clamp("h", 0, 0.9, t=sum(trace.steps))
    assert_equal(model.run(X, clamps=[late]), trace)


def test_many_answers_are_those_of_single_runs() -> None:
    model, rng = model_of(), np.random.default_rng(0)
    sequences = [rng.integers(0, 6, rng.integers(1, 7)).tolist() for _ in range(40)]
    assert model.answers(sequences) == [model.run(one).tokens for one in sequences]
    without = [("encoder", Clamp("h", 2, 0.0, layer=1))]
    alone = [model.run(one, ablations=without).tokens for one in sequences]
    assert model.answers(sequences, ablations=without) == alone


def test_a_beam_of_one_is_greedy() -> None:
    for seed in range(6):
        model = model_of(seed=seed)
        (only,) = model.beam(X, 1)
        assert only.tokens == model.run(X).tokens


@pytest.mark.parametrize("kind", KINDS)
def test_a_wide_beam_finds_the_likeliest_of_all_answers(kind: str) -> None:
    model = model_of(kind, limit=4)
    begun = model.encoder.run(np.eye(6)[X])
    starts = [begun.final] if begun.final_c is None else [begun.final, begun.final_c]

    def likelihood(said: tuple[int, ...]) -> float:
        read = [model.start, *said[:-1]]
        answer = model.decoder.run(np.eye(5)[read], *starts).answer
        return float(np.log(answer[np.arange(len(said)), said]).sum())

    others = [symbol for symbol in range(5) if symbol != model.end]
    every = [(*one, model.end) for n in range(4) for one in product(others, repeat=n)]
    every += list(product(others, repeat=4))
    assert sum(np.exp(likelihood(one)) for one in every) == pytest.approx(1)
    best = sorted(every, key=likelihood, reverse=True)[:5]
    found = model.beam(X, 400)[:5]
    assert [one.tokens for one in found] == [tuple(s for s in one if s != 1) for one in best]
    for one, said in zip(found, best, strict=True):
        assert one.log_probability == pytest.approx(likelihood(said), rel=1e-9)


def test_an_embedding_reads_symbols() -> None:
    rng, plain = np.random.default_rng(0), model_of()
    table = rng.normal(size=(9, 6))
    encoder = Network(plain.encoder.layers, table)
    model = plain.with_networks(encoder=encoder)
    x = [8, 0, 3]
    assert model.encoder.symbols == 9
    assert_equal(model.run(x), plain.run(table[x]))


def test_the_terms_of_a_value_of_either_stage_add_up() -> None:
    model = model_of()
    trace = model.run(X)
    for t in (1, 6):
        stage, step = trace.place(t)
        layer = trace.of(stage).layers[1]
        found = explain(layer, model.of(stage).layers[1].first, "z", t=step, unit=3)
        assert found.result == layer.values["z"][step, 3]
        assert found.pre_activation == pytest.approx(sum(one.product for one in found.terms))


def test_both_dtypes_and_the_number_of_weights() -> None:
    model = model_of("lstm")
    single = model.astype("float32")
    assert single.dtype == single.run(X).decoder.output.dtype == np.float32
    assert model.astype("float64").encoder is model.encoder
    assert model.parameters == model.encoder.parameters + model.decoder.parameters


REVERSED = Layer(None, model_of(layers=1).encoder.layers[0].first)
STARTED = Layer(model_of(layers=1).decoder.layers[0].first, h0=np.zeros((1, 7)))
HEAD = Readout(np.ones((5, 7)), head="softmax")
PAIRS: list[tuple[Callable[[Seq2Seq], object], str]] = [
    (lambda m: m.with_networks(encoder=Network((REVERSED,))), "encoder must read forward"),
    (lambda m: m.with_networks(decoder=m.encoder), "decoder.readout must have a softmax over the"),
    (lambda m: m.with_networks(encoder=m.decoder), "encoder must have no readout"),
    (lambda m: m.with_networks(m.encoder.astype("float32")), "be of float32 like the encoder"),
    (
        lambda m: m.with_networks(model_of("lstm", layers=1).encoder),
        r"\(kind, H\) = \[\('lstm', 7\)\] like the encoder, got \[\('gru', 7\)\]",
    ),
    (lambda m: m.with_networks(model_of(layers=2).encoder), "layers of"),
    (
        lambda m: m.with_networks(decoder=Network((STARTED,), readout=HEAD)),
        "decoder must start from the encoder's states",
    ),
    (lambda m: Seq2Seq(m.encoder, m.decoder, 5, 1, 9), "start must be from 0 to 4"),
    (lambda m: Seq2Seq(m.encoder, m.decoder, 0, -1, 9), "end must be from 0 to 4"),
    (lambda m: Seq2Seq(m.encoder, m.decoder, 0, 1, 0), "limit must be at least 1"),
    (lambda m: m.run([]), "x must be symbols of shape"),
    (lambda m: m.run([6]), "symbols must be from 0 to 5, got 6"),
    (lambda m: m.run([[1], [1, 2]]), "x must have shape"),
    (lambda m: m.run(X, clamps=[Clamp("h", 0, 0.0)]), r"clamps\[0\].t must be a step"),
    (lambda m: m.run(X, clamps=[Clamp("h", 0, 0.0, t=17)]), "from 0 to 16: 5 steps in, at most 12"),
    (lambda m: m.run(X, clamps=[Clamp("h", 9, 0.0, t=6)]), r"clamps\[0\].unit"),
    (
        lambda m: m.run(X, ablations=[("encoder", Clamp("h", 0, 0.0, t=1))]),
        r"ablations\[0\].t must be None",
    ),
    (lambda m: m.run(X, ablations=[("middle", Clamp("h", 0, 0.0))]), r"ablations\[0\].stage"),
    (lambda m: m.resume(m.run(X), [1, 2], 3), "start must be from 0 to 2"),
    (lambda m: m.resume(m.run(X), X, 99), "start must be from 0 to"),
    (lambda m: m.resume(m.run(X), [0, 0, 0, 0, 0], 5), "x must equal keep.x before t = 5"),
    (lambda m: m.beam(X, 0), "width must be at least 1"),
    (lambda m: m.run(X).place(99), "t must be from 0 to"),
]


@pytest.mark.parametrize(("make", "message"), PAIRS)
def test_what_does_not_fit_is_refused(make: Callable[[Seq2Seq], object], message: str) -> None:
    with pytest.raises(CoreError, match=message):
        make(model_of(layers=1))


def test_two_that_read_other_widths_fit() -> None:
    layers = Network.random("gru", 3, 7, seed=0).layers
    model = model_of(layers=1).with_networks(encoder=Network(layers))
    assert len(model.run([2, 1]).decoder.x) > 0
    with pytest.raises(ShapeError, match="I = 3"):
        model.run(np.ones((2, 6)))
