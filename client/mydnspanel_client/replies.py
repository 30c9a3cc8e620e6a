"""`WireReply` → result, or a `PanelError`: what an answer means. No I/O.

Rule 1: whatever the bytes are, nothing but a result or an error of the tree comes out.
Rule 2: an error is raised outside of any `except`, so that it drags along no context with the panel's bytes.
Rule 3: what an error quotes of the panel's words passes `_conceal` first.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar
from urllib.parse import quote, quote_plus

from mydnspanel_client._codes import (
    ACCEPTED,
    NO_MESSAGES,
    FieldCode,
    PhoneBookCode,
    ProcessingStatus,
    SendStatus,
)
from mydnspanel_client._errors import (
    EXCERPT_CHARACTERS,
    Refused,
    UnexpectedStatus,
    UnreadableReply,
    bare_zero,
    refusal,
)
from mydnspanel_client._members import (
    MemberError,
    Members,
    at_path,
    coded,
    document,
    flag,
    items_of,
    members_of,
    take,
    whole,
    words,
)
from mydnspanel_client._results import ContactResult, ReceivedMessage, ReceiverReport, Report, SendResult

if TYPE_CHECKING:
    from collections.abc import Callable

ResultT = TypeVar("ResultT")
Outcome: TypeAlias = SendResult | Report | int | tuple[ReceivedMessage, ...] | ContactResult | None

SEND_ID: Final = "sendID"
CREDIT: Final = "credit"
TEHRAN: Final = timezone(timedelta(hours=3, minutes=30), "+03:30")

_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([^\s\"';]*)", re.IGNORECASE)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class WireReply:
    """What came back: the HTTP status, the body, the `Content-Type` header ("" if none).

    `secret` is the API key, which no error may quote even if the panel echoes it; "" conceals nothing.
    """

    status: int
    body: bytes
    content_type: str = ""
    secret: str = field(default="", repr=False)


def read(action: str, reply: WireReply, *, send_id_name: str = SEND_ID, credit_name: str = CREDIT) -> Outcome:
    """Read a reply to `action`, one of the protocol's eight names (`sendOTP` for any one-time code).

    Raises:
        KeyError: there is no such action.
        PanelError: the reply is a refusal or cannot be read.

    """
    readers: dict[str, Callable[[], Outcome]] = {
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


def read_send(reply: WireReply, send_id_name: str = SEND_ID) -> SendResult:
    """S12, and the phonebook's code of section 6."""
    return _read_accepted("send", reply, lambda members: _sent(members, send_id_name, phone_book=True))


def read_send_services(reply: WireReply, send_id_name: str = SEND_ID) -> SendResult:
    """P9."""
    return _read_accepted("sendServices", reply, lambda members: _sent(members, send_id_name))


def read_send_otp(reply: WireReply, send_id_name: str = SEND_ID) -> SendResult:
    """O9."""
    return _read_accepted("sendOTP", reply, lambda members: _sent(members, send_id_name))


def read_report(reply: WireReply) -> Report:
    """R2, and for an archived send R3."""
    return _read_accepted("reportSend", reply, _report)


def read_credit(reply: WireReply, credit_name: str = CREDIT) -> int:
    """C2: whole rials."""
    return _read_accepted("credit", reply, lambda members: whole(at_path(members, credit_name), credit_name))


def read_received_messages(reply: WireReply) -> tuple[ReceivedMessage, ...]:
    """I2 and I3; none for I1."""
    return _read("receivedMessages", reply, lambda code, members: _received(code, members, reply))


def read_status(reply: WireReply) -> None:
    """T1."""
    _read_accepted("status", reply, lambda _: True)


def read_contact(reply: WireReply) -> ContactResult:
    """N4, and the custom fields of X1 and X2."""
    return _read_accepted("newContact", reply, lambda members: ContactResult(_fields(members.get("fields"))))


def unreadable(action: str, reply: WireReply, reason: str) -> UnreadableReply:
    """The error for a reply that cannot be read, for a reason that quotes nothing of it."""
    kind = UnreadableReply if reply.status == 200 else UnexpectedStatus
    text = conceal(reply.body.decode("utf-8", "replace"), reply.secret)
    return kind(action, reply.status, reason, text[:EXCERPT_CHARACTERS])


def conceal(text: str, secret: str) -> str:
    """The text with every spelling of the secret replaced: plain, and as URLs, JSON and HTML write it."""
    if not secret:
        return text
    in_json = json.dumps(secret)[1:-1]
    spellings = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        in_json,
        in_json.replace("/", r"\/"),
        html.escape(secret),
        html.escape(secret, quote=False),
    }
    longest_first = sorted(map(re.escape, spellings), key=len, reverse=True)
    return re.sub("|".join(longest_first), "***", text, flags=re.IGNORECASE)


