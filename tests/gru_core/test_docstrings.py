import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import gru_core
from gru_core import CoreError

MODULES = [
    gru_core,
    *(
        importlib.import_module(m.name)
        for m in pkgutil.walk_packages(gru_core.__path__, "gru_core.")
        if not m.name.startswith(("gru_core.files.", "gru_core.compiled.compiler."))
    ),
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_in_docstrings_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", gru_core.__all__)
def test_everything_public_has_an_example(name: str) -> None:
    thing = getattr(gru_core, name)
    if isinstance(thing, type) and issubclass(thing, CoreError) and thing is not CoreError:
        return  # the kinds of error differ in name only
    if not callable(thing):
        return
    parts = [thing, *(m for n, m in inspect.getmembers(thing, inspect.isfunction) if n[0] != "_")]
    missing = [part.__qualname__ for part in parts if ">>>" not in (inspect.getdoc(part) or "")]
    assert not missing


def test_the_core_imports_numpy_and_itself_alone() -> None:
    for module in MODULES:
        if module.__name__ == "gru_core.compiled.kernels":
            continue  # it sends orders to the compiler's process, in JSON
        for thing in vars(module).values():
            home = inspect.getmodule(thing)
            root = (home.__name__ if home else "builtins").partition(".")[0]
            assert root not in {"gruscope", "json", "fastapi", "torch", "scipy"}, module.__name__
