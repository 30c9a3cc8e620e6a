"""Sign-up with a one-time code, which proves that the number is the customer's."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from .gateway import Gateway, OutcomeUnknown

LINE = "90001403"
PATTERN = 1001
VALID = timedelta(minutes=2)
ATTEMPTS = 3


@dataclass
class _Pending:
    code: str
    until: datetime
    attempts_left: int = ATTEMPTS


class SignUp:
    def __init__(self, gateway: Gateway, clock: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._clock = clock
        self._pending: dict[str, _Pending] = {}

    def start(self, number: str) -> None:
        """Send a code, which replaces an earlier one. Raises Refused and Unavailable."""
        code = str(10_000 + secrets.randbelow(90_000))
        # If the outcome is unknown the code may still arrive, so it stays valid.
        with suppress(OutcomeUnknown):
            self._gateway.send_pattern(LINE, PATTERN, {"code": code}, number)
        self._pending[number] = _Pending(code, self._clock() + VALID)

    def confirm(self, number: str, code: str) -> bool:
        pending = self._pending.get(number)
        if not pending or not pending.attempts_left or self._clock() >= pending.until:
            return False
        pending.attempts_left -= 1
        if code != pending.code:
            return False
        del self._pending[number]
        return True
