"""Checkpoints: everything that a training needs to go on as if it had not been interrupted."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gru_core.errors import RangeError
from gru_core.learn.descent import Descent

FORMAT = "gruscope checkpoint 1"
STATE = (
    "step",
    "best_score",
    "best_step",
    "first_loss",
    "scores_since_best",
    "ending",
    "message",
)


def save_checkpoint(training: Descent[Any, Any], path: str | os.PathLike[str]) -> None:
    """Write a checkpoint as safetensors, in place of an older one.

    Parameters
    ----------
    training : Training or PairTraining
    path : str or path

    Raises
    ------
    OSError
        If the file cannot be written.

    Notes
    -----
    The arrays are vectors of all weights in one order: ``weights``, ``best``, and Adam's ``first``
    and ``second`` moments. The metadata has the rest as JSON.

    Examples
    --------
    >>> import tempfile
    >>> from gru_core.learn.initial import Architecture
    >>> from gru_core.learn import Training
    >>> from gru_core.learn.tasks.parity import Parity
    >>> def fresh():
    ...     return Training(Parity(length=8), Architecture("gru", 4), seed=0)
    >>> training, again = fresh(), fresh()
    >>> progress = training.advance()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(training, f"{folder}/a.safetensors")
    ...     load_checkpoint(again, f"{folder}/a.safetensors")
    >>> bool((training.advance().loss == again.advance().loss))
    True
    """
    target = Path(path)
    beside = target.with_name(target.name + ".part")
    beside.write_bytes(checkpoint_bytes(training))
    os.replace(beside, target)  # an interrupted write leaves the older checkpoint whole


def checkpoint_bytes(training: Descent[Any, Any]) -> bytes:
    """Return the content of the file that `save_checkpoint` writes.

    Examples
    --------
    >>> from gru_core.learn.initial import Architecture
    >>> from gru_core.learn import Training
    >>> from gru_core.learn.tasks.parity import Parity
    >>> training = Training(Parity(length=8), Architecture("gru", 4), seed=0)
    >>> restore(training, checkpoint_bytes(training))
    """
    from safetensors.numpy import save

    arrays = {
        "weights": training.weights.values,
        "best": training.weights_of(training.best).values,
        "first": training.adam.first,
        "second": training.adam.second,
    }
    state = {name: getattr(training, name) for name in STATE}
    text = {
        "format": FORMAT,
        "training": json.dumps(_identity(training)),
        "state": json.dumps(state),
        "updates": str(training.adam.count),
        "random": json.dumps(training.rng.bit_generator.state),
    }
    return save(arrays, text)


def load_checkpoint(training: Descent[Any, Any], path: str | os.PathLike[str]) -> None:
    """Bring a new training to where another one was when its checkpoint was written.

    Parameters
    ----------
    training : Training or PairTraining
        Made with the same task, network, options and seed. Only the number of steps may differ,
        with a constant learning rate.
    path : str or path

    Raises
    ------
    RangeError
        If the file is not a checkpoint, or of another training; the error names the difference.
    OSError
        If the file cannot be read.

    Examples
    --------
    See `save_checkpoint`.
    """
    restore(training, Path(path).read_bytes())


def restore(training: Descent[Any, Any], content: bytes) -> None:
    """Do the same with the bytes of a checkpoint.

    Raises
    ------
    RangeError
        As for `load_checkpoint`.

    Examples
    --------
    See `checkpoint_bytes`.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
    except SafetensorError as error:
        raise RangeError("checkpoint", "be a safetensors file", str(error)) from None
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    text = header.get("__metadata__", {})
    if text.get("format") != FORMAT:
        raise RangeError("checkpoint", f"be a {FORMAT}", repr(text.get("format")))
    _check_same(_identity(training), json.loads(text["training"]))
    training.weights.values[...] = arrays["best"]
    training.best = training.weights.network()
    training.weights.values[...] = arrays["weights"]
    training.adam.first[...], training.adam.second[...] = arrays["first"], arrays["second"]
    training.adam.count = int(text["updates"])
    training.rng.bit_generator.state = json.loads(text["random"])
    for name, value in json.loads(text["state"]).items():
        setattr(training, name, value)
    if training.ending == "steps" and training.step < training.options.steps:
        training.ending, training.message = None, ""


def _identity(training: Descent[Any, Any]) -> dict[str, Any]:
    """Return what must be the same when a training goes on."""
    options = asdict(training.options)
    steps = options.pop("steps")
    if training.options.schedule != "constant":
        options["steps"] = steps  # the learning rate depends on it
    return {
        "task": training.task.name,
        "settings": training.task.settings(),
        "data": training.task.fingerprint(),
        "network": [[list(shape) for shape in training.weights.shapes], repr(training.best)],
        "seed": training.seed,
        "options": options,
    }


def _check_same(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    here = json.loads(json.dumps(ours))
    for name, value in here.items():
        if theirs.get(name) != value:
            expected = f"be of a training with {name} {value}"
            raise RangeError("checkpoint", expected, str(theirs.get(name)))
