"""`explain`: what a request would be answered, without making it."""

import json

from aiohttp import web

from fakeserver.actions.effects import Accept
from fakeserver.notation.strict_json import NotJson, loads
from fakeserver.panel.panel import explain
from fakeserver.web.control.bodies import read_bytes
from fakeserver.web.control.context import Control, json_reply
from fakeserver.web.control.problem import control_error
from fakeserver.wire import encode
from fakeserver.wire.call import Call
from fakeserver.wire.decode import assemble


async def explain_call(control: Control, request: web.Request) -> web.Response:
    """As if the parameters were posted from an allowed address. They may be written as in a form, with
    brackets, or hold arrays as a JSON body does.
    """
    body = await read_bytes(request)
    account = control.account(request)
    try:
        document = loads(body.decode())
    except (NotJson, UnicodeDecodeError) as error:
        raise control_error(400, f"the body cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise control_error(400, "should be an object: the parameters of a request, flat")
    allowed = account.settings.allowed_ips
    ip = str(allowed[0].network_address) if allowed else "127.0.0.1"
    call = Call("POST", account.settings.key, assemble(document.items()), ip)
    answer = explain(account, call, control.real_clock())
    messages = [effect.message for effect in answer.effects if isinstance(effect, Accept)]
    return json_reply(
        {
            "reply": json.loads(encode.body(answer, account.settings)) if answer.rule else None,
            "rule": answer.rule,
            "reason": answer.reason,
            "cost": sum(message.total for message in messages),
            "parts": sum(message.size.parts for message in messages),
            "receivers": [number for message in messages for number in message.receivers],
        }
    )
