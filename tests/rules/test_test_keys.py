"""The accounts that exist with no configuration at all (K1), and a new account's defaults."""

from collections.abc import Callable

import pytest

from fakeserver.settings.account_settings import default_accounts
from fakeserver.spec.units import RealMs
from tests.driver import World
from tests.rules.default_keys import DefaultKeys

KEYS = [
    "test-key",
    "test-key-disabled",
    "test-key-unverified",
    "test-key-ip",
    "test-key-poor",
    "test-key-billing",
    "test-key-unverified-sender",
    "test-key-manual",
    "test-key-no-phonebook",
]
ACTIONS = [
    "send",
    "sendServices",
    "sendOTP",
    "reportSend",
    "credit",
    "receivedMessages",
    "status",
    "newContact",
]


@pytest.mark.rule("K1")
def test_these_nine_accounts_exist() -> None:
    assert sorted(account.key for account in default_accounts()) == sorted(KEYS)


@pytest.mark.rule("K1", "A1")
@pytest.mark.parametrize("key", ["test-key-", "Test-Key", "test-key ", "test", "", "Bearer test-key"])
def test_no_other_key_is_right(key: str) -> None:
    assert DefaultKeys().ask(key, "status")["result"] == "-1"


@pytest.mark.rule("K1", "T1")
@pytest.mark.parametrize("key", [key for key in KEYS if key not in KEYS[1:4]])
def test_the_other_keys_have_access(key: str) -> None:
    assert DefaultKeys().ask(key, "status") == {"result": "1"}


@pytest.mark.rule("K1", "A2", "A3", "A5")
@pytest.mark.parametrize(
    ("key", "result", "rule"),
    [
        ("test-key-disabled", "-2", "A2"),
        ("test-key-unverified", "-3", "A3"),
        ("test-key-ip", "-5", "A5"),
    ],
)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("ip", ["127.0.0.1", "::1", "10.0.0.1", "172.17.0.1", "192.168.1.1"])
def test_a_key_that_the_gate_refuses_is_refused_for_every_action(
    key: str, result: str, rule: str, action: str, ip: str
) -> None:
    keys = DefaultKeys()
    assert (keys.ask(key, action, ip)["result"], keys.rule) == (result, rule)


@pytest.mark.rule("K1", "M3", "M7", "S4", "S8", "S9", "P7", "P8", "O8")
@pytest.mark.parametrize(
    ("key", "call", "result"),
    [
        ("test-key-poor", DefaultKeys.send, "109"),
        ("test-key-poor", DefaultKeys.send_services, "608"),
        ("test-key-poor", DefaultKeys.send_otp, "109"),
        ("test-key-billing", DefaultKeys.send, "108"),
        ("test-key-billing", DefaultKeys.send_services, "607"),
        ("test-key-billing", DefaultKeys.send_otp, "108"),
        ("test-key-unverified-sender", DefaultKeys.send, "114"),
    ],
)
def test_a_key_that_cannot_send_says_why(
    key: str, call: Callable[[DefaultKeys, str], dict[str, str]], result: str
) -> None:
    keys = DefaultKeys()
    before = keys.ask(key, "credit")
    assert call(keys, key)["result"] == result
    assert keys.ask(key, "credit") == before


@pytest.mark.rule("K1", "C1")
@pytest.mark.parametrize("key", [key for key in KEYS if key not in {*KEYS[1:4], "test-key-poor"}])
def test_every_key_but_the_poor_one_has_a_million_rials(key: str) -> None:
    assert DefaultKeys().ask(key, "credit") == {"result": "1", "credit": "1000000"}


@pytest.mark.rule("K1", "C1")
def test_the_poor_key_has_no_credit() -> None:
    assert DefaultKeys().ask("test-key-poor", "credit") == {"result": "1", "credit": "0"}


@pytest.mark.rule("K1", "L5")
def test_the_manual_key_holds_ordinary_messages_until_they_are_approved() -> None:
    keys = DefaultKeys()
    ordinary = keys.send("test-key-manual")["sendID"]
    pattern = keys.send_services("test-key-manual")["sendID"]
    keys.now_ms = RealMs(keys.now_ms + 3_600_000)
    assert pair(keys, "test-key-manual", ordinary) == ("0", "-1")
    assert pair(keys, "test-key-manual", pattern) == ("2", "3")


