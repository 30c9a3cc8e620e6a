"""The server as a whole: health, the OpenAPI document, reset, events."""

from aiohttp import web

from fakeserver import __version__
from fakeserver.web.control import openapi as contract
from fakeserver.web.control.bodies import refuse_body
from fakeserver.web.control.context import HEADERS, Control, json_reply, no_content
from fakeserver.web.control.query import Query


async def health(control: Control, request: web.Request) -> web.Response:
    Query(request).refuse_rest()
    return json_reply({"status": "ok", "version": __version__, "accounts": len(control.panel.accounts)})


async def openapi(_control: Control, request: web.Request) -> web.Response:
    Query(request).refuse_rest()
    document = contract.document()
    return json_reply({**document, "info": {**document["info"], "version": __version__}})


async def reset(control: Control, request: web.Request) -> web.Response:
    Query(request).refuse_rest()
    await refuse_body(request)
    control.panel.reset(control.real_clock())
    control.broker.server_reset()
    return no_content()


async def events(control: Control, request: web.Request) -> web.StreamResponse:
    """Send events until the client disconnects or does not keep up."""
    query = Query(request)
    key = query.text("key")
    query.refuse_rest()
    if key is not None:
        key = control.account_of(key).settings.key

    def abort() -> None:
        if request.transport is not None:
            request.transport.abort()

    headers = {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
    with control.broker.open_stream(key, abort) as stream:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b": listening\n\n")
        async for event in stream.events():
            await response.write(event)
    return response
