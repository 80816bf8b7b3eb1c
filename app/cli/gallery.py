"""``gruscope train --gallery NAME``: trains a network of the gallery again."""

from __future__ import annotations

import time
from pathlib import Path

from gru_core.files import save
from gru_core.gallery.making import SCORED, gallery_part
from gru_core.gallery.recipes import RECIPES
from gru_core.learn.translation.either import fresh_score, training_of
from gruscope.cli.bar import Bar
from gruscope.cli.card import write_card
from gruscope.cli.refusal import Refusal, Unreadable
from gruscope.training.card import card_of

ALL = "all"


def make(name: str, folder: Path) -> int:
    """Train one network of the gallery, or all of them, into a folder; return the exit code."""
    if name != ALL and name not in RECIPES:
        raise Unreadable(f"--gallery: expected {ALL} or one of {', '.join(RECIPES)}, got {name!r}")
    if not folder.is_dir():
        raise Unreadable(f"--out: expected a folder, got {folder}")
    for each in RECIPES if name == ALL else [name]:
        _make(each, folder)
    return 0


def _make(name: str, folder: Path) -> None:
    recipe = RECIPES[name]
    task = recipe.task
    training = training_of(task, recipe.architecture, recipe.options, seed=recipe.seed)
    bar, begun = Bar(task, recipe.options.steps, 0), time.monotonic()
    for progress in training.run():
        bar.show(progress)
    bar.close()
    if training.ending == "diverged":
        raise Refusal(training.message)
    # The last weights, not the first ones with the best score: gates go on to open and close.
    network, seconds = training.network, time.monotonic() - begun
    score, _ = fresh_score(task, network, recipe.seed, SCORED)
    command = f"gruscope train --gallery {name}"
    card = card_of(
        task,
        command=command,
        seed=recipe.seed,
        steps=training.step,
        seconds=round(seconds, 1),
        score=score,
        held_out=SCORED,
    )
    card |= {"title": recipe.title, "text": recipe.text, "gallery": gallery_part(name, network)}
    out = folder / f"{name}.safetensors"
    save(network, out)
    write_card(out, card)
    print(f"{name}: {task.metric} {score:.4f} (chance: {task.chance:.4f}), after {seconds:.1f} s")
