"""`explain`: the answer that a request would get, without carrying it out."""

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
    """Explain the parameters as if they were posted from an allowed address. Arrays may be written with
    brackets, as in a form, or as JSON arrays.
    """
    body = await read_bytes(request)
    account = control.account(request)
    try:
        document = loads(body.decode())
    except (NotJson, UnicodeDecodeError) as error:
        raise control_error(400, f"the body cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise control_error(400, "the body should be an object of the request's parameters")
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
