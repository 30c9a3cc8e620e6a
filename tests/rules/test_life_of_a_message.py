"""The life of a message (L): timelines, what becomes of a receiver, monitoring and commands."""

import itertools
from typing import Any

import pytest

from tests.driver import World
from tests.rules.model_of_life import (
    DAY,
    GRAPH,
    HOUR,
    TIMELINES,
    Life,
    Pair,
    accept,
    approved,
    assert_lives,
    life,
    offsets_of,
    pair_at,
    pause_of,
    reachable,
)

KINDS = ["ordinary", "pattern", "OTP"]
STAGES: dict[str, list[Pair]] = {
    "ordinary": [(0, -1), (1, -1), (2, -1), (2, 0), (2, 1), (2, 3)],
    "pattern": [(1, -1), (2, -1), (2, 0), (2, 1), (2, 3)],
    "OTP": [(1, -1), (2, -1), (2, 0), (2, 1), (2, 3)],
}
WRITTEN_OUT: dict[tuple[str, str], list[int]] = {
    ("default", "ordinary"): [0, 1000, 2000, 3000, 4000, 6000],
    ("default", "pattern"): [0, 200, 400, 600, 800],
    ("default", "OTP"): [0, 200, 400, 600, 800],
    ("slow", "ordinary"): [0, 30_000, 60_000, 65_000, 90_000, 300_000],
    ("slow", "pattern"): [0, 5000, 6000, 10_000, 60_000],
    ("slow", "OTP"): [0, 5000, 6000, 10_000, 60_000],
}
CUSTOM = {"ordinary": [0, 0.001, 1.001, 4.35, 4.35, 90.029], "pattern": [0, 0.07, 0.29, 0.57, 1.15]}
CUSTOM_MS = {"ordinary": [0, 1, 1001, 4350, 4350, 90_029], "pattern": [0, 70, 290, 570, 1150]}
FATES: dict[str, Pair] = {
    "delivered": (2, 3),
    "reached": (2, 1),
    "unreached": (4, 2),
    "undelivered": (2, 4),
    "blacklisted": (2, 5),
    "expired": (2, 6),
    "rejected": (2, 7),
    "held": (0, -1),
    "queued": (1, -1),
    "cancelled": (5, -2),
    "scheduled": (2, 3),
}


# Timelines


@pytest.mark.rule("L1", "L3")
@pytest.mark.parametrize(("timeline", "kind"), WRITTEN_OUT)
def test_a_delivered_message_takes_the_steps_of_its_timeline(timeline: str, kind: str) -> None:
    world = World(timeline=timeline)
    expected: Life = list(zip(WRITTEN_OUT[timeline, kind], STAGES[kind], strict=True))
    assert_lives(world, accept(world, kind), expected)


@pytest.mark.rule("L3")
@pytest.mark.parametrize("kind", KINDS)
def test_the_default_timeline_is_called_default(kind: str) -> None:
    world = World()
    assert_lives(world, accept(world, kind), life("delivered", offsets_of("default", kind)))


@pytest.mark.rule("L3")
@pytest.mark.parametrize("kind", KINDS)
def test_instant_means_delivered_in_the_moment_of_acceptance(kind: str) -> None:
    world = World(timeline="instant")
    assert world.pair(accept(world, kind)) == (2, 3)


@pytest.mark.rule("L3")
@pytest.mark.parametrize("kind", KINDS)
def test_a_timeline_of_ones_own_counts_to_the_millisecond(kind: str) -> None:
    world = World(timeline=CUSTOM)
    offsets = CUSTOM_MS["ordinary" if kind == "ordinary" else "pattern"]
    assert_lives(world, accept(world, kind), life("delivered", offsets))


@pytest.mark.rule("L3")
def test_ten_tenths_are_one_second() -> None:
    world = World()
    send_id = accept(world, "ordinary")
    for _ in range(9):
        world.advance(0.1)
        assert world.pair(send_id) == (0, -1)
    world.advance(0.1)
    assert world.pair(send_id) == (1, -1)


