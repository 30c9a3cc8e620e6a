"""The values that the handle returns.

Statuses are the integers of the provider's guide. Times are those of the account's clock, in UTC. Money is in
rials. `value["name"]` is the member of the control plane's document from which the value was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fakeserver.spec.lifecycle import STATUS_WORDS, ProcessingStatus, SendStatus, StatusPair
from fakeserver.testing.errors import hide_from_traceback

__tracebackhide__ = hide_from_traceback
Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _DocumentValue:
    document: Document = field(repr=False, compare=False)

    def __getitem__(self, member: str) -> Any:
        return self.document[member]


@dataclass(frozen=True, kw_only=True)
class Step(_DocumentValue):
    """A receiver had this pair of statuses from `at` on (L1)."""

    at: datetime
    processing_status: int
    send_status: int


@dataclass(frozen=True, kw_only=True)
class Receiver(_DocumentValue):
    """A receiver of a message.

    `number` is written as in 9121234567. `processing_status` and `send_status` are what `reportSend` answers
    now. `attempts` is how many times the message was handed to the operator (L2), `cost` the cost for this
    receiver in rials, and `refunded` whether it was refunded (M4, M5). `history` has every pair of statuses,
    oldest first.
    """

    number: str
    processing_status: int
    send_status: int
    attempts: int
    cost: int
    refunded: bool
    history: list[Step] = field(repr=False)

    @property
    def status(self) -> str:
        """The pair of statuses in a word, such as `awaiting`, `delivered`, `undelivered` or `returned`."""
        return status_word(self.processing_status, self.send_status)


@dataclass(frozen=True, kw_only=True)
class Message(_DocumentValue):
    """An accepted message.

    `send_id` is an integer; replies of the service have it as text. `sender` is the sender line. `parts` is
    the number of parts of the text, `alphabet` is `latin` or `unicode` (M1), and `cost` is the cost for all
    receivers in rials. `codes` are the one-time codes in the text, as ASCII digits.
    """

    send_id: int
    action: str
    sender: str
    text: str
    parts: int
    alphabet: str
    cost: int
    accepted_at: datetime
    receivers: list[Receiver]
    codes: list[str]

    @property
    def code(self) -> str:
        """The one-time code; it may occur more than once in the text.

        Raises AssertionError, which shows the text, if there is no code or more than one.
        """
        different = set(self.codes)
        if len(different) == 1:
            return self.codes[0]
        found, hint = "no one-time code (4 to 8 digits)", ""
        if different:
            found, hint = f"{len(different)} one-time codes", "; `message.codes` has them all"
        raise AssertionError(f"{found} in the text of message {self.send_id}: «{self.text}»{hint}")


@dataclass(frozen=True, kw_only=True)
class Change(_DocumentValue):
    """A receiver came to this pair of statuses while the clock was moved."""

    at: datetime
    send_id: int
    number: str
    processing_status: int
    send_status: int


@dataclass(frozen=True, kw_only=True)
class Unread(_DocumentValue):
    """A parameter of a request that the action does not read. `did_you_mean` is the parameter of a similar
    name, if there is one.
    """

    name: str
    did_you_mean: str | None


@dataclass(frozen=True, kw_only=True)
class JournalEntry(_DocumentValue):
    """A request to the service and its reply.

    `params` are the parameters as they were understood, `rule` is the id of the rule that decided the reply,
    and `reason` explains it. `http` and `reply` are None if the connection was broken. `duration_ms` is real
    time. `fault` is the id of the fault that fired, and `send_id` that of the message that was accepted;
    otherwise they are None.
    """

    id: int
    at: datetime
    method: str
    content_type: str
    action: str
    params: Document
    unread: list[Unread]
    http: int | None
    reply: Any
    rule: str
    reason: str
    duration_ms: float = field(compare=False)
    fault: int | None
    send_id: int | None

    @property
    def result(self) -> str | None:
        """The result code of the reply, as text; None if a fault replaced the reply."""
        replaced = self.reply is None or (isinstance(self.reply, str) and not self.is_truncated)
        return None if replaced else self["result"]

    @property
    def is_truncated(self) -> bool:
        """Whether the journal keeps only the beginning of the reply, as text."""
        return "reply" in self.document.get("truncated", ())


@dataclass(frozen=True, kw_only=True)
class Explanation(_DocumentValue):
    """The reply that a request would get, with the rule and the reason. `cost`, `parts` and `receivers` are
    those of the message that it would send.
    """

    reply: Any
    rule: str
    reason: str
    cost: int
    parts: int
    receivers: list[str]


@dataclass(frozen=True, kw_only=True)
class Inbound(_DocumentValue):
    """A message that arrived from `number` at the line `line`."""

    id: int
    number: str
    line: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Contact(_DocumentValue):
    """A contact of a phonebook: its number as in 9121234567, and its custom fields, from id to value."""

    number: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Phonebook(_DocumentValue):
    """A phonebook with its contacts, in the order in which they were added."""

    id: int
    name: str
    contacts: list[Contact]

    @property
    def numbers(self) -> list[str]:
        """The numbers of the contacts."""
        return [contact.number for contact in self.contacts]

    def contact(self, number: str) -> Contact:
        """The contact with this number, written as in 9121234567. Raises AssertionError if there is none."""
        for contact in self.contacts:
            if contact.number == number:
                return contact
        listed = ", ".join(self.numbers) or "no contacts"
        raise AssertionError(f"{number} is not in phonebook {self.id}, which has {listed}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A kept state of the account with this API key, for `Panel.restore`."""

    api_key: str
    name: str


def status_word(processing_status: int, send_status: int) -> str:
    """The pair of statuses in a word."""
    return STATUS_WORDS[StatusPair(ProcessingStatus(processing_status), SendStatus(send_status))]
