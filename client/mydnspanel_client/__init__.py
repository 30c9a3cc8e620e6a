"""An asynchronous client of the mydnspanel.com SMS web service and of its sandbox.

    async with PanelClient("http://127.0.0.1:1403", "test-key") as panel:
        sent = await panel.send("30001403", "سلام", ["9121234567", "9127654321"])
        report = await panel.report_send(sent.send_id)
        for receiver in report.receivers:
            print(receiver.number, receiver.send_status.meaning)
        print(await panel.credit(), "rials left")

Every failure of a call is a `PanelError`. No call is repeated automatically.

Three public modules implement the protocol without I/O, for tests and for use with other HTTP libraries:

* `mydnspanel_client.calls` turns arguments into a `WireRequest`.
* `mydnspanel_client.wire` turns a `WireRequest` into an `HttpRequest` with its bytes.
* `mydnspanel_client.replies` turns a `WireReply` into a result or a `PanelError`.

This package imports neither the server nor the contracts. It states the protocol independently, so that tests
can find disagreements between the three. docs/protocol.md describes the protocol and its rules (S1, W5, ...).
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
