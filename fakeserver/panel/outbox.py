"""What an account has sent: the sends that are kept, those that are archived, and the refunds to come.

Send ids are the account's serial number × 10⁹ plus a count (S12), so a send is found by its place, and no
request looks through all of them. Of a send that was dropped to keep within `keep_sends` (R4) only the
number of its receivers stays, four bytes, because its report still says so (R3).

There may be millions of sends, so each is kept as a tuple of texts and numbers, and a `Send` is made of it
for whoever asks. Python's garbage collector does not follow such tuples, which keeps its pauses short however
many there are; that is also why the heaps here hold numbers and no objects.
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import NamedTuple, TypeAlias

from fakeserver.panel.delivery import Life, Track
from fakeserver.panel.ledger import Ledger
from fakeserver.panel.message import Message
from fakeserver.panel.parts import measure
from fakeserver.spec.lifecycle import Pair

IDS_PER_ACCOUNT = 1_000_000_000
AWAITED_SLACK = 1_000  # steps of dropped sends that may wait, beside as many as those of the kept

# A send as it was accepted: the time, then a message's action, sender, text, cost, receivers, retries and
# code, then the ids of the receivers' lives. One receiver is its text alone; one id is that of all receivers.
_Row: TypeAlias = tuple[int, str, str, str, int, str | tuple[str, ...], int, str, int | tuple[int, ...]]

# The next step of a life: when it is due, an order for equal times, the send's id, the life's id, the step's
# place in the life's track.
_Awaited: TypeAlias = tuple[int, int, int, int, int]

# A refund to come: when it is due, an order for equal times, and the ids of the send and the life.
_Refund: TypeAlias = tuple[int, int, int, int]


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


class Found(NamedTuple):
    """A send as reportSend sees it: `send` is None once it is archived (R3)."""

    receivers: int
    send: Send | None


class Outbox:
    def __init__(self, serial: int) -> None:
        self._base = serial * IDS_PER_ACCOUNT
        self._archived_counts = array("I")
        # From the oldest that is still in the list. A send that a command has changed is a `Send` itself.
        self._sends: list[_Row | Send | None] = []
        self._listed_from = 0  # how many sends came before the first of the list
        self._tracks: list[Track] = []  # of the lives that nothing has changed; a life's id is its place
        self._track_places: dict[Track, int] = {}
        self._refunds: list[_Refund] = []
        self._owed: dict[tuple[int, int], int] = {}  # rials, by the ids of the send and the life
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
        return self.after(0)

    def after(self, send_id: int) -> Iterator[Send]:
        """Those with a greater id, oldest first."""
        first = max(send_id - self._base, self.dropped)
        for count in range(first, self.accepted):
            send = self.find(self._base + count + 1)
            if send is not None:
                yield send

    def newest(self) -> Send | None:
        """The send that was accepted last, if it is kept."""
        return self.find(self._base + self.accepted)

    def next_id(self) -> int:
        return self._base + self.accepted + 1

    # How a send comes and goes.

    def life_id(self, track: Track) -> int:
        """The id of a life that goes along `track` from the acceptance of its send."""
        place = self._track_places.get(track)
        if place is None:
            place = self._track_places[track] = len(self._tracks)
            self._tracks.append(track)
        return place

    def add(self, message: Message, accepted_ms: int, life_ids: list[int], keep: int) -> None:
        """Keep a message, one life for each of its receivers, and drop the oldest beyond `keep`."""
        send_id, receivers, different = self.next_id(), message.receivers, Counter(life_ids)
        self._sends.append(
            (
                accepted_ms,
                message.action,
                message.sender,
                message.text,
                message.cost,
                receivers[0] if len(receivers) == 1 else receivers,
                message.retries,
                message.code,
                life_ids[0] if len(different) == 1 else tuple(life_ids),
            )
        )
        for life_id, count in different.items():
            life = Life(accepted_ms, self._tracks[life_id], id=life_id)
            self._expect(send_id, life, count * message.cost, first_step=1)
        self.drop_beyond(keep)

    def drop_beyond(self, keep: int) -> None:
        while self.accepted - self.dropped > keep:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        place = self.dropped - self._listed_from
        oldest = self._sends[place]
        if oldest is None:
            raise RuntimeError("the oldest send was dropped twice")
        self._archived_counts.append(_receivers_of(oldest))
        self._sends[place] = None
        if len(self._awaited) > self._awaited_limit:
            oldest_id = self._base + self.dropped + 1
            self._awaited = [awaited for awaited in self._awaited if awaited[2] >= oldest_id]
            heapify(self._awaited)
            self._awaited_limit = AWAITED_SLACK + 2 * len(self._awaited)
        if place + 1 >= 64 and 2 * (place + 1) >= len(self._sends):
            del self._sends[: place + 1]
            self._listed_from += place + 1

    # How it is found.

    def _kept(self, send_id: int) -> _Row | Send | None:
        place = send_id - self._base - 1 - self._listed_from
        return self._sends[place] if 0 <= place < len(self._sends) else None

    def find(self, send_id: int) -> Send | None:
        """The send that is kept under that id; archived by age or not, that is for the caller to ask."""
        kept = self._kept(send_id)
        if kept is None or isinstance(kept, Send):
            return kept
        accepted_ms, action, sender, text, cost, receivers, retries, code, life_ids = kept
        if isinstance(receivers, str):
            receivers = (receivers,)
        message = Message(action, sender, text, measure(text), cost, receivers, retries, code)
        if isinstance(life_ids, int):
            lives = dict.fromkeys(receivers, self._begun(accepted_ms, life_ids))
        else:
            begun = {life_id: self._begun(accepted_ms, life_id) for life_id in set(life_ids)}
            lives = {number: begun[life_id] for number, life_id in zip(receivers, life_ids, strict=True)}
        return Send(send_id, message, accepted_ms, lives)

    def _begun(self, accepted_ms: int, life_id: int) -> Life:
        return Life(accepted_ms, self._tracks[life_id], id=life_id)

    def look_up(self, send_id: int, accepted_since_ms: int) -> Found | None:
        """What reportSend finds (R1, R3, R4): a send accepted before that time is archived."""
        send = self.find(send_id)
        if send is not None:
            return Found(len(send.lives), send if send.accepted_ms >= accepted_since_ms else None)
        place = send_id - self._base - 1
        if 0 <= place < self.dropped:
            return Found(self._archived_counts[place], None)
        return None

    # What becomes of it.

    def command(self, send_id: int, change: Callable[[Life], Life | None], number: str | None = None) -> int:
        """Replace the lives of a send's receivers, or of one of them, where `change` has a new life for
        them; returns how many.
        """
        send = self.find(send_id)
        if send is None:
            return 0
        numbers = set(send.lives) if number is None else {number}
        chosen = {number: life for number, life in send.lives.items() if number in numbers}
        different = {life.id: life for life in chosen.values()}
        moved = 0
        for life in different.values():
            new = change(life)
            if new is None:
                continue
            holders = [number for number, other in chosen.items() if other.id == life.id]
            moved += len(holders)
            if new is not life:
                self._put(send, holders, life, new)
        return moved

    def _put(self, send: Send, holders: list[str], old: Life, new: Life) -> None:
        """Give these receivers a new life in place of the old one that they share."""
        self._sends[send.id - self._base - 1 - self._listed_from] = send
        self._order += 1
        new = replace(new, id=-self._order)
        send.lives.update(dict.fromkeys(holders, new))
        cost = len(holders) * send.message.cost
        if (send.id, old.id) in self._owed:
            self._owed[send.id, old.id] -= cost
        stays = new.track.pairs[0] == old.pair_at(new.began_ms)
        self._expect(send.id, new, cost, first_step=1 if stays else 0)

    def settle(self, now_ms: int, ledger: Ledger) -> None:
        """Book every refund that is due by `now_ms` (M4, M5), as much of it as no command has taken away."""
        refunds = self._refunds
        while refunds and refunds[0][0] <= now_ms:
            _, _, send_id, life_id = heappop(refunds)
            ledger.refund(self._owed.pop((send_id, life_id)))

    def changes_until(self, now_ms: int) -> list[Change]:
        """What has changed since this was last asked, or passed over, up to `now_ms`; in order of time."""
        changes: list[Change] = []
        while self._awaited and self._awaited[0][0] <= now_ms:
            at_ms, _, send_id, life_id, place = heappop(self._awaited)
            send = self.find(send_id)
            lives = {} if send is None else send.lives
            numbers = tuple(number for number, life in lives.items() if life.id == life_id)
            if send is not None and numbers:  # else it was dropped, or a command has put another life there
                life = lives[numbers[0]]
                changes.append(Change(at_ms, send, numbers, life.track.pairs[place]))
                self._await(send_id, life, place + 1)
        return changes

    def pass_over(self, now_ms: int) -> None:
        """Forget a little of what has changed until `now_ms`: nobody has asked for it, and nobody will.

        Called at each request, this keeps what is awaited near to what is still on its way.
        """
        for _ in range(2):
            if not self._awaited or self._awaited[0][0] > now_ms:
                return
            _, _, send_id, life_id, _ = heappop(self._awaited)
            life = self._life(send_id, life_id)
            if life is not None:
                self._await(send_id, life, bisect_right(life.track.offsets_ms, now_ms - life.began_ms))

    def _life(self, send_id: int, life_id: int) -> Life | None:
        """That life of a send; None when the send was dropped, or a command has put others in its place."""
        kept = self._kept(send_id)
        if isinstance(kept, Send):
            return next((life for life in kept.lives.values() if life.id == life_id), None)
        return None if kept is None else self._begun(kept[0], life_id)

    def next_change_ms(self) -> int | None:
        """When the next change is due that was not asked for yet; None when all is final, or held."""
        return self._awaited[0][0] if self._awaited else None

    def _expect(self, send_id: int, life: Life, cost: int, first_step: int) -> None:
        """Wait for what becomes of a life, and for the refund of `cost` rials if it ends in one."""
        self._await(send_id, life, first_step)
        due_ms = life.refund_due_ms()
        if due_ms is not None:
            self._order += 1
            self._owed[send_id, life.id] = cost
            heappush(self._refunds, (due_ms, self._order, send_id, life.id))

    def _await(self, send_id: int, life: Life, place: int) -> None:
        track = life.track
        if place < len(track.pairs):
            self._order += 1
            at_ms = life.began_ms + track.offsets_ms[place]
            heappush(self._awaited, (at_ms, self._order, send_id, life.id, place))


def _receivers_of(kept: _Row | Send) -> int:
    receivers = kept.lives if isinstance(kept, Send) else kept[5]
    return 1 if isinstance(receivers, str) else len(receivers)
