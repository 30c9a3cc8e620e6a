"""`sendServices` (P): the limits of each rule."""

import pytest

from tests.driver import AccountDriver, ParamValue

PLAIN = {"code": 7, "text": "hello", "approved": True, "bulk": False}
NAMED = {"code": 8, "text": "Dear {name}", "approved": True, "bulk": False}
BOTH: ParamValue = {"name": "محمد محمدی", "amount": "1.200.000 تومان"}


@pytest.mark.rule("P9")
def test_a_pattern_message_is_accepted_with_an_id() -> None:
    driver = AccountDriver()
    reply = driver.send_services()
    assert reply == {"result": "1", "sendID": "1000000001"}
    assert driver.pair(reply["sendID"]) == (1, -1)


@pytest.mark.rule("P1", "P9")
def test_try_send_may_be_any_whole_number_from_0_to_10() -> None:
    driver = AccountDriver()
    assert {driver.send_services(trySend=number)["result"] for number in range(11)} == {"1"}
    for bad in (-1, 11, "ten"):
        assert (driver.send_services(trySend=bad)["result"], driver.rule) == ("0", "P1"), bad


@pytest.mark.rule("P2", "P9")
@pytest.mark.parametrize("line", ["90001403", "9890001403", "auto"])
def test_a_pattern_message_may_come_from_a_service_line_or_the_smart_sender(line: str) -> None:
    assert AccountDriver().send_services(from_=line)["result"] == "1"


@pytest.mark.rule("P2")
@pytest.mark.parametrize("line", ["30001403", "9830001403", "90001404", "9000140", "x"])
def test_a_pattern_message_from_anything_else_is_refused(line: str) -> None:
    driver = AccountDriver()
    assert (driver.send_services(from_=line)["result"], driver.rule) == ("603", "P2")


@pytest.mark.rule("P2")
def test_a_line_needs_the_right_to_send_service_messages() -> None:
    lines = [
        {"number": "1", "ordinary": False, "service": False},
        {"number": "2", "ordinary": True, "service": True},
    ]
    driver = AccountDriver(lines=lines)
    assert [driver.send_services(from_=line)["result"] for line in ("1", "2")] == ["603", "1"]


@pytest.mark.rule("P2")
def test_auto_needs_the_smart_sender_but_no_service_line() -> None:
    ordinary = [{"number": "30001403", "ordinary": True, "service": False}]
    assert AccountDriver(smart_sender=False).send_services(from_="auto")["result"] == "603"
    assert AccountDriver(lines=ordinary).send_services(from_="auto")["result"] == "1"


@pytest.mark.rule("P3", "F2", "F5")
def test_receivers_are_read_as_those_of_send() -> None:
    driver = AccountDriver()
    send_id = driver.send_services(" +989121111111 ,09121111111")["sendID"]
    assert driver.numbers(send_id) == ["9121111111"]
    for receivers in ("abc", "9121111111,abc", "۹۱۲۱۱۱۱۱۱۱", ",", " "):
        assert (driver.send_services(receivers)["result"], driver.rule) == ("604", "P3"), receivers


@pytest.mark.rule("P3")
def test_with_bad_receivers_skip_the_others_are_sent_to() -> None:
    driver = AccountDriver(bad_receivers="skip")
    reply = driver.send_services("abc,9121111111,9121111112", textCode=1002, textData=BOTH)
    assert driver.numbers(reply["sendID"]) == ["9121111111", "9121111112"]
    assert driver.send_services("abc,912")["result"] == "604"


@pytest.mark.rule("P4", "F6")
def test_a_pattern_without_bulk_takes_one_receiver() -> None:
    driver = AccountDriver(patterns=[{"code": 7, "text": "hello"}])  # bulk is off by default
    assert driver.send_services(textCode=7, textData=None)["result"] == "1"
    assert driver.send_services("9121111111,09121111111", textCode=7, textData=None)["result"] == "1"
    two = driver.send_services("9121111111,9121111112", textCode=7, textData=None)
    assert (two["result"], driver.rule, driver.credit()) == ("609", "P4", 1_000_000 - 2 * 2000)


@pytest.mark.rule("P4", "P9")
def test_a_pattern_with_bulk_takes_several_receivers_and_charges_each() -> None:
    driver = AccountDriver()
    assert driver.send_services("9121111111,9121111112", textCode=1002, textData=BOTH)["result"] == "1"
    assert driver.credit() == 998_000


