"""`status` (T)."""

import pytest

from tests.driver import AccountDriver


@pytest.mark.rule("T1")
@pytest.mark.parametrize(
    "settings",
    [{}, {"credit": 0}, {"billing_ok": False}, {"sending_verified": False}, {"monitoring": "manual"}],
    ids=str,
)
def test_the_access_is_active_even_if_sending_is_refused(settings: dict[str, object]) -> None:
    driver = AccountDriver(**settings)
    assert driver.ask("status") == {"result": "1"}
    assert driver.rule == "T1"
