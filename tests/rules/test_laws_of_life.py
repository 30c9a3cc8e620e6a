"""Laws of the life of a message (L1, L2, L3, L6, M4 to M6), held against the plain model."""

from typing import Any

import pytest
from hypothesis import assume, example, given, strategies as st

from tests.driver import World
from tests.rules.model_of_life import (
    DAY,
    ENTRIES,
    GRAPH,
    REFUNDED,
    Pair,
    accept,
    life,
    pair_at,
)

OUTCOMES = [
    "delivered",
    "reached",
    "unreached",
    "undelivered",
    "blacklisted",
    "expired",
    "rejected",
    "held",
    "queued",
    "cancelled",
    "scheduled",
]
RESERVED = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 15, *range(21, 30)]
KINDS = ["ordinary", "pattern", "OTP"]

Deed = tuple[str, Any]


def steps_of(size: int) -> st.SearchStrategy[list[int]]:
    """Offsets in milliseconds that never go back, the first 0 and the last not."""
    gaps = st.lists(st.integers(0, 5000), min_size=size - 1, max_size=size - 1)
    return gaps.filter(any).map(lambda gap: [sum(gap[:place]) for place in range(size)])


def seconds(offsets: list[int]) -> list[float]:
    return [offset / 1000 for offset in offsets]


def timeline(ordinary: list[int], pattern: list[int]) -> dict[str, list[float]]:
    return {"ordinary": seconds(ordinary), "pattern": seconds(pattern)}


def pairs(world: World, ids: list[str]) -> list[Pair]:
    return [pair for one in ids for pair in world.pairs(one)]


moments = st.lists(st.one_of(st.integers(0, 30_000), st.integers(0, 2 * DAY)), min_size=1, max_size=12)


@pytest.mark.rule("L1", "L2", "L3", "L4", "L7")
@given(
    fate=st.one_of(st.sampled_from(OUTCOMES), st.integers(1, 9).map("fails {}".format)),
    kind=st.sampled_from(KINDS),
    ordinary=steps_of(6),
    pattern=steps_of(5),
    tries=st.integers(0, 10),
    validity=st.integers(60, 90_000),
    times=moments,
)
def test_a_pair_is_at_every_moment_what_the_plain_model_says(
    *,
    fate: str,
    kind: str,
    ordinary: list[int],
    pattern: list[int],
    tries: int,
    validity: int,
    times: list[int],
) -> None:
    offsets = ordinary if kind == "ordinary" else pattern
    assume(not (fate == "cancelled" and kind == "ordinary" and offsets[1] < 1000))
    failing = fate.startswith("fails")
    world = World(
        timeline=timeline(ordinary, pattern),
        validity_seconds=validity,
        outcomes={} if failing else {fate: 1},
    )
    receiver = f"912000002{fate[-1]}" if failing else "9121111111"
    expected = life(fate, offsets, tries if kind != "OTP" else 0, validity=validity * 1000)
    began, send_id = world.now_ms, accept(world, kind, receiver, tries)
    for moment in sorted({*times, *(at for at, _ in expected)}):
        world.advance((began + moment - world.now_ms) / 1000)
        assert world.pair(send_id) == pair_at(expected, moment)


# Tables in whole tenths of a second, no two steps together: looking every tenth sees every step.
distinct = st.lists(st.integers(1, 8), min_size=5, max_size=5).map(
    lambda gaps: [100 * sum(gaps[:place]) for place in range(6)]
)
looks = st.lists(st.sampled_from(["look"] * 12 + ["approve", "cancel", "hour"]), min_size=30, max_size=90)


@pytest.mark.rule("L1")
@given(
    nnn=st.sampled_from(RESERVED),
    kind=st.sampled_from(KINDS),
    ordinary=distinct,
    monitoring=st.sampled_from(["automatic", "manual"]),
    tries=st.integers(0, 4),
    validity=st.integers(1, 3700),
    deeds=looks,
)
def test_a_pair_moves_only_along_the_graph(
    *, nnn: int, kind: str, ordinary: list[int], monitoring: str, tries: int, validity: int, deeds: list[str]
) -> None:
    world = World(timeline=timeline(ordinary, ordinary[:5]), monitoring=monitoring, validity_seconds=validity)
    send_id = accept(world, kind, f"9120000{nnn:03}", tries)
    seen = world.pair(send_id)
    assert seen in ENTRIES
    for deed in deeds:
        do(world, send_id, deed)
        new = world.pair(send_id)
        assert deed == "hour" or new == seen or new in next_to(seen)
        assert new in followers(seen)
        seen = new


