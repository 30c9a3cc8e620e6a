"""`WireReply` → result or `PanelError`. No I/O.

Every `read_*` function raises `Refused` if the panel refused the call, and `UnreadableReply` if the reply
does not follow the protocol.

Rule 1: any bytes lead to a result or to a `PanelError`; no other exception escapes.
Rule 2: a `PanelError` is raised outside `except` blocks, so that its context does not contain bytes of the
reply.
Rule 3: whatever an error quotes from the reply goes through `redact` first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from mydnspanel_client._codes import (
    NO_MESSAGES,
    SUCCESS,
    FieldCode,
    PhoneBookCode,
    ProcessingStatus,
    SendStatus,
)
from mydnspanel_client._errors import (
    MAX_EXCERPT_CHARACTERS,
    UnexpectedStatus,
    UnreadableReply,
    refused_with_bare_zero,
    refused_with_code,
)
from mydnspanel_client._parsing import (
    JsonObject,
    ParseError,
    parse_array,
    parse_bool,
    parse_code,
    parse_int,
    parse_json,
    parse_member,
    parse_object,
    parse_text,
)
from mydnspanel_client._redaction import redact
from mydnspanel_client._results import ContactResult, ReceivedMessage, ReceiverReport, Report, SendResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ResultT = TypeVar("ResultT")
CallResult: TypeAlias = SendResult | Report | int | tuple[ReceivedMessage, ...] | ContactResult | None

DEFAULT_SEND_ID_NAME: Final = "sendID"
DEFAULT_CREDIT_NAME: Final = "credit"
TEHRAN: Final = timezone(timedelta(hours=3, minutes=30), "+03:30")

_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([^\s\"';]*)", re.IGNORECASE)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class WireReply:
    """An HTTP reply to a call.

    Attributes:
        status: the HTTP status.
        body: the bytes of the body.
        content_type: the `Content-Type` header; "" if there is none.
        secret: the API key. Errors do not quote it, even if the panel echoes it. "" protects nothing.

    """

    status: int
    body: bytes
    content_type: str = ""
    secret: str = field(default="", repr=False)


def read(
    action: str,
    reply: WireReply,
    *,
    send_id_name: str = DEFAULT_SEND_ID_NAME,
    credit_name: str = DEFAULT_CREDIT_NAME,
) -> CallResult:
    """Read the reply to `action`, one of the eight actions (`sendOTP` for every one-time code).

    Raises:
        KeyError: `action` is none of the eight.
        PanelError: the panel refused the call, or the reply cannot be read.

    """
    readers: dict[str, Callable[[], CallResult]] = {
        "send": lambda: read_send(reply, send_id_name),
        "sendServices": lambda: read_send_services(reply, send_id_name),
        "sendOTP": lambda: read_send_otp(reply, send_id_name),
        "reportSend": lambda: read_report(reply),
        "credit": lambda: read_credit(reply, credit_name),
        "receivedMessages": lambda: read_received_messages(reply),
        "status": lambda: read_status(reply),
        "newContact": lambda: read_contact(reply),
    }
    return readers[action]()


def read_send(reply: WireReply, send_id_name: str = DEFAULT_SEND_ID_NAME) -> SendResult:
    """Read the reply to `send` (S12), with the code of the phonebook if it has one (B1)."""
    return _read("send", reply, lambda members: _parse_send(members, send_id_name, has_phone_book=True))


def read_send_services(reply: WireReply, send_id_name: str = DEFAULT_SEND_ID_NAME) -> SendResult:
    """Read the reply to `sendServices` (P9)."""
    return _read("sendServices", reply, lambda members: _parse_send(members, send_id_name))


def read_send_otp(reply: WireReply, send_id_name: str = DEFAULT_SEND_ID_NAME) -> SendResult:
    """Read the reply to `sendOTP` (O9)."""
    return _read("sendOTP", reply, lambda members: _parse_send(members, send_id_name))


def read_report(reply: WireReply) -> Report:
    """Read the reply to `reportSend` (R2, and R3 if the send is archived)."""
    return _read("reportSend", reply, lambda members: parse_member(members, "data", _parse_report))


def read_credit(reply: WireReply, credit_name: str = DEFAULT_CREDIT_NAME) -> int:
    """Read the reply to `credit`: the credit in rials (C2)."""
    return _read("credit", reply, lambda members: parse_member(members, credit_name, parse_int))


def read_received_messages(reply: WireReply) -> tuple[ReceivedMessage, ...]:
    """Read the reply to `receivedMessages` (I2, I3). Code 401 means that there are no messages (I1)."""
    return _read(
        "receivedMessages",
        reply,
        lambda members: parse_member(members, "data", _parse_messages),
        results_of_codes={NO_MESSAGES: ()},
    )


def read_status(reply: WireReply) -> None:
    """Read the reply to `status`. Return None if web-service access is active (T1)."""
    _read("status", reply, lambda _: None)


def read_contact(reply: WireReply) -> ContactResult:
    """Read the reply to `newContact` (N4), with the codes of the custom fields if it has any (X1, X2)."""
    return _read("newContact", reply, lambda members: ContactResult(_parse_fields(members.get("fields"))))


def unreadable_reply(action: str, reply: WireReply, reason: str) -> UnreadableReply:
    """Make the exception for a reply that cannot be read. `reason` must not quote the reply."""
    kind = UnreadableReply if reply.status == 200 else UnexpectedStatus
    text = redact(reply.body.decode("utf-8", "replace"), reply.secret)
    return kind(action, reply.status, reason, text[:MAX_EXCERPT_CHARACTERS])


def _read(
    action: str,
    reply: WireReply,
    parse: Callable[[JsonObject], ResultT],
    *,
    results_of_codes: Mapping[int, ResultT] | None = None,
) -> ResultT:
    """Parse a reply with the code for success. `results_of_codes` has the results of other codes, if any."""
    try:
        members = _parse_body(action, reply)
        code = parse_member(members, "result", parse_int)
        if code == SUCCESS:
            return parse(members)
        if results_of_codes is not None and code in results_of_codes:
            return results_of_codes[code]
    except ParseError as error:
        problem: Exception = unreadable_reply(action, reply, str(error))
    else:
        problem = refused_with_code(action, code, _description(members, reply))
    raise problem


def _parse_body(action: str, reply: WireReply) -> JsonObject:
    """Parse the body: a JSON object (W2), or the text `0`, which is a refusal (A7)."""
    document = parse_json(_decode_body(reply))
    if type(document) is int and document == 0:  # 0.0 and False also equal 0
        raise refused_with_bare_zero(action)
    return parse_object(document, "the reply")


def _decode_body(reply: WireReply) -> str:
    """Decode the body of a reply with HTTP status 200 and charset UTF-8 (W4). Drop a byte order mark."""
    if reply.status != 200:
        raise ParseError("the HTTP status is not 200")
    charset = _CHARSET.search(reply.content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise ParseError("the charset in the Content-Type header is not UTF-8")
    try:
        return reply.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ParseError("the body is not UTF-8") from None


def _description(members: JsonObject, reply: WireReply) -> str | None:
    """Return the panel's description of a refusal, if any. An invalid one does not hide the refusal."""
    description = members.get("description")
    if not isinstance(description, str) or not description:
        return None
    return redact(parse_text(description, "description"), reply.secret)[:MAX_EXCERPT_CHARACTERS]


