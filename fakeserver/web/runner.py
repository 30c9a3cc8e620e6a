"""How the application is run: aiohttp's runner, with what a sandbox needs of its protocol beyond aiohttp's.

aiohttp has no hook for these, so its server is given a protocol class of ours; tests watch that it holds.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.hdrs import EXPECT
from aiohttp.http import RawRequestMessage
from aiohttp.web_log import AccessLogger
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest

from fakeserver.web.app import SERVICE
from fakeserver.web.endpoint import is_service
from fakeserver.web.quiet import quiet_logger

SHUTDOWN_SECONDS = 1.0
# How long a client that has ended its half of the connection is still written to, unless the service owes
# it an answer.
FAREWELL_SECONDS = 1.0
LINE_MAX = 8_190  # bytes of a request line, aiohttp's own limit
_Message: TypeAlias = tuple[Any, StreamReader]  # aiohttp's own class stands for what is no HTTP
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Runner(web.AppRunner):
    """Quiet, quick to stop, and a request whose client has gone is not carried on with.

    Bodies are left as they came: a panel does not unpack compressed ones, and nothing can blow up.
    """

    def __init__(
        self,
        app: web.Application,
        *,
        access_log: logging.Logger | None = None,
        access_log_class: type[AbstractAccessLogger] = AccessLogger,
    ) -> None:
        super().__init__(
            app,
            access_log=access_log,
            access_log_class=access_log_class,
            logger=quiet_logger(),
            shutdown_timeout=SHUTDOWN_SECONDS,
            handler_cancellation=True,
            auto_decompress=False,
        )

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        server.__class__ = _Server
        server.request_handler = _at_the_door(self.app[SERVICE].handle, server.request_handler)
        return server


_Handler: TypeAlias = Callable[[BaseRequest], Awaitable[web.StreamResponse]]


def _at_the_door(service: _Handler, router: _Handler) -> _Handler:
    """Requests to the service as clients make them do not wait for the router, nor for its judgement on
    CONNECT, whose target it does not know; the gate judges every method (A4).
    """

    def handle(request: BaseRequest) -> Awaitable[web.StreamResponse]:
        if is_service(request.raw_path) and EXPECT not in request.headers:
            return service(request)
        return router(request)

    return handle


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return Protocol(self, loop=self._loop, **self._kwargs)


class Protocol(RequestHandler):
    """aiohttp's protocol, for clients that write Persian into a URL as it is, and for those that end their
    half of the connection as soon as they have asked.
    """

    __slots__ = ("_last", "_line", "_within_head")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = b""  # of a GET whose first line has not come whole
        self._within_head = False
        self._last: _Message | None = None
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Percent-encode a raw target, as servers in front of the panel do: `?text=سلام` is no HTTP, but
        real clients send it. Only where a request begins.
        """
        begins = not self._within_head and (self._last is None or self._last[1].is_eof())
        if begins and (self._line or data[:1] == b"G"):
            data, self._line = self._escaped(self._line + data)
        count = self._request_count
        super().data_received(data)
        if self._request_count > count:
            self._last, self._within_head = self._messages[-1], False
        elif begins and data:
            self._within_head = True

    def eof_received(self) -> bool:  # type: ignore[override] # asyncio asks for it, aiohttp says None
        """The client asks for nothing more. What it has asked for in full is answered (RFC 9112, 9.6);
        then the connection ends, and at once if there is nothing of the kind. True keeps it for now.

        A stream of events, or a request that waits, may have no end, and is not left for that.
        """
        if self._last is None or not self._last[1].is_eof() or not self._is_busy or self.ssl_context:
            return False
        message, payload = self._last
        if not isinstance(message, RawRequestMessage) or not is_service(message.path):
            self._loop.call_later(FAREWELL_SECONDS, self.force_close)
        if self._messages and isinstance(message, RawRequestMessage):
            self._messages[-1] = message._replace(should_close=True), payload
        else:
            self._close = True
        return True

    @property
    def _is_busy(self) -> bool:
        """Whether a request waits or is handled; otherwise the protocol waits for one."""
        return bool(self._messages) or self._waiter is None

    @staticmethod
    def _escaped(data: bytes) -> tuple[bytes, bytes]:
        """What can be read of a request's beginning, and what must wait until its first line is whole."""
        line, line_break, rest = data.partition(b"\n")
        if not line_break and len(line) <= LINE_MAX and b"GET ".startswith(line[:4]):
            return b"", line
        if not line.isascii() and line.startswith(b"GET "):
            line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line)
        return line + line_break + rest, b""

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is not HTTP is answered with its own bytes in the text: no browser shall guess at it."""
        response = super().handle_error(request, status, exc, message)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