@pytest.mark.rule("P5")
@pytest.mark.parametrize("code", [9999, 0, -1001, 100, 10011, "1001,1002"])
def test_an_unknown_pattern_is_refused(code: ParamValue) -> None:
    driver = AccountDriver()
    assert (driver.send_services(textCode=code)["result"], driver.rule) == ("605", "P5")


@pytest.mark.rule("P5")
def test_a_pattern_is_refused_until_it_is_approved() -> None:
    driver = AccountDriver(patterns=[{**PLAIN, "approved": False}])
    assert driver.send_services(textCode=7, textData=None)["result"] == "605"
    driver.change(patterns=[PLAIN])
    assert driver.send_services(textCode=7, textData=None)["result"] == "1"


@pytest.mark.rule("P6", "P9")
@pytest.mark.parametrize(
    "data", [BOTH, {"{name}": "محمد", "{amount}": "1000"}, {"amount": "1", "{name}": "2"}, ["محمد", "1000"]]
)
def test_values_come_by_name_by_name_in_braces_or_by_position(data: ParamValue) -> None:
    driver = AccountDriver()
    assert (driver.send_services(textCode=1002, textData=data)["result"], driver.rule) == ("1", "P9")


@pytest.mark.rule("P6")
@pytest.mark.parametrize(
    "data",
    [
        *(None, "", {}, [], "محمد"),
        *({"name": "محمد"}, {"{name}": "محمد"}, ["محمد"], {"name": "محمد", "total": "1000"}),
        *({"name": "", "amount": "1000"}, {"name": "محمد", "amount": "\n"}, ["", "1000"], ["محمد", " "]),
        *(
            {"name": "محمد", "amount": None},
            {"name": "محمد", "amount": ["1000"]},
            ["محمد", None],
            ["محمد", []],
        ),
        *({"name": "محمد", "amount": "1", "more": ""}, ["محمد", "1000", "x"]),
    ],
    ids=repr,
)
def test_variables_that_do_not_match_the_pattern_are_refused(data: ParamValue) -> None:
    driver = AccountDriver()
    assert driver.send_services(textCode=1002, textData=data)["result"] == "606"
    assert (driver.rule, driver.credit()) == ("P6", 1_000_000)


@pytest.mark.rule("P6", "P9")
def test_a_pattern_without_variables_needs_no_values_and_takes_none() -> None:
    driver = AccountDriver(patterns=[PLAIN])
    nothing: list[ParamValue] = [None, "", {}, []]
    assert {driver.send_services(textCode=7, textData=data)["result"] for data in nothing} == {"1"}
    surplus: list[ParamValue] = [{"code": "1"}, ["1"]]
    assert {driver.send_services(textCode=7, textData=data)["result"] for data in surplus} == {"606"}


@pytest.mark.rule("P7", "M7")
def test_billing_out_of_order_is_refused_before_missing_credit() -> None:
    driver = AccountDriver(billing_ok=False, credit=0)
    assert (driver.send_services()["result"], driver.rule) == ("607", "P7")


@pytest.mark.rule("P8", "M3")
@pytest.mark.parametrize(
    ("name", "cost"),
    [("a" * 155, 2000), ("a" * 156, 4000), ("€" * 77, 2000), ("س" * 65, 1000), ("س" * 66, 2000)],
    ids=range(5),
)
def test_the_cost_is_that_of_the_text_with_its_variables_filled_in(name: str, cost: int) -> None:
    driver = AccountDriver(patterns=[NAMED], credit=cost - 1)
    values: list[ParamValue] = [{"name": name}, {"{name}": name}, [name]]
    for data in values:
        driver.change(credit=cost - 1)
        assert driver.send_services(textCode=8, textData=data)["result"] == "608"
        assert (driver.rule, driver.credit()) == ("P8", cost - 1)
        driver.change(credit=cost)
        assert driver.send_services(textCode=8, textData=data)["result"] == "1"
        assert driver.credit() == 0


@pytest.mark.rule("P9", "S2", "S3")
def test_the_type_and_the_accounts_send_types_are_ignored() -> None:
    driver = AccountDriver(send_types=[2])
    types: list[ParamValue] = [0, 1, 2, 5, "abc", "  "]
    assert {driver.send_services(type=kind)["result"] for kind in types} == {"1"}
