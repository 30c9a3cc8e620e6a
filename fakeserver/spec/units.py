"""Whole numbers with a unit, as types of their own, so that a type checker keeps them apart."""

from typing import NewType

RealMs = NewType("RealMs", int)
"""Real time: milliseconds since 1970-01-01 (UTC)."""

AccountMs = NewType("AccountMs", int)
"""Time of an account's clock: milliseconds since 1970-01-01 (UTC)."""

Rials = NewType("Rials", int)
"""Money. The panel knows no fractions of a rial."""
