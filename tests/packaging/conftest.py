"""The distributions, built once from this checkout."""

import tarfile
from pathlib import Path

import pytest

from tests import wheel
from tests.packaging.distributions import build_sdist


@pytest.fixture(scope="session")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    return wheel.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def built_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, built from this checkout."""
    return build_sdist(tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def unpacked_sdist(built_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that unpacking the sdist creates: the project as somebody has it who has no checkout."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(built_sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / built_sdist.name.removesuffix(".tar.gz")
