"""Servers as processes of their own, on free ports."""

import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 60.0  # seconds until a server must answer

# Credit without end, and as many sends kept as the run may make.
CONFIGURATION = '[[accounts]]\nkey = "test-key"\ncredit = 9_000_000_000_000\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(command: Sequence[str | Path], port: int, cwd: Path | None = None) -> Iterator[int]:
    """Run a server until the block ends; it has answered once when the block begins."""
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
    """The yardstick, at its port."""
    port = free_port()
    with serving([sys.executable, "-m", "tests.bench.bare", str(port)], port):
        yield port


@contextmanager
def fake(configuration: str = CONFIGURATION) -> Iterator[int]:
    """The fake with all its defaults, but for what the configuration says; at its port."""
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(configuration)
        file.flush()
        with serving([sys.executable, "-m", "fakeserver", "-p", str(port), "-c", file.name], port):
            yield port


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until something answers HTTP at that port. Raises RuntimeError when it never will."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if answers(port):
            return
        time.sleep(0.002)
    raise RuntimeError(f"no server at port {port}: {process.args!r}")


def answers(port: int) -> bool:
    """Whether a request is answered, whatever with."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/webservice/server?key=test-key&action=credit")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True
