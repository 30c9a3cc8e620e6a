"""Time, which a test moves and which does not move a test; and the settings that change under way."""

import math
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fakeserver.testing import Panel, PanelServer, UsageError
from tests.testing.application import NUMBER, OTHER, START, attempt, send


def pair(panel: Panel, number: str = NUMBER) -> tuple[int, int]:
    """The statuses of the newest message to that number."""
    (one,) = [one for one in panel.assert_sent(to=number)[-1].receivers if one.number == number]
    return one.processing_status, one.send_status


def test_the_clock_stands_still_from_the_start(panel: Panel) -> None:
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
def test_advance_moves_it_by_exactly_so_much(panel: Panel, spans: dict[str, float], seconds: float) -> None:
    panel.advance(**spans)
    assert panel.now == START + timedelta(seconds=seconds)


def test_advance_takes_seconds_without_their_name(panel: Panel) -> None:
    panel.advance(5)
    assert panel.now == START + timedelta(seconds=5)


@pytest.mark.rule("L3")
def test_ten_tenths_are_a_second(panel: Panel) -> None:
    send(panel)
    for _ in range(10):
        panel.advance(0.1)
    assert panel.now == START + timedelta(seconds=1)
    assert pair(panel) == (1, -1)


def test_advance_tells_what_has_become_of_messages_in_order(panel: Panel) -> None:
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


def test_advance_over_a_time_in_which_nothing_happens_is_empty(panel: Panel) -> None:
    assert panel.advance(hours=1) == []


def test_advance_tells_the_first_thousand_changes_and_moves_all(panel: Panel) -> None:
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
def test_time_that_would_not_go_forward_is_refused_and_nothing_moves(
    panel: Panel, spans: dict[str, float]
) -> None:
    send(panel)
    panel.advance(5)
    before = panel.messages
    with pytest.raises(UsageError, match="advance"):
        panel.advance(**spans)
    assert (panel.now, panel.messages) == (START + timedelta(seconds=5), before)


def moved(panel: Panel) -> bool:
    """Whether the clock moves by itself within some seconds."""
    before, deadline = panel.now, time.monotonic() + 10
    while time.monotonic() < deadline:
        if panel.now > before:
            return True
    return False


def test_a_running_clock_runs_until_it_is_frozen(panel: Panel) -> None:
    panel.set(clock="real")
    assert moved(panel)
    panel.freeze()
    stopped = panel.now
    assert stopped > START
    assert {panel.now for _ in range(50)} == {stopped}


def test_a_running_clock_can_be_advanced_too(panel_server: PanelServer) -> None:
    with panel_server.new_account(clock="real") as panel:
        before = panel.now
        panel.advance(hours=1)
        assert panel.now >= before + timedelta(hours=1)
        assert moved(panel)


# set


def test_set_changes_what_happens_from_now_on(panel: Panel) -> None:
    panel.set(credit=3_000, prices={"latin": 1_500, "unicode": 1})
    assert [attempt(panel) for _ in range(3)] == ["1", "1", "109"]
    assert panel.credit == 0


def test_set_replaces_whole_members(panel: Panel) -> None:
    panel.set(lines=[{"number": "30009999", "ordinary": True, "service": False}])
    assert [attempt(panel, from_=line) for line in ("30001403", "30009999")] == ["106", "1"]


def test_messages_on_their_way_keep_their_fate(panel: Panel) -> None:
    send(panel)
    panel.set(blacklist=[NUMBER], timeline="slow")
    panel.advance(6)
    assert pair(panel) == (2, 3)
    send(panel)
    panel.advance(hours=1)
    assert pair(panel) == (2, 5)


def refused(panel: Panel, change: Callable[[], object]) -> str:
    """What is said about a change that is refused, and changes nothing."""
    before = panel.control("GET", "")
    with pytest.raises(UsageError) as told:
        change()
    assert panel.control("GET", "") == before
    return str(told.value)


def test_an_unknown_setting_is_refused_with_the_nearest_name_and_nothing_is_set(panel: Panel) -> None:
    told = refused(panel, lambda: panel.set(seed=7, credt=5))
    assert "credt" in told
    assert "did you mean `credit`?" in told


@pytest.mark.parametrize(
    ("member", "value"),
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
def test_an_impossible_value_is_refused_with_its_setting(panel: Panel, member: str, value: Any) -> None:
    assert member in refused(panel, lambda: panel.set(seed=7, **{member: value}))
