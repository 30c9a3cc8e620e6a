from typing import Any

import pytest

from fakeserver.testing import Panel

from .credit_alarm import CreditAlarm
from .gateway import Gateway
from .notices import LINE

THRESHOLD = 10_000


@pytest.fixture
def panel_settings() -> dict[str, Any]:
    return {"credit": THRESHOLD, "prices": {"latin": 2_000, "unicode": 1_000}}


@pytest.fixture
def alarms() -> list[int]:
    return []


@pytest.fixture
def alarm(gateway: Gateway, alarms: list[int]) -> CreditAlarm:
    return CreditAlarm(gateway, THRESHOLD, alarms.append)


def test_there_is_no_alarm_at_the_threshold(alarm: CreditAlarm, alarms: list[int]) -> None:
    alarm.check()
    assert alarms == []


def test_the_alarm_is_raised_once_below_the_threshold(
    gateway: Gateway, alarm: CreditAlarm, alarms: list[int]
) -> None:
    for _ in range(3):
        gateway.send(LINE, "hello", "9121234567")
        alarm.check()
    assert alarms == [8_000]


def test_topping_up_allows_another_alarm(panel: Panel, alarm: CreditAlarm, alarms: list[int]) -> None:
    for credit in (9_000, 50_000, 7_000):
        panel.set(credit=credit)
        alarm.check()
    assert alarms == [9_000, 7_000]
