"""The answer that a request would get: at the account's time, and without any change."""

from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import explain
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call
from tests.driver import REAL_MS, AccountDriver

CANCELLED_AFTER_A_SECOND = "9120000015"


def explained(driver: AccountDriver, real_ms: int, **params: str) -> dict[str, Any]:
    call = Call("POST", driver.key, Params(params), "127.0.0.1")
    return dict(explain(driver.account, call, RealMs(real_ms)).fields)


def test_a_report_is_explained_at_the_accounts_time() -> None:
    driver = AccountDriver(clock="real")
    send_id = driver.send()["sendID"]
    for after_ms, pair in ((0, (0, -1)), (1000, (1, -1)), (6000, (2, 3))):
        data = explained(driver, REAL_MS + after_ms, action="reportSend", sendID=send_id)["data"]
        (receiver,) = data["receivers"].objects()
        assert (receiver["processingStatus"], receiver["sendStatus"]) == pair


def test_the_explained_credit_includes_refunds_that_are_due() -> None:
    driver = AccountDriver(clock="real")
    driver.send(CANCELLED_AFTER_A_SECOND)
    assert explained(driver, REAL_MS + 999, action="credit") == {"credit": 999_000}
    assert explained(driver, REAL_MS + 1000, action="credit") == {"credit": 1_000_000}


def test_explaining_a_send_changes_nothing() -> None:
    driver = AccountDriver()
    params = {"action": "send", "from": "30001403", "text": "a", "receivers": "9121111111"}
    before = driver.state()
    for _ in range(2):
        assert explained(driver, REAL_MS, **params) == {"sendID": 1_000_000_001}
    assert (driver.state(), driver.account.journal.entries) == (before, [])
