"""A message before it is accepted: what would be sent to whom, and what it costs."""

from typing import NamedTuple

from fakeserver.notation.message_parts import TextSize


class Message(NamedTuple):
    """`cost` is that of one receiver, in rials (M2); `retries` is `trySend` (L2); `code` is the one-time
    code of a `sendOTP`.
    """

    action: str
    sender: str
    text: str
    size: TextSize
    cost: int
    receivers: tuple[str, ...]
    retries: int = 0
    code: str = ""

    @property
    def total(self) -> int:
        """What all receivers cost together, in rials."""
        return self.cost * len(self.receivers)

    def summary(self) -> str:
        """What is accepted, for the answer's reason."""
        count, (alphabet, _, parts) = len(self.receivers), self.size
        return f"accepted for {count} receiver(s): {parts} {alphabet} part(s), {self.total} rials"
