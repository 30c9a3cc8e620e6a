"""The life of one receiver: decided when the message is accepted, looked up when it is asked for (L6).

A `Plan` says everything that the life depends on, a `Track` is the plan laid out in time, and a `Life` is
a track that began at some instant. Nothing here moves by itself, so nothing can drift: the pair at time t
is a lookup. A command of the monitoring team replaces the rest of a life; what has been stays in its past.
All times are whole milliseconds of the account's clock.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
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
    """A pair, and when it begins: after the start of a track, or in the account's time."""

    at_ms: int
    pair: StatusPair


class Plan(NamedTuple):
    """What a life depends on. `retries` is `trySend`; `monitored` holds the message until it is
    approved (L5); `ordinary` is false for pattern messages and one-time codes.
    """

    fate: ScriptedOutcome
    timeline: Timeline
    ordinary: bool
    retries: int = 0
    validity_ms: int = 86_400_000
    monitored: bool = False


class Track(NamedTuple):
    """Steps by their time after the start; the first is due at 0. `plan` is what they were made of, for a
    forced pair what they would have been.
    """

    offsets_ms: tuple[int, ...]
    pairs: tuple[StatusPair, ...]
    plan: Plan

    @property
    def lasts_ms(self) -> int:
        """How long it takes until nothing changes any more."""
        return self.offsets_ms[-1]

    @property
    def is_refunded(self) -> bool:
        """Whether it ends where the cost is given back (M4, M5)."""
        return self.pairs[-1] in REFUNDED


@lru_cache(maxsize=1024)
def schedule_from_acceptance(plan: Plan) -> Track:
    """The whole life that begins when a message is accepted."""
    return _track(_accepted(plan), plan)


def _track(steps: Iterator[Step], plan: Plan) -> Track:
    offsets, pairs = zip(*steps, strict=True)
    return Track(offsets, pairs, plan)


def _accepted(plan: Plan) -> Iterator[Step]:
    start, outcome = 0, plan.fate.outcome
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


def _queued(plan: Plan, start: int, expires_at: int) -> Iterator[Step]:
    """What follows from (1,-1), attempt after attempt, the first one at `start`."""
    queued, handed, telecom, reached, last = _pace(plan)
    fate = plan.fate
    failures = plan.retries + 1 if fate.outcome is Outcome.UNREACHED else fate.failures
    yield Step(start, QUEUED)
    if fate.outcome is Outcome.QUEUED:
        return
    if fate.outcome is Outcome.CANCELLED:
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
    if fate.outcome is Outcome.REJECTED:
        yield Step(start + telecom, REJECTED)
        return
    yield Step(start + telecom, AT_TELECOM)
    if fate.outcome is Outcome.BLACKLISTED:
        yield Step(start + reached, BLACKLISTED)
        return
    yield Step(start + reached, REACHED)
    if fate.outcome is Outcome.EXPIRED:
        yield Step(max(start + reached, expires_at), EXPIRED)
    elif fate.outcome is Outcome.UNDELIVERED:
        yield Step(start + last, UNDELIVERED)
    elif fate.outcome is not Outcome.REACHED:
        yield Step(start + last, DELIVERED)


def _pace(plan: Plan) -> tuple[int, ...]:
    return plan.timeline.ordinary[1:] if plan.ordinary else plan.timeline.pattern


@dataclass(slots=True)
class Life:
    """A receiver's life: a track since `began_ms`, and the steps before that, if a command cut them short.

    Receivers of one send that share their fate share one life; it never changes, a command puts another
    in its place. `id` tells the lives of one send apart.
    """

    began_ms: int
    track: Track
    past: tuple[Step, ...] = ()
    id: int = 0

    def pair_at(self, now_ms: int) -> StatusPair:
        track = self.track
        return track.pairs[bisect_right(track.offsets_ms, now_ms - self.began_ms) - 1]

    def steps(self) -> tuple[Step, ...]:
        """Everything that has been and will be, in the account's time."""
        began, (offsets, pairs, _) = self.began_ms, self.track
        coming = (Step(began + offset, pair) for offset, pair in zip(offsets, pairs, strict=True))
        return (*self.past, *coming)

    def approved(self, now_ms: int) -> "Life | None":
        """This life after the monitoring team approved it (L5): on from (1,-1), at once. None when it is
        not at (0,-1), held or not.
        """
        plan = self.track.plan
        if self.pair_at(now_ms) != AWAITING:
            return None
        if plan.fate.outcome is Outcome.HELD:
            plan = plan._replace(fate=ScriptedOutcome(Outcome.DELIVERED))
        accepted_ms = self.steps()[0].at_ms
        onward = _queued(plan, 0, accepted_ms + plan.validity_ms - now_ms)
        return Life(now_ms, _track(onward, plan), self._past(now_ms))

    def cancelled(self, now_ms: int) -> "Life | None":
        """This life after it was cancelled; None when it is too late for that."""
        if CANCELLED not in TRANSITIONS[self.pair_at(now_ms)]:
            return None
        return self.forced(now_ms, CANCELLED)

    def forced(self, now_ms: int, pair: StatusPair) -> "Life | None":
        """This life moved to `pair` along the shortest path, at once, to stay there; None when `pair`
        cannot be reached any more. A final pair that is reached already stays as it is.
        """
        past, plan = self._past(now_ms), self.track.plan
        tries_left = _tries(past) < plan.retries
        path = shortest_path(past[-1].pair, pair, tries_left=tries_left)
        if path is None:
            return None
        if path:
            return Life(now_ms, Track((0,) * len(path), path, plan), past)
        return self if pair in FINAL else Life(past[-1].at_ms, Track((0,), (pair,), plan), past[:-1])

    def _past(self, now_ms: int) -> tuple[Step, ...]:
        return tuple(step for step in self.steps() if step.at_ms <= now_ms)


def _tries(past: tuple[Step, ...]) -> int:
    """How often a failed attempt was followed by another."""
    return sum(step.pair == QUEUED and before.pair == UNREACHED for before, step in pairwise(past))
