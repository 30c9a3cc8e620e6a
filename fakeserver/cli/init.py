"""The command `init`: writes a configuration file with every setting, its default and its meaning."""

from importlib.resources import files
from pathlib import Path

from fakeserver.cli.errors import CommandError
from fakeserver.cli.os_errors import reason

DEFAULT_FILE = "fakeserver.toml"


def sample() -> str:
    """The text of the sample configuration."""
    return files("fakeserver.settings").joinpath("data", "sample.toml").read_text("utf-8")


def write_sample(path: Path) -> None:
    """Write the sample to a new file. Raises CommandError if it exists or cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(sample())
    except FileExistsError:
        raise CommandError(f"{path} exists already, and was not changed") from None
    except OSError as error:
        raise CommandError(f"cannot write {path}: {reason(error)}") from None
