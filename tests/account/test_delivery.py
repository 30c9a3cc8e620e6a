"""The delivery of a message: its steps in time (L1 to L3, L7), without commands."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.account.deliveries import ACTIONS, accept, assert_steps, history
from tests.driver import AccountDriver
from tests.model.account import ModelReceiver
from tests.model.lifecycle import (
    DAY,
    GRAPH,
    OUTCOMES,
    REFUNDED,
    TIMELINES,
    Pair,
    Plan,
    Steps,
    Timeline,
    schedule,
)

# A timeline in whole milliseconds, with two steps at once.
OWN_TIMELINE = Timeline([0, 1, 1001, 4350, 4350, 90_029], [0, 70, 290, 570, 1150])


def in_seconds(timeline: Timeline) -> dict[str, list[float]]:
    """The timeline as the setting takes it."""
    return {
        "ordinary": [offset / 1000 for offset in timeline.ordinary],
        "pattern": [offset / 1000 for offset in timeline.pattern],
    }


@pytest.mark.rule("L1", "L3")
def test_an_ordinary_message_takes_six_seconds_by_default() -> None:
    driver = AccountDriver()
    driver.send()
    steps: Steps = [
        (0, (0, -1)),
        (1000, (1, -1)),
        (2000, (2, -1)),
        (3000, (2, 0)),
        (4000, (2, 1)),
        (6000, (2, 3)),
    ]
    assert history(driver) == steps
    driver.advance(60)
    assert history(driver) == steps


@pytest.mark.rule("L3")
@pytest.mark.parametrize("request_of", [AccountDriver.send_services, AccountDriver.send_otp])
def test_pattern_messages_and_one_time_codes_take_less_than_a_second(request_of: Any) -> None:
    driver = AccountDriver()
    request_of(driver)
    assert history(driver) == [(0, (1, -1)), (200, (2, -1)), (400, (2, 0)), (600, (2, 1)), (800, (2, 3))]


@pytest.mark.rule("L1", "L3")
@pytest.mark.parametrize("timeline", TIMELINES)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_message_takes_the_steps_of_its_timeline_from_acceptance(action: str, timeline: str) -> None:
    driver = AccountDriver(timeline=timeline)
    driver.advance(1234.567)
    send_id = accept(driver, action)
    plan = Plan(ordinary=action == "send", timeline=TIMELINES[timeline])
    assert_steps(driver, send_id, schedule(plan, driver.now_ms))


@pytest.mark.rule("L3")
def test_ten_advances_of_a_tenth_are_one_second() -> None:
    driver = AccountDriver()
    send_id = accept(driver, "send")
    for _ in range(9):
        driver.advance(0.1)
        assert driver.pair(send_id) == (0, -1)
    driver.advance(0.1)
    assert driver.pair(send_id) == (1, -1)


@pytest.mark.rule("L1", "L3", "L4")
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_its_steps(outcome: str) -> None:
    cases = [
        ("send", TIMELINES["default"]),
        ("send", OWN_TIMELINE),
        ("sendServices", OWN_TIMELINE),
        ("sendOTP", TIMELINES["default"]),
    ]
    for action, timeline in cases:
        driver = AccountDriver(timeline=in_seconds(timeline), outcomes={outcome: 1})
        steps = schedule(Plan(outcome, action == "send", timeline), driver.now_ms)
        assert steps[-1][1] == OUTCOMES[outcome]
        assert_steps(driver, accept(driver, action), steps)


@pytest.mark.rule("L3", "L6")
def test_new_settings_do_not_concern_a_message_on_its_way() -> None:
    driver = AccountDriver()
    send_id, at = accept(driver, "send"), driver.now_ms
    changes: dict[str, Any] = {
        "timeline": "instant",
        "outcomes": {"undelivered": 1},
        "blacklist": ["9121111111"],
        "forbidden_words": ["سلام"],
        "monitoring": "manual",
        "seed": 7,
        "validity_seconds": 1,
    }
    for name, value in changes.items():
        driver.change(**{name: value})
    assert_steps(driver, send_id, schedule(Plan(), at))


# Attempts that fail


@pytest.mark.rule("L2", "L3", "Z9")
def test_a_failed_attempt_is_followed_by_another_one_second_later() -> None:
    driver = AccountDriver()
    driver.send("9120000021", trySend=1)
    assert history(driver) == [
        (0, (0, -1)),
        (1000, (1, -1)),
        (2000, (2, -1)),
        (3000, (2, 0)),
        (4000, (2, 2)),
        (5000, (1, -1)),
        (6000, (2, -1)),
        (7000, (2, 0)),
        (8000, (2, 1)),
        (10_000, (2, 3)),
    ]
    driver.send_services("9120000021", trySend=1)
    assert [at for at, _ in history(driver)] == [0, 200, 400, 600, 1600, 1800, 2000, 2200, 2400]


@pytest.mark.rule("L2", "L3", "M4", "M5", "Z3", "Z9")
@pytest.mark.parametrize(
    ("failures", "tries", "timeline"),
    [
        (None, 0, "default"),
        (None, 2, "default"),
        (None, 10, "slow"),
        (None, 1, "instant"),
        (1, 0, "default"),
        (1, 1, "slow"),
        (2, 1, "default"),
        (2, 2, "instant"),
        (9, 8, "default"),
        (9, 9, "slow"),
        (9, 10, "default"),
    ],
)
def test_an_attempt_is_repeated_while_tries_are_left_and_then_refunded(
    failures: int | None, tries: int, timeline: str
) -> None:
    """`failures` is None for a receiver that is never reached."""
    outcome = "unreached" if failures is None else f"fails {failures}"
    for action in ("send", "sendServices"):
        driver = AccountDriver(timeline=timeline)
        plan = Plan(outcome, action == "send", TIMELINES[timeline], tries)
        send_id = accept(driver, action, f"912000002{failures}" if failures else "9120000002", tries)
        assert_steps(driver, send_id, schedule(plan, driver.now_ms))
        returned = failures is None or failures > tries
        assert driver.credit() == (1_000_000 if returned else 999_000)


@pytest.mark.rule("L2", "Z4", "M5")
@pytest.mark.parametrize("outcome", ["undelivered", "blacklisted", "expired", "rejected"])
def test_a_message_that_reached_the_telecom_is_neither_repeated_nor_refunded(outcome: str) -> None:
    driver = AccountDriver(outcomes={outcome: 1})
    assert_steps(driver, accept(driver, "send", tries=5), schedule(Plan(outcome), driver.now_ms))
    assert driver.credit() == 999_000


# Validity


@pytest.mark.rule("L7", "L3", "Z4")
@pytest.mark.parametrize(
    ("seconds", "expired_ms"),
    [(1, 4000), (4, 4000), (5, 5000), (100, 100_000), (86_400, 86_400_000), (100_000, 100_000_000)],
)
def test_a_message_expires_after_its_validity_but_not_before_it_is_reached(
    seconds: int, expired_ms: int
) -> None:
    driver = AccountDriver(validity_seconds=seconds)
    driver.send("9120000006")
    assert history(driver)[-2:] == [(4000, (2, 1)), (expired_ms, (2, 6))]


@pytest.mark.rule("L7", "Z2")
def test_a_message_that_stays_reached_does_not_expire() -> None:
    driver = AccountDriver(validity_seconds=60)
    send_id = accept(driver, "send", "9120000001")
    driver.advance(DAY / 1000)
    assert driver.pair(send_id) == (2, 1)


# Properties


def offsets(size: int) -> st.SearchStrategy[list[int]]:
    """Offsets that begin with 0 and never fall; the last one is not 0."""
    gaps = st.lists(st.integers(0, 5000), min_size=size - 1, max_size=size - 1)
    return gaps.filter(any).map(lambda gap: [sum(gap[:place]) for place in range(size)])


PLANS = st.builds(
    Plan,
    outcome=st.sampled_from([*OUTCOMES, *(f"fails {failures}" for failures in range(1, 10))]),
    ordinary=st.booleans(),
    timeline=st.builds(Timeline, offsets(6), offsets(5), st.just(1000)),
    tries=st.integers(0, 10),
    validity=st.integers(1, 90_000).map(lambda seconds: seconds * 1000),
    manual=st.booleans(),
)
COMMANDS = st.sampled_from([None, None, "approve", "cancel", *GRAPH])
EVENTS = st.lists(
    st.tuples(st.integers(0, 8000) | st.integers(0, 2 * DAY), COMMANDS), min_size=1, max_size=12
)


@pytest.mark.rule("L1", "L2", "L3", "L4", "L5", "L7", "M4", "M5")
@given(PLANS, EVENTS)
def test_under_any_timeline_and_commands_the_steps_are_those_of_the_model(
    plan: Plan, events: list[tuple[int, str | Pair | None]]
) -> None:
    fails = plan.outcome.startswith("fails")
    driver = AccountDriver(
        timeline=in_seconds(plan.timeline),
        validity_seconds=plan.validity // 1000,
        archive_after_seconds=30 * DAY // 1000,  # later than everything here
        outcomes={} if fails else {plan.outcome: 1},
        monitoring="manual" if plan.manual else "automatic",
    )
    receiver = f"912000002{plan.outcome[-1]}" if fails else "9121111111"
    send_id = accept(driver, "send" if plan.ordinary else "sendServices", receiver, plan.tries)
    model = ModelReceiver(plan, schedule(plan, driver.now_ms))
    for wait_ms, command in events:
        driver.advance(wait_ms / 1000)
        now = driver.now_ms
        assert driver.pair(send_id) == model.pair(now)
        if command == "approve":
            assert driver.approve(send_id) == model.approve(now)
        elif command == "cancel":
            assert driver.cancel(send_id) == model.cancel(now)
        elif not isinstance(command, str | None):
            assert driver.force(send_id, command) == model.force(now, command)
        assert driver.credit() == (1_000_000 if model.pair(now) in REFUNDED else 999_000)
    accepted_ms = model.steps[0][0]
    assert history(driver) == [(at - accepted_ms, pair) for at, pair in model.steps]
