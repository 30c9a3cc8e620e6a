"""Mobile numbers and lists of receivers (F)."""

import re
from typing import NamedTuple

MOBILE = re.compile(r"(?:\+98|0098|98|0)?(9[0-9]{9})", re.ASCII)

# The common case: a list of receivers in the guide's notation, which need not be parsed one by one.
PLAIN_LIST = re.compile(r"9[0-9]{9}(?:,9[0-9]{9})*", re.ASCII)


def mobile_number(text: str) -> str | None:
    """The ten digits of a mobile number in any of its notations (F1, F2); None for anything else."""
    match = MOBILE.fullmatch(text)
    return match[1] if match else None


def normalised(text: str) -> str:
    """A sender as the panel shows it: a mobile number as ten digits, any other name as it is (I3)."""
    return mobile_number(text) or text


def number_problem(text: str) -> str:
    """Why a text is not a mobile number (F3)."""
    if not text:
        return "is empty"
    if any(character.isdigit() and not character.isascii() for character in text):
        return "has Persian or other non-ASCII digits; the panel reads 0-9 only"
    if "،" in text or ";" in text:
        return "is separated by something other than a comma"
    if re.search(r"[\s-]", text):
        return "has a blank or a dash inside"
    if not re.fullmatch(r"\+?[0-9]+", text, re.ASCII):
        return "has characters other than digits"
    return _fault_of_digits(text)


def _fault_of_digits(text: str) -> str:
    local = re.sub(r"^(\+98|0098|98(?=9|[0-9]{10}$)|0)", "", text)
    if not local.startswith("9"):
        return "does not begin with 9 after the prefix, as a mobile number does"
    return f"has {len(local)} digits after the prefix where a mobile number has 10"


class BadReceiver(NamedTuple):
    """A receiver that is not a number: its place (from 1) and its text."""

    place: int
    text: str


class Receivers(NamedTuple):
    """The items of a `receivers` parameter.

    `numbers` are normalised, each once, in the order of the request (F4, F5, F6); `bad` are the items that
    are not numbers; `places` has every item in the order of the request, None for a bad one (B8).
    """

    numbers: tuple[str, ...]
    bad: tuple[BadReceiver, ...] = ()
    places: tuple[str | None, ...] = ()

    def refusal(self, *, skip_bad: bool) -> str | None:
        """Why a message to these receivers is refused; None when it is not (S5, P3, O3)."""
        if self.bad and not skip_bad:
            place, text = self.bad[0]
            return f"receiver {place} of {len(self.places)}, «{text[:40]}», {number_problem(text)} (F3)"
        if not self.numbers:
            return "no receiver is left" if self.bad else "`receivers` has only commas and blanks"
        return None


def parse_receivers(text: str) -> Receivers:
    """Parse a `receivers` parameter, whose items are separated by commas (F4, F5)."""
    if PLAIN_LIST.fullmatch(text):
        numbers = tuple(dict.fromkeys(text.split(",")))
        return Receivers(numbers, (), numbers)
    items = [item for raw in text.split(",") if (item := raw.strip())]
    places = tuple(mobile_number(item) for item in items)
    bad = tuple(
        BadReceiver(place, items[place - 1]) for place, number in enumerate(places, start=1) if number is None
    )
    return Receivers(tuple(dict.fromkeys(number for number in places if number)), bad, places)
