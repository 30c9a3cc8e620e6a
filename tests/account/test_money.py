"""Credit, costs and refunds (M2 to M6)."""

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from fakeserver.account.ledger import Ledger
from fakeserver.spec.units import Rials
from tests.driver import AccountDriver
from tests.examples import examples
from tests.model.account import measure

MILLION = 1_000_000
RETURNED, CANCELLED = "9120000002", "9120000015"


@pytest.mark.rule("M2")
@pytest.mark.parametrize(
    ("text", "cost"),
    [("hello", 2000), ("a" * 161, 4000), ("سلام", 1000), ("س" * 71, 2000), ("س" * 135, 3000)],
    ids=range(5),
)
def test_a_part_costs_2000_rials_in_latin_and_1000_in_unicode_for_each_receiver(text: str, cost: int) -> None:
    driver = AccountDriver()
    driver.send(text=text)
    assert driver.credit() == MILLION - cost
    driver.send("9121111111,9121111112,9121111113", text)
    assert driver.credit() == MILLION - 4 * cost


@pytest.mark.rule("M2")
@examples(30)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip),
    receivers=st.lists(st.from_regex(r"9[1-9][0-9]{8}", fullmatch=True), min_size=1, max_size=5),
    latin=st.integers(1, 10_000),
    unicode=st.integers(1, 10_000),
)
def test_a_message_costs_parts_times_price_times_receivers(
    text: str, receivers: list[str], latin: int, unicode: int
) -> None:
    prices = {"latin": latin, "unicode": unicode}
    driver = AccountDriver(prices=prices, max_parts=100, credit=10**12, reserved_receivers=False)
    assert driver.send(",".join(receivers), text)["result"] == "1"
    alphabet, parts = measure(text)
    assert 10**12 - driver.credit() == parts * prices[alphabet] * len(set(receivers))


@pytest.mark.rule("M2")
def test_a_changed_price_concerns_later_messages_only() -> None:
    driver = AccountDriver()
    driver.send(RETURNED)
    driver.change(prices={"latin": 7, "unicode": 5})
    driver.send()
    assert driver.credit() == MILLION - 1000 - 5
    driver.advance(100)
    assert driver.credit() == MILLION - 5


@pytest.mark.rule("M3", "M6", "S9", "S12")
@pytest.mark.parametrize(("receivers", "parts"), [(1, 1), (1, 10), (3, 4)])
def test_a_message_may_use_the_credit_up_to_the_last_rial(receivers: int, parts: int) -> None:
    cost = receivers * parts * 1000
    numbers = ",".join(f"912111111{n}" for n in range(receivers))
    driver = AccountDriver(credit=cost - 1)
    assert driver.send(numbers, "س" * 67 * parts)["result"] == "109"
    assert (driver.rule, driver.credit(), driver.account.sends.accepted) == ("S9", cost - 1, 0)
    driver.change(credit=cost)
    assert driver.send(numbers, "س" * 67 * parts)["result"] == "1"
    assert driver.credit() == 0


@pytest.mark.rule("M4")
def test_a_returned_receiver_is_refunded_when_it_is_returned_and_once() -> None:
    driver = AccountDriver()
    send_id = driver.send(f"9121111111,{RETURNED},9121111112", "s" * 161)["sendID"]
    driver.advance(4.999)
    assert driver.credit() == MILLION - 3 * 4000
    driver.advance(0.001)
    assert driver.pairs(send_id)[1] == (4, 2)
    assert driver.credit() == MILLION - 2 * 4000
    driver.advance(100_000)
    assert driver.credit() == MILLION - 2 * 4000


@pytest.mark.rule("M5", "Z8")
@pytest.mark.parametrize(
    "request_of", [AccountDriver.send, AccountDriver.send_services, AccountDriver.send_otp]
)
def test_a_cancelled_receiver_is_refunded_when_it_is_cancelled(
    request_of: Callable[[AccountDriver, str], dict[str, str]],
) -> None:
    driver = AccountDriver()
    send_id = request_of(driver, CANCELLED)["sendID"]
    driver.advance(0.999)
    assert driver.credit() == MILLION - 1000
    driver.advance(0.001)
    assert (driver.pair(send_id), driver.credit()) == ((5, -2), MILLION)


@pytest.mark.rule("M4", "M5")
def test_no_other_outcome_is_refunded() -> None:
    driver = AccountDriver()
    digits = (0, 1, 3, 4, 5, 6, 7, 10, 11, 13)
    driver.send(",".join([f"9120000{n:03}" for n in digits] + ["9121111111"]))
    driver.advance(100_000)
    assert driver.credit() == MILLION - 11 * 1000


@pytest.mark.rule("M4", "M6")
@pytest.mark.parametrize(
    "request_of", [AccountDriver.send, AccountDriver.send_services, AccountDriver.send_otp]
)
def test_a_refund_can_be_spent(request_of: Callable[[AccountDriver], dict[str, str]]) -> None:
    driver = AccountDriver(credit=1000)
    driver.send(CANCELLED)
    assert request_of(driver)["result"] in ("109", "608")
    driver.advance(1)
    assert request_of(driver)["result"] == "1"
    assert driver.credit() == 0


@pytest.mark.rule("M4", "M6")
def test_a_refund_counts_as_refunded_when_it_is_due() -> None:
    driver = AccountDriver()
    driver.send(CANCELLED)
    driver.advance(0.999)
    assert driver.account.money(driver.now_ms).refunded == 0
    driver.advance(0.001)
    assert driver.account.money(driver.now_ms).refunded == 1000


@pytest.mark.rule("M6")
def test_setting_the_credit_keeps_what_was_charged_and_refunded() -> None:
    driver = AccountDriver(credit=5000)
    driver.send()
    driver.change(credit=300)
    ledger = driver.account.money(driver.now_ms)
    assert (driver.credit(), ledger.granted, ledger.charged, ledger.refunded) == (300, 1300, 1000, 0)


@pytest.mark.rule("M6")
def test_a_refund_that_is_due_is_booked_before_the_credit_is_set() -> None:
    driver = AccountDriver()
    driver.send(CANCELLED)
    driver.advance(10)
    driver.change(credit=0)
    assert driver.credit() == 0


@pytest.mark.rule("M6")
def test_the_ledger_refuses_to_go_below_zero() -> None:
    ledger = Ledger(granted=5)
    with pytest.raises(ValueError, match=r"^6 rials charged to a credit of 5$"):
        ledger.charge(Rials(6))
    ledger.charge(Rials(5))
    assert (ledger.credit, ledger.charged) == (0, 5)
    ledger.refund(Rials(2))
    ledger.refund(Rials(1))
    assert (ledger.credit, ledger.refunded) == (3, 3)
