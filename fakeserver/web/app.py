"""The aiohttp application around a panel. Two applications share nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.defaults import Document
from fakeserver.web.control.context import Control
from fakeserver.web.control.guard import Guard
from fakeserver.web.control.routes import add_routes
from fakeserver.web.events.broker import EventBroker
from fakeserver.web.events.long_polls import LongPolls
from fakeserver.web.inbox.page import add_page
from fakeserver.web.service.endpoint import ENDPOINT, Endpoint, is_service
from fakeserver.web.system_clock import RealClock, system_clock

# The control plane of an application, for code in the same process.
CONTROL = web.AppKey("CONTROL", Control)

MAX_BODY = 1 << 20  # bytes; a larger body is answered with HTTP 413 (W13)


@dataclass(frozen=True, slots=True)
class Options:
    """How a panel is served. `max_body` is in bytes; `front_page` says whether the inbox page is served;
    `account_defaults` fill in what the document of a new account leaves out. `on_bug` is called with every
    exception that a bug raises, before its request is answered with HTTP 500.
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
    """The application that serves `panel`; `clock` returns the real time."""
    options, clock = options or Options(), clock or system_clock()
    long_polls = LongPolls(panel, clock)
    broker = EventBroker(panel, long_polls, clock)
    endpoint = Endpoint(
        panel,
        broker,
        clock,
        trust_proxy=options.trust_proxy,
        max_body=options.max_body,
        on_bug=options.on_bug,
    )
    reporting = [] if options.on_bug is None else [_reporting(options.on_bug)]
    app = web.Application(client_max_size=options.max_body, middlewares=reporting)
    app[ENDPOINT] = endpoint
    app.router.add_route("*", SERVICE_PATH, endpoint.handle)
    app.router.add_route("*", SERVICE_PATH + "/", endpoint.handle)
    if options.front_page:
        add_page(app, options.guard)
    app[CONTROL] = Control(panel, broker, long_polls, clock, options.account_defaults)
    add_routes(app, app[CONTROL], options.guard)
    app.router.add_route("*", "/{elsewhere:.*}", _nothing_here)
    app.on_response_prepare.append(_forbid_sniffing)
    app.on_shutdown.append(_closing(broker, long_polls))
    return app


def _reporting(on_bug: Callable[[Exception], None]) -> Middleware:
    """Report bugs, except disconnects and aiohttp's own responses. The service reports its bugs itself."""

    @web.middleware
    async def report(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as bug:
            if not is_service(request.path):
                on_bug(bug)
            raise

    return report


def _closing(broker: EventBroker, long_polls: LongPolls) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_app: web.Application) -> None:
        broker.close()
        long_polls.close()

    return close


async def _forbid_sniffing(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"


async def _nothing_here(_request: web.Request) -> web.Response:
    text = f"Nothing here. The service is at {SERVICE_PATH}\n"
    return web.Response(status=404, text=text)