def next_to(pair: Pair) -> list[Pair]:
    """A life that is over before it reached the telecom passes (2,1) in no time (L7)."""
    return [*GRAPH[pair], (2, 6)] if pair == (2, 0) else GRAPH[pair]


def do(world: World, send_id: str, deed: str) -> None:
    if deed == "look":
        world.advance(0.1)
    elif deed == "hour":
        world.advance(3600)
    elif deed == "approve":
        world.approve(send_id)
    else:
        world.cancel(send_id)


def followers(pair: Pair) -> set[Pair]:
    """The pair and all that can come of it, however often it is tried again."""
    found: set[Pair] = set()
    edge = [pair]
    while edge:
        one = edge.pop()
        if one not in found:
            found.add(one)
            edge += GRAPH[one]
    return found


@pytest.mark.rule("L1", "L4", "M4", "M5")
@given(
    nnn=st.sampled_from(RESERVED),
    tries=st.integers(0, 3),
    forces=st.lists(st.tuples(st.integers(0, 4000), st.sampled_from(list(GRAPH))), max_size=6),
)
def test_commands_move_a_pair_forward_along_the_graph_or_not_at_all(
    nnn: int, tries: int, forces: list[tuple[int, Pair]]
) -> None:
    world = World()
    send_id = accept(world, "ordinary", f"9120000{nnn:03}", tries)
    for wait, wanted in forces:
        world.advance(wait / 1000)
        before = world.pair(send_id)
        moved = world.force(send_id, wanted)
        after = world.pair(send_id)
        assert after == (wanted if moved else before)
        assert wanted in followers(before) if moved else True
        assert world.credit() == (1_000_000 if after in REFUNDED else 999_000)


def receivers() -> st.SearchStrategy[str]:
    one = st.sampled_from([*(f"9120000{nnn:03}" for nnn in RESERVED), "9121111111", "9122222222"])
    return st.lists(one, min_size=1, max_size=5).map(",".join)


def busy_world(sends: list[tuple[str, str, int]], settings: dict[str, Any]) -> tuple[World, list[str]]:
    world = World(**settings)
    return world, [
        accept(world, kind, to.split(",")[0] if kind == "pattern" else to, tries) for kind, to, tries in sends
    ]


sends = st.lists(st.tuples(st.sampled_from(KINDS), receivers(), st.integers(0, 3)), min_size=1, max_size=4)
manners = st.fixed_dictionaries(
    {
        "timeline": st.sampled_from(["default", "slow", "instant"]),
        "monitoring": st.sampled_from(["automatic", "manual"]),
        "outcomes": st.sampled_from([{}, {"delivered": 1, "unreached": 1, "cancelled": 1}]),
        "validity_seconds": st.integers(1, 7200),
    }
)


@pytest.mark.rule("L6", "L3")
@given(sends, manners, st.integers(0, 400_000), st.integers(0, 4_000_000))
def test_advancing_by_a_then_b_equals_advancing_by_a_plus_b(
    sent: list[tuple[str, str, int]], settings: dict[str, Any], a: int, b: int
) -> None:
    (twice, ids), (once, same) = busy_world(sent, settings), busy_world(sent, settings)
    twice.advance(a / 1000)
    twice.advance(b / 1000)
    once.advance((a + b) / 1000)
    assert ids == same
    assert pairs(twice, ids) == pairs(once, ids)
    assert twice.credit() == once.credit()


@pytest.mark.rule("L6")
@given(sends, manners, st.lists(st.integers(0, 100_000), max_size=8))
def test_reading_changes_nothing(
    sent: list[tuple[str, str, int]], settings: dict[str, Any], waits: list[int]
) -> None:
    (read, ids), (unread, same) = busy_world(sent, settings), busy_world(sent, settings)
    for wait in waits:
        read.advance(wait / 1000)
        unread.advance(wait / 1000)
        first = [pairs(read, ids), read.credit(), read.ask("receivedMessages"), read.ask("status")]
        assert first == [pairs(read, ids), read.credit(), read.ask("receivedMessages"), read.ask("status")]
    assert (pairs(read, ids), read.credit()) == (pairs(unread, same), unread.credit())
    assert read.send() == unread.send()


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 60_000)),
        st.tuples(st.just("ordinary"), receivers()),
        st.tuples(st.just("long"), receivers()),
        st.tuples(st.just("pattern"), receivers()),
        st.tuples(st.just("OTP"), receivers()),
        st.tuples(st.sampled_from(["approve", "cancel"]), st.integers(0, 9)),
        st.tuples(st.just("force"), st.tuples(st.integers(0, 9), st.sampled_from(list(GRAPH)))),
        st.tuples(st.just("refused"), st.sampled_from(["abc", "9120000109", "9120000113,9121111111"])),
    ),
    max_size=25,
)


