"""Fuzzes the service over a socket: `python -m tests.fuzz.endpoint --requests 200000 [--seed S]`.

The server is a process of its own with small limits, so that they are reached. Every answer comes within a
deadline and is the panel's or HTTP's; after the warm-up no more lives in the server than before; its log has
no traceback; in the end it stops when asked to. A failing case is printed with its number and its bytes, and
`--only NUMBER` sends it alone. Exit status 1 when anything failed.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.cases import Case, case
from tests.fuzz.process import Server, served
from tests.fuzz.wire import Broken, Reply, read_reply, replies_in

CONNECTIONS = 24
DEADLINE = 60.0  # seconds for whatever must come; much, for a hang has no end and a machine may be busy
PATIENCE = 0.03  # seconds before the client ends its half of a connection, where no answer need come
PAUSE = 0.002  # seconds between the pieces of a slow sender
SHOWN = 10  # failures printed in full
LONG = 4_000  # bytes of a failing case that are printed; `--only` makes all of them again
SAMPLES = 200  # of the memory, over the run
WARM_UP = 0.3  # of the run; then the server has come to its limits
GROWTH = 0.05  # by which what lives in the server may differ between the first and the last third of the rest
MOST = 256.0  # MiB that it may have at any time
LEAST_FOR_GROWTH = 50_000  # requests, below which nothing can be said of the memory

CONFIG = """
[server]
journal_max = 100
no_ui = true

[[accounts]]
key = "test-key"
credit = 9_000_000_000_000
keep_sends = 100
archive_after_seconds = 60

