"""The exceptions that a call raises after its arguments were accepted.

* PanelError
  + TransportError          no complete reply arrived
    - PanelTimeout
    - ConnectionFailed
  + UnreadableReply         a reply arrived that does not follow the protocol
    - UnexpectedStatus      an HTTP status other than 200, redirects included
  + Refused                 the panel refused the call and gave a result code
    - AuthenticationError   -1
    - AccountError          -2, -3, -5, 114
    - InsufficientCredit    109, 608
    - InvalidReceiver       105, 604
    - SendingFailed         108, 607, 112, 113
    - UnknownSend           -6

Invalid arguments raise `TypeError` or `ValueError` before any I/O.
"""

from __future__ import annotations

from typing import ClassVar, Final

from mydnspanel_client._codes import BARE_ZERO, UNKNOWN_CODE, refusal_reason

MAX_EXCERPT_CHARACTERS: Final = 500


class PanelError(Exception):
    """The base class of all errors of a call. No message or attribute contains the API key.

    Attributes:
        action: the action that was called; `sendOTP` for every one-time code, whatever `OtpNames` says.
        maybe_accepted: whether the panel may have carried out the call. Do not repeat such a call blindly: a
            second send is a second message and a second charge.

    """

    action: str
    maybe_accepted: bool


class TransportError(PanelError):
    """No complete reply arrived. `reason` says what happened to the connection."""

    def __init__(self, action: str, reason: str, maybe_accepted: bool) -> None:
        super().__init__(action, reason, maybe_accepted)  # copy and pickle rebuild the error from `args`
        self.action = action
        self.reason = reason
        self.maybe_accepted = maybe_accepted

    def __str__(self) -> str:
        consequence = "may have been accepted" if self.maybe_accepted else "was not sent"
        return f"{self.action}: {self.reason}; the request {consequence}"


class PanelTimeout(TransportError):
    """The call took longer than the client's `timeout`.

    `maybe_accepted` is true, unless the connector of the session reports that it could not connect in time.
    """


class ConnectionFailed(TransportError):
    """The connection could not be opened, or it broke before the reply was complete.

    `maybe_accepted` is false in the first case and true in the second.
    """


class UnreadableReply(PanelError):
    """A reply arrived that does not follow the protocol (W2 to W4).

    The HTTP status is not 200, the body is not JSON, or a member is missing or has the wrong type.
    `maybe_accepted` is always true, because the reply does not say what the panel did.

    Attributes:
        http_status: the HTTP status of the reply.
        reason: what is wrong with the reply.
        excerpt: the first 500 characters of the body.

    """

    maybe_accepted = True

    def __init__(self, action: str, http_status: int, reason: str, excerpt: str) -> None:
        super().__init__(action, http_status, reason, excerpt)
        self.action = action
        self.http_status = http_status
        self.reason = reason
        self.excerpt = excerpt

    def __str__(self) -> str:
        return (
            f"{self.action}: the reply cannot be read: {self.reason} (HTTP {self.http_status});"
            " the request may have been accepted"
        )


class UnexpectedStatus(UnreadableReply):
    """The HTTP status of the reply is not 200, the status of every reply of the panel (W4).

    The client does not follow redirects, which would send the API key to another address.
    """


class Refused(PanelError):
    """The panel refused the call with a result code. Nothing was sent, charged or changed.

    A panel may answer an unknown action with the text `0` in place of JSON. This raises `Refused` with code 0
    and rule A7. docs/codes.md lists all codes.

    Attributes:
        code: the result code.
        meaning: the meaning of the code in English; "unknown code" if the action has no such code.
        rule: the id of the rule, such as `S9`; "" if the code is unknown.
        description: the panel's own text, at most 500 characters; None if the reply has none (S10).
        codes: for a subclass, the result codes that raise it; empty for `Refused` itself.

    """

    maybe_accepted = False
    codes: ClassVar[frozenset[int]] = frozenset()

    def __init__(
        self, action: str, code: int, meaning: str, rule: str, description: str | None = None
    ) -> None:
        super().__init__(action, code, meaning, rule, description)
        self.action = action
        self.code = code
        self.meaning = meaning
        self.rule = rule
        self.description = description

    def __str__(self) -> str:
        rule = f" ({self.rule})" if self.rule else ""
        description = f"; the panel says: {self.description}" if self.description else ""
        return f"{self.action} was refused with code {self.code}{rule}: {self.meaning}{description}"


class AuthenticationError(Refused):
    """The API key is not valid (A1)."""

    codes = frozenset({-1})


class AccountError(Refused):
    """The account cannot be used until its owner changes something in the panel.

    Web-service access is switched off (A2), documents are not verified (A3, S4), or the IP address of the
    caller is not allowed (A5).
    """

    codes = frozenset({-2, -3, -5, 114})


class InsufficientCredit(Refused):
    """The account has too little credit for this message (M3)."""

    codes = frozenset({109, 608})


class InvalidReceiver(Refused):
    """A receiver is not a phone number, or there are no receivers (S5, P3, O3)."""

    codes = frozenset({105, 604})


class SendingFailed(Refused):
    """The panel's billing (M7) or its operator (S10, S11) does not work at the moment.

    The same request may succeed later.
    """

    codes = frozenset({108, 607, 112, 113})


class UnknownSend(Refused):
    """The account has no send with this id (R1)."""

    codes = frozenset({-6})


_CLASS_OF_CODE: Final = {code: kind for kind in Refused.__subclasses__() for code in kind.codes}


def refused_with_code(action: str, code: int, description: str | None = None) -> Refused:
    """Make the exception for a result code; plain `Refused` if the action has no such code."""
    reason = refusal_reason(action, code)
    kind = Refused if reason is UNKNOWN_CODE else _CLASS_OF_CODE.get(code, Refused)
    return kind(action, code, reason.meaning, reason.rule, description)


def refused_with_bare_zero(action: str) -> Refused:
    """Make the exception for a reply that is the text `0` in place of JSON (A7)."""
    return Refused(action, 0, BARE_ZERO.meaning, BARE_ZERO.rule)
