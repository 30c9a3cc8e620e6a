"""Builds the aiohttp application around a panel. Two applications share nothing."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from fakeserver import __version__
from fakeserver.panel.panel import Panel
from fakeserver.web.endpoint import PATH, Endpoint
from fakeserver.web.realtime import RealTime, real_time

MAX_BODY = 1 << 20  # bytes; a request above is answered with HTTP 413 (W13)


def build_app(panel: Panel, *, max_body: int = MAX_BODY, clock: RealTime | None = None) -> web.Application:
    """The application that serves `panel`. `clock` is the real time, `max_body` is in bytes."""
    endpoint = Endpoint(panel, clock or real_time())
    app = web.Application(client_max_size=max_body, middlewares=[_connect_to(endpoint)])
    app.router.add_route("*", PATH, endpoint.handle)
    app.router.add_route("*", PATH + "/", endpoint.handle)
    app.router.add_get("/_fake/health", _Health(panel).handle)
    app.router.add_route("*", "/{elsewhere:.*}", _nothing_here)
    return app


def _connect_to(endpoint: Endpoint) -> Middleware:
    """CONNECT has a target of its own kind, which no route matches; the gate shall judge it too (A4)."""

    @web.middleware
    async def connect(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "CONNECT" and request.raw_path.rstrip("/") == PATH:
            return await endpoint.handle(request)
        return await handler(request)

    return connect


class _Health:
    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    async def handle(self, _request: web.Request) -> web.Response:
        accounts = len(self._panel.accounts)
        return web.json_response({"status": "ok", "version": __version__, "accounts": accounts})


async def _nothing_here(_request: web.Request) -> web.Response:
    return web.Response(status=404, text=f"Nothing here. The service is at {PATH}\n")
