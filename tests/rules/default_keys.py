"""The panel without any configuration: the test keys (K1), driven without HTTP."""

import json
from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call


class DefaultKeys:
    """Its accounts' clocks run with `now_ms`, the real time, which stands still but for the tests."""

    def __init__(self) -> None:
        self.now_ms = RealMs(0)
        self.panel = SimulatedPanel(default_accounts(), self.now_ms)
        self.rule = ""

    def ask(self, key: str, action: str, ip: str = "127.0.0.1", **params: str) -> dict[str, Any]:
        values = {"action": action} | {name.rstrip("_"): value for name, value in params.items()}
        handled = self.panel.handle(Call("POST", key, Params({**values}), ip), self.now_ms)
        self.rule = handled.answer.rule
        assert handled.reply is not None
        reply = json.loads(handled.reply.body)
        assert isinstance(reply, dict)
        return reply

    def send(self, key: str, **params: str) -> dict[str, Any]:
        good = {"from_": "30001403", "text": "سلام", "receivers": "9121111111"}
        return self.ask(key, "send", **{**good, **params})

    def send_services(self, key: str, **params: str) -> dict[str, Any]:
        good = {
            "from_": "90001403",
            "textCode": "1001",
            "textData": '{"code": "12345"}',
            "receivers": "9121111111",
        }
        return self.ask(key, "sendServices", **{**good, **params})

    def send_otp(self, key: str, **params: str) -> dict[str, Any]:
        good = {"appID": "test-app", "code": "12345", "receivers": "9121111111"}
        return self.ask(key, "sendOTP", **{**good, **params})
