"""One folder of kernels for all tests here, so that each kernel is compiled once for a checkout."""

from collections.abc import Iterator
from pathlib import Path

import pytest

KERNELS = Path(__file__).parents[3] / ".cache" / "kernels"


@pytest.fixture(scope="package", autouse=True)
def shared_kernels() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(KERNELS))
        yield
