"""What is shipped: the wheel, and the container's build."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from fnmatch import fnmatch
from pathlib import Path
from shutil import copy, copytree
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from fakeserver import __version__
from tests.source import ROOT

PACKAGES = {
    "fakeserver": ROOT,
    "mydnspanel_client": ROOT / "client",
    "mydnspanel_contracts": ROOT / "contracts",
}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def files_of(package: str, parent: Path) -> set[str]:
    return {
        str(path.relative_to(parent))
        for path in (parent / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def test_the_wheel_holds_every_file_of_the_three_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == set().union(*(files_of(package, parent) for package, parent in PACKAGES.items()))
    assert {f"{package}/py.typed" for package in PACKAGES} <= held
    assert any(name.startswith("mydnspanel_contracts/schemas/") for name in held)
    assert "fakeserver/settings/data/configuration.json" in held


def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    told = Parser().parsestr(wheel.read(metadata).decode())
    needs = [need for need in told.get_all("Requires-Dist", []) if "extra ==" not in need]
    assert (told["Name"], told["Version"]) == ("mydnspanel-fakeserver", __version__)
    assert told["License-Expression"] == "MIT"
    assert sorted(re.split(r"[<>=]", need)[0] for need in needs) == ["aiohttp", "jsonschema"]
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    scripts = wheel.read(entry_points).decode().partition("[console_scripts]\n")[2].partition("\n\n")[0]
    assert set(scripts.splitlines()) == {
        "fakeserver = fakeserver.cli:main",
        "mydnspanel-fakeserver = fakeserver.cli:main",
        "mydnspanel-contracts = mydnspanel_contracts.commands:main",
    }


# The container. No engine is needed: what the Dockerfile says is checked, and its steps are run.


def instructions(name: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def copied() -> list[tuple[list[str], str]]:
    """(sources, destination) of every COPY from the build's context."""
    words = [line.split() for line in instructions("COPY") if not line.startswith("--from")]
    return [(sources, destination) for *sources, destination in words]


def test_every_source_of_a_copy_exists_and_is_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    sources = {source for group, _ in copied() for source in group}
    assert all((ROOT / source).exists() for source in sources)
    assert sources == let_through
    assert not any(fnmatch(source, pattern) for source in sources for pattern in ignored if "pyc" in pattern)


def test_the_last_stage_is_slim_and_not_root() -> None:
    assert [image.split(" ")[0] for image in instructions("FROM")] == ["python:3.13-slim"] * 2
    (user,) = instructions("USER")
    assert int(user) > 0
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nFROM ")


class Container(NamedTuple):
    """What the build leaves: its two commands, and the environment that they have."""

    health: list[str]
    command: list[str]
    environment: dict[str, str]


def container_steps(folder: Path) -> Container:
    """Run the build's own steps with `folder` as its root."""
    source = folder / "src"
    source.mkdir()
    for group, destination in copied():
        for name in group:
            target = source / (name if destination == "./" else destination)
            (copytree if (ROOT / name).is_dir() else copy)(ROOT / name, target)
    for step in instructions("RUN"):
        if "useradd" not in step:
            step_here = step.replace("/opt/", f"{folder}/").replace("python -m", f"{sys.executable} -m")
            subprocess.run(step_here, shell=True, cwd=source, check=True, capture_output=True)  # noqa: S602
    health, command = (
        json.loads(words) for words in re.findall(r"\bCMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    )
    given = dict(word.split("=", 1) for line in instructions("ENV") for word in line.split())
    path = given.pop("PATH").replace("/opt/", f"{folder}/").replace("$PATH", os.environ["PATH"])
    return Container(health, command, {"PATH": path, **given})


def test_what_the_container_installs_runs_and_is_healthy(tmp_path: Path) -> None:
    container = container_steps(tmp_path)
    environment = container.environment
    assert {name: value for name, value in environment.items() if name != "PATH"} == {
        "FAKESERVER_HOST": "0.0.0.0",
        "FAKESERVER_OPEN_CONTROL": "1",
    }
    # Loopback and a free port here, so that nothing listens to the world during a test.
    serve = [*container.command, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=environment, cwd="/") as server:
        assert server.stdout is not None
        try:
            url = server.stdout.readline().split()[-1]
            with urlopen(f"{url}/_fake/health", timeout=10) as reply:  # noqa: S310
                assert json.load(reply)["version"] == __version__
            # The health check follows the container's options.
            told = {**environment, "FAKESERVER_PORT": str(urlsplit(url).port)}
            assert subprocess.run(container.health, env=told, check=False).returncode == 0
        finally:
            server.terminate()
    gone = subprocess.run(container.health, env=told, check=False, capture_output=True, text=True)
    assert gone.returncode != 0
    assert url in gone.stderr
