"""Result codes and statuses: what each means, and the rule that defines it. docs/codes.md lists them too.

Rule 1: a code is listed under every action whose table has it. Any other code is unknown for that action.
Rule 2: this module is data. No other module repeats the meaning of a code.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

SUCCESS: Final = 1
NO_MESSAGES: Final = 401  # I1: receivedMessages has nothing to return, which is not a failure


class _CodeEnum(IntEnum):
    """An enumeration of integer codes. Each member has its meaning in English."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class ProcessingStatus(_CodeEnum):
    """What the panel has done with the message to one receiver (L1).

    `meaning` is the description in English. docs/codes.md lists the pairs of statuses that occur.
    """

    AWAITING = 0, "waiting to be processed"
    QUEUED = 1, "queued for the telecom"
    SENT = 2, "sent to the telecom"
    SCHEDULED = 3, "scheduled for a later time"
    RETURNED = 4, "returned: processing failed and the cost was refunded"
    CANCELLED = 5, "cancelled by the user or the monitoring team"


class SendStatus(_CodeEnum):
    """What the operator reports about the message to one receiver (L1).

    `meaning` is the description in English. docs/codes.md lists the pairs of statuses that occur.
    """

    CANCELLED = -2, "cancelled"
    WAITING = -1, "waiting to be sent, or without a status from the operator yet"
    AT_TELECOM = 0, "sent to the telecom, which has not answered yet"
    REACHED_TELECOM = 1, "reached the telecom; whether it was delivered is unknown"
    NOT_REACHED_TELECOM = 2, "did not reach the telecom"
    DELIVERED = 3, "delivered to the handset"
    NOT_DELIVERED = 4, "not delivered to the handset"
    BLACKLISTED = 5, "not delivered: the receiver refuses advertising and is on the telecom's blacklist"
    EXPIRED = 6, "expired: the telecom no longer tracks the message"
    REJECTED = 7, "rejected by the operator"


class PhoneBookCode(_CodeEnum):
    """The result of adding the receivers of a send to a phonebook (B2 to B6).

    `meaning` is the description in English. The message is sent whatever the code is (B7).
    """

    SERVICE_OFF = -1, "the account has no phonebook service"
    UNKNOWN_PHONE_BOOK = -2, "the account has no phonebook with this id"
    ALREADY_THERE = -3, "the number is already in the phonebook"
    INVALID_NUMBER = -4, "the number is not a phone number"
    ADDED = 1, "added to the phonebook"


class FieldCode(_CodeEnum):
    """The result of storing a custom field of a contact (X3 to X6).

    `meaning` is the description in English. The contact is added whatever the code is (X1).
    """

    UNKNOWN_FIELD = -1, "the account has no custom field with this id"
    INVALID_VALUE = -2, "the value is not valid for this field"
    DUPLICATE_VALUE = -3, "another contact already has this value"
    STORED = 1, "stored"


class RefusalReason(NamedTuple):
    """The meaning of a refusal's code in English, and the id of its rule ("" if the code is unknown)."""

    meaning: str
    rule: str


UNKNOWN_CODE: Final = RefusalReason("unknown code", "")
BARE_ZERO: Final = RefusalReason("the action is unknown (the reply is the text 0 in place of JSON)", "A7")

# Codes that any action may return.
_GATE_CODES: Final[Mapping[int, RefusalReason]] = {
    -1: RefusalReason("the API key is not valid", "A1"),
    -2: RefusalReason("web-service access is switched off for the account", "A2"),
    -3: RefusalReason("the documents or identity of the account are not verified", "A3"),
    -4: RefusalReason("the request type is not valid: it must be GET or POST", "A4"),
    -5: RefusalReason("the account does not allow requests from this IP address", "A5"),
    0: RefusalReason("the action is missing, or the request could not be decoded", "A6"),
    100: RefusalReason("the action is unknown", "A7"),
}

# Codes of each action. They take precedence over the gate's: for `send`, 0 is S1 and not A6.
_ACTION_CODES: Final[Mapping[str, Mapping[int, RefusalReason]]] = {
    "send": {
        0: RefusalReason("the data is invalid or incomplete", "S1"),
        103: RefusalReason("the send type is unknown", "S2"),
        104: RefusalReason("the account has no access to this send type", "S3"),
        114: RefusalReason("the documents or identity of the account are not verified for sending", "S4"),
        105: RefusalReason("a receiver is not a phone number, or there are no receivers", "S5"),
        106: RefusalReason("the sender line is not valid", "S6"),
        107: RefusalReason("the text is not valid", "S7"),
        108: RefusalReason("the credit cannot be processed", "S8"),
        109: RefusalReason("the credit is not enough", "S9"),
        112: RefusalReason("the sending operator reported an error", "S10"),
        113: RefusalReason("an unexpected error occurred while sending", "S11"),
    },
    "sendServices": {
        0: RefusalReason("the data is invalid or incomplete", "P1"),
        603: RefusalReason("the sender line is not valid", "P2"),
        604: RefusalReason("a receiver is not a phone number, or there are no receivers", "P3"),
        609: RefusalReason("the pattern cannot be sent to several receivers", "P4"),
        605: RefusalReason("the pattern code is not valid", "P5"),
        606: RefusalReason("the variables do not match the pattern", "P6"),
        607: RefusalReason("the credit cannot be processed", "P7"),
        608: RefusalReason("the credit is not enough", "P8"),
    },
    "sendOTP": {
        0: RefusalReason("the data is incomplete", "O1"),
        103: RefusalReason("the send type is unknown", "O2"),
        104: RefusalReason("the account has no access to this send type", "O2"),
        105: RefusalReason("a receiver is not a phone number, or there are no receivers", "O3"),
        151: RefusalReason("the application id is not valid", "O4"),
        152: RefusalReason("access with this application id is not possible", "O5"),
        153: RefusalReason("the one-time code is not valid", "O6"),
        154: RefusalReason("the one-time code has fewer than 2 or more than 12 characters", "O7"),
        108: RefusalReason("the credit cannot be processed", "O8"),
        109: RefusalReason("the credit is not enough", "O8"),
    },
    "reportSend": {
        -6: RefusalReason("the send id is not valid", "R1"),
    },
    "credit": {},
    "receivedMessages": {},
    "status": {},
    "newContact": {
        801: RefusalReason("the data of the contact is invalid or incomplete", "N1"),
        802: RefusalReason("the account has no phonebook with this id", "N2"),
        803: RefusalReason("the contact's number is not a phone number", "N3"),
    },
}

REFUSALS: Final[Mapping[str, Mapping[int, RefusalReason]]] = {
    action: {**_GATE_CODES, **codes} for action, codes in _ACTION_CODES.items()
}


def refusal_reason(action: str, code: int) -> RefusalReason:
    """Return the reason for a code in the table of `action`, or `UNKNOWN_CODE`."""
    return REFUSALS[action].get(code, UNKNOWN_CODE)
