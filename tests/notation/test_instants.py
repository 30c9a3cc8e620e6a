"""Milliseconds since 1970 and dates."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from fakeserver.notation.instants import from_datetime, to_datetime


@pytest.mark.parametrize(
    ("at", "at_ms"),
    [
        (datetime(1970, 1, 1, 0, 0, 1, 2_999, tzinfo=UTC), 1002),
        (datetime(1970, 1, 1, 0, 0, 1), 1000),  # noqa: DTZ001 - without an offset on purpose
        (datetime(1970, 1, 1, 3, 30, 1, tzinfo=timezone(timedelta(hours=3, minutes=30))), 1000),
    ],
)
def test_a_date_without_an_offset_is_utc(at: datetime, at_ms: int) -> None:
    assert from_datetime(at) == at_ms


def test_an_instant_is_a_date_in_utc() -> None:
    assert to_datetime(1002) == datetime(1970, 1, 1, 0, 0, 1, 2000, tzinfo=UTC)
