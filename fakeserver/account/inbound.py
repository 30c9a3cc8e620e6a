"""Messages that arrive at the account's lines (I1 to I4, L8)."""

import re
from datetime import timedelta
from typing import NamedTuple

from fakeserver.notation.instants import to_datetime
from fakeserver.spec.units import AccountMs

SHOWN_MAX = 100  # messages in one reply (I3)
KEPT_MAX = 10_000
TEHRAN_OFFSET = timedelta(hours=3, minutes=30)

# «لغو11», in Latin, Persian or Arabic digits, with or without blanks (L8).
_UNSUBSCRIBE = re.compile(r"\s*لغو\s*[1۱١]{2}\s*")


def unsubscribes(text: str) -> bool:
    """Whether the text asks to be put on the blacklist (L8)."""
    return _UNSUBSCRIBE.fullmatch(text) is not None


class InboundMessage(NamedTuple):
    """A message as it arrived from `number` at the line `to`."""

    id: int
    number: str
    to: str
    text: str
    at_ms: AccountMs

    def date(self) -> str:
        """When it arrived, in Tehran: a fixed +03:30, Gregorian (I3)."""
        return f"{to_datetime(self.at_ms) + TEHRAN_OFFSET:%Y-%m-%d %H:%M:%S}"


class InboundMessages:
    """The newest messages, oldest first; `dropped` counts the older ones that are no longer kept."""

    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.dropped = 0
        self.shown_to = 0  # the id of the last message that was shown (I4)
        self._next_id = 1

    def deliver(self, number: str, to: str, text: str, now_ms: AccountMs) -> InboundMessage:
        message = InboundMessage(self._next_id, number, to, text, now_ms)
        self._next_id += 1
        self.messages.append(message)
        if len(self.messages) > KEPT_MAX:
            del self.messages[0]
            self.dropped += 1
        return message

    def newest(self) -> list[InboundMessage]:
        """The newest messages that fit into one reply, oldest first."""
        return self.messages[-SHOWN_MAX:]

    def unseen(self) -> list[InboundMessage]:
        """The oldest messages that were not shown yet, as many as fit into one reply (I4)."""
        return [message for message in self.messages if message.id > self.shown_to][:SHOWN_MAX]
