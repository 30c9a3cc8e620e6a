"""What concerns the server as a whole."""

from functools import partial

from aiohttp import web

from fakeserver import __version__
from fakeserver.settings import schema
from fakeserver.web.control.context import (
    HEADERS,
    Control,
    no_body,
    nothing,
    reply,
)
from fakeserver.web.control.query import Query
from fakeserver.web.service.responses import abort


async def health(control: Control, request: web.Request) -> web.Response:
    Query(request).end()
    return reply({"status": "ok", "version": __version__, "accounts": len(control.panel.accounts)})


async def openapi(_control: Control, request: web.Request) -> web.Response:
    Query(request).end()
    document = schema.openapi()
    return reply({**document, "info": {**document["info"], "version": __version__}})


async def reset(control: Control, request: web.Request) -> web.Response:
    Query(request).end()
    await no_body(request)
    control.panel.reset(control.system_clock())
    control.snapshots.clear()
    control.hub.was_reset(None)
    return nothing()


async def events(control: Control, request: web.Request) -> web.StreamResponse:
    """Server-sent events until the client goes, or does not keep up."""
    query = Query(request)
    key = query.text("key")
    query.end()
    if key is not None:
        key = control.account_of(key).settings.key
    headers = {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
    with control.hub.listening(key, partial(abort, request)) as listener:
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        await stream.write(b": listening\n\n")
        async for event in listener.events():
            await stream.write(event)
    return stream
