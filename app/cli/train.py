"""``gruscope train``: trains a network, and writes it with its card."""

from __future__ import annotations

import argparse
import shlex
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gru_core.cells.gru import GRU_FORMS
from gru_core.cells.registry import CELLS
from gru_core.errors import CoreError
from gru_core.files import save
from gru_core.files.checkpoint import load_checkpoint, save_checkpoint
from gru_core.learn import SCHEDULES, SCHEMES, TASKS, Architecture, Options
from gru_core.learn.descent import Descent
from gru_core.learn.translation.either import Either, fresh_score, training_of
from gru_core.learn.translation.registry import TRANSLATIONS
from gru_core.learn.translation.translation import Translation
from gruscope.cli import gallery
from gruscope.cli.bar import Bar
from gruscope.cli.card import card_path, write_card
from gruscope.cli.data import add_data_options, task_of
from gruscope.cli.refusal import Refusal, Unreadable
from gruscope.training.card import card_of

FRESH = 1000
"""Sequences for the score at the end, drawn after training."""
SAVE_SECONDS = 20.0
"""Between two checkpoints."""
OPTIONS = {
    "lr": "learning_rate",
    "init": "initial",
    "steps": "steps",
    "batch": "batch",
    "schedule": "schedule",
    "weight_decay": "weight_decay",
    "clip": "clip",
    "score_every": "score_every",
    "patience": "patience",
}
"""What `Options` calls each option."""


def run(arguments: Sequence[str]) -> int:
    """Train a network; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.gallery is not None:
        return gallery.make(options.gallery, options.out or Path())
    task = task_of(options.task, options)
    out = _out(options, task)
    try:
        training = training_of(task, _architecture(options), _options(options), seed=options.seed)
    except CoreError as error:
        raise Unreadable(str(error)) from None
    checkpoint = out.with_suffix(".checkpoint.safetensors")
    if options.resume:
        _resume(training, checkpoint)
    seconds, interrupted = _train(training, checkpoint)
    _keep(training, out, checkpoint, interrupted)
    score, _ = fresh_score(task, training.best, options.seed, FRESH)
    command = shlex.join(["gruscope", "train", *arguments])
    card = card_of(
        task,
        command=command,
        seed=options.seed,
        steps=training.best_step or training.step,
        seconds=round(seconds, 1),
        score=score,
    )
    write_card(out, card)
    _say(task, training, out, checkpoint, score, seconds, interrupted)
    return 1 if training.ending == "diverged" else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gruscope train", description="Train a network and write it to a file, with a card."
    )
    add, default = parser.add_argument, Options()
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--task", metavar="NAME", help=", ".join([*TASKS, *TRANSLATIONS]))
    what.add_argument("--gallery", metavar="NAME", help="train a network of the gallery, or all")
    add_data_options(parser)
    add("--cell", choices=CELLS, default="gru", help="kind of cell (default: %(default)s)")
    add("--form", choices=GRU_FORMS, help="the GRU's form (default: PyTorch's)")
    add("--hidden", type=int, default=32, metavar="H", help="units (default: %(default)s)")
    add("--layers", type=int, default=1, metavar="L", help="layers (default: %(default)s)")
    add("--bidirectional", action="store_true", help="let layers read in both directions")
    add("--embedding", type=int, metavar="I", help="width of an embedding (default: one-hot)")
    add("--seed", type=int, default=0, help="of weights and data (default: %(default)s)")
    add("--steps", type=int, default=default.steps, help="updates (default: %(default)s)")
    add("--init", choices=SCHEMES, default=default.initial, help="first weights")
    add("--lr", type=float, default=default.learning_rate, help="(default: %(default)s)")
    add("--batch", type=int, default=default.batch, help="sequences an update")
    add("--schedule", choices=SCHEDULES, default=default.schedule, help="of the learning rate")
    add("--weight-decay", type=float, default=default.weight_decay, help="as in AdamW")
    add("--clip", type=float, default=default.clip, help="largest norm of a gradient")
    add("--score-every", type=int, default=default.score_every, help="updates between scores")
    add("--patience", type=int, metavar="N", help="stop after N scores without a better one")
    add("--to-the-end", action="store_true", help="go on when the task is solved")
    add(
        "--out",
        type=Path,
        metavar="FILE",
        help="file to write, .safetensors; of --gallery, a folder",
    )
    add("--resume", action="store_true", help="go on from the checkpoint beside --out")
    return parser


def _out(options: argparse.Namespace, task: Either) -> Path:
    """Return the file to write, after checking that it can be."""
    out: Path = options.out or Path(f"{task.name}-{options.cell}.safetensors")
    if out.suffix != ".safetensors":
        raise Unreadable(f"--out: expected a name that ends in .safetensors, got {out.name!r}")
    if not out.parent.is_dir():
        raise Unreadable(f"--out: there is no folder {out.parent}")
    return out


def _architecture(options: argparse.Namespace) -> Architecture:
    if options.form is not None and options.cell != "gru":
        raise Unreadable(f"--form is for --cell gru, not for {options.cell}")
    return Architecture(
        options.cell,
        options.hidden,
        layers=options.layers,
        directions=2 if options.bidirectional else 1,
        embedding=options.embedding,
        form={} if options.form is None else GRU_FORMS[options.form],
    )


def _options(options: argparse.Namespace) -> Options:
    given: dict[str, Any] = {ours: getattr(options, name) for name, ours in OPTIONS.items()}
    return Options(**given, until_solved=not options.to_the_end)


def _resume(training: Descent[Any, Any], checkpoint: Path) -> None:
    try:
        load_checkpoint(training, checkpoint)
    except FileNotFoundError:
        raise Unreadable(f"--resume: there is no {checkpoint}") from None
    except (OSError, CoreError) as error:
        raise Unreadable(f"--resume {checkpoint.name}: {error}") from None
    if training.ending is not None:
        raise Refusal(f"nothing to resume: {training.message}")


def _train(training: Descent[Any, Any], checkpoint: Path) -> tuple[float, bool]:
    """Train until it is over or interrupted; return the seconds, and whether it was interrupted."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    begun = saved = time.monotonic()
    bar = Bar(training.task, training.options.steps, training.step)
    interrupted = False
    try:
        for progress in training.run():
            bar.show(progress)
            if time.monotonic() - saved > SAVE_SECONDS:
                save_checkpoint(training, checkpoint)
                saved = time.monotonic()
    except KeyboardInterrupt:
        interrupted = True
    finally:
        signal.signal(signal.SIGTERM, before)
        bar.close()
    return time.monotonic() - begun, interrupted


