"""JSON as the panel reads it (W8, W12): strict, with numbers kept as text.

Strict means: no NaN or Infinity, no nesting deeper than 64, no number of more than 64 digits, no lone
surrogate. A number becomes its own text, so it is read like the same parameter in a form, and no digit is
lost.
"""

import json
import re
from typing import Any

from fakeserver.notation.params import Value

DEPTH_MAX = 64
DIGITS_MAX = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotJson(ValueError):
    """The panel does not read this text as JSON; the message says why."""


def _number(literal: str) -> str:
    if sum(character.isdigit() for character in literal) > DIGITS_MAX:
        raise NotJson(f"a number of more than {DIGITS_MAX} digits")
    return literal


def _constant(name: str) -> str:
    raise NotJson(f"{name} is not a JSON value")


_decode = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_constant).decode


def loads(text: str) -> Value:
    """Parse `text`, which must not itself contain lone surrogates. Raises NotJson."""
    try:
        value: Any = _decode(text)
    except NotJson:
        raise
    except RecursionError:
        raise NotJson(f"nested deeper than {DEPTH_MAX}") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"not JSON: {error}") from None
    # Only such texts can hold a lone surrogate or nest too deeply.
    if "\\ud" in text or "\\uD" in text or text.count("[") + text.count("{") > DEPTH_MAX:
        _check(value)
    return value  # type: ignore[no-any-return]


def _check(value: Value) -> None:
    """Check every value, level by level."""
    level, depth = [value], 0
    while level:
        deeper: list[Value] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, dict):
                deeper.extend(item)
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
        depth += any(isinstance(item, dict | list) for item in level)
        if depth > DEPTH_MAX:
            raise NotJson(f"nested deeper than {DEPTH_MAX}")
        level = deeper


def _check_text(text: str) -> None:
    if _SURROGATE.search(text):
        raise NotJson("a lone surrogate, which is not text")
