"""docs/contributing.md: the map of the packages is that of the folders."""

import tomllib

from tests.docs import facts
from tests.docs.markdown import snippets, tables
from tests.source import ROOT

PAGE = "docs/contributing.md"


def test_the_layout_is_that_of_the_folders() -> None:
    (table,) = tables(PAGE, "Layout of `fakeserver`")
    assert sorted(cell.strip("`") for cell in table.column("folder")) == facts.folders()


def test_the_packages_are_those_that_are_installed() -> None:
    (table,) = tables(PAGE, "Three packages")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    installed = {
        path.rpartition("/")[2] for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    }
    assert {cell.strip("`") for cell in table.column("package")} == installed
    for package, folder, _ in table.rows:
        path = ROOT / folder.strip("`")
        assert path.is_dir()
        assert path.name == package.strip("`") or (path / package.strip("`")).is_dir()


def test_the_set_up_installs_what_the_project_defines() -> None:
    (block,) = snippets("docs/contributing.md", "sh")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    create, activate, install = block.text.splitlines()
    assert (create, activate) == ("python3 -m venv .venv", ". .venv/bin/activate")
    assert install == "pip install -e '.[test,dev]'"
    assert {"test", "dev"} <= set(extras)
