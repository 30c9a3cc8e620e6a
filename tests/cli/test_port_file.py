"""`--port-file`: the file has the port while the server listens."""

import asyncio
import resource
from pathlib import Path

import pytest

from fakeserver.cli.errors import CommandError
from fakeserver.cli.resolve import resolve
from fakeserver.cli.running_server import running_server
from tests.command import started


def test_the_file_has_the_port_and_is_removed_with_the_server(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("99999\n")
    with started("--port-file", str(file)) as server:
        assert file.read_text() == f"{server.port}\n"
        assert list(tmp_path.iterdir()) == [file]
        assert server.stop() == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "port"

    async def serve() -> None:
        async with running_server(resolve({"port": "0", "port_file": str(file)}, {})):
            pytest.fail("the server should not start")

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(CommandError, match=f"--port-file: cannot write {file}: File too large"):
            asyncio.run(serve())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_another_server_is_not_removed(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with started("--port-file", str(file)) as first, started("--port-file", str(file)) as second:
        assert first.stop() == (0, "")
        assert file.read_text() == f"{second.port}\n"
