"""Snapshots: named states of an account."""

from typing import Any

from hypothesis import given, settings, strategies as st

from tests.examples import examples
from tests.web.control_client import (
    AccountClient,
    ControlClient,
    assert_problem,
    control_client,
)
from tests.web.strategies import ACCOUNT_REQUESTS, AccountRequest, comparable

CHANCE = {"outcomes": {"delivered": 2, "undelivered": 1, "blacklisted": 1}, "seed": 5}
ONE = "/snapshots/one"


async def keep(account: AccountClient, name: str = "one") -> None:
    await account.command("PUT", f"/snapshots/{name}")


async def restore(account: AccountClient, name: str = "one") -> None:
    await account.command("POST", f"/snapshots/{name}/restore")


# What is restored


@settings(examples(25))
@given(
    st.lists(ACCOUNT_REQUESTS, max_size=4),
    st.lists(ACCOUNT_REQUESTS, min_size=1, max_size=5),
    st.sampled_from([{}, CHANCE]),
)
async def test_after_a_restore_the_same_requests_get_the_same_replies(
    before: list[AccountRequest], after: list[AccountRequest], chance: dict[str, Any]
) -> None:
    async with control_client() as control:
        account = await control.create_account(timeline="instant", **chance)
        for request in before:
            await request.make(account)
        await keep(account)
        kept = comparable(await account.state())
        first = [await request.make(account) for request in after], comparable(await account.state())
        await restore(account)
        assert comparable(await account.state()) == kept
        assert (
            [await request.make(account) for request in after],
            comparable(await account.state()),
        ) == first


async def change_everything(account: AccountClient) -> None:
    await account.send("9122222222", phoneBook="1403")
    await account.change(credit=1, lines=[{"number": "777"}], blacklist=[], phonebooks=[])
    await account.command("POST", "/inbound", {"from": "9123333333", "text": "b"})
    await account.command("DELETE", "/faults")
    await account.command("POST", "/clock", {"advance": 3600, "freeze": False, "speed": 60})


async def test_everything_of_an_account_is_restored_any_number_of_times(account: AccountClient) -> None:
    await account.send("9121111111", phoneBook="1403")
    await account.command("POST", "/inbound", {"from": "9123333333", "text": "لغو11"})
    await account.add_fault({"result": "0"}, when={"action": "credit"}, times=2)
    await account.ask("credit")
    await account.advance(2.5)
    await keep(account)
    kept = await account.state()
    received = (await account.ask("receivedMessages")).json
    for _ in range(3):
        await change_everything(account)
        await restore(account)
        assert await account.state() == kept
        assert (await account.ask("receivedMessages")).json == received


async def test_chance_is_restored(control: ControlClient) -> None:
    account = await control.create_account(timeline="instant", **CHANCE)
    receivers = ",".join(str(9_121_000_000 + n) for n in range(20))
    await account.send(receivers)
    await keep(account)
    first = [await account.pairs(await account.send(receivers)) for _ in range(3)]
    await restore(account)
    assert [await account.pairs(await account.send(receivers)) for _ in range(3)] == first


async def test_messages_on_their_way_go_on_from_where_they_were(account: AccountClient) -> None:
    send_id = await account.send()
    await account.advance(1.5)
    await keep(account)
    await account.command("POST", f"/messages/{send_id}/cancel")
    await restore(account)
    assert (await account.pairs(send_id), await account.credit()) == ([(1, -1)], 999_000)
    await account.advance(0.5)
    assert await account.pairs(send_id) == [(2, -1)]


async def test_a_clock_goes_back_and_on_as_it_was(control: ControlClient, account: AccountClient) -> None:
    running = await control.create_account(clock="real")
    for one, passes in ((running, True), (account, False)):
        await keep(one)
        start = await one.get("/clock")
        await one.command("POST", "/clock", {"freeze": passes, "speed": 60})
        control.server.pass_time(3_600_000)
        await restore(one)
        assert await one.get("/clock") == start
        control.server.pass_time(1500)
        assert (await one.now() > start["now"]) is passes


async def test_what_happens_after_a_restore_does_not_change_the_snapshot(account: AccountClient) -> None:
    send_id = await account.send("9121111111,9122222222")
    await keep(account)
    kept = await account.state()
    for _ in range(2):
        await restore(account)
        assert await account.state() == kept
        await account.command("POST", f"/messages/{send_id}/cancel")
        await account.ask("newContact")


# Names


async def test_snapshots_are_listed_replaced_and_removed(account: AccountClient) -> None:
    for name in ("one", "two", "one"):
        await keep(account, name)
        await account.send()
    assert await account.get("/snapshots") == {"snapshots": ["one", "two"]}
    assert await account.get(ONE) == {"name": "one"}
    for name, count in (("two", 1), ("one", 2), ("two", 1)):
        await restore(account, name)
        assert len(await account.messages()) == count
    await account.command("DELETE", ONE)
    for method, path in (("GET", ONE), ("DELETE", ONE), ("POST", f"{ONE}/restore")):
        assert_problem(await account.request(method, path), 404, member="name")
    await restore(account, "two")


async def test_a_name_may_be_percent_encoded(account: AccountClient) -> None:
    for name in ("a%20b", "a%2Fb", "%D9%86%D8%A7%D9%85", "a%25b", "%7Ba%7D", "_", "x" * 64):
        await keep(account, name)
        await account.send()
        await restore(account, name)
        assert await account.messages() == []


async def test_an_odd_name_is_not_a_bug(account: AccountClient) -> None:
    for name in ("%00", "%ff", "..", "%2e%2e", "x" * 5000, "%F0%9F%98%80", "%0d%0a"):
        for method, sub in (("PUT", ""), ("GET", ""), ("POST", "/restore"), ("DELETE", "")):
            path = f"{account.path}/snapshots/{name}{sub}"
            response = await account.control.request_raw(method, path, "Host: localhost")
            assert response.status < 500


async def test_an_unknown_name_is_404(account: AccountClient) -> None:
    await keep(account)
    before = await account.state()
    for name in ("none", "One", "one%20", "%2F"):
        for method, sub in (("GET", ""), ("DELETE", ""), ("POST", "/restore")):
            assert_problem(await account.request(method, f"/snapshots/{name}{sub}"), 404, member="name")
    assert await account.state() == before


# Limits


async def test_an_account_has_at_most_twenty_snapshots(
    control: ControlClient, account: AccountClient
) -> None:
    for number in range(20):
        await keep(account, f"s{number}")
    assert_problem(await account.request("PUT", "/snapshots/more"), 429)
    await keep(account, "s0")
    await restore(account, "s19")
    await keep(await control.create_account(), "more")
    await account.command("DELETE", "/snapshots/s1")
    await keep(account, "more")


async def test_a_snapshot_belongs_to_one_account(control: ControlClient, account: AccountClient) -> None:
    await keep(account)
    other = await control.create_account()
    assert_problem(await other.request("POST", f"{ONE}/restore"), 404)
    await other.send()
    before = await other.state()
    await restore(account)
    assert await other.state() == before
