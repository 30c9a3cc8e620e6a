"""The outcomes that a receiver can have, named as in settings, fault rules and reserved receivers."""

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    DELIVERED = "delivered"  # ends (2,3)
    REACHED = "reached"  # stays (2,1)
    UNREACHED = "unreached"  # every attempt ends (2,2), then (4,2)
    UNDELIVERED = "undelivered"  # ends (2,4)
    BLACKLISTED = "blacklisted"  # ends (2,5)
    EXPIRED = "expired"  # ends (2,6), when its validity has passed
    REJECTED = "rejected"  # ends (2,7)
    HELD = "held"  # stays (0,-1)
    QUEUED = "queued"  # stays (1,-1)
    CANCELLED = "cancelled"  # ends (5,-2), one second after acceptance
    SCHEDULED = "scheduled"  # (3,-1) for one hour, then delivered


class ScriptedOutcome(NamedTuple):
    """The outcome of one receiver, decided in advance; `failures` attempts fail before it (L2)."""

    outcome: Outcome
    failures: int = 0
