"""The image's commands, run as processes without a container engine."""

import json
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.app.support import ROOT, TOKEN, eventually, running

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instruction(name: str) -> list[str]:
    """Return an exec-form instruction's words."""
    found = re.search(rf"^\s*{name} .*?(\[.*?\])$", DOCKERFILE, re.M | re.S)
    assert found, f"{name} must be in exec form"
    words: list[str] = json.loads(found[1])
    return words


def entry(port: str) -> list[str]:
    program, *arguments = instruction("ENTRYPOINT")
    assert program == "gruscope"
    return [port if word == "8017" else word for word in arguments]


def check(port: int) -> int:
    program, *arguments = instruction("HEALTHCHECK")
    assert program == "python"
    command = [sys.executable, *(word.replace("8017", str(port)) for word in arguments)]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode


def test_the_entry_point_serves_with_a_token_and_stops_on_sigterm():
    with running(*entry("0"), GRUSCOPE_TOKEN=TOKEN) as server:
        eventually(lambda: check(server.port) == 0, 60)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
        assert check(server.port) != 0


def test_the_image_does_not_run_as_root_and_holds_pins():
    lines = DOCKERFILE.splitlines()
    assert "USER gruscope" in lines
    assert lines.index("USER gruscope") < next(
        i for i, line in enumerate(lines) if line.startswith("ENTRYPOINT")
    )
    assert "--constraint constraints.txt" in DOCKERFILE
    assert lines[0].endswith("-slim")


def test_dependencies_have_a_layer_before_the_sources_are_copied():
    steps = re.findall(r"^(COPY|RUN) ((?:.*\\\n)*.*)$", DOCKERFILE, re.M)
    (copied, names), (ran, installs), *rest = steps
    assert (copied, ran) == ("COPY", "RUN")
    assert names.split() == ["constraints.txt", "pyproject.toml", "./"]
    assert "pip install --constraint constraints.txt --requirement requirements.txt" in installs
    assert any("--no-deps" in words for word, words in rest if word == "RUN")
    assert ("COPY", "app app") in rest


def test_the_layer_of_dependencies_installs_those_of_the_project():
    program = re.search(r'RUN python -c "(.*?)" > requirements.txt', DOCKERFILE)
    assert program
    command = [sys.executable, "-c", program[1]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["fast"]
    assert done.stdout.splitlines() == wanted


def test_what_the_image_copies_is_there_and_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in re.findall(r"^COPY (.*)$", DOCKERFILE, re.M):
        *sources, _ = line.split()
        for source in sources:
            assert f"!{source}" in ignored
            if not (ROOT / source).exists():
                pytest.fail(f"{source} is not there")


def test_the_exposed_port_is_the_default():
    from gruscope.settings import Settings

    assert f"EXPOSE {Settings().port}" in DOCKERFILE
    assert str(Settings().port) in instruction("ENTRYPOINT")
    assert Path(ROOT / "constraints.txt").exists()