@pytest.mark.rule("L3", "L6")
def test_a_life_begins_with_acceptance_and_not_with_the_account() -> None:
    world = World()
    world.advance(1234.567)
    assert_lives(world, accept(world, "ordinary"), life("delivered", offsets_of("default", "ordinary")))


@pytest.mark.rule("L3", "L6")
@pytest.mark.parametrize(
    "change",
    [
        {"timeline": "instant"},
        {"outcomes": {"undelivered": 1}},
        {"blacklist": ["9121111111"]},
        {"forbidden_words": ["سلام"]},
        {"monitoring": "manual"},
        {"seed": 7},
    ],
    ids=str,
)
def test_a_message_on_its_way_does_not_mind_new_settings(change: dict[str, Any]) -> None:
    world = World()
    send_id = accept(world, "ordinary")
    world.change(**change)
    assert_lives(world, send_id, life("delivered", offsets_of("default", "ordinary")))


# What becomes of a receiver


@pytest.mark.rule("L1", "L3", "L4", "L7")
@pytest.mark.parametrize(
    ("fate", "kind", "timeline"),
    [
        one
        for one in itertools.product(FATES, KINDS, TIMELINES)
        if one != ("cancelled", "ordinary", "instant")
    ],
)
def test_every_outcome_has_its_steps_under_every_timeline(fate: str, kind: str, timeline: str) -> None:
    world = World(timeline=timeline, outcomes={fate: 1})
    expected = life(fate, offsets_of(timeline, kind), 0, pause_of(timeline))
    assert expected[-1][1] == FATES[fate]
    assert_lives(world, accept(world, kind), expected)


@pytest.mark.rule("L1", "L3", "L4")
@pytest.mark.parametrize("kind", ["ordinary", "pattern"])
@pytest.mark.parametrize("fate", [fate for fate in FATES if fate != "cancelled"])
def test_every_outcome_has_its_steps_under_a_timeline_of_ones_own(fate: str, kind: str) -> None:
    world = World(timeline=CUSTOM, outcomes={fate: 1})
    assert_lives(world, accept(world, kind, tries=2), life(fate, CUSTOM_MS[kind], 2))


UNRELIABLE = {"outcomes": {"undelivered": 1}}
LISTED = {"blacklist": ["9121111111", "9120000000"]}
FORBIDDEN = {"forbidden_words": ["12345", "سلام"]}
REASONS: list[tuple[dict[str, Any], str, str, Pair]] = [
    ({}, "ordinary", "9121111111", (2, 3)),
    (UNRELIABLE, "ordinary", "9121111111", (2, 4)),
    (UNRELIABLE, "pattern", "9121111111", (2, 4)),
    (UNRELIABLE, "OTP", "9121111111", (2, 4)),
    (LISTED, "ordinary", "9121111111", (2, 5)),
    (LISTED, "pattern", "9121111111", (2, 3)),
    (LISTED, "OTP", "9121111111", (2, 3)),
    (LISTED | UNRELIABLE, "ordinary", "9121111111", (2, 5)),
    (LISTED | UNRELIABLE, "pattern", "9121111111", (2, 4)),
    (FORBIDDEN, "ordinary", "9121111111", (2, 7)),
    (FORBIDDEN, "pattern", "9121111111", (2, 7)),
    (FORBIDDEN, "OTP", "9121111111", (2, 7)),
    (FORBIDDEN | LISTED | UNRELIABLE, "ordinary", "9121111111", (2, 7)),
    (FORBIDDEN | LISTED | UNRELIABLE, "pattern", "9121111111", (2, 7)),
    (FORBIDDEN | LISTED | UNRELIABLE, "ordinary", "9120000000", (2, 3)),
    (FORBIDDEN | LISTED | UNRELIABLE, "pattern", "9120000000", (2, 3)),
    (FORBIDDEN | LISTED | UNRELIABLE, "OTP", "9120000000", (2, 3)),
    (FORBIDDEN | LISTED | {"reserved_receivers": False}, "ordinary", "9120000000", (2, 7)),
    (LISTED | {"reserved_receivers": False}, "ordinary", "9120000000", (2, 5)),
    (UNRELIABLE | {"reserved_receivers": False}, "ordinary", "9120000000", (2, 4)),
]


