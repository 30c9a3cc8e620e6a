"""Writes the responses of one turn of the event loop together."""

import asyncio

BATCH_MAX = 32  # responses that wait for the end of a turn


class WriteBatcher:
    """Writes the first response of a turn of the event loop at once, the others together at its end.

    Waking a client on another processor takes longer than writing to it, and only the first of several
    responses that are written together wakes it. A single client does not wait, and no response waits for
    more than BATCH_MAX others.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._turn_has_begun = False
        self._waiting: list[tuple[asyncio.Transport, bytes]] = []

    def write(self, transport: asyncio.Transport, response: bytes) -> None:
        if not self._turn_has_begun:
            self._turn_has_begun = True
            self._loop.call_soon(self._end_turn)
            transport.write(response)
            return
        self._waiting.append((transport, response))
        if len(self._waiting) >= BATCH_MAX:
            self.flush()

    def flush(self) -> None:
        """Write the responses that wait, for example before a connection is closed."""
        waiting, self._waiting = self._waiting, []
        for transport, response in waiting:
            if not transport.is_closing():
                transport.write(response)

    def _end_turn(self) -> None:
        self._turn_has_begun = False
        self.flush()
