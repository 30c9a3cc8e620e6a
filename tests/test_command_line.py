"""The command `fakeserver`, as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from fakeserver import __version__

COMMAND = [sys.executable, "-m", "fakeserver"]
BANNER_LINES = 4


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False)


@dataclass
class Running:
    """A server as a process: what it said when it started, and its base URL."""

    process: subprocess.Popen[str]
    said: str

    @property
    def url(self) -> str:
        return self.said.split("\n")[0].split()[-1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Returns the exit status and what stood on standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@contextmanager
def started(*arguments: str) -> Iterator[Running]:
    with subprocess.Popen(
        [*COMMAND, "-p", "0", *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            yield Running(process, "".join(process.stdout.readline() for _ in range(BANNER_LINES)))
        finally:
            process.kill()


def ask(url: str, key: str, body: str) -> dict[str, str]:
    headers = {"Authorization": key, "Content-Type": "application/x-www-form-urlencoded"}
    request = Request(f"{url}/webservice/server", body.encode(), headers)  # noqa: S310
    with urlopen(request, timeout=10) as reply:  # noqa: S310
        answer: dict[str, str] = json.load(reply)
    return answer


def test_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"fakeserver {__version__}\n"


@pytest.mark.rule("K1")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_says_where_and_stops_cleanly(number: signal.Signals) -> None:
    with started() as server:
        assert ask(server.url, "test-key", "action=credit") == {"result": "1", "credit": "1000000"}
        assert f"{server.url}/webservice/server" in server.said
        assert "test-key-no-phonebook" in server.said
        assert server.stop(number) == (0, "")


@pytest.mark.rule("A5")
def test_it_serves_ipv6_too() -> None:
    with started("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert ask(server.url, "test-key", "action=status") == {"result": "1"}
        assert ask(server.url, "test-key-ip", "action=status") == {"result": "-5"}


def test_a_configuration_brings_its_own_accounts_and_options(tmp_path: Path) -> None:
    config = tmp_path / "fake.toml"
    config.write_text(
        '[server]\nhost = "localhost"\nmax_body = 1024\n'
        '[[accounts]]\nkey = "my-own-secret-key"\ncredit = 5\n[[accounts]]\nkey = "b"\nbilling_ok = false\n'
    )
    with started("--config", str(config)) as server:
        assert server.url.startswith("http://localhost:")
        assert ask(server.url, "my-own-secret-key", "action=credit")["credit"] == "5"
        assert ask(server.url, "test-key", "action=credit") == {"result": "-1"}
        assert "my-own-secret-key" not in server.said
        assert "my-o...ey" in server.said


def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("--port", port)
    assert result.returncode == 2
    assert result.stderr == f"fakeserver: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


BAD_OPTIONS = {
    "a port that is no number": (["--port", "x"], "'x' is no port"),
    "a port too high": (["--port", "65536"], "'65536' is no port"),
    "a negative port": (["--port", "-1"], "--port"),
    "digits that are not ASCII": (["--port", "۱۴۰۳"], "is no port"),
    "an unknown option": (["--prot", "1"], "--prot"),
    "an unknown host": (["--host", "no such host", "-p", "0"], "no such host"),
    "a missing file": (["--config", "missing.toml"], "missing.toml: No such file"),
    "a directory": (["--config", "."], ".: Is a directory"),
}


@pytest.mark.parametrize(("arguments", "words"), BAD_OPTIONS.values(), ids=BAD_OPTIONS.keys())
def test_a_bad_option_is_one_line_and_status_2(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


@pytest.mark.parametrize(
    "text", ["port = 1", "[server]\nport = 'x'", "[[accounts]]\nkey = 'a'\ncredits = 1", "= ="]
)
def test_a_bad_configuration_names_the_file_in_one_line(tmp_path: Path, text: str) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(text)
    result = run("--config", str(config))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"fakeserver: {config}: ")
    assert result.stderr.count("\n") == 1


def test_importing_the_command_does_not_import_jsonschema() -> None:
    code = "import sys, fakeserver.cli; sys.exit('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
