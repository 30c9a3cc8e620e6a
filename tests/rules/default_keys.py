"""The panel as it stands with no configuration at all: the keys of section 16, driven without HTTP."""

import json
from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.wire import encode
from fakeserver.wire.call import Call


class DefaultKeys:
    """Its accounts' clocks run with `now_ms`, the real time, which stands still but for the tests."""

    def __init__(self) -> None:
        self.panel = SimulatedPanel(default_accounts(), 0)
        self.now_ms = 0
        self.rule = ""

    def ask(self, key: str, action: str, ip: str = "127.0.0.1", **params: str) -> dict[str, Any]:
        values = {"action": action} | {name.rstrip("_"): value for name, value in params.items()}
        answer, account, *_ = self.panel.handle(Call("POST", key, Params({**values}), ip), self.now_ms)
        self.rule = answer.rule
        reply = json.loads(encode.body(answer, account))
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
