"""The file of `--port-file`."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from fakeserver.cli.errors import CommandError
from fakeserver.cli.os_errors import reason
from fakeserver.cli.resolve import ResolvedOptions


@contextmanager
def port_file(resolved: ResolvedOptions, port: int) -> Iterator[None]:
    """The file, if one was given, holds the port while the block runs. Raises CommandError."""
    if resolved.options.port_file is None:
        yield
        return
    path = Path(resolved.options.port_file)
    try:
        path = path.resolve()
        identity = _replace_file(path, f"{port}\n")
    except (OSError, RuntimeError) as error:
        source = resolved.source("port_file")
        raise CommandError(f"{source}: cannot write {path}: {reason(error)}") from None
    try:
        yield
    finally:
        with suppress(OSError):
            if _identity(path) == identity:
                path.unlink()


def _replace_file(path: Path, text: str) -> tuple[int, int, int]:
    """Put the text into the file in one step, so that a reader never sees a part. Returns the file's
    identity.
    """
    if path.exists() and not path.is_file():
        raise OSError("it is not a regular file")
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(text)
            file.flush()
            temporary.chmod(0o644)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    return _identity(path)


def _identity(path: Path) -> tuple[int, int, int]:
    """Tells this file from one that another server has put in its place."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_mtime_ns