@pytest.mark.rule("L4")
@pytest.mark.parametrize(("settings", "kind", "receiver", "end"), REASONS)
def test_the_first_reason_that_applies_decides(
    settings: dict[str, Any], kind: str, receiver: str, end: Pair
) -> None:
    world = World(**settings)
    send_id = accept(world, kind, receiver)
    world.advance(6)
    assert world.pair(send_id) == end


@pytest.mark.rule("L4", "L3")
def test_forbidden_words_and_the_blacklist_end_a_message_in_place_of_the_next_step() -> None:
    world = World(forbidden_words=["بد"], blacklist=["9121111111"])
    bad, listed = world.send(text="چیز بد")["sendID"], world.send(text="خوب")["sendID"]
    offsets = offsets_of("default", "ordinary")
    began_ms = world.now_ms
    for moment in (0, 999, 1000, 1999, 2000, 2999, 3000, 3999, 4000, 6000):
        world.advance((began_ms + moment - world.now_ms) / 1000)
        assert world.pair(bad) == pair_at(life("rejected", offsets), moment)
        assert world.pair(listed) == pair_at(life("blacklisted", offsets), moment)
    assert world.credit() == 998_000


@pytest.mark.rule("L4")
def test_only_the_listed_receivers_of_a_send_are_on_the_blacklist() -> None:
    world = World(blacklist=["9122222222"])
    send_id = world.send("9121111111,9122222222,9123333333")["sendID"]
    world.advance(6)
    assert world.pairs(send_id) == [(2, 3), (2, 5), (2, 3)]


# Chance

MANY = ",".join(f"912111{number:04}" for number in range(200))
EVEN = {"delivered": 1, "undelivered": 1}


def drawn(world: World, receivers: str = MANY) -> list[Pair]:
    send_id = world.send(receivers)["sendID"]
    world.advance(6)
    return world.pairs(send_id)


@pytest.mark.rule("L4", "L6")
def test_the_same_seed_draws_the_same_outcomes() -> None:
    one, other = (World(outcomes=EVEN, seed=7) for _ in range(2))
    assert [drawn(one), drawn(one)] == [drawn(other), drawn(other)]


@pytest.mark.rule("L4")
def test_another_seed_draws_other_outcomes() -> None:
    assert len({tuple(drawn(World(outcomes=EVEN, seed=seed))) for seed in range(5)}) == 5


@pytest.mark.rule("L4")
def test_every_send_draws_anew() -> None:
    world = World(outcomes=EVEN)
    assert drawn(world) != drawn(world)


@pytest.mark.rule("L4")
def test_the_draws_follow_the_weights() -> None:
    world = World(outcomes={"delivered": 9, "undelivered": 1, "rejected": 0}, credit=10**9)
    ends = [pair for _ in range(10) for pair in drawn(world)]
    assert set(ends) == {(2, 3), (2, 4)}
    assert 0.87 < ends.count((2, 3)) / len(ends) < 0.93


@pytest.mark.rule("L4", "L6")
def test_neither_reading_nor_refusals_nor_time_change_what_is_drawn() -> None:
    quiet, busy = World(outcomes=EVEN), World(outcomes=EVEN)
    assert drawn(quiet) == drawn(busy)
    for _ in range(3):
        busy.send("abc")
        busy.send("9120000109")
        busy.ask("status")
        busy.credit()
        busy.advance(17)
    assert drawn(quiet) == drawn(busy)


# Monitoring


@pytest.mark.rule("L5", "L3")
def test_with_automatic_monitoring_nothing_waits() -> None:
    world = World(monitoring="automatic")
    assert_lives(world, accept(world, "ordinary"), life("delivered", offsets_of("default", "ordinary")))


@pytest.mark.rule("L5")
@pytest.mark.parametrize("timeline", TIMELINES)
def test_with_manual_monitoring_an_ordinary_message_waits_for_ever(timeline: str) -> None:
    world = World(monitoring="manual", timeline=timeline)
    assert_lives(world, accept(world, "ordinary"), [(0, (0, -1))])
    assert world.credit() == 999_000


