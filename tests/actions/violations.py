"""Violations of every rule by which the gate and the actions refuse a request, in the order of the rules.

A violation says what it changes in a request that is otherwise in order. Alone, it is answered by its rule.
In a request with several violations, the first rule of the table answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pytest

from tests.driver import SEND_OTP_PARAMS, SEND_PARAMS, SEND_SERVICES_PARAMS, AccountDriver, ParamValue

ONE, TWO = "9350000009", "9350000009,9121111112"

# The parameters of requests that are in order.
GOOD_PARAMS: dict[str, dict[str, ParamValue]] = {
    "send": {**SEND_PARAMS, "receivers": ONE, "phoneBook": 1403},
    "sendServices": {**SEND_SERVICES_PARAMS, "receivers": ONE},
    "sendOTP": {**SEND_OTP_PARAMS, "receivers": ONE},
    "newContact": {"phoneId": 1403, "cNumber": ONE},
}
ACCEPTED = {"send": "S12", "sendServices": "P9", "sendOTP": "O9", "newContact": "N4"}


@dataclass(frozen=True, slots=True)
class Violation:
    """`call` holds members of the call other than its parameters, such as the API key."""

    rule: str
    code: int
    label: str
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    call: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}-{self.code}-{self.label}"

    @property
    def row(self) -> tuple[str, int]:
        return self.rule, self.code

    def combines_with(self, other: "Violation") -> bool:
        """Whether one request can have both: neither changes what the other changes."""
        changed = [{*one.params, *one.settings, *one.call} for one in (self, other)]
        return changed[0].isdisjoint(changed[1])


HUGE_PRICES = {"prices": {"latin": 10**9, "unicode": 10**9}}
NO_SMART_SENDER = {"smart_sender": False}
SKIP = {"bad_receivers": "skip"}

GATE = [
    Violation("A1", -1, "no key", call={"key": None}),
    Violation("A1", -1, "unknown key", call={"key": "somebody-else"}),
    Violation("A2", -2, "service off", settings={"webservice_enabled": False}),
    Violation("A3", -3, "not verified", settings={"identity_verified": False}),
    Violation("A4", -4, "PUT", call={"method": "PUT"}),
    Violation("A5", -5, "another address", settings={"allowed_ips": ["192.0.2.1"]}),
    Violation("A6", 0, "no action", {"action": None}),
    Violation("A6", 0, "undecodable", {"action": None}, call={"undecodable": "not JSON"}),
    Violation("A7", 100, "unknown action", {"action": "sendMMS"}),
]

SEND = [
    Violation("S1", 0, "no from", {"from": None}),
    Violation("S1", 0, "no text", {"text": None}),
    Violation("S1", 0, "no receivers", {"receivers": None}),
    Violation("S1", 0, "trySend 11", {"trySend": 11}),
    Violation("S2", 103, "type 5", {"type": 5}),
    Violation("S3", 104, "type 4", {"type": 4}),
    Violation("S3", 104, "no type 1", settings={"send_types": [2]}),
    Violation("S4", 114, "not verified", settings={"sending_verified": False}),
    Violation("S5", 105, "bad receiver", {"receivers": f"{ONE},abc"}),
    Violation("S5", 105, "bad receiver after a reserved one", {"receivers": "9120000113,abc"}),
    Violation("S5", 105, "no receiver", {"receivers": " , "}),
    Violation("S5", 105, "no receiver left", {"receivers": "abc"}, SKIP),
    Violation("Z10", 113, "reserved", {"receivers": f"{ONE},9120000113"}),
    Violation("S6", 106, "unknown line", {"from": "30009999"}),
    Violation("S6", 106, "service line", {"from": "90001403"}),
    Violation("S6", 106, "auto", {"from": "auto"}, NO_SMART_SENDER),
    Violation("S7", 107, "blank", {"text": "  "}),
    Violation("S7", 107, "NUL", {"text": "a\0b"}),
    Violation("S7", 107, "too long", {"text": "س" * 671}),
    Violation("S8", 108, "billing", settings={"billing_ok": False}),
    Violation("S9", 109, "credit", settings=HUGE_PRICES),
]

NOT_APPROVED = [{"code": 1001, "text": "{code}", "approved": False, "bulk": False}]
SEND_SERVICES = [
    Violation("P1", 0, "no from", {"from": None}),
    Violation("P1", 0, "no textCode", {"textCode": None}),
    Violation("P1", 0, "no receivers", {"receivers": None}),
    Violation("P1", 0, "trySend 11", {"trySend": 11}),
    Violation("P2", 603, "unknown line", {"from": "90009999"}),
    Violation("P2", 603, "ordinary line", {"from": "30001403"}),
    Violation("P2", 603, "auto", {"from": "auto"}, NO_SMART_SENDER),
    Violation("P3", 604, "bad receiver", {"receivers": f"{TWO},abc"}),
    Violation("P3", 604, "bad receiver after a reserved one", {"receivers": "9120000608,abc"}),
    Violation("P3", 604, "no receiver", {"receivers": " , "}),
    Violation("P3", 604, "no receiver left", {"receivers": "abc"}, SKIP),
    Violation("Z10", 608, "reserved", {"receivers": "9120000608"}),
    Violation("Z10", 608, "reserved of two", {"receivers": f"{ONE},9120000608"}),
    Violation("P4", 609, "two receivers", {"receivers": TWO, "textCode": 1001}),
    Violation("P4", 609, "two receivers, unknown pattern", {"receivers": TWO, "textCode": 9999}),
    Violation("P5", 605, "unknown pattern", {"textCode": 9999}),
    Violation("P5", 605, "not an integer", {"textCode": "login"}),
    Violation("P5", 605, "not approved", settings={"patterns": NOT_APPROVED}),
    Violation("P6", 606, "missing", {"textData": {}}),
    Violation("P6", 606, "blank", {"textData": {"code": "  "}}),
    Violation("P6", 606, "not a scalar", {"textData": {"code": ["1"]}}),
    Violation("P6", 606, "one too many", {"textData": {"code": "1", "name": "2"}}),
    Violation("P7", 607, "billing", settings={"billing_ok": False}),
    Violation("P8", 608, "credit", settings=HUGE_PRICES),
]

SEND_OTP = [
    Violation("O1", 0, "no appID", {"appID": None}),
    Violation("O1", 0, "no code", {"code": None}),
    Violation("O1", 0, "no receivers", {"receivers": None}),
    Violation("O2", 103, "type 5", {"type": 5}),
    Violation("O2", 104, "type 4", {"type": 4}),
    Violation("O2", 104, "no type 1", settings={"send_types": [2]}),
    Violation("O3", 105, "bad receiver", {"receivers": f"{ONE},abc"}),
    Violation("O3", 105, "bad receiver after a reserved one", {"receivers": "9120000154,abc"}),
    Violation("O3", 105, "no receiver", {"receivers": " , "}),
    Violation("O3", 105, "no receiver left", {"receivers": "abc"}, SKIP),
    Violation("Z10", 154, "reserved", {"receivers": f"{ONE},9120000154"}),
    Violation("O4", 151, "unknown application", {"appID": "nobody"}),
    Violation("O5", 152, "application off", {"appID": "test-app-off"}),
    Violation("O6", 153, "dash", {"code": "12-34"}),
    Violation("O6", 153, "dash, too short", {"code": "-"}),
    Violation("O6", 153, "dashes, too long", {"code": "-" * 13}),
    Violation("O7", 154, "one character", {"code": "1"}),
    Violation("O7", 154, "thirteen characters", {"code": "1234567890123"}),
    Violation("O8", 108, "billing", settings={"billing_ok": False}),
    Violation("O8", 109, "credit", settings=HUGE_PRICES),
]

NEW_CONTACT = [
    Violation("N1", 801, "no phoneId", {"phoneId": None}),
    Violation("N1", 801, "no cNumber", {"cNumber": None}),
    Violation("N1", 801, "not an integer", {"phoneId": "1403.0"}),
    Violation("N2", 802, "unknown phonebook", {"phoneId": 9}),
    Violation("N3", 803, "not a number", {"cNumber": "abc"}),
]

OF_ACTION = {"send": SEND, "sendServices": SEND_SERVICES, "sendOTP": SEND_OTP, "newContact": NEW_CONTACT}


def as_params(violations: Iterable[Violation]) -> list[Any]:
    """The violations as parameters of a test, each marked with its rule."""
    return [pytest.param(one, id=str(one), marks=pytest.mark.rule(one.rule)) for one in violations]


def neighbours(table: list[Violation]) -> Iterator[tuple[Violation, Violation]]:
    """Each violation with those of the nearest later rule, and of the nearest earlier rule, that one request
    can have too, the earlier one first.

    The rules of an action are checked one after another, so these pairs fix the whole order.
    """
    pairs: dict[frozenset[str], None] = {}
    for direction in (table, table[::-1]):
        for place, one in enumerate(direction):
            others = [
                other for other in direction[place:] if other.row != one.row and one.combines_with(other)
            ]
            for other in others:
                if other.row == others[0].row:
                    pairs[frozenset((str(one), str(other)))] = None
    return (pair for pair in combinations(table, 2) if frozenset(map(str, pair)) in pairs)


def ask(action: str, *violations: Violation) -> tuple[AccountDriver, Any]:
    """A request to `action` with these violations: the driver and the reply.

    Fails if a refusal changes the account.
    """
    driver = AccountDriver(**{name: value for one in violations for name, value in one.settings.items()})
    params: dict[str, ParamValue] = {"action": action, **GOOD_PARAMS.get(action, {})}
    call: dict[str, Any] = {}
    for one in violations:
        params |= one.params
        call |= one.call
    before = driver.state()
    reply = driver.call(params=params, **call)
    assert not violations or driver.state() == before, "a refused request changed the account"
    return driver, reply


def assert_refused_by(first: Violation, action: str, *others: Violation) -> None:
    """The rule of `first` answers a request that has the `others` too."""
    driver, reply = ask(action, first, *others)
    assert (reply["result"], driver.rule) == (str(first.code), first.rule), (first, *others, driver.reason)
    assert set(reply) <= {"result", "description"}
    assert driver.reason.strip()
