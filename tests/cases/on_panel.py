"""Runs cases on a `SimulatedPanel`, without HTTP."""

import json
from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.wire.call import Call
from fakeserver.wire.decode import assemble
from tests.cases.case import Case, Document, difference, substitute, value_at
from tests.driver import REAL_MS, AccountDriver

HTTP_MEMBERS = {"path", "headers", "raw", "encoding"}


def can_run(case: Case) -> bool:
    """Whether the case does not depend on HTTP."""
    return not any(
        HTTP_MEMBERS & step["request"].keys() or step["expect"].get("http", 200) != 200
        for step in case.exchanges
    )


def run(case: Case) -> None:
    """Raises AssertionError at the first unexpected reply."""
    drivers = _drivers(case)
    saved: dict[str, str] = {}
    for number, step in enumerate(case.steps, 1):
        if "request" in step:
            _exchange(f"{case} step {number}", step, drivers, saved)
        else:
            _carry_out(step, drivers, saved)


def _drivers(case: Case) -> dict[str, AccountDriver]:
    """The accounts of the case, or else the default accounts by their keys, all on one panel."""
    drivers = {
        name: AccountDriver(key=f"key-of-{name}", **settings) for name, settings in case.accounts.items()
    }
    accounts = [driver.account.settings for driver in drivers.values()] or default_accounts()
    panel = SimulatedPanel(accounts, REAL_MS)
    for driver in drivers.values():
        driver.panel = panel
    return drivers or {account.key: _driver_of(panel, account.key) for account in accounts}


def _driver_of(panel: SimulatedPanel, key: str) -> AccountDriver:
    driver = AccountDriver(key=key)
    driver.panel = panel
    return driver


def _exchange(where: str, step: Document, drivers: dict[str, AccountDriver], saved: dict[str, str]) -> None:
    request, expected = substitute(dict(step["request"]), saved), substitute(dict(step["expect"]), saved)
    driver = _addressed(request, drivers)
    params = assemble((name, _native(value)) for name, value in request.get("params", {}).items())
    key = request.get("key", driver.key)
    call = Call(request.get("method", "POST"), key, Params(params), "127.0.0.1")
    handled = driver.panel.handle(call, driver.real_ms)
    assert handled.reply is not None
    body = handled.reply.body
    if "text" in expected:
        assert body.decode() == expected["text"], where
    if "reply" in expected:
        found = difference(expected["reply"], json.loads(body))
        assert found is None, f"{where}: {found}"
    if "rule" in expected:
        assert handled.answer.rule == expected["rule"], (where, handled.answer)
    saved |= {name: value_at(pointer, json.loads(body)) for name, pointer in step.get("save", {}).items()}


def _native(value: Any) -> Any:
    """The value with texts in place of numbers, as the panel gets it from a JSON body."""
    if isinstance(value, list):
        return [_native(item) for item in value]
    if isinstance(value, dict):
        return {name: _native(item) for name, item in value.items()}
    return str(value) if type(value) in (int, float) else value


def _addressed(document: Document, drivers: dict[str, AccountDriver]) -> AccountDriver:
    return drivers[document.get("account", next(iter(drivers)))]


def _carry_out(step: Document, drivers: dict[str, AccountDriver], saved: dict[str, str]) -> None:
    if "advance" in step:
        for driver in drivers.values():
            driver.advance(step["advance"])
        return
    document = substitute(dict(step.get("inbound") or step["command"]), saved)
    driver = _addressed(document, drivers)
    match document:
        case {"from": number, "text": text}:
            driver.deliver(number, text, document.get("to"))
        case {"approve": send_id}:
            assert driver.approve(send_id)
        case {"cancel": send_id}:
            assert driver.cancel(send_id)
        case {"status": status}:
            pair = status["processingStatus"], status["sendStatus"]
            assert driver.force(status["sendID"], pair, status.get("number"))
        case {"settings": settings}:
            driver.change(**settings)
        case {"fault": fault}:
            driver.account.faults.add(fault, driver.account.settings.line_number)
