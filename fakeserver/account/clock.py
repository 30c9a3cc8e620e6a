"""An account's clock: real or frozen, in whole milliseconds since 1970 (UTC).

It never reads the machine's clock: the caller passes the real time in.
"""

from dataclasses import dataclass

from fakeserver.spec.units import AccountMs, RealMs

FROZEN_START_MS = AccountMs(1_730_419_200_000)  # 2024-11-01T00:00:00Z, where a frozen clock starts
END_MS = AccountMs(253_402_214_400_000)  # 9999-12-31T00:00:00Z, the last day that a date can express


class ClockError(ValueError):
    """The clock cannot be set to that time."""


class ClockMovedBackwards(ClockError):
    """The time is before the account's current time."""


class ClockOutOfRange(ClockError):
    """The time is beyond the year 9999."""


@dataclass(slots=True)
class Clock:
    """`at_ms` is the account's time at the real time `anchor_ms`. From there it runs `speed` times as fast as
    real time, unless it is frozen.
    """

    frozen: bool
    at_ms: AccountMs
    anchor_ms: RealMs
    speed: float = 1

    @classmethod
    def start(cls, real_ms: RealMs, *, frozen: bool) -> "Clock":
        return cls(frozen, FROZEN_START_MS if frozen else AccountMs(real_ms), real_ms)

    def now_ms(self, real_ms: RealMs) -> AccountMs:
        """The account's time. A real time before the anchor counts as the anchor, so the account's time never
        goes back.
        """
        if self.frozen:
            return self.at_ms
        elapsed = max(0, real_ms - self.anchor_ms)
        passed = elapsed if self.speed == 1 else int(elapsed * self.speed)
        return AccountMs(min(END_MS, self.at_ms + passed))

    def real_ms_until(self, at_ms: AccountMs, real_ms: RealMs) -> float | None:
        """How many real milliseconds pass until the account's time is `at_ms`; None while it is frozen."""
        return None if self.frozen else max(0, at_ms - self.now_ms(real_ms)) / self.speed

    def set(self, at_ms: AccountMs, real_ms: RealMs) -> None:
        """Set the account's time to `at_ms`. Raises ClockMovedBackwards, ClockOutOfRange."""
        if at_ms < self.now_ms(real_ms):
            raise ClockMovedBackwards("time does not go backwards")
        if at_ms > END_MS:
            raise ClockOutOfRange("time ends with the year 9999")
        self.at_ms, self.anchor_ms = at_ms, real_ms

    def freeze(self, real_ms: RealMs, *, frozen: bool) -> None:
        """Stop the clock where it is, or let it run from there."""
        self.set(self.now_ms(real_ms), real_ms)
        self.frozen = frozen

    def set_speed(self, speed: float, real_ms: RealMs) -> None:
        """Let the clock run `speed` times as fast as real time from now on; more than 0."""
        self.set(self.now_ms(real_ms), real_ms)
        self.speed = speed
