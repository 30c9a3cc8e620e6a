"""The codes that a reply may hold, as data: what each means, and which rule says so.

Rule 1: a code stands here once for each action whose table lists it; a code of another action is unknown.
Rule 2: nothing here looks at a reply, and nothing elsewhere writes a code's meaning.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCEPTED: Final = 1
NO_MESSAGES: Final = 401  # I1: a code of receivedMessages that is no failure


class _Meant(IntEnum):
    """A code together with its meaning in English."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class ProcessingStatus(_Meant):
    """What the panel has done with a receiver's message (section 10); `meaning` says it in English."""

    AWAITING = 0, "awaiting, being processed"
    QUEUED = 1, "queued for the telecom"
    SENT = 2, "sent to the telecom"
    SCHEDULED = 3, "scheduled, its time has not yet come"
    RETURNED = 4, "returned: processing failed and the cost was refunded"
    CANCELLED = 5, "cancelled by the user or the monitoring team"


class SendStatus(_Meant):
    """What the operator says of a receiver's message (section 10); `meaning` says it in English."""

    CANCELLED = -2, "cancelled"
    WAITING = -1, "without a status yet, or waiting to be sent"
    AT_TELECOM = 0, "sent to the telecom, which has not answered"
    REACHED_TELECOM = 1, "reached the telecom, the exact outcome is unknown"
    NOT_REACHED_TELECOM = 2, "did not reach the telecom properly"
    DELIVERED = 3, "delivered to the handset"
    NOT_DELIVERED = 4, "not delivered to the handset"
    BLACKLISTED = 5, "on the telecom's blacklist: the receiver refuses advertising"
    EXPIRED = 6, "lifetime over: the telecom no longer tracks it"
    REJECTED = 7, "rejected by the operator"


class PhoneBookCode(_Meant):
    """What became of `phone_book` on a send (B2 to B6). None of these stops the sending (B7)."""

    SERVICE_OFF = -1, "the account has no phonebook service"
    UNKNOWN_PHONE_BOOK = -2, "the phonebook's id is not right"
    ALREADY_THERE = -3, "the number is already in the phonebook"
    INVALID_NUMBER = -4, "the phone number is not right"
    ADDED = 1, "added to the phonebook"


class FieldCode(_Meant):
    """What became of a custom field of a new contact (X3 to X6). None of these stops the adding (X1)."""

    UNKNOWN_FIELD = -1, "the field's id is not right"
    INVALID_VALUE = -2, "the value is not right"
    DUPLICATE_VALUE = -3, "another contact has this value already"
    STORED = 1, "stored"


class Meaning(NamedTuple):
    """A refusal's meaning in English and the id of its rule; the rule is "" for an unknown code."""

    words: str
    rule: str


UNKNOWN: Final = Meaning("unknown code", "")
BARE_ZERO: Final = Meaning("the action is unknown (the bare text 0 came in place of JSON)", "A7")

# Section 2 and code 0: what may answer any action.
_GATE: Final[Mapping[int, Meaning]] = {
    -1: Meaning("the API key is not right", "A1"),
    -2: Meaning("the account's web-service access is switched off", "A2"),
    -3: Meaning("the account's documents or identity are not verified", "A3"),
    -4: Meaning("the request type is not right", "A4"),
    -5: Meaning("the caller's IP address is not in the account's list", "A5"),
    0: Meaning("the action is absent, or the request could not be decoded", "A6"),
    100: Meaning("the action is unknown", "A7"),
}

# Sections 5, 7, 8, 9 and 14. An action's own row stands before the gate's: 0 is S1 here, A6 there.
_OWN: Final[Mapping[str, Mapping[int, Meaning]]] = {
    "send": {
        0: Meaning("the data is invalid or incomplete", "S1"),
        103: Meaning("the send type is unknown", "S2"),
        104: Meaning("the account has no access to this send type", "S3"),
        114: Meaning("the account's documents or identity are not verified for sending", "S4"),
        105: Meaning("a receiver is not a phone number, or there is none", "S5"),
        106: Meaning("the sender line is not valid", "S6"),
        107: Meaning("the text is not valid", "S7"),
        108: Meaning("the credit cannot be processed", "S8"),
        109: Meaning("too little credit", "S9"),
        112: Meaning("an error at the sending operator", "S10"),
        113: Meaning("an unexpected error while sending", "S11"),
    },
    "sendServices": {
        0: Meaning("the data is invalid or incomplete", "P1"),
        603: Meaning("the sender line is not valid", "P2"),
        604: Meaning("a receiver is not a phone number, or there is none", "P3"),
        609: Meaning("the pattern cannot be sent to several receivers", "P4"),
        605: Meaning("the pattern's code is not right", "P5"),
        606: Meaning("the variables do not match the pattern", "P6"),
        607: Meaning("the credit cannot be processed", "P7"),
        608: Meaning("too little credit", "P8"),
    },
    "sendOTP": {
        0: Meaning("the data is incomplete", "O1"),
        103: Meaning("the send type is unknown", "O2"),
        104: Meaning("the account has no access to this send type", "O2"),
        105: Meaning("a receiver is not a phone number, or there is none", "O3"),
        151: Meaning("the application id is not right", "O4"),
        152: Meaning("access with this application id is not possible", "O5"),
        153: Meaning("the one-time code is not right", "O6"),
        154: Meaning("the one-time code has fewer than 2 or more than 12 characters", "O7"),
        108: Meaning("the credit cannot be processed", "O8"),
        109: Meaning("too little credit", "O8"),
    },
    "reportSend": {
        -6: Meaning("the send id is not right", "R1"),
    },
    "credit": {},
    "receivedMessages": {},  # 401 is no failure (NO_MESSAGES)
    "status": {},
    "newContact": {
        801: Meaning("the contact's data was not sent properly", "N1"),
        802: Meaning("there is no such phonebook", "N2"),
        803: Meaning("the contact's number is not a phone number", "N3"),
    },
}

REFUSALS: Final[Mapping[str, Mapping[int, Meaning]]] = {
    action: {**_GATE, **own} for action, own in _OWN.items()
}


def meaning_of(action: str, code: int) -> Meaning:
    """The row of a refusal's code in the table of `action`, or `UNKNOWN`."""
    return REFUSALS[action].get(code, UNKNOWN)
