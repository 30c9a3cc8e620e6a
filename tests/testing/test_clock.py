"""The clock of an account, and `set`, which changes its settings."""

import math
import time
from datetime import timedelta
from typing import Any

import pytest

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.testing.application import NUMBER, OTHER, START, attempt, send


def pair(panel: Panel) -> tuple[int, int]:
    """The pair of statuses of the newest message, which has one receiver."""
    (receiver,) = panel.messages[-1].receivers
    return receiver.processing_status, receiver.send_status


def test_the_clock_is_frozen_from_the_start(panel: Panel) -> None:
    send(panel)
    assert (panel.now, panel.messages[0].accepted_at) == (START, START)
    assert panel.now.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ({"seconds": 90}, 90),
        ({"minutes": 3}, 180),
        ({"hours": 2}, 7_200),
        ({"seconds": 1.5, "minutes": 0.5, "hours": 1}, 3_631.5),
        ({"seconds": 0}, 0),
    ],
)
def test_advance_moves_the_clock_by_the_sum_of_its_arguments(
    panel: Panel, spans: dict[str, float], seconds: float
) -> None:
    panel.advance(**spans)
    assert panel.now == START + timedelta(seconds=seconds)


def test_the_seconds_of_advance_may_be_positional(panel: Panel) -> None:
    panel.advance(5)
    assert panel.now == START + timedelta(seconds=5)


@pytest.mark.rule("L3")
def test_ten_tenths_of_a_second_are_a_second(panel: Panel) -> None:
    send(panel)
    for _ in range(10):
        panel.advance(0.1)
    assert panel.now == START + timedelta(seconds=1)
    assert pair(panel) == (1, -1)


def test_advance_returns_the_changes_of_status_in_order(panel: Panel) -> None:
    first = send(panel, NUMBER)
    panel.advance(1.5)
    second = send(panel, OTHER)
    changes = panel.advance(2)
    seen = [(one.send_id, one.number, one.processing_status, one.send_status) for one in changes]
    assert seen == [
        (first, NUMBER, 2, -1),
        (second, OTHER, 1, -1),
        (first, NUMBER, 2, 0),
        (second, OTHER, 2, -1),
    ]
    assert [one.at - START for one in changes] == [timedelta(seconds=s) for s in (2, 2.5, 3, 3.5)]
    assert {one.at.utcoffset() for one in changes} == {timedelta(0)}
    numbers = [number for one in changes for number in (one.send_id, one.processing_status, one.send_status)]
    assert {type(number) for number in numbers} == {int}


def test_advance_returns_nothing_if_nothing_happens(panel: Panel) -> None:
    assert panel.advance(hours=1) == []


def test_advance_returns_the_first_thousand_changes_and_applies_all(panel: Panel) -> None:
    send(panel, ",".join(str(9_130_000_000 + number) for number in range(201)))
    changes = panel.advance(60)
    assert len(changes) == 1_000
    assert {one.send_status for one in panel.messages[0].receivers} == {3}


@pytest.mark.parametrize(
    "spans",
    [
        {"seconds": -1},
        {"minutes": -1},
        {"hours": -1},
        {"seconds": 59, "minutes": -1},
        {"seconds": math.nan},
        {"hours": math.inf},
        {},
    ],
)
def test_advance_refuses_to_go_backwards_or_to_infinity(panel: Panel, spans: dict[str, float]) -> None:
    send(panel)
    panel.advance(5)
    before = panel.messages
    with pytest.raises(UsageError, match="advance"):
        panel.advance(**spans)
    assert (panel.now, panel.messages) == (START + timedelta(seconds=5), before)


def is_running(panel: Panel) -> bool:
    """Whether the clock moves by itself within ten seconds."""
    before, deadline = panel.now, time.monotonic() + 10
    while time.monotonic() < deadline:
        if panel.now > before:
            return True
    return False


def test_a_running_clock_runs_until_it_is_frozen(panel: Panel) -> None:
    panel.set(clock="real")
    assert is_running(panel)
    panel.freeze()
    stopped = panel.now
    assert stopped > START
    assert {panel.now for _ in range(50)} == {stopped}


def test_a_running_clock_can_be_advanced(panel_server: PanelServer) -> None:
    with panel_server.new_account(clock="real") as panel:
        before = panel.now
        panel.advance(hours=1)
        assert panel.now >= before + timedelta(hours=1)
        assert is_running(panel)


# set


def test_set_changes_what_happens_afterwards(panel: Panel) -> None:
    panel.set(credit=3_000, prices={"latin": 1_500, "unicode": 1})
    assert [attempt(panel) for _ in range(3)] == ["1", "1", "109"]
    assert panel.credit == 0


def test_set_replaces_whole_settings(panel: Panel) -> None:
    panel.set(lines=[{"number": "30009999", "ordinary": True, "service": False}])
    assert [attempt(panel, from_=line) for line in ("30001403", "30009999")] == ["106", "1"]


def test_set_does_not_change_messages_on_their_way(panel: Panel) -> None:
    send(panel)
    panel.set(blacklist=[NUMBER], timeline="slow")
    panel.advance(6)
    assert pair(panel) == (2, 3)
    send(panel)
    panel.advance(hours=1)
    assert pair(panel) == (2, 5)


def error_of_set(panel: Panel, **settings: Any) -> UsageError:
    """The error of a `set` that is refused and changes nothing."""
    before = panel.control("GET", "")
    with pytest.raises(UsageError) as refused:
        panel.set(**settings)
    assert panel.control("GET", "") == before
    return refused.value


def test_set_refuses_an_unknown_setting_with_the_nearest_name(panel: Panel) -> None:
    error = error_of_set(panel, seed=7, credt=5)
    assert (str(error), error.argument) == ("credt: unknown; did you mean `credit`?", "credt")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("credit", -1),
        ("credit", "5"),
        ("monitoring", "sometimes"),
        ("timeline", "fast"),
        ("lines", [{"number": "1", "ordinari": True}]),
        ("patterns", [{"code": 1, "text": "a"}, {"code": 1, "text": "b"}]),
        ("otp_names", {"action": "send", "app": "a", "code": "c"}),
        ("key", "another"),
    ],
)
def test_set_refuses_an_impossible_value_with_the_name_of_its_setting(
    panel: Panel, setting: str, value: Any
) -> None:
    assert error_of_set(panel, seed=7, **{setting: value}).argument == setting
