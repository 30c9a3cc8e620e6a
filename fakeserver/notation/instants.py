"""Conversion between milliseconds since 1970 and `datetime`."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_datetime(at_ms: int) -> datetime:
    """The instant `at_ms` milliseconds after 1970-01-01, in UTC."""
    return EPOCH + timedelta(milliseconds=at_ms)


def from_datetime(at: datetime) -> int:
    """The instant in milliseconds since 1970; a time without an offset is taken as UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)
