"""A project of somebody else that shares an environment with ours: its packages are called `client`,
`contracts` and `tests`, and its tests use our `panel` fixture.
"""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.command import environment

PACKAGES = ("client", "contracts", "tests")
FILES = {
    "client/__init__.py": "OWNER = 'the shop'\n",
    "client/orders.py": "from contracts import PRICE\n\n\ndef total(count):\n    return count * PRICE\n",
    "contracts/__init__.py": "PRICE = 1200\n",
    "contracts/schema.json": '{"type": "object"}\n',
    "tests/__init__.py": "",
    "tests/orders.py": "TWO = 2\n",
    "tests/conftest.py": """
import pytest


@pytest.fixture
def panel_settings():
    return {"credit": 4711}
""",
    "tests/test_shop.py": """
import client, contracts, tests
from client.orders import total
from tests.orders import TWO


def test_own_packages_are_used():
    assert (client.OWNER, total(TWO)) == ("the shop", 2 * contracts.PRICE)


def test_the_panel_fixture_is_there(panel):
    assert panel.credit == 4711
""",
}
HATCHLING = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "shop"
version = "1.0"
[tool.hatch.build.targets.wheel]
packages = ["client", "contracts", "tests"]
dev-mode-dirs = ["."]
"""
SETUPTOOLS = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "shop"
version = "1.0"
[tool.setuptools]
packages = ["client", "contracts", "tests"]
package-data = { contracts = ["*.json"] }
"""


class Kind(NamedTuple):
    """How the project is installed."""

    pyproject: str
    options: tuple[str, ...]  # of pip install


KINDS = {
    "ordinary": Kind(HATCHLING, ()),
    # A path entry, which comes after ours, because entries are sorted by the name of their distribution.
    "editable by path": Kind(HATCHLING, ("--editable",)),
    # An import hook, which Python asks only for what it does not find on the path.
    "editable by hook": Kind(SETUPTOOLS, ("--editable",)),
}


class Project(NamedTuple):
    """The project, installed in an environment of its own."""

    folder: Path
    python: Path

    def run(self, *arguments: str | Path) -> str:
        """Run the environment's Python outside of all projects; returns its standard output."""
        variables = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
        elsewhere = self.python.parents[1]
        done = subprocess.run(
            [self.python, *arguments],
            cwd=elsewhere,
            env={**variables, "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def pip(self, *arguments: str | Path) -> None:
        self.run("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)

    def install(self, *arguments: str | Path) -> None:
        """Install without the network: everything that is needed is in the environment already."""
        self.pip("install", "--no-index", "--no-build-isolation", *arguments)

    def imported(self, names: Iterable[str] = PACKAGES) -> dict[str, Path]:
        """Package → the file that `import` finds for it."""
        listed = f"[module.__file__ or str(module.__path__) for module in ({', '.join(names)},)]"
        code = f"import json, {', '.join(names)}; print(json.dumps({listed}))"
        return dict(zip(names, map(Path, json.loads(self.run("-P", "-c", code))), strict=True))

    def run_tests(self) -> str:
        """Run the project's tests as they are installed; returns what pytest printed last."""
        options = ("-q", "-p", "no:cacheprovider", "-W", "error")
        return self.run("-m", "pytest", *options, "--pyargs", "tests").splitlines()[-1]

    def files(self) -> dict[str, bytes | str]:
        """Every file of the project and of its environment, with its contents."""
        return {
            str(path): str(path.readlink()) if path.is_symlink() else path.read_bytes()
            for folder in (self.folder, self.python.parents[1])
            for path in folder.rglob("*")
            if path.is_symlink() or path.is_file()
        }


def write(folder: Path, kind: Kind) -> None:
    for name, text in {**FILES, "pyproject.toml": kind.pyproject}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
