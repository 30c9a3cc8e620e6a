"""The command `fakeserver` by its name, as the README has it."""

import os
import shlex
from pathlib import Path

import pytest

from tests.command import COMMAND, environment


@pytest.fixture(scope="session")
def on_path(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which `fakeserver` is that of this checkout, and `sudo` needs no rights."""
    folder = tmp_path_factory.mktemp("bin")
    put(folder / "fakeserver", shlex.join(COMMAND))
    put(folder / "sudo", "")
    return environment(PATH=f"{folder}:{os.environ['PATH']}")


def put(path: Path, command: str) -> None:
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    path.chmod(0o755)
