"""The application in aiohttp's own runner, as an embedding program runs it."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from aiohttp import web

from fakeserver.web.app import Options
from tests.web.control_client import ACCOUNTS, SERVICE, ControlClient, assert_problem
from tests.web.serving import TIMEOUT_SECONDS, serve


async def wait_until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)


@pytest.fixture
def bugs() -> list[Exception]:
    """The exceptions that the server has reported as bugs."""
    return []


@pytest.fixture
async def control(bugs: list[Exception]) -> AsyncIterator[ControlClient]:
    options = Options(on_bug=bugs.append)
    async with (
        serve(options=options, runner_class=web.AppRunner) as server,
        aiohttp.ClientSession() as session,
    ):
        yield ControlClient(server, session)


async def test_the_access_log_has_the_status_and_the_size_of_a_reply(
    control: ControlClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "aiohttp.access"):
        response = await control.account("test-key").ask("status")
    (record,) = caplog.records
    assert f'"POST {SERVICE} HTTP/1.1" 200 {len(response.body)} ' in record.getMessage()


async def test_a_bug_is_reported_once_wherever_it_is(
    control: ControlClient, bugs: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control.server.panel, "handle", lambda *_: 1 / 0)
    monkeypatch.setattr(control.server.panel, "free_key", lambda: 1 / 0)
    assert (await control.account("test-key").ask("status")).status == 500
    assert (await control.request("POST", ACCOUNTS, {})).status == 500
    assert_problem(await control.request("GET", "/_fake/nothing"), 404)
    assert (await control.request("GET", "/nothing")).status == 404
    assert [type(bug) for bug in bugs] == [ZeroDivisionError] * 2


async def test_a_connection_that_a_fault_should_break_may_be_gone_already(
    control: ControlClient, caplog: pytest.LogCaptureFixture
) -> None:
    """This runner goes on with a request whose client has disconnected."""
    account = control.account("test-key")
    await account.add_fault({"disconnect": "after", "delaySeconds": 0.05})
    before = asyncio.all_tasks()
    _, writer = await asyncio.open_connection("127.0.0.1", control.server.port)
    writer.write(f"GET {SERVICE}?key=test-key&action=status HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    journal = control.server.panel.accounts["test-key"].journal
    await wait_until(lambda: journal.entries != [])
    writer.close()
    await wait_until(lambda: asyncio.all_tasks() <= before)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
