"""Notices to customers, one message each."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto

from .gateway import Gateway, OutcomeUnknown, Unavailable

LINE = "30001403"
PAUSES = (1, 5, 25)  # seconds before the second, third and fourth attempt


class Delivery(StrEnum):
    WAITING = auto()
    DELIVERED = auto()
    UNDELIVERED = auto()
    BLACKLISTED = auto()
    EXPIRED = auto()
    REJECTED = auto()
    CANCELLED = auto()
    REFUNDED = auto()  # it could not be sent, and its cost was refunded
    ARCHIVED = auto()  # the panel does not report it any more
    UNKNOWN = auto()  # the outcome is unknown, and without a sendID it cannot be requested


@dataclass
class Notice:
    number: str
    send_id: str = ""
    delivery: Delivery = Delivery.WAITING


class Notices:
    def __init__(self, gateway: Gateway, pause: Callable[[float], object] = time.sleep) -> None:
        self.sent: list[Notice] = []
        self._gateway = gateway
        self._pause = pause

    def notify(self, number: str, text: str) -> Notice:
        """Send a notice. Raises Refused, and Unavailable after the last attempt; nothing was sent then."""
        try:
            notice = Notice(number, self._send(number, text))
        except OutcomeUnknown:
            # Another attempt might send the notice twice.
            notice = Notice(number, delivery=Delivery.UNKNOWN)
        self.sent.append(notice)
        return notice

    def _send(self, number: str, text: str) -> str:
        for seconds in PAUSES:
            try:
                return self._gateway.send(LINE, text, number)
            except Unavailable:
                self._pause(seconds)
        return self._gateway.send(LINE, text, number)
