"""Parsing of JSON values in a reply. Each function returns a typed value or raises `ParseError`. No I/O.

Rule 1: `"1"` and `1` mean the same, and so do `"true"` and `true` (W3). `true` and `1.0` are not integers.
Rule 2: an integer has at most 64 ASCII digits (W12) and may have a leading minus sign (W15).
Rule 3: an error message names the member and never quotes its value, which might contain the API key.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import IntEnum

    CodeT = TypeVar("CodeT", bound=IntEnum)

ValueT = TypeVar("ValueT")
JsonObject: TypeAlias = dict[str, object]

MAX_DIGITS: Final = 64
_INTEGER: Final = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}")


class ParseError(Exception):
    """The reason why a reply or a member of it cannot be parsed. Does not leave this package."""


def parse_json(text: str) -> object:
    """Parse a JSON document. If an object has a name twice, the last value counts."""
    try:
        return json.loads(text, parse_int=_parse_json_integer, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ParseError("the body is not JSON") from None


def parse_object(value: object, name: str) -> JsonObject:
    if not isinstance(value, dict):
        raise ParseError(f"{name} is not an object")
    return value


def parse_array(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise ParseError(f"{name} is not an array")
    return value


def parse_member(members: JsonObject, path: str, parse: Callable[[object, str], ValueT]) -> ValueT:
    """Parse the member at a path: a name, or names separated by dots, such as `data.credit` (C2)."""
    *parents, name = path.split(".")
    for parent in parents:
        members = parse_member(members, parent, parse_object)
    if name not in members:
        raise ParseError(f"{name} is missing")
    return parse(members[name], name)


def parse_int(value: object, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    raise ParseError(f"{name} is not an integer of at most {MAX_DIGITS} digits")


def parse_bool(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ParseError(f"{name} is neither true nor false")


def parse_text(value: object, name: str) -> str:
    """Parse a string. Replace lone surrogates with U+FFFD, so that the result can be printed and encoded."""
    if not isinstance(value, str):
        raise ParseError(f"{name} is not a string")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parse_code(enum: type[CodeT], value: object, name: str) -> CodeT:
    """Parse an integer that is a member of the enumeration."""
    code = parse_int(value, name)
    try:
        return enum(code)
    except ValueError:
        raise ParseError(f"{name} is not a known {enum.__name__}") from None


def _parse_json_integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > MAX_DIGITS:
        raise ParseError(f"the body contains an integer of more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse_constant(_: str) -> object:
    raise ParseError("the body contains NaN or Infinity, which is not JSON")
