"""Training: seeds, pausing, resuming, endings."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, RELU, Layer, Network, RangeError, Readout, ShapeError
from gru_core.files.checkpoint import load_checkpoint, save_checkpoint
from gru_core.learn import TASKS, Architecture, Options, Training
from gru_core.learn.weights import Weights
from gru_core.network.between import Between

TASK = TASKS["parity"](length=8)
SHORT = Options(steps=30, batch=8, score_every=10, held_out=16, until_solved=False)


def training(seed: int = 0, kind: str = "gru", **options: Any) -> Training:
    return Training(TASK, Architecture(kind, 4), replace(SHORT, **options), seed=seed)


def finished(one: Training) -> Training:
    for _ in one.run():
        pass
    return one


@pytest.mark.parametrize("kind", CELLS)
def test_the_same_seed_gives_the_same_weights_bit_for_bit(kind: str) -> None:
    first, second, other = (finished(training(seed, kind)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.weights.values, second.weights.values)
    assert (first.weights.values != other.weights.values).any()


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("schedule", ["constant", "warm-up"])
def test_a_resumed_training_equals_an_uninterrupted_one(
    kind: str, schedule: Any, tmp_path: Path
) -> None:
    whole, before, after = (training(1, kind, schedule=schedule) for _ in range(3))
    finished(whole)
    for _ in range(17):
        before.advance()
    save_checkpoint(before, tmp_path / "a.safetensors")
    load_checkpoint(after, tmp_path / "a.safetensors")
    finished(after)
    np.testing.assert_array_equal(after.weights.values, whole.weights.values)
    assert (after.best_score, after.best_step) == (whole.best_score, whole.best_step)
    np.testing.assert_array_equal(Weights(after.best).values, Weights(whole.best).values)


def test_a_finished_training_can_be_given_more_steps(tmp_path: Path) -> None:
    save_checkpoint(finished(training(steps=10)), tmp_path / "a.safetensors")
    longer = training()
    load_checkpoint(longer, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(
        finished(longer).weights.values, finished(training()).weights.values
    )


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    save_checkpoint(training(1), tmp_path / "a.safetensors")
    with pytest.raises(RangeError, match="of a training with seed 2, got 1"):
        load_checkpoint(training(2), tmp_path / "a.safetensors")
    (tmp_path / "b.safetensors").write_bytes(b"nothing")
    with pytest.raises(RangeError, match="checkpoint must be a safetensors file"):
        load_checkpoint(training(), tmp_path / "b.safetensors")


def test_leaving_the_loop_pauses() -> None:
    paused, whole = training(), finished(training())
    for progress in paused.run():
        if progress.step == 7:
            break
    finished(paused)
    np.testing.assert_array_equal(paused.weights.values, whole.weights.values)


def test_scores_come_with_the_network_they_are_of() -> None:
    found = list(training().run())
    assert [p.step for p in found if p.score is not None] == [10, 20, 30]
    one = training()
    for progress in found:
        if progress.network is not None:
            assert progress.score == TASK.score(progress.network, one.held_out)
    assert found[-1].ending == "steps"
    assert found[-1].best == max(p.score for p in found if p.score is not None)


def test_a_solved_task_ends_the_training() -> None:
    options = Options(steps=400, learning_rate=0.02)
    solved = finished(Training(TASK, Architecture("gru", 8), options, seed=0))
    assert solved.ending == "solved"
    fresh = TASK.draw(np.random.default_rng(77), 500)
    assert TASK.score(solved.best, fresh) > 0.97


def test_training_ends_when_the_score_stays_the_same() -> None:
    stuck = finished(training(learning_rate=1e-12, patience=2))
    assert (stuck.ending, stuck.best_step, stuck.step) == ("patience", 10, 30)


@pytest.mark.filterwarnings("ignore:overflow")
def test_a_training_that_diverges_keeps_the_best_weights() -> None:
    task = TASKS["adding"](length=6)
    wild = Training(task, Architecture("rnn", 4), Options(learning_rate=1e-3, clip=None), seed=0)
    for progress in wild.run():
        if progress.score is not None:
            break
    good = Weights(wild.best).values.copy()
    wild.options = replace(wild.options, learning_rate=1e8)
    finished(wild)
    assert wild.ending == "diverged"
    assert wild.message.startswith("Training diverged after step 26: the loss rose to")
    assert "Try a lower learning rate than 1e+08." in wild.message
    np.testing.assert_array_equal(wild.weights.values, good)
    with pytest.raises(RangeError, match="training must not be over"):
        wild.advance()


def test_nan_in_a_gradient_does_not_reach_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    from gru_core.learn.engine import Engine

    one = training()
    one.advance()
    good = one.weights.values.copy()

    def broken(self: Engine, weights: Weights, batch: Any) -> float:
        weights.gradient[0] = np.nan
        return 0.5

    monkeypatch.setattr(Engine, "gradient", broken)
    last = one.advance()
    assert last.ending == "diverged"
    assert "the gradient nan" in last.message
    np.testing.assert_array_equal(one.weights.values, good)


def test_edited_weights_are_trained_on() -> None:
    one = training()
    one.advance()
    params = one.network.layers[0].first
    one.replace(one.network.with_layers([params.replace(U_z=np.zeros((4, 4)))]))
    one.advance()
    assert 0 < np.abs(one.network.layers[0].first.U_z).max() < 0.05
    with pytest.raises(ShapeError, match="network must have arrays"):
        one.replace(Training(TASK, Architecture("gru", 5), seed=0).network)


def test_a_network_that_does_not_fit_is_refused() -> None:
    plain = Network.random("gru", 2, 3, seed=0)
    with pytest.raises(ShapeError, match="readout of 2 outputs for parity, got none"):
        Training(TASK, plain, seed=0)
    wrong = replace(plain, readout=Readout(np.zeros((2, 3))))
    with pytest.raises(RangeError, match="softmax head for parity, got identity"):
        Training(TASK, wrong, seed=0)
    mapped = Layer(plain.layers[0].first, before=(Between(activation=RELU),))
    ends = Readout(np.zeros((2, 3)), head="softmax")
    with pytest.raises(RangeError, match=r"layers\[0\].before must be left out for training"):
        Training(TASK, Network((mapped,), readout=ends), seed=0)
    both = Network.random("gru", 8, 3, directions=2, seed=0).layers[0]
    added = replace(both, merge="sum")
    with pytest.raises(RangeError, match="merge must be concat for training, got sum"):
        Training(
            TASKS["temporal_order"](length=10),
            Network((added,), readout=Readout(np.zeros((4, 3)), head="softmax")),
            seed=0,
        )
    with pytest.raises(RangeError, match="read forward only"):
        Training(TASK, Architecture("gru", 3, directions=2), seed=0)
    narrow = Network.random("gru", 3, 3, seed=0)
    with pytest.raises(ShapeError, match="read 2 symbols for parity, got 3"):
        Training(TASK, replace(narrow, readout=Readout(np.zeros((2, 3)), head="softmax")), seed=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"learning_rate": -1.0}, "learning_rate must be a finite number more than 0, got -1"),
        ({"clip": 0.0}, "clip must be a finite number more than 0, got 0"),
        ({"weight_decay": -1.0}, "weight_decay must be a finite number from 0, got -1"),
        ({"schedule": "linear"}, "schedule must be one of constant, cosine, warm-up"),
        ({"patience": 0}, "patience must be at least 1, got 0"),
    ],
)
def test_options_out_of_range_are_refused(options: Any, message: str) -> None:
    with pytest.raises(RangeError, match=message):
        Options(**options)
