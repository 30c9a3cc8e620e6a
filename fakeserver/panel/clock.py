"""An account's clock: real or frozen, in whole milliseconds since 1970 (UTC).

It reads no clock of the machine: whoever asks says what the real time is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FROZEN_START_MS = 1_730_419_200_000  # 2024-11-01T00:00:00Z, where a frozen clock begins


def to_datetime(at_ms: int) -> datetime:
    """That instant, in UTC."""
    return EPOCH + timedelta(milliseconds=at_ms)


@dataclass(slots=True)
class Clock:
    """`at_ms` is the account's time at the real time `anchor_ms`; from there it runs on, unless frozen."""

    frozen: bool
    at_ms: int
    anchor_ms: int

    @classmethod
    def start(cls, real_ms: int, *, frozen: bool) -> "Clock":
        return cls(frozen, FROZEN_START_MS if frozen else real_ms, real_ms)

    def now_ms(self, real_ms: int) -> int:
        """The account's time; a real time before the last anchor counts as the anchor, so that the
        account's time never goes back.
        """
        return self.at_ms if self.frozen else self.at_ms + max(0, real_ms - self.anchor_ms)

    def advance(self, by_ms: int, real_ms: int) -> None:
        """Raises ValueError for a negative step."""
        if by_ms < 0:
            raise ValueError("time does not go backwards")
        self.at_ms, self.anchor_ms = self.now_ms(real_ms) + by_ms, real_ms

    def freeze(self, real_ms: int, *, frozen: bool) -> None:
        """Stop the clock where it is, or let it run on from there."""
        self.advance(0, real_ms)
        self.frozen = frozen
