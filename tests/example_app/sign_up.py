"""Sign-up: whoever knows the one-time code owns the number."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from .gateway import Gateway, OutcomeUnknown

LINE = "90001403"
PATTERN = 1001
VALID = timedelta(minutes=2)
TRIES = 3


@dataclass
class _Pending:
    code: str
    until: datetime
    tries_left: int = TRIES


class SignUp:
    def __init__(self, gateway: Gateway, clock: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._clock = clock
        self._pending: dict[str, _Pending] = {}

    def start(self, number: str) -> None:
        """Send a code, which replaces an earlier one. Raises Refused and Unavailable."""
        code = str(10_000 + secrets.randbelow(90_000))
        # Where the outcome is unknown the code may well arrive, so it counts; who has none asks again.
        with suppress(OutcomeUnknown):
            self._gateway.send_pattern(LINE, PATTERN, {"code": code}, number)
        self._pending[number] = _Pending(code, self._clock() + VALID)

    def confirm(self, number: str, code: str) -> bool:
        pending = self._pending.get(number)
        if not pending or not pending.tries_left or self._clock() >= pending.until:
            return False
        pending.tries_left -= 1
        if code != pending.code:
            return False
        del self._pending[number]
        return True
