"""`credit` (C)."""

import pytest

from tests.driver import AccountDriver


@pytest.mark.rule("C1", "C2")
@pytest.mark.parametrize("rials", [0, 1, 1_000_000, 10**15])
def test_the_credit_is_a_decimal_string(rials: int) -> None:
    driver = AccountDriver(credit=rials)
    assert driver.ask("credit") == {"result": "1", "credit": str(rials)}
    assert driver.rule == "C1"


@pytest.mark.rule("C1", "M7")
def test_the_credit_can_be_read_even_if_billing_is_out_of_order() -> None:
    assert AccountDriver(billing_ok=False).ask("credit") == {"result": "1", "credit": "1000000"}
