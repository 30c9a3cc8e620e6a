"""The event broker: every status change is published once, when it is due, in the order of time."""

import itertools
from typing import Any

import pytest

from fakeserver.spec.units import RealMs
from fakeserver.web.system_clock import system_clock
from tests.web.control_client import (
    NUMBER,
    AccountClient,
    ControlClient,
    control_client,
    pair_of,
)
from tests.web.events.event_reader import EventReader, read_events
from tests.web.serving import REAL_MS

DELIVERED = [(1, -1), (2, -1), (2, 0), (2, 1), (2, 3)]  # the pairs of an ordinary message after (0, -1)


async def changes_until_now(account: AccountClient, events: EventReader) -> list[dict[str, Any]]:
    """The status changes that are published until now, at the end of the events that were read."""
    begin = len(events.seen)
    for _ in range(2):  # the changes that are due follow the event of the first request
        await account.ask("status")
        while (event := await events.next()).kind != "request" or event.data["action"] != "status":
            pass
    return [event.data for event in events.seen[begin:] if event.kind == "status"]


def published(changes: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Changes as they are compared with the histories of messages."""
    return [(one["sendID"], one["number"], one["at"], pair_of(one)) for one in changes]


async def in_histories(account: AccountClient) -> list[tuple[Any, ...]]:
    """The changes that the histories of all messages show."""
    return [
        (message["sendID"], receiver["number"], step["at"], pair_of(step))
        for message in await account.messages()
        for receiver in message["receivers"]
        for step in receiver["history"][1:]
    ]


# A clock that is moved


@pytest.mark.rule("L3")
async def test_a_change_is_published_when_it_is_due(account: AccountClient) -> None:
    async with read_events(account.control) as events:
        send_id = await account.send()
        assert await changes_until_now(account, events) == []
        for pair in DELIVERED[:4]:
            await account.advance(1)
            (change,) = await changes_until_now(account, events)
            assert (change["sendID"], change["number"], pair_of(change)) == (send_id, NUMBER, pair)


async def test_an_advance_publishes_the_changes_that_it_lists(account: AccountClient) -> None:
    async with read_events(account.control) as events:
        await account.send(f"{NUMBER},9120000004,9120000002")
        await account.ask("sendOTP")
        listed = (await account.advance(3600))["changes"]
        changes = await changes_until_now(account, events)
    assert changes == [{"account": account.key, **change} for change in listed]
    assert sorted(published(changes)) == sorted(await in_histories(account))


@pytest.mark.rule("L5")
async def test_a_command_is_published_as_the_change_that_it_makes(control: ControlClient) -> None:
    account = await control.create_account(monitoring="manual")
    send_ids = [await account.send() for _ in range(3)]
    forced = {"processingStatus": 2, "sendStatus": 7}
    async with read_events(control, account.key) as events:
        for send_id, command, body in zip(
            send_ids, ("approve", "cancel", "status"), ((), (), (forced,)), strict=True
        ):
            await account.command("POST", f"/messages/{send_id}/{command}", *body)
        await account.advance(1)
        changes = await changes_until_now(account, events)
    assert [(change["sendID"], pair_of(change)) for change in changes] == [
        (send_ids[0], (1, -1)),
        (send_ids[1], (5, -2)),
        (send_ids[2], (1, -1)),
        (send_ids[2], (2, -1)),
        (send_ids[2], (2, 7)),
        (send_ids[0], (2, -1)),
    ]


# A clock that runs


async def run_fast(control: ControlClient, speed: float = 1000) -> AccountClient:
    """An account whose clock runs at that speed."""
    account = await control.create_account(key="fast", clock="real")
    await account.command("POST", "/clock", {"speed": speed})
    return account


@pytest.mark.rule("L3")
async def test_a_change_is_published_when_time_brings_it_without_any_request() -> None:
    async with control_client(clock=system_clock()) as control:
        account = await run_fast(control)
        async with read_events(control, account.key) as events:
            await account.send()
            changes = await events.next_of("status", len(DELIVERED))
    assert [pair_of(change) for change in changes] == DELIVERED


@pytest.mark.parametrize("command", ["cancel", "status"])
async def test_a_change_that_fell_due_just_before_a_command_is_published_once(
    control: ControlClient, command: str
) -> None:
    body = [{"processingStatus": 2, "sendStatus": 7}] if command == "status" else []
    for milliseconds in (999, 1000, 1500, 2000, 2500):
        account = await control.create_account(clock="real")
        async with read_events(control, account.key) as events:
            send_id = await account.send()
            control.server.pass_time(milliseconds)  # the broker still sleeps
            await account.request("POST", f"/messages/{send_id}/{command}", *body)
            changes = await changes_until_now(account, events)
            assert published(changes) == await in_histories(account)
            await account.advance(60)
            changes += await changes_until_now(account, events)
        assert published(changes) == await in_histories(account)


async def test_each_change_is_published_once_whenever_commands_come() -> None:
    ticks = itertools.count(REAL_MS)  # the clock goes on by a millisecond whenever it is read
    async with control_client(clock=lambda: RealMs(next(ticks))) as control:
        account = await control.create_account(
            clock="real", timeline={"ordinary": [0, 0.01, 0.02, 0.03, 0.04, 0.05], "pattern": [0] * 5}
        )
        async with read_events(control, account.key) as events:
            for reads in range(24):
                send_id = await account.send(f"{NUMBER},9120000002", trySend="1")
                for _ in range(reads):
                    await account.get("/clock")
                await account.request("POST", f"/messages/{send_id}/cancel")
            await account.advance(60)
            changes = await changes_until_now(account, events)
        shown = await in_histories(account)
    assert {pair for *_, pair in shown} >= {(5, -2), *DELIVERED}
    assert sorted(published(changes)) == sorted(shown)
    assert [change["at"] for change in changes] == sorted(change["at"] for change in changes)


async def test_each_change_is_published_once_while_the_system_clock_runs() -> None:
    async with control_client(clock=system_clock()) as control:
        account = await run_fast(control, speed=200)  # six seconds of a delivery pass within 30 ms
        async with read_events(control, account.key) as events:
            for number in range(40):
                send_id = await account.send(f"{NUMBER},9120000002", trySend="1")
                for _ in range(number % 8):
                    await account.get("/clock")
                await account.request("POST", f"/messages/{send_id}/cancel")
            await account.advance(60)
            changes = await changes_until_now(account, events)
        shown = await in_histories(account)
    assert sorted(published(changes)) == sorted(shown)


# Snapshots and streams that open late


async def test_after_a_restore_what_happens_again_is_published_again(control: ControlClient) -> None:
    account = await control.create_account(clock="real")
    await account.send()
    await account.command("PUT", "/snapshots/early")
    async with read_events(control) as events:
        for _ in range(2):
            control.server.pass_time(10_000)
            changes = await changes_until_now(account, events)
            assert [pair_of(change) for change in changes] == DELIVERED
            await account.command("POST", "/snapshots/early/restore")


async def test_changes_before_the_stream_opened_are_not_published(control: ControlClient) -> None:
    account = await control.create_account(clock="real")
    await account.send()
    control.server.pass_time(10_000)
    await account.command("PUT", "/snapshots/late")
    async with read_events(control) as events:
        await account.command("POST", "/snapshots/late/restore")
        assert await changes_until_now(account, events) == []
    assert [event.kind for event in events.seen] == ["reset", "request", "request"]


async def test_all_changes_of_an_account_created_while_a_stream_is_open_are_published(
    control: ControlClient,
) -> None:
    async with read_events(control) as events:
        account = await control.create_account(timeline="instant")
        await account.send()
        changes = await changes_until_now(account, events)
    assert [pair_of(change) for change in changes] == DELIVERED
