"""Why a request was answered as it was: the exact sentences that a developer reads in the journal, in
`explain` and in a failing test. They are part of the product, so they stand here word for word.
"""

from typing import Any

import pytest

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call
from tests.driver import World
from tests.rules.ways import GOOD

LONG = "x" * 60
CUT = "x" * 40
ONE, TWO = "9121111111", "9122222222"
DEAR = {"latin": 10**9, "unicode": 10**9}
OFF = {"smart_sender": False}
NOT_APPROVED = {"code": 1001, "text": "{code}", "approved": False, "bulk": False}
NAMED = {"code": 1002, "text": "{name} {amount}", "approved": True, "bulk": True}

Case = tuple[dict[str, Any], dict[str, Any], str]

SEND: list[Case] = [
    ({}, {}, "accepted for 1 receiver(s): 1 unicode part(s), 1000 rials"),
    (
        {"text": "a" * 161, "receivers": f"{ONE},{TWO}"},
        {},
        "accepted for 2 receiver(s): 2 latin part(s), 8000 rials",
    ),
    ({"from": ""}, {}, "`from` is empty, which counts as missing (W9)"),
    ({"from": None}, {}, "`from` is empty, which counts as missing (W9)"),
    ({"text": True}, {}, "`text` is true or false where one value belongs, which counts as missing (W9)"),
    ({"text": ["a"]}, {}, "`text` is a list where one value belongs, which counts as missing (W9)"),
    (
        {"text": {"a": "b"}, "from": ""},
        {},
        (
            "`from` is empty, which counts as missing (W9); "
            "`text` is an object where one value belongs, which counts as missing (W9)"
        ),
    ),
    ({"trySend": 11}, {}, "`trySend` is «11», not a whole number from 0 to 10"),
    ({"trySend": -1}, {}, "`trySend` is «-1», not a whole number from 0 to 10"),
    ({"trySend": LONG}, {}, f"`trySend` is «{CUT}», not a whole number from 0 to 10"),
    ({"type": 5}, {}, "`type` is «5», none of 1, 2, 3, 4"),
    ({"type": LONG}, {}, f"`type` is «{CUT}», none of 1, 2, 3, 4"),
    ({"type": 4}, {}, "the account has no access to send type 4"),
    ({}, {"send_types": [2]}, "the account has no access to send type 1"),
    ({}, {"sending_verified": False}, "the setting `sending_verified` is off"),
    ({"receivers": " , "}, {}, "there are only commas and blanks, no receiver"),
    ({"receivers": "abc"}, {"bad_receivers": "skip"}, "no receiver is left"),
    ({"receivers": f"{ONE},abc"}, {}, "receiver 2 of 2, «abc», has characters other than digits (F3)"),
    (
        {"receivers": f"{ONE},۹۱۲۱۱۱۱۱۱۱,{TWO}"},
        {},
        "receiver 2 of 3, «۹۱۲۱۱۱۱۱۱۱», has Persian or other non-ASCII digits; the panel reads 0-9 only (F3)",
    ),
    (
        {"receivers": "9121111111;9122222222"},
        {},
        "receiver 1 of 1, «9121111111;9122222222», is separated by something other than a comma (F3)",
    ),
    (
        {"receivers": "9121111111،9122222222"},
        {},
        "receiver 1 of 1, «9121111111،9122222222», is separated by something other than a comma (F3)",
    ),
    ({"receivers": "912 1111111"}, {}, "receiver 1 of 1, «912 1111111», has a blank or a dash inside (F3)"),
    ({"receivers": "912-1111111"}, {}, "receiver 1 of 1, «912-1111111», has a blank or a dash inside (F3)"),
    (
        {"receivers": "9121111111+"},
        {},
        "receiver 1 of 1, «9121111111+», has characters other than digits (F3)",
    ),
    ({"receivers": LONG}, {}, f"receiver 1 of 1, «{CUT}», has characters other than digits (F3)"),
    *(
        (
            {"receivers": f"{prefix}8121111111"},
            {},
            (
                f"receiver 1 of 1, «{prefix}8121111111», "
                "does not begin with 9 after the prefix, as a mobile number does (F3)"
            ),
        )
        for prefix in ("", "0", "+98", "0098", "+", "00")
    ),
    *(
        (
            {"receivers": f"{prefix}912111111"},
            {},
            (
                f"receiver 1 of 1, «{prefix}912111111», "
                "has 9 digits after the prefix where a mobile number has 10 (F3)"
            ),
        )
        for prefix in ("", "0", "98", "+98", "0098")
    ),
    (
        {"receivers": "988121111111"},
        {},
        (
            "receiver 1 of 1, «988121111111», "
            "does not begin with 9 after the prefix, as a mobile number does (F3)"
        ),
    ),
    (
        {"receivers": "98"},
        {},
        "receiver 1 of 1, «98», has 2 digits after the prefix where a mobile number has 10 (F3)",
    ),
    (
        {"receivers": "9120000112"},
        {},
        "the reserved receiver 9120000112 asks for 112 (S10: an error at the sending operator)",
    ),
    (
        {"receivers": f"{ONE},9120000106,9120000112"},
        {},
        "the reserved receiver 9120000106 asks for 106 (S6: the sender line is not valid)",
    ),
    ({"from": "30009999"}, {}, "«30009999» is not a line of this account"),
    ({"from": LONG}, {}, f"«{CUT}» is not a line of this account"),
    ({"from": "90001403"}, {}, "line 90001403 does not send ordinary messages"),
    ({"from": "9890001403"}, {}, "line 90001403 does not send ordinary messages"),
    ({"from": "auto"}, OFF, "`auto` needs the smart sender, which is off"),
    ({"text": "  "}, {}, "the text is blank"),
    ({"text": "a\0b"}, {}, "the text holds a NUL"),
    ({"text": "س" * 671}, {}, "the text takes 11 parts, the account allows 10"),
    ({}, {"billing_ok": False}, "the setting `billing_ok` is off"),
    ({}, {"credit": 999}, "it costs 1000 rials and the credit is 999"),
]

