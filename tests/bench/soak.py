"""Soak test: full load for some minutes with every feature in use: `python -m tests.bench.soak --minutes M`.

The server is a process with small limits, which are reached early. Besides requests to the service there are
an event stream, long polls, fault rules, snapshots, inbound messages, accounts with running and frozen
clocks, and accounts that are created and removed. The load has as many keep-alive connections as
`throughput`.

Two things are judged: the memory must not grow once the limits are reached, and at the end, after the clocks
were advanced, every accepted send must be accounted for. The exit status is 1 when one of them fails.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter, deque
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.bench.load import CONNECTIONS
from tests.fuzz.process import ServerProcess, run_server
from tests.fuzz.wire import MalformedReply, Reply, read_reply

GRANTED = 9_000_000_000_000_000  # rials, of each account
KEEP_SENDS, JOURNAL_MAX = 300, 200
TIMEOUT_SECONDS = 20.0  # for any reply, beyond the delay of a fault or the time of a long poll
POLL_SECONDS = 1  # of a long poll
FINAL_ADVANCE_SECONDS = 2 * 86_400  # of every clock at the end, so that every message is final
WARM_UP = 0.3  # the share of the run after which all limits are reached
SECONDS_FOR_MEMORY = 60.0  # in a shorter run, the memory is not judged
GROWTH_MAX = 3.0  # MiB between the first and the last third of the run after the warm-up
SAMPLE_SECONDS = 2.0

CONFIGURATION = f"[server]\njournal_max = {JOURNAL_MAX}\nmax_accounts = 20\n" + "".join(
    f'[[accounts]]\nkey = "{key}"\ncredit = {GRANTED}\nkeep_sends = {KEEP_SENDS}\n{more}\n'
    for key, more in {
        "running": "archive_after_seconds = 10_000_000",
        "frozen": 'clock = "frozen"\narchive_after_seconds = 10_000_000',
        "faulty": 'timeline = "instant"\narchive_after_seconds = 10_000_000',
        "native": 'reply_scalars = "native"\nbad_receivers = "skip"\narchive_after_seconds = 10_000_000',
    }.items()
)
KEYS = ("running", "frozen", "faulty", "native")
# A scheduled message waits for an hour; at these speeds the limits are reached early all the same.
SPEEDS = {"running": 300, "faulty": 1000, "native": 1000}
STEP_SECONDS = 600  # by which the frozen clock is advanced

PERSIAN = "سلام، سفارش شما ارسال شد."
# The effects of the fault rules of the faulty account, by the text that a rule matches.
FAULTS: dict[str, dict[str, object]] = {
    "late": {"delaySeconds": 0.05},
    "lost": {"disconnect": "after"},
    "refused": {"result": "113"},
    "gateway": {"http": 502},
    "undelivered": {"outcome": "undelivered"},
}
UNSENT = ("refused", "gateway")

# The final pairs of receivers; any other receiver is delivered.
DELIVERED, UNDELIVERED, RETURNED, CANCELLED = (2, 3), (2, 4), (4, 2), (5, -2)
FINAL_PAIRS = {
    "9120000002": RETURNED,
    "9120000004": UNDELIVERED,
    "9120000013": DELIVERED,
    "9120000015": CANCELLED,
    "9120000021": DELIVERED,
}
REFUNDED = (RETURNED, CANCELLED)


def final_pair(number: str, text: str) -> tuple[int, int]:
    return UNDELIVERED if text == "undelivered" else FINAL_PAIRS.get(number, DELIVERED)


@dataclass
class Books:
    """What the clients know about an account: accepted sends, their cost, and the refunds to come."""

    requests: int = 0
    accepted: int = 0
    charged: int = 0
    refunds: int = 0
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=50))

    def book(self, receivers: Iterable[str], text: str) -> None:
        price = 2000 if text.isascii() else 1000
        pairs = [final_pair(number, text) for number in receivers]
        self.accepted += 1
        self.charged += price * len(pairs)
        self.refunds += price * sum(pair in REFUNDED for pair in pairs)


@dataclass
class Run:
    """The results of a run. `failures` holds whatever went wrong."""

    seconds: float
    values: int = 0  # number of distinct values of a contact's field; 0: every value is new
    books: dict[str, Books] = field(default_factory=lambda: {key: Books() for key in KEYS})
    latencies: list[float] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)  # of the stream, by kind
    event_arrived: asyncio.Event = field(default_factory=asyncio.Event)
    streams_closed: int = 0  # by the server
    polls: int = 0
    visitors: int = 0  # accounts that were created and removed, with one send each
    control_requests: int = 0
    over: bool = False
    elapsed: float = 0.0
    failures: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    def memory_medians(self) -> list[float]:
        """The medians of the memory, in MiB, in the thirds of the run after its warm-up."""
        warm = [mib for _, mib in self.memory[int(len(self.memory) * WARM_UP) :]]
        size = max(1, len(warm) // 3)
        return [statistics.median(warm[at : at + size] or warm[-1:]) for at in (0, size, 2 * size)]

    def judge_memory(self) -> str:
        first, second, third = self.memory_medians()
        medians = f"{first:.1f}, {second:.1f}, {third:.1f} MiB"
        if self.seconds < SECONDS_FOR_MEMORY:
            return f"not judged in less than {SECONDS_FOR_MEMORY:g} s ({medians})"
        if third - first > GROWTH_MAX:
            self.failures.append(f"the memory grew: {medians}")
            return f"GREW: {medians}"
        return f"flat: {medians}"

    def __str__(self) -> str:
        requests = len(self.latencies)
        every = max(1, len(self.memory) // 15)
        return "\n".join(
            (
                f"{requests} requests in {self.elapsed:.1f} s: {requests / self.elapsed:.0f}/s",
                "latency, ms: "
                + ", ".join(f"p{share * 100:.0f} {self.percentile(share):.1f}" for share in (0.5, 0.95, 0.99))
                + f", max {max(self.latencies) * 1000:.1f}",
                "actions: " + ", ".join(f"{action} {count}" for action, count in self.actions.most_common()),
                (
                    f"besides: {self.polls} long polls, {self.control_requests} control requests, "
                    f"{self.visitors} visitors"
                ),
                f"events: {dict(self.events)}",
                "memory, MiB: " + ", ".join(f"{at:.0f} s {mib:.1f}" for at, mib in self.memory[::every]),
            )
        )


# The load: clients that make the next request as soon as they have a reply.


@dataclass
class ServiceRequest:
    """A request to the service. `receivers` and `text` are those of a send, from which it is booked."""

    key: str
    params: dict[str, str]
    receivers: tuple[str, ...] = ()
    text: str = PERSIAN

    def bytes(self) -> bytes:
        body = urlencode(self.params)
        return (
            "POST /webservice/server HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: {self.key}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def next_request(chance: random.Random, run: Run) -> ServiceRequest:
    """The next request; two of three are sends."""
    key = chance.choice(KEYS)
    (action,) = chance.choices(tuple(SHARES), tuple(SHARES.values()))
    if action == "send":
        return _send(chance, key)
    if action == "reportSend":
        recent = run.books[key].recent
        return ServiceRequest(key, {"action": action, "sendID": str(chance.choice(recent) if recent else 1)})
    if action == "newContact":
        # A value that was replaced and never comes again must not be kept.
        value = str(chance.randrange(run.values) if run.values else chance.random())
        fields = {"FMjUyMjUz": value, "FMTAwMg": value}
        contact = {"phoneId": "1403", "cNumber": f"9121230{chance.randrange(200):03}"}
        return ServiceRequest(key, {"action": action, **contact, "cFields": json.dumps(fields)})
    if action in ("sendServices", "sendOTP"):
        number = chance.choice(("9121234567", "9121234568", "9120000002"))
        params = (
            {"from": "auto", "textCode": "1001", "textData[0]": "12345"}
            if action == "sendServices"
            else {"appID": "test-app", "code": "12345"}
        )
        return ServiceRequest(key, {"action": action, "receivers": number, **params}, (number,))
    return ServiceRequest(key, {"action": action})


# Of a hundred requests. `sned` is an unknown action, which is answered with 100.
SHARES = {
    "send": 45,
    "sendServices": 12,
    "sendOTP": 8,
    "reportSend": 12,
    "newContact": 10,
    "credit": 4,
    "receivedMessages": 4,
    "status": 3,
    "sned": 2,
}


def _send(chance: random.Random, key: str) -> ServiceRequest:
    numbers = {f"9121{chance.randrange(10**6):06}" for _ in range(chance.choice((1, 1, 1, 2, 5, 30)))}
    if chance.random() < 0.3:
        numbers.add(chance.choice(tuple(FINAL_PAIRS)))
    text = chance.choice((PERSIAN, PERSIAN, *FAULTS)) if key == "faulty" else PERSIAN
    params = {"action": "send", "from": "auto", "text": text, "receivers": ",".join(numbers), "trySend": "1"}
    return ServiceRequest(key, params, tuple(numbers), text)


async def client(port: int, seed: str, run: Run) -> None:
    chance = random.Random(seed)
    streams = await asyncio.open_connection("127.0.0.1", port)
    while not run.over:
        request, began = next_request(chance, run), time.perf_counter()
        run.books[request.key].requests += 1
        reply: Reply | None = None
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                streams[1].write(request.bytes())
                reply = await read_reply(streams[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            streams[1].close()
            streams = await asyncio.open_connection("127.0.0.1", port)
        except (TimeoutError, MalformedReply) as error:
            run.failures.append(f"{type(error).__name__} {error}, the request: {request.params}")
            break
        if request.text != "late":
            run.latencies.append(time.perf_counter() - began)
        run.actions[request.params["action"]] += 1
        if len(run.failures) > 20:
            break
        if problem := _book(request, reply, run.books[request.key]):
            run.failures.append(f"{problem}, the request: {request.params}")
    streams[1].close()


def _book(request: ServiceRequest, reply: Reply | None, books: Books) -> str | None:
    """Book a send that is accepted, and return what is wrong with the reply, if anything."""
    if request.receivers and request.text not in UNSENT:
        books.book(request.receivers, request.text)
    if reply is None:
        return None if request.text == "lost" else "the connection was closed"
    if request.text == "gateway":
        return None if reply.status == 502 else f"HTTP {reply.status} instead of the fault's 502"
    if reply.status != 200 or reply.problem():
        return reply.problem() or f"HTTP {reply.status}"
    document = json.loads(reply.body)
    code = int(document["result"])
    if request.text == "refused":
        return None if code == 113 else f"code {code} instead of the fault's 113"
    if "sendID" in document:
        books.recent.append(int(document["sendID"]))
    if request.receivers and code != 1:
        return f"code {code} for a valid send"
    return None


# Besides the load.


async def listen(session: aiohttp.ClientSession, run: Run) -> None:
    while not run.over:
        async with session.get("/_fake/events") as stream:
            async for line in stream.content:
                name, _, kind = line.partition(b": ")
                if name == b"event":
                    run.events[kind.decode().strip()] += 1
                run.event_arrived.set()
        run.streams_closed += not run.over


async def poll(session: aiohttp.ClientSession, path: str, run: Run) -> None:
    while not run.over:
        async with session.get(f"{path}wait={POLL_SECONDS}&count=100000&limit=3") as reply:
            if reply.status != 200:
                run.failures.append(f"a long poll was answered {reply.status}: {(await reply.text())[:200]}")
                return
            await reply.read()
        run.polls += 1


async def command(
    session: aiohttp.ClientSession, run: Run, method: str, path: str, body: object = None
) -> Any:
    async with session.request(method, f"/_fake/accounts{path}", json=body) as reply:
        run.control_requests += 1
        text = await reply.text()
        if reply.status >= 400:
            run.failures.append(f"{method} {path} was answered {reply.status}: {text[:200]}")
        return json.loads(text) if text else None


async def use_control_plane(session: aiohttp.ClientSession, run: Run) -> None:
    """Do what tests do through the control plane, a few times a second."""
    turn = 0
    while not run.over:
        turn += 1
        for key in KEYS:
            await command(session, run, "POST", f"/{key}/inbound", {"from": "9121111111", "text": f"{turn}"})
        await command(session, run, "POST", "/frozen/clock", {"advance": STEP_SECONDS})
        await command(session, run, "PUT", f"/frozen/snapshots/{turn % 2}")
        explained = {"action": "send", "from": "auto", "text": "x", "receivers": "9121234567"}
        await command(session, run, "POST", "/native/explain", explained)
        await _visit(session, run, f"visitor-{turn}")
        await asyncio.sleep(0.25)


async def _visit(session: aiohttp.ClientSession, run: Run, key: str) -> None:
    await command(session, run, "POST", "", {"key": key, "clock": "frozen"})
    data = {"action": "send", "from": "auto", "text": PERSIAN, "receivers": "9121234567"}
    async with session.post("/webservice/server", data=data, headers={"Authorization": key}) as reply:
        if (await reply.json())["result"] != "1":
            run.failures.append("a visitor's send was refused")
    await command(session, run, "DELETE", f"/{key}")
    run.visitors += 1


async def sample_memory(server: ServerProcess, run: Run) -> None:
    began = time.perf_counter()
    while not run.over:
        run.memory.append((time.perf_counter() - began, server.memory_mib()))
        await asyncio.sleep(min(SAMPLE_SECONDS, run.seconds / 20))


# At the end.


async def settle(session: aiohttp.ClientSession, run: Run, key: str, serial: int) -> None:
    """Advance the clock and check that every send of the account is accounted for."""
    books = run.books[key]
    await command(session, run, "POST", f"/{key}/clock", {"advance": FINAL_ADVANCE_SECONDS})
    credit = (await command(session, run, "GET", f"/{key}"))["credit"]
    listed = await command(session, run, "GET", f"/{key}/messages")
    journal = await command(session, run, "GET", f"/{key}/journal")
    kept, dropped = listed["messages"], listed["dropped"]
    unexpected = [
        (message["sendID"], receiver["number"], pair)
        for message in kept
        for receiver in message["receivers"]
        if (pair := (receiver["processingStatus"], receiver["sendStatus"]))
        != final_pair(receiver["number"], message["text"])
    ]
    newest = serial * 10**9 + books.accepted
    expectations: tuple[tuple[str, object, object], ...] = (
        ("sends", len(kept) + dropped, books.accepted),
        ("kept sends", len(kept), min(KEEP_SENDS, books.accepted)),
        ("newest id", kept[-1]["sendID"] if kept else serial * 10**9, newest),
        ("credit", credit, GRANTED - books.charged + books.refunds),
        ("receivers without their final pair", unexpected[:3], []),
        ("requests in the journal", len(journal["entries"]) + journal["dropped"], books.requests),
    )
    run.failures += [
        f"account {key}, {what}: {found} instead of {expected}"
        for what, found, expected in expectations
        if found != expected
    ]


async def _check_accepted_events(run: Run) -> None:
    """Check that the stream got an event for every accepted send, unless the server has closed it."""
    expected = sum(books.accepted for books in run.books.values()) + run.visitors
    with suppress(TimeoutError):
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while run.events["accepted"] < expected and not run.streams_closed:
                run.event_arrived.clear()
                await run.event_arrived.wait()
    if run.events["accepted"] != expected and not run.streams_closed:
        run.failures.append(f"the stream got {run.events['accepted']} accepted events instead of {expected}")


async def soak(server: ServerProcess, run: Run, seed: int) -> None:
    unlimited = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None, sock_read=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(server.url, connector=unlimited, timeout=timeout) as session:
        for key, speed in SPEEDS.items():
            await command(session, run, "POST", f"/{key}/clock", {"speed": speed})
        for text, then in FAULTS.items():
            rule = {"when": {"action": "send", "text": text}, "times": 0, "then": then}
            await command(session, run, "POST", "/faulty/faults", rule)
        stream = asyncio.create_task(listen(session, run))
        await asyncio.wait_for(run.event_arrived.wait(), TIMEOUT_SECONDS)
        await _load(server, session, run, seed)
        await _check_accepted_events(run)
        stream.cancel()
        await asyncio.wait([stream])
        for serial, key in enumerate(KEYS, 1):
            await settle(session, run, key, serial)


async def _load(server: ServerProcess, session: aiohttp.ClientSession, run: Run, seed: int) -> None:
    others: tuple[Coroutine[Any, Any, None], ...] = (
        use_control_plane(session, run),
        sample_memory(server, run),
        poll(session, "/_fake/accounts/running/messages?", run),
        poll(session, "/_fake/accounts/native/messages?sendStatus=4&", run),
        poll(session, "/_fake/accounts/faulty/journal?result=113&", run),
        poll(session, "/_fake/journal?", run),
    )
    clients = (client(server.port, f"{seed}/{number}", run) for number in range(CONNECTIONS))
    began = time.perf_counter()
    tasks = [asyncio.create_task(one) for one in (*others, *clients)]
    done, _ = await asyncio.wait(tasks, timeout=run.seconds, return_when=asyncio.FIRST_EXCEPTION)
    run.elapsed = time.perf_counter() - began
    run.over = True
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, BaseException):
            run.failures.append(f"{type(outcome).__name__}: {outcome}")
    if server.process.poll() is not None:
        run.failures.append(f"the server ended with exit status {server.process.poll()}, {len(done)} clients")


def run_soak(run: Run, seed: int) -> list[str]:
    """Run against a new server, print the results, and return the failures."""
    with run_server(CONFIGURATION) as server:
        asyncio.run(soak(server, run, seed))
        if status := server.stop():
            run.failures.append(f"the server stopped with exit status {status}")
        run.failures += [f"a traceback in the log: {text}" for text in server.tracebacks()]
    sends = sum(books.accepted for books in run.books.values())
    verdict = "NOT all accounted for" if run.failures else "all accounted for"
    print(run)
    print(f"{sends} accepted sends in {len(KEYS)} accounts, {verdict}")
    print("memory: " + run.judge_memory())
    return run.failures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=3.0)
    length.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument(
        "--values", type=int, default=0, help="distinct values of contacts' fields; 0: every value is new"
    )
    options = parser.parse_args()
    seconds = options.minutes * 60 if options.seconds is None else options.seconds
    failures = run_soak(Run(seconds, options.values), options.seed)
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
