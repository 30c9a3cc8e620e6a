"""What is due when, in order, and struck off again as quickly as it was put down."""

from heapq import heappop, heappush
from typing import TypeAlias

# Numbers that differ in these bits only lie together, and no table becomes so large that its growth is felt.
_TOGETHER_BITS = 40

_Place: TypeAlias = tuple[int, int]  # a time, and the bits above those


class Agenda:
    """Numbers with the times at which they are due, each with a note that is a number too.

    Of equal times the numbers come in the order of their upper bits, then as they were put down.
    """

    def __init__(self) -> None:
        self._places: list[_Place] = []  # a heap; some may have nothing left
        self._due: dict[_Place, dict[int, int]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._due.values()))

    def __bool__(self) -> bool:
        return bool(self._due)

    def put(self, at_ms: int, number: int, note: int) -> None:
        """Put `number` down for that time; the same number again takes the new note."""
        place = at_ms, number >> _TOGETHER_BITS
        due = self._due.get(place)
        if due is None:
            due = self._due[place] = {}
            heappush(self._places, place)
        due[number] = note

    def strike(self, at_ms: int, number: int) -> None:
        """Take `number` off that time, if it is there."""
        place = at_ms, number >> _TOGETHER_BITS
        due = self._due.get(place)
        if due is not None and due.pop(number, None) is not None and not due:
            del self._due[place]

    def next_ms(self) -> int | None:
        """The earliest time for which something is put down."""
        places = self._places
        while places and places[0] not in self._due:
            heappop(places)
        return places[0][0] if places else None

    def take(self, now_ms: int) -> tuple[int, dict[int, int]] | None:
        """Numbers and their notes of the earliest time until `now_ms`, with that time; None when nothing is
        due.
        """
        at_ms = self.next_ms()
        if at_ms is None or at_ms > now_ms:
            return None
        return at_ms, self._due.pop(self._places[0])

    def take_one(self, now_ms: int) -> int | None:
        """Any one number of the earliest time until `now_ms`; None when nothing is due."""
        at_ms = self.next_ms()
        if at_ms is None or at_ms > now_ms:
            return None
        place = self._places[0]
        due = self._due[place]
        number, _ = due.popitem()
        if not due:
            del self._due[place]
        return number
