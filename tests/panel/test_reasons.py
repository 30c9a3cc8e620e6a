"""The reasons of answers: what each one must say, with the value at fault and a hint.

In these patterns `…` stands for any text. A reason that says its point in other words fails one test of this
file; then change its pattern here.
"""

from typing import Any

import pytest

from fakeserver.notation.params import Params
from fakeserver.wire.call import Call
from tests.actions.violations import GOOD_PARAMS
from tests.driver import AccountDriver
from tests.reasons import assert_reasons

LONG, CUT = "x" * 60, "x" * 40
ONE, TWO = "9350000009", "9121111111"
Rows = list[tuple[dict[str, Any], dict[str, Any], str]]  # parameters, settings, and the reason

NO_TRY_SEND = "…, not a whole number from 0 to 10"
NO_TYPE = "…, not 1, 2, 3 or 4"
NOT_9 = "…», does not begin with 9 …does (F3)"
NINE_DIGITS = "…9 digits…10 (F3)"
NOT_DIGITS = "…has characters other than digits (F3)"
NO_COMMA = "…other than a comma (F3)"
BLANK_INSIDE = "…blank or a dash inside (F3)"

SEND: Rows = [
    ({}, {}, "accepted for 1 receiver…: 1 unicode part…, 1000 rials"),
    ({"text": "a" * 161, "receivers": f"{ONE},{TWO}"}, {}, "accepted for 2 …: 2 latin part…, 8000 rials"),
    ({"from": ""}, {}, "`from` is empty, which counts as missing (W9)"),
    ({"from": None}, {}, "`from` is empty, which counts as missing (W9)"),
    ({"text": True}, {}, "`text` is true or false …, which counts as missing (W9)"),
    ({"text": ["a"]}, {}, "`text` is a list …"),
    ({"text": {"a": "b"}, "from": ""}, {}, "`from` is empty…; `text` is an object …"),
    ({"trySend": 11}, {}, f"`trySend` is «11»{NO_TRY_SEND}"),
    ({"trySend": LONG}, {}, f"`trySend` is «{CUT}»{NO_TRY_SEND}"),
    ({"type": 5}, {}, f"`type` is «5»{NO_TYPE}"),
    ({"type": LONG}, {}, f"`type` is «{CUT}»{NO_TYPE}"),
    ({"type": 4}, {}, "…no access to send type 4"),
    ({}, {"send_types": [2]}, "…no access to send type 1"),
    ({}, {"sending_verified": False}, "the setting `sending_verified` is off"),
    ({"receivers": " , "}, {}, "…only commas and blanks"),
    ({"receivers": "abc"}, {"bad_receivers": "skip"}, "no receiver is left"),
    ({"receivers": f"{ONE},abc"}, {}, f"receiver 2 of 2, «abc»,{NOT_DIGITS}"),
    ({"receivers": f"{ONE},۹۱۲۱۱۱۱۱۱۱,{TWO}"}, {}, "…2 of 3, «۹۱۲۱۱۱۱۱۱۱», has Persian …0-9 only (F3)"),
    ({"receivers": f"{ONE};{TWO}"}, {}, f"receiver 1 of 1, «{ONE};{TWO}»,{NO_COMMA}"),
    ({"receivers": f"{ONE}،{TWO}"}, {}, f"receiver 1 of 1, «{ONE}،{TWO}»,{NO_COMMA}"),
    ({"receivers": "912 1111111"}, {}, BLANK_INSIDE),
    ({"receivers": "912-1111111"}, {}, BLANK_INSIDE),
    ({"receivers": "9121111111+"}, {}, NOT_DIGITS),
    ({"receivers": LONG}, {}, f"receiver 1 of 1, «{CUT}»,{NOT_DIGITS}"),
    *[({"receivers": f"{prefix}8121111111"}, {}, NOT_9) for prefix in ("", "0", "+98", "0098", "+", "00")],
    *[({"receivers": f"{prefix}912111111"}, {}, NINE_DIGITS) for prefix in ("", "0", "98", "+98", "0098")],
    ({"receivers": "988121111111"}, {}, NOT_9),
    ({"receivers": "98"}, {}, "…has 2 digits…"),
    ({"receivers": f"{ONE},9120000106,9120000112"}, {}, "…9120000106 asks for 106 (S6: …)"),
    ({"from": "30009999"}, {}, "«30009999» is not a line of this account"),
    ({"from": LONG}, {}, f"«{CUT}» is not a line…"),
    ({"from": "9890001403"}, {}, "line 90001403 does not send ordinary messages"),
    ({"from": "auto"}, {"smart_sender": False}, "`auto` needs the smart sender, which is off"),
    ({"text": "  "}, {}, "the text is blank"),
    ({"text": "a\0b"}, {}, "the text …NUL…"),
    ({"text": "س" * 671}, {}, "the text takes 11 parts…10"),
    ({}, {"billing_ok": False}, "the setting `billing_ok` is off"),
    ({}, {"credit": 999}, "it costs 1000 rials and the credit is 999"),
]  # fmt: skip

