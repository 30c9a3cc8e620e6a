"""The life of a message: the two statuses, the fourteen legal pairs, and the graph between them (L1).

The guide states the meanings of the statuses. Which pairs exist, and which may follow which, is this
project's reading of them.
"""

from enum import IntEnum
from typing import NamedTuple


class ProcessingStatus(IntEnum):
    AWAITING = 0  # being processed
    QUEUED = 1  # queued for the telecom
    SENT = 2  # sent to the telecom
    SCHEDULED = 3  # to be sent later
    RETURNED = 4  # processing failed, the cost was refunded
    CANCELLED = 5  # by the user or the monitoring team


class SendStatus(IntEnum):
    CANCELLED = -2
    WAITING = -1  # no status yet, or waiting to be sent
    AT_TELECOM = 0  # sent to the telecom, which has not answered
    REACHED = 1  # the telecom declares success, the outcome is unknown
    UNREACHED = 2  # did not reach the telecom properly
    DELIVERED = 3
    UNDELIVERED = 4
    BLACKLISTED = 5
    EXPIRED = 6  # the telecom no longer tracks it
    REJECTED = 7  # by the operator


class StatusPair(NamedTuple):
    """The two statuses of a receiver, as reportSend gives them."""

    processing: ProcessingStatus
    send: SendStatus


SCHEDULED = StatusPair(ProcessingStatus.SCHEDULED, SendStatus.WAITING)
AWAITING = StatusPair(ProcessingStatus.AWAITING, SendStatus.WAITING)
QUEUED = StatusPair(ProcessingStatus.QUEUED, SendStatus.WAITING)
HANDED = StatusPair(ProcessingStatus.SENT, SendStatus.WAITING)
AT_TELECOM = StatusPair(ProcessingStatus.SENT, SendStatus.AT_TELECOM)
REACHED = StatusPair(ProcessingStatus.SENT, SendStatus.REACHED)
UNREACHED = StatusPair(ProcessingStatus.SENT, SendStatus.UNREACHED)
DELIVERED = StatusPair(ProcessingStatus.SENT, SendStatus.DELIVERED)
UNDELIVERED = StatusPair(ProcessingStatus.SENT, SendStatus.UNDELIVERED)
BLACKLISTED = StatusPair(ProcessingStatus.SENT, SendStatus.BLACKLISTED)
EXPIRED = StatusPair(ProcessingStatus.SENT, SendStatus.EXPIRED)
REJECTED = StatusPair(ProcessingStatus.SENT, SendStatus.REJECTED)
RETURNED = StatusPair(ProcessingStatus.RETURNED, SendStatus.UNREACHED)
CANCELLED = StatusPair(ProcessingStatus.CANCELLED, SendStatus.CANCELLED)

# How each pair is named for people.
STATUS_WORDS = {
    SCHEDULED: "scheduled",
    AWAITING: "awaiting",
    QUEUED: "queued",
    HANDED: "handed over",
    AT_TELECOM: "at the telecom",
    REACHED: "reached",
    UNREACHED: "unreached",
    DELIVERED: "delivered",
    UNDELIVERED: "undelivered",
    BLACKLISTED: "blacklisted",
    EXPIRED: "expired",
    REJECTED: "rejected",
    RETURNED: "returned",
    CANCELLED: "cancelled",
}

TRANSITIONS: dict[StatusPair, tuple[StatusPair, ...]] = {
    SCHEDULED: (AWAITING, QUEUED, CANCELLED),
    AWAITING: (QUEUED, RETURNED, CANCELLED),
    QUEUED: (HANDED, RETURNED, CANCELLED),
    HANDED: (AT_TELECOM, UNREACHED, REJECTED),
    AT_TELECOM: (REACHED, UNREACHED, BLACKLISTED, REJECTED),
    REACHED: (DELIVERED, UNDELIVERED, EXPIRED),
    UNREACHED: (QUEUED, RETURNED),
    DELIVERED: (),
    UNDELIVERED: (),
    BLACKLISTED: (),
    EXPIRED: (),
    REJECTED: (),
    RETURNED: (),
    CANCELLED: (),
}

STARTS = (SCHEDULED, AWAITING, QUEUED)
FINAL = tuple(pair for pair, following in TRANSITIONS.items() if not following)
REFUNDED = (RETURNED, CANCELLED)


def shortest_path(start: StatusPair, end: StatusPair, *, tries_left: bool) -> tuple[StatusPair, ...] | None:
    """The pairs after `start` up to `end` along the graph; empty when the two are equal, None when `end`
    can no longer be reached. Unless `tries_left`, no further attempt follows a failed one (L2).
    """
    paths: list[tuple[StatusPair, ...]] = [()]
    seen = {start}
    for path in paths:
        here = path[-1] if path else start
        if here == end:
            return path
        for following in TRANSITIONS[here]:
            retry = (here, following) == (UNREACHED, QUEUED)
            if following not in seen and (tries_left or not retry):
                seen.add(following)
                paths.append((*path, following))
    return None
