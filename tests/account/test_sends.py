"""Sends that are kept, dropped or archived: their ids, their refunds, and their next changes."""

import pytest

from fakeserver.account.delivery import DeliveryPlan, schedule_from_acceptance
from fakeserver.spec.lifecycle import CANCELLED, DELIVERED, QUEUED
from fakeserver.spec.outcomes import Outcome, ScriptedOutcome
from tests.driver import World

ONE, TWO = "9121111111", "9122222222"
HELD = "9120000010"
RETURNED, CANCELLED_SOON = "9120000002", "9120000015"
HOUR_MS = 3_600_000


def sent(world: World, *counts: int) -> list[int]:
    """Sends to so many receivers each; returns their ids."""
    ids = []
    for count in counts:
        receivers = ",".join(f"912111{n:04}" for n in range(count))
        ids.append(int(world.send(receivers)["sendID"]))
    return ids


def report(world: World, send_id: int | str) -> tuple[str, int, str, int]:
    """(result, receivers, whether archived, receivers told) as reportSend answers."""
    reply = world.ask("reportSend", sendID=send_id)
    if reply["result"] != "1":
        return reply["result"], 0, "", 0
    data = reply["data"]
    return "1", int(data["count"]), str(data["archive"]).lower(), len(data["receivers"])


@pytest.mark.rule("S12")
def test_ids_are_the_accounts_number_and_a_count() -> None:
    world = World()
    assert sent(world, 1, 2) == [1_000_000_001, 1_000_000_002]
    sends = world.account.sends
    assert (sends.accepted, sends.dropped, sends.next_id) == (2, 0, 1_000_000_003)
    newest = sends.newest()
    assert newest is not None
    assert newest.id == 1_000_000_002
    assert [send.id for send in sends] == [1_000_000_001, 1_000_000_002]


def test_before_the_first_send_there_is_none() -> None:
    world = World()
    sends = world.account.sends
    assert (sends.newest(), sends.accepted, list(sends), world.next_change_ms()) == (None, 0, [], None)
    for send_id in (0, 1_000_000_000, 1_000_000_001, -1):
        assert sends.find(send_id) is None
    for send_id in (1_000_000_000, 1_000_000_001):
        assert report(World(), send_id)[0] == "-6"


def test_the_sends_after_an_id_are_those_that_are_kept_and_came_later() -> None:
    world = World(keep_sends=3)
    ids = sent(world, 1, 1, 1, 1, 1)
    sends = world.account.sends
    for since, found in ((0, ids[2:]), (ids[0], ids[2:]), (ids[2], ids[3:]), (ids[3], ids[4:])):
        assert [send.id for send in sends.after(since)] == found
    assert list(sends.after(ids[4])) == list(sends.after(ids[4] + 99)) == []


def test_equal_schedules_have_one_id() -> None:
    world = World()
    sends = world.account.sends
    plans = [
        DeliveryPlan(ScriptedOutcome(Outcome.DELIVERED), world.account.settings.timeline, ordinary)
        for ordinary in (True, False)
    ]
    ids = [sends.schedule_id(schedule_from_acceptance(plan)) for plan in plans]
    assert ids[0] != ids[1]
    assert [sends.schedule_id(schedule_from_acceptance(plan)) for plan in plans] == ids


@pytest.mark.rule("W15", "R2")
def test_an_id_may_begin_with_any_number_of_zeros() -> None:
    world = World()
    (send_id,) = sent(world, 1)
    assert report(world, f"{'0' * 80}{send_id}")[0] == "1"


