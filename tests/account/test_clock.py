"""An account's clock: real, frozen, faster or slower, and never backwards."""

from datetime import UTC, datetime

import pytest

from fakeserver.account.clock import END_MS, FROZEN_START_MS, Clock, ClockMovedBackwards, ClockOutOfRange
from fakeserver.notation.instants import to_datetime
from fakeserver.spec.units import AccountMs, RealMs

REAL_MS = RealMs(1_700_000_000_000)


def running() -> Clock:
    return Clock.start(REAL_MS, frozen=False)


def frozen() -> Clock:
    return Clock.start(REAL_MS, frozen=True)


def test_a_running_clock_shows_the_real_time_and_a_frozen_one_its_own_start() -> None:
    assert running().now_ms(RealMs(REAL_MS + 5)) == REAL_MS + 5
    assert frozen().now_ms(RealMs(REAL_MS + 5)) == FROZEN_START_MS
    assert to_datetime(FROZEN_START_MS) == datetime(2024, 11, 1, tzinfo=UTC)


def test_real_time_before_the_anchor_counts_as_the_anchor() -> None:
    assert running().now_ms(RealMs(REAL_MS - 5)) == REAL_MS + 0
    assert running().now_ms(RealMs(REAL_MS + 1)) == REAL_MS + 1


def test_a_speed_applies_from_the_instant_at_which_it_is_set() -> None:
    clock = running()
    clock.set_speed(2.5, RealMs(REAL_MS + 100))
    assert clock.now_ms(RealMs(REAL_MS + 100)) == REAL_MS + 100
    assert clock.now_ms(RealMs(REAL_MS + 103)) == REAL_MS + 100 + 7
    clock.set_speed(2, RealMs(REAL_MS + 103))
    assert clock.now_ms(RealMs(REAL_MS + 110)) == REAL_MS + 107 + 14
    clock.set_speed(1, RealMs(REAL_MS + 110))
    assert clock.now_ms(RealMs(REAL_MS + 111)) == REAL_MS + 107 + 14 + 1


def test_a_frozen_clock_stands_still_and_runs_on_from_there() -> None:
    clock = running()
    clock.freeze(RealMs(REAL_MS + 7), frozen=True)
    assert clock.now_ms(RealMs(REAL_MS + 1000)) == REAL_MS + 7
    clock.freeze(RealMs(REAL_MS + 1000), frozen=False)
    assert clock.now_ms(RealMs(REAL_MS + 1001)) == REAL_MS + 8


def test_the_real_time_until_an_instant_depends_on_the_speed() -> None:
    assert frozen().real_ms_until(END_MS, REAL_MS) is None
    clock = running()
    assert clock.real_ms_until(AccountMs(REAL_MS + 50), RealMs(REAL_MS + 10)) == 40
    assert clock.real_ms_until(AccountMs(REAL_MS), RealMs(REAL_MS + 10)) == 0
    assert clock.real_ms_until(AccountMs(REAL_MS + 11), RealMs(REAL_MS + 10)) == 1
    clock.set_speed(4, REAL_MS)
    assert clock.real_ms_until(AccountMs(REAL_MS + 50), REAL_MS) == 12.5


def test_time_can_be_set_forward_but_not_back() -> None:
    clock = frozen()
    clock.set(AccountMs(FROZEN_START_MS + 5), REAL_MS)
    clock.set(AccountMs(FROZEN_START_MS + 5), REAL_MS)
    with pytest.raises(ClockMovedBackwards, match=r"^time does not go backwards$"):
        clock.set(AccountMs(FROZEN_START_MS + 4), REAL_MS)
    assert clock.now_ms(REAL_MS) == FROZEN_START_MS + 5
    clock = running()
    clock.set(AccountMs(REAL_MS + 100), RealMs(REAL_MS + 10))
    assert clock.now_ms(RealMs(REAL_MS + 11)) == REAL_MS + 101
    with pytest.raises(ClockMovedBackwards, match="backwards"):
        clock.set(AccountMs(REAL_MS + 100), RealMs(REAL_MS + 11))


def test_time_ends_with_the_year_9999() -> None:
    clock = running()
    clock.set(END_MS, REAL_MS)
    assert clock.now_ms(RealMs(REAL_MS + 10)) == END_MS
    with pytest.raises(ClockOutOfRange, match=r"^time ends with the year 9999$"):
        frozen().set(AccountMs(END_MS + 1), REAL_MS)
