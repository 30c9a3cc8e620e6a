"""Reading one member of a reply: a value of the domain, or `MemberError` with the reason. No I/O.

Rule 1: `"1"` and `1`, `"true"` and `true` mean the same (W3, section 17); `true` and 1.0 are no
whole numbers.
Rule 2: whole numbers are ASCII digits with an optional minus (W15), 64 at most (W12).
Rule 3: a reason names the member and never quotes what the panel wrote.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from enum import IntEnum

    CodeT = TypeVar("CodeT", bound=IntEnum)

Members: TypeAlias = dict[str, object]

MAX_DIGITS: Final = 64
_WHOLE: Final = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}")


class MemberError(Exception):
    """Why a reply, or a member of it, cannot be read. Never leaves the package."""


def document(text: str) -> object:
    """The JSON value in a text; duplicate names count once, the last one."""
    try:
        return json.loads(text, parse_int=_bounded, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise MemberError("it is not JSON") from None


def members_of(value: object, name: str) -> Members:
    """The members of a JSON object."""
    if not isinstance(value, dict):
        raise MemberError(f"{name} is not an object")
    return value


def items_of(value: object, name: str) -> list[object]:
    """The items of a JSON array."""
    if not isinstance(value, list):
        raise MemberError(f"{name} is not an array")
    return value


def take(members: Members, name: str) -> object:
    """The member of that name."""
    if name not in members:
        raise MemberError(f"{name} is missing")
    return members[name]


def at_path(members: Members, path: str) -> object:
    """The member at a dotted path, `data.credit` (C2)."""
    value: object = members
    for name in path.split("."):
        value = take(members_of(value, path), name)
    return value


def whole(value: object, name: str) -> int:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise MemberError(f"{name} is not a whole number of at most {MAX_DIGITS} digits")


def flag(value: object, name: str) -> bool:
    """A boolean."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise MemberError(f"{name} is neither true nor false")


def words(value: object, name: str) -> str:
    """A text; half a surrogate pair in it (a torn emoji) becomes U+FFFD, so that it can be printed."""
    if not isinstance(value, str):
        raise MemberError(f"{name} is not a text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def coded(kind: type[CodeT], value: object, name: str) -> CodeT:
    """A code of that kind."""
    number = whole(value, name)
    try:
        return kind(number)
    except ValueError:
        raise MemberError(f"{name} has a code that the protocol does not know") from None


def _bounded(digits: str) -> int:
    if len(digits.removeprefix("-")) > MAX_DIGITS:
        raise MemberError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _no_constant(_: str) -> object:
    raise MemberError("it holds NaN or Infinity, which is not JSON")
