"""The suite is put to the test: each deliberate error in a copy of gru_core must be noticed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

import gru_core
from tests.mutation.mutant import Mutant
from tests.mutation.mutants import MUTANTS

ROOT = Path(__file__).parents[2]
CORE = Path(gru_core.__file__).parent
FORWARD = ("torch", "keras", "equinox", "onnx", "onnxruntime")
BACKWARD = ("torch", "differences")

Outcome = tuple[int, str]


def mutate(core: Path, mutant: Mutant) -> None:
    """Put an error into a copy of gru_core."""
    path = core / mutant.file
    source = path.read_text(encoding="utf-8")
    if (count := source.count(mutant.old)) != 1:
        raise LookupError(f"{mutant.file} has {count} places for this mutant: {mutant.old}")
    changed = source.replace(mutant.old, mutant.new)
    compile(changed, path.name, "exec")  # not ast.parse, which 3.11 can't do in two threads
    path.write_text(changed, encoding="utf-8")


def copy(place: Path) -> Path:
    """Return a copy of gru_core beside the tests, in a new directory."""
    core = shutil.copytree(CORE, place / "gru_core", ignore=shutil.ignore_patterns("__pycache__"))
    (place / "tests").symlink_to(ROOT / "tests")
    return core


def run_tests(place: Path, files: list[str]) -> Outcome:
    """Run tests against the copy until one fails; return pytest's exit code and output."""
    quick = ["-x", "-q", "--tb=line", "--noconftest", "-c", os.devnull, "--rootdir", "."]
    strict = ["-W", "error", "-p", "no:cacheprovider", "--import-mode=importlib"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quick, *strict, *files],
        cwd=place,  # first on the path, before the checkout
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": "",
            "OPENBLAS_NUM_THREADS": "1",
            "GRUSCOPE_COMPILED": "0",  # the errors are in what NumPy computes
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def files(mutant: Mutant) -> list[str]:
    """Return the tests that have to notice."""
    if mutant.learns:
        return [f"tests/gru_core/learn/test_{topic}.py" for topic in ("engine", "torch")]
    if mutant.translates:
        learnt = [f"tests/gru_core/learn/translation/test_{one}.py" for one in ("engine", "torch")]
        return ["tests/gru_core/seq2seq/test_seq2seq.py", *learnt]
    if mutant.is_compiled:
        fixed = ("values_and_gradients", "held_values")
        return [f"tests/gru_core/compiled/test_sources.py::test_fixed_{one}" for one in fixed]
    if mutant.is_held:
        return ["tests/gru_core/run/test_clamps.py"]
    topic, oracles = ("gradients", BACKWARD) if mutant.goes_back else ("conformance", FORWARD)
    return [f"tests/gru_core/cells/test_{topic}_{oracle}.py" for oracle in oracles]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Outcome]]]:
    """Start the runs of the chosen mutants, one for each processor at a time."""

    def one(mutant: Mutant) -> Outcome:
        place = tmp_path_factory.mktemp("mutant")
        mutate(copy(place), mutant)
        return run_tests(place, files(mutant))

    specs = [getattr(item, "callspec", None) for item in request.session.items]
    asked = [spec.params["mutant"] for spec in specs if spec and "mutant" in spec.params]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {mutant.name: pool.submit(one, mutant) for mutant in asked}


def test_without_an_error_the_tests_pass(tmp_path: Path) -> None:
    copy(tmp_path)
    every = sorted({name for mutant in MUTANTS for name in files(mutant)})
    code, said = run_tests(tmp_path, every)
    assert code == 0, said


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_suite_notices_that(mutant: Mutant, outcomes: dict[str, Future[Outcome]]) -> None:
    code, said = outcomes[mutant.name].result()
    assert code == 1, f"nothing noticed that {mutant.name}:\n{said}"
    assert re.search(r":\d+: (AssertionError|assert )", said), f"a crash, not a number:\n{said}"


def test_there_are_many_mutants_with_unique_names() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40
