"""Dates of the Jalali calendar (X4)."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from fakeserver.notation.jalali import is_date

LEAP_YEARS = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412]
COMMON_YEARS = [1371, 1374, 1378, 1400, 1401, 1402, 1404, 1405, 1406, 1407, 1409]


@pytest.mark.rule("X4")
def test_six_months_have_31_days_five_have_30_and_the_last_has_29() -> None:
    for month, last in enumerate([31] * 6 + [30] * 5 + [29], start=1):
        assert is_date(f"1402/{month:02}/01")
        assert is_date(f"1402/{month:02}/{last}")
        assert not is_date(f"1402/{month:02}/00")
        assert not is_date(f"1402/{month:02}/{last + 1}")


@pytest.mark.rule("X4")
def test_the_last_month_has_30_days_in_a_leap_year_and_29_in_others() -> None:
    assert all(is_date(f"{year}/12/30") for year in LEAP_YEARS)
    assert all(is_date(f"{year}/12/29") and not is_date(f"{year}/12/30") for year in COMMON_YEARS)


@pytest.mark.rule("X4")
def test_the_calendar_begins_with_the_year_one() -> None:
    assert is_date("0001/01/01")
    assert not is_date("0000/01/01")
    assert not is_date("0002/12/30")


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1360-06-06", "1360.06.06", "1360/6/6", "1360/06/6", "60/06/06", "01360/06/06"),
        *("13600606", "06/06/1360", " 1360/06/06", "1360/06/06 ", "1360/06/06\n", "1360/06/06 10:00"),
        *("+360/06/06", "1360/+6/06", "1360/ 6/06", "1360/00/10", "1360/13/01", "۱۳۶۰/۰۶/۰۶", "abcd/ef/gh"),
    ],
)
def test_anything_else_is_not_a_date(text: str) -> None:
    assert not is_date(text)


@pytest.mark.rule("X4")
@given(st.dates(date(1924, 3, 21), date(2036, 3, 20)))
def test_every_day_exists_in_a_calendar_with_the_33_year_rule(day: date) -> None:
    # 1 Farvardin 1303 was 21 March 1924.
    left, year = (day - date(1924, 3, 21)).days, 1303
    while left >= (length := 366 if year % 33 in {1, 5, 9, 13, 17, 22, 26, 30} else 365):
        left, year = left - length, year + 1
    month, of_month = (left // 31, left % 31) if left < 186 else (6 + (left - 186) // 30, (left - 186) % 30)
    assert is_date(f"{year}/{month + 1:02}/{of_month + 1:02}")
