"""The journals: of an account, and of the requests whose key belongs to no account."""

from collections.abc import Callable

from aiohttp import web

from fakeserver.account.journal import Entry, Journal
from fakeserver.web import views
from fakeserver.web.control.bodies import refuse_body
from fakeserver.web.control.context import Control, json_reply, newest, no_content
from fakeserver.web.control.query import Query


async def read(control: Control, request: web.Request) -> web.Response:
    key = control.account_of(request.match_info["key"]).settings.key
    return await _read(control, request, lambda: control.account_of(key).journal, key)


async def read_unknown_keys(control: Control, request: web.Request) -> web.Response:
    return await _read(control, request, lambda: control.panel.journal, None)


async def _read(
    control: Control, request: web.Request, journal: Callable[[], Journal], key: str | None
) -> web.Response:
    """`journal` is called for every search, because a reset or a restore replaces the journal."""
    query = Query(request)
    action, result, since = query.text("action"), query.text("result"), query.id_or_time("since")
    limit, wait, count = query.whole("limit", least=1), query.seconds("wait"), query.whole("count", least=1)
    query.refuse_rest()

    def find() -> list[Entry]:
        return journal().matching(action, result, since.is_before)

    found = newest(await control.matches(key, find, wait, count), limit)
    return json_reply({"entries": [views.entry(entry) for entry in found], "dropped": journal().dropped})


async def clear(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    control.account(request).journal.clear()
    return no_content()


async def clear_unknown_keys(control: Control, request: web.Request) -> web.Response:
    Query(request).refuse_rest()
    await refuse_body(request)
    control.panel.journal.clear()
    return no_content()
