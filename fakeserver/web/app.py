"""Builds the aiohttp application around a panel. Two applications share nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import Document
from fakeserver.web.control.context import Control
from fakeserver.web.control.guard import Guard
from fakeserver.web.control.routes import add_routes
from fakeserver.web.events.hub import Hub
from fakeserver.web.inbox.page import add_page
from fakeserver.web.service.endpoint import Endpoint, is_service
from fakeserver.web.system_clock import RealClock, system_clock

# The control plane of an application, for whoever runs it in the same process.
CONTROL = web.AppKey("CONTROL", Control)

# The service, for the runner, whose protocol needs no router to find it.
SERVICE = web.AppKey("SERVICE", Endpoint)

MAX_BODY = 1 << 20  # bytes; a request above is answered with HTTP 413 (W13)


@dataclass(frozen=True, slots=True)
class Options:
    """How a panel is served. `max_body` is in bytes; `front_page`: the inbox page is there;
    `account_defaults` are settings for members that a new account's document leaves out. `on_bug` is given
    every exception that nobody foresaw, before its request is answered with HTTP 500.
    """

    max_body: int = MAX_BODY
    guard: Guard = field(default_factory=Guard)
    trust_proxy: bool = False
    front_page: bool = True
    account_defaults: Document = field(default_factory=dict)
    on_bug: Callable[[Exception], None] | None = None


def build_app(
    panel: SimulatedPanel, options: Options | None = None, clock: RealClock | None = None
) -> web.Application:
    """The application that serves `panel`; `clock` is the real time."""
    options, clock = options or Options(), clock or system_clock()
    hub = Hub(panel, clock)
    endpoint = Endpoint(
        panel,
        hub,
        clock,
        trust_proxy=options.trust_proxy,
        max_body=options.max_body,
        on_bug=options.on_bug,
    )
    telling = [] if options.on_bug is None else [_telling(options.on_bug)]
    app = web.Application(client_max_size=options.max_body, middlewares=telling)
    app[SERVICE] = endpoint
    app.router.add_route("*", SERVICE_PATH, endpoint.handle)
    app.router.add_route("*", SERVICE_PATH + "/", endpoint.handle)
    if options.front_page:
        add_page(app, options.guard)
    app[CONTROL] = Control(panel, hub, clock, options.account_defaults)
    add_routes(app, app[CONTROL], options.guard)
    app.router.add_route("*", "/{elsewhere:.*}", _nothing_here)
    app.on_response_prepare.append(_unsniffed)
    app.on_shutdown.append(_closing(hub))
    return app


def _telling(on_bug: Callable[[Exception], None]) -> Middleware:
    """A client that has gone is no bug, nor is an answer of aiohttp's own. The service tells by itself."""

    @web.middleware
    async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as bug:
            if not is_service(request.path):
                on_bug(bug)
            raise

    return tell


def _closing(hub: Hub) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_app: web.Application) -> None:
        hub.close()

    return close


async def _unsniffed(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"


async def _nothing_here(_request: web.Request) -> web.Response:
    text = f"Nothing here. The service is at {SERVICE_PATH}\n"
    return web.Response(status=404, text=text)
