"""The server at full load for some minutes, with everything on: `python -m tests.bench.soak --minutes M`.

A process of its own with small limits, so that they are reached: journals, an event stream, requests that
wait, fault rules, several accounts whose clocks run, stand or are moved, sends, reports, contacts, received
messages, snapshots, accounts that come and go. The load is as many keep-alive connections as `throughput`
has. Verdicts: the memory is flat once the limits are reached, and every accepted send is accounted for in
the end, after the clocks were advanced. Exit status 1 when one fails.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.bench.load import CONNECTIONS
from tests.fuzz.process import Server, served
from tests.fuzz.wire import Broken, Reply, read_reply

GRANTED = 9_000_000_000_000_000  # rials, of each account
KEEP_SENDS, JOURNAL_MAX = 300, 200
DEADLINE = 20.0  # seconds for any answer, above what a fault or a wait adds
WAIT = 1  # seconds that a long poll waits
DAYS = 2 * 86_400  # seconds by which clocks are advanced in the end: every message is final then
WARM_UP = 0.3  # of the run; then all limits are reached
LEAST_FOR_MEMORY = 60.0  # seconds of load, below which nothing can be said of the memory
GROWTH = 3.0  # MiB that the memory may differ between the first and the last third after the warm-up
SAMPLE_SECONDS = 2.0

CONFIG = f"[server]\njournal_max = {JOURNAL_MAX}\nmax_accounts = 20\n" + "".join(
    f'[[accounts]]\nkey = "{key}"\ncredit = {GRANTED}\nkeep_sends = {KEEP_SENDS}\n{more}\n'
    for key, more in {
        "running": "archive_after_seconds = 10_000_000",
        "standing": 'clock = "frozen"\narchive_after_seconds = 10_000_000',
        "faulty": 'timeline = "instant"\narchive_after_seconds = 10_000_000',
        "native": 'reply_scalars = "native"\nbad_receivers = "skip"\narchive_after_seconds = 10_000_000',
    }.items()
)
KEYS = ("running", "standing", "faulty", "native")
# An hour, which a scheduled message takes, is short for all: else it would be long until limits are reached.
SPEEDS = {"running": 300, "faulty": 1000, "native": 1000}
STEP = 600  # seconds by which the standing clock is moved

PERSIAN = "سلام، سفارش شما ارسال شد."
# What the texts of the faulty account ask for.
FAULTS: dict[str, dict[str, object]] = {
    "late": {"delaySeconds": 0.05},
    "lost": {"disconnect": "after"},
    "refused": {"result": "113"},
    "gateway": {"http": 502},
    "undelivered": {"outcome": "undelivered"},
}
UNSENT = ("refused", "gateway")

# The pair in which a receiver ends, and whether its cost is given back.
DELIVERED, UNDELIVERED, RETURNED, CANCELLED = (2, 3), (2, 4), (4, 2), (5, -2)
ENDS = {
    "9120000002": RETURNED,
    "9120000004": UNDELIVERED,
    "9120000013": DELIVERED,
    "9120000015": CANCELLED,
    "9120000021": DELIVERED,
}
REFUNDED = (RETURNED, CANCELLED)


def end_of(number: str, text: str) -> tuple[int, int]:
    return UNDELIVERED if text == "undelivered" else ENDS.get(number, DELIVERED)


@dataclass
class Books:
    """What the clients know of an account: what was accepted, what it cost, what must come back."""

    requests: int = 0
    accepted: int = 0
    charged: int = 0
    refunds: int = 0
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=50))

    def book(self, receivers: Iterable[str], text: str) -> None:
        price = 2000 if text.isascii() else 1000
        ends = [end_of(number, text) for number in receivers]
        self.accepted += 1
        self.charged += price * len(ends)
        self.refunds += price * sum(end in REFUNDED for end in ends)


@dataclass
class Run:
    """What is measured. `failures` are the verdicts that did not hold, and whatever else went wrong."""

    seconds: float
    values: int = 0  # of a contact's field; 0: none comes twice
    books: dict[str, Books] = field(default_factory=lambda: {key: Books() for key in KEYS})
    latencies: list[float] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)  # events of the stream, by their kind
    news: asyncio.Event = field(default_factory=asyncio.Event)  # the stream has told something
    interrupted: int = 0  # times that the stream was ended by the server
    polls: int = 0
    visitors: int = 0  # accounts that came and went, with one send each
    desk: int = 0  # requests to the control plane
    over: bool = False
    elapsed: float = 0.0
    failures: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    def thirds(self) -> list[float]:
        """The medians of the memory, in MiB, in the thirds of the run after its warm-up."""
        warm = [mib for _, mib in self.memory[int(len(self.memory) * WARM_UP) :]]
        size = max(1, len(warm) // 3)
        return [statistics.median(warm[at : at + size] or warm[-1:]) for at in (0, size, 2 * size)]

    def judge_memory(self) -> str:
        first, second, third = self.thirds()
        medians = f"{first:.1f}, {second:.1f}, {third:.1f} MiB"
        if self.seconds < LEAST_FOR_MEMORY:
            return f"not judged below {LEAST_FOR_MEMORY:g} s ({medians})"
        if third - first > GROWTH:
            self.failures.append(f"the memory has grown: {medians}")
            return f"GROWN: {medians}"
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
                f"beside them: {self.polls} long polls, {self.desk} control requests, {self.visitors} guests",
                f"events of the stream: {dict(self.told)}",
                "memory, MiB: " + ", ".join(f"{at:.0f} s {mib:.1f}" for at, mib in self.memory[::every]),
            )
        )


# The load: 16 connections that ask again as soon as they are answered.


@dataclass
class Question:
    """A request to the service. `receivers` and `text` are those of a send, to book it when accepted."""

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


def question(chance: random.Random, run: Run) -> Question:
    """The next request: two of three send something."""
    key = chance.choice(KEYS)
    (action,) = chance.choices(tuple(SHARES), tuple(SHARES.values()))
    if action == "send":
        return _send(chance, key)
    if action == "reportSend":
        recent = run.books[key].recent
        return Question(key, {"action": action, "sendID": str(chance.choice(recent) if recent else 1)})
    if action == "newContact":
        # A value that never comes again must not be kept once another has replaced it.
        value = str(chance.randrange(run.values) if run.values else chance.random())
        fields = {"FMjUyMjUz": value, "FMTAwMg": value}
        contact = {"phoneId": "1403", "cNumber": f"9121230{chance.randrange(200):03}"}
        return Question(key, {"action": action, **contact, "cFields": json.dumps(fields)})
    if action in ("sendServices", "sendOTP"):
        number = chance.choice(("9121234567", "9121234568", "9120000002"))
        how = (
            {"from": "auto", "textCode": "1001", "textData[0]": "12345"}
            if action == "sendServices"
            else {"appID": "test-app", "code": "12345"}
        )
        return Question(key, {"action": action, "receivers": number, **how}, (number,))
    return Question(key, {"action": action})


# Of a hundred requests; `sned` is a mistake that is answered 100.
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


def _send(chance: random.Random, key: str) -> Question:
    numbers = {f"9121{chance.randrange(10**6):06}" for _ in range(chance.choice((1, 1, 1, 2, 5, 30)))}
    if chance.random() < 0.3:
        numbers.add(chance.choice(tuple(ENDS)))
    text = chance.choice((PERSIAN, PERSIAN, *FAULTS)) if key == "faulty" else PERSIAN
    params = {"action": "send", "from": "auto", "text": text, "receivers": ",".join(numbers), "trySend": "1"}
    return Question(key, params, tuple(numbers), text)


async def client(port: int, seed: str, run: Run) -> None:
    chance = random.Random(seed)
    streams = await asyncio.open_connection("127.0.0.1", port)
    while not run.over:
        asked, began = question(chance, run), time.perf_counter()
        run.books[asked.key].requests += 1
        reply: Reply | None = None
        try:
            async with asyncio.timeout(DEADLINE):
                streams[1].write(asked.bytes())
                reply = await read_reply(streams[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            streams[1].close()
            streams = await asyncio.open_connection("127.0.0.1", port)
        except (TimeoutError, Broken) as error:
            run.failures.append(f"{type(error).__name__} {error} at {asked.params}")
            break
        if asked.text != "late":
            run.latencies.append(time.perf_counter() - began)
        run.actions[asked.params["action"]] += 1
        if len(run.failures) > 20:
            break
        if fault := _book(asked, reply, run.books[asked.key]):
            run.failures.append(f"{fault} at {asked.params}")
    streams[1].close()


def _book(asked: Question, reply: Reply | None, books: Books) -> str | None:
    """Book what was accepted; what was wrong with the reply, if anything."""
    if asked.receivers and asked.text not in UNSENT:
        books.book(asked.receivers, asked.text)
    if reply is None:
        return None if asked.text == "lost" else "the connection broke"
    if asked.text == "gateway":
        return None if reply.status == 502 else f"HTTP {reply.status} for a fault's 502"
    if reply.status != 200 or reply.fault():
        return reply.fault() or f"HTTP {reply.status}"
    document = json.loads(reply.body)
    code = int(document["result"])
    if asked.text == "refused":
        return None if code == 113 else f"code {code} for a fault's 113"
    if "sendID" in document:
        books.recent.append(int(document["sendID"]))
    if asked.receivers and code != 1:
        return f"code {code} for a send that is in order"
    return None


# What goes on beside the load.


async def listen(session: aiohttp.ClientSession, run: Run) -> None:
    while not run.over:
        async with session.get("/_fake/events") as stream:
            async for line in stream.content:
                name, _, kind = line.partition(b": ")
                if name == b"event":
                    run.told[kind.decode().strip()] += 1
                run.news.set()
        run.interrupted += not run.over


async def poll(session: aiohttp.ClientSession, path: str, run: Run) -> None:
    while not run.over:
        async with session.get(f"{path}wait={WAIT}&count=100000&limit=3") as reply:
            if reply.status != 200:
                run.failures.append(f"a long poll was answered {reply.status}: {(await reply.text())[:200]}")
                return
            await reply.read()
        run.polls += 1


async def command(
    session: aiohttp.ClientSession, run: Run, method: str, path: str, body: object = None
) -> Any:
    async with session.request(method, f"/_fake/accounts{path}", json=body) as reply:
        run.desk += 1
        text = await reply.text()
        if reply.status >= 400:
            run.failures.append(f"{method} {path} was answered {reply.status}: {text[:200]}")
        return json.loads(text) if text else None


async def work(session: aiohttp.ClientSession, run: Run) -> None:
    """What a test would do through the control plane, some times a second."""
    turn = 0
    while not run.over:
        turn += 1
        for key in KEYS:
            await command(session, run, "POST", f"/{key}/inbound", {"from": "9121111111", "text": f"{turn}"})
        await command(session, run, "POST", "/standing/clock", {"advance": STEP})
        await command(session, run, "PUT", f"/standing/snapshots/{turn % 2}")
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


async def watch(server: Server, run: Run) -> None:
    began = time.perf_counter()
    while not run.over:
        run.memory.append((time.perf_counter() - began, server.mebibytes()))
        await asyncio.sleep(min(SAMPLE_SECONDS, run.seconds / 20))


# In the end.


async def settle(session: aiohttp.ClientSession, run: Run, key: str, serial: int) -> None:
    """Every send of the account is accounted for, once its clock was advanced."""
    books = run.books[key]
    await command(session, run, "POST", f"/{key}/clock", {"advance": DAYS})
    credit = (await command(session, run, "GET", f"/{key}"))["credit"]
    listed = await command(session, run, "GET", f"/{key}/messages")
    journal = await command(session, run, "GET", f"/{key}/journal")
    kept, dropped = listed["messages"], listed["dropped"]
    unexpected = [
        (message["sendID"], receiver["number"], pair)
        for message in kept
        for receiver in message["receivers"]
        if (pair := (receiver["processingStatus"], receiver["sendStatus"]))
        != end_of(receiver["number"], message["text"])
    ]
    newest = serial * 10**9 + books.accepted
    expectations: tuple[tuple[str, object, object], ...] = (
        ("sends", len(kept) + dropped, books.accepted),
        ("sends that are kept", len(kept), min(KEEP_SENDS, books.accepted)),
        ("newest id", kept[-1]["sendID"] if kept else serial * 10**9, newest),
        ("credit", credit, GRANTED - books.charged + books.refunds),
        ("statuses that are not final", unexpected[:3], []),
        ("requests in the journal", len(journal["entries"]) + journal["dropped"], books.requests),
    )
    run.failures += [
        f"account {key}: {what} {found}, not {expected}"
        for what, found, expected in expectations
        if found != expected
    ]


async def _told_all(run: Run) -> None:
    """The stream has told of every accepted send, unless it was ended meanwhile."""
    expected = sum(books.accepted for books in run.books.values()) + run.visitors
    with suppress(TimeoutError):
        async with asyncio.timeout(DEADLINE):
            while run.told["accepted"] < expected and not run.interrupted:
                run.news.clear()
                await run.news.wait()
    if run.told["accepted"] != expected and not run.interrupted:
        run.failures.append(f"the stream told of {run.told['accepted']} sends, not {expected}")


async def soak(server: Server, run: Run, seed: int) -> None:
    unlimited = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None, sock_read=DEADLINE)
    async with aiohttp.ClientSession(server.url, connector=unlimited, timeout=timeout) as session:
        for key, speed in SPEEDS.items():
            await command(session, run, "POST", f"/{key}/clock", {"speed": speed})
        for text, then in FAULTS.items():
            rule = {"when": {"action": "send", "text": text}, "times": 0, "then": then}
            await command(session, run, "POST", "/faulty/faults", rule)
        stream = asyncio.create_task(listen(session, run))
        await asyncio.wait_for(run.news.wait(), DEADLINE)
        await _load(server, session, run, seed)
        await _told_all(run)
        stream.cancel()
        await asyncio.wait([stream])
        for serial, key in enumerate(KEYS, 1):
            await settle(session, run, key, serial)


async def _load(server: Server, session: aiohttp.ClientSession, run: Run, seed: int) -> None:
    beside: tuple[Coroutine[Any, Any, None], ...] = (
        work(session, run),
        watch(server, run),
        poll(session, "/_fake/accounts/running/messages?", run),
        poll(session, "/_fake/accounts/native/messages?sendStatus=4&", run),
        poll(session, "/_fake/accounts/faulty/journal?result=113&", run),
        poll(session, "/_fake/journal?", run),
    )
    clients = (client(server.port, f"{seed}/{number}", run) for number in range(CONNECTIONS))
    began = time.perf_counter()
    tasks = [asyncio.create_task(one) for one in (*beside, *clients)]
    done, _ = await asyncio.wait(tasks, timeout=run.seconds, return_when=asyncio.FIRST_EXCEPTION)
    run.elapsed = time.perf_counter() - began
    run.over = True
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, BaseException):
            run.failures.append(f"{type(outcome).__name__}: {outcome}")
    if server.process.poll() is not None:
        run.failures.append(f"the server has ended with status {server.process.poll()}, {len(done)} clients")


def soaked(run: Run, seed: int, say: Callable[[str], None] = print) -> list[str]:
    """A run against a server of its own, told and judged; the verdicts that failed."""
    with served(CONFIG) as server:
        asyncio.run(soak(server, run, seed))
        if not server.ends_well():
            run.failures.append("the server did not end well")
        run.failures += [f"a traceback in the log: {trace}" for trace in server.traces()]
    sends = sum(books.accepted for books in run.books.values())
    verdict = "NOT all accounted for" if run.failures else "all accounted for"
    say(str(run))
    say(f"{sends} accepted sends in {len(KEYS)} accounts, {verdict}")
    say("memory: " + run.judge_memory())
    return run.failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=3.0)
    length.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument(
        "--values", type=int, default=0, help="distinct values of contacts' fields; 0: no end"
    )
    options = parser.parse_args()
    seconds = options.minutes * 60 if options.seconds is None else options.seconds
    failures = soaked(Run(seconds, options.values), options.seed)
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
