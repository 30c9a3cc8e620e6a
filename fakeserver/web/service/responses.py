"""Responses of the service, serialized in one write where the request allows it.

aiohttp's own response supports all of HTTP, and takes longer than the panel's answer. These responses are the
same bytes that aiohttp would write; a test compares the two.
"""

from functools import lru_cache

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE
from multidict import CIMultiDict

from fakeserver.web.system_clock import http_date
from fakeserver.wire.reply import Headers, Reply


def respond(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    """The response to `request` that carries `reply`."""
    if (
        reply.status == 200
        and request.keep_alive
        and request.method in ("GET", "POST")
        and request.version == HttpVersion11
    ):
        return _SerializedResponse(reply)
    return web.Response(status=reply.status, headers=CIMultiDict(reply.headers), body=reply.body)


def serialize_response(reply: Reply) -> bytes:
    """A reply with status 200 as HTTP/1.1 writes it, on a connection that stays open."""
    head, body = _head(reply.headers), reply.body
    return b"%bContent-Length: %d\r\nDate: %b\r\n\r\n%b" % (head, len(body), http_date(), body)


@lru_cache(maxsize=1_024)
def _head(headers: Headers) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in (*headers, ("Server", SERVER_SOFTWARE))]
    return f"HTTP/1.1 200 OK\r\n{''.join(lines)}".encode()


class _SerializedResponse(web.StreamResponse):
    """An HTTP/1.1 response with status 200, on a connection that stays open. It cannot be changed, so it
    needs none of the preparations of aiohttp's response.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    @property
    def status(self) -> int:
        return 200

    @property
    def headers(self) -> CIMultiDict[str]:
        return CIMultiDict(self._reply.headers)

    @property
    def keep_alive(self) -> bool:
        return True

    @property
    def body_length(self) -> int:
        return len(self._reply.body)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has disconnected")
        transport.write(serialize_response(self._reply))
        if request.protocol.writing_paused:
            await request.writer.drain()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """`prepare` has written everything."""
