"""The query parameters of a control request: each is read by name, and the rest is refused."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from aiohttp import web

from fakeserver.notation.instants import from_datetime
from fakeserver.web.control.problem import control_error

WAIT_MAX = 60  # real seconds
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Since:
    """An entry's id or a time; without either, every entry is after it."""

    id: int = 0
    at_ms: int | None = None

    def is_before(self, entry_id: int, at_ms: int) -> bool:
        return entry_id > self.id and (self.at_ms is None or at_ms > self.at_ms)


class Query:
    def __init__(self, request: web.Request) -> None:
        self._given = dict(request.query)
        self._asked: list[str] = []

    def text(self, name: str) -> str | None:
        self._asked.append(name)
        return self._given.pop(name, None)

    def whole(self, name: str, *, least: int = 0) -> int | None:
        given = self.text(name)
        if given is None:
            return None
        if not _WHOLE.fullmatch(given) or int(given) < least:
            raise control_error(400, f"should be a whole number from {least}; it is {given[:40]!r}", name)
        return int(given)

    def number(self, name: str) -> int | None:
        """A whole number that may be negative, such as a status."""
        given = self.text(name)
        if given is None:
            return None
        if not _WHOLE.fullmatch(given.removeprefix("-")):
            raise control_error(400, f"should be a whole number; it is {given[:40]!r}", name)
        return int(given)

    def seconds(self, name: str) -> float | None:
        given = self.text(name)
        if given is None:
            return None
        if not _SECONDS.fullmatch(given) or float(given) > WAIT_MAX:
            raise control_error(400, f"should be seconds from 0 to {WAIT_MAX}; it is {given[:40]!r}", name)
        return float(given)

    def id_or_time(self, name: str) -> Since:
        """The id of an entry, or an ISO 8601 time."""
        given = self.text(name)
        if given is None:
            return Since()
        if _WHOLE.fullmatch(given):
            return Since(id=int(given))
        return Since(at_ms=instant(given, name, "the id of an entry, or an ISO 8601 time"))

    def refuse_rest(self) -> None:
        """Refuse every parameter that was not read."""
        for name in self._given:
            near = get_close_matches(name, self._asked, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(self._asked) or 'none'}"
            raise control_error(400, f"unknown query parameter; {hint}", name[:80])


def instant(text: str, member: str, what: str = "an ISO 8601 time") -> int:
    """An ISO 8601 time as milliseconds since 1970, in UTC unless it has an offset. `what` says in an error
    what is expected.
    """
    try:
        return from_datetime(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise control_error(400, f"should be {what}; it is {text[:40]!r}", member) from None
