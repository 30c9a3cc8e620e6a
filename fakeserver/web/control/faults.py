"""Fault rules: failures on demand."""

from aiohttp import web

from fakeserver.account.fault_rules import RULES_MAX, ImpossibleFault
from fakeserver.notation.params import whole_number
from fakeserver.web import views
from fakeserver.web.control.bodies import read_body, refuse_body
from fakeserver.web.control.context import Control, json_reply, no_content
from fakeserver.web.control.problem import control_error


async def list_all(control: Control, request: web.Request) -> web.Response:
    rules = control.account(request).faults.rules.values()
    return json_reply({"faults": [views.fault(rule) for rule in rules]})


async def add(control: Control, request: web.Request) -> web.Response:
    document = await read_body(request, "FaultRule")
    account = control.account(request)
    if len(account.faults.rules) >= RULES_MAX:
        raise control_error(429, f"the account has {RULES_MAX} fault rules; no more are allowed")
    try:
        rule = account.faults.add(document, account.settings.line_number)
    except ImpossibleFault as error:
        raise control_error(400, error.reason, error.member) from None
    return json_reply(views.fault(rule), status=201)


async def clear(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    control.account(request).faults.rules.clear()
    return no_content()


async def remove(control: Control, request: web.Request) -> web.Response:
    await refuse_body(request)
    number = whole_number(request.match_info["id"])
    if control.account(request).faults.rules.pop(number or 0, None) is None:
        raise control_error(404, "the account has no such fault rule", "id")
    return no_content()
