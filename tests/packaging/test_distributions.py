"""What is published: the wheel and the sdist."""

import re
import subprocess
import tomllib
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from fakeserver import __version__
from tests import wheel
from tests.packaging.distributions import sdist_files, wheel_contents
from tests.source import ROOT

PACKAGES = {
    "fakeserver": ROOT,
    "mydnspanel_client": ROOT / "client",
    "mydnspanel_contracts": ROOT / "contracts",
}
DIST_INFO = f"mydnspanel_fakeserver-{__version__}.dist-info"


def package_files(package: str) -> set[str]:
    parent = PACKAGES[package]
    return {
        path.relative_to(parent).as_posix()
        for path in (parent / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def metadata(built_wheel: Path) -> Message:
    return Parser().parsestr(wheel_contents(built_wheel)[f"{DIST_INFO}/METADATA"].decode())


# The wheel


@pytest.mark.slow
def test_the_top_level_of_the_wheel_is_the_three_packages(built_wheel: Path) -> None:
    top_level = {name.partition("/")[0] for name in wheel_contents(built_wheel)}
    assert top_level == {"fakeserver", "mydnspanel_client", "mydnspanel_contracts", DIST_INFO}


@pytest.mark.slow
def test_the_wheel_contains_every_file_of_the_packages_and_nothing_else(built_wheel: Path) -> None:
    contained = {name for name in wheel_contents(built_wheel) if not name.startswith(f"{DIST_INFO}/")}
    assert contained == set().union(*map(package_files, PACKAGES))
    assert {f"{package}/py.typed" for package in PACKAGES} <= contained
    assert any(name.startswith("mydnspanel_contracts/schemas/") for name in contained)
    assert "fakeserver/settings/data/configuration.json" in contained


@pytest.mark.slow
def test_the_metadata_of_the_wheel(built_wheel: Path) -> None:
    fields = metadata(built_wheel)
    requirements = [line for line in fields.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert (fields["Name"], fields["Version"]) == ("mydnspanel-fakeserver", __version__)
    assert (fields["License-Expression"], fields["Requires-Python"]) == ("MIT", ">=3.11")
    assert sorted(re.split(r"[<>=]", line)[0] for line in requirements) == ["aiohttp", "jsonschema"]
    links = dict(line.split(", ") for line in fields.get_all("Project-URL", []))
    assert set(links) == {"Homepage", "Documentation", "Changelog", "Issues"}
    assert all(link.startswith(links["Homepage"]) for link in links.values())


@pytest.mark.slow
def test_the_wheel_installs_three_commands(built_wheel: Path) -> None:
    entry_points = wheel_contents(built_wheel)[f"{DIST_INFO}/entry_points.txt"].decode()
    scripts = entry_points.partition("[console_scripts]\n")[2].partition("\n\n")[0]
    assert set(scripts.splitlines()) == {
        "fakeserver = fakeserver.cli:main",
        "mydnspanel-fakeserver = fakeserver.cli:main",
        "mydnspanel-contracts = mydnspanel_contracts.commands:main",
    }


def test_the_version_has_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"] == {"path": "fakeserver/__init__.py"}
    assert "version" not in project["project"]


# The sdist


def git(*arguments: str) -> set[str]:
    """The files that `git ls-files` lists; skips the test outside a git checkout, as in an unpacked sdist."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    # Another user's checkout is as good as our own.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", *arguments]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if (ROOT / name).is_file()}


@pytest.mark.slow
def test_the_sdist_contains_every_file_of_the_repository(built_sdist: Path) -> None:
    contained = sdist_files(built_sdist)
    tracked, not_added_yet = git(), git("--others", "--exclude-standard")
    assert tracked - contained == set()
    assert contained - tracked - not_added_yet == {"PKG-INFO"}


@pytest.mark.slow
def test_the_sdist_contains_what_is_needed_to_build_test_and_read_it(built_sdist: Path) -> None:
    needed = {".ci/run", ".github/workflows/ci.yml", "CHANGELOG.md", "Dockerfile", "LICENSE", "README.md"}
    assert needed | {"hatch_build.py", "pyproject.toml", "tests/conftest.py"} <= sdist_files(built_sdist)


@pytest.mark.slow
def test_the_wheel_from_the_sdist_is_the_one_from_the_checkout(
    built_wheel: Path, unpacked_sdist: Path, tmp_path: Path
) -> None:
    assert wheel_contents(wheel.build(tmp_path, unpacked_sdist)) == wheel_contents(built_wheel)
