"""What if, and back again: requests explained without being made, and the account's named states."""

import json

from aiohttp import web

from fakeserver.actions.effects import Accept
from fakeserver.notation.strict_json import NotJson, loads
from fakeserver.panel.panel import explain
from fakeserver.web import views
from fakeserver.web.control.context import (
    Control,
    no_body,
    nothing,
    read_bytes,
    reply,
)
from fakeserver.web.control.problem import control_error
from fakeserver.wire import encode
from fakeserver.wire.call import Call
from fakeserver.wire.decode import assemble

SNAPSHOTS_MAX = 20


async def explain_call(control: Control, request: web.Request) -> web.Response:
    """As if the parameters were posted from an allowed address; nothing changes. They may be named as in
    a form, in brackets, or hold arrays as a JSON body does.
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
    answer = explain(account, call, control.system_clock())
    messages = [effect.message for effect in answer.effects if isinstance(effect, Accept)]
    return reply(
        {
            "reply": json.loads(encode.body(answer, account)) if answer.rule else None,
            "rule": answer.rule,
            "reason": answer.reason,
            "cost": sum(message.total for message in messages),
            "parts": sum(message.size.parts for message in messages),
            "receivers": [number for message in messages for number in message.receivers],
        }
    )


async def list_all(control: Control, request: web.Request) -> web.Response:
    key = control.account(request).settings.key
    return reply({"snapshots": list(control.snapshots.get(key, {}))})


async def read(control: Control, request: web.Request) -> web.Response:
    name, _ = _snapshot(control, request)
    return reply({"name": name})


async def keep(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    account, name = control.account(request), request.match_info["name"]
    kept = control.snapshots.setdefault(account.settings.key, {})
    if name not in kept and len(kept) >= SNAPSHOTS_MAX:
        raise control_error(429, f"the account has {SNAPSHOTS_MAX} snapshots; no more are allowed")
    control.now_ms(account)
    kept[name] = account.snapshot(control.system_clock())
    return reply({"name": name}, status=201)


async def remove(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    name, _ = _snapshot(control, request)
    del control.snapshots[control.account(request).settings.key][name]
    return nothing()


async def restore(control: Control, request: web.Request) -> web.Response:
    await no_body(request)
    account, (_, state) = control.account(request), _snapshot(control, request)
    account.restore(state, control.system_clock())
    account.outbox.changes_until(control.now_ms(account))  # who listens is told of the reset, not of its past
    control.hub.was_reset(account.settings.key)
    return reply(views.account(account))


def _snapshot(control: Control, request: web.Request) -> tuple[str, bytes]:
    """The snapshot that the path names, and its state."""
    name, key = request.match_info["name"], control.account(request).settings.key
    state = control.snapshots.get(key, {}).get(name)
    if state is None:
        raise control_error(404, f"the account has no snapshot {name[:80]!r}", "name")
    return name, state
