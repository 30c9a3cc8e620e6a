"""`sendOTP` (O): the limits of each rule."""

import pytest

from tests.driver import SEND_OTP_PARAMS, AccountDriver, ParamValue


@pytest.mark.rule("O9")
def test_a_one_time_code_is_accepted_with_an_id() -> None:
    driver = AccountDriver()
    reply = driver.send_otp()
    assert reply == {"result": "1", "sendID": "1000000001"}
    assert driver.pair(reply["sendID"]) == (1, -1)


@pytest.mark.rule("O2", "O9")
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_a_known_type_is_accepted_if_the_account_may_use_it(kind: int) -> None:
    driver = AccountDriver(send_types=[kind])
    assert driver.send_otp(type=kind)["result"] == "1"
    for other in {1, 2, 3, 4} - {kind}:
        assert (driver.send_otp(type=other)["result"], driver.rule) == ("104", "O2")


@pytest.mark.rule("O2")
def test_an_unknown_type_is_refused_and_an_absent_one_means_type_1() -> None:
    driver = AccountDriver(send_types=[2, 3, 4])
    for bad in (0, 5, -1, "one"):
        assert (driver.send_otp(type=bad)["result"], driver.rule) == ("103", "O2")
    assert driver.send_otp()["result"] == "104"
    driver.change(send_types=[1])
    assert driver.send_otp()["result"] == "1"


@pytest.mark.rule("O3", "F2", "F5")
def test_receivers_are_read_as_those_of_send() -> None:
    driver = AccountDriver()
    send_id = driver.send_otp(" +989121111111 ,9121111112")["sendID"]
    assert driver.numbers(send_id) == ["9121111111", "9121111112"]
    for receivers in ("abc", "9121111111,abc", "۹۱۲۱۱۱۱۱۱۱", ",", " "):
        assert (driver.send_otp(receivers)["result"], driver.rule) == ("105", "O3"), receivers


@pytest.mark.rule("O3")
def test_with_bad_receivers_skip_the_others_are_sent_to() -> None:
    driver = AccountDriver(bad_receivers="skip")
    assert driver.send_otp("abc,9121111111,9121111112")["result"] == "1"
    assert driver.credit() == 998_000
    assert driver.send_otp("abc")["result"] == "105"


@pytest.mark.rule("O4")
@pytest.mark.parametrize("app", ["nobody", "test-ap", "test-app-of", "0"])
def test_an_unknown_application_is_refused(app: str) -> None:
    driver = AccountDriver()
    assert (driver.send_otp(appID=app)["result"], driver.rule) == ("151", "O4")


@pytest.mark.rule("O5")
def test_an_application_is_refused_until_it_is_switched_on() -> None:
    app = {"id": "mine", "template": "{code}", "enabled": False}
    driver = AccountDriver(otp_apps=[app])
    assert (driver.send_otp(appID="mine")["result"], driver.rule) == ("152", "O5")
    driver.change(otp_apps=[{**app, "enabled": True}])
    assert driver.send_otp(appID="mine")["result"] == "1"


@pytest.mark.rule("O6", "O7", "O9")
@pytest.mark.parametrize("code", ["12", "ab", "AZ", "a1B2", "000000", "123456789012", "Zz09AaMm55Qq"])
def test_a_code_has_2_to_12_ascii_letters_and_digits(code: str) -> None:
    assert AccountDriver().send_otp(code=code)["result"] == "1"


@pytest.mark.rule("O6")
@pytest.mark.parametrize(
    "code",
    [
        "12-34",
        "12 34",
        " 1234",
        "1234 ",
        "12.34",
        "+1234",
        "1234!",
        "a_b",
        "۱۲۳۴",
        "١٢٣٤",
        "کد",
        "é12",
        "１２",
    ],
)
def test_a_code_with_other_characters_is_refused(code: str) -> None:
    driver = AccountDriver()
    assert (driver.send_otp(code=code)["result"], driver.rule) == ("153", "O6")


@pytest.mark.rule("O7")
@pytest.mark.parametrize("code", ["1", "a", "1234567890123", "1" * 100])
def test_a_shorter_or_longer_code_is_refused(code: str) -> None:
    driver = AccountDriver()
    assert (driver.send_otp(code=code)["result"], driver.rule) == ("154", "O7")


@pytest.mark.rule("O8", "M7")
def test_billing_out_of_order_is_refused_before_missing_credit() -> None:
    driver = AccountDriver(billing_ok=False, credit=0)
    assert (driver.send_otp()["result"], driver.rule) == ("108", "O8")


@pytest.mark.rule("O8", "M3")
@pytest.mark.parametrize(
    ("template", "cost"),
    [("کد: {code}", 1000), ("a" * 155 + "{code}", 2000), ("a" * 156 + "{code}", 4000)],
    ids=range(3),
)
def test_the_cost_is_that_of_the_template_with_the_code_filled_in(template: str, cost: int) -> None:
    apps = [{"id": "test-app", "template": template, "enabled": True}]
    driver = AccountDriver(otp_apps=apps, credit=cost - 1)
    assert driver.send_otp()["result"] == "109"
    assert (driver.rule, driver.credit()) == ("O8", cost - 1)
    driver.change(credit=cost)
    assert driver.send_otp()["result"] == "1"
    assert driver.credit() == 0


@pytest.mark.rule("O1", "O9", "A7")
def test_the_names_of_the_action_and_its_parameters_are_settings() -> None:
    driver = AccountDriver(otp_names={"action": "otp", "app": "accessKey", "code": "token"})
    reply = driver.ask("otp", accessKey="test-app", token="12345", receivers="9121111111")
    assert (reply["result"], driver.rule) == ("1", "O9")
    reply = driver.ask("otp", **SEND_OTP_PARAMS)
    assert (reply["result"], driver.rule) == ("0", "O1")
    reply = driver.ask("sendOTP", accessKey="test-app", token="12345", receivers="9121111111")
    assert (reply["result"], driver.rule) == ("100", "A7")


@pytest.mark.rule("O9", "W11")
def test_parameters_of_other_actions_are_ignored() -> None:
    others: dict[str, ParamValue] = {"trySend": "99", "from_": "1", "text": "x", "phoneBook": "1403"}
    reply = AccountDriver().ask("sendOTP", **SEND_OTP_PARAMS, **others)
    assert reply == {"result": "1", "sendID": "1000000001"}
