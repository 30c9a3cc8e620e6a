"""The two alphabets of a text message and their sizes (M1).

The tables are those of GSM 03.38. A character of the default alphabet takes one septet; a character of the
extension table takes two (an escape and the character).
"""

from enum import StrEnum
from typing import NamedTuple


class Alphabet(StrEnum):
    LATIN = "latin"
    UNICODE = "unicode"


class Capacity(NamedTuple):
    """How many units (septets or UTF-16 code units) a part holds: as the only part, and as one of several."""

    single: int
    joined: int


CAPACITY = {Alphabet.LATIN: Capacity(160, 153), Alphabet.UNICODE: Capacity(70, 67)}

GSM_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = "\f^{}\\[~]|€"
