"""Fault rules can answer every error code of every action."""

import pytest

from fakeserver.spec.codes import GATE, RESULT_CODES
from tests.actions.violations import GOOD_PARAMS
from tests.driver import AccountDriver

# The guide lists 100 for two actions only, although the gate answers it whatever the action.
ACTIONS_WITH_100 = {"send", "sendOTP"}


@pytest.mark.parametrize("action", RESULT_CODES)
def test_a_fault_rule_answers_any_error_code_and_nothing_happens(action: str) -> None:
    codes = {row.code for row in (*GATE, *RESULT_CODES[action])} - {1}
    if action not in ACTIONS_WITH_100:
        codes.remove(100)
    driver = AccountDriver()
    for code in sorted(codes):
        rule = driver.add_fault({"result": code}, when={"action": action})
        assert driver.post({"action": action, **GOOD_PARAMS.get(action, {})})["result"] == str(code)
        del driver.account.faults.rules[rule.id]
    assert (driver.credit(), driver.account.sends.accepted) == (1_000_000, 0)
    assert not driver.account.phonebooks[1403].contacts
