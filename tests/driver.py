"""One account of a fresh panel, driven without HTTP: what most tests of the rules need.

A `World` has a frozen clock that only `advance` moves. Its calls go through the whole panel, gate and
encoding included, and give back the reply's JSON object as a client would read it.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from fakeserver.account.account import Account
from fakeserver.account.changes import START, Change
from fakeserver.actions.answer import Answer
from fakeserver.notation.params import Params, Value
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings import configuration
from fakeserver.spec.lifecycle import ProcessingStatus, SendStatus, StatusPair
from fakeserver.spec.units import AccountMs, RealMs
from fakeserver.wire import encode
from fakeserver.wire.call import Call

Given: TypeAlias = "Value | int"

KEY = "test-key"
REAL_MS = RealMs(1_700_000_000_000)


class World:
    """`settings` are an account's, as in a configuration file; the clock is frozen unless they say."""

    def __init__(self, **settings: Any) -> None:
        document = {"key": KEY, "clock": "frozen", **settings}
        self.document = document
        self.key = document["key"]
        self.panel = SimulatedPanel([configuration.parse_account(document)], REAL_MS)
        self.real_ms = REAL_MS
        self.last: Answer | None = None
        self._read = START

    @property
    def account(self) -> Account:
        return self.panel.accounts[self.key]

    @property
    def now_ms(self) -> AccountMs:
        return self.account.clock.now_ms(self.real_ms)

    # The service

    def ask(self, action: str | None = None, /, **params: Given) -> dict[str, Any]:
        """POST `action` with the right key; `from_` stands for `from`. Returns the reply."""
        return self.post({**({} if action is None else {"action": action}), **_named(params)})

    def post(self, params: Mapping[str, Given]) -> dict[str, Any]:
        """POST these parameters, named as on the wire, with the right key."""
        reply = self.call(params=params)
        assert isinstance(reply, dict)
        return reply

    def call(
        self,
        *,
        method: str = "POST",
        key: str | None = KEY,
        params: Mapping[str, Given] | None = None,
        ip: str = "127.0.0.1",
        stray_keys: tuple[str, ...] = (),
        undecodable: str | None = None,
    ) -> Any:
        """Any call at all; `key` is the one where the method carries it. Returns the answer's JSON, also
        where a fault makes another reply of it.
        """
        values = {name: str(v) if type(v) is int else v for name, v in (params or {}).items()}
        call = Call(method, key, Params(values), ip, "", stray_keys, undecodable)  # type: ignore[arg-type]
        handled = self.panel.handle(call, self.real_ms)
        self.last = handled.answer
        return json.loads(encode.body(self.last, handled.account.settings if handled.account else None))

    def send(self, receivers: str = "9121111111", text: str = "سلام", **params: Given) -> dict[str, Any]:
        """A send that is in order, but for what `params` change."""
        return self.ask("send", **{"from_": "30001403", "text": text, "receivers": receivers, **params})

    def send_services(self, receivers: str = "9121111111", **params: Given) -> dict[str, Any]:
        """A pattern message that is in order, but for what `params` change."""
        good: dict[str, Given] = {
            "from_": "90001403",
            "textCode": "1001",
            "textData": {"code": "12345"},
            "receivers": receivers,
        }
        return self.ask("sendServices", **{**good, **params})

    def send_otp(self, receivers: str = "9121111111", **params: Given) -> dict[str, Any]:
        """A one-time code that is in order, but for what `params` change."""
        good: dict[str, Given] = {"appID": "test-app", "code": "12345", "receivers": receivers}
        return self.ask("sendOTP", **{**good, **params})

    @property
    def rule(self) -> str:
        """The rule that decided the last call."""
        assert self.last is not None
        return self.last.rule

    @property
    def reason(self) -> str:
        """Why the last call was answered as it was, in plain English."""
        assert self.last is not None
        return self.last.reason

    def credit(self) -> int:
        """The account's credit in rials, as `credit` answers it."""
        return int(self.ask("credit")["credit"])

    def pairs(self, send_id: str) -> list[tuple[int, int]]:
        """(processingStatus, sendStatus) of every receiver, as `reportSend` answers them."""
        receivers = self.ask("reportSend", sendID=send_id)["data"]["receivers"]
        return [(int(one["processingStatus"]), int(one["sendStatus"])) for one in receivers]

    def pair(self, send_id: str) -> tuple[int, int]:
        """The pair of a send's only receiver."""
        (pair,) = self.pairs(send_id)
        return pair

    # What happens to the account from outside

    def advance(self, seconds: float) -> None:
        self.account.clock.set(AccountMs(self.now_ms + round(seconds * 1000)), self.real_ms)

    def change(self, **settings: Any) -> None:
        """PATCH: whole members are replaced."""
        self.document = {**self.document, **settings}
        self.account.change(configuration.parse_account(self.document), settings, self.real_ms)

    def approve(self, send_id: str) -> int:
        """Returns how many receivers it moved."""
        return self.account.approve(int(send_id), self.now_ms)

    def cancel(self, send_id: str) -> int:
        return self.account.cancel(int(send_id), self.now_ms)

    def force(self, send_id: str, pair: tuple[int, int], number: str | None = None) -> int:
        target = StatusPair(ProcessingStatus(pair[0]), SendStatus(pair[1]))
        return self.account.force(int(send_id), target, self.now_ms, number)

    def deliver(self, from_: str, text: str, to: str | None = None) -> None:
        """A message arrives at the account's line."""
        self.account.deliver(from_, text, self.now_ms, to)

    def read_changes(self, until_ms: int | None = None) -> list[Change]:
        """The status changes since the last call, until that time or now."""
        end_ms = self.now_ms if until_ms is None else AccountMs(until_ms)
        changes = self.account.changes_since(self._read, end_ms)
        self._read = self.account.change_cursor(end_ms)
        return changes

    def next_change_ms(self) -> int | None:
        """When the next status change is due."""
        return self.account.next_change_ms(self.now_ms)


def _named(params: Mapping[str, Given]) -> dict[str, Given]:
    return {name.rstrip("_"): value for name, value in params.items()}
