"""``gruscope eval``: scores a trained network on fresh data of its task."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from gru_core.errors import CoreError
from gru_core.files import FormatError, load_in_child
from gru_core.learn import TASKS
from gru_core.learn.translation.either import fresh_score
from gru_core.learn.translation.registry import TRANSLATIONS
from gruscope.cli.card import read_card
from gruscope.cli.data import add_data_options, task_of
from gruscope.cli.refusal import Unreadable


def run(arguments: Sequence[str]) -> int:
    """Print a score; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="gruscope eval", description="Score a network on fresh data of its task."
    )
    names = [*TASKS, *TRANSLATIONS]
    parser.add_argument("file", type=Path, metavar="FILE", help="a network")
    parser.add_argument("--task", metavar="NAME", help=f"{', '.join(names)} (default: its card's)")
    add_data_options(parser)
    parser.add_argument("--seed", type=int, default=1000, help="of the data (default: %(default)s)")
    parser.add_argument("--count", type=int, default=1000, help="sequences (default: %(default)s)")
    options = parser.parse_args(arguments)
    if options.seed < 0 or options.count < 1:
        raise Unreadable("--seed must be at least 0 and --count at least 1")
    name, settings = options.task, None
    if name is None:
        training = read_card(options.file)["training"]
        name, settings = training["task"], training.get("settings")
    try:
        network = load_in_child(options.file)
        task = task_of(name, options, None if name == "labels" else settings)
        score, count = fresh_score(task, network, options.seed, options.count)
    except FormatError as error:
        raise Unreadable(str(error)) from None
    except CoreError as error:
        raise Unreadable(f"{options.file}: {error}") from None
    print(f"{task.metric} {score:.4f} on {count} sequences (chance: {task.chance:.4f})")
    return 0