@pytest.mark.rule("L5")
@pytest.mark.parametrize("kind", ["pattern", "OTP"])
def test_pattern_messages_and_codes_need_no_approval(kind: str) -> None:
    world = World(monitoring="manual")
    assert_lives(world, accept(world, kind), life("delivered", offsets_of("default", kind)))


APPROVED_FATES = [fate for fate in FATES if fate not in {"held", "scheduled", "cancelled"}]


@pytest.mark.rule("L4", "L5")
@pytest.mark.parametrize("timeline", TIMELINES)
@pytest.mark.parametrize("fate", [fate for fate in APPROVED_FATES if fate != "expired"])
def test_approval_starts_the_rest_of_the_life_at_that_instant(fate: str, timeline: str) -> None:
    world = World(monitoring="manual", outcomes={fate: 1}, timeline=timeline)
    send_id = accept(world, "ordinary", tries=1)
    began_ms = world.now_ms
    world.advance(100.5)
    assert world.pair(send_id) == (0, -1)
    assert world.approve(send_id) == 1
    steps = life(fate, offsets_of(timeline, "ordinary"), 1, pause_of(timeline))
    assert_lives(world, send_id, approved(steps, 100_500), began_ms)


@pytest.mark.rule("L5", "L7")
def test_approval_does_not_move_the_end_of_validity() -> None:
    world = World(monitoring="manual", outcomes={"expired": 1}, validity_seconds=600)
    send_id = accept(world, "ordinary")
    world.advance(100)
    world.approve(send_id)
    world.advance(499.999)
    assert world.pair(send_id) == (2, 1)
    world.advance(0.001)
    assert world.pair(send_id) == (2, 6)


@pytest.mark.rule("L5")
def test_approval_moves_every_receiver_that_waits_once() -> None:
    world = World(monitoring="manual")
    send_id = world.send("9121111111,9122222222,9123333333")["sendID"]
    assert world.approve(send_id) == 3
    assert world.approve(send_id) == 0
    assert world.pairs(send_id) == [(1, -1)] * 3


@pytest.mark.rule("L5")
def test_a_message_can_be_approved_in_the_moment_of_its_acceptance() -> None:
    world = World(monitoring="manual")
    send_id = accept(world, "ordinary")
    world.approve(send_id)
    expected: Life = [(0, (1, -1)), (1000, (2, -1)), (2000, (2, 0)), (3000, (2, 1)), (5000, (2, 3))]
    assert_lives(world, send_id, expected)


@pytest.mark.rule("L5", "Z8")
def test_a_message_whose_fate_is_cancellation_is_cancelled_a_second_after_approval() -> None:
    world = World(monitoring="manual")
    send_id = accept(world, "ordinary", "9120000015")
    world.advance(10)
    assert world.pair(send_id) == (0, -1)
    world.approve(send_id)
    assert world.pair(send_id) == (1, -1)
    world.advance(0.999)
    assert (world.pair(send_id), world.credit()) == ((1, -1), 999_000)
    world.advance(0.001)
    assert (world.pair(send_id), world.credit()) == ((5, -2), 1_000_000)


