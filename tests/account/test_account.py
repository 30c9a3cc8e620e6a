"""Inbound messages, settings, snapshots and kept messages of an account."""

import pytest

from fakeserver.account.account import SNAPSHOTS_MAX, TooManySnapshots
from fakeserver.account.clock import Clock
from fakeserver.account.inbound import KEPT_MAX
from fakeserver.account.message import Message
from fakeserver.notation.message_parts import measure
from fakeserver.spec.units import AccountMs, RealMs
from tests.driver import REAL_MS, AccountDriver

ONE, TWO = "9121111111", "9122222222"
FIRST_LINE = {"number": "30001403", "ordinary": True, "service": False}
OTHER_LINE = {"number": "30001404", "ordinary": True, "service": False}


# Inbound messages


@pytest.mark.rule("I3")
def test_a_message_arrives_at_the_first_line_or_at_a_named_one() -> None:
    driver = AccountDriver(lines=[FIRST_LINE, OTHER_LINE])
    for to in (None, "30001404", "9830001404"):
        driver.deliver(f" 0{ONE} ", "متن", to)
    messages = driver.account.inbound.messages
    assert [(message.id, message.number, message.to) for message in messages] == [
        (1, ONE, "30001403"),
        (2, ONE, "30001404"),
        (3, ONE, "30001404"),
    ]
    assert {(message.text, message.at_ms) for message in messages} == {("متن", driver.now_ms)}
    returned = driver.account.deliver("Bank", "x", AccountMs(5), None)
    assert (returned.number, returned.at_ms, returned is messages[-1]) == ("Bank", 5, True)


@pytest.mark.rule("I3")
def test_a_message_to_a_line_that_does_not_exist_is_refused() -> None:
    driver = AccountDriver()
    with pytest.raises(ValueError, match=r"^the account has no line '30009999'$"):
        driver.deliver(ONE, "لغو11", "30009999")
    assert (driver.account.inbound.messages, driver.account.blacklist) == ([], set())
    with pytest.raises(ValueError, match=r"^the account has no line$"):
        AccountDriver(lines=[]).deliver(ONE, "x")


@pytest.mark.rule("I4")
def test_the_newest_ten_thousand_messages_are_kept_and_the_others_counted() -> None:
    driver = AccountDriver()
    inbound = driver.account.inbound
    for n in range(KEPT_MAX):
        driver.deliver(ONE, str(n))
    assert (len(inbound.messages), inbound.dropped, inbound.messages[0].id) == (KEPT_MAX, 0, 1)
    driver.deliver(ONE, "more")
    driver.deliver(ONE, "and more")
    assert (len(inbound.messages), inbound.dropped, inbound.messages[0].id) == (KEPT_MAX, 2, 3)
    assert inbound.messages[-1].id == KEPT_MAX + 2


# Settings


@pytest.mark.rule("L8")
def test_a_change_replaces_only_what_it_names() -> None:
    driver = AccountDriver(blacklist=[ONE], credit=5000)
    driver.send()
    driver.ask("newContact", phoneId="1403", cNumber=ONE)
    driver.deliver(TWO, "لغو11")
    driver.change(sending_verified=True)
    assert driver.credit() == 4000
    assert driver.account.blacklist == {ONE, TWO}
    assert set(driver.account.phonebooks[1403].contacts) == {ONE}
    driver.change(blacklist=[ONE])
    assert driver.account.blacklist == {ONE}
    driver.change(phonebooks=[{"id": 7, "name": "x", "contacts": [{"number": f"0{TWO}"}]}])
    assert {number: set(book.contacts) for number, book in driver.account.phonebooks.items()} == {7: {TWO}}


def test_a_clock_that_becomes_real_runs_on_from_where_it_stood() -> None:
    driver = AccountDriver()
    stood = driver.now_ms
    driver.real_ms = RealMs(driver.real_ms + 50)
    driver.change(clock="real")
    driver.real_ms = RealMs(driver.real_ms + 7)
    assert driver.now_ms == stood + 7
    driver.change(billing_ok=True)
    driver.change(clock="frozen")
    driver.real_ms = RealMs(driver.real_ms + 7)
    assert driver.now_ms == stood + 7


# Snapshots


def test_a_snapshot_restores_everything_any_number_of_times() -> None:
    driver = AccountDriver()
    send_id = driver.send()["sendID"]
    driver.account.keep_snapshot("kept", driver.real_ms)
    for _ in range(2):
        driver.send()
        driver.deliver(ONE, "لغو11")
        driver.advance(60)
        driver.account.restore_snapshot("kept", driver.real_ms)
        assert driver.credit() == 999_000
        assert driver.pair(send_id) == (0, -1)
        assert (driver.account.inbound.messages, driver.account.blacklist) == ([], set())
        assert driver.account.sends.accepted == 1


def test_the_number_of_snapshots_is_limited() -> None:
    account = AccountDriver().account
    for number in range(SNAPSHOTS_MAX):
        account.keep_snapshot(str(number), REAL_MS)
    account.keep_snapshot("0", REAL_MS)
    with pytest.raises(TooManySnapshots, match=r"^the account has 20 snapshots"):
        account.keep_snapshot("one more", REAL_MS)
    assert len(account.snapshots) == SNAPSHOTS_MAX


def test_a_running_clock_runs_on_from_the_time_of_the_snapshot() -> None:
    driver = AccountDriver(clock="real")
    clock = driver.account.clock
    driver.account.keep_snapshot("kept", RealMs(REAL_MS + 100))
    assert driver.account.clock is clock
    assert clock == Clock(frozen=False, at_ms=AccountMs(REAL_MS), anchor_ms=REAL_MS)
    driver.account.restore_snapshot("kept", RealMs(REAL_MS + 1000))
    assert driver.account.clock.now_ms(RealMs(REAL_MS + 1000)) == REAL_MS + 100
    assert driver.account.clock.now_ms(RealMs(REAL_MS + 1003)) == REAL_MS + 103


# Messages


def newest(driver: AccountDriver) -> Message:
    send = driver.account.sends.newest()
    assert send is not None
    return send.message


@pytest.mark.rule("S6", "M2")
def test_a_message_keeps_the_values_of_its_request() -> None:
    driver = AccountDriver()
    driver.send(f"0{ONE},{TWO}", "hello", from_="9830001403", trySend=2)
    message = newest(driver)
    assert (message.action, message.sender, message.text) == ("send", "30001403", "hello")
    assert (message.receivers, message.size) == ((ONE, TWO), measure("hello"))
    assert (message.cost, message.total, message.retries, message.code) == (2000, 4000, 2, "")
    driver.send_services(from_="9890001403", trySend=3)
    message = newest(driver)
    assert (message.action, message.sender, message.retries) == ("sendServices", "90001403", 3)
    driver.send_otp()
    message = newest(driver)
    assert (message.action, message.sender, message.retries) == ("sendOTP", "auto", 0)
    assert message.code == "12345"


@pytest.mark.rule("O9")
def test_the_code_of_a_one_time_code_is_the_one_of_its_request() -> None:
    driver = AccountDriver(otp_apps=[{"id": "test-app", "template": "1403: {code}", "enabled": True}])
    driver.send_otp(code="Ab1")
    assert (newest(driver).text, newest(driver).codes) == ("1403: Ab1", ["Ab1"])
    driver.send(text="کد: ۱۲۳۴۵")
    assert newest(driver).codes == ["12345"]
