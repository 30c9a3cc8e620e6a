"""One account of a fresh panel, driven without HTTP.

The clock of an `AccountDriver` is frozen; only `advance` moves it. Its requests pass through the whole panel,
gate and encoding included, and return the reply's JSON as a client reads it.
"""

import json
import pickle
from collections.abc import Mapping
from types import EllipsisType
from typing import Any, TypeAlias

from fakeserver.account.account import Account
from fakeserver.account.changes import START, Change
from fakeserver.account.fault_rules import FaultRule
from fakeserver.actions.answer import Answer
from fakeserver.notation.params import Params, Value
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings import configuration
from fakeserver.spec.lifecycle import ProcessingStatus, SendStatus, StatusPair
from fakeserver.spec.units import AccountMs, RealMs
from fakeserver.wire import encode
from fakeserver.wire.call import Call

ParamValue: TypeAlias = "Value | int"

KEY = "test-key"
REAL_MS = RealMs(1_700_000_000_000)

# The parameters of requests that are in order.
SEND_PARAMS: dict[str, ParamValue] = {"from": "30001403", "text": "سلام", "receivers": "9121111111"}
SEND_SERVICES_PARAMS: dict[str, ParamValue] = {
    "from": "90001403",
    "textCode": "1001",
    "textData": {"code": "12345"},
    "receivers": "9121111111",
}
SEND_OTP_PARAMS: dict[str, ParamValue] = {"appID": "test-app", "code": "12345", "receivers": "9121111111"}