@pytest.mark.rule("K1", "B2")
def test_the_key_without_phonebook_sends_and_says_minus_one() -> None:
    keys = DefaultKeys()
    reply = keys.send("test-key-no-phonebook", phoneBook="1403")
    assert (reply["result"], reply["phoneBook"]) == ("1", "-1")


@pytest.mark.rule("K1", "L3")
def test_the_clock_of_a_test_key_is_the_real_one() -> None:
    keys = DefaultKeys()
    send_id = keys.send("test-key")["sendID"]
    assert pair(keys, "test-key", send_id) == ("0", "-1")
    keys.now_ms = RealMs(keys.now_ms + 5999)
    assert pair(keys, "test-key", send_id) == ("2", "1")
    keys.now_ms = RealMs(keys.now_ms + 1)
    assert pair(keys, "test-key", send_id) == ("2", "3")


@pytest.mark.rule("K1", "M6")
def test_the_accounts_share_nothing() -> None:
    keys = DefaultKeys()
    keys.send("test-key", phoneBook="1403")
    assert keys.ask("test-key", "credit")["credit"] == "999000"
    assert keys.ask("test-key-manual", "credit")["credit"] == "1000000"
    assert keys.send("test-key-manual", phoneBook="1403")["phoneBook"] == "1"


@pytest.mark.rule("K1", "S6", "P2")
@pytest.mark.parametrize("sender", ["30001403", "9830001403", "auto"])
def test_the_test_key_sends_ordinary_messages(sender: str) -> None:
    assert DefaultKeys().send("test-key", from_=sender)["result"] == "1"
    assert World().send(from_=sender)["result"] == "1"


@pytest.mark.rule("K1", "S6", "P2")
def test_the_two_lines_have_one_use_each() -> None:
    assert World().send(from_="90001403")["result"] == "106"
    assert World().send_services(from_="30001403")["result"] == "603"
    assert World().send_services(from_="90001403")["result"] == "1"


@pytest.mark.rule("K1", "P4", "P5", "P6")
def test_the_test_key_has_two_patterns_the_second_of_them_for_bulk() -> None:
    keys = DefaultKeys()
    two = "9121111111,9122222222"
    data = '{"name": "علی", "amount": "1.200.000 تومان"}'
    assert keys.send_services("test-key", textCode="1001", receivers=two)["result"] == "609"
    assert keys.send_services("test-key", textCode="1002", receivers=two)["result"] == "606"
    assert keys.send_services("test-key", textCode="1002", textData=data, receivers=two)["result"] == "1"
    assert keys.send_services("test-key", textCode="1003")["result"] == "605"


@pytest.mark.rule("K1", "O4", "O5")
def test_the_test_key_has_two_applications_one_of_them_switched_off() -> None:
    keys = DefaultKeys()
    assert keys.send_otp("test-key")["result"] == "1"
    assert keys.send_otp("test-key", appID="test-app-off")["result"] == "152"
    assert keys.send_otp("test-key", appID="other")["result"] == "151"


@pytest.mark.rule("K1", "B6", "N4", "X6")
def test_the_test_key_has_a_phonebook_and_five_fields() -> None:
    keys = DefaultKeys()
    fields = (
        '{"FYa12346": "1360/06/06", "FMjUyMjUz": "x", "FMzQ5NDA2": "معلم", "FMTAwMQ": "5", "FMTAwMg": "y"}'
    )
    reply = keys.ask("test-key", "newContact", phoneId="1403", cNumber="9121234567", cFields=fields)
    codes = dict.fromkeys(["FYa12346", "FMjUyMjUz", "FMzQ5NDA2", "FMTAwMQ", "FMTAwMg"], "1")
    assert reply == {"result": "1", "fields": codes}


def pair(keys: DefaultKeys, key: str, send_id: str) -> tuple[str, str]:
    (one,) = keys.ask(key, "reportSend", sendID=send_id)["data"]["receivers"]
    return one["processingStatus"], one["sendStatus"]
