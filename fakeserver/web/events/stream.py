"""One event stream: the queue of its events, and the end of the stream if its client does not keep up."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from fakeserver.web.events import limits


class EventStream:
    """`key` is the key of the account, None for the events of all; `abort` breaks off the connection."""

    def __init__(self, key: str | None, abort: Callable[[], None]) -> None:
        self.key = key
        self._abort = abort
        self._aborting: asyncio.TimerHandle | None = None
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._awake = asyncio.Event()
        self._closed = False

    def put(self, event: bytes) -> None:
        """Queue an event. If the client does not keep up, close the stream instead. The client has
        CLOSE_SECONDS to read what is queued, and can then connect again.
        """
        if self._closed:
            return
        if len(self._queue) >= limits.QUEUED_MAX or self._queued_bytes > limits.QUEUED_BYTES_MAX:
            self._aborting = asyncio.get_running_loop().call_later(limits.CLOSE_SECONDS, self._abort)
            self.close()
        else:
            self._queue.append(event)
            self._queued_bytes += len(event)
            self._awake.set()

    def close(self) -> None:
        """End the stream once what is queued has been read."""
        self._closed = True
        self._awake.set()

    def ended(self) -> None:
        """The response has ended, so the connection need not be broken off."""
        if self._aborting is not None:
            self._aborting.cancel()

    async def events(self) -> AsyncIterator[bytes]:
        """The events as they come, and a comment after IDLE_SECONDS without any."""
        while not self._closed:
            try:
                async with asyncio.timeout(limits.IDLE_SECONDS):
                    await self._awake.wait()
            except TimeoutError:
                yield b": still here\n\n"
            self._awake.clear()
            while self._queue:
                event = self._queue.popleft()
                self._queued_bytes -= len(event)
                yield event
