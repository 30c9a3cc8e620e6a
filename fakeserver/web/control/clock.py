"""The account's clock: freeze it, let it run, move it."""

from aiohttp import web

from fakeserver.panel.clock import Backwards, TooFar
from fakeserver.web import views
from fakeserver.web.control.context import Control, read_body, reply
from fakeserver.web.problem import refuse
from fakeserver.web.query import instant

HAPPENED_SHOWN = 1_000


async def read(control: Control, request: web.Request) -> web.Response:
    account = control.account(request)
    return reply(views.clock(account, control.now_ms(account)))


async def command(control: Control, request: web.Request) -> web.Response:
    """Move the clock, then freeze it or let it run; the answer lists what has become of messages."""
    document = await read_body(request, "ClockCommand")
    account, real_ms = control.account(request), control.real_time()
    if "set" in document and "advance" in document:
        raise refuse(400, "set and advance at once; one of them, please", "set")
    now_ms = account.clock.now_ms(real_ms)
    member = "set" if "set" in document else "advance"
    target_ms = now_ms + round(document.get("advance", 0) * 1000)
    if "set" in document:
        target_ms = instant(document["set"], "set")
    control.hub.changed(account)  # what had happened before is no part of the answer
    try:
        account.clock.set(target_ms, real_ms)
    except Backwards as error:
        raise refuse(409, f"{error}; it is {views.time(now_ms)}", member) from None
    except TooFar as error:
        raise refuse(400, str(error), member) from None
    if "freeze" in document:
        account.clock.freeze(real_ms, frozen=document["freeze"])
    if "speed" in document:
        account.clock.set_speed(document["speed"], real_ms)
    now_ms = control.now_ms(account)
    happened = views.changes(control.hub.changed(account))
    told = {"happened": happened[:HAPPENED_SHOWN], "total": len(happened)}
    return reply({**views.clock(account, now_ms), **told})