def _read_accepted(action: str, reply: WireReply, parse: Callable[[Members], ResultT]) -> ResultT:
    """Read a reply of which 1 is the only good code."""

    def judge(code: int, members: Members) -> ResultT:
        if code != ACCEPTED:
            raise _refusal(action, code, members, reply)
        return parse(members)

    return _read(action, reply, judge)


def _read(action: str, reply: WireReply, parse: Callable[[int, Members], ResultT]) -> ResultT:
    try:
        return parse(*_verdict(action, reply))
    except MemberError as error:
        problem = unreadable(action, reply, str(error))
    raise problem


def _verdict(action: str, reply: WireReply) -> tuple[int, Members]:
    """The code and all members (W2, W3); the bare text 0 is a refusal at once (A7)."""
    answer = document(_text_of(reply))
    if type(answer) is int and answer == 0:
        raise bare_zero(action)
    members = members_of(answer, "the reply")
    return whole(take(members, "result"), "result"), members


def _text_of(reply: WireReply) -> str:
    """The body as text: HTTP 200 and UTF-8 (W4). A byte order mark is harmless, and dropped."""
    if reply.status != 200:
        raise MemberError("the HTTP status is not 200")
    charset = _CHARSET.search(reply.content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise MemberError("its charset is not UTF-8")
    try:
        return reply.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MemberError("it is not UTF-8") from None


def _refusal(action: str, code: int, members: Members, reply: WireReply) -> Refused:
    return refusal(action, code, _description(members, reply))


def _description(members: Members, reply: WireReply) -> str | None:
    """The panel's own words, at most 500 characters; a refusal stays readable whatever stands there."""
    value = members.get("description")
    if not isinstance(value, str) or not value:
        return None
    return conceal(words(value, "description"), reply.secret)[:EXCERPT_CHARACTERS]


def _sent(members: Members, send_id_name: str, *, phone_book: bool = False) -> SendResult:
    code = members.get("phoneBook") if phone_book else None
    return SendResult(
        whole(at_path(members, send_id_name), send_id_name),
        None if code is None else coded(PhoneBookCode, code, "phoneBook"),
    )


def _report(members: Members) -> Report:
    data = members_of(take(members, "data"), "data")
    count = whole(take(data, "count"), "count")
    archived = flag(take(data, "archive"), "archive")
    if count < 0:
        raise MemberError("count is negative")
    return Report(count, archived, _archived(data) if archived else _receivers(take(data, "receivers")))


def _archived(data: Members) -> tuple[ReceiverReport, ...]:
    """R3: an empty list, null or nothing at all; receivers would contradict `archive`."""
    receivers = data.get("receivers")
    if receivers is not None and items_of(receivers, "receivers"):
        raise MemberError("receivers of an archived send are listed")
    return ()


def _receivers(value: object) -> tuple[ReceiverReport, ...]:
    receivers = (members_of(item, "an item of receivers") for item in items_of(value, "receivers"))
    return tuple(
        ReceiverReport(
            words(take(receiver, "number"), "number"),
            coded(ProcessingStatus, take(receiver, "processingStatus"), "processingStatus"),
            coded(SendStatus, take(receiver, "sendStatus"), "sendStatus"),
        )
        for receiver in receivers
    )


def _received(code: int, members: Members, reply: WireReply) -> tuple[ReceivedMessage, ...]:
    if code == NO_MESSAGES:
        return ()
    if code != ACCEPTED:
        raise _refusal("receivedMessages", code, members, reply)
    return tuple(map(_message, items_of(take(members, "data"), "data")))


def _message(item: object) -> ReceivedMessage:
    message = members_of(item, "an item of data")
    return ReceivedMessage(
        whole(take(message, "id"), "id"),
        words(take(message, "number"), "number"),
        words(take(message, "to"), "to"),
        words(take(message, "text"), "text"),
        _date(words(take(message, "date"), "date")),
    )


def _date(text: str) -> datetime:
    """`YYYY-MM-DD HH:MM:SS` in Tehran (I3)."""
    if _DATE.fullmatch(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=TEHRAN)
        except ValueError:  # the 31st of February
            pass
    raise MemberError("date is not a time as YYYY-MM-DD HH:MM:SS")


def _fields(value: object) -> dict[str, FieldCode] | FieldCode | None:
    """X2: an object of codes, one code, or nothing."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {words(name, "a field id"): coded(FieldCode, code, "a field") for name, code in value.items()}
    return coded(FieldCode, value, "fields")