@pytest.mark.rule("R1", "R3", "R4")
@pytest.mark.parametrize("keep", [1, 2, 63, 64, 65, 100])
def test_however_many_were_dropped_each_is_reported_as_it_was(keep: int) -> None:
    world = World(keep_sends=keep, timeline="instant", credit=10**9)
    counts = [1 + n % 3 for n in range(200)]
    ids = []
    for n, count in enumerate(counts):
        ids += sent(world, count)
        sends = world.account.sends
        assert (sends.accepted, sends.dropped) == (n + 1, max(0, n + 1 - keep))
        assert [send.id for send in sends] == ids[-keep:]
    first = 1_000_000_001
    assert ids == list(range(first, first + 200))
    for send_id, count in zip(ids[:-keep], counts[:-keep], strict=True):
        assert report(world, send_id) == ("1", count, "true", 0)
        assert world.account.sends.find(send_id) is None
    for send_id, count in zip(ids[-keep:], counts[-keep:], strict=True):
        assert report(world, send_id) == ("1", count, "false", count)
    assert report(world, first - 1)[0] == report(world, first + 200)[0] == "-6"


@pytest.mark.rule("R4")
def test_fewer_may_be_kept_from_now_on_and_more_bring_nothing_back() -> None:
    world = World(credit=10**9)
    ids = sent(world, *[1] * 130)
    world.change(keep_sends=3)
    assert [send.id for send in world.account.sends] == ids[-3:]
    world.change(keep_sends=100)
    assert [send.id for send in world.account.sends] == ids[-3:]
    ids += sent(world, 1)
    assert [send.id for send in world.account.sends] == ids[-4:]


@pytest.mark.rule("R4", "M4")
def test_what_was_dropped_is_refunded_but_changes_no_more() -> None:
    world = World(keep_sends=1)
    world.send("9120000015")  # cancelled after a second
    sent(world, 2)
    world.advance(60)
    assert world.credit() == 1_000_000 - 2 * 1000
    changes = world.read_changes()
    assert {change.send_id for change in changes} == {1_000_000_002}


@pytest.mark.rule("R4", "M4", "M5")
def test_however_many_refunds_wait_each_is_made_at_its_time_and_once() -> None:
    """Each costs 2000 rials for two receivers: one is returned, the other cancelled at another time."""
    world = World(keep_sends=1, credit=10**9, timeline="slow")
    count = 2_100
    for _ in range(count):
        world.send(f"{RETURNED},{CANCELLED_SOON}", "سلام")
    assert world.credit() == 10**9 - count * 2000
    world.advance(1)
    assert world.credit() == 10**9 - count * 1000
    newest = world.account.sends.newest()
    assert newest is not None
    assert world.cancel(str(newest.id)) == 1
    assert world.credit() == 10**9 - (count - 1) * 1000
    world.advance(3600)
    assert world.credit() == 10**9


def test_what_is_remembered_does_not_grow_with_the_sends_that_were_dropped() -> None:
    world = World(keep_sends=10, credit=10**12, timeline="slow")
    for n in range(5_000):
        world.send(f"{ONE},{RETURNED}" if n % 2 else ONE, "a" if n % 3 else "b")
        assert n % 1_000 or world.next_change_ms() == world.now_ms + 30_000
    followers = world.account._changes._accepted.values()
    assert max(len(one.began_ms) for one in followers) <= 1_024 + 10
    changes = world.read_changes(world.now_ms + HOUR_MS)
    assert {change.send_id for change in changes} == {send.id for send in world.account.sends}
    assert [change.at_ms for change in changes] == sorted(change.at_ms for change in changes)


def test_replaced_deliveries_of_dropped_sends_are_forgotten() -> None:
    world = World(keep_sends=2, credit=10**12, monitoring="manual")
    for _ in range(3_000):
        world.approve(world.send(ONE)["sendID"])
    followers = world.account._changes._replaced.values()
    assert sum(len(one.began_ms) for one in followers) <= 1_024 + 2
    assert {change.send_id for change in world.read_changes(world.now_ms + HOUR_MS)} == {
        send.id for send in world.account.sends
    }


def test_when_nothing_that_is_kept_waits_for_anything_nothing_is_awaited() -> None:
    world = World(keep_sends=1, credit=10**9)
    for _ in range(100):
        world.send(ONE)
    held = world.send(HELD)["sendID"]
    world.approve(held)
    world.send(HELD)
    assert world.next_change_ms() is None


