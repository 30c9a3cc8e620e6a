"""Messages that arrive at the account's lines."""

from aiohttp import web

from fakeserver.web import views
from fakeserver.web.control.bodies import read_body
from fakeserver.web.control.context import Control, json_reply
from fakeserver.web.control.problem import control_error


async def list_all(control: Control, request: web.Request) -> web.Response:
    """The messages that have arrived. Reading them here does not mark them as shown (I4)."""
    inbound = control.account(request).inbound
    return json_reply(
        {"inbound": [views.received(message) for message in inbound.messages], "dropped": inbound.dropped}
    )


async def deliver(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "Inbound")
    account = control.account(request)
    sender, text, line = document["from"], document["text"], document.get("to")
    try:
        message = account.deliver(sender, text, control.now_ms(account), line)
    except ValueError as error:
        raise control_error(400, str(error), "to") from None
    control.broker.message_arrived(account, message)
    return json_reply(views.received(message), status=201)
