"""The one place where the machine's clock is read."""

import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from typing import TypeAlias

from fakeserver.spec.units import RealMs

RealClock: TypeAlias = Callable[[], RealMs]


def system_clock() -> RealClock:
    """A clock of real time that never goes back, even if the machine's clock does."""
    offset_ns = time.time_ns() - time.monotonic_ns()
    return lambda: RealMs((offset_ns + time.monotonic_ns()) // 1_000_000)


def http_date() -> bytes:
    """The machine's time, for the header `Date`."""
    return _http_date(int(time.time()))


@lru_cache(maxsize=1)
def _http_date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
