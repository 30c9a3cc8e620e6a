"""The command `init`: a configuration file with every setting, its default and its meaning."""

from pathlib import Path

import fakeserver
from fakeserver.cli.options import CommandError

FILE = "fakeserver.toml"


def text() -> str:
    """The sample configuration."""
    return (Path(fakeserver.__file__).parent / "settings" / "data" / "sample.toml").read_text("utf-8")


def write(path: Path) -> None:
    """Write the sample to a new file. Raises CommandError, also when there is one already."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text())
    except FileExistsError:
        raise CommandError(f"{path} is there already, and is left as it is") from None
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from None