NOT_APPROVED = {"patterns": [{"code": 1001, "text": "{code}", "approved": False}]}
NAMED = {"patterns": [{"code": 1002, "text": "{name} {amount}"}]}
SEND_SERVICES: Rows = [
    ({}, {}, "accepted for 1 receiver…: 1 unicode part…, 1000 rials"),
    ({"trySend": "two"}, {}, f"`trySend` is «two»{NO_TRY_SEND}"),
    ({"from": "30001403"}, {}, "line 30001403 does not send service messages"),
    ({"from": "auto"}, {"smart_sender": False}, "`auto` needs the smart sender…"),
    ({"receivers": "abc"}, {}, "receiver 1 of 1, «abc», …"),
    ({"receivers": "9120000605"}, {}, "…9120000605 asks for 605 (P5: …)"),
    ({"receivers": f"{ONE},{TWO}"}, {}, "2 receivers, and the pattern does not allow bulk"),
    ({"receivers": f"{ONE},{TWO}", "textCode": 77}, {}, "2 receivers, and the account has no pattern «77»"),
    ({"textCode": 9999}, {}, "the account has no pattern «9999»"),
    ({"textCode": LONG}, {}, f"the account has no pattern «{CUT}»"),
    ({}, NOT_APPROVED, "pattern 1001 is not approved"),
    ({"textData": {}}, {}, "0 values for the 1 variable…"),
    ({"textData": ["1", "2"]}, {}, "2 values for the 1 variable…"),
    ({"textData": None}, {}, "variable «code» is missing"),
    ({"textData": ""}, {}, "variable «code» is missing"),
    ({"textData": True}, {}, "`textData` is a single value; …a list or an object"),
    ({"textData": "5"}, {}, "`textData` is a single value; …a list or an object"),
    ({"textData": "{code}"}, {}, "`textData` is neither an array nor JSON: …"),
    ({"textData": {"name": "2"}}, {}, "variable «code» is missing"),
    ({"textData": {"code": "  "}}, {}, "the value of variable «code» is blank"),
    ({"textData": {"code": ["1"]}}, {}, "the value of variable «code» is not text or a number"),
    ({"textData": {"code": "1", LONG: "2"}}, {}, f"the pattern has no variable «{CUT}»"),
    ({"textData": {"code": "1", "{code}": "2"}}, {}, "variable «code» is given twice"),
    ({"textData": {LONG: "1", f"{{{LONG}}}": "2"}}, {}, f"variable «{CUT}» is given twice"),
    ({"textCode": 1002, "textData": {"name": "a"}}, NAMED, "variable «amount» is missing"),
    ({}, {"billing_ok": False}, "the setting `billing_ok` is off"),
    ({}, {"credit": 999}, "it costs 1000 rials and the credit is 999"),
]  # fmt: skip

LONG_APP = {"otp_apps": [{"id": LONG, "template": "{code}", "enabled": False}]}
SEND_OTP: Rows = [
    ({}, {}, "accepted for 1 receiver…: 1 unicode part…, 1000 rials"),
    ({"code": ""}, {}, "`code` is empty…"),
    ({"type": 0}, {}, f"`type` is «0»{NO_TYPE}"),
    ({"type": 3}, {}, "…no access to send type 3"),
    ({"receivers": "abc"}, {}, "receiver 1 of 1, «abc», …"),
    ({"receivers": "9120000153"}, {}, "…9120000153 asks for 153 (O6: …)"),
    ({"appID": LONG}, {}, f"the account has no application «{CUT}»"),
    ({"appID": "test-app-off"}, {}, "application «test-app-off» is switched off"),
    ({"appID": LONG}, LONG_APP, f"application «{CUT}» is switched off"),
    ({"code": "12-34"}, {}, "the code has characters other than ASCII letters and digits"),
    ({"code": "1"}, {}, "the code has 1 character…, not 2 to 12"),
    ({"code": "1" * 13}, {}, "the code has 13 characters, not 2 to 12"),
    ({}, {"billing_ok": False}, "the setting `billing_ok` is off"),
    ({}, {"credit": 999}, "it costs 1000 rials and the credit is 999"),
]  # fmt: skip