def _parse_send(members: JsonObject, send_id_name: str, *, has_phone_book: bool = False) -> SendResult:
    code = members.get("phoneBook") if has_phone_book else None
    return SendResult(
        parse_member(members, send_id_name, parse_int),
        None if code is None else parse_code(PhoneBookCode, code, "phoneBook"),
    )


def _parse_report(value: object, name: str) -> Report:
    data = parse_object(value, name)
    count = parse_member(data, "count", parse_int)
    archived = parse_member(data, "archive", parse_bool)
    if count < 0:
        raise ParseError("count is negative")
    if not archived:
        return Report(count, archived, parse_member(data, "receivers", _parse_receivers))
    receivers = data.get("receivers")
    if receivers is not None and parse_array(receivers, "receivers"):
        raise ParseError("receivers is not empty, although the send is archived")
    return Report(count, archived, ())


def _parse_receivers(value: object, name: str) -> tuple[ReceiverReport, ...]:
    receivers = (parse_object(item, f"an item of {name}") for item in parse_array(value, name))
    return tuple(
        ReceiverReport(
            parse_member(receiver, "number", parse_text),
            parse_member(receiver, "processingStatus", partial(parse_code, ProcessingStatus)),
            parse_member(receiver, "sendStatus", partial(parse_code, SendStatus)),
        )
        for receiver in receivers
    )


def _parse_messages(value: object, name: str) -> tuple[ReceivedMessage, ...]:
    messages = (parse_object(item, f"an item of {name}") for item in parse_array(value, name))
    return tuple(
        ReceivedMessage(
            parse_member(message, "id", parse_int),
            parse_member(message, "number", parse_text),
            parse_member(message, "to", parse_text),
            parse_member(message, "text", parse_text),
            parse_member(message, "date", _parse_date),
        )
        for message in messages
    )


def _parse_date(value: object, name: str) -> datetime:
    """Parse a time in Tehran, `YYYY-MM-DD HH:MM:SS` (I3)."""
    text = parse_text(value, name)
    if _DATE.fullmatch(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=TEHRAN)
        except ValueError:  # a date that does not exist, such as February 31
            pass
    raise ParseError(f"{name} is not a valid time of the form YYYY-MM-DD HH:MM:SS")


def _parse_fields(value: object) -> dict[str, FieldCode] | FieldCode | None:
    """Parse the codes of custom fields: an object with a code per field, one code, or nothing (X1, X2)."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {
            parse_text(name, "the name of a field"): parse_code(FieldCode, code, "the code of a field")
            for name, code in value.items()
        }
    return parse_code(FieldCode, value, "fields")
