"""What `pip install` of the wheel adds to a new environment."""

import subprocess
import tempfile
from pathlib import Path

from tests import wheel
from tests.bench.figures import Figure


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        python = wheel.environment(Path(folder) / "environment", str(wheel.build(Path(folder))))
        listed = subprocess.run(
            [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
        )
        packages = [line for line in listed.stdout.split() if not line.startswith(("pip==", "setuptools=="))]
        found = subprocess.run(
            [python, "-c", "import aiohttp; print(aiohttp.__path__[0])"],
            capture_output=True,
            text=True,
            check=True,
        )
        site = Path(found.stdout.strip()).parent
        names = [folder for folder in site.iterdir() if not folder.name.startswith(("pip", "setuptools"))]
        size = sum(_size(folder) for folder in names)
        own = sum(_size(site / name) for name in ("fakeserver", "mydnspanel_client", "mydnspanel_contracts"))
    return [
        Figure("installed, with all that it needs", size, None, "MiB", note=" ".join(packages)),
        Figure("of that its own", own, None, "MiB", note="fakeserver, client, contracts"),
    ]


def _size(path: Path) -> float:
    """MiB on the disk, of sources and data."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files if file.suffix != ".pyc") / 2**20
