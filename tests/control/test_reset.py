"""Back to the start: one account, and the whole server (CONTROL.md, Control plane)."""

from typing import Any

import pytest

from tests.control.desk import ACCOUNTS, Box, Desk

RULE = {"when": {"action": "send"}, "times": 0, "then": {"result": "113"}}


async def _live(box: Box) -> None:
    """Something of everything that an account can have happen to it."""
    await box.send(phoneBook="1403")
    await box.do("POST", "/inbound", {"from": "9121111111", "text": "لغو11"})
    await box.do("POST", "/faults", RULE)
    await box.do("PATCH", "", {"max_parts": 2, "lines": [], "monitoring": "manual"})
    await box.do("POST", "/clock", {"advance": 3600, "speed": 60})


async def _fresh(desk: Desk, **settings: Any) -> dict[str, Any]:
    """The world of such an account to which nothing happened."""
    twin = await desk.create(**settings)
    world = await twin.world()
    world[""]["key"] = None
    return world


async def _seen(box: Box) -> dict[str, Any]:
    world = await box.world()
    world[""]["key"] = None
    return world


@pytest.mark.parametrize("settings", [{}, {"credit": 5000, "lines": [{"number": "30001403"}], "seed": 7}])
async def test_an_account_goes_back_to_how_it_was_created(desk: Desk, settings: dict[str, Any]) -> None:
    box = await desk.create(**settings)
    await _live(box)
    await box.do("POST", "/reset")
    assert await _seen(box) == await _fresh(desk, **settings)


async def test_a_reset_of_an_account_rewinds_its_ids(box: Box) -> None:
    first = [await box.send(), await box.send()]
    await box.do("POST", "/reset")
    assert [await box.send(), await box.send()] == first


async def test_a_reset_of_an_account_rewinds_the_ids_of_inbound_messages(box: Box) -> None:
    before = await _received(box)
    await box.do("POST", "/reset")
    assert await box.reply({"action": "receivedMessages"}) == {"result": "401"}
    assert await _received(box) == before


async def _received(box: Box) -> Any:
    await box.do("POST", "/inbound", {"from": "9121111111", "text": "a"})
    return await box.reply({"action": "receivedMessages"})


async def test_a_reset_of_an_account_rewinds_its_chance(desk: Desk) -> None:
    box = await desk.create(outcomes={"delivered": 1, "undelivered": 1}, timeline="instant")
    numbers = ",".join(f"91211111{n}" for n in range(10, 40))
    before = await box.pairs(await box.send(numbers))
    await box.do("POST", "/reset")
    assert await box.pairs(await box.send(numbers)) == before
    assert {(2, 3), (2, 4)} == set(before)


async def test_a_frozen_clock_begins_again(box: Box) -> None:
    assert await box.now() == "2024-11-01T00:00:00Z"
    await box.do("POST", "/clock", {"advance": 5, "freeze": False})
    await box.do("POST", "/reset")
    assert await box.read("/clock") == {"now": "2024-11-01T00:00:00Z", "frozen": True, "speed": 1}


async def test_a_real_clock_shows_the_real_time_again(desk: Desk) -> None:
    box = await desk.create(clock="real")
    start = await box.now()
    await box.advance(3600)
    await box.do("POST", "/clock", {"freeze": True, "speed": 5})
    await box.do("POST", "/reset")
    assert await box.read("/clock") == {"now": start, "frozen": False, "speed": 1}
    desk.server.pass_time(1000)
    assert await box.now() > start


async def test_a_reset_of_one_account_leaves_the_others_alone(desk: Desk, box: Box) -> None:
    other = await desk.create(key="other")
    await _live(box)
    await _live(other)
    before = await other.world()
    await box.do("POST", "/reset")
    assert await other.world() == before


async def test_a_reset_of_all_brings_back_the_first_accounts(desk: Desk, box: Box) -> None:
    before = await desk.read(ACCOUNTS)
    before["accounts"].pop()
    await desk.box("test-key-poor").do("DELETE", "")
    await desk.box("test-key").do("PATCH", "", {"credit": 1})
    await _live(box)
    assert (await desk.call("POST", "/_fake/reset")).done
    assert await desk.read(ACCOUNTS) == before
    assert (await box.call("GET")).status == 404


async def test_a_reset_of_all_takes_ids_clocks_faults_and_journals_back(desk: Desk) -> None:
    box = desk.box("test-key")
    before = await box.world()
    first = await box.send()
    await _live(box)
    assert (await desk.call("POST", "/_fake/reset")).done
    assert await box.world() == before
    assert await box.send() == first


async def test_a_reset_of_all_empties_the_journal_of_nobody(desk: Desk) -> None:
    await desk.ask({"action": "status"}, "nobody")
    assert len((await desk.read("/_fake/journal"))["entries"]) == 1
    assert (await desk.call("POST", "/_fake/reset")).done
    assert await desk.read("/_fake/journal") == {"entries": [], "dropped": 0}


async def test_after_a_reset_of_all_new_accounts_get_the_same_ids_again(desk: Desk) -> None:
    first = await (await desk.create(key="new")).send()
    assert (await desk.call("POST", "/_fake/reset")).done
    assert await (await desk.create(key="new")).send() == first
