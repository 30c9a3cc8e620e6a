"""Fuzzes the service over a socket: `python -m tests.fuzz.endpoint --requests 200000 [--seed S]`.

The server is a process with small limits, which are reached early. Every reply must come within a deadline
and must be the panel's or HTTP's. After the warm-up the memory of the server must not grow. Its log must have
no traceback, and it must stop when it is asked to. A failing case is printed with its number and its bytes;
`--only NUMBER` sends it alone. The exit status is 1 when anything failed.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.cases import Case, make_case
from tests.fuzz.process import ServerProcess, run_server
from tests.fuzz.wire import MalformedReply, Reply, read_reply, replies_in

CONNECTIONS = 24
TIMEOUT_SECONDS = 60.0  # for the replies to a case; generous, because the machine may be busy
READ_SECONDS = 0.03  # before the client closes its half of a connection on which no reply need come
PAUSE_SECONDS = 0.002  # between the pieces of a slow client
FAILURES_SHOWN = 10  # in full
BYTES_SHOWN = 4_000  # of a failing case; `--only` makes all of them again
SAMPLES = 200  # of the memory in a run
WARM_UP = 0.3  # the share of the run after which the server has reached its limits
GROWTH_MAX = 0.05  # of the memory blocks, between the first and the last third of the rest
MEMORY_MAX = 256.0  # MiB at any time
REQUESTS_FOR_GROWTH = 50_000  # with fewer requests, growth is not judged

CONFIGURATION = """
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
    """The results of a run. `memory` is the server's resident memory in MiB, `blocks` the number of its
    living memory blocks; both are sampled evenly over the requests.
    """

    requests: int = 0
    replies: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0

    def block_medians(self) -> list[float]:
        """The medians of the memory blocks in the thirds of the run after its warm-up."""
        warm = self.blocks[int(len(self.blocks) * WARM_UP) :]
        size = max(1, len(warm) // 3)
        return [statistics.median(warm[at : at + size]) for at in (0, size, 2 * size)]

    def judge_memory(self) -> None:
        if self.requests < REQUESTS_FOR_GROWTH:
            return
        first, *_, last = self.block_medians()
        if last > first * (1 + GROWTH_MAX):
            self.failures.append(f"the memory of the server grew from {first:,.0f} to {last:,.0f} blocks")
        if max(self.memory) > MEMORY_MAX:
            self.failures.append(f"the server had {max(self.memory):.0f} MiB of memory")

    def __str__(self) -> str:
        lines = [
            f"{self.requests} requests in {self.seconds:.0f} s, {self.requests / self.seconds:.0f}/s",
            "replies: " + ", ".join(f"{status} x {n}" for status, n in sorted(self.replies.items())),
            "cases: " + ", ".join(f"{kind} {n}" for kind, n in self.kinds.most_common()),
            f"slowest: {self.slowest[0]:.3f} s, {self.slowest[1]}",
            "memory, MiB: "
            + " ".join(f"{mib:.1f}" for mib in self.memory[:: max(1, len(self.memory) // 12)]),
            f"at most {max(self.memory):.1f}, at the end {self.memory[-1]:.1f}",
            "memory blocks, medians of the thirds after the warm-up: "
            + ", ".join(f"{blocks:,.0f}" for blocks in self.block_medians()),
            f"failures: {len(self.failures)}",
        ]
        return "\n".join(lines)


class Connection:
    """One client's connection, which is opened again after a reply has closed it."""

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

    async def send(self, case: Case) -> list[Reply]:
        """Send a case and return the replies. Raises MalformedReply, TimeoutError, IncompleteReadError,
        ConnectionError.
        """
        if case.replies is None:
            self.close()  # replies to an earlier case must not be taken for replies to this one
        reader, writer = await self.open()
        try:
            if case.replies is None:
                return await self._read_to_end(case, reader, writer)
            await _write(case, writer)
            return await self._read_replies(case, case.replies, reader)
        except BaseException:
            self.close()
            raise

    async def _read_replies(self, case: Case, count: int, reader: asyncio.StreamReader) -> list[Reply]:
        replies: list[Reply] = []
        while len(replies) < count:
            replies.append(await read_reply(reader, without_body=case.without_body))
            if not replies[-1].keeps_alive:
                self.close()  # the requests that were pipelined behind it are lost
                break
        return replies

    async def _read_to_end(
        self, case: Case, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> list[Reply]:
        data = b""
        try:
            await _write(case, writer)
            if not case.disconnects:
                if case.kind != "half-closed":
                    data = await _read_within(READ_SECONDS, reader)
                writer.write_eof()
                data += await reader.read()
        except (ConnectionError, BrokenPipeError, OSError):
            pass  # the server may close the connection of a malformed request while it is sent
        self.close()
        return replies_in(data)


async def _read_within(seconds: float, reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(1 << 16), seconds)
    except TimeoutError:
        return b""


async def _write(case: Case, writer: asyncio.StreamWriter) -> None:
    for number, piece in enumerate(case.pieces):
        if number:
            await asyncio.sleep(PAUSE_SECONDS)
        writer.write(piece)
        await writer.drain()


async def _check(seed: int, number: int, connection: Connection, report: Report) -> None:
    """Send a case and add its results to the report."""
    case, began = make_case(seed, number), time.perf_counter()
    problems: list[str] = []
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            replies = await connection.send(case)
        problems = [problem for problem in (reply.problem() for reply in replies) if problem]
        report.replies.update(reply.status for reply in replies)
    except TimeoutError:
        problems = [f"no reply within {TIMEOUT_SECONDS:g} s"]
    except (MalformedReply, asyncio.IncompleteReadError, ConnectionError) as error:
        problems = [f"{type(error).__name__}: {error}"]
    report.requests += case.replies or 1
    report.kinds[case.kind] += 1
    report.slowest = max(report.slowest, (time.perf_counter() - began, f"case {number}, {case.kind}"))
    for problem in problems:
        report.failures.append(problem)
        if len(report.failures) <= FAILURES_SHOWN:
            print(f"case {number} ({case.kind}): {problem}\n{describe(seed, number, case)}", flush=True)


def describe(seed: int, number: int, case: Case) -> str:
    """The failing bytes and how to send them again."""
    pieces = [piece[:BYTES_SHOWN] for piece in case.pieces]
    cut = "" if sum(map(len, case.pieces)) == sum(map(len, pieces)) else " (cut)"
    return f"pieces{cut}: {pieces!r}\nto repeat: python -m tests.fuzz.endpoint --seed {seed} --only {number}"


async def run(server: ServerProcess, requests: int, seed: int) -> Report:
    """Send cases until that many requests were made, or too many failed."""
    report, began, numbers = Report(), time.perf_counter(), iter(range(requests))
    step = max(1, requests // SAMPLES)

    async def client() -> None:
        connection = Connection(server.port)
        for number in numbers:
            if report.requests >= requests or len(report.failures) > 100 or server.process.poll() is not None:
                break
            await _check(seed, number, connection, report)
            if report.requests >= len(report.memory) * step:
                report.memory.append(server.memory_mib())
                report.blocks.append(server.memory_blocks())
        connection.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    report.seconds = time.perf_counter() - began
    return report


def run_fuzzer(requests: int, seed: int) -> Report:
    """Fuzz a new server and judge the run."""
    with run_server(CONFIGURATION) as server:
        report = asyncio.run(run(server, requests, seed))
        report.judge_memory()
        if server.process.poll() is not None:
            report.failures.append(f"the server ended with exit status {server.process.poll()}")
        elif status := server.stop():
            report.failures.append(f"the server stopped with exit status {status}")
        report.failures += [f"a traceback in the log: {text}" for text in server.tracebacks()]
    return report


def run_only(seed: int, number: int) -> int:
    """Send one case alone and print it with its replies."""
    case, report = make_case(seed, number), Report()
    print(f"{case.kind}: {case.pieces!r}")
    with run_server(CONFIGURATION) as server:
        asyncio.run(_check(seed, number, Connection(server.port), report))
    print(report.replies, report.failures)
    return 1 if report.failures else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.endpoint", description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="send only the case with that number")
    options = parser.parse_args()
    if options.only is not None:
        return run_only(options.seed, options.only)
    report = run_fuzzer(options.requests, options.seed)
    print(f"seed {options.seed}: {report}")
    for failure in report.failures[:FAILURES_SHOWN]:
        print(f"FAILED: {failure}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