NEW_CONTACT: Rows = [
    ({"phoneId": ""}, {}, "`phoneId` is empty…"),
    ({"phoneId": LONG}, {}, f"`phoneId` is «{CUT}», not a whole number"),
    ({"phoneId": "7"}, {}, "the account has no phonebook 7"),
    ({"phoneId": "9" * 70}, {}, f"the account has no phonebook {'9' * 65}"),
    ({"cNumber": LONG}, {}, f"«{CUT}» has characters other than digits (F3)"),
    ({"cNumber": " "}, {}, "«» is empty (F3)"),
    ({"cNumber": f" 0{ONE} "}, {}, f"{ONE} was added to phonebook 1403"),
    ({}, {"phonebooks": [{"id": 1403, "contacts": [{"number": ONE}]}]}, f"{ONE} is in phonebook 1403"),
]


@pytest.mark.parametrize(
    ("action", "rows"),
    [("send", SEND), ("sendServices", SEND_SERVICES), ("sendOTP", SEND_OTP), ("newContact", NEW_CONTACT)],
)
def test_the_reasons_of_the_rules_of_an_action(action: str, rows: Rows) -> None:
    said = []
    for params, settings, pattern in rows:
        driver = AccountDriver(**settings)
        driver.post({"action": action, **GOOD_PARAMS[action], **params})
        said.append(((params, settings), driver.reason, pattern))
    assert_reasons(said)


@pytest.mark.rule("R1", "R2", "R3", "C1", "T1", "I1", "I2", "I4")
def test_the_reasons_of_reports_credit_status_and_received_messages() -> None:
    driver = AccountDriver(credit=2077)
    said = []

    def expect(pattern: str, action: str, **params: Any) -> None:
        driver.ask(action, **params)
        said.append((f"{action} {params}", driver.reason, pattern))

    send_id = driver.send(f"{ONE},{TWO}")["sendID"]
    expect("the send has 2 receivers", "reportSend", sendID=send_id)
    expect("`sendID` is missing", "reportSend", id="1")
    expect("`sendID` is true or false …", "reportSend", sendID=True)
    expect(f"«{CUT}» is not the id of a send of this account", "reportSend", sendID=LONG)
    expect("«1» is not the id of a send of this account", "reportSend", sendID=1)
    driver.advance(259_201)
    expect("the send is archived; it had 2 receivers", "reportSend", sendID=send_id)
    expect("the credit is 77 rials", "credit")
    expect("the web-service access is active", "status")
    expect("there is no message", "receivedMessages")
    driver.deliver(ONE, "a")
    driver.deliver(ONE, "b")
    expect("2 messages", "receivedMessages")
    driver.change(received="once")
    expect("2 messages", "receivedMessages")  # messages that `keep` showed have not been handed out (I4)
    expect("there is no message that was not shown yet", "receivedMessages")
    assert_reasons(said)


