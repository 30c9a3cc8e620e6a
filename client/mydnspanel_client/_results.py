"""The results of successful calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mydnspanel_client._codes import FieldCode, PhoneBookCode, ProcessingStatus, SendStatus


@dataclass(frozen=True, slots=True)
class SendResult:
    """An accepted send (S12, P9, O9).

    Attributes:
        send_id: the id to pass to `PanelClient.report_send`.
        phone_book: the result of adding the receivers to the phonebook; None if the reply has no such code
            (B1). For several receivers it is the code of the first one that was not added (B8).

    """

    send_id: int
    phone_book: PhoneBookCode | None = None


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """What has become of the message to one receiver.

    Attributes:
        number: the mobile number in the form `9120000000` (F1).
        processing_status: what the panel has done with the message (L1).
        send_status: what the operator reports about it (L1).

    """

    number: str
    processing_status: ProcessingStatus
    send_status: SendStatus


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a send (R2).

    Attributes:
        count: the number of receivers, even if the send is archived.
        archived: whether the send is archived (R3).
        receivers: one report per receiver; empty if the send is archived (R3).

    """

    count: int
    archived: bool
    receivers: tuple[ReceiverReport, ...]


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """An inbound message (I3).

    Attributes:
        id: the id of the message.
        number: the number of the sender.
        to: the account's line that received the message.
        text: the text of the message.
        date: the time of receipt, with the offset +03:30 (Tehran).

    """

    id: int
    number: str
    to: str
    text: str
    date: datetime


@dataclass(frozen=True, slots=True)
class ContactResult:
    """A contact that was added or updated (N4, N5).

    Attributes:
        fields: the result of storing the custom fields: one code per field id, one code for all fields (X2),
            or None if the reply has no such codes (X1).

    """

    fields: Mapping[str, FieldCode] | FieldCode | None = None
