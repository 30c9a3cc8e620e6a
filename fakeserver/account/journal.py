"""The journal: every request to the service, its reply, and the reason for it.

The journal is bounded: the oldest entries are dropped and counted, and only the beginning of a long request
or reply is kept. An entry is written once, when the reply exists.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from typing import NamedTuple, TypeAlias

from fakeserver.account.packing import pack, unpack
from fakeserver.notation.params import Params, Value

ENTRIES_MAX = 10_000  # the default of the option `journal_max`
TEXT_MAX = 2_000  # characters of one value
PARAMETERS_MAX = 100  # of a request, and unread names
REPLY_MAX = 20_000  # bytes
REASON_MAX = 500  # characters

# A parameter that the action does not know (W11), and the known one that looks most like it.
Unread: TypeAlias = tuple[str, str | None]


class Entry(NamedTuple):
    """One request. `at_ms` is the account's time; `http` and `reply` are the status and the body that were
    sent, None when nothing was; `rule` and `reason` are the answer's, or those of the fault that took its
    place. `bug` describes the bug of this program that prevented an answer. `truncated` names the fields,
    `params` or `reply`, that hold only the beginning. `duration_us` is the time until the reply, including
    the delay of a fault.
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
    fault_id: int | None = None
    send_id: int | None = None
    http: int | None = None
    reply: bytes | None = None
    duration_us: int = 0
    bug: str | None = None
    truncated: tuple[str, ...] = ()


class Journal:
    """The newest `kept` entries, packed."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        self.last_id = 0
        self._cleared = 0
        self._packed: deque[bytes] = deque(maxlen=kept)

    @property
    def entries(self) -> list[Entry]:
        """All that are kept, oldest first."""
        return [Entry._make(unpack(packed)) for packed in self._packed]

    def matching(
        self, action: str | None, result: str | None, after: Callable[[int, int], bool]
    ) -> list[Entry]:
        """The entries with this action and this result, where they are not None, for whose id and time
        `after` returns true.
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
        """How many entries were dropped since the journal was last cleared."""
        return self.last_id - self._cleared - len(self._packed)

    @property
    def next_id(self) -> int:
        """The id of the entry that is added next."""
        return self.last_id + 1

    def add(self, entry: Entry) -> None:
        self._packed.append(pack(entry))
        self.last_id = entry.id

    def clear(self) -> None:
        self._packed.clear()
        self._cleared = self.last_id


def unread_parameters(params: Params, known: Collection[str]) -> tuple[Unread, ...]:
    """The parameters outside `known`, each with the known one that looks most like it."""
    names = params.unread(known)
    if not names:
        return ()
    return tuple([(name[:TEXT_MAX], nearest(name, known)) for name in names[:PARAMETERS_MAX]])


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name that looks most like `name`, if one does."""
    folded = {other.casefold(): other for other in known}
    near = get_close_matches(name[:64].casefold(), folded, n=1)
    return folded[near[0]] if near else None


def shortened(params: Params) -> dict[str, Value]:
    """The beginning of a long request; `params` itself when it is short."""
    if len(params) <= PARAMETERS_MAX:
        for name, value in params.items():
            if type(value) is not str or len(value) > TEXT_MAX or len(name) > TEXT_MAX:
                break
        else:
            return params
    room = TEXT_MAX if len(params) <= PARAMETERS_MAX // 10 else TEXT_MAX // 10
    kept = list(params.items())[:PARAMETERS_MAX]
    return {name[:room]: _short(value, room) for name, value in kept}


def _short(value: Value, room: int) -> Value:
    """A text cut to about `room` characters; an array or object cut to its first items, with a tenth of the
    room for each.
    """
    if isinstance(value, str) and len(value) > room:
        return f"{value[:room]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_short(item, room // 10) for item in value[:PARAMETERS_MAX]]
    if isinstance(value, dict):
        items = list(value.items())[:PARAMETERS_MAX]
        return {name[: max(64, room // 10)]: _short(item, room // 10) for name, item in items}
    return value
