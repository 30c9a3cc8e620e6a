"""Custom fields of contacts: the notation of `cFields` (X7), and the values that a field accepts (X4)."""

import re
from collections.abc import Collection

from fakeserver.notation.jalali import is_date
from fakeserver.notation.params import Value
from fakeserver.notation.strict_json import NotJson, loads

TEXT_MAX = 255
_NUMBER = re.compile(r"-?[0-9]{1,64}(\.[0-9]{1,64})?", re.ASCII)
_CURLY_QUOTES = str.maketrans(dict.fromkeys("“”„", '"'))

# Linear on any text: the quantifiers are possessive, and an unclosed string runs to the end.
_STRING_OR_BARE_KEY = re.compile(
    r'"(?:[^"\\]++|\\.)*+"?|(?<![A-Za-z0-9_])([A-Za-z0-9_]++)(?=\s*+:)', re.ASCII | re.DOTALL
)


def value_problem(kind: str, value: str, options: Collection[str] = ()) -> str | None:
    """Why a field of that kind (text, number, date or choice) refuses `value`; None if it does not (X4)."""
    if kind == "date":
        return None if is_date(value) else "is not a valid Jalali date YYYY/MM/DD"
    if kind == "number":
        return None if _NUMBER.fullmatch(value) else "is not a number"
    if kind == "choice":
        return None if value in options else f"is not one of {', '.join(options)}"
    if not value.strip():
        return "is blank"
    return None if len(value) <= TEXT_MAX else f"has more than {TEXT_MAX} characters"


def parse_custom_fields(given: Value) -> dict[str, Value] | None:
    """The values of `cFields` by field id, from an object in a JSON body or from text. None when it is not an
    object in either notation (X7).
    """
    if isinstance(given, str):
        given = _parse_text(given)
    return given if isinstance(given, dict) else None


def _parse_text(text: str) -> Value:
    for notation in (text, _as_strict_json(text)):
        try:
            return loads(notation)
        except NotJson:
            continue
    return None


def _as_strict_json(text: str) -> str:
    """The guide's notation as strict JSON: curly quotes made straight, bare keys quoted."""
    return _STRING_OR_BARE_KEY.sub(
        lambda match: f'"{match[1]}"' if match[1] else match[0], text.translate(_CURLY_QUOTES)
    )
