"""Snapshots: named states of an account."""

from aiohttp import web

from fakeserver.account.account import Account, TooManySnapshots
from fakeserver.web import views
from fakeserver.web.control.bodies import refuse_body
from fakeserver.web.control.context import Control, json_reply, no_content
from fakeserver.web.control.problem import control_error


async def list_all(control: Control, request: web.Request) -> web.Response:
    return json_reply({"snapshots": list(control.account(request).snapshots)})


async def read(control: Control, request: web.Request) -> web.Response:
    return json_reply({"name": _name(control.account(request), request)})


async def keep(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    account, name = control.account(request), request.match_info["name"]
    try:
        account.keep_snapshot(name, control.real_clock())
    except TooManySnapshots as error:
        raise control_error(429, str(error)) from None
    return json_reply({"name": name}, status=201)


async def remove(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    account = control.account(request)
    del account.snapshots[_name(account, request)]
    return no_content()


async def restore(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    account = control.account(request)
    account.restore_snapshot(_name(account, request), control.real_clock())
    control.broker.account_reset(account.settings.key)
    return json_reply(views.account(account, control.now_ms(account)))


def _name(account: Account, request: web.Request) -> str:
    """The name of the snapshot in the path. Raises ControlError when there is no such snapshot."""
    name = request.match_info["name"]
    if name not in account.snapshots:
        raise control_error(404, f"the account has no snapshot {name[:80]!r}", "name")
    return name