class Books:
    """An account's books, kept beside it: what every receiver cost, and the pairs as it reports them."""

    def __init__(self, granted: int, **settings: Any) -> None:
        self.world = World(credit=granted, **settings)
        self.granted = granted
        self.costs: list[tuple[str, int]] = []

    def do(self, deed: Deed) -> None:
        name, value = deed
        if name == "wait":
            self.world.advance(value / 1000)
        elif name == "refused":
            assert self.world.send(value)["result"] != "1"
        elif name in {"approve", "cancel", "force"}:
            self.command(name, value)
        else:
            self.send(name, value)

    def send(self, name: str, receivers: str) -> None:
        if name == "pattern":
            reply = self.world.send_services(receivers.split(",", maxsplit=1)[0], trySend=2)
        elif name == "OTP":
            reply = self.world.send_otp(receivers)
        else:
            reply = self.world.send(receivers, text="s" * 200 if name == "long" else "سلام", trySend=1)
        if reply["result"] == "1":
            self.costs.append((reply["sendID"], 4000 if name == "long" else 1000))
        else:
            assert reply["result"] in {"109", "608"}

    def command(self, name: str, value: Any) -> None:
        if not self.costs:
            return
        place = value[0] if name == "force" else value
        send_id = self.costs[place % len(self.costs)][0]
        if name == "force":
            self.world.force(send_id, value[1])
        elif name == "cancel":
            self.world.cancel(send_id)
        else:
            self.world.approve(send_id)

    def balance(self) -> int:
        """What credit must be: granted - charged + refunded, refunds for (4,2) and (5,-2) alone."""
        kept = [
            cost * sum(pair not in REFUNDED for pair in self.world.pairs(send_id))
            for send_id, cost in self.costs
        ]
        return self.granted - sum(kept)


@pytest.mark.rule("M4", "M5", "M6", "L2", "L5")
@given(
    st.integers(0, 60_000),
    st.sampled_from(["default", "slow", "instant"]),
    st.sampled_from(["automatic", "manual"]),
    deeds,
)
@example(1000, "default", "automatic", [("ordinary", "9120000000"), ("cancel", 0), ("force", (0, (5, -2)))])
def test_credit_is_granted_minus_charged_plus_refunded_at_every_moment(
    granted: int, pace: str, monitoring: str, done: list[Deed]
) -> None:
    books = Books(granted, timeline=pace, monitoring=monitoring)
    for deed in done:
        books.do(deed)
        assert books.world.credit() == books.balance() >= 0


@pytest.mark.rule("M4", "M5", "L1")
@given(st.sampled_from(RESERVED), st.sampled_from(KINDS), st.integers(0, 10), st.integers(0, 2 * DAY))
def test_a_refund_is_made_exactly_for_the_returned_and_the_cancelled(
    nnn: int, kind: str, tries: int, moment: int
) -> None:
    world = World()
    send_id = accept(world, kind, f"9120000{nnn:03}", tries)
    world.advance(moment / 1000)
    refunded = world.pair(send_id) in REFUNDED
    assert world.credit() == (1_000_000 if refunded else 999_000)


@pytest.mark.rule("L1", "L6")
@given(st.sampled_from(RESERVED), st.sampled_from(KINDS), st.integers(0, 3), moments)
def test_what_is_final_never_changes(nnn: int, kind: str, tries: int, times: list[int]) -> None:
    world = World()
    began, send_id = world.now_ms, accept(world, kind, f"9120000{nnn:03}", tries)
    final: Pair | None = None
    for moment in sorted(times):
        world.advance((began + moment - world.now_ms) / 1000)
        pair = world.pair(send_id)
        assert final is None or pair == final
        final = pair if not GRAPH[pair] else None
