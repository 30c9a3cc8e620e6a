"""The sdist, and the files that a distribution contains."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.source import ROOT


def build_sdist(folder: Path) -> Path:
    """Build the sdist into the folder; returns its path."""
    code = f"from hatchling.build import build_sdist; print(build_sdist({str(folder)!r}))"
    built = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return folder / built.stdout.split()[-1]


def wheel_contents(path: Path) -> dict[str, bytes]:
    """File name → contents."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sdist_files(path: Path) -> set[str]:
    """The names of all files, without the folder that holds them all."""
    with tarfile.open(path) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
