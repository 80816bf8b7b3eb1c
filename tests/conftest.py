"""Profiles of hypothesis and the order of files; fixtures are beside the tests that use them."""

import os

import pytest
from hypothesis import settings

# Compiling every kernel that the tests ask for would take many minutes, so NumPy computes, also in
# the servers that tests start.
os.environ.setdefault("GRUSCOPE_COMPILED", "0")

settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A worker takes the next file. These take longest, so that none is left for one worker at the end.
LONGEST = (
    "tests/browser/selection/test_selection_model.py",
    "tests/gru_core/files/hostile/test_fuzz.py",
    "tests/browser/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        found = (i for i, path in enumerate(LONGEST) if item.nodeid.startswith(path))
        return next(found, len(LONGEST))

    items.sort(key=place)
