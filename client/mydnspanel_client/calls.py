"""Arguments → `WireRequest`: what a call says, whatever its encoding. No I/O.

Every function that takes arguments raises `TypeError` for an argument of the wrong type, and `ValueError` for
one that cannot be sent unchanged: a lone surrogate, a comma in one of several receivers, NaN, infinity, or an
integer that is too long for Python to convert. No error quotes the value.

Rule 1: the panel checks the arguments, not the client. An empty text, an invalid number or a `try_send` of 99
is sent unchanged.
Rule 2: an optional argument is not sent if it is None or an empty collection.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

Param: TypeAlias = str | int | list[str] | dict[str, str]
"""The value of a parameter. A positional array is a list; a named array, and `cFields`, is a dict."""

Number: TypeAlias = int | str
"""An integer, or a text in its place, which the panel checks (`"12"`, `"x"`)."""

Value: TypeAlias = str | int | float
"""The value of a pattern variable or a custom field. A number is sent as decimal text in every encoding."""

_OTHER_ACTIONS: Final = frozenset(
    {"send", "sendServices", "reportSend", "credit", "receivedMessages", "status", "newContact"}
)
_OTHER_PARAMETERS: Final = frozenset({"action", "receivers", "type", "key"})
_OTP_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A call in the names of the protocol.

    Attributes:
        action: the value of the parameter `action`.
        params: the other parameters.

    """

    action: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtpNames:
    """The names of the action for one-time codes and of its parameters (O1).

    The provider's guide does not print these names. Pass other names here if your panel uses them.

    Attributes:
        action: the action; not the name of another action.
        app: the parameter for the application id.
        code: the parameter for the code.

    Raises:
        ValueError: a name contains anything but ASCII letters, digits, `_`, `.` and `-`, or it already has
            another meaning.

    """

    action: str = "sendOTP"
    app: str = "appID"
    code: str = "code"

    def __post_init__(self) -> None:
        names: tuple[object, ...] = (self.action, self.app, self.code)
        if not all(isinstance(name, str) and _OTP_NAME.fullmatch(name) for name in names):
            raise ValueError("each name in OtpNames must consist of ASCII letters, digits, '_', '.' and '-'")
        if self.action in _OTHER_ACTIONS:
            raise ValueError("OtpNames.action must not be the name of another action")
        if self.app == self.code or {self.app, self.code} & _OTHER_PARAMETERS:
            others = ", ".join(sorted(_OTHER_PARAMETERS))
            raise ValueError(f"OtpNames.app and OtpNames.code must be different names, and none of {others}")


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
    """Make a `send` call, for an ordinary message (S1 to S12)."""
    return _make_request(
        "send",
        {
            "from": _check_text("sender", sender),
            "text": _check_text("text", text),
            "receivers": _join_receivers(receivers),
            "phoneBook": _check_optional_number("phone_book", phone_book),
            "trySend": _check_optional_number("try_send", try_send),
            "type": _check_optional_number("type_", type_),
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
    """Make a `sendServices` call, for a pattern message (P1 to P9).

    `data` has the variables of the pattern: a mapping by name, or a sequence by position (P6).
    """
    return _make_request(
        "sendServices",
        {
            "from": _check_text("sender", sender),
            "textCode": _check_number("pattern_code", pattern_code),
            "textData": _pattern_data(data),
            "receivers": _join_receivers(receivers),
            "trySend": _check_optional_number("try_send", try_send),
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
    """Make a call for a one-time code (O1 to O9).

    `code` is a str, because an int would lose its leading zeros.
    """
    return _make_request(
        names.action,
        {
            names.app: _check_text("app_id", app_id),
            names.code: _check_text("code", code),
            "receivers": _join_receivers(receivers),
            "type": _check_optional_number("type_", type_),
        },
    )


def report_send(send_id: Number) -> WireRequest:
    """Make a `reportSend` call, for the report of a send (R1 to R3)."""
    return _make_request("reportSend", {"sendID": _check_number("send_id", send_id)})


def credit() -> WireRequest:
    """Make a `credit` call, for the remaining credit (C1)."""
    return WireRequest("credit")


def received_messages() -> WireRequest:
    """Make a `receivedMessages` call, for the inbound messages (I1 to I3)."""
    return WireRequest("receivedMessages")


def status() -> WireRequest:
    """Make a `status` call, which asks whether web-service access is active (T1)."""
    return WireRequest("status")


def new_contact(phone_book_id: Number, number: str, fields: Mapping[str, Value] | None = None) -> WireRequest:
    """Make a `newContact` call, to add a contact to a phonebook or to update it (N1 to N5).

    `fields` maps the ids of custom fields to values (X1).
    """
    return _make_request(
        "newContact",
        {
            "phoneId": _check_number("phone_book_id", phone_book_id),
            "cNumber": _check_text("number", number),
            "cFields": None if fields is None else _named_values("fields", fields),
        },
    )


def _make_request(action: str, params: Mapping[str, Param | None]) -> WireRequest:
    return WireRequest(action, {name: value for name, value in params.items() if value not in (None, [], {})})


def _check_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _type_error(name, "a str", value)
    plain = str.__str__(value)  # a subclass may override __str__
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise ValueError(f"{name} contains a lone surrogate, which UTF-8 cannot encode")
    return plain


def _check_number(name: str, value: object) -> Number:
    if isinstance(value, str):
        return _check_text(name, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _type_error(name, "an int or a str", value)
    _int_text(name, value)  # raises ValueError if the encodings cannot write it
    return int(value)


def _check_optional_number(name: str, value: object) -> Number | None:
    return None if value is None else _check_number(name, value)


def _int_text(name: str, value: int) -> str:
    try:
        return str(int(value))
    except ValueError:  # Python limits the conversion, by default to 4300 digits
        raise ValueError(f"{name} has too many digits") from None


def _join_receivers(value: object) -> str:
    if isinstance(value, str):
        return _check_text("receivers", value)
    if isinstance(value, bytes | bytearray | Mapping) or not isinstance(value, Iterable):
        raise _type_error("receivers", "a str or an iterable of str", value)
    return ",".join(_check_receiver(f"receivers[{index}]", item) for index, item in enumerate(value))


def _check_receiver(name: str, value: object) -> str:
    number = _check_text(name, value)
    if "," in number:
        raise ValueError(f"{name} contains a comma; pass each receiver as an item of its own")
    return number


def _pattern_data(value: object) -> list[str] | dict[str, str] | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        return _named_values("data", value)
    if isinstance(value, str | bytes | bytearray) or not isinstance(value, Sequence):
        raise _type_error("data", "a mapping or a sequence of values", value)
    return [_value_text(f"data[{index}]", item) for index, item in enumerate(value)]


def _named_values(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _type_error(name, "a mapping", value)
    return {
        _check_text(f"a name in {name}", key): _value_text(f"a value in {name}", item)
        for key, item in value.items()
    }


def _value_text(name: str, value: object) -> str:
    if isinstance(value, str):
        return _check_text(name, value)
    if isinstance(value, float):
        return _float_text(name, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _type_error(name, "a str, an int or a float", value)
    return _int_text(name, value)


def _float_text(name: str, value: float) -> str:
    """Return the shortest decimal text that reads back as the same float, without an exponent."""
    if not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number")
    return format(Decimal(repr(float(value))), "f")


def _type_error(name: str, wanted: str, value: object) -> TypeError:
    return TypeError(f"{name} must be {wanted}, not {type(value).__name__}")
