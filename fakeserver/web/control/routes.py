"""Every control route, and the checks in front of them."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from fakeserver.web.control import (
    accounts,
    clock,
    explain,
    faults,
    inbound,
    journal,
    messages,
    server,
    snapshots,
)
from fakeserver.web.control.context import HEADERS, Control
from fakeserver.web.control.guard import Guard
from fakeserver.web.control.problem import ControlError, control_error, problem_response
from fakeserver.web.events.limits import LimitReached

Route: TypeAlias = Callable[[Control, web.Request], Awaitable[web.StreamResponse]]

_ACCOUNT = "/_fake/accounts/{key:[^/]+}"
_MESSAGE = f"{_ACCOUNT}/messages/{{sendID}}"
_SNAPSHOT = f"{_ACCOUNT}/snapshots/{{name:[^/]+}}"

# Health needs no token, because a container's health check has none.
OPEN = "/_fake/health"

ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("GET", OPEN, server.health),
    ("HEAD", OPEN, server.health),
    ("GET", "/_fake/openapi.json", server.openapi),
    ("POST", "/_fake/reset", server.reset),
    ("GET", "/_fake/events", server.events),
    ("GET", "/_fake/journal", journal.read_unknown_keys),
    ("DELETE", "/_fake/journal", journal.clear_unknown_keys),
    ("GET", "/_fake/accounts", accounts.list_all),
    ("POST", "/_fake/accounts", accounts.create),
    ("GET", _ACCOUNT, accounts.read),
    ("PATCH", _ACCOUNT, accounts.change),
    ("DELETE", _ACCOUNT, accounts.remove),
    ("POST", f"{_ACCOUNT}/reset", accounts.reset),
    ("GET", f"{_ACCOUNT}/phonebooks", accounts.list_phonebooks),
    ("GET", f"{_ACCOUNT}/messages", messages.list_all),
    ("GET", _MESSAGE, messages.read),
    ("POST", f"{_MESSAGE}/approve", messages.approve),
    ("POST", f"{_MESSAGE}/cancel", messages.cancel),
    ("POST", f"{_MESSAGE}/status", messages.force),
    ("GET", f"{_ACCOUNT}/inbound", inbound.list_all),
    ("POST", f"{_ACCOUNT}/inbound", inbound.deliver),
    ("GET", f"{_ACCOUNT}/clock", clock.read),
    ("POST", f"{_ACCOUNT}/clock", clock.command),
    ("GET", f"{_ACCOUNT}/faults", faults.list_all),
    ("POST", f"{_ACCOUNT}/faults", faults.add),
    ("DELETE", f"{_ACCOUNT}/faults", faults.clear),
    ("DELETE", f"{_ACCOUNT}/faults/{{id}}", faults.remove),
    ("GET", f"{_ACCOUNT}/journal", journal.read),
    ("DELETE", f"{_ACCOUNT}/journal", journal.clear),
    ("POST", f"{_ACCOUNT}/explain", explain.explain_call),
    ("GET", f"{_ACCOUNT}/snapshots", snapshots.list_all),
    ("GET", _SNAPSHOT, snapshots.read),
    ("PUT", _SNAPSHOT, snapshots.keep),
    ("DELETE", _SNAPSHOT, snapshots.remove),
    ("POST", f"{_SNAPSHOT}/restore", snapshots.restore),
)


def add_routes(app: web.Application, control: Control, guard: Guard) -> None:
    """Add every route to `app`, and an answer for other paths below `/_fake`."""
    for method, path, route in ROUTES:
        app.router.add_route(method, path, _guarded(route, control, guard, open_to_all=path == OPEN))
    app.router.add_route("*", "/_fake{rest:(/.*)?}", _guarded(_no_route, control, guard))


def _guarded(
    route: Route, control: Control, guard: Guard, *, open_to_all: bool = False
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The route behind the guard; errors are answered as problem documents."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            if (refusal := guard.refusal(request, open_to_all=open_to_all)) is not None:
                raise refusal
            return await route(control, request)
        except LimitReached as error:
            refused = control_error(429, str(error))
        except ControlError as error:
            refused = error
        answer = problem_response(refused)
        answer.headers.update(HEADERS)
        return answer

    return guarded


async def _no_route(_control: Control, request: web.Request) -> web.Response:
    allowed: set[str] = set()
    for resource in request.app.router.resources():
        allowed |= (await resource.resolve(request))[1]
    allowed.discard("*")
    if allowed:
        listed = ", ".join(sorted(allowed))
        answer = problem_response(
            control_error(405, f"this path does not take {request.method}; it takes {listed}")
        )
        answer.headers.update({**HEADERS, "Allow": listed})
        return answer
    raise control_error(404, "there is no such control path; /_fake/openapi.json lists them all")
