"""An account's clock: real or frozen, in whole milliseconds since 1970 (UTC).

It reads no clock of the machine: whoever asks says what the real time is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FROZEN_START_MS = 1_730_419_200_000  # 2024-11-01T00:00:00Z, where a frozen clock begins
END_MS = 253_402_214_400_000  # 9999-12-31T00:00:00Z, the last day that a date can be written of


class ClockMovedBackwards(ValueError):
    """Time was asked to go back."""


class ClockOutOfRange(ValueError):
    """Time was asked to go beyond the year 9999."""


def to_datetime(at_ms: int) -> datetime:
    """That instant, in UTC."""
    return EPOCH + timedelta(milliseconds=at_ms)


def from_datetime(at: datetime) -> int:
    """That instant in milliseconds since 1970; a time without an offset is UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)


@dataclass(slots=True)
class Clock:
    """`at_ms` is the account's time at the real time `anchor_ms`; from there it runs on `speed` times as
    fast as the real one, unless it is frozen.
    """

    frozen: bool
    at_ms: int
    anchor_ms: int
    speed: float = 1

    @classmethod
    def start(cls, real_ms: int, *, frozen: bool) -> "Clock":
        return cls(frozen, FROZEN_START_MS if frozen else real_ms, real_ms)

    def now_ms(self, real_ms: int) -> int:
        """The account's time; a real time before the last anchor counts as the anchor, so that the
        account's time never goes back.
        """
        if self.frozen:
            return self.at_ms
        elapsed = max(0, real_ms - self.anchor_ms)
        return min(END_MS, self.at_ms + (elapsed if self.speed == 1 else int(elapsed * self.speed)))

    def real_ms_until(self, at_ms: int, real_ms: int) -> float | None:
        """How many real milliseconds it takes until the account's time is `at_ms`; None when it stands."""
        return None if self.frozen else max(0, at_ms - self.now_ms(real_ms)) / self.speed

    def set(self, at_ms: int, real_ms: int) -> None:
        """Raises ClockMovedBackwards for a time before the account's, ClockOutOfRange."""
        if at_ms < self.now_ms(real_ms):
            raise ClockMovedBackwards("time does not go backwards")
        if at_ms > END_MS:
            raise ClockOutOfRange("time ends with the year 9999")
        self.at_ms, self.anchor_ms = at_ms, real_ms

    def freeze(self, real_ms: int, *, frozen: bool) -> None:
        """Stop the clock where it is, or let it run on from there."""
        self.set(self.now_ms(real_ms), real_ms)
        self.frozen = frozen

    def set_speed(self, speed: float, real_ms: int) -> None:
        """From now on the clock runs `speed` times as fast as the real one; more than 0."""
        self.set(self.now_ms(real_ms), real_ms)
        self.speed = speed
