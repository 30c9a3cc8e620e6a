"""How the application is run: aiohttp's runner, whose server has a protocol of ours (see `protocol.py`)."""

import logging

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.web_log import AccessLogger
from aiohttp.web_protocol import RequestHandler

from fakeserver.web.app import SERVICE
from fakeserver.web.http.log_filter import http_logger
from fakeserver.web.http.protocol import Protocol, dispatch, fits_aiohttp
from fakeserver.web.service.endpoint import Endpoint
from fakeserver.web.service.responses import WriteBatcher

SHUTDOWN_SECONDS = 1.0


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
            logger=http_logger(),
            shutdown_timeout=SHUTDOWN_SECONDS,
            handler_cancellation=True,
            auto_decompress=False,
        )

    async def _make_server(self) -> web.Server:
        server, service = await super()._make_server(), self.app[SERVICE]
        if not fits_aiohttp():
            http_logger().warning(
                "aiohttp %s is newer than this fakeserver: slower, and clients that end their half of a "
                "connection or write Persian into a URL as it is are not served",
                aiohttp.__version__,
            )
            return server
        server.request_handler = dispatch(service, server.request_handler)
        return _Server(server, service)


class _Server(web.Server):
    """That server, but for its protocol."""

    def __init__(self, server: web.Server, service: Endpoint) -> None:
        self.__dict__.update(server.__dict__)
        self._service = service
        self._outgoing = WriteBatcher(self._loop)

    def __call__(self) -> RequestHandler:
        return Protocol(self, self._service, self._outgoing, loop=self._loop, **self._kwargs)