def _keep(training: Descent[Any, Any], out: Path, checkpoint: Path, interrupted: bool) -> None:
    """Write the best network, and a checkpoint if there is more to do."""
    try:
        save(training.best, out)
        if interrupted or training.ending == "steps":
            save_checkpoint(training, checkpoint)
        else:
            checkpoint.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(f"cannot write {out}: {error.strerror}") from None


def _say(
    task: Either,
    training: Descent[Any, Any],
    out: Path,
    checkpoint: Path,
    score: float,
    seconds: float,
    interrupted: bool,
) -> None:
    """Print what came of it, and what can be done next."""
    print("Interrupted." if interrupted else training.message)
    print(
        f"{task.metric} {score:.4f} on {FRESH} fresh sequences (chance: {task.chance:.4f}), "
        f"from step {training.best_step}, after {seconds:.1f} s"
    )
    print(f"wrote {out} and {card_path(out)}")
    print(_next_command(task, out))
    if checkpoint.exists():
        print("go on:     the same command with --resume, and more --steps if all are done")


def _next_command(task: Either, out: Path) -> str:
    """Return the command that opens a network, or lets an encoder and a decoder answer."""
    if isinstance(task, Translation):
        [shown] = task.texts(np.random.default_rng(0), 1, held_out=True)
        sample = ["gruscope", "sample", str(out), "--seed-text", shown]
        return f"try it:    {shlex.join(sample)}"
    opened = ["gruscope", str(out)]
    if task.alphabet is not None:
        opened += ["--alphabet", task.alphabet]
    return f"open it:   {shlex.join(opened)}"
