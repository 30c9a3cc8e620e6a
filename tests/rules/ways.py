"""Ways to break each rule of the gate and of the three sending actions, one table for each.

A way says what it changes in a request that is otherwise in order (`GOOD`). Its tables are used alone
(every way is answered by its row) and in pairs (the first broken row answers). The tables stand in the
order of PROTOCOL.md, sections 2, 5, 7 and 8; the sentences of section 15 are in `RESERVED`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.driver import KEY, Given, World

NEWCOMER = "9350000009"
PHONEBOOK = 1403

GOOD: dict[str, dict[str, Given]] = {
    "send": {"from": "30001403", "text": "سلام", "receivers": NEWCOMER, "phoneBook": PHONEBOOK},
    "sendServices": {
        "from": "90001403",
        "textCode": "1001",
        "textData": {"code": "12345"},
        "receivers": NEWCOMER,
    },
    "sendOTP": {"appID": "test-app", "code": "12345", "receivers": NEWCOMER},
}
ACCEPTED = {"send": "S12", "sendServices": "P9", "sendOTP": "O9"}

CODE_PATTERN = {"code": 1001, "text": "کد ورود شما: {code}", "approved": True, "bulk": False}
BULK_PATTERN = {
    "code": 1002,
    "text": "{name} گرامی، مبلغ {amount} دریافت شد.",
    "approved": True,
    "bulk": True,
}
IN_ORDER: dict[str, Any] = {
    "webservice_enabled": True,
    "identity_verified": True,
    "allowed_ips": [],
    "sending_verified": True,
    "send_types": [1],
    "smart_sender": True,
    "billing_ok": True,
    "prices": {"latin": 2000, "unicode": 1000},
    "patterns": [CODE_PATTERN, BULK_PATTERN],
    "bad_receivers": "refuse",
    "max_parts": 10,
    "unknown_action": "100",
    "key_placement": "by_method",
}


@dataclass(frozen=True, slots=True)
class Way:
    rule: str
    code: str
    label: str
    params: Mapping[str, Given] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    call: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}-{self.code}-{self.label}"

    @property
    def row(self) -> tuple[str, str]:
        return self.rule, self.code

    @property
    def touched(self) -> set[str]:
        return {*self.params, *self.settings, *self.call}

    def goes_with(self, other: "Way") -> bool:
        """Whether one request can be broken in both ways: none overwrites what the other changes."""
        return not self.touched & other.touched


DEAR = {"latin": 10**9, "unicode": 10**9}

GATE = [
    Way("A1", "-1", "no-key", call={"key": None}),
    Way("A1", "-1", "unknown-key", call={"key": "somebody-else"}),
    Way("A2", "-2", "switched-off", settings={"webservice_enabled": False}),
    Way("A3", "-3", "not-verified", settings={"identity_verified": False}),
    Way("A4", "-4", "put", call={"method": "PUT"}),
    Way("A4", "-4", "delete", call={"method": "DELETE"}),
    Way("A5", "-5", "another-address", settings={"allowed_ips": ["192.0.2.1"]}),
]
NO_ACTION = [
    Way("A6", "0", "no-action", params={"action": None}),
    Way("A6", "0", "undecodable", params={"action": None}, call={"undecodable": "not JSON"}),
    Way("A7", "100", "unknown-action", params={"action": "sendMMS"}),
]

BAD_TRY = [Way("", "0", f"trySend={bad}", params={"trySend": bad}) for bad in (11, -1, "two")]

SEND = [
    Way("S1", "0", "no-from", params={"from": None}),
    Way("S1", "0", "no-text", params={"text": None}),
    Way("S1", "0", "no-receivers", params={"receivers": None}),
    *(Way("S1", way.code, way.label, way.params) for way in BAD_TRY),
    Way("S2", "103", "type-0", params={"type": 0}),
    Way("S2", "103", "type-5", params={"type": 5}),
    Way("S3", "104", "type-4", params={"type": 4}),
    Way("S3", "104", "only-type-2", settings={"send_types": [2]}),
    Way("S4", "114", "not-verified", settings={"sending_verified": False}),
    Way("S5", "105", "bad-receiver", params={"receivers": f"{NEWCOMER},abc"}),
    Way("S5", "105", "none-left", params={"receivers": " , "}),
    Way("S5", "105", "none-left-skipping", {"receivers": "abc"}, {"bad_receivers": "skip"}),
    Way("S6", "106", "unknown-line", params={"from": "30009999"}),
    Way("S6", "106", "service-line", params={"from": "90001403"}),
    Way("S6", "106", "auto-without-service", {"from": "auto"}, {"smart_sender": False}),
    Way("S7", "107", "blank", params={"text": "  "}),
    Way("S7", "107", "nul", params={"text": "a\0b"}),
    Way("S7", "107", "too-long", params={"text": "س" * 671}),
    Way("S8", "108", "billing", settings={"billing_ok": False}),
    Way("S9", "109", "too-dear", settings={"prices": DEAR}),
]

SEND_SERVICES = [
    Way("P1", "0", "no-from", params={"from": None}),
    Way("P1", "0", "no-textCode", params={"textCode": None}),
    Way("P1", "0", "no-receivers", params={"receivers": None}),
    *(Way("P1", way.code, way.label, way.params) for way in BAD_TRY),
    Way("P2", "603", "unknown-line", params={"from": "90009999"}),
    Way("P2", "603", "ordinary-line", params={"from": "30001403"}),
    Way("P2", "603", "auto-without-service", {"from": "auto"}, {"smart_sender": False}),
    Way("P3", "604", "bad-receiver", params={"receivers": f"{NEWCOMER},abc"}),
    Way("P3", "604", "none-left", params={"receivers": " , "}),
    Way("P3", "604", "none-left-skipping", {"receivers": "abc"}, {"bad_receivers": "skip"}),
    Way("P4", "609", "two-receivers", params={"receivers": f"{NEWCOMER},9121111112"}),
    Way("P5", "605", "no-pattern", params={"textCode": 9999}),
    Way("P5", "605", "not-an-integer", params={"textCode": "login"}),
    Way("P5", "605", "not-approved", settings={"patterns": [{**CODE_PATTERN, "approved": False}]}),
    Way("P6", "606", "missing", params={"textData": {}}),
    Way("P6", "606", "blank", params={"textData": {"code": "  "}}),
    Way("P6", "606", "not-a-scalar", params={"textData": {"code": ["1"]}}),
    Way("P6", "606", "one-too-many", params={"textData": {"code": "1", "name": "2"}}),
    Way("P7", "607", "billing", settings={"billing_ok": False}),
    Way("P8", "608", "too-dear", settings={"prices": DEAR}),
]

SEND_OTP = [
    Way("O1", "0", "no-appID", params={"appID": None}),
    Way("O1", "0", "no-code", params={"code": None}),
    Way("O1", "0", "no-receivers", params={"receivers": None}),
    Way("O2", "103", "type-0", params={"type": 0}),
    Way("O2", "103", "type-5", params={"type": 5}),
    Way("O2", "104", "type-4", params={"type": 4}),
    Way("O2", "104", "only-type-2", settings={"send_types": [2]}),
    Way("O3", "105", "bad-receiver", params={"receivers": f"{NEWCOMER},abc"}),
    Way("O3", "105", "none-left", params={"receivers": " , "}),
    Way("O3", "105", "none-left-skipping", {"receivers": "abc"}, {"bad_receivers": "skip"}),
    Way("O4", "151", "no-application", params={"appID": "nobody"}),
    Way("O5", "152", "switched-off", params={"appID": "test-app-off"}),
    Way("O6", "153", "dash", params={"code": "12-34"}),
    Way("O6", "153", "persian", params={"code": "۱۲۳۴"}),
    Way("O7", "154", "one-character", params={"code": "1"}),
    Way("O7", "154", "thirteen", params={"code": "1234567890123"}),
    Way("O8", "108", "billing", settings={"billing_ok": False}),
    Way("O8", "109", "too-dear", settings={"prices": DEAR}),
]

OF_ACTION = {"send": SEND, "sendServices": SEND_SERVICES, "sendOTP": SEND_OTP}

# Z10: the codes that a receiver 9120000NNN may ask for.
RESERVED = {
    "send": ("103", "104", "105", "106", "107", "108", "109", "112", "113", "114"),
    "sendServices": ("603", "604", "605", "606", "607", "608", "609"),
    "sendOTP": ("103", "104", "105", "108", "109", "151", "152", "153", "154"),
}


def cases(ways: Iterable[Way]) -> list[Any]:
    """The ways as parameters of a test, each marked with the rule that it breaks."""
    return [pytest.param(way, id=str(way), marks=pytest.mark.rule(way.rule)) for way in ways]


def ask(world: World, action: str, *ways: Way) -> Any:
    """Ask for `action` in order but for the ways, and return the reply."""
    params: dict[str, Given] = {"action": action, **GOOD[action]}
    call: dict[str, Any] = {"key": KEY}
    for way in ways:
        params |= way.params
        call |= way.call
        if way.settings:
            world.change(**way.settings)
    return world.call(params=params, **call)


@contextmanager
def no_trace(world: World) -> Iterator[None]:
    """What happens inside changes no credit, no phonebook, and uses no sendID up."""
    before = int(world.send("9350000001")["sendID"])
    credit = world.credit()
    yield
    world.change(**IN_ORDER)
    assert world.credit() == credit
    after = world.send(NEWCOMER, phoneBook=PHONEBOOK)
    assert int(after["sendID"]) == before + 1
    assert after["phoneBook"] == "1"


def assert_refused(world: World, reply: Any, code: str, rule: str) -> None:
    assert (reply["result"], world.rule) == (code, rule), world.reason
    assert "sendID" not in reply
    assert "phoneBook" not in reply
    assert world.reason.strip()
