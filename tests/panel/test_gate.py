"""The gate (A): API key, access, identity, method, address and action."""

from typing import Any

import pytest

from fakeserver.spec.codes import RESULT_CODES
from tests.driver import KEY, AccountDriver, ParamValue

STATUS = {"action": "status"}


def code_and_rule(driver: AccountDriver, **call: Any) -> tuple[str, str]:
    return driver.call(**{"params": STATUS, **call})["result"], driver.rule


@pytest.mark.rule("A1", "A2", "A3", "A4", "A5", "A6", "A7")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_gate_passes_every_action(method: str) -> None:
    driver = AccountDriver()
    for action in RESULT_CODES:
        driver.call(method=method, params={"action": action})
        assert not driver.rule.startswith("A"), action


@pytest.mark.rule("A1")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_any_other_key_is_refused(method: str) -> None:
    driver = AccountDriver()
    for key in (
        None,
        "",
        "unknown",
        "Bearer test-key",
        "bearer test-key",
        "TEST-KEY",
        "test-ke",
        "test-keys",
    ):
        assert code_and_rule(driver, method=method, key=key) == ("-1", "A1"), key


@pytest.mark.rule("A1")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_right_key_in_the_wrong_place_is_refused_by_default(method: str) -> None:
    misplaced = {"method": method, "key": None, "stray_keys": (KEY,)}
    assert code_and_rule(AccountDriver(), **misplaced) == ("-1", "A1")
    anywhere = AccountDriver(key_placement="anywhere")
    assert code_and_rule(anywhere, **misplaced) == ("1", "T1")
    assert code_and_rule(anywhere, key=None, stray_keys=("unknown",)) == ("-1", "A1")


@pytest.mark.rule("A2")
def test_access_can_be_switched_on_again() -> None:
    driver = AccountDriver(webservice_enabled=False)
    assert code_and_rule(driver) == ("-2", "A2")
    driver.change(webservice_enabled=True)
    assert code_and_rule(driver) == ("1", "T1")


@pytest.mark.rule("A4")
@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_any_method_but_get_and_post_is_refused(method: str) -> None:
    assert code_and_rule(AccountDriver(), method=method) == ("-4", "A4")


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ("10.1.2.3", ["10.1.2.3", "::ffff:10.1.2.3"], ["10.1.2.4", "10.1.2.30", "::ffff:10.1.2.4", "::1"]),
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "unknown"]),
        ("192.0.2.4/30", ["192.0.2.4", "192.0.2.7"], ["192.0.2.3", "192.0.2.8"]),
        ("0.0.0.0/0", ["203.0.113.9"], ["2001:db8::1"]),
        ("2001:DB8::A", ["2001:db8::a", "2001:0db8:0:0:0:0:0:a"], ["2001:db8::2"]),
        ("2001:db8::/32", ["2001:db8:ffff::1"], ["2001:db9::1"]),
        ("fe80::/10", ["fe80::1%eth0", "fe80::1%"], ["::1"]),
        ("::/0", ["2001:db8::1"], ["203.0.113.9"]),
    ],
)
def test_only_addresses_of_the_list_pass(entry: str, inside: list[str], outside: list[str]) -> None:
    driver = AccountDriver(allowed_ips=["198.51.100.1", entry])
    for ip in inside:
        assert code_and_rule(driver, ip=ip) == ("1", "T1"), ip
    for ip in outside:
        assert code_and_rule(driver, ip=ip) == ("-5", "A5"), ip


@pytest.mark.rule("A5")
def test_an_empty_list_lets_every_address_pass() -> None:
    driver = AccountDriver(allowed_ips=[])
    for ip in ("127.0.0.1", "203.0.113.9", "::1", "2001:db8::1"):
        assert code_and_rule(driver, ip=ip) == ("1", "T1"), ip


ABSENT: tuple[ParamValue, ...] = ("", None, True, False, [], ["send"], {}, {"0": "send"})


@pytest.mark.rule("A6", "W9")
def test_an_absent_action_is_answered_0() -> None:
    driver = AccountDriver()
    assert code_and_rule(driver, params={}) == ("0", "A6")
    for action in ABSENT:
        assert code_and_rule(driver, params={"action": action}) == ("0", "A6"), action


@pytest.mark.rule("A6", "W12")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_undecodable_call_is_answered_0(method: str) -> None:
    call = {"method": method, "params": {}, "undecodable": "the body is not JSON"}
    assert code_and_rule(AccountDriver(), **call) == ("0", "A6")


@pytest.mark.rule("A7", "W11")
@pytest.mark.parametrize(
    "action", ["Send", "SEND", "sendotp", "reportsend", "newcontact", "sendMMS", "send ", " ", "0"]
)
def test_an_unknown_action_is_answered_100(action: str) -> None:
    assert code_and_rule(AccountDriver(), params={"action": action}) == ("100", "A7")


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize("code", ["100", "0", "-4", "bare-0"])
def test_the_setting_unknown_action_changes_the_code_of_an_unknown_action_only(code: str) -> None:
    driver = AccountDriver(unknown_action=code)
    reply = driver.call(params={"action": "sendMMS"})
    assert (reply, driver.rule) == (0 if code == "bare-0" else {"result": code}, "A7")
    assert code_and_rule(driver, params={}) == ("0", "A6")
