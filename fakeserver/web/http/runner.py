"""The runner of the application: aiohttp's, whose server uses the protocol of `protocol.py`."""

import logging

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.web_log import AccessLogger
from aiohttp.web_protocol import RequestHandler

from fakeserver.web.http.log_filter import http_logger
from fakeserver.web.http.protocol import Protocol, dispatch, fits_aiohttp
from fakeserver.web.http.write_batcher import WriteBatcher
from fakeserver.web.service.endpoint import ENDPOINT, Endpoint

SHUTDOWN_SECONDS = 1.0


class Runner(web.AppRunner):
    """Logs no tracebacks for malformed requests, stops quickly, and cancels a request when its client
    disconnects.

    Compressed bodies are left as they came: the panel does not decompress them, so none can blow up.
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
        server, service = await super()._make_server(), self.app[ENDPOINT]
        if not fits_aiohttp():
            http_logger().warning(
                "aiohttp %s is newer than this fakeserver knows: serving is slower, and clients that close "
                "their half of a connection, or write raw UTF-8 into a URL, are not served",
                aiohttp.__version__,
            )
            return server
        server.request_handler = dispatch(service, server.request_handler)
        return _Server(server, service)


class _Server(web.Server):
    """aiohttp's server with another protocol."""

    def __init__(self, server: web.Server, service: Endpoint) -> None:
        self.__dict__.update(server.__dict__)
        self._service = service
        self._batcher = WriteBatcher(self._loop)

    def __call__(self) -> RequestHandler:
        return Protocol(self, self._service, self._batcher, loop=self._loop, **self._kwargs)
