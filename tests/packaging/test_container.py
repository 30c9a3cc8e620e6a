"""The Dockerfile. No container engine is needed: its instructions are read, and its steps are run here."""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from fakeserver import __version__
from tests.source import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
IGNORED = (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def instructions(name: str) -> list[str]:
    """The arguments of every instruction of this name."""
    return re.findall(rf"^\s*{name}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def copied() -> list[tuple[list[str], str]]:
    """(sources, destination) of every COPY from the build context."""
    words = [line.split() for line in instructions("COPY") if not line.startswith("--from")]
    return [(sources, destination) for *sources, destination in words]


def test_the_build_context_contains_exactly_what_is_copied() -> None:
    sources = {source for group, _ in copied() for source in group}
    assert {"fakeserver", "client", "contracts"} <= sources
    assert all((ROOT / source).exists() for source in sources)
    assert IGNORED[1] == "*"
    assert {line[1:] for line in IGNORED if line.startswith("!")} == sources
    compiled = [pattern for pattern in IGNORED if "pyc" in pattern]
    assert not any(fnmatch(source, pattern) for source in sources for pattern in compiled)


def test_the_last_stage_is_slim_and_does_not_run_as_root() -> None:
    assert [image.split(" ")[0] for image in instructions("FROM")] == ["python:3.13-slim"] * 2
    (user,) = instructions("USER")
    assert int(user) > 0
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nFROM ")


class Container(NamedTuple):
    """What the build results in: the two commands, and the environment variables that they see."""

    health: list[str]
    command: list[str]
    environment: dict[str, str]


def build(folder: Path) -> Container:
    """Run the steps of the Dockerfile with `folder` as the root of the image."""
    source = folder / "src"
    source.mkdir()
    for group, destination in copied():
        for name in group:
            target = source / (name if destination == "./" else destination)
            if (ROOT / name).is_dir():
                copytree(ROOT / name, target, ignore=ignore_patterns("__pycache__"))
            else:
                copy(ROOT / name, target)
    for step in instructions("RUN"):
        if "useradd" not in step:
            step_here = step.replace("/opt/", f"{folder}/").replace("python -m", f"{sys.executable} -m")
            subprocess.run(step_here, shell=True, cwd=source, check=True, capture_output=True)  # noqa: S602
    health, command = (
        json.loads(words) for words in re.findall(r"\bCMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    )
    variables = dict(word.split("=", 1) for line in instructions("ENV") for word in line.split())
    path = variables.pop("PATH").replace("/opt/", f"{folder}/").replace("$PATH", os.environ["PATH"])
    return Container(health, command, {"PATH": path, **variables})


@pytest.mark.slow
def test_what_the_container_installs_runs_and_is_healthy(tmp_path: Path) -> None:
    container = build(tmp_path)
    environment = container.environment
    assert {name: value for name, value in environment.items() if name != "PATH"} == {
        "FAKESERVER_HOST": "0.0.0.0",
        "FAKESERVER_OPEN_CONTROL": "1",
    }
    # Loopback and a free port, so that the server is not reachable from outside during the test.
    serve = [*container.command, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=environment, cwd="/") as server:
        assert server.stdout is not None
        try:
            url = server.stdout.readline().split()[-1]
            with urlopen(f"{url}/_fake/health", timeout=10) as reply:  # noqa: S310
                assert json.load(reply)["version"] == __version__
            # The health check reads the options of the container.
            same_port = {**environment, "FAKESERVER_PORT": str(urlsplit(url).port)}
            assert subprocess.run(container.health, env=same_port, check=False).returncode == 0
        finally:
            server.terminate()
    stopped = subprocess.run(container.health, env=same_port, check=False, capture_output=True, text=True)
    assert stopped.returncode != 0
    assert url in stopped.stderr
