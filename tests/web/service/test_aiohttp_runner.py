"""The application in a runner of aiohttp's own, as whoever has one already would run it."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from aiohttp import web

from fakeserver.web.app import Options
from tests.web.http import Served, served

SERVICE = "/webservice/server"
KEY = {"Authorization": "test-key"}


async def until(happened: Callable[[], bool]) -> None:
    """Let the server go on until it has happened; fails when it does not."""
    async with asyncio.timeout(5):
        while not happened():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)


@pytest.fixture
def told() -> list[Exception]:
    """The bugs that the server has told of."""
    return []


@pytest.fixture
async def server(told: list[Exception]) -> AsyncIterator[Served]:
    async with served(options=Options(on_bug=told.append), run_by=web.AppRunner) as server:
        yield server


async def test_its_access_log_has_the_status_and_the_size_of_a_reply(
    server: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "aiohttp.access"):
        async with (
            aiohttp.ClientSession() as session,
            session.post(server.url + SERVICE, data={"action": "status"}, headers=KEY) as reply,
        ):
            size = len(await reply.read())
    (record,) = caplog.records
    assert f'"POST {SERVICE} HTTP/1.1" 200 {size} ' in record.getMessage()


async def test_a_bug_in_the_service_is_told_once(
    server: Served, told: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.panel, "handle", lambda *_: 1 / 0)
    async with (
        aiohttp.ClientSession() as session,
        session.post(server.url + SERVICE, data={"action": "status"}, headers=KEY) as reply,
    ):
        assert reply.status == 500
    assert [type(bug) for bug in told] == [ZeroDivisionError]


async def test_a_connection_that_shall_break_may_be_gone_by_then(
    server: Served, caplog: pytest.LogCaptureFixture
) -> None:
    """That runner carries on with a request whose client has gone."""
    async with aiohttp.ClientSession() as session:
        rule = {"then": {"disconnect": "after", "delaySeconds": 0.05}}
        async with session.post(server.url + "/_fake/accounts/test-key/faults", json=rule) as made:
            assert made.status == 201
    before = asyncio.all_tasks()
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {SERVICE}?key=test-key&action=status HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    journal = server.panel.accounts["test-key"].journal
    await until(lambda: journal.entries != [])
    writer.close()
    await until(lambda: asyncio.all_tasks() <= before)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
