"""Server-sent events: what they tell, in which order, to how many; and how many may wait at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from fakeserver.web.events.stream import EventStream
from tests.control.driven import KEY, LINE, NUMBER, Driven, driven

EVENTS = "/_fake/events"
OTHER = "test-key-manual"
LIFE = [(1, -1), (2, -1), (2, 0), (2, 1), (2, 3)]


@dataclass
class Listener:
    """A stream of events, read with the framing of the standard and nothing else."""

    stream: aiohttp.ClientResponse
    seen: list[tuple[str, Any]] = field(default_factory=list)

    async def next(self) -> tuple[str, Any]:
        """The next event with its data; comments are passed over."""
        while True:
            async with asyncio.timeout(5):
                frame = await self.stream.content.readuntil(b"\n\n")
            event = parsed(frame.decode())
            if event is not None:
                self.seen.append(event)
                return event

    async def of(self, kind: str, count: int = 1) -> list[Any]:
        """The data of the next `count` events of a kind."""
        found: list[Any] = []
        while len(found) < count:
            name, data = await self.next()
            if name == kind:
                found.append(data)
        return found


def parsed(frame: str) -> tuple[str, Any] | None:
    fields: dict[str, list[str]] = {}
    for line in frame.removesuffix("\n\n").split("\n"):
        name, colon, value = line.partition(":")
        assert colon, line
        assert name in {"", "event", "data", "id", "retry"}, line
        fields.setdefault(name, []).append(value.removeprefix(" "))
    if "data" not in fields:
        return None
    (name,) = fields["event"]
    return name, json.loads("\n".join(fields["data"]))


@asynccontextmanager
async def listening(fake: Driven, query: str = "") -> AsyncIterator[Listener]:
    async with fake.session.get(fake.server.url + EVENTS + query) as stream:
        assert stream.status == 200
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        yield Listener(stream)


@pytest.fixture
async def fake() -> AsyncIterator[Driven]:
    async with driven() as running:
        await running.freeze()
        yield running


def pair(data: dict[str, Any]) -> tuple[int, int]:
    return data["processingStatus"], data["sendStatus"]


async def test_an_accepted_send_is_told_with_its_message(fake: Driven) -> None:
    async with listening(fake) as listener:
        send_id = int((await fake.ask("send")).json["sendID"])
        (data,) = await listener.of("accepted")
    (message,) = await fake.messages()
    assert data["sendID"] == send_id == message["sendID"]


async def test_a_request_is_told_as_the_journal_has_it(fake: Driven) -> None:
    async with listening(fake) as listener:
        await fake.ask("send", from_="1")
        (data,) = await listener.of("request")
    (entry,) = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert {name: data[name] for name in ("action", "rule", "reply", "reason")} == {
        name: entry[name] for name in ("action", "rule", "reply", "reason")
    }


async def test_an_inbound_message_is_told(fake: Driven) -> None:
    async with listening(fake) as listener:
        sent = {"from": NUMBER, "text": "پاسخ\nدوم\r\nسوم\rچهارم", "to": LINE}
        assert (await fake.control("POST", "/_fake/accounts/_/inbound", sent)).status < 300
        (data,) = await listener.of("inbound")
    assert {name: data[name] for name in sent} == sent


@pytest.mark.parametrize("path", ["/_fake/reset", "/_fake/accounts/_/reset"])
async def test_a_reset_is_told_and_the_listener_stays(fake: Driven, path: str) -> None:
    async with listening(fake) as listener:
        await fake.control("POST", path)
        await listener.of("reset")
        await fake.ask("send")
        await listener.of("accepted")


async def test_a_line_break_in_a_text_does_not_break_a_frame(fake: Driven) -> None:
    text = "one\n\ndata: two\r\n\r\nevent: reset\n\nthree\u2028four"
    async with listening(fake) as listener:
        await fake.ask("send", text=text)
        (data,) = await listener.of("accepted")
        await fake.ask("credit")
        await listener.of("request")
    assert data["text"] == text
    assert {name for name, _ in listener.seen} <= {"accepted", "request", "status"}


@pytest.mark.rule("L3")
async def test_the_statuses_are_told_in_order_when_time_moves(fake: Driven) -> None:
    async with listening(fake) as listener:
        send_id = int((await fake.ask("send")).json["sendID"])
        await fake.advance(6)
        told = [data for data in await listener.of("status", len(LIFE)) if pair(data) != (0, -1)]
    assert [(data["sendID"], data["number"], pair(data)) for data in told] == [
        (send_id, NUMBER, step) for step in LIFE
    ]
    assert [data["at"] for data in told] == sorted(data["at"] for data in told)


async def test_the_answer_to_an_advance_and_the_events_tell_the_same(fake: Driven) -> None:
    async with listening(fake) as listener:
        await fake.ask("send", receivers=f"{NUMBER},9120000004,9120000002")
        await fake.ask("sendOTP")
        happened = (await fake.advance(3600))["changes"]
        told = await listener.of("status", len(happened))
    assert [{name: data[name] for name in one} for data, one in zip(told, happened, strict=True)] == happened


async def test_statuses_are_told_only_when_they_are_due(fake: Driven) -> None:
    async with listening(fake) as listener:
        await fake.ask("send")
        for step in LIFE[:4]:
            await fake.advance(1)
            assert [pair(data) for data in await listener.of("status")] == [step]


@pytest.mark.rule("L5")
@pytest.mark.parametrize(("command", "status"), [("approve", (1, -1)), ("cancel", (5, -2))])
async def test_a_command_is_told_as_a_status(fake: Driven, command: str, status: tuple[int, int]) -> None:
    await fake.control("POST", f"/_fake/accounts/{OTHER}/clock", {"freeze": True})
    send_id = (await fake.ask("send", key=OTHER)).json["sendID"]
    async with listening(fake, f"?key={OTHER}") as listener:
        path = f"/_fake/accounts/{OTHER}/messages/{send_id}/{command}"
        assert (await fake.control("POST", path)).status == 200
        await fake.control("POST", f"/_fake/accounts/{OTHER}/clock", {"advance": 1})
        (data,) = await listener.of("status")
    assert (data["sendID"], data["number"], pair(data)) == (int(send_id), NUMBER, status)


async def test_a_delayed_reply_is_told_as_long_as_it_takes(fake: Driven) -> None:
    await fake.fault({"delaySeconds": 0.05})
    async with listening(fake) as listener:
        await fake.ask("credit")
        (told,) = await listener.of("request")
    (entry,) = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert told["durationMs"] == entry["durationMs"] >= 50


SNAPSHOT = "/_fake/accounts/_/snapshots/early"


async def begin(fake: Driven, speed: float) -> None:
    """Let the clock of the account run that fast, and send."""
    for deed in ({"freeze": False}, {"speed": speed}):
        assert (await fake.control("POST", "/_fake/accounts/_/clock", deed)).status == 200
    await fake.ask("send")
    await fake.control("PUT", SNAPSHOT)


async def test_after_a_restore_what_happens_again_is_told_when_it_happens(fake: Driven) -> None:
    await begin(fake, speed=20)
    async with listening(fake) as listener:
        for _ in range(2):
            fake.server.pass_time(10_000)
            assert [pair(data) for data in await listener.of("status", len(LIFE))] == LIFE
            await fake.control("POST", SNAPSHOT + "/restore")


async def test_what_nobody_has_listened_to_is_not_told_after_a_restore(fake: Driven) -> None:
    await begin(fake, speed=1)
    fake.server.pass_time(10_000)
    await fake.control("PUT", SNAPSHOT)
    async with listening(fake) as listener:
        await fake.control("POST", SNAPSHOT + "/restore")
        await fake.ask("status")
        await fake.ask("status")
        await listener.of("request", 2)
    assert [name for name, _ in listener.seen] == ["reset", "request", "request"]


async def test_a_forced_status_is_told(fake: Driven) -> None:
    send_id = (await fake.ask("send")).json["sendID"]
    async with listening(fake) as listener:
        forced = {"processingStatus": 2, "sendStatus": 4}
        path = f"/_fake/accounts/_/messages/{send_id}/status"
        assert (await fake.control("POST", path, forced)).status == 200
        while pair((await listener.of("status"))[0]) != (2, 4):
            pass


async def test_a_key_narrows_the_stream_to_its_account(fake: Driven) -> None:
    async with listening(fake, f"?key={KEY}") as listener:
        await fake.ask("credit", key=OTHER)
        await fake.ask("send", key=OTHER, text="theirs")
        await fake.ask("send", text="ours")
        (data,) = await listener.of("accepted")
        await fake.ask("status")
        await listener.of("request")
    assert data["text"] == "ours"
    assert not [one for _, one in listener.seen if "theirs" in json.dumps(one)]


async def test_without_a_key_the_stream_tells_of_all_accounts(fake: Driven) -> None:
    async with listening(fake) as listener:
        for key in (OTHER, KEY):
            await fake.ask("send", key=key)
        told = await listener.of("accepted", 2)
    assert len({data["sendID"] for data in told}) == 2


async def test_a_key_may_be_the_underscore(fake: Driven) -> None:
    async with listening(fake, "?key=_") as listener:
        await fake.ask("send")
        await listener.of("accepted")


@pytest.mark.parametrize("query", ["?key=nothing", "?key=%FF", "?key=%00"])
async def test_an_unknown_key_is_404(fake: Driven, query: str) -> None:
    reply = await fake.control("GET", EVENTS + query)
    assert (reply.status in {400, 404}, reply.is_problem) == (True, True)
    assert query != "?key=nothing" or reply.status == 404


async def test_an_unknown_query_parameter_of_the_stream_is_refused(fake: Driven) -> None:
    reply = await fake.control("GET", EVENTS + "?account=test-key")
    assert (reply.status, reply.is_problem, "account" in reply.text) == (400, True, True)


async def test_every_listener_is_told_the_same(fake: Driven) -> None:
    async with listening(fake) as one, listening(fake) as other:
        await fake.ask("send")
        told = [[await listener.next() for _ in range(2)] for listener in (one, other)]
    assert told[0] == told[1]
    assert {name for name, _ in told[0]} == {"accepted", "request"}


async def test_a_removed_account_ends_or_silences_its_stream_without_a_trace(fake: Driven) -> None:
    async with listening(fake, f"?key={OTHER}"):
        assert (await fake.control("DELETE", f"/_fake/accounts/{OTHER}")).status in {200, 204}
        assert (await fake.ask("send")).json["result"] == "1"
    assert [record for record in fake.server.logged if record.exc_info] == []


async def opened(fake: Driven, stack: AsyncExitStack, most: int) -> tuple[list[aiohttp.ClientResponse], int]:
    """Streams opened until one is refused, and the status of that one."""
    streams: list[aiohttp.ClientResponse] = []
    for _ in range(most):
        stream = await stack.enter_async_context(fake.session.get(fake.server.url + EVENTS))
        if stream.status != 200:
            return streams, stream.status
        streams.append(stream)
    return streams, 200


async def reopened(fake: Driven) -> bool:
    """Whether a stream can be had within some requests' time. They are told to one whose client has gone,
    too, which shows that it has.
    """
    for _ in range(200):
        async with fake.session.get(fake.server.url + EVENTS) as stream:
            if stream.status == 200:
                return True
        await fake.ask("status")
    return False


async def test_the_number_of_listeners_is_limited_and_a_place_becomes_free(fake: Driven) -> None:
    async with AsyncExitStack() as stack:
        streams, status = await opened(fake, stack, 300)
        assert status == 429
        assert (await fake.ask("send")).json["result"] == "1"
        streams[0].close()
        assert await reopened(fake)


async def test_listeners_that_have_gone_leave_nothing_behind(fake: Driven) -> None:
    for _ in range(4):
        async with AsyncExitStack() as stack:
            streams, _ = await opened(fake, stack, 80)
            for stream in streams:
                stream.close()
        await fake.ask("send")
    assert await reopened(fake)
    await fake.advance(10)
    assert [record for record in fake.server.logged if record.exc_info] == []


async def test_a_listener_that_does_not_read_holds_up_nobody(fake: Driven) -> None:
    async with listening(fake):
        results = [(await fake.ask("send", text="x" * 1500)).json["result"] for _ in range(40)]
        assert results == ["1"] * 40


async def test_a_listener_that_does_not_keep_up_is_closed(
    fake: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.events.limits.QUEUED_MAX", 3)
    async with listening(fake) as listener:
        await fake.ask("send")
        await listener.of("accepted")
        await fake.advance(60)  # brings more changes at once than are kept for it
        rest = await asyncio.wait_for(listener.stream.content.read(), 5)
    assert rest.count(b"event: status") == 3


async def test_a_listener_that_leaves_too_many_bytes_unread_is_closed(
    fake: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.events.limits.QUEUED_BYTES_MAX", 5_000)
    async with listening(fake) as listener:
        for _ in range(20):  # what was read counts no more
            await fake.ask("send")
            await listener.of("accepted")
        await fake.advance(60)
        rest = await asyncio.wait_for(listener.stream.content.read(), 5)
    event_bytes = len(rest) / rest.count(b"event: status")
    assert 5_000 < len(rest) < 5_000 + 2 * event_bytes


async def test_a_listener_that_does_not_read_makes_room_in_the_end(
    fake: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.events.limits.STREAMS_MAX", 1)
    monkeypatch.setattr("fakeserver.web.events.limits.QUEUED_BYTES_MAX", 100_000)
    monkeypatch.setattr("fakeserver.web.events.limits.CLOSE_SECONDS", 0.05)
    address = urlsplit(fake.server.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1)
    writer.write(f"GET {EVENTS} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    assert await reader.read(1) == b"H"

    async def is_full() -> bool:
        async with fake.session.get(fake.server.url + EVENTS) as reply:
            return reply.status == 429

    assert await is_full()
    async with asyncio.timeout(30):
        while await is_full():
            await fake.ask("send", text="x" * 100_000)
    writer.close()


async def test_after_a_gap_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakeserver.web.events.limits.QUEUED_MAX", 2)
    stream = EventStream(None, lambda: None)
    for event in (b"1", b"2", b"3"):
        stream.put(event)
    stream._queue.popleft()
    stream.put(b"4")
    assert (list(stream._queue), stream._closed) == ([b"2"], True)


async def test_a_silent_stream_says_that_it_is_alive(fake: Driven, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakeserver.web.events.limits.IDLE_SECONDS", 0.01)
    async with listening(fake) as listener:
        async with asyncio.timeout(5):
            while await listener.stream.content.readuntil(b"\n\n") != b": still here\n\n":
                pass
        await fake.ask("send")
        await listener.of("accepted")


# Long polls


async def test_a_long_poll_answers_as_soon_as_the_message_is_there(fake: Driven) -> None:
    poll = asyncio.create_task(fake.messages(f"?wait=60&to={NUMBER}&count=2"))
    await fake.ask("send")
    assert not poll.done()
    await fake.ask("send")
    assert len(await asyncio.wait_for(poll, 5)) == 2


async def test_the_number_of_long_polls_is_limited(fake: Driven) -> None:
    path = "/_fake/accounts/_/messages?wait=60&to=9129999999"
    polls: set[asyncio.Task[Any]] = set()
    refused = None
    try:
        while refused is None and len(polls) < 3000:
            polls |= {asyncio.create_task(fake.control("GET", path)) for _ in range(100)}
            await fake.ask("credit")
            done = [poll for poll in polls if poll.done()]
            refused = done[0].result() if done else None
        assert refused is not None
        assert (refused.status, refused.is_problem) == (429, True)
        assert (await fake.ask("send")).json["result"] == "1"
    finally:
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)


async def test_polls_that_have_gone_leave_nothing_behind(fake: Driven) -> None:
    for _ in range(3):
        polls = [asyncio.create_task(fake.messages("?wait=60&to=9129999999")) for _ in range(20)]
        await fake.ask("credit")
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
    assert (await fake.ask("send")).json["result"] == "1"
    assert len(await fake.messages("?wait=60")) == 1
    assert [record for record in fake.server.logged if record.exc_info] == []
