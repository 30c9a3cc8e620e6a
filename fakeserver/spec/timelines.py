"""When the steps of a delivery are due (L3), in whole milliseconds."""

from typing import NamedTuple

# These times hold under every timeline.
SCHEDULED_MS = 3_600_000
CANCELLED_AFTER_MS = 1_000


class Timeline(NamedTuple):
    """When the steps of a delivery are due, in milliseconds after acceptance (L3).

    `ordinary` holds the times of (0,-1), (1,-1), (2,-1), (2,0), (2,1) and the final pair. `pattern`, for
    pattern messages and one-time codes, holds the same times without the first. `failed_ms` is the time
    from a failed attempt to the next step.
    """

    ordinary: tuple[int, ...]
    pattern: tuple[int, ...]
    failed_ms: int = 1_000


TIMELINES = {
    "default": Timeline((0, 1_000, 2_000, 3_000, 4_000, 6_000), (0, 200, 400, 600, 800)),
    "slow": Timeline((0, 30_000, 60_000, 65_000, 90_000, 300_000), (0, 5_000, 6_000, 10_000, 60_000)),
    "instant": Timeline((0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0), failed_ms=0),
}
