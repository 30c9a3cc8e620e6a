"""Status changes, found by time.

No change is ever stored. Deliveries that follow the same schedule change in the order in which they began, so
what changes in a span of time is found by bisection. Reading takes a cursor and consumes nothing: any number
of readers can read the same changes.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from fakeserver.account.delivery import Delivery, Schedule
from fakeserver.account.sends import REPLACED, Sends
from fakeserver.spec.lifecycle import StatusPair
from fakeserver.spec.units import AccountMs


class ChangeCursor(NamedTuple):
    """How far a reader has read: the time, and the newest send and the newest replaced delivery until then.

    The ids matter because a send may be accepted, or a command given, in the millisecond of the last read.
    """

    at_ms: AccountMs
    send_id: int
    replaced_id: int


START = ChangeCursor(AccountMs(-1), -1, -1)
"""The cursor of a reader that has read nothing."""


class Change(NamedTuple):
    """The receivers of a send that share a delivery have reached another status pair."""

    at_ms: AccountMs
    send_id: int
    numbers: tuple[str, ...]
    pair: StatusPair


class _Due(NamedTuple):
    """A change, in the order in which changes are read, before its receivers are looked up."""

    at_ms: int
    send_id: int
    delivery_id: int
    place: int
    pair: StatusPair


class _Followers:
    """The deliveries that follow one schedule, in the order in which they began."""

    def __init__(self, schedule: Schedule, first_place: int) -> None:
        self.schedule = schedule
        self.first_place = first_place  # the first step that is a change
        self.began_ms = array("q")
        self.send_ids = array("Q")
        self.delivery_ids = array("Q")  # empty where all have the id of the schedule

    def end_ms(self) -> int:
        """When the last of their changes is due; 0 without deliveries."""
        return self.began_ms[-1] + self.schedule.lasts_ms if self.began_ms else 0

    def steps(self) -> Iterator[tuple[int, int, StatusPair]]:
        """The steps that are changes: place, offset, pair."""
        offsets, pairs = self.schedule.offsets_ms, self.schedule.pairs
        for place in range(self.first_place, len(offsets)):
            yield place, offsets[place], pairs[place]

    def forget(self, count: int) -> None:
        """Forget the oldest ones."""
        del self.began_ms[:count], self.send_ids[:count], self.delivery_ids[:count]


class ChangesDue:
    """The changes of the sends that `sends` keeps."""

    def __init__(self, sends: Sends) -> None:
        self._sends = sends
        self._accepted: dict[int, _Followers] = {}  # by schedule id
        self._replaced: dict[Schedule, _Followers] = {}
        self._last_replaced_id = REPLACED
        self._forgotten = 0  # how many sends had been dropped when their deliveries were last forgotten

    def begin(self, schedule_id: int, send_id: int, began_ms: AccountMs) -> None:
        """Note that a send was accepted, some of whose receivers follow that schedule."""
        followers = self._accepted.get(schedule_id)
        if followers is None:
            # The first pair is not a change: it comes with the acceptance.
            followers = _Followers(self._sends.schedule(schedule_id), first_place=1)
            self._accepted[schedule_id] = followers
        followers.began_ms.append(began_ms)
        followers.send_ids.append(send_id)

    def replace(self, send_id: int, delivery: Delivery) -> None:
        """Note that a command moved receivers of a send to another status pair, the first of `delivery`."""
        followers = self._replaced.get(delivery.schedule)
        if followers is None:
            followers = self._replaced[delivery.schedule] = _Followers(delivery.schedule, first_place=0)
        followers.began_ms.append(delivery.began_ms)
        followers.send_ids.append(send_id)
        followers.delivery_ids.append(delivery.id)
        self._last_replaced_id = delivery.id

    def forget_dropped(self) -> None:
        """Forget the deliveries of sends that are no longer kept, once there are many."""
        dropped = self._sends.dropped
        if dropped - self._forgotten < 1_024:
            return
        self._forgotten, last_id = dropped, self._sends.last_dropped_id
        for followers in (*self._accepted.values(), *self._replaced.values()):
            # Replaced deliveries are not in the order of their sends; the rest is forgotten later.
            kept = (place for place, one in enumerate(followers.send_ids) if one > last_id)
            followers.forget(next(kept, len(followers.send_ids)))
        self._replaced = {schedule: one for schedule, one in self._replaced.items() if one.send_ids}

    def cursor(self, now_ms: AccountMs) -> ChangeCursor:
        """The cursor of a reader that has read everything until now."""
        return ChangeCursor(now_ms, self._sends.next_id - 1, self._last_replaced_id)

    def since(self, cursor: ChangeCursor, now_ms: AccountMs) -> list[Change]:
        """The changes after `cursor` until `now_ms`, in order of time; those of one millisecond by send."""
        due: list[_Due] = []
        for schedule_id, followers in self._accepted.items():
            new = bisect_right(followers.send_ids, cursor.send_id)
            for place, offset, pair in followers.steps():
                first = min(new, bisect_right(followers.began_ms, cursor.at_ms - offset))
                last = bisect_right(followers.began_ms, now_ms - offset)
                due += (
                    _Due(followers.began_ms[i] + offset, followers.send_ids[i], schedule_id, place, pair)
                    for i in range(first, last)
                )
        for followers in self._replaced.values():
            due += self._since_of_replaced(followers, cursor, now_ms)
        return [change for change in map(self._change, sorted(due)) if change.numbers]

    def next_ms(self, now_ms: AccountMs) -> AccountMs | None:
        """When the first change after `now_ms` is due; None when nothing is on its way."""
        return min(self._upcoming(now_ms), default=None)

    def _since_of_replaced(
        self, followers: _Followers, cursor: ChangeCursor, now_ms: AccountMs
    ) -> Iterator[_Due]:
        new = bisect_right(followers.delivery_ids, cursor.replaced_id)
        for place, offset, pair in followers.steps():
            first = min(new, bisect_right(followers.began_ms, cursor.at_ms - offset))
            last = bisect_right(followers.began_ms, now_ms - offset)
            for i in range(first, last):
                send_id, delivery_id = followers.send_ids[i], followers.delivery_ids[i]
                yield _Due(followers.began_ms[i] + offset, send_id, delivery_id, place, pair)
        for i in range(new, len(followers.began_ms)):
            yield from self._past(followers.send_ids[i], followers.delivery_ids[i], cursor)

    def _past(self, send_id: int, delivery_id: int, cursor: ChangeCursor) -> Iterator[_Due]:
        """The unread changes of a delivery from before a command replaced it."""
        send = self._sends.find(send_id)
        found = (one for one in send.deliveries.values() if one.id == delivery_id) if send else iter(())
        delivery = next(found, None)
        past = () if delivery is None else delivery.past
        for place, step in enumerate(past):  # the first one is the acceptance
            if place > 0 and (step.at_ms > cursor.at_ms or send_id > cursor.send_id):
                yield _Due(step.at_ms, send_id, delivery_id, place - len(past), step.pair)

    def _change(self, due: _Due) -> Change:
        numbers = self._sends.receivers_of(due.send_id, due.delivery_id)
        return Change(AccountMs(due.at_ms), due.send_id, numbers, due.pair)

    def _upcoming(self, now_ms: AccountMs) -> Iterator[AccountMs]:
        """The next change of every step of every schedule."""
        for schedule_id, followers in self._accepted.items():
            yield from self._upcoming_of(followers, now_ms, schedule_id)
        for followers in self._replaced.values():
            yield from self._upcoming_of(followers, now_ms, None)

    def _upcoming_of(
        self, followers: _Followers, now_ms: AccountMs, schedule_id: int | None
    ) -> Iterator[AccountMs]:
        if followers.end_ms() <= now_ms:
            return
        for _, offset, _ in followers.steps():
            first = bisect_right(followers.began_ms, now_ms - offset)
            for i in range(first, len(followers.began_ms)):
                delivery_id = followers.delivery_ids[i] if schedule_id is None else schedule_id
                if self._sends.receivers_of(followers.send_ids[i], delivery_id):
                    yield AccountMs(followers.began_ms[i] + offset)
                    break