class AccountDriver:
    """`settings` are those of a configuration file; without `clock`, the clock is frozen."""

    def __init__(self, **settings: Any) -> None:
        self.document = {"key": KEY, "clock": "frozen", **settings}
        self.key = self.document["key"]
        self.panel = SimulatedPanel([configuration.parse_account(self.document)], REAL_MS)
        self.real_ms = REAL_MS
        self.last: Answer | None = None
        self._read = START

    @property
    def account(self) -> Account:
        return self.panel.accounts[self.key]

    @property
    def now_ms(self) -> AccountMs:
        return self.account.clock.now_ms(self.real_ms)

    # Requests to the service

    def ask(self, action: str | None = None, /, **params: ParamValue) -> dict[str, Any]:
        """POST `action` with the right key and return the reply; `from_` stands for `from`."""
        named = {name.rstrip("_"): value for name, value in params.items()}
        return self.post(named if action is None else {"action": action, **named})

    def post(self, params: Mapping[str, ParamValue]) -> dict[str, Any]:
        """POST these parameters, named as on the wire, with the right key, and return the reply."""
        reply = self.call(params=params)
        assert isinstance(reply, dict)
        return reply

    def call(
        self,
        *,
        method: str = "POST",
        key: str | EllipsisType | None = ...,
        params: Mapping[str, ParamValue] | None = None,
        ip: str = "127.0.0.1",
        stray_keys: tuple[str, ...] = (),
        undecodable: str | None = None,
    ) -> Any:
        """Make any call, by default with the right key. Returns the JSON of its answer, even if a fault
        changes the reply.
        """
        values = {name: str(v) if type(v) is int else v for name, v in (params or {}).items()}
        params = Params(values)  # type: ignore[arg-type]
        call = Call(method, self.key if key is ... else key, params, ip, "", stray_keys, undecodable)
        handled = self.panel.handle(call, self.real_ms)
        self.last = handled.answer
        return json.loads(encode.body(self.last, handled.account.settings if handled.account else None))

    def send(self, receivers: str = "9121111111", text: str = "سلام", **params: ParamValue) -> dict[str, Any]:
        """A `send` that is in order, except for what `params` change."""
        return self.ask("send", **{**SEND_PARAMS, "text": text, "receivers": receivers, **params})

    def send_services(self, receivers: str = "9121111111", **params: ParamValue) -> dict[str, Any]:
        """A `sendServices` that is in order, except for what `params` change."""
        return self.ask("sendServices", **{**SEND_SERVICES_PARAMS, "receivers": receivers, **params})

    def send_otp(self, receivers: str = "9121111111", **params: ParamValue) -> dict[str, Any]:
        """A `sendOTP` that is in order, except for what `params` change."""
        return self.ask("sendOTP", **{**SEND_OTP_PARAMS, "receivers": receivers, **params})

    @property
    def rule(self) -> str:
        """The rule that decided the last call."""
        assert self.last is not None
        return self.last.rule

    @property
    def reason(self) -> str:
        """The reason of the last call's answer."""
        assert self.last is not None
        return self.last.reason

    def credit(self) -> int:
        """The account's credit in rials, as `credit` answers it."""
        return int(self.ask("credit")["credit"])

    def report(self, send_id: str) -> dict[str, Any]:
        """The `data` of the send's `reportSend`."""
        data = self.ask("reportSend", sendID=send_id)["data"]
        assert isinstance(data, dict)
        return data

    def numbers(self, send_id: str) -> list[str]:
        """The receivers of a send, as `reportSend` names them."""
        return [one["number"] for one in self.report(send_id)["receivers"]]

    def pairs(self, send_id: str) -> list[tuple[int, int]]:
        """(processingStatus, sendStatus) of every receiver, as `reportSend` answers them."""
        receivers = self.report(send_id)["receivers"]
        return [(int(one["processingStatus"]), int(one["sendStatus"])) for one in receivers]

    def pair(self, send_id: str) -> tuple[int, int]:
        """The status pair of a send with one receiver."""
        (pair,) = self.pairs(send_id)
        return pair

    # Everything else that changes the account

    def advance(self, seconds: float) -> None:
        self.account.clock.set(AccountMs(self.now_ms + round(seconds * 1000)), self.real_ms)

    def change(self, **settings: Any) -> None:
        """Change settings; a member replaces the whole old one."""
        self.document = {**self.document, **settings}
        self.account.change(configuration.parse_account(self.document), settings, self.real_ms)

    def approve(self, send_id: str) -> int:
        """Approve a message and return how many receivers moved."""
        return self.account.approve(int(send_id), self.now_ms)

    def cancel(self, send_id: str) -> int:
        """Cancel a message and return how many receivers moved."""
        return self.account.cancel(int(send_id), self.now_ms)

    def force(self, send_id: str, pair: tuple[int, int], number: str | None = None) -> int:
        """Move every receiver, or one, to a status pair and return how many can reach it."""
        target = StatusPair(ProcessingStatus(pair[0]), SendStatus(pair[1]))
        return self.account.force(int(send_id), target, self.now_ms, number)

    def deliver(self, from_: str, text: str, to: str | None = None) -> None:
        """Let an inbound message arrive."""
        self.account.deliver(from_, text, self.now_ms, to)

    def add_fault(self, then: Mapping[str, Any], **others: Any) -> FaultRule:
        """Add a fault rule; `others` are its other members."""
        return self.account.faults.add({"then": then, **others}, self.account.settings.line_number)

    # What the account is

    def state(self) -> bytes:
        """Everything that the account is, except its journal."""
        return pickle.dumps({**self.account.__dict__, "journal": None})

    def read_changes(self, until_ms: int | None = None) -> list[Change]:
        """The status changes between the last call and that time, or now."""
        end_ms = self.now_ms if until_ms is None else AccountMs(until_ms)
        changes = self.account.changes_since(self._read, end_ms)
        self._read = self.account.change_cursor(end_ms)
        return changes

    def next_change_ms(self) -> int | None:
        """When the next status change is due."""
        return self.account.next_change_ms(self.now_ms)


def in_one_panel(*drivers: AccountDriver) -> None:
    """Put the drivers' accounts, which must be as new, into one panel."""
    panel = SimulatedPanel([driver.account.settings for driver in drivers], REAL_MS)
    for driver in drivers:
        driver.panel = panel