def test_the_next_change_is_the_earliest_that_is_still_to_come() -> None:
    world = World()
    sent(world, 1)
    start = world.now_ms
    assert world.next_change_ms() == start + 1000
    assert world.read_changes(start + 999) == []
    (change,) = world.read_changes(start + 1000)
    assert (change.at_ms, change.pair, change.numbers) == (start + 1000, QUEUED, ("9121110000",))
    world.advance(1)
    assert world.next_change_ms() == start + 2000


@pytest.mark.rule("L5", "M5")
def test_a_command_that_moves_nobody_changes_nothing() -> None:
    world = World(timeline="instant")
    (send_id,) = sent(world, 2)
    world.read_changes()
    assert (world.cancel(str(send_id)), world.approve(str(send_id))) == (0, 0)
    assert world.force(str(send_id), DELIVERED) == 2  # where they are already
    assert world.read_changes(world.now_ms + HOUR_MS) == []


@pytest.mark.rule("R4")
def test_a_command_to_a_send_that_was_dropped_meanwhile_moves_nobody() -> None:
    world = World(keep_sends=1)
    sent(world, 2)
    stale = next(iter(world.account.sends))
    sent(world, 1)
    assert world.account.cancel(stale.id, world.now_ms) == 0
    assert (world.credit(), world.account.sends.find(stale.id)) == (1_000_000 - 3000, None)


@pytest.mark.rule("L1", "M5")
def test_a_command_for_one_receiver_leaves_the_others_their_deliveries() -> None:
    world = World()
    (send_id,) = sent(world, 2)
    assert world.force(str(send_id), CANCELLED, "9121110001") == 1
    changes = world.read_changes(world.now_ms + HOUR_MS)
    assert [(change.numbers, change.pair) for change in changes if change.pair == CANCELLED] == [
        (("9121110001",), CANCELLED)
    ]
    assert {change.numbers for change in changes if change.pair != CANCELLED} == {("9121110000",)}
    world.advance(10)
    assert world.credit() == 1_000_000 - 2000 + 1000


@pytest.mark.rule("L5", "M4", "M5")
def test_a_refund_that_an_approval_has_promised_is_made_once_though_the_message_is_cancelled() -> None:
    world = World(monitoring="manual")
    send_id = world.send(f"{RETURNED},{ONE}")["sendID"]
    assert world.approve(send_id) == 2
    assert world.cancel(send_id) == 2
    assert world.credit() == 1_000_000
    world.advance(60)
    assert world.credit() == 1_000_000


@pytest.mark.rule("L1", "M4", "M5")
def test_of_receivers_that_share_a_refund_each_is_given_back_once() -> None:
    """With no trySend both are returned at the same time, but for the one that is cancelled before."""
    world = World(outcomes={"unreached": 1})
    send_id = world.send(f"{ONE},{TWO}")["sendID"]
    assert world.force(send_id, CANCELLED, ONE) == 1
    assert world.credit() == 1_000_000 - 1000
    world.advance(60)
    assert world.credit() == 1_000_000
    assert world.pairs(send_id) == [(5, -2), (4, 2)]


@pytest.mark.rule("L5")
def test_an_approval_is_a_change_though_the_pair_was_awaited() -> None:
    world = World(monitoring="manual")
    (send_id,) = sent(world, 1)
    assert world.next_change_ms() is None
    world.approve(str(send_id))
    (change,) = world.read_changes()
    assert (change.at_ms, change.pair) == (world.now_ms, QUEUED)


@pytest.mark.rule("L1")
def test_a_pair_that_is_forced_where_it_is_already_stays_and_is_no_change() -> None:
    world = World()
    (send_id,) = sent(world, 1)
    world.advance(1)
    world.read_changes()
    assert world.force(str(send_id), QUEUED) == 1
    world.advance(60)
    assert world.read_changes() == []
    assert world.pair(str(send_id)) == QUEUED
