"""An alarm for a low credit."""

from collections.abc import Callable

from .gateway import Gateway


class CreditAlarm:
    """Calls `alarm` once when the credit falls below the threshold, in rials, and again only after it was
    topped up.
    """

    def __init__(self, gateway: Gateway, threshold: int, alarm: Callable[[int], object]) -> None:
        self._gateway = gateway
        self._threshold = threshold
        self._alarm = alarm
        self._armed = True

    def check(self) -> None:
        credit = self._gateway.credit()
        low = credit < self._threshold
        if low and self._armed:
            self._alarm(credit)
        self._armed = not low
