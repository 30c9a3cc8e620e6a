"""Runs commands that end at once in the process of the tests, which is fast."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from fakeserver.cli import main

RunMain = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_main(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunMain:
    """Run a command in an empty folder. Keyword arguments are its environment variables."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("FAKESERVER_", "PANEL_")):
            monkeypatch.delenv(name)

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            try:
                status = main(arguments)
            except SystemExit as exit_:
                status = cast("int", exit_.code)
        output, errors = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, status, output, errors)

    return run