SEND_SERVICES: list[Case] = [
    ({}, {}, "accepted for 1 receiver(s): 1 unicode part(s), 1000 rials"),
    ({"trySend": "two"}, {}, "`trySend` is «two», not a whole number from 0 to 10"),
    ({"from": "30001403"}, {}, "line 30001403 does not send service messages"),
    ({"from": "auto"}, OFF, "`auto` needs the smart sender, which is off"),
    ({"receivers": "abc"}, {}, "receiver 1 of 1, «abc», has characters other than digits (F3)"),
    (
        {"receivers": "9120000605"},
        {},
        "the reserved receiver 9120000605 asks for 605 (P5: the pattern code is not right)",
    ),
    ({"receivers": f"{ONE},{TWO}"}, {}, "2 receivers, and the pattern does not allow bulk"),
    ({"textCode": 9999}, {}, "the account has no pattern «9999»"),
    ({"textCode": LONG}, {}, f"the account has no pattern «{CUT}»"),
    ({}, {"patterns": [NOT_APPROVED]}, "pattern 1001 is not approved"),
    ({"textData": {}}, {}, "0 values for the 1 variables of the pattern"),
    ({"textData": ["1", "2"]}, {}, "2 values for the 1 variables of the pattern"),
    ({"textData": None}, {}, "variable «code» is missing"),
    ({"textData": ""}, {}, "variable «code» is missing"),
    ({"textData": True}, {}, "`textData` is a single value; it should be a list or an object"),
    ({"textData": "5"}, {}, "`textData` is a single value; it should be a list or an object"),
    (
        {"textData": "{code}"},
        {},
        (
            "`textData` is neither an array nor JSON: not JSON: "
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
        ),
    ),
    ({"textData": {"name": "2"}}, {}, "variable «code» is missing"),
    ({"textData": {"code": "  "}}, {}, "the value of variable «code» is blank"),
    ({"textData": {"code": ["1"]}}, {}, "the value of variable «code» is not text or a number"),
    ({"textData": {"code": "1", LONG: "2"}}, {}, f"the pattern has no variable «{CUT}»"),
    ({"textData": {"code": "1", "{code}": "2"}}, {}, "variable «code» is given twice"),
    ({"textData": {LONG: "1", f"{{{LONG}}}": "2"}}, {}, f"variable «{CUT}» is given twice"),
    ({"textCode": 1002, "textData": {"name": "a"}}, {"patterns": [NAMED]}, "variable «amount» is missing"),
    ({}, {"billing_ok": False}, "the setting `billing_ok` is off"),
    ({}, {"credit": 999}, "it costs 1000 rials and the credit is 999"),
]

