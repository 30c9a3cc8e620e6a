"""Our distribution shares an environment with a project whose own packages are called `client`, `contracts`
and `tests`. It neither hides, overwrites nor removes them.
"""

from pathlib import Path

import pytest

from tests import wheel
from tests.packaging.project import FILES, KINDS, Project, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=KINDS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Installed, with everything that it and ours require, but without ours."""
    kind = KINDS[request.param]
    folder = tmp_path_factory.mktemp("project")
    python = wheel.environment(
        folder / "environment", "aiohttp", "jsonschema", "pytest", "hatchling", "setuptools>=70.1"
    )
    project = Project(folder / "shop", python)
    write(project.folder, kind)
    project.install(*kind.options, project.folder)
    return project


def own_files(project: Project) -> dict[str, Path]:
    """Where the project's packages are: in its folder, or in site-packages after an ordinary install."""
    imported = project.imported()
    for name, path in imported.items():
        assert path.read_text("utf-8") == FILES[f"{name}/__init__.py"]
    return imported


def test_the_wheel_leaves_the_packages_of_others_alone(project: Project, built_wheel: Path) -> None:
    imported, files = own_files(project), project.files()

    project.install(built_wheel)
    assert project.imported() == imported
    assert files.items() <= project.files().items()
    assert project.run_tests().startswith("2 passed")

    project.pip("uninstall", "--yes", "mydnspanel-fakeserver")
    assert project.imported() == imported
    assert project.files() == files


def test_an_editable_install_leaves_the_packages_of_others_alone(
    project: Project, unpacked_sdist: Path
) -> None:
    imported, files = own_files(project), project.files()

    project.install("--editable", unpacked_sdist)
    assert project.imported() == imported
    ours = project.imported(["fakeserver", "mydnspanel_client", "mydnspanel_contracts"])
    assert all(path.is_relative_to(unpacked_sdist) for path in ours.values())
    assert files.items() <= project.files().items()
    assert project.run_tests().startswith("2 passed")

    project.pip("uninstall", "--yes", "mydnspanel-fakeserver")
    assert project.imported() == imported
    assert project.files() == files
