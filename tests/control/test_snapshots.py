"""Named states of an account (CONTROL.md, Control plane: snapshots)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.control.deeds import DEEDS, Deed, do, timeless
from tests.control.desk import Box, Desk, is_problem, opened

NAME = "/snapshots/one"
CHANCE = {"outcomes": {"delivered": 2, "undelivered": 1, "blacklisted": 1}, "seed": 5}


async def keep(box: Box, name: str = "one") -> None:
    await box.do("PUT", f"/snapshots/{name}")


async def restore(box: Box, name: str = "one") -> None:
    await box.do("POST", f"/snapshots/{name}/restore")


@settings(max_examples=30)
@given(st.lists(DEEDS, max_size=4), st.lists(DEEDS, min_size=1, max_size=5), st.sampled_from([{}, CHANCE]))
async def test_after_a_restore_the_same_deeds_get_the_same_replies(
    before: list[Deed], after: list[Deed], chance: dict[str, Any]
) -> None:
    async with opened() as desk:
        box = await desk.create(timeline="instant", **chance)
        for deed in before:
            await do(box, deed)
        world = timeless(await box.world())
        await keep(box)
        first = ([await do(box, deed) for deed in after], timeless(await box.world()))
        await restore(box)
        assert timeless(await box.world()) == world
        assert ([await do(box, deed) for deed in after], timeless(await box.world())) == first


@pytest.mark.parametrize("seed", [1, 2, 1403])
async def test_chance_is_restored_byte_for_byte(desk: Desk, seed: int) -> None:
    box = await desk.create(timeline="instant", outcomes={"delivered": 1, "undelivered": 1}, seed=seed)
    numbers = ",".join(str(9_121_000_000 + n) for n in range(20))
    await box.send(numbers)
    await keep(box)
    first = [await _report(box, numbers) for _ in range(3)]
    await restore(box)
    assert [await _report(box, numbers) for _ in range(3)] == first


async def _report(box: Box, numbers: str) -> bytes:
    send_id = await box.send(numbers)
    return (await box.ask({"action": "reportSend", "sendID": send_id})).body


async def test_everything_of_an_account_is_restored(box: Box) -> None:
    await box.send("9121111111", phoneBook="1403")
    await box.do("POST", "/inbound", {"from": "9123333333", "text": "لغو11"})
    await box.do("POST", "/faults", {"when": {"action": "credit"}, "times": 2, "then": {"result": "0"}})
    await box.ask({"action": "credit"})
    await box.advance(2.5)
    world = await box.world()
    received = await box.reply({"action": "receivedMessages"})
    await box.do("DELETE", "/journal")
    world["/journal"] = await box.read("/journal")
    await keep(box)
    await _wreck(box)
    await restore(box)
    assert await box.world() == world
    assert await box.reply({"action": "receivedMessages"}) == received


async def _wreck(box: Box) -> None:
    await box.send("9122222222", phoneBook="1403")
    await box.do("PATCH", "", {"credit": 1, "lines": [{"number": "777"}], "blacklist": [], "phonebooks": []})
    await box.do("POST", "/inbound", {"from": "9123333333", "text": "b"})
    await box.do("DELETE", "/faults")
    await box.do("POST", "/clock", {"advance": 3600, "freeze": False, "speed": 60})


async def test_ids_go_on_from_where_they_were(box: Box) -> None:
    await keep(box)
    first = [await box.send(), await box.send()]
    await restore(box)
    assert [await box.send(), await box.send()] == first


async def test_messages_on_their_way_go_on_from_where_they_were(box: Box) -> None:
    send_id = await box.send()
    await box.advance(1.5)
    await keep(box)
    await box.do("POST", f"/messages/{send_id}/cancel")
    await restore(box)
    assert (await box.pair(send_id), await box.credit()) == ((1, -1), 999_000)
    await box.advance(0.5)
    assert await box.pair(send_id) == (2, -1)


async def test_a_real_clock_goes_back_and_runs_on(desk: Desk) -> None:
    box = await desk.create(clock="real")
    start = await box.now()
    await keep(box)
    desk.server.pass_time(3_600_000)
    await restore(box)
    assert await box.now() == start
    desk.server.pass_time(1500)
    passed = datetime.fromisoformat(await box.now()) - datetime.fromisoformat(start)
    assert passed == timedelta(seconds=1.5)


async def test_a_clock_thawed_since_stands_still_again(desk: Desk, box: Box) -> None:
    await keep(box)
    await box.do("POST", "/clock", {"freeze": False, "speed": 60})
    desk.server.pass_time(1000)
    await restore(box)
    desk.server.pass_time(1000)
    assert await box.read("/clock") == {"now": "2024-11-01T00:00:00Z", "frozen": True, "speed": 1}


async def test_a_snapshot_is_restored_as_often_as_one_likes(box: Box) -> None:
    await box.send()
    world = await box.world()
    await keep(box)
    for _ in range(3):
        await _wreck(box)
        await restore(box)
        assert await box.world() == world


async def test_what_is_done_after_a_restore_does_not_reach_into_the_snapshot(box: Box) -> None:
    send_id = await box.send("9121111111,9122222222")
    await keep(box)
    await restore(box)
    await box.do("POST", f"/messages/{send_id}/cancel")
    params = {"action": "newContact", "phoneId": "1403", "cNumber": "9121111111"}
    await box.ask(params)
    await restore(box)
    assert await box.pairs(send_id) == [(0, -1), (0, -1)]
    assert (await box.read("/phonebooks"))["phonebooks"][0]["contacts"] == []


async def test_a_snapshot_of_the_same_name_takes_its_place(box: Box) -> None:
    await keep(box)
    await box.send()
    await keep(box)
    await box.send()
    await restore(box)
    assert len(await box.messages()) == 1


async def test_an_older_and_a_newer_snapshot_are_restored_in_any_order(box: Box) -> None:
    for name in "abc":
        await keep(box, name)
        await box.send()
    for name, count in (("b", 1), ("c", 2), ("a", 0), ("c", 2)):
        await restore(box, name)
        assert len(await box.messages()) == count


async def test_at_most_twenty_snapshots_are_kept(box: Box) -> None:
    for n in range(20):
        await keep(box, f"s{n}")
    assert is_problem(await box.call("PUT", "/snapshots/more"), 429)
    assert is_problem(await box.call("POST", "/snapshots/more/restore"), 404)
    await keep(box, "s0")
    await box.do("DELETE", "/snapshots/s1")
    await keep(box, "more")
    await restore(box, "s19")


async def test_the_limit_is_each_accounts_own(desk: Desk, box: Box) -> None:
    for n in range(20):
        await keep(box, f"s{n}")
    await keep(await desk.create())


async def test_a_snapshot_can_be_looked_up_and_removed(box: Box) -> None:
    await keep(box)
    assert (await box.read(NAME))["name"] == "one"
    await box.do("DELETE", NAME)
    for method, sub in (("GET", NAME), ("DELETE", NAME), ("POST", NAME + "/restore")):
        assert is_problem(await box.call(method, sub), 404)


@pytest.mark.parametrize("name", ["none", "One", "one%20", "%2F"])
async def test_an_unknown_name_is_404(box: Box, name: str) -> None:
    await keep(box)
    world = await box.world()
    for method, sub in (("GET", ""), ("DELETE", ""), ("POST", "/restore")):
        assert is_problem(await box.call(method, f"/snapshots/{name}{sub}"), 404)
    assert await box.world() == world


@pytest.mark.parametrize("name", ["a%20b", "a%2Fb", "%D9%86%D8%A7%D9%85", "a%25b", "%7Ba%7D", "_", "x" * 64])
async def test_a_name_may_be_percent_encoded(box: Box, name: str) -> None:
    await keep(box, name)
    await box.send()
    await restore(box, name)
    assert await box.messages() == []


async def test_snapshots_are_one_accounts_own(desk: Desk, box: Box) -> None:
    await keep(box)
    other = await desk.create()
    assert is_problem(await other.call("POST", NAME + "/restore"), 404)
    await other.send()
    before = await other.world()
    await restore(box)
    assert await other.world() == before


async def test_the_other_snapshots_outlive_a_restore(box: Box) -> None:
    await keep(box, "a")
    await keep(box, "b")
    await restore(box, "a")
    assert (await box.read("/snapshots/b"))["name"] == "b"


async def test_the_services_own_reports_are_restored(box: Box) -> None:
    send_id = await box.send("9121111111,9120000002", trySend="2")
    await keep(box)
    before = await _reports(box, send_id)
    await restore(box)
    assert await _reports(box, send_id) == before


async def _reports(box: Box, send_id: int) -> list[bytes]:
    """The report after each second."""
    found = []
    for _ in range(8):
        found.append((await box.ask({"action": "reportSend", "sendID": send_id})).body)
        await box.advance(1)
    return found
