"""What an account has sent: the sends that are kept, those that are archived, and the refunds to come.

Send ids are the account's serial number × 10⁹ plus a count (S12), so a send is found by its place, and no
request looks through all of them. Of a send that was dropped to keep within `keep_sends` (R4) only the
number of its receivers stays, four bytes, because its report still says so (R3).
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from fakeserver.panel.delivery import Life
from fakeserver.panel.ledger import Ledger
from fakeserver.panel.parts import Size

IDS_PER_ACCOUNT = 1_000_000_000


@dataclass(slots=True)
class Send:
    """An accepted message. `cost` is that of one receiver, in rials; `lives` holds every receiver, in the
    order of the request, with what becomes of it.
    """

    id: int
    action: str
    sender: str
    text: str
    size: Size
    cost: int
    accepted_ms: int
    lives: dict[str, Life]


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
        self._refunds: list[tuple[int, int, Send, Life]] = []
        self._refund_count = 0

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

    def next_id(self) -> int:
        return self._base + self.accepted + 1

    def add(self, send: Send, keep: int) -> None:
        """Keep `send`, whose id is `next_id()`, and drop the oldest beyond `keep`."""
        self._sends.append(send)
        for life in dict.fromkeys(send.lives.values()):
            self._expect_refund(send, life)
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
        if place + 1 >= 64 and 2 * (place + 1) >= len(self._sends):
            del self._sends[: place + 1]
            self._listed_from += place + 1

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
                self._expect_refund(send, new)
        return len(replaced)

    def settle(self, now_ms: int, ledger: Ledger) -> None:
        """Book every refund that is due by `now_ms` (M4, M5). A life that a command has replaced since is
        nobody's any more and comes to nothing.
        """
        refunds = self._refunds
        while refunds and refunds[0][0] <= now_ms:
            _, _, send, life = heappop(refunds)
            receivers = sum(1 for other in send.lives.values() if other is life)
            ledger.refund(receivers * send.cost)

    def _expect_refund(self, send: Send, life: Life) -> None:
        due_ms = life.refund_due_ms()
        if due_ms is not None:
            self._refund_count += 1
            heappush(self._refunds, (due_ms, self._refund_count, send, life))
