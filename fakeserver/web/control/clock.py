"""The account's clock: freeze it, let it run, move it."""

from aiohttp import web

from fakeserver.account.clock import ClockMovedBackwards, ClockOutOfRange
from fakeserver.web import views
from fakeserver.web.control.context import Control, read_body, reply
from fakeserver.web.control.problem import control_error
from fakeserver.web.control.query import instant

CHANGES_SHOWN = 1_000


async def read(control: Control, request: web.Request) -> web.Response:
    account = control.account(request)
    return reply(views.clock(account, control.now_ms(account)))


async def command(control: Control, request: web.Request) -> web.Response:
    """Move the clock, then freeze it or let it run; the answer lists what has become of messages."""
    document = await read_body(request, "ClockCommand")
    account, real_ms = control.account(request), control.system_clock()
    if "set" in document and "advance" in document:
        raise control_error(400, "set and advance at once; one of them, please", "set")
    now_ms = account.clock.now_ms(real_ms)
    member = "set" if "set" in document else "advance"
    target_ms = now_ms + round(document.get("advance", 0) * 1000)
    if "set" in document:
        target_ms = instant(document["set"], "set")
    control.hub.changed(account)  # what had happened before is no part of the answer
    try:
        account.clock.set(target_ms, real_ms)
    except ClockMovedBackwards as error:
        raise control_error(409, f"{error}; it is {views.time(now_ms)}", member) from None
    except ClockOutOfRange as error:
        raise control_error(400, str(error), member) from None
    if "freeze" in document:
        account.clock.freeze(real_ms, frozen=document["freeze"])
    if "speed" in document:
        account.clock.set_speed(document["speed"], real_ms)
    now_ms = control.now_ms(account)
    happened = views.changes(control.hub.changed(account))
    told = {"changes": happened[:CHANGES_SHOWN], "total": len(happened)}
    return reply({**views.clock(account, now_ms), **told})
