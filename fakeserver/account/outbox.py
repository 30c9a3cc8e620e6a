"""What an account has sent: the sends that are kept, those that are archived, and the refunds to come.

Send ids are the account's serial number × 10⁹ plus a count (S12), so a send is found by its place, and no
request looks through all of them. Of a send that was dropped to keep within `keep_sends` (R4) only the
number of its receivers stays, four bytes, because its report still says so (R3).

There may be millions of sends, so each is kept packed, and a `Send` is made of it for whoever asks; that is
also why what is awaited is written down in numbers.
"""

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from fakeserver.account.agenda import Agenda
from fakeserver.account.delivery import Life, Track
from fakeserver.account.ledger import Ledger
from fakeserver.account.message import Message
from fakeserver.account.packing import pack, unpack
from fakeserver.notation.message_parts import measure
from fakeserver.spec.lifecycle import StatusPair

IDS_PER_ACCOUNT = 1_000_000_000

# A life's id is the place of its track, or, if a command has begun it, one from here on.
COMMANDED = 1 << 31
_LIFE_BITS = 32

SOON_MS = 10_000  # a life that lasts longer is not waited for when its send is passed over

# A send as it was accepted, before it is packed: the time, then a message's action, sender, text, cost,
# receivers, retries and code, then the ids of the receivers' lives; one alone is that of all of them.
_Row: TypeAlias = tuple[int, str, str, str, int, tuple[str, ...], int, str, int | list[int]]

# A refund to come: when it is due, and the ids of the send and the life.
_Refund: TypeAlias = tuple[int, int, int]


@dataclass(slots=True)
class Send:
    """An accepted message. `lives` holds every receiver, in the order of the request, with what becomes
    of it.
    """

    id: int
    message: Message
    accepted_ms: int
    lives: dict[str, Life]

    def distinct_deliveries(self) -> list[Life]:
        """Each life once, however many receivers share it."""
        return list({life.id: life for life in self.lives.values()}.values())


class Change(NamedTuple):
    """Receivers of a send that share their life have come to another pair of statuses."""

    at_ms: int
    send_id: int
    numbers: tuple[str, ...]
    pair: StatusPair


class SendLookup(NamedTuple):
    """A send as reportSend sees it: `send` is None once it is archived (R3)."""

    receivers: int
    send: Send | None


