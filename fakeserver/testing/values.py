"""What a handle shows, as values. Statuses are those of the guide, as integers; times are in UTC and those
of the account's clock; money is rials.

Each value is made of a document of the control plane, whose members `value["name"]` reads as they stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fakeserver.spec.lifecycle import STATUS_WORDS, ProcessingStatus, SendStatus, StatusPair
from fakeserver.testing.errors import hidden

__tracebackhide__ = hidden
Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Shown:
    document: Document = field(repr=False, compare=False)

    def __getitem__(self, member: str) -> Any:
        return self.document[member]


@dataclass(frozen=True, kw_only=True)
class Step(_Shown):
    """A receiver came to this pair of statuses at that time."""

    at: datetime
    processing_status: int
    send_status: int


@dataclass(frozen=True, kw_only=True)
class Receiver(_Shown):
    """One receiver of a message: `number` as in 9121234567, the pair of statuses that reportSend would give
    now, how often it was handed to the telecom, its cost, and whether that was refunded.
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
        """The pair in a word: `delivered`, `undelivered`, `returned`, `awaiting` and so on."""
        return word_for(self.processing_status, self.send_status)


@dataclass(frozen=True, kw_only=True)
class Message(_Shown):
    """An accepted message. `send_id` is a number, where the service's replies have it as text; `sender` is
    the line, `parts` those of one receiver, `alphabet` latin or unicode, `cost` that of all receivers,
    `codes` the one-time codes in it (runs of 4 to 8 digits) as ASCII digits.
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
        """The one-time code, which may stand there more than once. Raises AssertionError, which shows the
        text, when there is none, or another one.
        """
        different = set(self.codes)
        if len(different) == 1:
            return self.codes[0]
        found, hint = "no one-time code (4 to 8 digits)", ""
        if different:
            found, hint = f"{len(different)} one-time codes", "; `message.codes` has them all"
        raise AssertionError(f"{found} in the text of message {self.send_id}: «{self.text}»{hint}")


@dataclass(frozen=True, kw_only=True)
class Change(_Shown):
    """While the clock was moved, a receiver came to this pair of statuses."""

    at: datetime
    send_id: int
    number: str
    processing_status: int
    send_status: int


@dataclass(frozen=True, kw_only=True)
class Unread(_Shown):
    """A parameter of a request that the action does not know, and the one that may have been meant."""

    name: str
    did_you_mean: str | None


@dataclass(frozen=True, kw_only=True)
class JournalEntry(_Shown):
    """A request to the service: what was understood of it, what it was answered, by which rule, and why.

    `http` and `reply` are None where there was no reply; `fault` is the id of the fault that fired.
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
        """The code of the reply, as text; None where a fault spoilt it."""
        spoilt = self.reply is None or (isinstance(self.reply, str) and not self.is_truncated)
        return None if spoilt else self["result"]

    @property
    def is_truncated(self) -> bool:
        """Whether only the beginning of the reply is kept, as text."""
        return "reply" in self.document.get("truncated", ())


@dataclass(frozen=True, kw_only=True)
class Explanation(_Shown):
    """What a request would be answered; cost, parts and receivers are those of the message it would send."""

    reply: Any
    rule: str
    reason: str
    cost: int
    parts: int
    receivers: list[str]


@dataclass(frozen=True, kw_only=True)
class Inbound(_Shown):
    """A message that arrived from `number` at `line`."""

    id: int
    number: str
    line: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Contact(_Shown):
    """A number in a phonebook; `fields` are its custom fields, id → value."""

    number: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Phonebook(_Shown):
    id: int
    name: str
    contacts: list[Contact]

    @property
    def numbers(self) -> list[str]:
        """The contacts' numbers, in the order in which they were added."""
        return [contact.number for contact in self.contacts]

    def contact(self, number: str) -> Contact:
        """The contact with that number, as in 9121234567. Raises AssertionError when there is none."""
        for contact in self.contacts:
            if contact.number == number:
                return contact
        listed = ", ".join(self.numbers) or "nobody"
        raise AssertionError(f"{number} is not in phonebook {self.id}, which has {listed}")


def word_for(processing_status: int, send_status: int) -> str:
    return STATUS_WORDS[StatusPair(ProcessingStatus(processing_status), SendStatus(send_status))]


def message(document: Document) -> Message:
    return Message(
        send_id=document["sendID"],
        action=document["action"],
        sender=document["from"],
        text=document["text"],
        parts=document["parts"],
        alphabet=document["alphabet"],
        cost=document["cost"],
        accepted_at=time(document["acceptedAt"]),
        receivers=list(map(_receiver, document["receivers"])),
        codes=list(document["codes"]),
        document=document,
    )


def _receiver(document: Document) -> Receiver:
    return Receiver(
        number=document["number"],
        **_pair(document),
        attempts=document["attempts"],
        cost=document["cost"],
        refunded=document["refunded"],
        history=list(map(_step, document["history"])),
        document=document,
    )


def _step(document: Document) -> Step:
    return Step(at=time(document["at"]), **_pair(document), document=document)


def change(document: Document) -> Change:
    return Change(
        at=time(document["at"]),
        send_id=document["sendID"],
        number=document["number"],
        **_pair(document),
        document=document,
    )


def journal_entry(document: Document) -> JournalEntry:
    return JournalEntry(
        id=document["id"],
        at=time(document["at"]),
        method=document["method"],
        content_type=document["contentType"],
        action=document["action"],
        params=document["params"],
        unread=list(map(_unread, document["unread"])),
        http=document["http"],
        reply=document["reply"],
        rule=document["rule"],
        reason=document["reason"],
        duration_ms=document["durationMs"],
        fault=document.get("fault"),
        send_id=document.get("sendID"),
        document=document,
    )


def _unread(document: Document) -> Unread:
    return Unread(name=document["name"], did_you_mean=document.get("didYouMean"), document=document)


def explanation(document: Document) -> Explanation:
    return Explanation(
        reply=document["reply"],
        rule=document["rule"],
        reason=document["reason"],
        cost=document["cost"],
        parts=document["parts"],
        receivers=list(document["receivers"]),
        document=document,
    )


def inbound(document: Document) -> Inbound:
    return Inbound(
        id=document["id"],
        number=document["from"],
        line=document["to"],
        text=document["text"],
        at=time(document["at"]),
        document=document,
    )


def phonebook(document: Document) -> Phonebook:
    contacts = [
        Contact(number=one["number"], fields=one["fields"], document=one) for one in document["contacts"]
    ]
    return Phonebook(id=document["id"], name=document["name"], contacts=contacts, document=document)


def time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _pair(document: Document) -> dict[str, int]:
    return {"processing_status": document["processingStatus"], "send_status": document["sendStatus"]}
