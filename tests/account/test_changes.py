"""Status changes: in order of time, for any number of readers."""

import pytest
from hypothesis import given, strategies as st

from fakeserver.account.changes import START, Change
from fakeserver.spec.lifecycle import StatusPair
from fakeserver.spec.units import AccountMs
from tests.driver import AccountDriver
from tests.examples import examples
from tests.model.strategies import RESERVED

ReceiverChange = tuple[int, int, str, StatusPair]  # time, send id, number, pair
SentMessage = tuple[list[str], int, int]  # receivers, tries, and the pause after it in milliseconds

SENDS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(RESERVED), min_size=1, max_size=4, unique=True),
        st.integers(0, 3),
        st.integers(0, 2_000),
    ),
    min_size=1,
    max_size=4,
)
PAUSES = st.lists(st.integers(0, 20_000), max_size=6)
END_MS = 4 * 3_600_000


def driver_with(sends: list[SentMessage]) -> AccountDriver:
    driver = AccountDriver()
    for receivers, tries, pause_ms in sends:
        driver.send(",".join(receivers), trySend=tries)
        driver.advance(pause_ms / 1000)
    return driver


def from_histories(driver: AccountDriver, until_ms: int) -> list[ReceiverChange]:
    """Every step of every receiver after its first one."""
    return sorted(
        (step.at_ms, send.id, number, step.pair)
        for send in driver.account.sends
        for number, delivery in send.deliveries.items()
        for step in delivery.steps()[1:]
        if step.at_ms <= until_ms
    )


def by_receiver(changes: list[Change]) -> list[ReceiverChange]:
    return sorted(
        (change.at_ms, change.send_id, number, change.pair) for change in changes for number in change.numbers
    )


@pytest.mark.rule("L3", "L6")
@examples(40)
@given(SENDS, PAUSES)
def test_reading_often_gives_every_step_of_every_history_once_in_order_of_time(
    sends: list[SentMessage], pauses: list[int]
) -> None:
    driver, other = driver_with(sends), driver_with(sends)
    end_ms = driver.now_ms + END_MS
    at_once = driver.read_changes(end_ms)
    assert [change.at_ms for change in at_once] == sorted(change.at_ms for change in at_once)
    assert by_receiver(at_once) == from_histories(driver, end_ms)
    changes: list[Change] = []
    at_ms: int = other.now_ms
    for pause in [*pauses, END_MS]:
        at_ms = min(at_ms + pause, end_ms)
        changes += other.read_changes(at_ms)
    assert changes == at_once


@examples(40)
@given(SENDS, st.integers(0, 20_000))
def test_reading_takes_nothing_away(sends: list[SentMessage], pause_ms: int) -> None:
    driver = driver_with(sends)
    cursor = driver.account.change_cursor(driver.now_ms)
    end_ms = AccountMs(driver.now_ms + pause_ms)
    first = driver.account.changes_since(cursor, end_ms)
    assert driver.account.changes_since(cursor, end_ms) == first
    from_start = driver.account.changes_since(START, AccountMs(driver.now_ms + END_MS))
    assert from_start == driver.read_changes(driver.now_ms + END_MS)


@examples(40)
@given(SENDS, st.integers(0, 20_000))
def test_the_next_change_is_the_first_one_that_is_read_afterwards(
    sends: list[SentMessage], pause_ms: int
) -> None:
    driver = driver_with(sends)
    driver.advance(pause_ms / 1000)
    driver.read_changes()
    coming = driver.read_changes(driver.now_ms + 30 * 24 * 3_600_000)
    assert driver.next_change_ms() == (coming[0].at_ms if coming else None)


@pytest.mark.rule("L5")
@examples(40)
@given(SENDS, PAUSES, st.data())
def test_commands_in_between_lose_and_repeat_no_step(
    sends: list[SentMessage], pauses: list[int], data: st.DataObject
) -> None:
    driver = driver_with(sends)
    changes = driver.read_changes()
    ids = [send.id for send in driver.account.sends]
    for pause in pauses:
        driver.advance(pause / 1000)
        command = data.draw(st.sampled_from([driver.approve, driver.cancel]))
        command(str(data.draw(st.sampled_from(ids))))
        if data.draw(st.booleans()):
            changes += driver.read_changes()
    changes += driver.read_changes(driver.now_ms + END_MS)
    assert by_receiver(changes) == from_histories(driver, driver.now_ms + END_MS)


