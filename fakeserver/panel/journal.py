"""The journal: every request to the service, what it was answered, and why.

Bounded: the oldest entries make room and are counted, and of a long text only the beginning is kept.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from fakeserver.panel.params import Params, Value

KEPT = 10_000  # entries, unless the server is told otherwise
KEPT_TEXT = 2_000  # characters of one value


class Unread(NamedTuple):
    """A parameter that nobody read (W11), and the one that may have been meant."""

    name: str
    did_you_mean: str | None


@dataclass(slots=True)
class Entry:
    """One request. `at_ms` is the account's time; `reply` is the body as it was sent, None when there was
    none; `rule` and `reason` are the answer's, or the fault's that prevented one.
    """

    id: int
    at_ms: int
    method: str
    content_type: str
    action: str
    params: Params
    unread: tuple[Unread, ...]
    rule: str
    reason: str
    result: str
    fault_id: int | None
    send_id: int | None
    http: int | None = None
    reply: bytes | None = None
    duration_us: int = 0


class Journal:
    def __init__(self, kept: int) -> None:
        self.entries: deque[Entry] = deque(maxlen=kept)
        self._last_id = 0
        self._cleared = 0

    @property
    def dropped(self) -> int:
        """How many entries have made room for others since the journal was last cleared."""
        return self._last_id - self._cleared - len(self.entries)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def clear(self) -> None:
        self.entries.clear()
        self._cleared = self._last_id


def unread(params: Params, known: tuple[str, ...]) -> tuple[Unread, ...]:
    """The parameters outside `known`, each with the known one that looks most like it."""
    names = params.unread(known)
    return tuple(Unread(name, nearest(name, known)) for name in names) if names else ()


def nearest(name: str, known: Iterable[str]) -> str | None:
    folded = {other.casefold(): other for other in known}
    near = get_close_matches(name[:64].casefold(), folded, n=1)
    return folded[near[0]] if near else None


def shortened(params: Params) -> Params:
    """The parameters with their long texts cut; the same object when none is long."""
    if all(type(value) is str and len(value) <= KEPT_TEXT for value in params.values()):
        return params
    return Params({name[:KEPT_TEXT]: _short(value) for name, value in params.items()})


def _short(value: Value) -> Value:
    if isinstance(value, str) and len(value) > KEPT_TEXT:
        return f"{value[:KEPT_TEXT]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_short(item) for item in value[:KEPT_TEXT]]
    if isinstance(value, dict):
        return {name[:KEPT_TEXT]: _short(item) for name, item in list(value.items())[:KEPT_TEXT]}
    return value
