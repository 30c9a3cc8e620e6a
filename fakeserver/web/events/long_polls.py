"""Long polls: control requests that wait until an account has the matches that they ask for."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from fakeserver.panel.panel import SimulatedPanel
from fakeserver.web.events import limits
from fakeserver.web.events.limits import LimitReached
from fakeserver.web.events.timing import seconds_to_change
from fakeserver.web.system_clock import RealClock

T = TypeVar("T")


class LongPolls:
    def __init__(self, panel: SimulatedPanel, real_clock: RealClock) -> None:
        self._panel = panel
        self._real_clock = real_clock
        # By the account's key; None: requests whose key belongs to no account.
        self._waiting: dict[str | None, set[asyncio.Event]] = {}
        self._closed = False

    async def wait_for(self, key: str | None, look: Callable[[], T | None], seconds: float) -> T | None:
        """Wait until `look` returns a result other than None, and return it; None after `seconds` of real
        time.

        `look` is called again whenever something happens to the account with that key. The key None stands
        for the requests whose key belongs to no account. Raises LimitReached.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        with self._place(key) as event:
            while True:
                event.clear()
                if self._closed:
                    return None
                # Computed before `look` is called, so a change after the call still wakes us.
                pause = seconds_to_change(self._panel.accounts.get(key or ""), self._real_clock())
                if (found := look()) is not None:
                    return found
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return None
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, pause)):
                        await event.wait()

    def wake(self, key: str | None) -> None:
        """Wake the long polls of the account with that key; None: those for requests of no account."""
        for event in self._waiting.get(key, ()):
            event.set()

    def wake_all(self) -> None:
        """Wake all long polls."""
        for key in self._waiting:
            self.wake(key)

    def close(self) -> None:
        """Answer all long polls with the matches so far, because the server stops."""
        self._closed = True
        self.wake_all()

    @contextmanager
    def _place(self, key: str | None) -> Iterator[asyncio.Event]:
        if sum(map(len, self._waiting.values())) >= limits.LONG_POLLS_MAX:
            raise LimitReached(f"{limits.LONG_POLLS_MAX} requests wait already; no more are allowed")
        event = asyncio.Event()
        self._waiting.setdefault(key, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]
