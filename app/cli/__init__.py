"""The command ``gruscope``: serves the page, or trains, scores and samples networks."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence

from gruscope.cli.refusal import Refusal

COMMANDS = {
    "train": "gruscope.cli.train",
    "eval": "gruscope.cli.evaluate",
    "sample": "gruscope.cli.sample",
}
"""The module of each command; anything else serves the page."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # The matrices are small and we have our own compute threads, so BLAS threads only cost time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = list(sys.argv[1:] if arguments is None else arguments)
    named = COMMANDS.get(given[0]) if given else None
    # NumPy must see the environment set above, so what needs it is imported here.
    module = importlib.import_module(named or "gruscope.cli.serve")
    # Shells make background jobs ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code: int = module.run(given[1:] if named else given)
        return code
    except Refusal as refusal:
        print(f"gruscope: {refusal}", file=sys.stderr)
        return refusal.code
    except KeyboardInterrupt:
        return 0
