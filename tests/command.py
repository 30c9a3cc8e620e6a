"""The command `fakeserver` as a process of its own, for the tests of its commands."""

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
SECONDS = 20.0  # before something that must happen has not happened


def environment(**variables: str) -> dict[str, str]:
    """That of the tests, without what would configure the command, and with these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAKESERVER_", "PANEL_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def run(*arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=cwd,
        env=environment(**variables),
    )


def run_in_shell(rest: str) -> subprocess.CompletedProcess[str]:
    """The command with arguments and redirections as a shell reads them."""
    return subprocess.run(
        ["sh", "-c", f"{' '.join(COMMAND)} {rest}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=environment(),
    )


def one_line(result: subprocess.CompletedProcess[str], status: int = 2) -> str:
    """What a command that failed said: one line on standard error and nothing else."""
    assert (result.returncode, result.stdout) == (status, "")
    assert result.stderr.startswith("fakeserver: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("fakeserver: ").rstrip("\n")


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
def process(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; it does not outlive the block."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        text=True,
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
    """A server on a free port, which has said where."""
    with process(*command.split(), "-p", "0", *arguments, **variables) as running:
        assert running.stdout is not None
        said = ""
        while not said.endswith(LAST_LINE):
            line = running.stdout.readline()
            assert line, running.stderr and running.stderr.read()
            said += line
        yield Running(running, said)


def until(happened: Callable[[], bool]) -> None:
    """Wait until it has happened; fails when it does not."""
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def request(
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Any:
    """The JSON that answers a GET, or with a body a POST."""
    with urlopen(Request(url, body, dict(headers or {})), timeout=10, context=tls) as reply:  # noqa: S310
        return json.load(reply)


def ask(
    url: str,
    key: str,
    body: str,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> dict[str, str]:
    """The panel's reply to a form."""
    told = {"Authorization": key, "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    answer: dict[str, str] = request(f"{url}/webservice/server", body.encode(), told, tls)
    return answer
