"""Everything that can go wrong once the arguments are in order.

* PanelError
  + TransportError          no complete answer came back
    - PanelTimeout
    - ConnectionFailed
  + UnreadableReply         an answer came back that is not the panel's protocol
    - UnexpectedStatus      HTTP status other than 200, redirects included
  + Refused                 the panel's own answer, with its code
    - AuthenticationError   -1
    - AccountError          -2, -3, -5, 114
    - InsufficientCredit    109, 608
    - InvalidReceiver       105, 604
    - SendingFailed         108, 607, 112, 113
    - UnknownSend           -6

Wrong arguments are not in the tree: they are the caller's own `TypeError` or `ValueError`, before any I/O.
"""

from __future__ import annotations

from typing import ClassVar, Final

from mydnspanel_client._codes import BARE_ZERO, UNKNOWN, Meaning, meaning_of

EXCERPT_CHARACTERS: Final = 500


class PanelError(Exception):
    """The root: a call has failed. `action` is the protocol's name of what was called (`sendOTP` for any
    one-time code), `maybe_accepted` says whether the panel may have carried it out nonetheless.

    A call with `maybe_accepted` must not simply be made again: a second send is a second message, and a
    second charge. No text of the tree holds the API key.
    """

    action: str
    maybe_accepted: bool


class TransportError(PanelError):
    """No complete answer came back; `reason` says what happened to the connection."""

    def __init__(self, action: str, reason: str, maybe_accepted: bool) -> None:
        super().__init__(action, reason, maybe_accepted)  # `args` rebuild it: errors can be pickled
        self.action = action
        self.reason = reason
        self.maybe_accepted = maybe_accepted

    def __str__(self) -> str:
        chance = "may have been accepted nonetheless" if self.maybe_accepted else "was not sent"
        return f"{self.action}: {self.reason}; the request {chance}"


class PanelTimeout(TransportError):
    """The whole exchange took longer than the client's `timeout`."""


class ConnectionFailed(TransportError):
    """There was no connection (`maybe_accepted` is false), or it broke before the answer was complete."""


class UnreadableReply(PanelError):
    """What came back is not a reply of the panel: not HTTP 200, not JSON, or a member missing or ill-typed.

    `http_status` is the status, `excerpt` the first 500 characters of the body. The panel may have accepted
    the request before its answer was spoilt, so `maybe_accepted` is always true.
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
            " a send may have been accepted nonetheless"
        )


class UnexpectedStatus(UnreadableReply):
    """The panel answers everything with HTTP 200 (W4); this answer has another status.

    A redirect lands here too: it is never followed, since the key would go with it.
    """


class Refused(PanelError):
    """The panel answered, and the answer is no: nothing was sent, charged or changed.

    `code` is the panel's, `meaning` the same in English ("unknown code" if the action's table has none),
    `rule` the rule's id ("" if unknown), `description` the panel's own words where it adds some (S10).

    Code 0 is "the data is incomplete". A panel that answers an unknown action with the bare text `0` in
    place of JSON (a variant of A7) is understood as code 0 with rule A7.
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
        words = f"; the panel says: {self.description}" if self.description else ""
        return f"{self.action} was refused with code {self.code}{rule}: {self.meaning}{words}"


class AuthenticationError(Refused):
    """The API key is not right (A1)."""

    codes = frozenset({-1})


class AccountError(Refused):
    """The account's owner must put something right in the panel: web-service access (A2), documents (A3, S4)
    or the list of allowed addresses (A5). No other request of this account fares better.
    """

    codes = frozenset({-2, -3, -5, 114})


class InsufficientCredit(Refused):
    """The account must be charged up before this can be sent (M3)."""

    codes = frozenset({109, 608})


class InvalidReceiver(Refused):
    """A receiver is not a phone number, or there is none (S5, P3, O3): whoever typed it should look again."""

    codes = frozenset({105, 604})


class SendingFailed(Refused):
    """Nothing is wrong with the request: billing (M7) or the operator (S10, S11) is out of order just now.
    The same request may succeed later.
    """

    codes = frozenset({108, 607, 112, 113})


class UnknownSend(Refused):
    """The account has no send with this id (R1): there is nothing to wait for."""

    codes = frozenset({-6})


_FAMILY: Final = {
    code: family
    for family in (
        AuthenticationError,
        AccountError,
        InsufficientCredit,
        InvalidReceiver,
        SendingFailed,
        UnknownSend,
    )
    for code in family.codes
}


def refusal(action: str, code: int, description: str | None = None) -> Refused:
    """The exception for a code of the action's table; plain `Refused` if the table does not have it."""
    meaning = meaning_of(action, code)
    family = Refused if meaning is UNKNOWN else _FAMILY.get(code, Refused)
    return _refused(family, action, code, meaning, description)


def bare_zero(action: str) -> Refused:
    """The exception for a body that is the bare text `0` (A7)."""
    return _refused(Refused, action, 0, BARE_ZERO, None)


def _refused(
    family: type[Refused], action: str, code: int, meaning: Meaning, description: str | None
) -> Refused:
    return family(action, code, meaning.words, meaning.rule, description)
