"""How a reply of the service is written: in one piece, where the request is as real clients make it, and
together with others of the same moment. Or not at all.

aiohttp's own response is made for everything that HTTP can be, and takes longer than the panel itself. What
is written here is what it would write; a test holds the two side by side.
"""

import asyncio
from functools import lru_cache
from typing import TypeAlias

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE
from multidict import CIMultiDict

from fakeserver.web.system_clock import http_date

# Names and values without line breaks, and none that HTTP itself needs.
Headers: TypeAlias = tuple[tuple[str, str], ...]

TOGETHER_MAX = 32  # replies that wait for the end of a turn


def reply(request: web.BaseRequest, headers: Headers, body: bytes, status: int = 200) -> web.StreamResponse:
    """A response to `request`."""
    if (
        status == 200
        and request.keep_alive
        and request.method in ("GET", "POST")
        and request.version == HttpVersion11
    ):
        return _InOnePiece(headers, body)
    return web.Response(status=status, headers=CIMultiDict(headers), body=body)


def abort(request: web.BaseRequest) -> None:
    """Break the request's connection, if it is still there."""
    if request.transport is not None:
        request.transport.abort()


class _InOnePiece(web.StreamResponse):
    """Status 200 of HTTP/1.1, on a connection that stays open. Nothing of it can be changed any more, so it
    has no need of what aiohttp's own prepares for that.
    """

    def __init__(self, headers: Headers, body: bytes) -> None:
        self._given = headers
        self._whole = body

    @property
    def status(self) -> int:
        return 200

    @property
    def headers(self) -> CIMultiDict[str]:
        return CIMultiDict(self._given)

    @property
    def keep_alive(self) -> bool:
        return True

    @property
    def body_length(self) -> int:
        return len(self._whole)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has gone")
        transport.write(serialize_response(self._given, self._whole))
        if request.protocol.writing_paused:
            await request.writer.drain()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Everything is written already."""


class WriteBatcher:
    """Replies of one turn of the event loop: the first is written at once, the others together at its end.

    To wake a client on another processor takes longer than to write to it, and of replies that are written
    together only the first wakes it; it then finds the others. Whoever asks alone does not wait for that,
    and nobody waits for more than TOGETHER_MAX.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._turn_has_begun = False
        self._waiting: list[tuple[asyncio.Transport, bytes]] = []

    def put(self, transport: asyncio.Transport, reply: bytes) -> None:
        if not self._turn_has_begun:
            self._turn_has_begun = True
            self._loop.call_soon(self._end_turn)
            transport.write(reply)
            return
        self._waiting.append((transport, reply))
        if len(self._waiting) >= TOGETHER_MAX:
            self.flush()

    def _end_turn(self) -> None:
        self._turn_has_begun = False
        self.flush()

    def flush(self) -> None:
        """Write what waits; a connection that is about to end must not end before."""
        waiting, self._waiting = self._waiting, []
        for transport, reply in waiting:
            if not transport.is_closing():
                transport.write(reply)


def serialize_response(headers: Headers, body: bytes) -> bytes:
    """A reply with status 200 as HTTP/1.1 writes it, on a connection that stays open."""
    return b"%bContent-Length: %d\r\nDate: %b\r\n\r\n%b" % (_head(headers), len(body), http_date(), body)


@lru_cache(maxsize=1_024)
def _head(headers: Headers) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in (*headers, ("Server", SERVER_SOFTWARE))]
    return f"HTTP/1.1 200 OK\r\n{''.join(lines)}".encode()
