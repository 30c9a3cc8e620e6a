"""The delivery of a message to one receiver: decided when the message is accepted, looked up when it is asked
for (L6).

A `DeliveryPlan` holds everything that a delivery depends on, a `Schedule` is the plan laid out in time, and a
`Delivery` is a schedule that began at some instant. Nothing here moves by itself: the status pair at time t
is a lookup. A command of the monitoring team replaces the rest of a delivery; the steps before it stay as its
past. All times are whole milliseconds of the account's clock.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from fakeserver.spec.lifecycle import (
    AT_TELECOM,
    AWAITING,
    BLACKLISTED,
    CANCELLED,
    DELIVERED,
    EXPIRED,
    FINAL,
    HANDED,
    QUEUED,
    REACHED,
    REFUNDED,
    REJECTED,
    RETURNED,
    SCHEDULED,
    TRANSITIONS,
    UNDELIVERED,
    UNREACHED,
    StatusPair,
    shortest_path,
)
from fakeserver.spec.outcomes import Outcome, ScriptedOutcome
from fakeserver.spec.timelines import CANCELLED_AFTER_MS, SCHEDULED_MS, Timeline


class Step(NamedTuple):
    """A status pair, and when it begins: after the start of a schedule, or in the account's time."""

    at_ms: int
    pair: StatusPair


class DeliveryPlan(NamedTuple):
    """Everything that a delivery depends on. `retries` is `trySend`; `monitored` holds the message until it
    is approved (L5); `ordinary` is false for pattern messages and one-time codes.
    """

    scripted: ScriptedOutcome
    timeline: Timeline
    ordinary: bool
    retries: int = 0
    validity_ms: int = 86_400_000
    monitored: bool = False


class Schedule(NamedTuple):
    """Status pairs and their times after the start; the first is at 0. `plan` is the plan that they follow
    or, for a forced pair, the plan that it replaced.
    """

    offsets_ms: tuple[int, ...]
    pairs: tuple[StatusPair, ...]
    plan: DeliveryPlan

    @property
    def lasts_ms(self) -> int:
        """The time from the start to the last step, in milliseconds."""
        return self.offsets_ms[-1]

    @property
    def is_refunded(self) -> bool:
        """Whether the cost is refunded at the last pair (M4, M5)."""
        return self.pairs[-1] in REFUNDED


@lru_cache(maxsize=1024)
def schedule_from_acceptance(plan: DeliveryPlan) -> Schedule:
    """The whole schedule of a message, from its acceptance."""
    return _schedule(_accepted(plan), plan)


def _schedule(steps: Iterator[Step], plan: DeliveryPlan) -> Schedule:
    offsets, pairs = zip(*steps, strict=True)
    return Schedule(offsets, pairs, plan)


def _accepted(plan: DeliveryPlan) -> Iterator[Step]:
    start, outcome = 0, plan.scripted.outcome
    if outcome is Outcome.SCHEDULED:
        yield Step(0, SCHEDULED)
        start = SCHEDULED_MS
    if plan.ordinary or outcome is Outcome.HELD:
        yield Step(start, AWAITING)
        if plan.monitored or outcome is Outcome.HELD:
            return
        if outcome is Outcome.CANCELLED:
            yield Step(start + CANCELLED_AFTER_MS, CANCELLED)
            return
        start += plan.timeline.ordinary[1]
    yield from _queued(plan, start, plan.validity_ms)


