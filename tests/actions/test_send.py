"""`send` (S): the limits of each rule."""

import pytest

from tests.driver import AccountDriver, ParamValue


@pytest.mark.rule("S12")
def test_a_send_is_accepted_with_an_id() -> None:
    driver = AccountDriver()
    reply = driver.send()
    assert reply == {"result": "1", "sendID": "1000000001"}
    assert driver.pair(reply["sendID"]) == (0, -1)


@pytest.mark.rule("S12")
def test_ids_count_on_over_all_actions_that_send() -> None:
    driver = AccountDriver()
    replies = [driver.send(), driver.send_services(), driver.send_otp(), driver.send()]
    assert [reply["sendID"] for reply in replies] == [f"100000000{n}" for n in (1, 2, 3, 4)]


@pytest.mark.rule("S1", "S12")
def test_try_send_may_be_any_whole_number_from_0_to_10() -> None:
    driver = AccountDriver()
    assert {driver.send(trySend=number)["result"] for number in range(11)} == {"1"}
    for bad in (-2, -1, 11, 100, "1.5", "ten", "99999999999999999999"):
        assert (driver.send(trySend=bad)["result"], driver.rule) == ("0", "S1"), bad


@pytest.mark.rule("S2")
@pytest.mark.parametrize("bad", [0, 5, -1, 11, "one", "1.0", "1,2"])
def test_an_unknown_type_is_refused(bad: ParamValue) -> None:
    driver = AccountDriver(send_types=[1, 2, 3, 4])
    assert (driver.send(type=bad)["result"], driver.rule) == ("103", "S2")


@pytest.mark.rule("S2", "S3", "S12")
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_a_known_type_is_accepted_if_the_account_may_use_it(kind: int) -> None:
    driver = AccountDriver(send_types=[kind])
    assert driver.send(type=kind)["result"] == "1"
    for other in {1, 2, 3, 4} - {kind}:
        assert (driver.send(type=other)["result"], driver.rule) == ("104", "S3")


@pytest.mark.rule("S2", "S3")
def test_an_absent_type_means_type_1_which_is_allowed_by_default() -> None:
    assert AccountDriver().send()["result"] == "1"
    assert AccountDriver().send(type=2)["result"] == "104"
    assert AccountDriver(send_types=[2, 3, 4]).send()["result"] == "104"


@pytest.mark.rule("S4")
def test_unverified_sending_refuses_send_only() -> None:
    driver = AccountDriver(sending_verified=False)
    assert driver.send()["result"] == "114"
    assert driver.send_services()["result"] == "1"
    assert driver.send_otp()["result"] == "1"


@pytest.mark.rule("S5")
@pytest.mark.parametrize("receivers", ["abc", "9121111111,abc", "abc,9121111111", "9121111111,98", ",", " "])
def test_one_bad_receiver_refuses_the_whole_request(receivers: str) -> None:
    driver = AccountDriver()
    assert (driver.send(receivers)["result"], driver.rule, driver.credit()) == ("105", "S5", 1_000_000)


@pytest.mark.rule("S5", "S12")
def test_with_bad_receivers_skip_the_others_are_sent_to_and_charged() -> None:
    driver = AccountDriver(bad_receivers="skip")
    reply = driver.send("abc,9121111111,912,09121111112,9121111111,۹۱۲۱۱۱۱۱۱۳")
    assert driver.numbers(reply["sendID"]) == ["9121111111", "9121111112"]
    assert driver.credit() == 998_000
    for receivers in ("abc", "abc,912", " , "):
        assert (driver.send(receivers)["result"], driver.rule) == ("105", "S5")


@pytest.mark.rule("S6", "S12")
@pytest.mark.parametrize("line", ["30001403", "9830001403", "auto"])
def test_a_send_may_come_from_an_ordinary_line_or_the_smart_sender(line: str) -> None:
    assert AccountDriver().send(from_=line)["result"] == "1"


@pytest.mark.rule("S6")
@pytest.mark.parametrize(
    "line", ["90001403", "9890001403", "30001404", "3000140", "300014033", "989830001403", "3000 1403", "x"]
)
def test_a_send_from_anything_else_is_refused(line: str) -> None:
    driver = AccountDriver()
    assert (driver.send(from_=line)["result"], driver.rule) == ("106", "S6")


@pytest.mark.rule("S6")
def test_a_line_needs_the_right_to_send_ordinary_messages() -> None:
    lines = [
        {"number": "1", "ordinary": False, "service": False},
        {"number": "2", "ordinary": True, "service": True},
    ]
    driver = AccountDriver(lines=lines)
    assert [driver.send(from_=line)["result"] for line in ("1", "2", "30001403")] == ["106", "1", "106"]


@pytest.mark.rule("S6")
def test_a_line_may_begin_with_the_country_code() -> None:
    driver = AccountDriver(lines=[{"number": "9830001403", "ordinary": True, "service": False}])
    lines = ("9830001403", "30001403", "989830001403")
    assert [driver.send(from_=line)["result"] for line in lines] == ["1", "106", "1"]


@pytest.mark.rule("S6")
def test_without_the_smart_sender_auto_is_refused_and_a_line_is_not() -> None:
    driver = AccountDriver(smart_sender=False)
    assert (driver.send(from_="auto")["result"], driver.rule) == ("106", "S6")
    assert driver.send()["result"] == "1"


@pytest.mark.rule("S7")
@pytest.mark.parametrize("text", [" ", "\n", "\t", " \r\n ", "\0", "سلام\0", "\0سلام"], ids=repr)
def test_a_blank_text_or_one_with_a_nul_is_refused(text: str) -> None:
    driver = AccountDriver()
    assert (driver.send(text=text)["result"], driver.rule) == ("107", "S7")


@pytest.mark.rule("S7", "S12", "M1")
@pytest.mark.parametrize(
    ("settings", "fits"),
    [
        ({}, "a" * 1530),
        ({"max_parts": 1}, "س" * 70),
        ({"max_parts": 2}, "a" * 152 + "€" + "a" * 151),
        ({"max_parts": 1}, "😀" * 35),
    ],
    ids=range(4),
)
def test_a_text_may_fill_the_allowed_parts_and_not_one_unit_more(settings: dict[str, int], fits: str) -> None:
    driver = AccountDriver(**settings)
    assert driver.send(text=fits)["result"] == "1"
    assert (driver.send(text=fits + fits[-1])["result"], driver.rule) == ("107", "S7")


@pytest.mark.rule("S8", "M7")
def test_billing_out_of_order_is_refused_before_missing_credit() -> None:
    driver = AccountDriver(billing_ok=False, credit=0)
    assert (driver.send()["result"], driver.rule) == ("108", "S8")
