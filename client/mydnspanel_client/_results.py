"""What a successful call returns."""

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

    `send_id` is what `PanelClient.report_send` asks for. `phone_book` is None unless the reply carried a
    code for it (B1); for several receivers it is that of the first one that was not added (B8).
    """

    send_id: int
    phone_book: PhoneBookCode | None = None


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """One receiver of a send: the number as in `9120000000` (F1) and its pair of statuses (section 10)."""

    number: str
    processing_status: ProcessingStatus
    send_status: SendStatus


@dataclass(frozen=True, slots=True)
class Report:
    """A send's report (R2). `count` is the number of receivers, also of an archived send, whose `receivers`
    are no longer available and therefore empty (R3).
    """

    count: int
    archived: bool
    receivers: tuple[ReceiverReport, ...]


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """An inbound message (I3): from `number`, to the account's line `to`; `date` is aware, at +03:30."""

    id: int
    number: str
    to: str
    text: str
    date: datetime


@dataclass(frozen=True, slots=True)
class ContactResult:
    """An added or updated contact (N4, N5).

    `fields` is what became of its custom fields: a code for each field id, one code for all of them, or None
    when the reply says nothing of fields (X1, X2).
    """

    fields: Mapping[str, FieldCode] | FieldCode | None = None