class Outbox:
    def __init__(self, serial: int) -> None:
        self.accepted = 0  # how many sends there ever were
        self.dropped = 0  # how many of them are no longer kept (R4)
        self._base = serial * IDS_PER_ACCOUNT
        self._receivers = array("I")  # how many each send had, from the first one on
        # From the oldest that is still in the list. A send that a command has changed is no longer packed.
        self._sends: list[bytes | Send | None] = []
        self._listed_from = 0  # how many sends came before the first of the list
        self._tracks: list[Track] = []  # of the lives that nothing has changed; a life's id is its place
        self._track_places: dict[Track, int] = {}
        self._refunds: list[_Refund] = []
        self._owed: dict[tuple[int, int], int] = {}  # rials, by the ids of the send and the life
        self._awaited = Agenda()  # send id and life id, and the place of the step in the life's track
        # The newest sends are not written down there; of each, when it is passed over, and which take long.
        self._unplanned: deque[int] = deque()
        self._long: set[int] = set()
        self._commanded = COMMANDED

    def __iter__(self) -> Iterator[Send]:
        """The sends that are kept, oldest first."""
        return self.after(self._base)

    def after(self, send_id: int) -> Iterator[Send]:
        """Those with a greater id, oldest first."""
        first = max(send_id - self._base, self.dropped)
        for count in range(first, self.accepted):
            kept_id = self._base + count + 1
            yield self._made(kept_id, self._held(kept_id))

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
        send_id, different = self.next_id(), set(life_ids)
        row: _Row = (
            accepted_ms,
            message.action,
            message.sender,
            message.text,
            message.cost,
            message.receivers,
            message.retries,
            message.code,
            life_ids[0] if len(different) == 1 else life_ids,
        )
        self._sends.append(pack(row))
        self._receivers.append(len(life_ids))
        self.accepted += 1
        lasts_ms = 0
        for life_id in different:
            track = self._tracks[life_id]
            lasts_ms = max(lasts_ms, track.lasts_ms)
            if track.is_refunded:
                rials = life_ids.count(life_id) * message.cost
                self._owe(send_id, life_id, accepted_ms + track.lasts_ms, rials)
        self._unplanned.append(accepted_ms + min(lasts_ms, SOON_MS))
        if lasts_ms > SOON_MS:
            self._long.add(send_id)
        self.drop_beyond(keep)

    def drop_beyond(self, keep: int) -> None:
        while self.accepted - self.dropped > keep:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        place, send_id = self.dropped - self._listed_from, self._base + self.dropped + 1
        if len(self._unplanned) == self.accepted - self.dropped:
            self._unplanned.popleft()
            self._long.discard(send_id)
        elif self._awaited:
            for life in self._lives(self._held(send_id)):
                self._strike(send_id, life)
        self.dropped += 1
        self._sends[place] = None
        if place + 1 >= 64 and 2 * (place + 1) >= len(self._sends):
            del self._sends[: place + 1]
            self._listed_from += place + 1

    # How it is found.

    def _held(self, send_id: int) -> bytes | Send:
        """What is kept of a send. Raises KeyError when nothing is."""
        place = send_id - self._base - 1 - self._listed_from
        kept = self._sends[place] if 0 <= place < len(self._sends) else None
        if kept is None:
            raise KeyError(send_id)
        return kept

    def find(self, send_id: int) -> Send | None:
        """The send that is kept under that id; archived by age or not, that is for the caller to ask."""
        try:
            kept = self._held(send_id)
        except KeyError:
            return None
        return self._made(send_id, kept)

    def _made(self, send_id: int, kept: bytes | Send) -> Send:
        if isinstance(kept, Send):
            return kept
        accepted_ms, action, sender, text, cost, receivers, retries, code, life_ids = unpack(kept)
        message = Message(action, sender, text, measure(text), cost, receivers, retries, code)
        begun = {life.id: life for life in self._begun(accepted_ms, _different(life_ids))}
        if isinstance(life_ids, int):
            lives = dict.fromkeys(receivers, begun[life_ids])
        else:
            lives = {number: begun[life_id] for number, life_id in zip(receivers, life_ids, strict=True)}
        return Send(send_id, message, accepted_ms, lives)

    def _lives(self, kept: bytes | Send) -> list[Life]:
        """The different lives of a send."""
        if isinstance(kept, Send):
            return kept.distinct_deliveries()
        accepted_ms, *_, life_ids = unpack(kept)
        return self._begun(accepted_ms, _different(life_ids))

    def _begun(self, accepted_ms: int, life_ids: Iterable[int]) -> list[Life]:
        return [Life(accepted_ms, self._tracks[life_id], id=life_id) for life_id in life_ids]

    def look_up(self, send_id: int, accepted_since_ms: int) -> SendLookup | None:
        """What reportSend finds (R1, R3, R4): a send accepted before that time is archived."""
        send = self.find(send_id)
        if send is not None:
            return SendLookup(len(send.lives), send if send.accepted_ms >= accepted_since_ms else None)
        place = send_id - self._base - 1
        if 0 <= place < self.dropped:
            return SendLookup(self._receivers[place], None)
        return None

    # What becomes of it.

    def command(self, send_id: int, change: Callable[[Life], Life | None], number: str | None = None) -> int:
        """Replace the lives of a send's receivers, or of one of them, where `change` has a new life for
        them; returns how many.
        """
        send = self.find(send_id)
        if send is None:
            return 0
        self._plan()
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
        self._commanded += 1
        new = replace(new, id=self._commanded)
        send.lives.update(dict.fromkeys(holders, new))
        cost = len(holders) * send.message.cost
        if (send.id, old.id) in self._owed:
            self._owed[send.id, old.id] -= cost
        if all(life.id != old.id for life in send.lives.values()):
            self._strike(send.id, old)
        if new.track.pairs[0] != old.pair_at(new.began_ms):  # a life that stays has nothing to come
            self._await(send.id, new, 0)
        if new.track.is_refunded:
            self._owe(send.id, new.id, new.began_ms + new.track.lasts_ms, cost)

    def settle(self, now_ms: int, ledger: Ledger) -> None:
        """Book every refund that is due by `now_ms` (M4, M5), as much of it as no command has taken away."""
        refunds = self._refunds
        while refunds and refunds[0][0] <= now_ms:
            _, send_id, life_id = heappop(refunds)
            ledger.refund(self._owed.pop((send_id, life_id)))

    def changes_until(self, now_ms: int) -> list[Change]:
        """What has changed since this was last asked, or passed over, up to `now_ms`; in order of time."""
        self._plan()
        changes: list[Change] = []
        while due := self._awaited.take(now_ms):
            at_ms, awaited = due
            changes += [self._step(at_ms, number, place) for number, place in awaited.items()]
        return changes

    def _step(self, at_ms: int, awaited: int, place: int) -> Change:
        """A step that is due; the next one of that life is then awaited."""
        send_id, life_id = _ids(awaited)
        life, numbers = self._shared(self._held(send_id), life_id)
        self._await(send_id, life, place + 1)
        return Change(at_ms, send_id, numbers, life.track.pairs[place])

    def _shared(self, kept: bytes | Send, life_id: int) -> tuple[Life, tuple[str, ...]]:
        """That life of a send, and the receivers that share it."""
        if isinstance(kept, Send):
            numbers = tuple([number for number, life in kept.lives.items() if life.id == life_id])
            return kept.lives[numbers[0]], numbers
        accepted_ms, *_, receivers, _, _, life_ids = unpack(kept)
        (life,) = self._begun(accepted_ms, (life_id,))
        if isinstance(life_ids, int):
            return life, receivers
        pairs = zip(receivers, life_ids, strict=True)
        return life, tuple([number for number, other in pairs if other == life_id])

    def pass_over(self, now_ms: int) -> None:
        """Forget a little of what has changed until `now_ms`: nobody has asked for it, and nobody will.

        Called at each request, this keeps what there is to look at when somebody asks near to what is still
        on its way. A send is written down only then, or when it takes long.
        """
        for _ in range(2):
            if self._unplanned and self._unplanned[0] <= now_ms:
                send_id = self.next_id() - len(self._unplanned)
                self._unplanned.popleft()
                if send_id in self._long:
                    self._long.remove(send_id)
                    self._await_after(now_ms, send_id, self._lives(self._held(send_id)))
            if awaited := self._awaited.take_one(now_ms):
                send_id, life_id = _ids(awaited)
                life, _ = self._shared(self._held(send_id), life_id)
                self._await_after(now_ms, send_id, [life])

    def _await_after(self, now_ms: int, send_id: int, lives: list[Life]) -> None:
        for life in lives:
            self._await(send_id, life, bisect_right(life.track.offsets_ms, now_ms - life.began_ms))

    def next_change_ms(self) -> int | None:
        """When the next change is due that was not asked for yet; None when all is final, or held."""
        self._plan()
        return self._awaited.next_ms()

    def _plan(self) -> None:
        """Write down what is awaited of sends that are not written down yet."""
        for send_id in range(self.next_id() - len(self._unplanned), self.next_id()):
            for life in self._lives(self._held(send_id)):
                self._await(send_id, life, 1)
        self._unplanned.clear()
        self._long.clear()

    def _owe(self, send_id: int, life_id: int, due_ms: int, rials: int) -> None:
        """Give these back when the life ends."""
        self._owed[send_id, life_id] = rials
        heappush(self._refunds, (due_ms, send_id, life_id))

    def _await(self, send_id: int, life: Life, place: int) -> None:
        track = life.track
        if place < len(track.pairs):
            self._awaited.put(life.began_ms + track.offsets_ms[place], _awaited(send_id, life.id), place)

    def _strike(self, send_id: int, life: Life) -> None:
        """Wait no longer for what becomes of a life."""
        for offset_ms in life.track.offsets_ms:
            self._awaited.strike(life.began_ms + offset_ms, _awaited(send_id, life.id))


def _different(life_ids: int | list[int]) -> Iterable[int]:
    return (life_ids,) if isinstance(life_ids, int) else set(life_ids)


def _awaited(send_id: int, life_id: int) -> int:
    """One number for a life of a send."""
    return send_id << _LIFE_BITS | life_id


def _ids(awaited: int) -> tuple[int, int]:
    """The send and the life of which `_awaited` has made one number."""
    return awaited >> _LIFE_BITS, awaited & ~(-1 << _LIFE_BITS)
