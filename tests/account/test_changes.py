"""Status changes: read in order of time, by any number of readers, as often as they like."""

import pytest
from hypothesis import given, strategies as st

from fakeserver.account.changes import START, Change
from fakeserver.spec.lifecycle import StatusPair
from fakeserver.spec.reserved import OUTCOMES, PREFIX
from fakeserver.spec.units import AccountMs
from tests.driver import World

Seen = tuple[int, int, tuple[str, ...], StatusPair]
One = tuple[int, int, str, StatusPair]

RECEIVERS = st.lists(
    st.sampled_from([f"{PREFIX}{digits:03}" for digits in OUTCOMES]), min_size=1, max_size=4, unique=True
)
SENDS = st.lists(st.tuples(RECEIVERS, st.integers(0, 3), st.integers(0, 2_000)), min_size=1, max_size=4)
PAUSES = st.lists(st.integers(0, 20_000), max_size=6)
END_MS = 4 * 3_600_000


def seen(changes: list[Change]) -> list[Seen]:
    return [(change.at_ms, change.send_id, change.numbers, change.pair) for change in changes]


def world_with(sends: list[tuple[list[str], int, int]]) -> World:
    world = World()
    for receivers, tries, pause_ms in sends:
        world.send(",".join(receivers), trySend=tries)
        world.advance(pause_ms / 1000)
    return world


def from_histories(world: World, until_ms: int) -> list[One]:
    """The same from the histories: every step but the first of every receiver."""
    steps = [
        (step.at_ms, send.id, number, step.pair)
        for send in world.account.sends
        for number, delivery in send.deliveries.items()
        for step in delivery.steps()[1:]
        if step.at_ms <= until_ms
    ]
    return sorted(steps)


def one_by_one(changes: list[Seen]) -> list[One]:
    return sorted((at, send, number, pair) for at, send, numbers, pair in changes for number in numbers)


@pytest.mark.rule("L3", "L6")
@given(SENDS)
def test_the_changes_are_those_of_the_histories_in_order_of_time(
    sends: list[tuple[list[str], int, int]],
) -> None:
    world = world_with(sends)
    changes = seen(world.read_changes(world.now_ms + END_MS))
    assert [at for at, *_ in changes] == sorted(at for at, *_ in changes)
    assert one_by_one(changes) == from_histories(world, world.now_ms + END_MS)


@pytest.mark.rule("L6")
@given(SENDS, PAUSES)
def test_reading_often_gives_the_same_as_reading_once(
    sends: list[tuple[list[str], int, int]], pauses: list[int]
) -> None:
    once, often = world_with(sends), world_with(sends)
    expected = seen(once.read_changes(once.now_ms + END_MS))
    changes: list[Seen] = []
    at_ms: int = often.now_ms
    for pause in [*pauses, END_MS]:
        at_ms = min(at_ms + pause, once.now_ms + END_MS)
        changes += seen(often.read_changes(at_ms))
    assert changes == expected


@given(SENDS, st.integers(0, 20_000))
def test_reading_consumes_nothing(sends: list[tuple[list[str], int, int]], pause_ms: int) -> None:
    world = world_with(sends)
    cursor = world.account.change_cursor(world.now_ms)
    end_ms = AccountMs(world.now_ms + pause_ms)
    first = world.account.changes_since(cursor, end_ms)
    assert world.account.changes_since(cursor, end_ms) == first
    assert world.account.changes_since(START, AccountMs(world.now_ms + END_MS)) == world.read_changes(
        world.now_ms + END_MS
    )


@given(SENDS, st.integers(0, 20_000))
def test_the_next_change_is_the_first_one_that_is_read_afterwards(
    sends: list[tuple[list[str], int, int]], pause_ms: int
) -> None:
    world = world_with(sends)
    world.advance(pause_ms / 1000)
    world.read_changes()
    coming = world.read_changes(world.now_ms + 30 * 24 * 3_600_000)
    assert world.next_change_ms() == (coming[0].at_ms if coming else None)


def test_changes_at_the_instant_of_the_last_read_are_read_next() -> None:
    world = World(timeline="instant")
    world.send("9120000000")
    first = world.read_changes()
    assert [change.pair for change in first][-1] == (2, 3)
    assert world.read_changes() == []
    send_id = int(world.send("9120000000")["sendID"])
    assert {change.send_id for change in world.read_changes()} == {send_id}


def test_a_command_at_the_instant_of_the_last_read_is_read_next() -> None:
    world = World()
    send_id = world.send("9120000000")["sendID"]
    assert world.read_changes() == []
    world.force(send_id, (2, 1))
    assert [change.pair for change in world.read_changes()] == [(1, -1), (2, -1), (2, 0), (2, 1)]
    world.force(send_id, (2, 4))
    assert [change.pair for change in world.read_changes()] == [(2, 4)]


@pytest.mark.rule("L5")
def test_a_reader_that_comes_after_a_command_reads_what_was_before_it() -> None:
    world = World()
    send_id = world.send("9120000000")["sendID"]
    world.read_changes()
    world.advance(1.5)
    world.cancel(send_id)
    assert [(change.pair) for change in world.read_changes()] == [(1, -1), (5, -2)]


@given(SENDS, PAUSES, st.data())
def test_every_step_of_every_history_is_read_once_whatever_commands_come_between(
    sends: list[tuple[list[str], int, int]], pauses: list[int], data: st.DataObject
) -> None:
    world = world_with(sends)
    changes = seen(world.read_changes())
    ids = [send.id for send in world.account.sends]
    for pause in pauses:
        world.advance(pause / 1000)
        send_id = str(data.draw(st.sampled_from(ids)))
        command = data.draw(st.sampled_from([world.approve, world.cancel]))
        command(send_id)
        if data.draw(st.booleans()):
            changes += seen(world.read_changes())
    changes += seen(world.read_changes(world.now_ms + END_MS))
    assert one_by_one(changes) == from_histories(world, world.now_ms + END_MS)


@pytest.mark.rule("L5", "M5")
def test_a_command_is_a_change_and_replaces_those_to_come() -> None:
    world = World()
    send_id = world.send("9120000000")["sendID"]
    world.advance(1)
    world.read_changes()
    world.cancel(send_id)
    changes = seen(world.read_changes(world.now_ms + END_MS))
    assert [pair for *_, pair in changes] == [(5, -2)]
