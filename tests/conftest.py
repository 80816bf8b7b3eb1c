"""Profiles of hypothesis, the order of files, and which tests are computed by compiled kernels.

Fixtures are beside the tests that use them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A worker takes the next file. These take longest, so that none is left for one worker at the end.
LONGEST = (
    "tests/browser/selection/test_selection_model.py",
    "tests/gru_core/files/hostile/test_fuzz.py",
    "tests/browser/",
)

# Kernels compute these, beside tests/gru_core/compiled. NumPy computes all others, also in the
# servers that they start: to compile every kernel that the tests ask for would take many minutes.
# `make lowest` runs these with NumPy.
COMPILED = (
    "tests/gru_core/cells/test_conformance_torch.py",
    "tests/gru_core/cells/test_gradients_torch.py",
    "tests/gru_core/cells/test_gru.py",
    "tests/gru_core/learn/test_torch.py",
    "tests/gru_core/network/test_torch_whole.py",
    "tests/app/session/test_session.py",
)
COMPILING_SECONDS = 600
MODE = "GRUSCOPE_COMPILED"
CACHE = Path(__file__).parents[1] / ".cache/kernels"

# What the caller chose, also in the processes of pytest that inherit the default.
CHOSEN = os.environ.setdefault("GRUSCOPE_TESTS_COMPILED", os.environ.get(MODE, ""))
os.environ.setdefault(MODE, "0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        found = (i for i, path in enumerate(LONGEST) if item.nodeid.startswith(path))
        return next(found, len(LONGEST))

    for item in items:
        if item.nodeid.startswith(COMPILED):
            item.add_marker(pytest.mark.timeout(COMPILING_SECONDS))
    items.sort(key=place)


@pytest.fixture(autouse=True, scope="module")
def compiled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let kernels compute the files of COMPILED, unless the environment says what computes."""
    if CHOSEN or not request.node.nodeid.startswith(COMPILED):
        yield
        return
    from gru_core.compiled.kernels import kernels

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MODE, "wait")
        patch.setenv("XDG_CACHE_HOME", os.environ.get("XDG_CACHE_HOME", str(CACHE)))
        kernels.cache_clear()
        yield
        assert kernels().problem is None
    kernels.cache_clear()
