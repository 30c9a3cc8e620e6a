"""The stream of changes: what has become of messages, in order, however often it is asked for."""

import pytest
from hypothesis import example, given, strategies as st

from fakeserver.account.outbox import Change
from fakeserver.spec.lifecycle import StatusPair
from fakeserver.spec.reserved import OUTCOMES, PREFIX
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
    """The same from the lives themselves: every step but the first of every receiver."""
    steps = [
        (step.at_ms, send.id, number, step.pair)
        for send in world.account.outbox
        for number, life in send.lives.items()
        for step in life.steps()[1:]
        if step.at_ms <= until_ms
    ]
    return sorted(steps)


def one_by_one(changes: list[Seen]) -> list[One]:
    return sorted((at, send, number, pair) for at, send, numbers, pair in changes for number in numbers)


@pytest.mark.rule("L3", "L6")
@given(SENDS)
def test_the_changes_are_those_of_the_lives_in_order_of_time(sends: list[tuple[list[str], int, int]]) -> None:
    world = world_with(sends)
    changes = seen(world.account.outbox.changes_until(world.now_ms + END_MS))
    assert [at for at, *_ in changes] == sorted(at for at, *_ in changes)
    assert one_by_one(changes) == from_histories(world, world.now_ms + END_MS)


@pytest.mark.rule("L6")
@given(SENDS, PAUSES)
def test_asking_often_gives_the_same_as_asking_once(
    sends: list[tuple[list[str], int, int]], pauses: list[int]
) -> None:
    once, often = world_with(sends), world_with(sends)
    expected = seen(once.account.outbox.changes_until(once.now_ms + END_MS))
    changes: list[Seen] = []
    at_ms = often.now_ms
    for pause in [*pauses, END_MS]:
        at_ms = min(at_ms + pause, once.now_ms + END_MS)
        changes += seen(often.account.outbox.changes_until(at_ms))
    assert changes == expected


@given(SENDS, st.integers(0, 20_000), st.integers(0, 50))
@example([(["9120000000"], 0, 0)], 999, 1)
@example([(["9120000000"], 0, 0)], 1_000, 1)
def test_what_was_passed_over_is_past_and_nothing_to_come_is_lost(
    sends: list[tuple[list[str], int, int]], pause_ms: int, times: int
) -> None:
    asked, passed = world_with(sends), world_with(sends)
    at_ms = asked.now_ms + pause_ms
    asked.account.outbox.changes_until(at_ms)
    for _ in range(times):
        passed.account.outbox.pass_over(at_ms)
    passed.account.outbox.changes_until(at_ms)
    end_ms = at_ms + END_MS
    assert one_by_one(seen(passed.account.outbox.changes_until(end_ms))) == one_by_one(
        seen(asked.account.outbox.changes_until(end_ms))
    )


@given(st.integers(1, 200))
def test_what_is_final_is_forgotten_as_requests_go_on(count: int) -> None:
    world = World(timeline="instant")
    for _ in range(count):
        world.send()
        world.account.outbox.pass_over(world.now_ms)
    assert world.account.outbox.next_change_ms() is None


@pytest.mark.rule("L5", "M5")
def test_a_command_is_a_change_and_ends_those_that_would_have_come() -> None:
    world = World()
    send_id = world.send("9120000000")["sendID"]
    world.advance(1)
    world.account.outbox.changes_until(world.now_ms)
    world.cancel(send_id)
    changes = seen(world.account.outbox.changes_until(world.now_ms + END_MS))
    assert [pair for *_, pair in changes] == [(5, -2)]
