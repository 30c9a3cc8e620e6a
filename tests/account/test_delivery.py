"""The history of a receiver: every pair that it was at and will be at, with its time."""

import pytest

from tests.driver import World

Pair = tuple[int, int]

ONE = "9121111111"
FAILS_ONCE = "9120000021"


def history(world: World) -> list[tuple[int, Pair]]:
    """(milliseconds since acceptance, pair) of the only receiver of the newest send."""
    send = world.account.sends.newest()
    assert send is not None
    (delivery,) = send.deliveries.values()
    return [(step.at_ms - send.accepted_ms, (step.pair[0], step.pair[1])) for step in delivery.steps()]


@pytest.mark.rule("L3")
def test_a_history_begins_with_acceptance_and_tells_what_will_be() -> None:
    world = World()
    world.send(ONE)
    expected = [
        (0, (0, -1)),
        (1000, (1, -1)),
        (2000, (2, -1)),
        (3000, (2, 0)),
        (4000, (2, 1)),
        (6000, (2, 3)),
    ]
    assert history(world) == expected
    world.advance(60)
    assert history(world) == expected


@pytest.mark.rule("L5")
def test_an_approval_keeps_what_has_been() -> None:
    world = World(monitoring="manual")
    send_id = world.send(ONE)["sendID"]
    assert history(world) == [(0, (0, -1))]
    world.advance(30)
    assert world.approve(send_id) == 1
    assert history(world) == [
        (0, (0, -1)),
        (30_000, (1, -1)),
        (31_000, (2, -1)),
        (32_000, (2, 0)),
        (33_000, (2, 1)),
        (35_000, (2, 3)),
    ]


@pytest.mark.rule("L1", "L5")
def test_what_was_approved_can_still_be_forced_and_cancelled() -> None:
    world = World(monitoring="manual")
    send_id = world.send(ONE)["sendID"]
    world.advance(30)
    world.approve(send_id)
    world.advance(1)
    assert world.force(send_id, (2, 4)) == 1
    assert history(world) == [
        (0, (0, -1)),
        (30_000, (1, -1)),
        (31_000, (2, -1)),
        (31_000, (2, 0)),
        (31_000, (2, 1)),
        (31_000, (2, 4)),
    ]


@pytest.mark.rule("L1")
def test_a_forced_pair_keeps_what_has_been_and_goes_by_the_shortest_path() -> None:
    world = World()
    send_id = world.send(ONE)["sendID"]
    world.advance(2.5)
    assert world.force(send_id, (2, 5)) == 1
    assert history(world) == [
        (0, (0, -1)),
        (1000, (1, -1)),
        (2000, (2, -1)),
        (2500, (2, 0)),
        (2500, (2, 5)),
    ]
    world.advance(60)
    assert world.pair(send_id) == (2, 5)


@pytest.mark.rule("L1")
def test_a_pair_that_is_forced_where_it_is_stays_from_when_it_came() -> None:
    world = World()
    send_id = world.send(ONE)["sendID"]
    world.advance(3.5)
    assert world.force(send_id, (2, 0)) == 1
    expected = [(0, (0, -1)), (1000, (1, -1)), (2000, (2, -1)), (3000, (2, 0))]
    assert history(world) == expected
    world.advance(60)
    assert history(world) == expected
    assert world.pair(send_id) == (2, 0)


@pytest.mark.rule("L1", "L2")
def test_a_try_that_was_used_up_cannot_be_forced_again() -> None:
    world = World()
    send_id = world.send(FAILS_ONCE, trySend=1)["sendID"]
    assert [pair for _, pair in history(world)].count((1, -1)) == 2
    world.advance(5)
    assert world.pair(send_id) == (1, -1)
    assert world.force(send_id, (2, 2)) == 1
    assert world.force(send_id, (1, -1)) == 0
    assert world.force(send_id, (4, 2)) == 1
    world = World()
    send_id = world.send(FAILS_ONCE, trySend=2)["sendID"]
    world.advance(5)
    assert world.force(send_id, (2, 2)) == 1
    assert world.force(send_id, (1, -1)) == 1


@pytest.mark.rule("L3", "Z4")
@pytest.mark.parametrize(("seconds", "expired_ms"), [(1, 4000), (4, 4000), (5, 5000), (100, 100_000)])
def test_a_message_does_not_expire_before_it_has_reached_its_operator(seconds: int, expired_ms: int) -> None:
    world = World(validity_seconds=seconds)
    world.send("9120000006")
    assert history(world)[-2:] == [(4000, (2, 1)), (expired_ms, (2, 6))]