SEND_OTP: list[Case] = [
    ({}, {}, "accepted for 1 receiver(s): 1 unicode part(s), 1000 rials"),
    ({"code": ""}, {}, "`code` is empty, which counts as missing (W9)"),
    ({"type": 0}, {}, "`type` is «0», none of 1, 2, 3, 4"),
    ({"type": 3}, {}, "the account has no access to send type 3"),
    ({"receivers": "abc"}, {}, "receiver 1 of 1, «abc», has characters other than digits (F3)"),
    (
        {"receivers": "9120000153"},
        {},
        "the reserved receiver 9120000153 asks for 153 (O6: the one-time code is not right)",
    ),
    ({"appID": LONG}, {}, f"the account has no application «{CUT}»"),
    ({"appID": "test-app-off"}, {}, "application «test-app-off» is switched off"),
    (
        {"appID": LONG},
        {"otp_apps": [{"id": LONG, "template": "{code}", "enabled": False}]},
        f"application «{CUT}» is switched off",
    ),
    ({"code": "12-34"}, {}, "the code has characters other than ASCII letters and digits"),
    ({"code": "1"}, {}, "the code has 1 characters, not 2 to 12"),
    ({"code": "1" * 13}, {}, "the code has 13 characters, not 2 to 12"),
    ({}, {"billing_ok": False}, "the setting `billing_ok` is off"),
    ({}, {"prices": DEAR}, "it costs 1000000000 rials and the credit is 1000000"),
]


def cases(action: str, table: list[Case]) -> list[Any]:
    return [pytest.param(action, *case, id=f"{action}-{case[2][:60]}-{n}") for n, case in enumerate(table)]


@pytest.mark.parametrize(
    ("action", "params", "settings", "reason"),
    [*cases("send", SEND), *cases("sendServices", SEND_SERVICES), *cases("sendOTP", SEND_OTP)],
)
def test_the_reason_of_a_sending_action(
    action: str, params: dict[str, Any], settings: dict[str, Any], reason: str
) -> None:
    world = World(**settings)
    world.post({"action": action, **GOOD[action], **params})
    assert world.reason == reason


@pytest.mark.rule("W9", "W11")
def test_a_parameter_that_is_missing_is_guessed_among_those_that_were_given() -> None:
    world = World()
    world.ask("send", frm="30001403", text="a", Receivers=ONE)
    assert world.reason.split("; `") == [
        "`from` is missing; did you misspell it as `frm`?",
        "receivers` is missing; did you misspell it as `Receivers`?",
    ]
    world.ask("reportSend", id="1")
    assert world.reason == "`sendID` is missing"


@pytest.mark.rule("W9")
def test_only_the_first_hundred_names_are_looked_at_for_one_that_was_meant() -> None:
    world = World()
    others = {f"x{n}": "1" for n in range(98)}  # and `action`
    world.post({"action": "reportSend", **others, "sendId": "1"})
    assert world.reason == "`sendID` is missing; did you misspell it as `sendId`?"
    world.post({"action": "reportSend", **others, "x": "1", "sendId": "1"})
    assert world.reason == "`sendID` is missing"


@pytest.mark.rule("W9")
@pytest.mark.parametrize(
    ("name", "meant"), [("sendId", True), ("sendid", True), ("SENDI", True), ("sent", False)]
)
def test_a_name_must_look_much_alike_to_be_the_one_that_was_meant(name: str, meant: bool) -> None:
    world = World()
    world.post({"action": "reportSend", name: "1"})
    assert world.reason == "`sendID` is missing" + (f"; did you misspell it as `{name}`?" if meant else "")


# The other actions


