"""How the application is run: aiohttp's runner, with what a sandbox needs of its protocol beyond aiohttp's.

aiohttp has no hook for these, so the class of its protocol objects is exchanged; tests watch that it holds.
"""

import logging
import re

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.web_log import AccessLogger
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest

from fakeserver.web.quiet import quiet_logger

SHUTDOWN_SECONDS = 1.0
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
        return server


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        protocol = super().__call__()
        protocol.__class__ = Protocol
        return protocol


class Protocol(RequestHandler):
    """aiohttp's protocol, for clients that write Persian into a URL as it is."""

    __slots__ = ()

    def data_received(self, data: bytes) -> None:
        """Percent-encode a raw target, as servers in front of the panel do: `?text=سلام` is no HTTP, but
        real clients send it. Only where a request begins: no other one is being read or handled.
        """
        if data.startswith(b"GET ") and self._current_request is None and not data.isascii():
            line, line_break, rest = data.partition(b"\r\n")
            data = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line) + line_break + rest
        super().data_received(data)

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
