"""Sends that are kept or dropped (R4): their ids, refunds and changes."""

import pytest

from fakeserver.account.delivery import DeliveryPlan, schedule_from_acceptance
from fakeserver.spec.lifecycle import CANCELLED, DELIVERED, QUEUED
from fakeserver.spec.outcomes import Outcome, ScriptedOutcome
from tests.driver import AccountDriver

ONE = "9121111111"
HELD = "9120000010"
RETURNED, CANCELLED_SOON = "9120000002", "9120000015"
HOUR_MS = 3_600_000


def send_to(driver: AccountDriver, *counts: int) -> list[int]:
    """Send a message to each of these numbers of receivers and return the send ids."""
    ids = []
    for count in counts:
        receivers = ",".join(f"912111{n:04}" for n in range(count))
        ids.append(int(driver.send(receivers)["sendID"]))
    return ids


def report(driver: AccountDriver, send_id: int | str) -> tuple[str, int, str, int]:
    """(result, count, archive, number of listed receivers) as `reportSend` answers."""
    reply = driver.ask("reportSend", sendID=send_id)
    if reply["result"] != "1":
        return reply["result"], 0, "", 0
    data = reply["data"]
    return "1", int(data["count"]), str(data["archive"]).lower(), len(data["receivers"])


@pytest.mark.rule("S12")
def test_ids_are_the_serial_number_of_the_account_and_a_count() -> None:
    driver = AccountDriver()
    assert send_to(driver, 1, 2) == [1_000_000_001, 1_000_000_002]
    sends = driver.account.sends
    assert (sends.accepted, sends.dropped, sends.next_id) == (2, 0, 1_000_000_003)
    newest = sends.newest()
    assert newest is not None
    assert newest.id == 1_000_000_002
    assert [send.id for send in sends] == [1_000_000_001, 1_000_000_002]


def test_without_sends_nothing_is_found() -> None:
    driver = AccountDriver()
    sends = driver.account.sends
    assert (sends.newest(), sends.accepted, list(sends), driver.next_change_ms()) == (None, 0, [], None)
    for send_id in (0, 1_000_000_000, 1_000_000_001, -1):
        assert sends.find(send_id) is None
    for send_id in (1_000_000_000, 1_000_000_001):
        assert report(AccountDriver(), send_id)[0] == "-6"


def test_the_sends_after_an_id_are_the_later_ones_that_are_kept() -> None:
    driver = AccountDriver(keep_sends=3)
    ids = send_to(driver, 1, 1, 1, 1, 1)
    sends = driver.account.sends
    for since, found in ((0, ids[2:]), (ids[0], ids[2:]), (ids[2], ids[3:]), (ids[3], ids[4:])):
        assert [send.id for send in sends.after(since)] == found
    assert list(sends.after(ids[4])) == list(sends.after(ids[4] + 99)) == []


@pytest.mark.rule("R4")
def test_a_send_that_is_dropped_during_an_iteration_is_skipped() -> None:
    driver = AccountDriver(keep_sends=2)
    ids = send_to(driver, 1, 1)
    iterator = iter(driver.account.sends)
    assert next(iterator).id == ids[0]
    send_to(driver, 1, 1)
    assert list(iterator) == []


def test_equal_schedules_have_one_id() -> None:
    driver = AccountDriver()
    sends = driver.account.sends
    plans = [
        DeliveryPlan(ScriptedOutcome(Outcome.DELIVERED), driver.account.settings.timeline, ordinary)
        for ordinary in (True, False)
    ]
    ids = [sends.schedule_id(schedule_from_acceptance(plan)) for plan in plans]
    assert ids[0] != ids[1]
    assert [sends.schedule_id(schedule_from_acceptance(plan)) for plan in plans] == ids


@pytest.mark.rule("R1", "R3", "R4")
@pytest.mark.parametrize("keep", [1, 2, 63, 64, 65, 100])
def test_a_dropped_send_keeps_its_count_and_a_kept_one_its_receivers(keep: int) -> None:
    driver = AccountDriver(keep_sends=keep, timeline="instant", credit=10**9)
    counts = [1 + n % 3 for n in range(200)]
    ids = []
    for n, count in enumerate(counts):
        ids += send_to(driver, count)
        sends = driver.account.sends
        assert (sends.accepted, sends.dropped) == (n + 1, max(0, n + 1 - keep))
        assert [send.id for send in sends] == ids[-keep:]
    first = 1_000_000_001
    assert ids == list(range(first, first + 200))
    for send_id, count in zip(ids[:-keep], counts[:-keep], strict=True):
        assert report(driver, send_id) == ("1", count, "true", 0)
        assert driver.account.sends.find(send_id) is None
    for send_id, count in zip(ids[-keep:], counts[-keep:], strict=True):
        assert report(driver, send_id) == ("1", count, "false", count)
    assert report(driver, first - 1)[0] == report(driver, first + 200)[0] == "-6"


@pytest.mark.rule("R4")
def test_keeping_fewer_drops_sends_and_keeping_more_brings_none_back() -> None:
    driver = AccountDriver(credit=10**9)
    ids = send_to(driver, *[1] * 130)
    driver.change(keep_sends=3)
    assert [send.id for send in driver.account.sends] == ids[-3:]
    driver.change(keep_sends=100)
    assert [send.id for send in driver.account.sends] == ids[-3:]
    ids += send_to(driver, 1)
    assert [send.id for send in driver.account.sends] == ids[-4:]