@pytest.mark.rule("R1", "R2", "R3")
def test_the_reasons_of_a_report() -> None:
    world = World()
    send_id = world.send(f"{ONE},{TWO}")["sendID"]
    world.ask("reportSend", sendID=send_id)
    assert world.reason == "the send has 2 receivers"
    world.ask("reportSend", sendID=True)
    assert world.reason == "`sendID` is true or false where one value belongs, which counts as missing (W9)"
    world.ask("reportSend", sendID=LONG)
    assert world.reason == f"«{CUT}» is not the id of a send of this account"
    world.ask("reportSend", sendID=1)
    assert world.reason == "«1» is not the id of a send of this account"
    world.advance(259_201)
    world.ask("reportSend", sendID=send_id)
    assert world.reason == "the send is archived; it had 2 receivers"


def test_the_reasons_of_credit_and_status() -> None:
    world = World(credit=77)
    world.ask("credit")
    assert world.reason == "the credit is 77 rials"
    world.ask("status")
    assert world.reason == "the web-service access is active"


def test_the_reasons_of_received_messages() -> None:
    world = World()
    world.ask("receivedMessages")
    assert world.reason == "there is no message"
    world.deliver(ONE, "a")
    world.deliver(ONE, "b")
    world.ask("receivedMessages")
    assert world.reason == "2 messages"
    world.change(received="once")
    world.ask("receivedMessages")
    assert world.reason == "2 messages"  # what was told while all are kept was not handed out (I4)
    world.ask("receivedMessages")
    assert world.reason == "there is no message that was not shown yet"


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"cNumber": ONE, "phoneId": ""}, "`phoneId` is empty, which counts as missing (W9)"),
        ({"cNumber": ONE, "phoneId": LONG}, f"`phoneId` is «{CUT}», not a whole number"),
        ({"cNumber": ONE, "phoneId": "7"}, "the account has no phonebook 7"),
        ({"cNumber": ONE, "phoneId": "9" * 70}, f"the account has no phonebook {'9' * 65}"),
        ({"cNumber": ONE, "phoneId": f"-{'0' * 70}5"}, "the account has no phonebook -5"),
        ({"cNumber": LONG, "phoneId": "1403"}, f"«{CUT}» has characters other than digits (F3)"),
        ({"cNumber": " ", "phoneId": "1403"}, "«» is empty (F3)"),
        ({"cNumber": f" 0{ONE} ", "phoneId": "1403"}, f"{ONE} was added to phonebook 1403"),
        ({"cNumber": TWO, "phoneId": "1403"}, f"{TWO} is in phonebook 1403"),
    ],
)
def test_the_reasons_of_a_new_contact(params: dict[str, str], reason: str) -> None:
    world = World()
    world.ask("newContact", phoneId="1403", cNumber=TWO)
    world.post({"action": "newContact", **params})
    assert world.reason == reason


# The gate

GET_PLACE = "GET carries it in the query parameter `key`"
POST_PLACE = "POST carries it in the `Authorization` header, bare"
GATE: list[Case] = [
    ({}, {"key": None}, f"there is no API key: {POST_PLACE}"),
    ({}, {"key": "", "method": "GET"}, f"there is no API key: {GET_PLACE}"),
    ({}, {"key": "nobody"}, "no account has the API key nob..."),
    ({}, {"key": "two words"}, "no account has the API key two ...ds"),
    ({}, {"key": "12345678"}, "no account has the API key 1234..."),
    (
        {},
        {"key": "Bearer test-key"},
        "a word before the API key makes it another key: the header carries the key alone",
    ),
    (
        {},
        {"key": "my Bearer test-key"},
        "a word before the API key makes it another key: the header carries the key alone",
    ),
    ({}, {"key": None, "stray_keys": ("test-key",)}, f"the API key is in the wrong place: {POST_PLACE}"),
    (
        {},
        {"key": None, "stray_keys": ("x", "test-key"), "method": "GET"},
        f"the API key is in the wrong place: {GET_PLACE}",
    ),
    ({}, {"key": None, "stray_keys": ("x",)}, f"there is no API key: {POST_PLACE}"),
    *(
        (
            {name: "x"},
            {"key": None, "method": method},
            f"this is the older form of the service, which is not simulated; the key goes in {place}",
        )
        for name in ("Action", "username", "password")
        for method, place in (
            ("GET", "the query parameter `key`"),
            ("POST", "the `Authorization` header, bare"),
        )
    ),
    ({}, {"method": "PUT"}, "PUT is neither GET nor POST"),
    ({}, {"undecodable": "bytes"}, "the parameters cannot be read: bytes (W12)"),
    ({}, {}, "`action` is missing"),
    (
        {"username": "x"},
        {},
        "`action` is missing; this is the older form of the service, which is not simulated",
    ),
    (
        {"action": "Send"},
        {},
        "«Send» is none of the panel's actions (names are case-sensitive, W11)",
    ),
    ({"action": LONG}, {}, f"«{CUT}» is none of the panel's actions (names are case-sensitive, W11)"),
]


