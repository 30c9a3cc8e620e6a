"""A careful asynchronous client of the mydnspanel.com SMS web service, and of its sandbox.

    async with PanelClient("http://127.0.0.1:1403", "test-key") as panel:
        sent = await panel.send("30001403", "سلام", ["9121234567", "9127654321"])
        report = await panel.report_send(sent.send_id)
        for receiver in report.receivers:
            print(receiver.number, receiver.send_status.meaning)
        print(await panel.credit(), "rials left")

Every failure is a `PanelError`; its tree is drawn in `mydnspanel_client._errors`. Nothing is ever sent twice.

The protocol itself is kept free of I/O in three public modules, for tests and for other HTTP libraries:
`mydnspanel_client.calls` (arguments → `WireRequest`), `mydnspanel_client.wire` (`WireRequest` → `HttpRequest`,
bytes) and `mydnspanel_client.replies` (`WireReply` → result or `PanelError`).

This package states the protocol on its own: it imports neither the server nor the contracts, so that a
disagreement between them can show.
"""

from mydnspanel_client._client import PanelClient
from mydnspanel_client._codes import FieldCode, PhoneBookCode, ProcessingStatus, SendStatus
from mydnspanel_client._errors import (
    AccountError,
    AuthenticationError,
    ConnectionFailed,
    InsufficientCredit,
    InvalidReceiver,
    PanelError,
    PanelTimeout,
    Refused,
    SendingFailed,
    TransportError,
    UnexpectedStatus,
    UnknownSend,
    UnreadableReply,
)
from mydnspanel_client._results import ContactResult, ReceivedMessage, ReceiverReport, Report, SendResult
from mydnspanel_client.calls import OtpNames, WireRequest
from mydnspanel_client.replies import WireReply
from mydnspanel_client.wire import HttpRequest

__all__ = [
    "AccountError",
    "AuthenticationError",
    "ConnectionFailed",
    "ContactResult",
    "FieldCode",
    "HttpRequest",
    "InsufficientCredit",
    "InvalidReceiver",
    "OtpNames",
    "PanelClient",
    "PanelError",
    "PanelTimeout",
    "PhoneBookCode",
    "ProcessingStatus",
    "ReceivedMessage",
    "ReceiverReport",
    "Refused",
    "Report",
    "SendResult",
    "SendStatus",
    "SendingFailed",
    "TransportError",
    "UnexpectedStatus",
    "UnknownSend",
    "UnreadableReply",
    "WireReply",
    "WireRequest",
]
