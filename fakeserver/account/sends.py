"""The sends that an account keeps, and those that are archived.

Send ids are the account's serial number × 10⁹ plus a count (S12), so a send is found by its position, without
a search. Once a send is dropped to stay within `keep_sends` (R4), only the number of its receivers is kept,
in four bytes, because its report still gives it (R3).

There may be millions of sends, so each is kept packed, and a `Send` is made from it on demand.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fakeserver.account.delivery import Delivery, Schedule
from fakeserver.account.message import Message
from fakeserver.account.packing import pack, unpack
from fakeserver.notation.message_parts import measure
from fakeserver.spec.units import AccountMs, Rials

IDS_PER_ACCOUNT = 1_000_000_000

# A delivery's id is the position of its schedule. A delivery that a command has begun has an id above this.
REPLACED = 1 << 31


class Send(NamedTuple):
    """An accepted message. `deliveries` holds every receiver, in the order of the request."""

    id: int
    message: Message
    accepted_ms: AccountMs
    deliveries: dict[str, Delivery]

    def distinct_deliveries(self) -> list[Delivery]:
        """Each delivery once, however many receivers share it."""
        return list({delivery.id: delivery for delivery in self.deliveries.values()}.values())


class SendLookup(NamedTuple):
    """A send as reportSend sees it: `send` is None once it is archived (R3)."""

    receivers: int
    send: Send | None


class _PackedSend(NamedTuple):
    """A send as it was accepted. `delivery_ids` has one id for each receiver, or a single one for all."""

    accepted_ms: int
    action: str
    sender: str
    text: str
    cost: int
    receivers: tuple[str, ...]
    retries: int
    code: str
    delivery_ids: int | list[int]

    def receivers_by_delivery(self) -> Iterable[tuple[str, int]]:
        """Every receiver with the id of its delivery."""
        ids = self.delivery_ids
        if isinstance(ids, int):
            return ((number, ids) for number in self.receivers)
        return zip(self.receivers, ids, strict=True)


class Sends:
    def __init__(self, serial: int) -> None:
        self.accepted = 0  # how many sends there ever were
        self.dropped = 0  # how many of them are no longer kept (R4)
        self._base = serial * IDS_PER_ACCOUNT
        self._receiver_counts = array("I")  # of every send, from the first one on
        # The kept sends. One that a command has changed is a Send, every other is packed.
        self._kept: list[bytes | Send | None] = []
        self._listed_from = 0  # how many sends came before the first of that list
        self._schedules: list[Schedule] = []
        self._schedule_ids: dict[Schedule, int] = {}
        self._replaced = REPLACED

    @property
    def next_id(self) -> int:
        """The id of the send that is accepted next."""
        return self._base + self.accepted + 1

    @property
    def last_dropped_id(self) -> int:
        """The id of the newest send that is no longer kept; below every id when all are."""
        return self._base + self.dropped

    def __iter__(self) -> Iterator[Send]:
        """The sends that are kept, oldest first."""
        return self.after(self._base)

    def after(self, send_id: int) -> Iterator[Send]:
        """The kept sends with a greater id, oldest first."""
        first = max(send_id - self._base, self.dropped)
        for count in range(first, self.accepted):
            found = self.find(self._base + count + 1)
            if found is not None:
                yield found

    def newest(self) -> Send | None:
        """The send that was accepted last, if it is kept."""
        return self.find(self._base + self.accepted)

    def find(self, send_id: int) -> Send | None:
        """The kept send with that id, even if its report is archived by age; None when it is not kept."""
        kept = self._look(send_id)
        return kept if kept is None or isinstance(kept, Send) else self._unpacked(send_id, kept)

    def look_up(self, send_id: int, accepted_since_ms: int) -> SendLookup | None:
        """The send that reportSend finds, or None (R1, R3, R4). A send accepted before `accepted_since_ms` is
        archived.
        """
        send = self.find(send_id)
        if send is not None:
            return SendLookup(len(send.deliveries), send if send.accepted_ms >= accepted_since_ms else None)
        place = send_id - self._base - 1
        if 0 <= place < self.dropped:
            return SendLookup(self._receiver_counts[place], None)
        return None

    def receivers_of(self, send_id: int, delivery_id: int) -> tuple[str, ...]:
        """The receivers that have this delivery now; none when the send is gone or a command has given all of
        them another one.
        """
        kept = self._look(send_id)
        if isinstance(kept, Send):
            return tuple([number for number, one in kept.deliveries.items() if one.id == delivery_id])
        if kept is None:
            return ()
        packed = _PackedSend._make(unpack(kept))
        if isinstance(packed.delivery_ids, int):
            return packed.receivers if packed.delivery_ids == delivery_id else ()
        return tuple([number for number, one in packed.receivers_by_delivery() if one == delivery_id])

    def schedule(self, schedule_id: int) -> Schedule:
        return self._schedules[schedule_id]

    def schedule_id(self, schedule: Schedule) -> int:
        """The id of every delivery that follows `schedule` from the acceptance of its send."""
        place = self._schedule_ids.get(schedule)
        if place is None:
            place = self._schedule_ids[schedule] = len(self._schedules)
            self._schedules.append(schedule)
        return place

    def add(self, message: Message, accepted_ms: AccountMs, delivery_ids: list[int]) -> int:
        """Keep a message, with one delivery for each of its receivers; returns its send id."""
        packed = _PackedSend(
            accepted_ms,
            message.action,
            message.sender,
            message.text,
            message.cost,
            message.receivers,
            message.retries,
            message.code,
            delivery_ids[0] if len(set(delivery_ids)) == 1 else delivery_ids,
        )
        self._kept.append(pack(packed))
        self._receiver_counts.append(len(delivery_ids))
        self.accepted += 1
        return self._base + self.accepted

    def replace_delivery(
        self, send: Send, numbers: Iterable[str], delivery: Delivery
    ) -> tuple[Send, Delivery]:
        """Give these receivers of a kept send another delivery, with an id of its own; returns the new send
        and the new delivery.
        """
        self._replaced += 1
        delivery = delivery._replace(id=self._replaced)
        send = send._replace(deliveries={**send.deliveries, **dict.fromkeys(numbers, delivery)})
        self._kept[send.id - self._base - 1 - self._listed_from] = send
        return send, delivery

    def drop_beyond(self, keep: int) -> None:
        """Drop the oldest sends until no more than `keep` are left (R4)."""
        while self.accepted - self.dropped > keep:
            place = self.dropped - self._listed_from
            self.dropped += 1
            self._kept[place] = None
            if place + 1 >= 64 and 2 * (place + 1) >= len(self._kept):
                del self._kept[: place + 1]
                self._listed_from += place + 1

    def _look(self, send_id: int) -> bytes | Send | None:
        place = send_id - self._base - 1 - self._listed_from
        return self._kept[place] if 0 <= place < len(self._kept) else None

    def _unpacked(self, send_id: int, kept: bytes) -> Send:
        packed = _PackedSend._make(unpack(kept))
        accepted_ms, cost = AccountMs(packed.accepted_ms), Rials(packed.cost)
        message = Message(
            packed.action,
            packed.sender,
            packed.text,
            measure(packed.text),
            cost,
            packed.receivers,
            packed.retries,
            packed.code,
        )
        ids = packed.delivery_ids
        begun = {
            delivery_id: Delivery(accepted_ms, self._schedules[delivery_id], id=delivery_id)
            for delivery_id in ((ids,) if isinstance(ids, int) else set(ids))
        }
        deliveries = {number: begun[delivery_id] for number, delivery_id in packed.receivers_by_delivery()}
        return Send(send_id, message, accepted_ms, deliveries)
