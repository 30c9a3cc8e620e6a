"""How many parts a text takes (M1)."""

import re
from collections.abc import Callable
from typing import NamedTuple

from fakeserver.spec.alphabet import CAPACITY, GSM_DEFAULT, GSM_EXTENSION, Alphabet

ESCAPE = "\x1b"
_LATIN = frozenset(GSM_DEFAULT + GSM_EXTENSION)
_EXTENSION = re.compile(f"[{re.escape(GSM_EXTENSION)}]")


class TextSize(NamedTuple):
    """A text's alphabet, its length (septets or UTF-16 code units) and its number of parts."""

    alphabet: Alphabet
    units: int
    parts: int


def measure(text: str) -> TextSize:
    """The size of `text`; no part ends inside an escape pair or a surrogate pair (M1)."""
    if _LATIN.issuperset(text):
        return _measure_latin(text)
    return _measure_unicode(text)


def _measure_latin(text: str) -> TextSize:
    septets = _EXTENSION.sub(ESCAPE + r"\g<0>", text)
    parts = _count_parts(len(septets), Alphabet.LATIN, lambda last: septets[last] == ESCAPE)
    return TextSize(Alphabet.LATIN, len(septets), parts)


def _measure_unicode(text: str) -> TextSize:
    encoded = text.encode("utf-16-be", "surrogatepass")
    units = len(encoded) // 2
    parts = _count_parts(units, Alphabet.UNICODE, lambda last: 0xD8 <= encoded[2 * last] <= 0xDB)
    return TextSize(Alphabet.UNICODE, units, parts)


def _count_parts(length: int, alphabet: Alphabet, begins_pair: Callable[[int], bool]) -> int:
    """Fill part after part. The first unit of a pair never ends a part; it begins the next one."""
    single, joined = CAPACITY[alphabet]
    if length <= single:
        return 1
    parts, position = 0, 0
    while position < length:
        position += joined
        if position < length and begins_pair(position - 1):
            position -= 1
        parts += 1
    return parts
