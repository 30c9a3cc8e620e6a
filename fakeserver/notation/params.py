"""The parameters of one request, as an action reads them (W9, W15).

Values are what the body held: text, a list, an object, true, false or null. A JSON number has been
kept as its own text (W8), so that `2`, `"2"` and a form's `2` are one thing here.
"""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from itertools import islice
from typing import TypeAlias

Value: TypeAlias = "str | bool | list[Value] | dict[str, Value] | None"

_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)

# Beyond every id and every range here; Python itself does not read a number of any length.
_DIGITS_READ = 64

# Of a request's names, how many are looked at for one that may have been meant.
_NAMES_COMPARED = 100
_NAME_COMPARED = 64  # characters of each


def whole_number(text: str) -> int | None:
    """The whole number that `text` writes: ASCII digits, an optional leading minus (W15). One of more than
    64 digits is cut to its first 65, which is as far from everything that exists.
    """
    if not _WHOLE.fullmatch(text):
        return None
    sign = "-" if text[0] == "-" else ""
    return int(sign + (text.lstrip("-").lstrip("0")[: _DIGITS_READ + 1] or "0"))


class Params(dict[str, Value]):
    """Name → value, as decoded. Only top-level values have W9's notion of absence.

    `repeated`: the names that were given more than once, of which the last counts (W10).
    """

    repeated: tuple[str, ...] = ()

    def scalar(self, name: str) -> str | None:
        """The text of `name`; None when it is absent, empty, or no scalar (W9)."""
        value = self.get(name)
        return value if value and isinstance(value, str) else None

    def text(self, name: str) -> str:
        """`scalar`, with empty text for absence: for where absence has been refused, or means nothing."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def given(self, name: str) -> bool:
        """Whether `name` holds anything at all, a list or an object too (W9)."""
        return self.get(name) not in (None, "")

    def absence(self, names: Iterable[str]) -> str | None:
        """Which of `names` are absent, and why each counts as absent; None when all are there."""
        for name in names:
            value = self.get(name)
            if not value or not isinstance(value, str):
                break
        else:
            return None
        return "; ".join([self._absence(name) for name in names if self.scalar(name) is None])

    def unread(self, known: Collection[str]) -> list[str]:
        """The names that were given and that nobody reads (W11)."""
        return [name for name in self if name not in known]

    def _absence(self, name: str) -> str:
        return f"`{name}` {self._why_absent(name)}"

    def _why_absent(self, name: str) -> str:
        if name not in self:
            given = {other[:_NAME_COMPARED].casefold(): other for other in islice(self, _NAMES_COMPARED)}
            near = get_close_matches(name.casefold(), given, n=1, cutoff=0.7)
            return f"is missing; did you mean it by `{given[near[0]]}`?" if near else "is missing"
        value = self[name]
        if value is None or value == "":
            return "is empty, which counts as missing (W9)"
        kind = {bool: "true or false", list: "a list", dict: "an object"}[type(value)]
        return f"is {kind} where one value belongs, which counts as missing (W9)"
