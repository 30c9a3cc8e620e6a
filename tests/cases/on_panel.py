"""Cases against the panel object: no HTTP, no bytes. What only the wire can say is out of its reach."""

import json
from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.wire.call import Call
from fakeserver.wire.decode import assemble
from tests.cases.case import Case, Document, at, difference, filled
from tests.driver import REAL_MS, World

WIRE_MEMBERS = {"path", "headers", "raw", "encoding"}


def out_of_reach(case: Case) -> str | None:
    """Why the panel object cannot be told this story; None when it can."""
    for step in case.exchanges:
        if wire := WIRE_MEMBERS & step["request"].keys():
            return f"a request names its {', '.join(sorted(wire))}"
        if step["expect"].get("http", 200) != 200:
            return "an HTTP status other than 200"
    return None


def run(case: Case) -> None:
    """Raises AssertionError where a reply is another one."""
    worlds = _worlds(case)
    saved: dict[str, str] = {}
    for number, step in enumerate(case.steps, 1):
        if "request" in step:
            _exchange(f"{case} step {number}", step, worlds, saved)
        else:
            _happen(step, worlds, saved)


def _worlds(case: Case) -> dict[str, World]:
    """The case's accounts, all of one panel; without any those that a panel has by itself, by their keys."""
    worlds = {name: World(key=f"key-of-{name}", **settings) for name, settings in case.accounts.items()}
    accounts = [world.account.settings for world in worlds.values()] or default_accounts()
    panel = SimulatedPanel(accounts, REAL_MS)
    for world in worlds.values():
        world.panel = panel
    return worlds or {account.key: _of(panel, account.key) for account in accounts}


def _of(panel: SimulatedPanel, key: str) -> World:
    world = World(key=key)
    world.panel = panel
    return world


def _exchange(where: str, step: Document, worlds: dict[str, World], saved: dict[str, str]) -> None:
    request, expected = filled(dict(step["request"]), saved), filled(dict(step["expect"]), saved)
    world = _whose(request, worlds)
    params = assemble((name, _native(value)) for name, value in request.get("params", {}).items())
    key = request.get("key", world.key)
    call = Call(request.get("method", "POST"), key, Params(params), "127.0.0.1")
    handled = world.panel.handle(call, world.real_ms)
    assert handled.reply is not None
    body = handled.reply.body
    if "text" in expected:
        assert body.decode() == expected["text"], where
    if "reply" in expected:
        assert (wrong := difference(expected["reply"], json.loads(body))) is None, f"{where}: {wrong}"
    if "rule" in expected:
        assert handled.answer.rule == expected["rule"], (where, handled.answer)
    saved |= {name: at(pointer, json.loads(body)) for name, pointer in step.get("save", {}).items()}


def _native(value: Any) -> Any:
    """A value as a JSON body would have it, with texts in the places of numbers."""
    if isinstance(value, list):
        return [_native(item) for item in value]
    if isinstance(value, dict):
        return {name: _native(item) for name, item in value.items()}
    return str(value) if type(value) in (int, float) else value


def _whose(document: Document, worlds: dict[str, World]) -> World:
    return worlds[document.get("account", next(iter(worlds)))]


def _happen(step: Document, worlds: dict[str, World], saved: dict[str, str]) -> None:
    if "advance" in step:
        for world in worlds.values():
            world.advance(step["advance"])
        return
    document = filled(dict(step.get("inbound") or step["command"]), saved)
    world = _whose(document, worlds)
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