@pytest.mark.rule("R4", "M4")
def test_a_dropped_send_is_refunded_but_has_no_more_changes() -> None:
    driver = AccountDriver(keep_sends=1)
    driver.send("9120000015")  # cancelled after a second
    send_to(driver, 2)
    driver.advance(60)
    assert driver.credit() == 1_000_000 - 2 * 1000
    changes = driver.read_changes()
    assert {change.send_id for change in changes} == {1_000_000_002}


@pytest.mark.rule("R4", "M4", "M5")
def test_thousands_of_refunds_are_made_at_their_times_and_once() -> None:
    """Each message costs 2000 rials for two receivers: one is returned, the other one cancelled earlier."""
    driver = AccountDriver(keep_sends=1, credit=10**9, timeline="slow")
    count = 2_100
    for _ in range(count):
        driver.send(f"{RETURNED},{CANCELLED_SOON}", "سلام")
    assert driver.credit() == 10**9 - count * 2000
    driver.advance(1)
    assert driver.credit() == 10**9 - count * 1000
    newest = driver.account.sends.newest()
    assert newest is not None
    assert driver.cancel(str(newest.id)) == 1
    assert driver.credit() == 10**9 - (count - 1) * 1000
    driver.advance(3600)
    assert driver.credit() == 10**9


def test_dropped_sends_take_no_memory() -> None:
    driver = AccountDriver(keep_sends=10, credit=10**12, timeline="slow")
    for n in range(2_500):
        driver.send(f"{ONE},{RETURNED}" if n % 2 else ONE, "a" if n % 3 else "b")
        assert n % 1_000 or driver.next_change_ms() == driver.now_ms + 30_000
    followers = driver.account._changes._accepted.values()
    assert max(len(one.began_ms) for one in followers) <= 1_024 + 10
    changes = driver.read_changes(driver.now_ms + HOUR_MS)
    assert {change.send_id for change in changes} == {send.id for send in driver.account.sends}
    assert [change.at_ms for change in changes] == sorted(change.at_ms for change in changes)


def test_replaced_deliveries_of_dropped_sends_take_no_memory() -> None:
    driver = AccountDriver(keep_sends=2, credit=10**12, monitoring="manual")
    for _ in range(1_500):
        driver.approve(driver.send(ONE)["sendID"])
    followers = driver.account._changes._replaced.values()
    assert sum(len(one.began_ms) for one in followers) <= 1_024 + 2
    assert {change.send_id for change in driver.read_changes(driver.now_ms + HOUR_MS)} == {
        send.id for send in driver.account.sends
    }


def test_there_is_no_next_change_if_no_kept_send_has_one() -> None:
    driver = AccountDriver(keep_sends=1, credit=10**9)
    for _ in range(100):
        driver.send(ONE)
    held = driver.send(HELD)["sendID"]
    driver.approve(held)
    driver.send(HELD)
    assert driver.next_change_ms() is None


def test_the_next_change_is_the_earliest_coming_one() -> None:
    driver = AccountDriver()
    send_to(driver, 1)
    start = driver.now_ms
    assert driver.next_change_ms() == start + 1000
    assert driver.read_changes(start + 999) == []
    (change,) = driver.read_changes(start + 1000)
    assert (change.at_ms, change.pair, change.numbers) == (start + 1000, QUEUED, ("9121110000",))
    driver.advance(1)
    assert driver.next_change_ms() == start + 2000


@pytest.mark.rule("L5", "M5")
def test_a_command_that_moves_no_receiver_is_no_change() -> None:
    driver = AccountDriver(timeline="instant")
    (send_id,) = send_to(driver, 2)
    driver.read_changes()
    assert (driver.cancel(str(send_id)), driver.approve(str(send_id))) == (0, 0)
    assert driver.force(str(send_id), DELIVERED) == 2  # where they are already
    assert driver.read_changes(driver.now_ms + HOUR_MS) == []


@pytest.mark.rule("R4")
def test_a_command_to_a_dropped_send_moves_no_receiver() -> None:
    driver = AccountDriver(keep_sends=1)
    send_to(driver, 2)
    stale = next(iter(driver.account.sends))
    send_to(driver, 1)
    assert driver.account.cancel(stale.id, driver.now_ms) == 0
    assert (driver.credit(), driver.account.sends.find(stale.id)) == (1_000_000 - 3000, None)


@pytest.mark.rule("L1", "M5")
def test_a_command_for_one_receiver_does_not_concern_the_others() -> None:
    driver = AccountDriver()
    (send_id,) = send_to(driver, 2)
    assert driver.force(str(send_id), CANCELLED, "9121110001") == 1
    changes = driver.read_changes(driver.now_ms + HOUR_MS)
    assert [(change.numbers, change.pair) for change in changes if change.pair == CANCELLED] == [
        (("9121110001",), CANCELLED)
    ]
    assert {change.numbers for change in changes if change.pair != CANCELLED} == {("9121110000",)}
    driver.advance(10)
    assert driver.credit() == 1_000_000 - 2000 + 1000


@pytest.mark.rule("L5")
def test_an_approval_is_a_change() -> None:
    driver = AccountDriver(monitoring="manual")
    (send_id,) = send_to(driver, 1)
    assert driver.next_change_ms() is None
    driver.approve(str(send_id))
    (change,) = driver.read_changes()
    assert (change.at_ms, change.pair) == (driver.now_ms, QUEUED)


@pytest.mark.rule("L1")
def test_forcing_the_current_pair_is_no_change() -> None:
    driver = AccountDriver()
    (send_id,) = send_to(driver, 1)
    driver.advance(1)
    driver.read_changes()
    assert driver.force(str(send_id), QUEUED) == 1
    driver.advance(60)
    assert driver.read_changes() == []
    assert driver.pair(str(send_id)) == QUEUED
