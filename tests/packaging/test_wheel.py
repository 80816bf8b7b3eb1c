"""The wheel, installed into an empty environment far from the source, serves the page whole."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.app.support import LATCH, ROOT, Running, _wait

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def server(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "env", with_pip=True)
    programs = home / "env" / ("Scripts" if os.name == "nt" else "bin")
    pip = [programs / "python", "-m", "pip", "install", "--quiet"]
    constraints = ["--constraint", ROOT / "constraints.txt"]
    subprocess.run([*pip, *constraints, wheel], check=True, cwd=home)
    # The program must not find the source by way of this process's environment.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GRUSCOPE"))}
    process = subprocess.Popen(
        [programs / "gruscope", "--port", "0", "--no-browser"],
        cwd=home,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _wait(process)
    finally:
        process.kill()
        process.communicate()


def test_the_wheel_carries_everything_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("static", "templates"):
        source = {p for p in (ROOT / folder).rglob("*") if p.is_file()}
        assert {f"gruscope/{p.relative_to(ROOT).as_posix()}" for p in source} <= names
    data = {p for p in (ROOT / "gru_core").rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert {p.relative_to(ROOT).as_posix() for p in data} <= names
    tops = {name.partition("/")[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"gruscope", "gru_core"}
    assert not any("__pycache__" in name for name in names)


def test_the_source_distribution_holds_what_its_tests_need(wheel):
    import tarfile

    archive = next(wheel.parent.glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    for wanted in (
        "pyproject.toml",
        "static/js/main.js",
        "templates/index.html",
        "constraints.txt",
    ):
        assert wanted in names
    assert "tests/packaging/test_wheel.py" in names
    assert not any(".venv" in name or "node_modules" in name for name in names)


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
    with httpx2.Client() as http:
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
    assert httpx2.get(f"{server.url}healthz").json()["status"] == "ok"
    with server.talk() as talk:
        talk.send({"type": "open", "run": 1, "document": LATCH})
        assert talk.until("done")[0]["type"] == "opened"
        sunspots = {
            "network": {"kind": "example", "name": "sunspots"},
            "input": {"kind": "numbers", "values": [[0.1]]},
        }
        talk.send({"type": "open", "run": 2, "document": sunspots})
        talk.until("done")
