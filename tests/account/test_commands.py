"""Commands of the monitoring team: approve, cancel and force (L1, L5), and their refunds (M4, M5)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.account.deliveries import ACTIONS, accept, assert_steps, history
from tests.driver import AccountDriver
from tests.model.lifecycle import (
    DAY,
    ENTRIES,
    GRAPH,
    HOUR,
    OUTCOMES,
    REFUNDED,
    RESERVED_OUTCOMES,
    RETRY,
    TIMELINES,
    Pair,
    Plan,
    Steps,
    approved,
    schedule,
    shortest_path,
)

DELIVERED = Plan()


# Approval


@pytest.mark.rule("L5")
def test_with_manual_monitoring_an_ordinary_message_waits_for_approval() -> None:
    driver = AccountDriver(monitoring="manual")
    assert_steps(driver, accept(driver, "send"), [(driver.now_ms, (0, -1))])
    assert driver.credit() == 999_000


@pytest.mark.rule("L5")
@pytest.mark.parametrize("action", ["sendServices", "sendOTP"])
def test_pattern_messages_and_one_time_codes_need_no_approval(action: str) -> None:
    driver = AccountDriver(monitoring="manual")
    assert_steps(driver, accept(driver, action), schedule(Plan(ordinary=False), driver.now_ms))


@pytest.mark.rule("L4", "L5", "L7", "Z6", "Z8")
@pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome not in ("held", "scheduled")])
def test_approval_starts_the_rest_of_the_delivery_at_once(outcome: str) -> None:
    for timeline, waited in (("default", 100.5), ("instant", 0)):
        driver = AccountDriver(monitoring="manual", outcomes={outcome: 1}, timeline=timeline)
        send_id, at = accept(driver, "send", tries=1), driver.now_ms
        driver.advance(waited)
        assert driver.approve(send_id) == 1
        plan = Plan(outcome, timeline=TIMELINES[timeline], tries=1)
        assert_steps(driver, send_id, approved(plan, [(at, (0, -1))], driver.now_ms))


@pytest.mark.rule("L5", "Z5")
@pytest.mark.parametrize("monitoring", ["automatic", "manual"])
@pytest.mark.parametrize("action", ACTIONS)
def test_the_reserved_receiver_that_is_held_is_delivered_once_approved(action: str, monitoring: str) -> None:
    driver = AccountDriver(monitoring=monitoring)
    send_id, at = accept(driver, action, "9120000010"), driver.now_ms
    driver.advance(50)
    assert driver.approve(send_id) == 1
    plan = Plan(ordinary=action == "send")
    assert_steps(driver, send_id, approved(plan, [(at, (0, -1))], driver.now_ms))


@pytest.mark.rule("L1", "L5", "Z7")
def test_a_scheduled_message_waits_for_its_time_and_then_for_approval() -> None:
    driver = AccountDriver(monitoring="manual")
    send_id, at = accept(driver, "send", "9120000013"), driver.now_ms
    waiting: Steps = [(at, (3, -1)), (at + HOUR, (0, -1))]
    assert_steps(driver, send_id, waiting)
    assert driver.approve(send_id) == 1
    assert_steps(driver, send_id, approved(DELIVERED, waiting, driver.now_ms))


@pytest.mark.rule("L5")
def test_approval_keeps_the_past() -> None:
    driver = AccountDriver(monitoring="manual")
    send_id = accept(driver, "send")
    assert history(driver) == [(0, (0, -1))]
    driver.advance(30)
    driver.approve(send_id)
    offsets = [0, 30_000, 31_000, 32_000, 33_000, 35_000]
    assert [at for at, _ in history(driver)] == offsets
    driver.advance(1)
    assert driver.force(send_id, (2, 4)) == 1
    assert [at for at, _ in history(driver)] == [0, 30_000, 31_000, 31_000, 31_000, 31_000]


@pytest.mark.rule("L1", "L5")
def test_approval_moves_each_waiting_receiver_once() -> None:
    driver = AccountDriver()
    send_id = driver.send("9120000000,9120000010,9120000011,9120000015")["sendID"]
    driver.advance(6)
    assert (driver.approve(send_id), driver.approve(send_id)) == (1, 0)
    assert driver.pairs(send_id) == [(2, 3), (1, -1), (1, -1), (5, -2)]


# Cancelling


@pytest.mark.rule("L1", "L5", "M5")
@pytest.mark.parametrize(
    ("settings", "action", "receiver", "seconds", "before"),
    [
        ({}, "send", "9121111111", 0, (0, -1)),
        ({}, "send", "9121111111", 1.999, (1, -1)),
        ({}, "sendServices", "9121111111", 0, (1, -1)),
        ({}, "sendOTP", "9121111111", 0.199, (1, -1)),
        ({"monitoring": "manual"}, "send", "9121111111", 5000, (0, -1)),
        ({}, "sendServices", "9120000010", 5000, (0, -1)),
        ({}, "send", "9120000013", 5, (3, -1)),
        ({}, "send", "9120000002", 5, (1, -1)),
    ],
)
def test_a_message_that_has_not_gone_out_can_be_cancelled_and_is_refunded(
    settings: dict[str, Any], action: str, receiver: str, seconds: float, before: Pair
) -> None:
    driver = AccountDriver(**settings)
    send_id = accept(driver, action, receiver, tries=1)
    driver.advance(seconds)
    assert (driver.pair(send_id), driver.credit()) == (before, 999_000)
    assert driver.cancel(send_id) == 1
    assert_steps(driver, send_id, [(driver.now_ms, (5, -2))])
    assert driver.credit() == 1_000_000
    assert (driver.cancel(send_id), driver.approve(send_id)) == (0, 0)


@pytest.mark.rule("L1", "L5", "M5")
@pytest.mark.parametrize("seconds", [2, 3, 4, 5.999, 6, 100])
def test_a_message_that_has_gone_out_can_be_neither_cancelled_nor_approved(seconds: float) -> None:
    driver = AccountDriver()
    send_id, at = accept(driver, "send"), driver.now_ms
    driver.advance(seconds)
    assert (driver.cancel(send_id), driver.approve(send_id)) == (0, 0)
    assert_steps(driver, send_id, schedule(DELIVERED, at))
    assert driver.credit() == 999_000


@pytest.mark.rule("L1", "L5", "M5")
def test_cancelling_moves_only_the_receivers_that_can_be_cancelled() -> None:
    driver = AccountDriver()
    send_id = driver.send("9120000000,9120000010,9120000011,9120000015,9120000013")["sendID"]
    driver.advance(6)
    assert driver.cancel(send_id) == 3
    assert driver.pairs(send_id) == [(2, 3), (5, -2), (5, -2), (5, -2), (5, -2)]
    assert driver.credit() == 999_000


# Forcing


@pytest.mark.rule("L1", "L2", "L4", "L6", "M4", "M5", "M6")
@pytest.mark.parametrize("start", GRAPH, ids=str)
def test_from_every_pair_only_those_that_the_graph_leads_to_can_be_forced_and_stay(start: Pair) -> None:
    for tries in (0, 5):
        for wanted in GRAPH:
            driver = AccountDriver()
            send_id = accept(driver, "send", "9120000013", tries)
            assert start == (3, -1) or driver.force(send_id, start) == 1
            possible = shortest_path(start, wanted, tries_left=tries > 0) is not None
            assert driver.force(send_id, wanted) == int(possible), wanted
            pair = wanted if possible else start
            assert driver.pair(send_id) == pair
            driver.advance(DAY / 1000)
            assert driver.pair(send_id) == pair or (start == (3, -1) and not possible)
            assert driver.credit() == (1_000_000 if pair in REFUNDED else 999_000)


@pytest.mark.rule("L1")
def test_a_forced_pair_keeps_the_past_and_is_reached_by_the_shortest_path() -> None:
    driver = AccountDriver()
    send_id = accept(driver, "send")
    driver.advance(2.5)
    assert driver.force(send_id, (2, 5)) == 1
    expected: Steps = [(0, (0, -1)), (1000, (1, -1)), (2000, (2, -1)), (2500, (2, 0)), (2500, (2, 5))]
    assert history(driver) == expected


@pytest.mark.rule("L1", "L4", "L6")
def test_a_pair_that_is_forced_where_it_is_stays_from_when_it_came() -> None:
    driver = AccountDriver()
    send_id = accept(driver, "send")
    driver.advance(3.5)
    assert driver.force(send_id, (2, 0)) == 1
    expected: Steps = [(0, (0, -1)), (1000, (1, -1)), (2000, (2, -1)), (3000, (2, 0))]
    assert history(driver) == expected
    driver.advance(60)
    assert (history(driver), driver.pair(send_id)) == (expected, (2, 0))


@pytest.mark.rule("L1", "L2")
@pytest.mark.parametrize("tries", [1, 2])
def test_a_used_try_cannot_be_forced_again(tries: int) -> None:
    driver = AccountDriver()
    send_id = accept(driver, "send", "9120000021", tries)
    driver.advance(5)
    assert driver.pair(send_id) == (1, -1)
    assert driver.force(send_id, (2, 2)) == 1
    assert driver.force(send_id, (1, -1)) == tries - 1
    assert driver.force(send_id, (4, 2)) == 1


@pytest.mark.rule("L4")
def test_one_receiver_or_all_that_can_are_forced() -> None:
    driver = AccountDriver()
    send_id = driver.send("9121111111,9122222222,9120000015")["sendID"]
    assert driver.force(send_id, (2, 4), "9122222222") == 1
    assert driver.pairs(send_id) == [(0, -1), (2, 4), (0, -1)]
    driver.advance(1)
    assert driver.force(send_id, (2, 4)) == 2
    assert driver.pairs(send_id) == [(2, 4), (2, 4), (5, -2)]


# Refunds


@pytest.mark.rule("L1", "M4", "M5", "M6")
@pytest.mark.parametrize(("receiver", "pair"), [("9120000002", (4, 2)), ("9120000015", (5, -2))])
def test_no_receiver_is_refunded_twice(receiver: str, pair: Pair) -> None:
    forced, by_itself = AccountDriver(), AccountDriver()
    for driver, seconds in ((forced, 0), (by_itself, 5)):
        send_id = accept(driver, "send", receiver)
        driver.advance(seconds)
        driver.force(send_id, pair)
        driver.force(send_id, pair)
        driver.cancel(send_id)
        driver.advance(60)
        assert (driver.pair(send_id), driver.credit()) == (pair, 1_000_000)


@pytest.mark.rule("L1", "M5", "M6")
def test_a_message_that_is_cancelled_before_its_return_is_refunded_once() -> None:
    driver = AccountDriver()
    send_id = accept(driver, "send", "9120000002")
    driver.advance(1)
    driver.cancel(send_id)
    driver.advance(60)
    assert (driver.pair(send_id), driver.credit()) == ((5, -2), 1_000_000)


@pytest.mark.rule("L5", "M4", "M5")
def test_a_refund_that_an_approval_has_planned_is_made_once_if_the_message_is_cancelled() -> None:
    driver = AccountDriver(monitoring="manual")
    send_id = driver.send("9120000002,9121111111")["sendID"]
    assert (driver.approve(send_id), driver.cancel(send_id), driver.credit()) == (2, 2, 1_000_000)
    driver.advance(60)
    assert driver.credit() == 1_000_000


@pytest.mark.rule("L1", "M4", "M5")
def test_receivers_that_share_a_refund_are_refunded_once_each() -> None:
    """Both would be returned at the same time; one is cancelled before."""
    driver = AccountDriver(outcomes={"unreached": 1})
    send_id = driver.send("9121111111,9122222222")["sendID"]
    assert driver.force(send_id, (5, -2), "9121111111") == 1
    assert driver.credit() == 999_000
    driver.advance(60)
    assert (driver.credit(), driver.pairs(send_id)) == (1_000_000, [(5, -2), (4, 2)])


# The whole graph

# No delivery and no approval or cancellation makes these transitions; they can only be forced.
ONLY_FORCED = {((0, -1), (4, 2)), ((1, -1), (4, 2)), ((2, -1), (2, 2)), ((2, 0), (2, 7))}


def histories() -> Iterator[list[Pair]]:
    """The pairs of every kind of delivery, with and without an early approval or cancellation."""
    for action in ACTIONS:
        for digits in RESERVED_OUTCOMES:
            for monitoring, command, seconds in (
                ("automatic", None, 0),
                *((monitoring, command, seconds) for monitoring in ("automatic", "manual")
                  for command in ("approve", "cancel") for seconds in (0, 1.5, 3600)),
            ):  # fmt: skip
                driver = AccountDriver(monitoring=monitoring)
                send_id = accept(driver, action, f"9120000{digits:03}", tries=2)
                driver.advance(seconds)
                if command:
                    getattr(driver, command)(send_id)
                yield [pair for _, pair in history(driver)]


@pytest.mark.rule("L1", "L5")
def test_deliveries_approvals_and_cancellations_make_every_other_transition_of_the_graph() -> None:
    seen = list(histories())
    every = {(pair, following) for pair, nexts in GRAPH.items() for following in nexts}
    assert RETRY in every
    assert {step for pairs in seen for step in pairwise(pairs)} == every - ONLY_FORCED
    assert {pairs[0] for pairs in seen} == set(ENTRIES)
