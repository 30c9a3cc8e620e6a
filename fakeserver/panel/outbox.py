"""What an account has sent: the sends that are kept, those that are archived, and the refunds to come.

Send ids are the account's serial number × 10⁹ plus a count (S12), so a send is found by its place, and no
request looks through all of them. Of a send that was dropped to keep within `keep_sends` (R4) only the
number of its receivers stays, four bytes, because its report still says so (R3).
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from fakeserver.panel.delivery import Life
from fakeserver.panel.ledger import Ledger
from fakeserver.panel.message import Message
from fakeserver.spec.lifecycle import Pair

IDS_PER_ACCOUNT = 1_000_000_000
AWAITED_SLACK = 1_000  # steps of dropped sends that may wait, beside as many as those of the kept


@dataclass(slots=True)
class Send:
    """An accepted message. `lives` holds every receiver, in the order of the request, with what becomes
    of it.
    """

    id: int
    message: Message
    accepted_ms: int
    lives: dict[str, Life]


class Change(NamedTuple):
    """Receivers of a send that share their life have come to another pair of statuses."""

    at_ms: int
    send: Send
    numbers: tuple[str, ...]
    pair: Pair


class _Awaited(NamedTuple):
    """The next step of a life, as it waits in the heap; `order` keeps equal times in their order."""

    at_ms: int
    order: int
    send: Send
    life: Life
    place: int  # of the step in the life's track


class _Refund(NamedTuple):
    """A refund to come; `order` keeps equal times in their order. Of a send that was dropped, whose lives no
    command can replace any more, only the amount is kept.
    """

    at_ms: int
    order: int
    send: Send | None
    life: Life | None
    rials: int = 0

    def amount(self) -> int:
        """What is to be refunded, in rials."""
        if self.send is None:
            return self.rials
        receivers = sum(1 for other in self.send.lives.values() if other is self.life)
        return receivers * self.send.message.cost


class Found(NamedTuple):
    """A send as reportSend sees it: `send` is None once it is archived (R3)."""

    receivers: int
    send: Send | None


class Outbox:
    def __init__(self, serial: int) -> None:
        self._base = serial * IDS_PER_ACCOUNT
        self._archived_counts = array("I")
        self._sends: list[Send | None] = []  # from the oldest that is still in the list
        self._listed_from = 0  # how many sends came before the first of the list
        self._refunds: list[_Refund] = []
        self._refunds_limit = AWAITED_SLACK  # likewise
        self._awaited: list[_Awaited] = []
        self._awaited_limit = AWAITED_SLACK  # then those of dropped sends are taken out
        self._order = 0

    @property
    def accepted(self) -> int:
        """How many sends were ever accepted."""
        return self._listed_from + len(self._sends)

    @property
    def dropped(self) -> int:
        """How many of them are no longer kept (R4)."""
        return len(self._archived_counts)

    def __iter__(self) -> Iterator[Send]:
        """The sends that are kept, oldest first."""
        return (send for send in self._sends if send is not None)

    def newest(self) -> Send | None:
        """The send that was accepted last."""
        return self._sends[-1] if self._sends else None

    def next_id(self) -> int:
        return self._base + self.accepted + 1

    def add(self, send: Send, keep: int) -> None:
        """Keep `send`, whose id is `next_id()`, and drop the oldest beyond `keep`."""
        self._sends.append(send)
        for life in dict.fromkeys(send.lives.values()):
            self._expect(send, life, first_step=1)
        self.drop_beyond(keep)

    def drop_beyond(self, keep: int) -> None:
        while self.accepted - self.dropped > keep:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        place = self.dropped - self._listed_from
        oldest = self._sends[place]
        if oldest is None:
            raise RuntimeError("the oldest send was dropped twice")
        self._archived_counts.append(len(oldest.lives))
        self._sends[place] = None
        if len(self._awaited) > self._awaited_limit:
            self._awaited = [awaited for awaited in self._awaited if self.find(awaited.send.id)]
            heapify(self._awaited)
            self._awaited_limit = AWAITED_SLACK + 2 * len(self._awaited)
        if len(self._refunds) > self._refunds_limit:
            self._refunds = [self._lightened(refund) for refund in self._refunds]
            self._refunds_limit = AWAITED_SLACK + len(self._refunds)
        if place + 1 >= 64 and 2 * (place + 1) >= len(self._sends):
            del self._sends[: place + 1]
            self._listed_from += place + 1

    def _lightened(self, refund: _Refund) -> _Refund:
        """The refund without its send, if that was dropped. Its place in the heap stays the same."""
        if refund.send is None or self.find(refund.send.id):
            return refund
        return _Refund(refund.at_ms, refund.order, None, None, refund.amount())

    def find(self, send_id: int) -> Send | None:
        """The send that is kept under that id; archived by age or not, that is for the caller to ask."""
        place = send_id - self._base - 1 - self._listed_from
        return self._sends[place] if 0 <= place < len(self._sends) else None

    def look_up(self, send_id: int, accepted_since_ms: int) -> Found | None:
        """What reportSend finds (R1, R3, R4): a send accepted before that time is archived."""
        send = self.find(send_id)
        if send is not None:
            return Found(len(send.lives), send if send.accepted_ms >= accepted_since_ms else None)
        place = send_id - self._base - 1
        if 0 <= place < self.dropped:
            return Found(self._archived_counts[place], None)
        return None

    def command(self, send: Send, change: Callable[[Life], Life | None], numbers: set[str]) -> int:
        """Replace the lives of those receivers that `change` has a new life for; returns how many."""
        chosen = {number: life for number, life in send.lives.items() if number in numbers}
        changed = {life: change(life) for life in dict.fromkeys(chosen.values())}
        replaced = {number: new for number, life in chosen.items() if (new := changed[life])}
        send.lives.update(replaced)
        for life, new in changed.items():
            if new is not None and new is not life:
                stays = new.track.pairs[0] == life.pair_at(new.began_ms)
                self._expect(send, new, first_step=1 if stays else 0)
        return len(replaced)

    def settle(self, now_ms: int, ledger: Ledger) -> None:
        """Book every refund that is due by `now_ms` (M4, M5). A life that a command has replaced since is
        nobody's any more and comes to nothing.
        """
        refunds = self._refunds
        while refunds and refunds[0].at_ms <= now_ms:
            ledger.refund(heappop(refunds).amount())

    def changes_until(self, now_ms: int) -> list[Change]:
        """What has changed since this was last asked, or passed over, up to `now_ms`; in order of time."""
        changes: list[Change] = []
        while self._awaited and self._awaited[0].at_ms <= now_ms:
            at_ms, _, send, life, place = heappop(self._awaited)
            numbers = tuple(number for number, other in send.lives.items() if other is life)
            if numbers and self.find(send.id):  # else a command has put another life there, or it was dropped
                changes.append(Change(at_ms, send, numbers, life.track.pairs[place]))
                self._await(send, life, place + 1)
        return changes

    def pass_over(self, now_ms: int) -> None:
        """Forget a little of what has changed until `now_ms`: nobody has asked for it, and nobody will.

        Called at each request, this keeps what is awaited near to what is still on its way.
        """
        for _ in range(2):
            if not self._awaited or self._awaited[0].at_ms > now_ms:
                return
            _, _, send, life, _ = heappop(self._awaited)
            self._await(send, life, bisect_right(life.track.offsets_ms, now_ms - life.began_ms))

    def next_change_ms(self) -> int | None:
        """When the next change is due that was not asked for yet; None when all is final, or held."""
        return self._awaited[0].at_ms if self._awaited else None

    def _expect(self, send: Send, life: Life, first_step: int) -> None:
        self._await(send, life, first_step)
        due_ms = life.refund_due_ms()
        if due_ms is not None:
            self._order += 1
            heappush(self._refunds, _Refund(due_ms, self._order, send, life))

    def _await(self, send: Send, life: Life, place: int) -> None:
        if place < len(life.track.pairs):
            self._order += 1
            at_ms = life.began_ms + life.track.offsets_ms[place]
            heappush(self._awaited, _Awaited(at_ms, self._order, send, life, place))
