"""The two alphabets of a text message and their sizes (M1).

The tables are those of GSM 03.38: the default alphabet counts one septet a character, the extension
table two (an escape and the character).
"""

from enum import StrEnum
from typing import NamedTuple


class Alphabet(StrEnum):
    LATIN = "latin"
    UNICODE = "unicode"


class Capacity(NamedTuple):
    """How much one part holds: alone, and as one of several. Septets or UTF-16 code units."""

    single: int
    joined: int


CAPACITY = {Alphabet.LATIN: Capacity(160, 153), Alphabet.UNICODE: Capacity(70, 67)}

GSM_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = "\f^{}\\[~]|€"
