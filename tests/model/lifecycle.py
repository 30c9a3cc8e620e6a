"""The lifecycle of a message (L1 to L10), modelled independently: nothing here comes from the project.

Times are whole milliseconds.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Pair: TypeAlias = tuple[int, int]  # (processingStatus, sendStatus)
Steps: TypeAlias = list[tuple[int, Pair]]  # when each pair begins

SECOND, HOUR, DAY = 1000, 3_600_000, 86_400_000

ENTRIES: list[Pair] = [(0, -1), (1, -1), (3, -1)]
GRAPH: dict[Pair, list[Pair]] = {
    (3, -1): [(0, -1), (1, -1), (5, -2)],
    (0, -1): [(1, -1), (4, 2), (5, -2)],
    (1, -1): [(2, -1), (4, 2), (5, -2)],
    (2, -1): [(2, 0), (2, 2), (2, 7)],
    (2, 0): [(2, 1), (2, 2), (2, 5), (2, 7)],
    (2, 1): [(2, 3), (2, 4), (2, 6)],
    (2, 2): [(1, -1), (4, 2)],
    (2, 3): [],
    (2, 4): [],
    (2, 5): [],
    (2, 6): [],
    (2, 7): [],
    (4, 2): [],
    (5, -2): [],
}
REFUNDED: list[Pair] = [(4, 2), (5, -2)]
RETRY = ((2, 2), (1, -1))  # possible only while tries are left

# The pair at which a receiver of each outcome stays.
OUTCOMES: dict[str, Pair] = {
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

# Reserved receivers, 9120000NNN: NNN → the outcome. `fails 2` means delivered after two failed attempts.
RESERVED_OUTCOMES = {
    0: "delivered",
    1: "reached",
    2: "unreached",
    3: "delivered",
    4: "undelivered",
    5: "blacklisted",
    6: "expired",
    7: "rejected",
    10: "held",
    11: "queued",
    13: "scheduled",
    15: "cancelled",
    **{20 + failures: f"fails {failures}" for failures in range(1, 10)},
}


class Timeline(NamedTuple):
    """Offsets after acceptance. `ordinary`: (0,-1), (1,-1), (2,-1), (2,0), (2,1) and the last pair; `pattern`
    begins with (1,-1). A failed attempt stands for `failed`.
    """

    ordinary: list[int]
    pattern: list[int]
    failed: int = SECOND


TIMELINES = {
    "default": Timeline([0, 1000, 2000, 3000, 4000, 6000], [0, 200, 400, 600, 800]),
    "slow": Timeline([0, 30_000, 60_000, 65_000, 90_000, 300_000], [0, 5000, 6000, 10_000, 60_000]),
    "instant": Timeline([0] * 6, [0] * 5, failed=0),
}


@dataclass(frozen=True)
class Plan:
    """What the steps of a receiver depend on. `tries` is trySend; pattern messages are not `ordinary`."""

    outcome: str = "delivered"
    ordinary: bool = True
    timeline: Timeline = field(default=TIMELINES["default"])
    tries: int = 0
    validity: int = DAY
    manual: bool = False

    @property
    def failures(self) -> int:
        """How many attempts fail."""
        if self.outcome == "unreached":
            return self.tries + 1
        return int(self.outcome.removeprefix("fails ")) if self.outcome.startswith("fails") else 0

    @property
    def pace(self) -> list[int]:
        """Offsets from (1,-1): of itself, (2,-1), (2,0), (2,1) and the last pair."""
        offsets = self.timeline.ordinary[1:] if self.ordinary else self.timeline.pattern
        return [offset - offsets[0] for offset in offsets]


def schedule(plan: Plan, at: int = 0) -> Steps:
    """The steps of a message that is accepted at that time."""
    steps: Steps = []
    begin = at
    if plan.outcome == "scheduled":
        steps.append((at, (3, -1)))
        begin += HOUR
    if plan.ordinary or plan.outcome == "held":
        steps.append((begin, (0, -1)))
        if plan.outcome == "held" or plan.manual:
            return steps
        if plan.outcome == "cancelled":
            return [*steps, (begin + SECOND, (5, -2))]
        begin += plan.timeline.ordinary[1]
    return steps + steps_from_queue(plan, begin, at + plan.validity)


def steps_from_queue(plan: Plan, at: int, expires: int) -> Steps:
    """The steps from (1,-1), which begins at that time."""
    _, handed, telecom, reached, last = plan.pace
    steps: Steps = [(at, (1, -1))]
    if plan.outcome == "queued":
        return steps
    if plan.outcome == "cancelled":
        return [*steps, (at + SECOND, (5, -2))]
    for attempt in range(plan.failures):
        steps += [(at + handed, (2, -1)), (at + telecom, (2, 0)), (at + reached, (2, 2))]
        at += reached + plan.timeline.failed
        if attempt == plan.tries:
            return [*steps, (at, (4, 2))]
        steps.append((at, (1, -1)))
    steps.append((at + handed, (2, -1)))
    if plan.outcome == "rejected":
        return [*steps, (at + telecom, (2, 7))]
    steps.append((at + telecom, (2, 0)))
    if plan.outcome == "blacklisted":
        return [*steps, (at + reached, (2, 5))]
    steps.append((at + reached, (2, 1)))
    if plan.outcome == "reached":
        return steps
    if plan.outcome == "expired":
        return [*steps, (max(at + reached, expires), (2, 6))]
    return [*steps, (at + last, (2, 4) if plan.outcome == "undelivered" else (2, 3))]


def approved(plan: Plan, past: Steps, at: int) -> Steps:
    """The steps of a message that is approved at that time, after the `past` ones."""
    return past + steps_from_queue(plan, at, past[0][0] + plan.validity)


def pair_at(steps: Steps, moment: int) -> Pair:
    return [pair for at, pair in steps if at <= moment][-1]


def shortest_path(start: Pair, end: Pair, *, tries_left: bool) -> list[Pair] | None:
    """The shortest path along the graph, without its start; None if there is none."""
    paths: list[list[Pair]] = [[start]]
    for path in paths:
        if path[-1] == end:
            return path[1:]
        paths += [
            [*path, pair]
            for pair in GRAPH[path[-1]]
            if pair not in path and (tries_left or (path[-1], pair) != RETRY)
        ]
    return None
