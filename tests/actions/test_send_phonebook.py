"""`phoneBook` on `send` (B): the receivers are stored while they are sent to."""

import pytest

from fakeserver.spec.codes import PHONE_BOOK
from tests.driver import AccountDriver, ParamValue

BOOK = 1403
OLD, NEW = "9350000001", "9350000002"


def book_with(*numbers: str) -> list[dict[str, object]]:
    return [{"id": BOOK, "name": "test", "contacts": [{"number": number} for number in numbers]}]


def stored(driver: AccountDriver, book: int = BOOK) -> list[str]:
    return list(driver.account.phonebooks[book].contacts)


@pytest.mark.rule("B1", "B6", "F6")
def test_an_accepted_send_stores_each_receiver_once() -> None:
    driver = AccountDriver()
    reply = driver.send(f"{NEW},0{NEW},{OLD}", phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], driver.rule) == ("1", "1", "S12")
    assert stored(driver) == [NEW, OLD]


@pytest.mark.rule("B1")
@pytest.mark.parametrize("phonebook", [BOOK, 9999, "abc"])
def test_a_refused_send_stores_nothing_and_answers_no_phonebook_code(phonebook: ParamValue) -> None:
    driver = AccountDriver(credit=0)
    assert driver.send(NEW, phoneBook=phonebook) == {"result": "109"}
    assert stored(driver) == []


@pytest.mark.rule("B1", "W9", "W11")
def test_without_the_parameter_and_for_other_actions_nothing_is_stored_or_answered() -> None:
    driver = AccountDriver()
    replies = [
        driver.send(NEW, phoneBook=""),
        driver.send_services(NEW, phoneBook=BOOK),
        driver.send_otp(NEW, phoneBook=BOOK),
    ]
    assert {frozenset(reply) for reply in replies} == {frozenset({"result", "sendID"})}
    assert stored(driver) == []


@pytest.mark.rule("B2", "B3", "B7")
@pytest.mark.parametrize("phonebook", [BOOK, 9999, "abc"])
def test_without_the_phonebook_service_the_message_goes_and_is_not_stored(phonebook: ParamValue) -> None:
    driver = AccountDriver(phonebook_enabled=False)
    reply = driver.send(NEW, phoneBook=phonebook)
    assert (reply["result"], reply["phoneBook"], driver.credit()) == ("1", "-1", 999_000)
    assert stored(driver) == []


@pytest.mark.rule("B3", "B7")
@pytest.mark.parametrize("bad", [9999, 0, -1, -1403, 140, 14033, "abc", "  ", "1403,1404"])
def test_with_an_unknown_phonebook_the_message_goes_and_is_not_stored(bad: ParamValue) -> None:
    driver = AccountDriver()
    reply = driver.send(NEW, phoneBook=bad)
    assert (reply["result"], reply["phoneBook"], driver.credit()) == ("1", "-2", 999_000)
    assert stored(driver) == []


@pytest.mark.rule("B3", "B4", "B5")
def test_an_unknown_phonebook_is_answered_before_the_receivers() -> None:
    driver = AccountDriver(bad_receivers="skip", phonebooks=book_with(OLD))
    assert driver.send(f"abc,{OLD}", phoneBook=9999)["phoneBook"] == "-2"
    driver.change(phonebooks=[])
    assert driver.send(phoneBook=BOOK)["phoneBook"] == "-2"


@pytest.mark.rule("B5", "B7")
def test_a_stored_number_is_sent_to_and_not_stored_again() -> None:
    driver = AccountDriver(phonebooks=[*book_with(OLD), {"id": 7, "name": "other", "contacts": []}])
    reply = driver.send(f"+98{OLD}", phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], driver.credit()) == ("1", "-3", 999_000)
    assert [driver.send(NEW, phoneBook=BOOK)["phoneBook"] for _ in range(2)] == ["1", "-3"]
    assert driver.send(OLD, phoneBook=7)["phoneBook"] == "1"
    assert (stored(driver), stored(driver, 7)) == ([OLD, NEW], [OLD])


@pytest.mark.rule("B4", "B5", "B8")
@pytest.mark.parametrize(
    ("receivers", "code"),
    [
        ((NEW, "9350000003"), "1"),
        ((OLD, NEW), "-3"),
        ((NEW, OLD), "-3"),
        ((NEW, "abc"), "-4"),
        (("abc", OLD, NEW), "-4"),
        ((OLD, "abc", NEW), "-3"),
        ((NEW, "abc", OLD), "-4"),
    ],
)
def test_the_first_receiver_that_is_not_added_gives_the_code(receivers: tuple[str, ...], code: str) -> None:
    driver = AccountDriver(bad_receivers="skip", phonebooks=book_with(OLD))
    assert driver.send(",".join(receivers), phoneBook=BOOK)["phoneBook"] == code
    assert set(stored(driver)) == {OLD, *receivers} - {"abc"}


@pytest.mark.rule("B2", "B3", "B4", "B5", "B7")
@pytest.mark.parametrize("code", [row.code for row in PHONE_BOOK if row.code != 1])
def test_a_fault_rule_answers_any_phonebook_error_and_stores_nothing(code: int) -> None:
    driver = AccountDriver()
    driver.add_fault({"phoneBook": str(code)})
    reply = driver.send(phoneBook=BOOK)
    assert (reply["result"], reply["phoneBook"], driver.credit()) == ("1", str(code), 999_000)
    assert stored(driver) == []
    assert driver.send(phoneBook=BOOK)["phoneBook"] == "1"
