"""One-time codes in a text: runs of 4 to 8 digits, Latin, Persian or Arabic."""

import re

_RUN = re.compile(r"[0-9۰-۹٠-٩]+")
_TO_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
SHORTEST, LONGEST = 4, 8


def codes_in(text: str) -> list[str]:
    """The codes as ASCII digits, in the order of the text."""
    runs = _RUN.findall(text)
    return [run.translate(_TO_ASCII) for run in runs if SHORTEST <= len(run) <= LONGEST]