def pairs(changes: list[Change]) -> list[tuple[int, int]]:
    return [change.pair for change in changes]


def test_changes_at_the_instant_of_the_last_read_are_read_next() -> None:
    driver = AccountDriver(timeline="instant")
    driver.send("9120000000")
    assert pairs(driver.read_changes())[-1] == (2, 3)
    assert driver.read_changes() == []
    send_id = int(driver.send("9120000000")["sendID"])
    assert {change.send_id for change in driver.read_changes()} == {send_id}


def test_a_command_at_the_instant_of_the_last_read_is_read_next() -> None:
    driver = AccountDriver()
    send_id = driver.send("9120000000")["sendID"]
    assert driver.read_changes() == []
    driver.force(send_id, (2, 1))
    assert pairs(driver.read_changes()) == [(1, -1), (2, -1), (2, 0), (2, 1)]
    driver.force(send_id, (2, 4))
    assert pairs(driver.read_changes()) == [(2, 4)]


@pytest.mark.rule("L1", "L2")
def test_changes_at_one_instant_are_in_the_order_of_the_steps() -> None:
    driver = AccountDriver(timeline="instant")
    driver.send("9120000002", trySend=1)
    attempt = [(2, -1), (2, 0), (2, 2)]
    assert pairs(driver.read_changes()) == [(1, -1), *attempt, (1, -1), *attempt, (4, 2)]
    driver = AccountDriver()
    send_id = driver.send("9120000000", trySend=1)["sendID"]
    driver.force(send_id, (2, 0))
    driver.force(send_id, (1, -1))
    assert pairs(driver.read_changes()) == [(1, -1), (2, -1), (2, 0), (2, 2), (1, -1)]


def test_a_change_names_the_receivers_that_share_it() -> None:
    driver = AccountDriver()
    driver.send("9121111111,9120000004,9122222222")
    changes = driver.read_changes(driver.now_ms + END_MS)
    shared, other = ("9121111111", "9122222222"), ("9120000004",)
    assert {change.numbers for change in changes} == {shared, other}
    assert {change.pair: change.numbers for change in changes if change.pair in [(2, 3), (2, 4)]} == {
        (2, 3): shared,
        (2, 4): other,
    }


@pytest.mark.rule("L5")
def test_the_changes_after_an_approval_are_read_at_their_times_and_once() -> None:
    driver = AccountDriver(monitoring="manual")
    send_id = driver.send()["sendID"]
    driver.advance(1)
    driver.approve(send_id)
    approved_ms = driver.now_ms
    assert driver.next_change_ms() == approved_ms + 1000
    changes = driver.read_changes(approved_ms + 1500)
    changes += driver.read_changes(approved_ms + 2500)
    changes += driver.read_changes(approved_ms + END_MS)
    assert [change.at_ms - approved_ms for change in changes] == [0, 1000, 2000, 3000, 5000]


def test_the_next_change_may_be_a_late_step_of_an_early_send() -> None:
    driver = AccountDriver()
    driver.send()
    driver.advance(5.5)
    driver.send()
    assert driver.next_change_ms() == driver.now_ms + 500


@pytest.mark.rule("R4")
def test_sends_that_are_kept_while_many_are_forgotten_keep_their_changes() -> None:
    """Deliveries are forgotten once 1024 sends were dropped, among them all of one schedule."""
    driver = AccountDriver(keep_sends=10, credit=10**9)
    driver.send("9120000004")
    while driver.account.sends.dropped < 1024:
        driver.send()
    assert driver.next_change_ms() == driver.now_ms + 1000
    changes = driver.read_changes(driver.now_ms + END_MS)
    assert {change.send_id for change in changes} == {send.id for send in driver.account.sends}
    assert len(changes) == 10 * 5


@pytest.mark.rule("L5", "M5")
def test_a_command_replaces_the_coming_changes_and_keeps_those_before_it() -> None:
    driver = AccountDriver()
    send_id = driver.send("9120000000")["sendID"]
    driver.read_changes()
    driver.advance(1.5)
    driver.cancel(send_id)
    assert pairs(driver.read_changes(driver.now_ms + END_MS)) == [(1, -1), (5, -2)]