@pytest.mark.rule("A1", "A4", "A6", "A7")
@pytest.mark.parametrize(("params", "call", "reason"), GATE)
def test_the_reasons_of_the_gate(params: dict[str, Any], call: dict[str, Any], reason: str) -> None:
    world = World()
    world.call(params=params, **call)
    assert world.reason == reason


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"webservice_enabled": False}, "the account's web-service access is switched off"),
        ({"identity_verified": False}, "the account's documents or identity are not verified"),
        ({"allowed_ips": ["192.0.2.1"]}, "the caller's address 127.0.0.1 is not in `allowed_ips`"),
    ],
)
def test_the_reasons_of_a_closed_account(settings: dict[str, Any], reason: str) -> None:
    world = World(**settings)
    world.ask("status")
    assert world.reason == reason


@pytest.mark.rule("A5")
def test_what_a_proxy_says_of_its_caller_need_not_be_an_address() -> None:
    world = World(allowed_ips=["127.0.0.1"])
    world.call(params={"action": "status"}, ip="unknown")
    assert world.reason == "the caller's address unknown is not in `allowed_ips`"


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("allowed", "caller", "passes"),
    [
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("127.0.0.2", "::ffff:127.0.0.1", False),
        ("fe80::/10", "fe80::1%eth0", True),
        ("fe80::/10", "fe80::1%", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "::1", False),
    ],
)
def test_an_address_is_known_in_each_of_its_writings(allowed: str, caller: str, passes: bool) -> None:
    world = World(allowed_ips=[allowed, "192.0.2.1"])
    world.call(params={"action": "status"}, ip=caller)
    assert world.reason == (
        "the web-service access is active"
        if passes
        else f"the caller's address {caller} is not in `allowed_ips`"
    )


@pytest.mark.rule("X4")
@pytest.mark.parametrize(("date", "code"), [("0001/01/01", "1"), ("0000/01/01", "-2"), ("0002/12/30", "-2")])
def test_the_calendar_begins_with_the_year_one(date: str, code: str) -> None:
    reply = World().ask("newContact", phoneId="1403", cNumber=ONE, cFields={"FYa12346": date})
    assert reply["fields"] == {"FYa12346": code}


@pytest.mark.rule("W9")
def test_there_is_a_reason_only_where_something_is_absent() -> None:
    params = Params({"a": "1", "b": "", "c": "0"})
    assert params.absence(("a", "c")) is None
    assert params.absence(()) is None
    assert params.absence(("c", "b", "a")) == "`b` is empty, which counts as missing (W9)"


@pytest.mark.rule("W10")
@pytest.mark.parametrize(
    ("repeated", "told"),
    [
        ((), ""),
        (("receivers",), "; given more than once, where the last counts (W10): `receivers`"),
        (("b", "a"), "; given more than once, where the last counts (W10): `b`, `a`"),
        (
            ("a", "b" * 41, "c", "d"),
            f"; given more than once, where the last counts (W10): `a`, `{'b' * 40}`, `c`",
        ),
    ],
)
def test_a_reason_ends_with_what_was_given_more_than_once(repeated: tuple[str, ...], told: str) -> None:
    world = World()
    params = Params({"action": "status"})
    params.repeated = repeated
    entry = world.panel.handle(Call("POST", world.key, params, "127.0.0.1"), world.real_ms).entry
    assert entry.reason == "the web-service access is active" + told
