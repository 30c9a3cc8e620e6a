"""Time that runs by itself: what is due is told when it is due, to who listens and to who waits."""

import asyncio
import itertools
import json
from typing import Any

import aiohttp
import pytest

from fakeserver.spec.units import RealMs
from fakeserver.web.events import limits
from fakeserver.web.system_clock import system_clock
from tests.web.http import served

# A default life takes six seconds of the account's time, here six milliseconds.
FAST = {"key": "fast"}
SPEED = {"speed": 1000}
SEND = {"action": "send", "from": "auto", "text": "x", "receivers": "9120000004"}


async def events(stream: aiohttp.ClientResponse, kind: str, count: int) -> list[dict[str, Any]]:
    """The next `count` events of that kind."""
    found: list[dict[str, Any]] = []
    name = ""
    async for line in stream.content:
        field, _, value = line.decode().strip().partition(": ")
        if field == "event":
            name = value
        elif field == "data" and name == kind:
            found.append(json.loads(value))
            if len(found) == count:
                return found
    raise AssertionError(f"the stream ended after {found}")


@pytest.mark.rule("L3")
async def test_the_stream_tells_a_change_when_it_is_due_though_nobody_asks() -> None:
    async with served(clock=system_clock()) as server, aiohttp.ClientSession(server.url) as session:
        await (await session.post("/_fake/accounts", json=FAST)).read()
        await (await session.post("/_fake/accounts/fast/clock", json=SPEED)).read()
        async with session.get("/_fake/events?key=fast") as stream, asyncio.timeout(10):
            headers = {"Authorization": "fast"}
            await (await session.post("/webservice/server", data=SEND, headers=headers)).read()
            told = await events(stream, "status", 5)
    pairs = [(event["processingStatus"], event["sendStatus"]) for event in told]
    assert pairs == [(1, -1), (2, -1), (2, 0), (2, 1), (2, 4)]
    assert {event["account"] for event in told} == {"fast"}


@pytest.mark.rule("L3")
async def test_a_request_that_waits_for_a_status_is_answered_when_time_brings_it() -> None:
    async with served(clock=system_clock()) as server, aiohttp.ClientSession(server.url) as session:
        await (await session.post("/_fake/accounts", json=FAST)).read()
        await (await session.post("/_fake/accounts/fast/clock", json=SPEED)).read()
        headers = {"Authorization": "fast"}
        await (await session.post("/webservice/server", data=SEND, headers=headers)).read()
        async with (
            asyncio.timeout(10),
            session.get("/_fake/accounts/fast/messages?sendStatus=4&wait=60") as reply,
        ):
            (message,) = (await reply.json())["messages"]
    assert message["receivers"][0]["sendStatus"] == 4


@pytest.fixture
def one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one request may wait, so that a second one tells whether the first does."""
    monkeypatch.setattr(limits, "LONG_POLLS_MAX", 1)


async def is_taken(session: aiohttp.ClientSession) -> bool:
    """Whether the only place to wait is taken."""
    async with session.get("/_fake/accounts/test-key/messages?wait=0") as reply:
        return reply.status == 429


async def waiting(session: aiohttp.ClientSession, path: str) -> "asyncio.Task[aiohttp.ClientResponse]":
    """A request that the server has, and that waits there."""
    task = asyncio.create_task(session.get(path).__aenter__())
    while not await is_taken(session):
        pass
    return task


@pytest.mark.usefixtures("one_place")
@pytest.mark.parametrize("end", ["/_fake/reset", "/_fake/accounts/test-key/reset"])
async def test_a_request_that_waits_through_a_reset_goes_on_and_sees_nothing_of_before(end: str) -> None:
    async with served() as server, aiohttp.ClientSession(server.url) as session, asyncio.timeout(10):
        await (
            await session.post("/webservice/server", data=SEND, headers={"Authorization": "test-key"})
        ).read()
        task = await waiting(session, "/_fake/accounts/test-key/messages?wait=60&count=2")
        await (await session.post(end)).read()
        for _ in range(2):
            assert await is_taken(session)
            await (
                await session.post("/webservice/server", data=SEND, headers={"Authorization": "test-key"})
            ).read()
        assert len((await (await task).json())["messages"]) == 2


@pytest.mark.usefixtures("one_place")
async def test_a_request_that_waits_for_a_wrong_key_goes_on_through_a_reset_of_all() -> None:
    async with served() as server, aiohttp.ClientSession(server.url) as session, asyncio.timeout(10):
        task = await waiting(session, "/_fake/journal?wait=60")
        await (await session.post("/_fake/reset")).read()
        assert await is_taken(session)
        await (await session.post("/webservice/server", headers={"Authorization": "nobody"})).read()
        assert len((await (await task).json())["entries"]) == 1


@pytest.mark.usefixtures("one_place")
async def test_a_journal_that_is_waited_for_through_a_restore_is_the_restored_one() -> None:
    async with served() as server, aiohttp.ClientSession(server.url) as session, asyncio.timeout(10):
        await (await session.put("/_fake/accounts/test-key/snapshots/a")).read()
        task = await waiting(session, "/_fake/accounts/test-key/journal?wait=60")
        await (await session.post("/_fake/accounts/test-key/snapshots/a/restore")).read()
        await (
            await session.post("/webservice/server", data=SEND, headers={"Authorization": "test-key"})
        ).read()
        assert len((await (await task).json())["entries"]) == 1


@pytest.mark.usefixtures("one_place")
async def test_a_client_that_has_gone_waits_for_nothing() -> None:
    wait = b"GET /_fake/accounts/test-key/messages?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with served() as server, aiohttp.ClientSession(server.url) as session, asyncio.timeout(10):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(wait)
        while not await is_taken(session):
            pass
        writer.transport.abort()
        while await is_taken(session):  # until its going is noticed
            pass


@pytest.mark.parametrize("offset", range(4))
async def test_a_change_between_looking_and_sleeping_is_not_slept_over(offset: int) -> None:
    ticks = itertools.count(1_700_000_000_000 + offset)  # each look at the clock takes a millisecond
    async with (
        served(clock=lambda: RealMs(next(ticks))) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        await (await session.post("/_fake/accounts", json=FAST)).read()
        await (await session.post("/_fake/accounts/fast/clock", json=SPEED)).read()
        for _ in range(offset):
            await (await session.get("/_fake/accounts/fast/clock")).read()
        headers = {"Authorization": "fast"}
        await (await session.post("/webservice/server", data=SEND, headers=headers)).read()
        path = "/_fake/accounts/fast/messages?sendStatus=4&wait=60"
        async with asyncio.timeout(5), session.get(path) as reply:
            assert len((await reply.json())["messages"]) == 1
