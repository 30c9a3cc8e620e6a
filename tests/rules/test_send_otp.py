"""`sendOTP` (PROTOCOL.md, section 8): each row of its table, and the edges of each."""

import pytest

from tests.driver import Given, World
from tests.rules import ways
from tests.rules.ways import Way, assert_refused, no_trace

MILLION = 1_000_000


@pytest.mark.parametrize("way", ways.cases(ways.SEND_OTP))
def test_each_refusal_has_its_code_and_leaves_no_trace(way: Way) -> None:
    world = World()
    with no_trace(world):
        assert_refused(world, ways.ask(world, "sendOTP", way), way.code, way.rule)


@pytest.mark.rule("O9")
def test_a_one_time_code_in_order_is_accepted_with_an_id() -> None:
    world = World()
    reply = world.send_otp()
    assert (reply["result"], world.rule) == ("1", "O9")
    assert reply["sendID"].isdecimal()
    assert world.pair(reply["sendID"]) == (1, -1)


@pytest.mark.rule("O9")
def test_a_one_time_code_skips_manual_monitoring() -> None:
    world = World(monitoring="manual")
    send_id = world.send_otp()["sendID"]
    assert world.pair(send_id) == (1, -1)
    world.advance(10)
    assert world.pair(send_id) == (2, 3)


@pytest.mark.rule("O2", "O9")
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_each_known_type_is_accepted_where_the_account_may_use_it(kind: int) -> None:
    world = World(send_types=[kind])
    assert world.send_otp(type=kind)["result"] == "1"
    for other in {1, 2, 3, 4} - {kind}:
        assert world.send_otp(type=other)["result"] == "104"
        assert world.rule == "O2"


@pytest.mark.rule("O2")
@pytest.mark.parametrize("bad", [0, 5, -1, "one", "1.0", "  ", "۱"])
def test_a_type_that_is_not_known_is_refused(bad: Given) -> None:
    world = World(send_types=[1, 2, 3, 4])
    assert world.send_otp(type=bad)["result"] == "103"
    assert world.rule == "O2"


@pytest.mark.rule("O2")
def test_an_absent_type_means_type_1() -> None:
    assert World(send_types=[1]).send_otp()["result"] == "1"
    assert World(send_types=[2]).send_otp()["result"] == "104"


@pytest.mark.rule("O3", "F2")
@pytest.mark.parametrize("prefix", ["", "0", "98", "0098", "+98"])
def test_receivers_are_read_as_those_of_send(prefix: str) -> None:
    world = World()
    reply = world.send_otp(f" {prefix}9121111111 ,")
    report = world.ask("reportSend", sendID=reply["sendID"])
    assert [one["number"] for one in report["data"]["receivers"]] == ["9121111111"]


@pytest.mark.rule("O3")
@pytest.mark.parametrize("receivers", ["abc", "9121111111,abc", "۹۱۲۱۱۱۱۱۱۱", ",", " "])
def test_a_bad_receiver_refuses_the_whole_request(receivers: str) -> None:
    world = World()
    assert world.send_otp(receivers)["result"] == "105"
    assert world.rule == "O3"


@pytest.mark.rule("O3")
def test_with_bad_receivers_skip_the_rest_is_sent_to() -> None:
    world = World(bad_receivers="skip")
    assert world.send_otp("abc,9121111111,9121111112")["result"] == "1"
    assert world.credit() == MILLION - 2 * 1000
    assert world.send_otp("abc")["result"] == "105"


@pytest.mark.rule("O4")
@pytest.mark.parametrize("app", ["nobody", "test-ap", "test-app-of", "  ", "0"])
def test_an_application_that_the_account_does_not_have_is_refused(app: str) -> None:
    world = World()
    assert world.send_otp(appID=app)["result"] == "151"
    assert world.rule == "O4"


@pytest.mark.rule("O5")
def test_an_application_is_refused_until_it_is_switched_on() -> None:
    app = {"id": "mine", "template": "{code}", "enabled": False}
    world = World(otp_apps=[app])
    assert world.send_otp(appID="mine")["result"] == "152"
    assert world.rule == "O5"
    world.change(otp_apps=[{**app, "enabled": True}])
    assert world.send_otp(appID="mine")["result"] == "1"


@pytest.mark.rule("O6")
@pytest.mark.parametrize(
    "code",
    [
        "12-34",
        "12 34",
        " 1234",
        "1234 ",
        "  ",
        "12.34",
        "+1234",
        "1234!",
        "a_b",
        "۱۲۳۴",
        "١٢٣٤",
        "کد",
        "é12",
        "½½",
        "１２",
    ],
)
def test_a_code_of_other_than_ascii_letters_and_digits_is_refused(code: str) -> None:
    world = World()
    assert world.send_otp(code=code)["result"] == "153"
    assert world.rule == "O6"


@pytest.mark.rule("O6", "O7", "O9")
@pytest.mark.parametrize(
    "code", ["12", "ab", "AZ", "a1B2", "000000", "123456789012", "abcdefghijkl", "Zz09AaMm55Qq"]
)
def test_a_code_of_2_to_12_ascii_letters_and_digits_is_accepted(code: str) -> None:
    world = World()
    assert world.send_otp(code=code)["result"] == "1"
    assert world.rule == "O9"


@pytest.mark.rule("O7")
@pytest.mark.parametrize("code", ["1", "a", "0", "1234567890123", "abcdefghijklm", "1" * 100])
def test_a_shorter_or_longer_code_is_refused(code: str) -> None:
    world = World()
    assert world.send_otp(code=code)["result"] == "154"
    assert world.rule == "O7"


@pytest.mark.rule("O8", "M7")
def test_billing_out_of_order_refuses_even_an_account_without_credit() -> None:
    world = World(billing_ok=False, credit=0)
    assert world.send_otp()["result"] == "108"
    assert world.rule == "O8"


@pytest.mark.rule("O8")
@pytest.mark.parametrize(
    ("template", "cost"),
    [
        ("Code: {code}", 2000),
        ("کد: {code}", 1000),
        ("a" * 155 + "{code}", 2000),
        ("a" * 156 + "{code}", 4000),
    ],
    ids=range(4),
)
def test_the_cost_is_that_of_the_template_with_the_code_filled_in(template: str, cost: int) -> None:
    apps = [{"id": "test-app", "template": template, "enabled": True}]
    rich, poor = World(otp_apps=apps, credit=cost), World(otp_apps=apps, credit=cost - 1)
    assert rich.send_otp()["result"] == "1"
    assert rich.credit() == 0
    assert poor.send_otp()["result"] == "109"
    assert (poor.rule, poor.credit()) == ("O8", cost - 1)


@pytest.mark.rule("O1", "O9")
def test_the_names_of_action_and_parameters_are_settings() -> None:
    world = World(otp_names={"action": "otp", "app": "accessKey", "code": "token"})
    reply = world.ask("otp", accessKey="test-app", token="12345", receivers="9121111111")
    assert (reply["result"], world.rule) == ("1", "O9")
    reply = world.ask("otp", appID="test-app", code="12345", receivers="9121111111")
    assert (reply["result"], world.rule) == ("0", "O1")


@pytest.mark.rule("O9", "W11")
@pytest.mark.parametrize("extra", ["trySend", "from", "text"])
def test_parameters_of_the_other_sending_actions_are_ignored(extra: str) -> None:
    world = World()
    reply = world.post({"action": "sendOTP", **ways.GOOD["sendOTP"], extra: "99"})
    assert (reply["result"], world.rule) == ("1", "O9")
