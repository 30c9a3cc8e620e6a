"""Long polls: requests that wait until an account has the messages or journal entries that they ask for."""

import asyncio
import itertools
from typing import Any

import aiohttp
import pytest

from fakeserver.spec.units import RealMs
from fakeserver.web.events import limits
from fakeserver.web.system_clock import system_clock
from tests.web.control_client import (
    NUMBER,
    OTHER_NUMBER,
    AccountClient,
    ControlClient,
    Response,
    assert_problem,
    control_client,
)
from tests.web.serving import REAL_MS, TIMEOUT_SECONDS, serve

UNKNOWN_KEYS = "/_fake/journal"
WAIT = 60  # seconds, the most that is allowed
QUICK = {"ordinary": [0, 0.01, 0.02, 0.03, 0.04, 0.05], "pattern": [0, 0, 0, 0, 0]}


class LongPolls:
    """Long polls of a test. As many are allowed as were started, so that one more is refused as long as all
    of them wait.
    """

    def __init__(self, control: ControlClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.control = control
        self._monkeypatch = monkeypatch
        self._started = 0

    async def start(self, path: str, **query: Any) -> "asyncio.Task[Response]":
        """Start a request that waits; the server has it when this returns."""
        self._started += 1
        self._monkeypatch.setattr(limits, "LONG_POLLS_MAX", self._started)
        task = asyncio.create_task(self.control.request("GET", path, **{"wait": WAIT, **query}))
        await self.reach(waiting=True)
        return task

    async def all_wait(self) -> bool:
        one_more = await self.control.request("GET", UNKNOWN_KEYS, wait=0)
        return one_more.status == 429

    async def reach(self, *, waiting: bool) -> None:
        """Return once all long polls wait, or once one does not."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while await self.all_wait() is not waiting:
                pass


@pytest.fixture
def polls(control: ControlClient, monkeypatch: pytest.MonkeyPatch) -> LongPolls:
    return LongPolls(control, monkeypatch)


def send_ids(response: Response) -> list[int]:
    return [message["sendID"] for message in response.json["messages"]]


# When a long poll ends


async def test_what_is_there_already_is_returned_at_once(account: AccountClient) -> None:
    ids = [await account.send(), await account.send()]
    assert await account.send_ids(wait=WAIT) == ids
    assert await account.send_ids(wait=WAIT, count=2) == ids
    assert await account.send_ids(wait=WAIT, count=1, text="سلام", limit=1) == ids[1:]


async def test_it_ends_once_as_many_messages_match_as_are_asked_for(
    polls: LongPolls, account: AccountClient
) -> None:
    first = await account.send()
    two = await polls.start(f"{account.path}/messages", count=2, to=NUMBER, since=first)
    ids = [await account.send()]
    await account.send(OTHER_NUMBER)
    await account.ask("send", from_="1")
    assert await polls.all_wait()
    ids.append(await account.send())
    assert send_ids(await two) == ids


async def test_without_a_count_it_waits_for_one(polls: LongPolls, account: AccountClient) -> None:
    poll = await polls.start(f"{account.path}/messages", text="two")
    await account.send(text="one")
    assert await polls.all_wait()
    send_id = await account.send(text="two")
    assert send_ids(await poll) == [send_id]


async def test_it_returns_what_there_is_when_the_time_is_over(account: AccountClient) -> None:
    for wait in (0, 0.02):
        assert await account.get("/messages", wait=wait) == {"messages": [], "dropped": 0}
    send_id = await account.send()
    assert await account.send_ids(wait=0.02, count=2) == [send_id]
    assert await account.entries(wait=0.02, action="credit") == []


async def test_its_time_is_real_time_whatever_the_clock_of_the_account(
    polls: LongPolls, account: AccountClient
) -> None:
    poll = await polls.start(f"{account.path}/messages")
    await account.advance(3600)
    account.control.server.pass_time(3_600_000)
    assert await polls.all_wait()
    await account.send()
    assert (await poll).status == 200


async def test_journal_entries_are_waited_for(
    control: ControlClient, polls: LongPolls, account: AccountClient
) -> None:
    entry = await polls.start(f"{account.path}/journal", action="credit")
    unknown = await polls.start(UNKNOWN_KEYS)
    await account.ask("status")
    assert await polls.all_wait()
    await account.ask("credit")
    assert [one["action"] for one in (await entry).json["entries"]] == ["credit"]
    assert not unknown.done()
    await control.post({"action": "status"}, "unknown")
    assert len((await unknown).json["entries"]) == 1


async def test_what_happens_to_another_account_does_not_end_it(
    control: ControlClient, polls: LongPolls, account: AccountClient
) -> None:
    other = await control.create_account()
    poll = await polls.start(f"{account.path}/messages")
    await other.send()
    await other.command("POST", "/reset")
    await other.command("DELETE", "")
    assert await polls.all_wait()
    await account.send()
    assert (await poll).status == 200


async def test_many_long_polls_wait_side_by_side(polls: LongPolls, account: AccountClient) -> None:
    tasks = [await polls.start(f"{account.path}/messages", count=1 + n % 3) for n in range(30)]
    ids = [await account.send() for _ in range(3)]
    for n, task in enumerate(tasks):
        assert send_ids(await task)[: 1 + n % 3] == ids[: 1 + n % 3]


# Status changes


async def test_a_move_of_the_clock_that_brings_the_status_ends_it(
    polls: LongPolls, account: AccountClient
) -> None:
    send_id = await account.send()
    poll = await polls.start(f"{account.path}/messages", sendStatus=3)
    await account.advance(5.999)
    assert await polls.all_wait()
    await account.advance(0.001)
    assert send_ids(await poll) == [send_id]


@pytest.mark.parametrize(
    ("command", "body", "query"),
    [
        ("cancel", [], {"processingStatus": 5}),
        ("status", [{"processingStatus": 2, "sendStatus": 7}], {"sendStatus": 7}),
    ],
)
async def test_a_command_that_brings_the_status_ends_it(
    polls: LongPolls, account: AccountClient, command: str, body: list[Any], query: dict[str, int]
) -> None:
    send_id = await account.send()
    poll = await polls.start(f"{account.path}/messages", **query)
    await account.command("POST", f"/messages/{send_id}/{command}", *body)
    assert send_ids(await poll) == [send_id]


@pytest.mark.rule("L3")
async def test_time_that_brings_the_status_ends_it() -> None:
    async with control_client(clock=system_clock()) as control:
        quick = await control.create_account(clock="real", timeline=QUICK)
        fast = await control.create_account(clock="real")
        await fast.command("POST", "/clock", {"speed": 100})
        for account in (quick, fast):
            send_id = await account.send()
            assert await account.send_ids(wait=WAIT, processingStatus=2, sendStatus=3) == [send_id]


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"clock": "real", "timeline": "slow"}, {"speed": 10_000}),
        ({"clock": "frozen", "timeline": QUICK}, {"freeze": False}),
    ],
    ids=["speed", "freeze"],
)
async def test_a_clock_that_runs_faster_while_it_waits_ends_it(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], command: dict[str, Any]
) -> None:
    async with control_client(clock=system_clock()) as control:
        account = await control.create_account(**settings)
        send_id = await account.send()
        poll = await LongPolls(control, monkeypatch).start(f"{account.path}/messages", sendStatus=3)
        await account.command("POST", "/clock", command)
        assert send_ids(await poll) == [send_id]


@pytest.mark.parametrize("reads", range(4))
async def test_a_change_between_the_look_and_the_sleep_ends_it(reads: int) -> None:
    ticks = itertools.count(REAL_MS)  # the clock goes on by a millisecond whenever it is read
    async with control_client(clock=lambda: RealMs(next(ticks))) as control:
        account = await control.create_account(clock="real")
        await account.command("POST", "/clock", {"speed": 1000})
        for _ in range(reads):
            await account.get("/clock")
        send_id = await account.send()
        assert await account.send_ids(sendStatus=3, wait=WAIT) == [send_id]


# Resets, restores, removals


@pytest.mark.parametrize("path", ["/_fake/reset", "/_fake/accounts/test-key/reset"])
async def test_it_outlasts_a_reset_and_sees_nothing_of_before(
    control: ControlClient, polls: LongPolls, path: str
) -> None:
    account = control.account("test-key")
    await account.send()
    messages = await polls.start(f"{account.path}/messages", count=2)
    entries = await polls.start(f"{account.path}/journal", count=2)
    unknown = await polls.start(UNKNOWN_KEYS)
    await control.request("POST", path)
    assert await polls.all_wait()
    await account.send()
    assert await polls.all_wait()
    await account.send()
    assert len((await messages).json["messages"]) == len((await entries).json["entries"]) == 2
    await control.post({"action": "status"}, "unknown")
    assert len((await unknown).json["entries"]) == 1


async def test_a_restore_that_brings_the_message_back_ends_it(
    polls: LongPolls, account: AccountClient
) -> None:
    send_id = await account.send()
    await account.command("PUT", "/snapshots/one")
    await account.change(keep_sends=1)
    await account.send(text="other")
    poll = await polls.start(f"{account.path}/messages", text="سلام")
    await account.command("POST", "/snapshots/one/restore")
    assert send_ids(await poll) == [send_id]


async def test_a_journal_is_the_restored_one_after_a_restore(
    polls: LongPolls, account: AccountClient
) -> None:
    await account.command("PUT", "/snapshots/one")
    poll = await polls.start(f"{account.path}/journal")
    await account.command("POST", "/snapshots/one/restore")
    await account.send()
    assert len((await poll).json["entries"]) == 1


async def test_the_removal_of_the_account_ends_it(polls: LongPolls, account: AccountClient) -> None:
    tasks = [await polls.start(account.path + sub) for sub in ("/messages", "/journal")]
    await account.command("DELETE", "")
    for task in tasks:
        assert_problem(await task, 404, member="key")


# Bounds


async def test_the_number_of_long_polls_is_limited(polls: LongPolls, account: AccountClient) -> None:
    tasks = [await polls.start(f"{account.path}/messages") for _ in range(3)]
    assert_problem(await account.request("GET", "/journal", wait=WAIT), 429)
    assert await account.entries() == []  # a request that does not wait is not limited
    await account.send()
    assert [(await task).status for task in tasks] == [200] * 3
    assert len(await account.entries(wait=WAIT)) == 1


async def test_a_client_that_disconnects_no_longer_waits(
    polls: LongPolls, account: AccountClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.http.protocol.HALF_CLOSED_SECONDS", 0.01)
    staying = await polls.start(f"{account.path}/messages")
    leaving = await polls.start(f"{account.path}/messages")
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await polls.reach(waiting=False)
    send_id = await account.send()
    assert send_ids(await staying) == [send_id]


async def test_it_is_answered_when_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    async with aiohttp.ClientSession() as session:
        async with serve() as server:
            polls = LongPolls(ControlClient(server, session), monkeypatch)
            poll = await polls.start("/_fake/accounts/test-key/messages")
        assert (await poll).json == {"messages": [], "dropped": 0}
