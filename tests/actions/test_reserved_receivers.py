"""Reserved receivers (Z): outcomes and refusals by the number."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.account.deliveries import ACTIONS, accept, assert_steps
from tests.driver import AccountDriver
from tests.model.account import RESERVED_CODES
from tests.model.lifecycle import OUTCOMES, REFUNDED, RESERVED_OUTCOMES, Plan, schedule


def number(digits: int) -> str:
    return f"9120000{digits:03}"


def request(driver: AccountDriver, action: str, receivers: str) -> dict[str, Any]:
    requests: dict[str, Callable[[str], dict[str, Any]]] = {
        "send": driver.send,
        "sendServices": driver.send_services,
        "sendOTP": driver.send_otp,
    }
    return requests[action](receivers)


# Outcomes


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9", "L3", "L7")
@pytest.mark.parametrize("digits", RESERVED_OUTCOMES)
def test_a_reserved_receiver_has_the_outcome_of_its_number(digits: int) -> None:
    outcome = RESERVED_OUTCOMES[digits]
    driver = AccountDriver()
    assert_steps(
        driver, accept(driver, "send", number(digits), 3), schedule(Plan(outcome, tries=3), driver.now_ms)
    )
    refunded = OUTCOMES.get(outcome) in REFUNDED or (outcome.startswith("fails") and digits > 23)
    assert driver.credit() == (1_000_000 if refunded else 999_000)


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9", "M4", "M5")
@pytest.mark.parametrize("action", ACTIONS)
def test_every_receiver_of_a_message_has_its_own_outcome(action: str) -> None:
    driver = AccountDriver(
        validity_seconds=100, patterns=[{"code": 1001, "text": "سلام {code}", "bulk": True}]
    )
    tries = 0 if action == "sendOTP" else 4
    send_id = accept(driver, action, ",".join(map(number, RESERVED_OUTCOMES)), tries)
    driver.advance(7200)
    plans = [Plan(outcome, action == "send", tries=tries) for outcome in RESERVED_OUTCOMES.values()]
    ends = [schedule(plan)[-1][1] for plan in plans]
    assert driver.pairs(send_id) == ends
    assert driver.credit() == 1_000_000 - 1000 * sum(pair not in REFUNDED for pair in ends)


@pytest.mark.rule("Z1", "F2")
@pytest.mark.parametrize("prefix", ["0", "98", "0098", "+98"])
def test_a_reserved_receiver_may_be_written_in_any_notation(prefix: str) -> None:
    driver = AccountDriver(timeline="instant")
    assert driver.pair(driver.send(prefix + number(4))["sendID"]) == (2, 4)
    assert driver.send(prefix + number(109))["result"] == "109"


@pytest.mark.rule("Z1", "Z10", "L4")
def test_other_numbers_are_not_reserved() -> None:
    driver = AccountDriver(timeline="instant", outcomes={"undelivered": 1})
    digits = set(range(1_000)) - RESERVED_OUTCOMES.keys() - set(RESERVED_CODES["send"])
    others = ["9120001002", "9120001109", "9130000002", "9220000109", "9121000002"]
    send_id = driver.send(",".join([*map(number, digits), *others]))["sendID"]
    assert set(driver.pairs(send_id)) == {(2, 4)}


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9")
def test_switched_off_no_number_has_an_outcome_of_its_own() -> None:
    driver = AccountDriver(timeline="instant", reserved_receivers=False)
    send_id = driver.send(",".join(map(number, RESERVED_OUTCOMES)))["sendID"]
    assert set(driver.pairs(send_id)) == {(2, 3)}


@pytest.mark.rule("Z3", "L4", "L6")
def test_a_message_on_its_way_keeps_its_reserved_outcome() -> None:
    driver = AccountDriver()
    send_id = driver.send(number(4))["sendID"]
    driver.change(reserved_receivers=False)
    driver.advance(6)
    assert driver.pair(send_id) == (2, 4)


# Refusals


@pytest.mark.rule("Z10", "S10", "S11", "M6")
@pytest.mark.parametrize("action", RESERVED_CODES)
def test_a_reserved_receiver_refuses_the_whole_request_with_its_code(action: str) -> None:
    driver = AccountDriver()
    before = driver.state()
    for code in RESERVED_CODES[action]:
        reply = request(driver, action, number(code))
        assert (reply["result"], driver.rule) == (str(code), "Z10")
        assert ("description" in reply) == (code == 112)
    assert driver.state() == before


@pytest.mark.rule("Z10")
@pytest.mark.parametrize("action", RESERVED_CODES)
def test_the_codes_of_other_actions_and_switched_off_codes_mean_nothing(action: str) -> None:
    driver = AccountDriver()
    every = {code for codes in RESERVED_CODES.values() for code in codes}
    for code in every - set(RESERVED_CODES[action]):
        assert request(driver, action, number(code))["result"] == "1"
    driver.change(reserved_receivers=False)
    for code in RESERVED_CODES[action]:
        assert request(driver, action, number(code))["result"] == "1"


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(
    ("receivers", "result"),
    [
        ("9120000113,9120000109", "113"),
        ("9120000109,9120000113", "109"),
        ("9121111111,9120000107,9120000106", "107"),
        ("9120000002,9120000114", "114"),
        ("9120000603,9120000112", "112"),
    ],
)
def test_the_first_reserved_receiver_of_a_request_answers(receivers: str, result: str) -> None:
    driver = AccountDriver()
    assert (driver.send(receivers)["result"], driver.rule) == (result, "Z10")


@pytest.mark.rule("Z10")
def test_with_bad_receivers_skip_a_reserved_receiver_answers_beside_a_bad_one() -> None:
    driver = AccountDriver(bad_receivers="skip")
    assert (driver.send("abc,9120000113")["result"], driver.rule) == ("113", "Z10")


@pytest.mark.rule("Z10", "B1")
def test_a_request_that_a_reserved_receiver_refuses_stores_nothing() -> None:
    driver = AccountDriver()
    assert driver.send("9121111111,9120000109", phoneBook=1403) == {"result": "109"}
    assert not driver.account.phonebooks[1403].contacts
