"""`send` against the yardstick, alternating in one run: `python -m tests.bench.throughput`.

Both servers run as processes of their own; the load is 16 keep-alive connections with the bytes of a real
form POST. Figures of one machine differ from run to run, their ratio hardly does.
"""

import argparse
import asyncio
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

CONNECTIONS = 16
BODY = urlencode(
    {"action": "send", "from": "30001403", "text": "سلام، سفارش شما ارسال شد.", "receivers": "9121234567"}
)
REQUEST = (
    "POST /webservice/server HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: test-key\r\n"
    "User-Agent: bench\r\nAccept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"
).encode()
CONFIG = '[[accounts]]\nkey = "test-key"\ncredit = 9_000_000_000_000\n'


class Connection(asyncio.Protocol):
    """Sends the request again as soon as its reply is complete; counts the replies."""

    def __init__(self) -> None:
        self.replies = 0
        self.refused: bytes | None = None
        self.received = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank_line, body = self.received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if not blank_line or len(body) < length:
            return
        if b'"result":"1"' not in body.replace(b" ", b""):
            self.refused = body
            return
        self.replies += 1
        self.received = b""
        assert self.transport is not None
        self.transport.write(REQUEST)


async def requests_per_second(port: int, seconds: float) -> float:
    """How many replies a second the server at `port` gives under full load."""
    loop = asyncio.get_running_loop()
    pairs = [await loop.create_connection(Connection, "127.0.0.1", port) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    await asyncio.sleep(seconds)
    replies = sum(connection.replies for _, connection in pairs)
    elapsed = time.perf_counter() - start
    for transport, connection in pairs:
        transport.abort()
        if connection.refused:
            raise RuntimeError(f"the server at port {port} answered {connection.refused!r}")
    return replies / elapsed


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(*command: str, port: int) -> Iterator[int]:
    """Run a server as a process until the block ends; it is ready when its port answers."""
    with subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"no server at port {port}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of load, for each server and round")
    parser.add_argument("--config", required=False, help="a configuration file with `test-key` in it")
    options = parser.parse_args()
    bare_port, fake_port = free_port(), free_port()
    with (
        _config(options.config) as config,
        serving("tests.bench.bare", str(bare_port), port=bare_port),
        serving("fakeserver", "-p", str(fake_port), "-c", config, port=fake_port),
    ):
        for port in (bare_port, fake_port):
            asyncio.run(requests_per_second(port, 0.5))
        ratios = []
        for number in range(1, options.rounds + 1):
            bare = asyncio.run(requests_per_second(bare_port, options.seconds))
            fake = asyncio.run(requests_per_second(fake_port, options.seconds))
            ratios.append(fake / bare)
            print(f"round {number}: bare {bare:7.0f}/s   send {fake:7.0f}/s   ratio {fake / bare:.2f}")
    print(f"send / bare aiohttp: {statistics.median(ratios):.2f} (median of {options.rounds} rounds)")


@contextmanager
def _config(path: str | None) -> Iterator[str]:
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(CONFIG)
        file.flush()
        yield file.name


if __name__ == "__main__":
    main()
