"""The wheel, installed far from the sources beside what it requires, serves the whole page."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.app.support import LATCH, ROOT, Running
from tests.packaging.environment import make_environment

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def server(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("elsewhere")
    environment = make_environment(home / "env", wheel)
    with environment.serving("gruscope", folder=home) as running:
        yield running


def test_the_wheel_carries_everything_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("static", "templates"):
        source = {p for p in (ROOT / folder).rglob("*") if p.is_file()}
        assert {f"gruscope/{p.relative_to(ROOT).as_posix()}" for p in source} <= names
    code = (ROOT / "app").rglob("*.py")
    assert {f"gruscope/{p.relative_to(ROOT / 'app').as_posix()}" for p in code} <= names
    data = {p for p in (ROOT / "gru_core").rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert {p.relative_to(ROOT).as_posix() for p in data} <= names
    tops = {name.partition("/")[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"gruscope", "gru_core"}
    assert not any("__pycache__" in name for name in names)


def addresses(text: str, base: str) -> set[str]:
    """Return the addresses a page or a module names, as far as they are of this origin."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)  # comments import types
    named = re.findall(r'(?:src|href)="([^"#]+)"', text)
    named += re.findall(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"', text)
    named += re.findall(r'url\("?(?!data:)([^)"]+)"?\)', text)
    joined = {str(httpx2.URL(base).join(name)) for name in named}
    return {address for address in joined if address.startswith(base[: base.index("/", 8)])}


def test_the_page_and_all_it_names_are_served(server):
    seen, due = set[str](), {server.url}
    with httpx2.Client(timeout=60) as http:
        while due:
            address = due.pop()
            seen.add(address)
            answer = http.get(address)
            assert answer.status_code == 200, address
            if "/plotly/" not in address and answer.headers["content-type"].startswith("text/"):
                due |= addresses(answer.text, address) - seen
    paths = {re.sub(r"/[0-9a-f]{16}", "", address) for address in seen}
    assert f"{server.url}static/js/main.js" in paths
    assert f"{server.url}plotly.js" in paths
    assert any(path.endswith(".css") for path in paths)


def test_the_server_is_the_installed_one_and_works(server):
    assert httpx2.get(f"{server.url}healthz", timeout=60).json()["status"] == "ok"
    with server.talk() as talk:
        talk.send({"type": "open", "run": 1, "document": LATCH})
        assert talk.until("done")[0]["type"] == "opened"
        sunspots = {
            "network": {"kind": "example", "name": "sunspots"},
            "input": {"kind": "numbers", "values": [[0.1]]},
        }
        talk.send({"type": "open", "run": 2, "document": sunspots})
        talk.until("done")
