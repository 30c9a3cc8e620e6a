"""Builds the aiohttp application around a panel. Two applications share nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from fakeserver.panel.panel import Panel
from fakeserver.settings import Document
from fakeserver.web.control.context import Control
from fakeserver.web.control.routes import add_routes
from fakeserver.web.endpoint import PATH, Endpoint
from fakeserver.web.guard import Guard
from fakeserver.web.hub import Hub
from fakeserver.web.realtime import RealTime, real_time

MAX_BODY = 1 << 20  # bytes; a request above is answered with HTTP 413 (W13)


@dataclass(frozen=True, slots=True)
class Options:
    """How a panel is served. `max_body` is in bytes; `front_page` is what a browser sees at `/`;
    `account_defaults` are settings for members that a new account's document leaves out.
    """

    max_body: int = MAX_BODY
    guard: Guard = field(default_factory=Guard)
    trust_proxy: bool = False
    front_page: bool = True
    account_defaults: Document = field(default_factory=dict)


def build_app(panel: Panel, options: Options | None = None, clock: RealTime | None = None) -> web.Application:
    """The application that serves `panel`; `clock` is the real time."""
    options, clock = options or Options(), clock or real_time()
    hub = Hub(panel, clock)
    endpoint = Endpoint(panel, hub, clock, trust_proxy=options.trust_proxy)
    app = web.Application(client_max_size=options.max_body, middlewares=[_connect_to(endpoint)])
    app.router.add_route("*", PATH, endpoint.handle)
    app.router.add_route("*", PATH + "/", endpoint.handle)
    add_routes(app, Control(panel, hub, clock, options.account_defaults), options.guard)
    if options.front_page:
        app.router.add_get("/", _front_page)
    app.router.add_route("*", "/{elsewhere:.*}", _nothing_here)
    app.on_response_prepare.append(_unsniffed)
    app.on_shutdown.append(_closing(hub))
    return app


def _connect_to(endpoint: Endpoint) -> Middleware:
    """CONNECT has a target of its own kind, which no route matches; the gate shall judge it too (A4)."""

    @web.middleware
    async def connect(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "CONNECT" and request.raw_path.rstrip("/") == PATH:
            return await endpoint.handle(request)
        return await handler(request)

    return connect


def _closing(hub: Hub) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_app: web.Application) -> None:
        hub.close()

    return close


async def _unsniffed(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"


async def _front_page(_request: web.Request) -> web.Response:
    text = (
        "fakeserver: a sandbox of the mydnspanel.com SMS web service.\n"
        f"The service is at {PATH}, the control plane is described at /_fake/openapi.json.\n"
    )
    return web.Response(text=text, headers={"X-Frame-Options": "DENY"})


async def _nothing_here(_request: web.Request) -> web.Response:
    text = f"Nothing here. The service is at {PATH}\n"
    return web.Response(status=404, text=text)
