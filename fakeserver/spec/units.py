"""Distinct types for whole numbers with a unit; a type checker keeps them apart."""

from typing import NewType

RealMs = NewType("RealMs", int)
"""Real time: milliseconds since 1970-01-01 (UTC)."""

AccountMs = NewType("AccountMs", int)
"""Time of an account's clock: milliseconds since 1970-01-01 (UTC)."""

Rials = NewType("Rials", int)
"""Money, in whole rials."""
