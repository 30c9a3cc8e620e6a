"""Refunds that fall due when a delivery reaches a refunded status pair (M4, M5)."""

from heapq import heappop, heappush

from fakeserver.spec.units import AccountMs, Rials

NOTHING = Rials(0)


class RefundsDue:
    """Amounts by the send and the delivery that they belong to, in the order in which they fall due."""

    def __init__(self) -> None:
        self._queue: list[tuple[AccountMs, int, int]] = []  # a heap of (due, send id, delivery id)
        self._amounts: dict[tuple[int, int], int] = {}

    def add(self, send_id: int, delivery_id: int, due_ms: AccountMs, amount: Rials) -> None:
        """Refund the amount once `due_ms` is reached."""
        self._amounts[send_id, delivery_id] = amount
        heappush(self._queue, (due_ms, send_id, delivery_id))

    def reduce(self, send_id: int, delivery_id: int, amount: Rials) -> None:
        """Reduce a refund by `amount`, because a command gave some receivers another delivery."""
        if (send_id, delivery_id) in self._amounts:
            self._amounts[send_id, delivery_id] -= amount

    def total(self, now_ms: AccountMs) -> Rials:
        """The sum of the refunds that are due by `now_ms` and not yet taken."""
        queue = self._queue
        if not queue or queue[0][0] > now_ms:
            return NOTHING
        total, places = 0, [0]
        for place in places:  # down the heap, as far as refunds are due
            if place < len(queue) and queue[place][0] <= now_ms:
                _, send_id, delivery_id = queue[place]
                total += self._amounts[send_id, delivery_id]
                places += (2 * place + 1, 2 * place + 2)
        return Rials(total)

    def take(self, now_ms: AccountMs) -> Rials:
        """Remove the refunds that are due by `now_ms` and return their sum."""
        queue, total = self._queue, NOTHING
        while queue and queue[0][0] <= now_ms:
            _, send_id, delivery_id = heappop(queue)
            total = Rials(total + self._amounts.pop((send_id, delivery_id)))
        return total
