"""The parameters of every action: absence (W9), names (W11) and whole numbers (W15)."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.actions.violations import ACCEPTED, GOOD_PARAMS
from tests.driver import AccountDriver, ParamValue
from tests.examples import examples

ABSENT: tuple[ParamValue, ...] = ("", None, True, ["1"], {"0": "1"})
REQUIRED = [
    ("send", "from", "0", "S1"),
    ("send", "text", "0", "S1"),
    ("send", "receivers", "0", "S1"),
    ("sendServices", "from", "0", "P1"),
    ("sendServices", "textCode", "0", "P1"),
    ("sendServices", "receivers", "0", "P1"),
    ("sendOTP", "appID", "0", "O1"),
    ("sendOTP", "code", "0", "O1"),
    ("sendOTP", "receivers", "0", "O1"),
    ("newContact", "phoneId", "801", "N1"),
    ("newContact", "cNumber", "801", "N1"),
    ("reportSend", "sendID", "-6", "R1"),
]
PARAMS: dict[str, dict[str, ParamValue]] = {**GOOD_PARAMS, "reportSend": {"sendID": "1"}}


def ask(driver: AccountDriver, action: str, **changes: ParamValue) -> Any:
    return driver.post({"action": action, **PARAMS[action], **changes})


@pytest.mark.rule("W9", "W11", "S1", "P1", "O1", "N1", "R1")
@pytest.mark.parametrize(("action", "name", "code", "rule"), REQUIRED)
def test_a_required_parameter_is_missed_under_any_other_name_or_with_no_value(
    action: str, name: str, code: str, rule: str
) -> None:
    driver = AccountDriver()
    for absent in ABSENT:
        assert (ask(driver, action, **{name: absent})["result"], driver.rule) == (code, rule), absent
    others = {key: value for key, value in PARAMS[action].items() if key != name}
    assert (driver.post({"action": action, **others})["result"], driver.rule) == (code, rule)
    renamed = {**others, name.swapcase(): PARAMS[action][name]}
    assert (driver.post({"action": action, **renamed})["result"], driver.rule) == (code, rule)


@pytest.mark.rule("W9", "W11", "S12", "P9", "O9", "B1")
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("send", "trySend"),
        ("send", "type"),
        ("send", "phoneBook"),
        ("sendServices", "trySend"),
        ("sendOTP", "type"),
    ],
)
def test_an_optional_parameter_may_be_absent(action: str, name: str) -> None:
    driver = AccountDriver()
    for value in ABSENT:
        assert (ask(driver, action, **{name: value})["result"], driver.rule) == ("1", ACCEPTED[action]), value
    assert ask(driver, action, **{name.swapcase(): "99"})["result"] == "1"


@pytest.mark.rule("W9")
@pytest.mark.parametrize(
    ("action", "name", "code", "rule"),
    [
        ("send", "from", "106", "S6"),
        ("send", "text", "107", "S7"),
        ("send", "receivers", "105", "S5"),
        ("send", "trySend", "0", "S1"),
        ("send", "type", "103", "S2"),
        ("sendServices", "from", "603", "P2"),
        ("sendServices", "textCode", "605", "P5"),
        ("sendServices", "receivers", "604", "P3"),
        ("sendServices", "trySend", "0", "P1"),
        ("sendOTP", "appID", "151", "O4"),
        ("sendOTP", "code", "153", "O6"),
        ("sendOTP", "receivers", "105", "O3"),
        ("sendOTP", "type", "103", "O2"),
        ("newContact", "cNumber", "803", "N3"),
    ],
)
def test_a_value_of_blanks_is_a_value(action: str, name: str, code: str, rule: str) -> None:
    driver = AccountDriver()
    assert (ask(driver, action, **{name: "   "})["result"], driver.rule) == (code, rule)


@pytest.mark.rule("W9", "P6")
@pytest.mark.parametrize("item", ["", None], ids=repr)
def test_an_empty_item_of_an_array_is_an_item(item: str | None) -> None:
    driver = AccountDriver(patterns=[{"code": 7, "text": "hello", "approved": True, "bulk": False}])
    reply = ask(driver, "sendServices", textCode=7, textData=[item])
    assert (reply["result"], driver.rule) == ("606", "P6")


@pytest.mark.rule("W15", "B3")
@pytest.mark.parametrize(
    ("action", "name", "member", "code"),
    [
        ("send", "trySend", "result", "0"),
        ("send", "type", "result", "103"),
        ("send", "phoneBook", "phoneBook", "-2"),
        ("sendServices", "trySend", "result", "0"),
        ("sendServices", "textCode", "result", "605"),
        ("sendOTP", "type", "result", "103"),
        ("newContact", "phoneId", "result", "801"),
    ],
)
def test_a_number_is_read_only_as_ascii_digits(action: str, name: str, member: str, code: str) -> None:
    driver = AccountDriver(
        send_types=[1, 2, 3, 4],
        patterns=[{"code": code, "text": "a {code}"} for code in (2, 1001)],
        phonebooks=[{"id": number, "name": "x"} for number in (2, 1403)],
    )
    assert ask(driver, action, **{name: "02"})[member] == "1"
    for writing in ("+2", " 2", "2.0", "2e0", "۲", "２", "two"):
        assert ask(driver, action, **{name: writing})[member] == code, writing
    for huge in ("9" * 5000, "-" + "9" * 5000):
        wrong = "802" if name == "phoneId" else code
        assert ask(driver, action, **{name: huge})[member] == wrong


@pytest.mark.rule("W8", "R2", "N4")
def test_a_json_number_may_stand_for_any_parameter() -> None:
    driver = AccountDriver()
    assert ask(driver, "newContact", phoneId=1403, cNumber=9121234567)["result"] == "1"
    send_id = int(driver.send()["sendID"])
    assert driver.ask("reportSend", sendID=send_id)["result"] == "1"


@pytest.mark.rule("W11", "A6")
def test_the_name_of_the_action_parameter_is_case_sensitive() -> None:
    driver = AccountDriver()
    assert (driver.post({"Action": "status"})["result"], driver.rule) == ("0", "A6")


KNOWN = {name for params in PARAMS.values() for name in params} | {
    "action",
    "key",
    "trySend",
    "type",
    "cFields",
}


@pytest.mark.rule("W11")
@examples(30)
@given(
    action=st.sampled_from(sorted(GOOD_PARAMS)),
    extra=st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda name: name not in KNOWN),
        st.text(max_size=8)
        | st.sampled_from([None, True, False])
        | st.lists(st.text(max_size=3), max_size=2),
        max_size=4,
    ),
)
def test_parameters_that_the_action_does_not_know_change_nothing(
    action: str, extra: dict[str, ParamValue]
) -> None:
    plain, other = AccountDriver(), AccountDriver()
    assert ask(other, action, **extra) == ask(plain, action)
    assert (other.rule, other.state()) == (plain.rule, plain.state())
