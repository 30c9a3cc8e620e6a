"""What the tests of the pages share."""

from pathlib import Path

import pytest

from tests.docs.sessions import commands_on_path


@pytest.fixture(scope="session")
def on_path(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the commands are those of this checkout, and `sudo` needs no rights."""
    return commands_on_path(tmp_path_factory.mktemp("commands"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which a reader follows a page."""
    return tmp_path
