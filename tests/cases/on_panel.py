"""Runs cases on a `SimulatedPanel`, without HTTP."""

import json
from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.wire.call import Call
from fakeserver.wire.decode import assemble
from tests.cases.case import Case, Document, difference, substitute, value_at
from tests.driver import REAL_MS, World

HTTP_MEMBERS = {"path", "headers", "raw", "encoding"}


def can_run(case: Case) -> bool:
    """Whether the case does not depend on HTTP."""
    return not any(
        HTTP_MEMBERS & step["request"].keys() or step["expect"].get("http", 200) != 200
        for step in case.exchanges
    )


def run(case: Case) -> None:
    """Raises AssertionError at the first unexpected reply."""
    worlds = _worlds(case)
    saved: dict[str, str] = {}
    for number, step in enumerate(case.steps, 1):
        if "request" in step:
            _exchange(f"{case} step {number}", step, worlds, saved)
        else:
            _carry_out(step, worlds, saved)


def _worlds(case: Case) -> dict[str, World]:
    """The accounts of the case, or else the default accounts by their keys, all on one panel."""
    worlds = {name: World(key=f"key-of-{name}", **settings) for name, settings in case.accounts.items()}
    accounts = [world.account.settings for world in worlds.values()] or default_accounts()
    panel = SimulatedPanel(accounts, REAL_MS)
    for world in worlds.values():
        world.panel = panel
    return worlds or {account.key: _world(panel, account.key) for account in accounts}


def _world(panel: SimulatedPanel, key: str) -> World:
    world = World(key=key)
    world.panel = panel
    return world


def _exchange(where: str, step: Document, worlds: dict[str, World], saved: dict[str, str]) -> None:
    request, expected = substitute(dict(step["request"]), saved), substitute(dict(step["expect"]), saved)
    world = _addressed(request, worlds)
    params = assemble((name, _native(value)) for name, value in request.get("params", {}).items())
    key = request.get("key", world.key)
    call = Call(request.get("method", "POST"), key, Params(params), "127.0.0.1")
    handled = world.panel.handle(call, world.real_ms)
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


def _addressed(document: Document, worlds: dict[str, World]) -> World:
    return worlds[document.get("account", next(iter(worlds)))]


def _carry_out(step: Document, worlds: dict[str, World], saved: dict[str, str]) -> None:
    if "advance" in step:
        for world in worlds.values():
            world.advance(step["advance"])
        return
    document = substitute(dict(step.get("inbound") or step["command"]), saved)
    world = _addressed(document, worlds)
    match document:
        case {"from": number, "text": text}:
            world.deliver(number, text, document.get("to"))
        case {"approve": send_id}:
            assert world.approve(send_id)
        case {"cancel": send_id}:
            assert world.cancel(send_id)
        case {"status": status}:
            pair = status["processingStatus"], status["sendStatus"]
            assert world.force(status["sendID"], pair, status.get("number"))
        case {"settings": settings}:
            world.change(**settings)
        case {"fault": fault}:
            world.account.faults.add(fault, world.account.settings.line_number)
