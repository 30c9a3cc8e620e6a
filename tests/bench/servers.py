"""Servers as processes, on free ports."""

import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

TIMEOUT_SECONDS = 60.0  # for a server to answer

# More credit than a run can use.
CONFIGURATION = '[[accounts]]\nkey = "test-key"\ncredit = 9_000_000_000_000\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(command: Sequence[str | Path], port: int, cwd: Path | None = None) -> Iterator[int]:
    """Run a server until the block ends; it answers requests when the block begins."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd) as process:
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


@contextmanager
def bare() -> Iterator[int]:
    """Run the yardstick; gives its port."""
    port = free_port()
    with serving([sys.executable, "-m", "tests.bench.bare", str(port)], port):
        yield port


@contextmanager
def fake(configuration: str = CONFIGURATION) -> Iterator[int]:
    """Run fakeserver with this configuration; gives its port."""
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(configuration)
        file.flush()
        with serving([sys.executable, "-m", "fakeserver", "-p", str(port), "-c", file.name], port):
            yield port


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once a server answers on that port. Raises RuntimeError if the process ends or time is over."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers(port):
            return
        time.sleep(0.002)
    raise RuntimeError(f"no server answers on port {port}: {process.args!r}")


def answers(port: int) -> bool:
    """Whether a request gets any response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/webservice/server?key=test-key&action=credit")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True
