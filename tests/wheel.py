"""The wheel, built from this checkout."""

import subprocess
import sys
from pathlib import Path

from tests.source import ROOT


def build(folder: Path) -> Path:
    """Build the wheel into the folder; returns its path."""
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    built = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
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
