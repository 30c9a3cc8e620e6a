"""The one place where the machine's clock is read."""

import time
from collections.abc import Callable
from typing import TypeAlias

RealTime: TypeAlias = Callable[[], int]


def real_time() -> RealTime:
    """A clock of whole milliseconds since 1970 that never goes back, whatever happens to the machine's."""
    offset_ns = time.time_ns() - time.monotonic_ns()
    return lambda: (offset_ns + time.monotonic_ns()) // 1_000_000
