"""The journals: of an account, and of the requests whose key belongs to none."""

from collections.abc import Callable

from aiohttp import web

from fakeserver.account.journal import Entry, Journal
from fakeserver.web import views
from fakeserver.web.control.context import (
    Control,
    newest,
    no_body,
    nothing,
    reply,
)
from fakeserver.web.control.query import Query


async def read(control: Control, request: web.Request) -> web.Response:
    key = control.account(request, checked=False).settings.key
    return await _read(control, request, lambda: control.account_of(key).journal, key)


async def read_of_nobody(control: Control, request: web.Request) -> web.Response:
    return await _read(control, request, lambda: control.panel.journal, None)


async def _read(
    control: Control, request: web.Request, journal: Callable[[], Journal], key: str | None
) -> web.Response:
    """`journal` is asked anew at each look: after a reset, or a restore, it is another one."""
    query = Query(request)
    action, result, since = query.text("action"), query.text("result"), query.id_or_time("since")
    limit, wait, count = query.whole("limit", least=1), query.seconds("wait"), query.whole("count", least=1)
    query.end()

    def matches() -> list[Entry]:
        return journal().matching(action, result, since.is_before)

    found = newest(await control.waited(key, matches, wait, count), limit)
    return reply({"entries": [views.entry(entry) for entry in found], "dropped": journal().dropped})


async def clear(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    control.account(request).journal.clear()
    return nothing()


async def clear_of_nobody(control: Control, request: web.Request) -> web.Response:
    Query(request).end()
    await no_body(request)
    control.panel.journal.clear()
    return nothing()
