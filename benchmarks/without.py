"""The command as it is in an environment without Numba: ``python -m benchmarks.without``."""

import sys

sys.modules["numba"] = None  # type: ignore[assignment]

if __name__ == "__main__":
    from gruscope.cli import main

    sys.exit(main())
