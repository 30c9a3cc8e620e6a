"""Every way to install the packages that the pages show, in a fresh virtual environment."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from fakeserver import __version__
from tests.command import environment
from tests.docs.markdown import snippets
from tests.docs.tools import shell
from tests.source import ROOT

pytestmark = pytest.mark.slow

# What the packages are made of: the image copies nothing else.
COPIES = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
SHIPPED = [name for names in COPIES for name in names.split()]
CHECKOUT, FOLDER, WHEEL = (block.text for block in snippets("docs/quickstart.md", "sh", "Install"))
VERSION = f"fakeserver {__version__}\n"


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A copy of this repository, as far as the packages are made of it."""
    copy = folder / "mydnspanel-fakeserver"
    copy.mkdir()
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    return copy


def installed(commands: str, folder: Path) -> str:
    """What `fakeserver --version` prints after these commands."""
    given = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    result = shell(f"{commands}fakeserver --version", folder, given)
    assert result.status == 0, result.errors
    return result.output.splitlines(keepends=True)[-1]


def test_a_checkout_is_installed(checkout: Path) -> None:
    assert installed(CHECKOUT, checkout) == VERSION


@pytest.mark.parametrize("commands", [FOLDER, WHEEL], ids=["folder", "wheel"])
def test_another_project_installs_it(commands: str, checkout: Path) -> None:
    project = checkout.parent
    environment_first = f"{sys.executable} -m venv .venv\n. .venv/bin/activate\n"
    assert installed(environment_first + commands, project) == VERSION


def test_the_readmes_command_installs_it(checkout: Path) -> None:
    serve, _ = snippets("README.md", "sh")
    commands = serve.text.rstrip().removesuffix(" && .venv/bin/fakeserver")
    assert commands != serve.text.rstrip()
    assert installed(f"{commands}\n. .venv/bin/activate\n", checkout) == VERSION


def test_the_page_about_pytest_shows_one_of_these_ways() -> None:
    (block,) = snippets("docs/pytest.md", "sh")
    assert block.text == FOLDER
