"""The event stream: what an event holds, which stream gets it, and how streams are bounded."""

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, AsyncExitStack

import aiohttp
import pytest

from fakeserver.web.events.broker import EventBroker
from fakeserver.web.events.stream import EventStream
from tests.web.control_client import (
    LINE,
    NUMBER,
    SERVICE,
    AccountClient,
    ControlClient,
    assert_problem,
)
from tests.web.events.event_reader import EVENTS, EventReader, read_events
from tests.web.serving import TIMEOUT_SECONDS, serve

LIMITS = "fakeserver.web.events.limits"


async def can_open_stream(control: ControlClient) -> bool:
    async with control.session.get(control.server.url + EVENTS) as response:
        assert response.status in {200, 429}
        return response.status == 200


async def open_streams(control: ControlClient, stack: AsyncExitStack, count: int) -> list[EventReader]:
    """Open streams. While there is no room, publish events, by which the server notices that clients have
    gone.
    """
    streams: list[EventReader] = []
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while len(streams) < count:
            response = await stack.enter_async_context(control.session.get(control.server.url + EVENTS))
            if response.status == 200:
                streams.append(EventReader(response))
            else:
                assert response.status == 429
                await control.post({"action": "status"}, "unknown")
    return streams


# What an event holds


async def test_a_send_is_published_with_its_message_and_its_journal_entry(account: AccountClient) -> None:
    async with read_events(account.control) as events:
        await account.send()
        (request,) = await events.next_of("request")
        (accepted,) = await events.next_of("accepted")
    (message,) = await account.messages()
    (entry,) = await account.entries()
    assert accepted == {"account": account.key, **message}
    assert request == {"account": account.key, **entry}


async def test_a_refused_request_is_published_as_a_request_alone(
    control: ControlClient, account: AccountClient
) -> None:
    async with read_events(control) as events:
        await account.ask("send", from_="1")
        await control.post({"action": "status"}, "unknown")
        published = [await events.next() for _ in range(2)]
    assert [(event.kind, event.data["account"], event.data["rule"]) for event in published] == [
        ("request", account.key, "S6"),
        ("request", None, "A1"),
    ]


async def test_an_inbound_message_is_published(account: AccountClient) -> None:
    async with read_events(account.control) as events:
        sent = {"from": NUMBER, "text": "پاسخ\nدوم\r\nسوم\rچهارم", "to": LINE}
        created = await account.command("POST", "/inbound", sent)
        assert await events.next_of("inbound") == [{"account": account.key, **created}]


async def test_resets_are_published_and_the_stream_goes_on(control: ControlClient) -> None:
    account = control.account("test-key")
    async with read_events(control, "test-key") as events:
        await account.command("POST", "/reset")
        assert await events.next_of("reset") == [{"account": "test-key"}]
        await control.request("POST", "/_fake/reset")
        assert await events.next_of("reset") == [{"account": None}]
        await account.send()
        await events.next_of("accepted")


async def test_line_breaks_in_a_text_do_not_break_a_frame(account: AccountClient) -> None:
    text = "one\n\ndata: two\r\n\r\nevent: reset\n\nthree\u2028four"
    async with read_events(account.control) as events:
        await account.send(text=text)
        (message,) = await events.next_of("accepted")
    assert message["text"] == text
    assert [event.kind for event in events.seen] == ["request", "accepted"]


async def test_bytes_that_are_not_utf_8_do_not_break_a_stream(control: ControlClient) -> None:
    body = b"action=send&from=auto&text=a&receivers=9121234567"
    head = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\nContent-Length: {len(body)}\r\n"
    async with read_events(control) as events:
        for header in (
            b"Content-Type: application/x-www-form-urlencoded; x=\xff",
            b"Content-Type: \xff\xfe",
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: \xff",
        ):
            await control.server.exchange(head.encode() + header + b"\r\n\r\n" + body)
            (request,) = await events.next_of("request")
            assert request["contentType"].isascii()
            assert request["reason"].isprintable()
    assert len(await control.account("test-key").entries()) == 3


async def test_a_delayed_reply_is_published_with_the_time_that_it_takes(account: AccountClient) -> None:
    await account.add_fault({"delaySeconds": 0.05})
    async with read_events(account.control) as events:
        await account.ask("credit")
        (request,) = await events.next_of("request")
    assert request["durationMs"] == (await account.entries())[0]["durationMs"] >= 50


# Which stream gets an event


async def test_a_key_limits_a_stream_to_one_account(control: ControlClient, account: AccountClient) -> None:
    other = await control.create_account(key="other")
    async with (
        read_events(control) as all_events,
        read_events(control, "mine") as events,
        read_events(control, "_") as first_events,
    ):
        await other.send(text="theirs")
        await account.send(text="ours")
        await control.account("test-key").send(text="first")
        for reader, texts in (
            (all_events, ["theirs", "ours", "first"]),
            (events, ["ours"]),
            (first_events, ["first"]),
        ):
            messages = await reader.next_of("accepted", len(texts))
            assert [message["text"] for message in messages] == texts
    assert "theirs" not in json.dumps(events.seen)


