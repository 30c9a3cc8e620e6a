"""Arguments → `WireRequest`: what a call says, before it is decided how it is written. No I/O.

Rule 1: the panel judges. An empty text, a bad number or a `try_send` of 99 is sent as it is.
Rule 2: refused here is only what cannot go onto the wire faithfully (a lone surrogate, a comma inside one
receiver, NaN) as `ValueError`, and a wrong Python type as `TypeError`. Neither quotes the value.
Rule 3: an optional argument that is None, and an empty collection, is not sent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

Param: TypeAlias = str | int | list[str] | dict[str, str]
"""A parameter's value: an array by position is a list, one by name (and `cFields`) is a dict."""

Number: TypeAlias = int | str
"""A whole number, or text in its place that the panel will judge (`"12"`, `"x"`)."""

Value: TypeAlias = str | int | float
"""A pattern variable's or custom field's value. A number is written as its decimal text in every encoding."""

_ACTIONS: Final = frozenset(
    {"send", "sendServices", "reportSend", "credit", "receivedMessages", "status", "newContact"}
)
_TAKEN: Final = frozenset({"action", "receivers", "type", "key"})
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A call as the protocol names it: the wire name of the action, and its parameters without `action`."""

    action: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtpNames:
    """The names of the one-time-code action and its parameters, which the guide does not print (section 8).

    Each is of ASCII letters, digits, `_`, `.` and `-`, and none has another meaning already: `ValueError`.
    """

    action: str = "sendOTP"
    app: str = "appID"
    code: str = "code"

    def __post_init__(self) -> None:
        names: tuple[object, ...] = (self.action, self.app, self.code)
        if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in names):
            raise ValueError("a name must be of ASCII letters, digits, '_', '.' and '-'")
        if self.action in _ACTIONS:
            raise ValueError("the one-time code's action has the name of another action")
        if self.app == self.code or {self.app, self.code} & _TAKEN:
            raise ValueError("the one-time code's parameters need names of their own")


DEFAULT_OTP_NAMES: Final = OtpNames()


def send(
    sender: str,
    text: str,
    receivers: str | Iterable[str],
    *,
    phone_book: Number | None = None,
    try_send: Number | None = None,
    type_: Number | None = None,
) -> WireRequest:
    """An ordinary message (section 5)."""
    return _request(
        "send",
        {
            "from": _text("sender", sender),
            "text": _text("text", text),
            "receivers": _receivers(receivers),
            "phoneBook": _optional_number("phone_book", phone_book),
            "trySend": _optional_number("try_send", try_send),
            "type": _optional_number("type_", type_),
        },
    )


def send_services(
    sender: str,
    pattern_code: Number,
    receivers: str | Iterable[str],
    data: Mapping[str, Value] | Sequence[Value] | None = None,
    *,
    try_send: Number | None = None,
) -> WireRequest:
    """A pattern message (section 7); `data` goes by name (a mapping) or by position (a sequence)."""
    return _request(
        "sendServices",
        {
            "from": _text("sender", sender),
            "textCode": _number("pattern_code", pattern_code),
            "textData": _data(data),
            "receivers": _receivers(receivers),
            "trySend": _optional_number("try_send", try_send),
        },
    )


def send_otp(
    app_id: str,
    code: str,
    receivers: str | Iterable[str],
    *,
    type_: Number | None = None,
    names: OtpNames = DEFAULT_OTP_NAMES,
) -> WireRequest:
    """A one-time code (section 8). `code` is a str, since an int would lose its leading zeros."""
    return _request(
        names.action,
        {
            names.app: _text("app_id", app_id),
            names.code: _text("code", code),
            "receivers": _receivers(receivers),
            "type": _optional_number("type_", type_),
        },
    )


def report_send(send_id: Number) -> WireRequest:
    """The report of a send (section 9). The parameter is `sendID`, whatever replies call it."""
    return _request("reportSend", {"sendID": _number("send_id", send_id)})


def credit() -> WireRequest:
    """The remaining credit (section 11)."""
    return WireRequest("credit")


def received_messages() -> WireRequest:
    """The inbound messages (section 12)."""
    return WireRequest("receivedMessages")


def status() -> WireRequest:
    """Whether the web-service access is active (section 13)."""
    return WireRequest("status")


def new_contact(phone_book_id: Number, number: str, fields: Mapping[str, Value] | None = None) -> WireRequest:
    """A contact for a phonebook (section 14); `fields` maps field ids to values."""
    return _request(
        "newContact",
        {
            "phoneId": _number("phone_book_id", phone_book_id),
            "cNumber": _text("number", number),
            "cFields": None if fields is None else _by_name("fields", fields),
        },
    )


def _request(action: str, params: Mapping[str, Param | None]) -> WireRequest:
    return WireRequest(action, {name: value for name, value in params.items() if value not in (None, [], {})})


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong_type(name, "a str", value)
    plain = str.__str__(value)  # the characters of a str subclass, whatever its own __str__ says
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise ValueError(f"{name} has a lone surrogate, which UTF-8 cannot express")
    return plain


def _number(name: str, value: object) -> Number:
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(name, "an int or a str", value)
    _digits(name, value)
    return int(value)


def _optional_number(name: str, value: object) -> Number | None:
    return None if value is None else _number(name, value)


def _digits(name: str, value: int) -> str:
    try:
        return str(int(value))
    except ValueError:  # CPython writes no more than 4300 digits by default
        raise ValueError(f"{name} has too many digits to be written") from None


def _receivers(value: object) -> str:
    if isinstance(value, str):
        return _text("receivers", value)
    if isinstance(value, bytes | bytearray | Mapping) or not isinstance(value, Iterable):
        raise _wrong_type("receivers", "a str or an iterable of str", value)
    return ",".join(_receiver(f"receivers[{index}]", item) for index, item in enumerate(value))


def _receiver(name: str, value: object) -> str:
    number = _text(name, value)
    if "," in number:
        raise ValueError(f"{name} holds a comma, which separates receivers on the wire")
    return number


def _data(value: object) -> list[str] | dict[str, str] | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        return _by_name("data", value)
    if isinstance(value, str | bytes | bytearray) or not isinstance(value, Sequence):
        raise _wrong_type("data", "a mapping or a sequence of values", value)
    return [_value(f"data[{index}]", item) for index, item in enumerate(value)]


def _by_name(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _wrong_type(name, "a mapping", value)
    return {
        _text(f"a name in {name}", key): _value(f"a value in {name}", item) for key, item in value.items()
    }


def _value(name: str, value: object) -> str:
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, float):
        return _decimal(name, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(name, "a str, an int or a float", value)
    return _digits(name, value)


def _decimal(name: str, value: float) -> str:
    """The shortest digits that mean the same float, without an exponent."""
    if not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number")
    return format(Decimal(repr(float(value))), "f")


def _wrong_type(name: str, wanted: str, value: object) -> TypeError:
    return TypeError(f"{name} must be {wanted}, not {type(value).__name__}")