def _queued(plan: DeliveryPlan, start: int, expires_at: int) -> Iterator[Step]:
    """The steps from (1,-1) on, attempt after attempt; the first attempt is queued at `start`."""
    queued, handed, telecom, reached, last = _pace(plan)
    scripted = plan.scripted
    failures = plan.retries + 1 if scripted.outcome is Outcome.UNREACHED else scripted.failures
    yield Step(start, QUEUED)
    if scripted.outcome is Outcome.QUEUED:
        return
    if scripted.outcome is Outcome.CANCELLED:
        yield Step(start + CANCELLED_AFTER_MS, CANCELLED)
        return
    for failed in range(1, failures + 1):
        yield Step(start + handed - queued, HANDED)
        yield Step(start + telecom - queued, AT_TELECOM)
        yield Step(start + reached - queued, UNREACHED)
        start += reached - queued + plan.timeline.failed_ms
        if failed > plan.retries:
            yield Step(start, RETURNED)
            return
        yield Step(start, QUEUED)
    start -= queued
    yield Step(start + handed, HANDED)
    if scripted.outcome is Outcome.REJECTED:
        yield Step(start + telecom, REJECTED)
        return
    yield Step(start + telecom, AT_TELECOM)
    if scripted.outcome is Outcome.BLACKLISTED:
        yield Step(start + reached, BLACKLISTED)
        return
    yield Step(start + reached, REACHED)
    if scripted.outcome is Outcome.EXPIRED:
        yield Step(max(start + reached, expires_at), EXPIRED)
    elif scripted.outcome is Outcome.UNDELIVERED:
        yield Step(start + last, UNDELIVERED)
    elif scripted.outcome is not Outcome.REACHED:
        yield Step(start + last, DELIVERED)


def _pace(plan: DeliveryPlan) -> tuple[int, ...]:
    return plan.timeline.ordinary[1:] if plan.ordinary else plan.timeline.pattern


class Delivery(NamedTuple):
    """A schedule that began at `began_ms`, and the steps before that, if a command replaced another delivery.

    Receivers of one send that have the same scripted outcome share one delivery; `id` distinguishes the
    deliveries of a send. A delivery never changes; a command puts another one in its place.
    """

    began_ms: int
    schedule: Schedule
    past: tuple[Step, ...] = ()
    id: int = 0

    def pair_at(self, now_ms: int) -> StatusPair:
        schedule = self.schedule
        return schedule.pairs[bisect_right(schedule.offsets_ms, now_ms - self.began_ms) - 1]

    def steps(self) -> tuple[Step, ...]:
        """Every step, past and to come, in the account's time."""
        began, (offsets, pairs, _) = self.began_ms, self.schedule
        coming = (Step(began + offset, pair) for offset, pair in zip(offsets, pairs, strict=True))
        return (*self.past, *coming)

    def approved(self, now_ms: int) -> "Delivery | None":
        """This delivery once the monitoring team has approved it (L5): it continues from (1,-1) immediately.
        None when it is not at (0,-1).
        """
        plan = self.schedule.plan
        if self.pair_at(now_ms) != AWAITING:
            return None
        if plan.scripted.outcome is Outcome.HELD:
            plan = plan._replace(scripted=ScriptedOutcome(Outcome.DELIVERED))
        accepted_ms = self.steps()[0].at_ms
        onward = _queued(plan, 0, accepted_ms + plan.validity_ms - now_ms)
        return Delivery(now_ms, _schedule(onward, plan), self._past(now_ms))

    def cancelled(self, now_ms: int) -> "Delivery | None":
        """This delivery once it is cancelled; None when it can no longer be cancelled."""
        if CANCELLED not in TRANSITIONS[self.pair_at(now_ms)]:
            return None
        return self.forced(now_ms, CANCELLED)

    def forced(self, now_ms: int, pair: StatusPair) -> "Delivery | None":
        """This delivery once it is moved to `pair` along the shortest path, where it stays; None when `pair`
        can no longer be reached. A delivery that is already there is returned unchanged if `pair` is final.
        """
        past, plan = self._past(now_ms), self.schedule.plan
        tries_left = _tries(past) < plan.retries
        path = shortest_path(past[-1].pair, pair, tries_left=tries_left)
        if path is None:
            return None
        if path:
            return Delivery(now_ms, Schedule((0,) * len(path), path, plan), past)
        return self if pair in FINAL else Delivery(past[-1].at_ms, Schedule((0,), (pair,), plan), past[:-1])

    def _past(self, now_ms: int) -> tuple[Step, ...]:
        return tuple(step for step in self.steps() if step.at_ms <= now_ms)


def _tries(past: tuple[Step, ...]) -> int:
    """How many failed attempts were followed by another attempt."""
    return sum(step.pair == QUEUED and before.pair == UNREACHED for before, step in pairwise(past))
