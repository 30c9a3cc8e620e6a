"""A message before it is accepted: what would be sent to whom, and what it costs."""

from typing import NamedTuple

from fakeserver.notation.message_parts import TextSize
from fakeserver.notation.one_time_codes import codes_in
from fakeserver.spec.units import Rials


class Message(NamedTuple):
    """`cost` is the cost of one receiver (M2); `retries` is `trySend` (L2); `code` is the one-time code of a
    `sendOTP`, empty for other actions.
    """

    action: str
    sender: str
    text: str
    size: TextSize
    cost: Rials
    receivers: tuple[str, ...]
    retries: int = 0
    code: str = ""

    @property
    def total(self) -> Rials:
        """The cost of all receivers together."""
        return Rials(self.cost * len(self.receivers))

    @property
    def codes(self) -> list[str]:
        """The one-time codes that the receiver can read in the text, as ASCII digits."""
        return [self.code] if self.code else codes_in(self.text)

    def summary(self) -> str:
        """What is accepted, for the answer's reason."""
        count, (alphabet, _, parts) = len(self.receivers), self.size
        return f"accepted for {count} receiver(s): {parts} {alphabet} part(s), {self.total} rials"
