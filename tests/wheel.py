"""The wheel, and environments to install it in."""

import subprocess
import sys
from pathlib import Path

from tests.source import ROOT


def build(folder: Path, source: Path = ROOT) -> Path:
    """Build the wheel of the project in `source` into the folder; returns its path."""
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    command = [sys.executable, "-c", code]
    built = subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    return folder / built.stdout.split()[-1]


def environment(folder: Path, *packages: str) -> Path:
    """A fresh virtual environment in the folder with these packages; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
    python = folder / "bin" / "python"
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        *packages,
    ]
    subprocess.run(install, check=True, capture_output=True)
    return python
