"""What becomes of a receiver: the first reason that applies (L4), and draws."""

from typing import Any

import pytest

from tests.account.deliveries import accept
from tests.driver import AccountDriver
from tests.model.lifecycle import Pair

UNDELIVERED = {"outcomes": {"undelivered": 1}}
LISTED = {"blacklist": ["9121111111", "9120000000"]}
FORBIDDEN = {"forbidden_words": ["12345", "سلام"]}
NOT_RESERVED = {"reserved_receivers": False}


@pytest.mark.rule("L4")
@pytest.mark.parametrize(
    ("settings", "action", "receiver", "pair"),
    [
        ({}, "send", "9121111111", (2, 3)),
        (UNDELIVERED, "send", "9121111111", (2, 4)),
        (UNDELIVERED, "sendOTP", "9121111111", (2, 4)),
        (LISTED, "send", "9121111111", (2, 5)),
        (LISTED, "sendServices", "9121111111", (2, 3)),
        (LISTED, "sendOTP", "9121111111", (2, 3)),
        (LISTED | UNDELIVERED, "send", "9121111111", (2, 5)),
        (LISTED | UNDELIVERED, "sendServices", "9121111111", (2, 4)),
        (FORBIDDEN, "sendServices", "9121111111", (2, 7)),
        (FORBIDDEN, "sendOTP", "9121111111", (2, 7)),
        (FORBIDDEN | LISTED | UNDELIVERED, "send", "9121111111", (2, 7)),
        (FORBIDDEN | LISTED | UNDELIVERED, "send", "9120000000", (2, 3)),
        (FORBIDDEN | LISTED | UNDELIVERED, "sendServices", "9120000000", (2, 3)),
        (FORBIDDEN | LISTED | NOT_RESERVED, "send", "9120000000", (2, 7)),
        (LISTED | NOT_RESERVED, "send", "9120000000", (2, 5)),
        (UNDELIVERED | NOT_RESERVED, "send", "9120000000", (2, 4)),
    ],
)
def test_the_first_reason_that_applies_decides(
    settings: dict[str, Any], action: str, receiver: str, pair: Pair
) -> None:
    driver = AccountDriver(timeline="instant", **settings)
    assert driver.pair(accept(driver, action, receiver)) == pair


@pytest.mark.rule("L4")
def test_only_listed_receivers_are_on_the_blacklist() -> None:
    driver = AccountDriver(timeline="instant", blacklist=["9122222222"])
    send_id = driver.send("9121111111,9122222222,9123333333")["sendID"]
    assert driver.pairs(send_id) == [(2, 3), (2, 5), (2, 3)]


@pytest.mark.rule("L4")
@pytest.mark.parametrize("text", ["spam", "SPAM", "no Spam!"])
def test_a_forbidden_word_is_found_in_any_case(text: str) -> None:
    driver = AccountDriver(forbidden_words=["other", "sPaM"], timeline="instant")
    assert driver.pair(driver.send(text=text)["sendID"]) == (2, 7)
    assert driver.pair(driver.send(text="spa m")["sendID"]) == (2, 3)


# Draws

MANY = ",".join(f"912111{number:04}" for number in range(200))
EVEN = {"delivered": 1, "undelivered": 1}


def drawn(driver: AccountDriver) -> list[Pair]:
    return driver.pairs(driver.send(MANY)["sendID"])


def drawing(**settings: Any) -> AccountDriver:
    return AccountDriver(**{"outcomes": EVEN, "timeline": "instant", "credit": 10**9, **settings})


@pytest.mark.rule("L4", "L6")
def test_a_seed_draws_the_same_outcomes_again_and_every_send_others() -> None:
    one, same = drawing(seed=7), drawing(seed=7)
    first, second = drawn(one), drawn(one)
    assert first != second
    assert [drawn(same), drawn(same)] == [first, second]
    assert len({tuple(drawn(drawing(seed=seed))) for seed in range(5)}) == 5


@pytest.mark.rule("L4")
def test_setting_the_seed_starts_its_draws_again() -> None:
    driver = drawing(seed=7)
    first, second = drawn(driver), drawn(driver)
    driver.change(seed=7)
    assert drawn(driver) == first
    driver.change(billing_ok=True)
    assert drawn(driver) == second


@pytest.mark.rule("L4", "L6")
def test_reading_refusals_and_time_do_not_change_the_draws() -> None:
    quiet, busy = drawing(), drawing()
    assert drawn(quiet) == drawn(busy)
    busy.send("abc")
    busy.send("9120000109")
    busy.credit()
    busy.advance(17)
    assert drawn(quiet) == drawn(busy)


@pytest.mark.rule("L4")
def test_the_draws_follow_the_weights() -> None:
    driver = drawing(outcomes={"delivered": 9, "undelivered": 1, "rejected": 0})
    pairs = [pair for _ in range(10) for pair in drawn(driver)]
    assert set(pairs) == {(2, 3), (2, 4)}
    assert 0.87 < pairs.count((2, 3)) / len(pairs) < 0.93


class ConstantRandom:
    """A source of random numbers that always draws the same one."""

    def __init__(self, number: float) -> None:
        self._number = number

    def random(self) -> float:
        return self._number


@pytest.mark.rule("L4")
@pytest.mark.parametrize(
    ("number", "pair"), [(0.0, (2, 4)), (0.249, (2, 4)), (0.25, (2, 7)), (0.999, (2, 7)), (1.0, (2, 4))]
)
def test_each_outcome_has_its_share_of_the_numbers(number: float, pair: Pair) -> None:
    """Only rounding could lead to 1; it counts as the first outcome that has a weight."""
    weights = {"delivered": 0, "undelivered": 1, "rejected": 3}
    driver = AccountDriver(outcomes=weights, timeline="instant")
    driver.account._random = ConstantRandom(number)  # type: ignore[assignment]
    assert driver.pair(driver.send()["sendID"]) == pair
