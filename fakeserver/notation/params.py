"""The parameters of one request, as an action reads them (W9, W15).

A value is text, a list, an object, true, false or null. A JSON number is kept as its own text (W8), so `2`,
`"2"` and a form's `2` are equal here.
"""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from itertools import islice
from typing import TypeAlias

Value: TypeAlias = "str | bool | list[Value] | dict[str, Value] | None"

_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)

# More digits than any id has. Python refuses to convert numbers with thousands of digits.
_DIGITS_READ = 64

# A missing name is compared with this many names of the request, and this many characters of each.
_NAMES_COMPARED = 100
_NAME_COMPARED = 64


def whole_number(text: str) -> int | None:
    """The whole number in `text`: ASCII digits with an optional leading minus (W15); None for anything else.
    Only the first 65 digits are read; such a number is larger than any id.
    """
    if not _WHOLE.fullmatch(text):
        return None
    sign = "-" if text[0] == "-" else ""
    return int(sign + (text.lstrip("-").lstrip("0")[: _DIGITS_READ + 1] or "0"))


class Params(dict[str, Value]):
    """The decoded parameters: name → value. W9 applies only to these values, not to values inside them.

    `repeated` holds the names that were given more than once; the last value counts (W10).
    """

    repeated: tuple[str, ...] = ()

    def scalar(self, name: str) -> str | None:
        """The text of `name`; None when it is absent, empty, or not a scalar (W9)."""
        value = self.get(name)
        return value if value and isinstance(value, str) else None

    def text(self, name: str) -> str:
        """Like `scalar`, but the empty string in place of None."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def given(self, name: str) -> bool:
        """Whether `name` has any value, including a list or an object (W9)."""
        return self.get(name) not in (None, "")

    def absence(self, names: Iterable[str]) -> str | None:
        """Which of `names` are absent, and why; None when all are present."""
        for name in names:
            value = self.get(name)
            if not value or not isinstance(value, str):
                break
        else:
            return None
        return "; ".join([self._absence(name) for name in names if self.scalar(name) is None])

    def unread(self, known: Collection[str]) -> list[str]:
        """The given names that are not in `known` (W11)."""
        return [name for name in self if name not in known]

    def _absence(self, name: str) -> str:
        return f"`{name}` {self._why_absent(name)}"

    def _why_absent(self, name: str) -> str:
        if name not in self:
            given = {other[:_NAME_COMPARED].casefold(): other for other in islice(self, _NAMES_COMPARED)}
            near = get_close_matches(name.casefold(), given, n=1, cutoff=0.7)
            return f"is missing; did you misspell it as `{given[near[0]]}`?" if near else "is missing"
        value = self[name]
        if value is None or value == "":
            return "is empty, which counts as missing (W9)"
        kind = {bool: "true or false", list: "a list", dict: "an object"}[type(value)]
        return f"is {kind} where one value belongs, which counts as missing (W9)"