[[accounts]]
key = "switched"
credit = 9_000_000_000_000
keep_sends = 100
reply_scalars = "native"
key_placement = "anywhere"
unknown_action = "-4"
bad_receivers = "skip"
fields_reply = "single"
timeline = "instant"
"""


@dataclass
class Report:
    """What came of a run. `memory` is what the server has, in MiB, and `blocks` are the pieces of memory that
    live in it; both are sampled evenly over the requests.
    """

    requests: int = 0
    replies: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0

    def thirds(self) -> list[float]:
        """The medians of what lives in the server in the thirds of the run after its warm-up."""
        warm = self.blocks[int(len(self.blocks) * WARM_UP) :]
        size = max(1, len(warm) // 3)
        return [statistics.median(warm[at : at + size]) for at in (0, size, 2 * size)]

    def judge_memory(self) -> None:
        if self.requests < LEAST_FOR_GROWTH:
            return
        first, *_, last = self.thirds()
        if last > first * (1 + GROWTH):
            self.failures.append(f"what lives in it has grown from {first:,.0f} to {last:,.0f} blocks")
        if max(self.memory) > MOST:
            self.failures.append(f"it had {max(self.memory):.0f} MiB of memory")

    def __str__(self) -> str:
        lines = [
            f"{self.requests} requests in {self.seconds:.0f} s, {self.requests / self.seconds:.0f}/s",
            "replies: " + ", ".join(f"{status} x {n}" for status, n in sorted(self.replies.items())),
            "cases: " + ", ".join(f"{kind} {n}" for kind, n in self.kinds.most_common()),
            f"slowest: {self.slowest[0]:.3f} s, {self.slowest[1]}",
            "memory, MiB: "
            + " ".join(f"{mib:.1f}" for mib in self.memory[:: max(1, len(self.memory) // 12)]),
            f"at most {max(self.memory):.1f}, in the end {self.memory[-1]:.1f}",
            "living blocks, medians of the thirds after the warm-up: "
            + ", ".join(f"{blocks:,.0f}" for blocks in self.thirds()),
            f"failures: {len(self.failures)}",
        ]
        return "\n".join(lines)


class Connection:
    """One client's connection, opened again when a reply has ended it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        return self._streams

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def ask(self, asked: Case) -> list[Reply]:
        """What the case is answered. Raises Broken, TimeoutError, IncompleteReadError, ConnectionError."""
        if asked.replies is None:
            self.close()  # what came of an earlier case is no part of it
        reader, writer = await self.open()
        try:
            if asked.replies is None:
                return await self._whatever(asked, reader, writer)
            await _write(asked, writer)
            return await self._all(asked, asked.replies, reader)
        except BaseException:
            self.close()
            raise

    async def _all(self, asked: Case, count: int, reader: asyncio.StreamReader) -> list[Reply]:
        replies: list[Reply] = []
        while len(replies) < count:
            replies.append(await read_reply(reader, bodiless=asked.bodiless))
            if not replies[-1].stays_open:
                self.close()  # HTTP has given up here; what was pipelined behind it is lost
                break
        return replies

    async def _whatever(
        self, asked: Case, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> list[Reply]:
        data = b""
        try:
            await _write(asked, writer)
            if not asked.goes:
                if asked.kind != "half-closed":
                    data = await _within(PATIENCE, reader)
                writer.write_eof()
                data += await reader.read()
        except (ConnectionError, BrokenPipeError, OSError):
            pass  # the server may end a connection that makes no sense while it is written to
        self.close()
        return replies_in(data)


async def _within(seconds: float, reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(1 << 16), seconds)
    except TimeoutError:
        return b""


async def _write(asked: Case, writer: asyncio.StreamWriter) -> None:
    for number, piece in enumerate(asked.pieces):
        if number:
            await asyncio.sleep(PAUSE)
        writer.write(piece)
        await writer.drain()


async def _judge(seed: int, number: int, connection: Connection, report: Report) -> None:
    asked, began = case(seed, number), time.perf_counter()
    faults: list[str] = []
    try:
        async with asyncio.timeout(DEADLINE):
            replies = await connection.ask(asked)
        faults = [fault for fault in (reply.fault() for reply in replies) if fault]
        report.replies.update(reply.status for reply in replies)
    except TimeoutError:
        faults = [f"no answer within {DEADLINE:g} s"]
    except (Broken, asyncio.IncompleteReadError, ConnectionError) as error:
        faults = [f"{type(error).__name__}: {error}"]
    report.requests += asked.replies or 1
    report.kinds[asked.kind] += 1
    report.slowest = max(report.slowest, (time.perf_counter() - began, f"case {number}, {asked.kind}"))
    for fault in faults:
        report.failures.append(fault)
        if len(report.failures) <= SHOWN:
            print(f"case {number} ({asked.kind}): {fault}\n{told(seed, number, asked)}", flush=True)


def told(seed: int, number: int, asked: Case) -> str:
    """The failing bytes, and how to send them again."""
    pieces = [piece[:LONG] for piece in asked.pieces]
    cut = "" if sum(map(len, asked.pieces)) == sum(map(len, pieces)) else " (their beginnings)"
    return f"pieces{cut}: {pieces!r}\nagain: python -m tests.fuzz.endpoint --seed {seed} --only {number}"


async def run(server: Server, requests: int, seed: int) -> Report:
    """Send cases until there were as many requests, or the server has failed too often to go on."""
    report, began, numbers = Report(), time.perf_counter(), iter(range(requests))
    step = max(1, requests // SAMPLES)

    async def client() -> None:
        connection = Connection(server.port)
        for number in numbers:
            if report.requests >= requests or len(report.failures) > 100 or server.process.poll() is not None:
                break
            await _judge(seed, number, connection, report)
            if report.requests >= len(report.memory) * step:
                report.memory.append(server.mebibytes())
                report.blocks.append(server.blocks())
        connection.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    report.seconds = time.perf_counter() - began
    return report


def fuzzed(requests: int, seed: int) -> Report:
    """A run against a server of its own, judged."""
    with served(CONFIG) as server:
        report = asyncio.run(run(server, requests, seed))
        report.judge_memory()
        if server.process.poll() is not None:
            report.failures.append(f"the server has ended with status {server.process.poll()}")
        elif not server.ends_well():
            report.failures.append("the server did not end well")
        report.failures += [f"a traceback in the log: {trace}" for trace in server.traces()]
    return report


def only(seed: int, number: int) -> int:
    """Send one case alone, and print it with its answer."""
    asked, report = case(seed, number), Report()
    print(f"{asked.kind}: {asked.pieces!r}")
    with served(CONFIG) as server:
        asyncio.run(_judge(seed, number, Connection(server.port), report))
    print(report.replies, report.failures)
    return 1 if report.failures else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="the case of that number alone")
    options = parser.parse_args()
    if options.only is not None:
        return only(options.seed, options.only)
    report = fuzzed(options.requests, options.seed)
    print(f"seed {options.seed}: {report}")
    for failure in report.failures[:SHOWN]:
        print(f"FAILED: {failure}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