POST_PLACE, GET_PLACE = "…the `Authorization` header, bare", "…the query parameter `key`"
WORD_BEFORE = "…a word before the API key…the header carries the key alone"
OLD_FORM = "this is the older form of the service, which is not simulated; …"
GATE: list[tuple[dict[str, Any], dict[str, Any], str]] = [  # call, settings, and the reason
    ({"key": None}, {}, f"the request has no API key: POST{POST_PLACE}"),
    ({"key": "", "method": "GET"}, {}, f"the request has no API key: GET{GET_PLACE}"),
    ({"key": "nobody"}, {}, "no account has the API key nob..."),
    ({"key": "two words"}, {}, "no account has the API key two ...ds"),
    ({"key": "12345678"}, {}, "no account has the API key 1234..."),
    ({"key": "Bearer test-key"}, {}, WORD_BEFORE),
    ({"key": "my Bearer test-key"}, {}, WORD_BEFORE),
    ({"key": None, "stray_keys": ("test-key",)}, {}, f"the API key is in the wrong place: POST{POST_PLACE}"),
    (
        {"key": None, "stray_keys": ("x", "test-key"), "method": "GET"},
        {},
        f"the API key is in the wrong place: GET{GET_PLACE}",
    ),
    ({"key": None, "stray_keys": ("x",)}, {}, "the request has no API key: …"),
    ({"key": None, "params": {"Action": "x"}}, {}, f"{OLD_FORM}{POST_PLACE}"),
    ({"key": None, "params": {"username": "x"}, "method": "GET"}, {}, f"{OLD_FORM}{GET_PLACE}"),
    ({"key": None, "params": {"password": "x"}}, {}, OLD_FORM),
    ({}, {"webservice_enabled": False}, "the account's web-service access is switched off"),
    ({}, {"identity_verified": False}, "the account's documents or identity are not verified"),
    ({"method": "PUT"}, {}, "PUT is neither GET nor POST"),
    ({}, {"allowed_ips": ["192.0.2.1"]}, "the caller's address 127.0.0.1 is not in `allowed_ips`"),
    ({"ip": "unknown"}, {"allowed_ips": ["127.0.0.1"]}, "the caller's address unknown is not in …"),
    ({"undecodable": "bytes"}, {}, "the parameters cannot be read: bytes (W12)"),
    ({}, {}, "`action` is missing"),
    ({"params": {"username": "x"}}, {}, "`action` is missing; …older form …not simulated"),
    ({"params": {"action": "Send"}}, {}, "«Send» is not an action of the panel…case-sensitive, W11)"),
    ({"params": {"action": LONG}}, {}, f"«{CUT}» is not an action …"),
]  # fmt: skip


@pytest.mark.rule("A1", "A4", "A5", "A6", "A7")
def test_the_reasons_of_the_gate() -> None:
    said = []
    for call, settings, pattern in GATE:
        driver = AccountDriver(**settings)
        driver.call(**call)
        said.append(((call, settings), driver.reason, pattern))
    assert_reasons(said)


# Hints


@pytest.mark.rule("W9", "W11")
def test_a_missing_parameter_is_guessed_among_the_given_ones() -> None:
    driver = AccountDriver()
    driver.ask("send", frm="30001403", text="a", Receivers=ONE)
    pattern = "`from` is missing; …`frm`?; `receivers` is missing; …`Receivers`?"
    assert_reasons([("frm and Receivers", driver.reason, pattern)])
    for name, is_guessed in {"sendId": True, "sendid": True, "SENDI": True, "sent": False}.items():
        driver.post({"action": "reportSend", name: "1"})
        assert driver.reason.startswith("`sendID` is missing")
        assert (f"`{name}`" in driver.reason) == is_guessed, name


@pytest.mark.rule("W9")
def test_only_the_first_hundred_names_are_compared_with_a_missing_one() -> None:
    driver = AccountDriver()
    others = {f"x{n}": "1" for n in range(98)}  # `action` is the 99th
    driver.post({"action": "reportSend", **others, "sendId": "1"})
    assert "`sendId`" in driver.reason
    driver.post({"action": "reportSend", **others, "x": "1", "sendId": "1"})
    assert driver.reason == "`sendID` is missing"


@pytest.mark.rule("W10")
@pytest.mark.parametrize(
    ("repeated", "names"),
    [
        ((), ""),
        (("receivers",), "; given more than once…(W10): `receivers`"),
        (("b", "a"), "; given more than once…(W10): `b`, `a`"),
        (("a", "b" * 41, "c", "d"), f"; given more than once…(W10): `a`, `{'b' * 40}`, `c`"),
    ],
)
def test_a_reason_ends_with_the_names_of_repeated_parameters(repeated: tuple[str, ...], names: str) -> None:
    driver = AccountDriver()
    params = Params({"action": "status"})
    params.repeated = repeated
    entry = driver.panel.handle(Call("POST", driver.key, params, "127.0.0.1"), driver.real_ms).entry
    assert_reasons([(repeated, entry.reason, f"the web-service access is active{names}")])
