"""Runs the command `fakeserver` in a process of its own."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.source import ROOT

COMMAND = [sys.executable, "-m", "fakeserver"]
LAST_LINE = "Ctrl-C stops it.\n"
WAIT_MAX_SECONDS = 20.0


def environment(**variables: str) -> dict[str, str]:
    """The environment of the tests with these variables, without those that would configure the command."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAKESERVER_", "PANEL_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def run(*arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return _run([*COMMAND, *arguments], cwd, environment(**variables))


def run_in_shell(arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with arguments and redirections as a shell reads them."""
    return _run(["sh", "-c", f"{' '.join(COMMAND)} {arguments}"], None, environment())


def _run(command: list[str], cwd: Path | None, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False, cwd=cwd, env=variables
    )


def error_line(result: subprocess.CompletedProcess[str], status: int = 2) -> str:
    """The error of a command that failed, which is one line on standard error and its only output."""
    assert (result.returncode, result.stdout) == (status, "")
    assert result.stderr.startswith("fakeserver: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("fakeserver: ").rstrip("\n")


@dataclass
class Running:
    """A running server, and the lines that it printed when it started."""

    process: subprocess.Popen[str]
    banner: str

    @property
    def url(self) -> str:
        return self.banner.split("\n")[0].split()[-1]

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send the signal. Returns the exit status and the standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@contextmanager
def process(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command. The end of the block kills it."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**variables),
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def started(*arguments: str, command: str = "", **variables: str) -> Iterator[Running]:
    """Start a server on a free port, and wait until it listens. The end of the block kills it."""
    with process(*command.split(), "-p", "0", *arguments, **variables) as running:
        assert running.stdout is not None
        banner = ""
        while not banner.endswith(LAST_LINE):
            line = running.stdout.readline()
            assert line, running.stderr and running.stderr.read()
            banner += line
        yield Running(running, banner)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until the condition is true. Fails if it takes too long."""
    deadline = time.monotonic() + WAIT_MAX_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def request(
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Any:
    """The JSON reply to a GET, or to a POST if there is a body."""
    with urlopen(Request(url, body, dict(headers or {})), timeout=10, context=tls) as reply:  # noqa: S310
        return json.load(reply)


def ask(
    url: str,
    key: str,
    form: str,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> dict[str, str]:
    """The reply of the service to a form."""
    form_headers = {"Authorization": key, "Content-Type": "application/x-www-form-urlencoded"}
    all_headers = {**form_headers, **(headers or {})}
    reply: dict[str, str] = request(f"{url}/webservice/server", form.encode(), all_headers, tls)
    return reply
