"""The account's clock: read it, freeze it, let it run, move it."""

from aiohttp import web

from fakeserver.account.clock import ClockMovedBackwards, ClockOutOfRange
from fakeserver.spec.units import AccountMs
from fakeserver.web import views
from fakeserver.web.control.bodies import read_body
from fakeserver.web.control.context import Control, json_reply
from fakeserver.web.control.problem import control_error
from fakeserver.web.control.query import instant

CHANGES_SHOWN = 1_000


async def read(control: Control, request: web.Request) -> web.Response:
    account = control.account(request)
    return json_reply(views.clock(account, control.now_ms(account)))


async def command(control: Control, request: web.Request) -> web.Response:
    """Move the clock, then freeze it or let it run; the reply lists the status changes on the way."""
    document = await read_body(request, "ClockCommand")
    account, real_ms = control.account(request), control.real_clock()
    if "set" in document and "advance" in document:
        raise control_error(400, "set and advance cannot be combined; use one of them", "set")
    began_ms = account.clock.now_ms(real_ms)
    cursor = account.change_cursor(began_ms)
    member = "set" if "set" in document else "advance"
    target_ms = AccountMs(began_ms + round(document.get("advance", 0) * 1_000))
    if "set" in document:
        target_ms = AccountMs(instant(document["set"], "set"))
    try:
        account.clock.set(target_ms, real_ms)
    except ClockMovedBackwards as error:
        raise control_error(409, f"{error}; it is {views.time(began_ms)}", member) from None
    except ClockOutOfRange as error:
        raise control_error(400, str(error), member) from None
    if "freeze" in document:
        account.clock.freeze(real_ms, frozen=document["freeze"])
    if "speed" in document:
        account.clock.set_speed(document["speed"], real_ms)
    now_ms = account.clock.now_ms(real_ms)
    changes = views.changes(account.changes_since(cursor, now_ms))
    control.broker.account_changed(account)
    shown = {"changes": changes[:CHANGES_SHOWN], "total": len(changes)}
    return json_reply({**views.clock(account, now_ms), **shown})