async def test_every_stream_gets_the_same_events_in_the_same_order(account: AccountClient) -> None:
    async with read_events(account.control) as one, read_events(account.control) as other:
        for _ in range(3):
            await account.send()
        read = [[await events.next() for _ in range(6)] for events in (one, other)]
    assert read[0] == read[1]
    assert [event.kind for event in read[0]] == ["request", "accepted"] * 3


async def test_a_stream_outlives_its_account(control: ControlClient, account: AccountClient) -> None:
    async with read_events(control, account.key) as events:
        await account.command("DELETE", "")
        assert await events.next_of("reset") == [{"account": account.key}]
        again = await control.create_account(key=account.key)
        await again.send()
        await events.next_of("accepted")


async def test_a_wrong_query_is_refused(control: ControlClient) -> None:
    for key in ("nothing", "%FF", "%00"):
        assert_problem(await control.request("GET", f"{EVENTS}?key={key}"), 404, member="key")
    assert_problem(await control.request("GET", EVENTS, account="test-key"), 400, member="account")


# Bounds


async def test_the_number_of_streams_is_limited_and_a_closed_one_makes_room(
    control: ControlClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{LIMITS}.STREAMS_MAX", 3)
    for _ in range(3):
        async with AsyncExitStack() as stack:
            streams = await open_streams(control, stack, 3)
            assert_problem(await control.request("GET", EVENTS), 429)
            await control.account("test-key").send()
            for events in streams:
                await events.next_of("accepted")


async def test_a_stream_is_closed_when_too_many_events_wait(
    account: AccountClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{LIMITS}.QUEUED_MAX", 3)
    async with read_events(account.control) as events:
        await account.send()
        await events.next_of("accepted")
        await account.advance(60)  # publishes five changes at once
        assert (await events.rest()).count(b"event: status") == 3


async def test_a_stream_is_closed_when_too_many_bytes_wait(
    account: AccountClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{LIMITS}.QUEUED_BYTES_MAX", 5_000)
    async with read_events(account.control) as events:
        for _ in range(20):  # bytes that were read do not count
            await account.send()
            await events.next_of("accepted")
        await account.advance(60)
        rest = await events.rest()
    event_bytes = len(rest) / rest.count(b"event: status")
    assert 5_000 < len(rest) < 5_000 + 2 * event_bytes


async def test_the_connection_of_a_client_that_does_not_read_is_aborted(
    control: ControlClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{LIMITS}.STREAMS_MAX", 1)
    monkeypatch.setattr(f"{LIMITS}.QUEUED_BYTES_MAX", 100_000)
    monkeypatch.setattr(f"{LIMITS}.CLOSE_SECONDS", 0.01)
    account = await control.create_account(max_parts=1_000, credit=10**12)
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.setblocking(False)  # noqa: FBT003 - the name of the method says it
        await loop.sock_connect(client, ("127.0.0.1", control.server.port))
        await loop.sock_sendall(client, f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert await loop.sock_recv(client, 1) == b"H"
        assert not await can_open_stream(control)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not await can_open_stream(control):
                await account.send(text="x" * 150_000)


async def test_a_connection_that_is_gone_need_not_be_aborted(
    control: ControlClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{LIMITS}.STREAMS_MAX", 1)
    open_stream, aborts = EventBroker.open_stream, list[Callable[[], None]]()

    def open_and_record(
        broker: EventBroker, key: str | None, abort: Callable[[], None]
    ) -> AbstractContextManager[EventStream]:
        aborts.append(abort)
        return open_stream(broker, key, abort)

    monkeypatch.setattr(EventBroker, "open_stream", open_and_record)
    async with read_events(control):
        abort = aborts[0]
    async with AsyncExitStack() as stack:
        await open_streams(control, stack, 1)  # so the server has noticed that the first client has gone
        abort()
        await control.post({"action": "status"}, "unknown")


async def test_a_closed_stream_takes_no_more_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{LIMITS}.QUEUED_MAX", 2)
    stream, read = EventStream(None, lambda: None), []

    async def read_all() -> None:
        async for event in stream.events():
            read.append(event)
            stream.put(b"4")  # after a gap

    task = asyncio.create_task(read_all())
    await asyncio.sleep(0)  # the task waits for an event
    for event in (b"1", b"2", b"3"):
        stream.put(event)
    await task
    stream.ended()
    assert read == [b"1", b"2"]


async def test_a_silent_stream_sends_comments(
    account: AccountClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{LIMITS}.IDLE_SECONDS", 0.01)
    async with read_events(account.control) as events:
        while await events.next_frame() != b": still here\n\n":
            pass
        await account.send()
        await events.next_of("accepted")


async def test_a_stream_ends_when_the_server_stops() -> None:
    async with aiohttp.ClientSession() as session:
        async with serve() as server:
            response = await session.get(server.url + EVENTS)
            assert await response.content.readline() == b": listening\n"
        assert await response.content.read() == b"\n"