@pytest.mark.rule("L5", "Z5")
@pytest.mark.parametrize("monitoring", ["automatic", "manual"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_reserved_receiver_holds_is_delivered_once_approved(kind: str, monitoring: str) -> None:
    world = World(monitoring=monitoring)
    send_id = accept(world, kind, "9120000010")
    began_ms = world.now_ms
    world.advance(50)
    assert world.approve(send_id) == 1
    rest = offsets_of("default", kind)[-5:]
    expected = life("delivered", [0, *rest])
    assert_lives(world, send_id, approved(expected, 50_000), began_ms)


@pytest.mark.rule("L5", "Z6")
def test_a_queued_fate_stays_queued_after_approval() -> None:
    world = World(monitoring="manual")
    send_id = accept(world, "ordinary", "9120000011")
    world.approve(send_id)
    assert_lives(world, send_id, [(0, (1, -1))])


@pytest.mark.rule("L1", "L5", "Z7")
def test_a_scheduled_message_waits_for_its_time_and_then_for_approval() -> None:
    world = World(monitoring="manual")
    send_id = accept(world, "ordinary", "9120000013")
    began_ms = world.now_ms
    assert_lives(world, send_id, [(0, (3, -1)), (HOUR, (0, -1))], began_ms)
    now = world.now_ms - began_ms
    assert world.approve(send_id) == 1
    steps = later_steps(now)
    assert_lives(world, send_id, [(0, (3, -1)), *steps], began_ms)


def later_steps(now: int) -> Life:
    return [
        (now, (1, -1)),
        (now + 1000, (2, -1)),
        (now + 2000, (2, 0)),
        (now + 3000, (2, 1)),
        (now + 5000, (2, 3)),
    ]


# Cancelling


@pytest.mark.rule("L1", "L5", "M5")
@pytest.mark.parametrize(
    ("settings", "kind", "receiver", "seconds", "before"),
    [
        ({}, "ordinary", "9121111111", 0, (0, -1)),
        ({}, "ordinary", "9121111111", 1, (1, -1)),
        ({}, "ordinary", "9121111111", 1.999, (1, -1)),
        ({}, "pattern", "9121111111", 0, (1, -1)),
        ({}, "OTP", "9121111111", 0.199, (1, -1)),
        ({"monitoring": "manual"}, "ordinary", "9121111111", 5000, (0, -1)),
        ({}, "ordinary", "9120000010", 5000, (0, -1)),
        ({}, "pattern", "9120000010", 5000, (0, -1)),
        ({}, "ordinary", "9120000011", 5000, (1, -1)),
        ({}, "ordinary", "9120000013", 5, (3, -1)),
        ({}, "pattern", "9120000013", 5, (3, -1)),
        ({}, "ordinary", "9120000002", 5, (1, -1)),
    ],
)
def test_what_has_not_gone_out_can_be_cancelled_and_is_refunded(
    settings: dict[str, Any], kind: str, receiver: str, seconds: float, before: Pair
) -> None:
    world = World(**settings)
    send_id = accept(world, kind, receiver, tries=1)
    world.advance(seconds)
    assert (world.pair(send_id), world.credit()) == (before, 999_000)
    assert world.cancel(send_id) == 1
    assert_lives(world, send_id, [(0, (5, -2))])
    assert world.credit() == 1_000_000
    assert (world.cancel(send_id), world.approve(send_id)) == (0, 0)


@pytest.mark.rule("L1", "L5", "M5")
@pytest.mark.parametrize("seconds", [2, 3, 4, 5.999, 6, 100])
def test_what_has_gone_out_can_be_neither_cancelled_nor_approved(seconds: float) -> None:
    world = World()
    send_id = accept(world, "ordinary")
    began_ms = world.now_ms
    world.advance(seconds)
    assert (world.cancel(send_id), world.approve(send_id)) == (0, 0)
    assert_lives(world, send_id, life("delivered", offsets_of("default", "ordinary")), began_ms)
    assert world.credit() == 999_000


@pytest.mark.rule("L1", "L5", "M5")
def test_cancelling_moves_only_the_receivers_that_can() -> None:
    world = World()
    send_id = world.send("9120000000,9120000010,9120000011,9120000015,9120000013")["sendID"]
    world.advance(6)
    assert world.cancel(send_id) == 3
    assert world.pairs(send_id) == [(2, 3), (5, -2), (5, -2), (5, -2), (5, -2)]
    assert world.credit() == 1_000_000 - 1000


@pytest.mark.rule("L1", "L5")
def test_approving_moves_only_the_receivers_that_wait() -> None:
    world = World()
    send_id = world.send("9120000000,9120000010,9120000011,9120000015")["sendID"]
    world.advance(6)
    assert world.approve(send_id) == 1
    assert world.pairs(send_id) == [(2, 3), (1, -1), (1, -1), (5, -2)]


# Forcing


@pytest.mark.rule("L1", "L4")
@pytest.mark.parametrize("tries", [0, 5])
@pytest.mark.parametrize(("start", "wanted"), list(itertools.permutations(GRAPH, 2)))
def test_a_pair_can_be_forced_only_along_the_graph(start: Pair, wanted: Pair, tries: int) -> None:
    world = World()
    send_id = accept(world, "ordinary", "9120000013", tries)
    assert start == (3, -1) or world.force(send_id, start) == 1
    possible = wanted in reachable(start, tries_left=tries > 0)
    assert world.force(send_id, wanted) == int(possible)
    assert world.pair(send_id) == (wanted if possible else start)


@pytest.mark.rule("L1", "L4", "L6")
@pytest.mark.parametrize("pair", [pair for pair in GRAPH if pair not in {(0, -1), (3, -1)}])
def test_a_forced_pair_stays(pair: Pair) -> None:
    world = World()
    send_id = accept(world, "ordinary", tries=3)
    assert world.force(send_id, pair) == 1
    assert_lives(world, send_id, [(0, pair)])


@pytest.mark.rule("L4", "L6")
def test_a_forced_pair_replaces_the_rest_of_the_life_from_that_instant() -> None:
    world = World()
    send_id = accept(world, "ordinary")
    world.advance(2.5)
    assert world.force(send_id, (2, 0)) == 1
    assert_lives(world, send_id, [(0, (2, 0))])


@pytest.mark.rule("L4")
def test_one_receiver_can_be_forced_alone() -> None:
    world = World()
    send_id = world.send("9121111111,9122222222")["sendID"]
    assert world.force(send_id, (2, 4), "9122222222") == 1
    assert world.pairs(send_id) == [(0, -1), (2, 4)]
    world.advance(6)
    assert world.pairs(send_id) == [(2, 3), (2, 4)]


@pytest.mark.rule("L4")
def test_without_a_number_all_receivers_that_can_are_forced() -> None:
    world = World()
    send_id = world.send("9121111111,9122222222,9120000015")["sendID"]
    world.advance(1)
    assert world.force(send_id, (2, 4)) == 2
    assert world.pairs(send_id) == [(2, 4), (2, 4), (5, -2)]


@pytest.mark.rule("L4", "M4", "M5", "M6")
@pytest.mark.parametrize("pair", GRAPH)
def test_forcing_refunds_what_is_returned_or_cancelled_and_nothing_else(pair: Pair) -> None:
    world = World()
    send_id = accept(world, "ordinary", "9120000013")
    world.force(send_id, pair)
    refunded = pair in {(4, 2), (5, -2)}
    assert world.credit() == (1_000_000 if refunded else 999_000)
    world.advance(DAY / 1000)
    world.cancel(send_id)
    assert world.credit() == (1_000_000 if world.pair(send_id) in {(4, 2), (5, -2)} else 999_000)


@pytest.mark.rule("L1", "M4", "M5", "M6")
@pytest.mark.parametrize("pair", [(4, 2), (5, -2)])
def test_no_receiver_is_refunded_twice(pair: Pair) -> None:
    world = World()
    send_id = accept(world, "ordinary")
    world.force(send_id, pair)
    world.force(send_id, pair)
    world.cancel(send_id)
    assert (world.pair(send_id), world.credit()) == (pair, 1_000_000)


@pytest.mark.rule("L1", "M4", "M5", "M6")
@pytest.mark.parametrize(
    ("receiver", "pair"), [("9120000002", (4, 2)), ("9120000015", (5, -2))], ids=["returned", "cancelled"]
)
def test_what_was_refunded_by_its_fate_is_not_refunded_again_by_a_command(receiver: str, pair: Pair) -> None:
    world = World()
    send_id = accept(world, "ordinary", receiver)
    world.advance(5)
    assert (world.pair(send_id), world.credit()) == (pair, 1_000_000)
    world.force(send_id, pair)
    world.cancel(send_id)
    assert world.credit() == 1_000_000


@pytest.mark.rule("L1", "M5", "M6")
def test_what_was_cancelled_before_its_return_is_refunded_once() -> None:
    world = World()
    send_id = accept(world, "ordinary", "9120000002")
    world.advance(1)
    world.cancel(send_id)
    world.advance(60)
    assert (world.pair(send_id), world.credit()) == ((5, -2), 1_000_000)
