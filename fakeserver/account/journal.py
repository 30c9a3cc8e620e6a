"""The journal: every request to the service, what it was answered, and why.

Bounded: the oldest entries make room and are counted, and of a long request or reply only the beginning
is kept.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from fakeserver.account.packing import pack, unpack
from fakeserver.notation.params import Params, Value

KEPT = 10_000  # entries, unless the server is told otherwise
KEPT_TEXT = 2_000  # characters of one value
KEPT_PARAMETERS = 100  # of a request, and unread names
KEPT_REPLY = 20_000  # bytes
KEPT_REASON = 500  # characters


class Unread(NamedTuple):
    """A parameter that nobody read (W11), and the one that may have been meant."""

    name: str
    did_you_mean: str | None


@dataclass(slots=True)
class Entry:
    """One request. `at_ms` is the account's time; `reply` is the body as it was sent, None when there was
    none; `rule` and `reason` are the answer's, or the fault's that prevented one. `bug`: what went wrong in
    this program itself, where that is why there is no answer. `truncated`: of which of `params` and `reply` only
    the beginning is kept. `duration_us` is how long the reply takes, the delay of a fault included.
    """

    id: int
    at_ms: int
    method: str
    content_type: str
    action: str
    params: dict[str, Value]
    unread: tuple[Unread, ...]
    rule: str
    reason: str
    result: str
    fault_id: int | None
    send_id: int | None
    http: int | None = None
    reply: bytes | None = None
    duration_us: int = 0
    bug: str | None = None
    truncated: tuple[str, ...] = ()

    def replied(self, http: int, body: bytes) -> None:
        """This was sent."""
        self.http, self.reply = http, body[:KEPT_REPLY]
        if len(body) > KEPT_REPLY:
            self.truncated += ("reply",)


class Journal:
    """The newest `kept` entries, packed but for the last one, of which more becomes known at once."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        self.last_id = 0
        self._cleared = 0
        self._packed: deque[bytes] = deque(maxlen=kept - 1)
        self._last: Entry | None = None

    @property
    def entries(self) -> list[Entry]:
        """All that are kept, oldest first."""
        packed = [_unpacked(packed) for packed in self._packed]
        return packed if self._last is None else [*packed, self._last]

    def matching(
        self, action: str | None, result: str | None, after: Callable[[int, int], bool]
    ) -> list[Entry]:
        """Those with this action and this result, where one is asked for, and with an id and a time that
        are `after` something.
        """
        return [
            entry
            for entry in self.entries
            if (action is None or entry.action == action)
            and (result is None or entry.result == result)
            and after(entry.id, entry.at_ms)
        ]

    @property
    def dropped(self) -> int:
        """How many entries have made room for others since the journal was last cleared."""
        return self.last_id - self._cleared - len(self._packed) - (self._last is not None)

    def next_id(self) -> int:
        """The id of the entry that is added next."""
        return self.last_id + 1

    def add(self, entry: Entry) -> None:
        if self._last is not None:
            self._packed.append(_packed(self._last))
        self._last = entry
        self.last_id = entry.id

    def clear(self) -> None:
        self._packed.clear()
        self._last = None
        self._cleared = self.last_id


def _packed(entry: Entry) -> bytes:
    row = (
        entry.id,
        entry.at_ms,
        entry.method,
        entry.content_type,
        entry.action,
        dict(entry.params),
        tuple(map(tuple, entry.unread)),
        entry.rule,
        entry.reason,
        entry.result,
        entry.fault_id,
        entry.send_id,
        entry.http,
        entry.reply,
        entry.duration_us,
        entry.bug,
        entry.truncated,
    )
    return pack(row)


def _unpacked(packed: bytes) -> Entry:
    entry = Entry(*unpack(packed))
    entry.unread = tuple(Unread(*item) for item in entry.unread)
    return entry


def unread(params: Params, known: Collection[str]) -> tuple[Unread, ...]:
    """The parameters outside `known`, each with the known one that looks most like it."""
    names = params.unread(known)
    if not names:
        return ()
    return tuple([Unread(name[:KEPT_TEXT], nearest(name, known)) for name in names[:KEPT_PARAMETERS]])


def nearest(name: str, known: Iterable[str]) -> str | None:
    folded = {other.casefold(): other for other in known}
    near = get_close_matches(name[:64].casefold(), folded, n=1)
    return folded[near[0]] if near else None


def shortened(params: Params) -> dict[str, Value]:
    """The beginning of a long request; the same object when it is short."""
    if len(params) <= KEPT_PARAMETERS:
        for name, value in params.items():
            if type(value) is not str or len(value) > KEPT_TEXT or len(name) > KEPT_TEXT:
                break
        else:
            return params
    room = KEPT_TEXT if len(params) <= KEPT_PARAMETERS // 10 else KEPT_TEXT // 10
    kept = list(params.items())[:KEPT_PARAMETERS]
    return {name[:room]: _short(value, room) for name, value in kept}


def _short(value: Value, room: int) -> Value:
    """A text of at most about `room` characters; of an array the first items, ever shorter inside."""
    if isinstance(value, str) and len(value) > room:
        return f"{value[:room]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_short(item, room // 10) for item in value[:KEPT_PARAMETERS]]
    if isinstance(value, dict):
        items = list(value.items())[:KEPT_PARAMETERS]
        return {name[: max(64, room // 10)]: _short(item, room // 10) for name, item in items}
    return value
