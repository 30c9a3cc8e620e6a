"""Dates of the Jalali calendar (X4)."""

import re

_DATE = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})", re.ASCII)

# The 33-year rule: the leap years in each cycle of 33 years.
_LEAP_OF_33 = frozenset({1, 5, 9, 13, 17, 22, 26, 30})


def is_leap(year: int) -> bool:
    return year % 33 in _LEAP_OF_33


def month_length(year: int, month: int) -> int:
    """The days of a month: 31 in the first six, 30 in the next five, 29 or 30 in the last."""
    if month <= 6:
        return 31
    return 30 if month <= 11 or is_leap(year) else 29


def is_date(text: str) -> bool:
    """Whether `text` is an existing date, written `YYYY/MM/DD`."""
    match = _DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(group) for group in match.groups())
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= month_length(year, month)
