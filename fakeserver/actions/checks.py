"""The checks that several actions share. Each returns why a request fails it, or None when the request
passes; the action chooses the result code.
"""

from fakeserver.account.account import Account
from fakeserver.account.message import Message
from fakeserver.actions.answer import Answer, Json
from fakeserver.notation.params import Params, whole_number
from fakeserver.notation.phone_numbers import Receivers
from fakeserver.spec.codes import RESULT_CODES, S10
from fakeserver.spec.parameters import SEND_TYPES, TRY_SEND_MAX
from fakeserver.spec.reserved import CODE_OF
from fakeserver.spec.units import AccountMs

AUTO = "auto"  # as a sender line: the smart sender chooses the line (S6, P2)

# The `description` of code 112, unless a fault rule gives another one (S10).
OPERATOR_DETAILS = "the sending operator did not take the message"


def bad_try_send(params: Params) -> str | None:
    """Check that `trySend` is a whole number from 0 to 10, or absent (S1, P1)."""
    given = params.scalar("trySend")
    if given is None:
        return None
    number = whole_number(given)
    if number is not None and 0 <= number <= TRY_SEND_MAX:
        return None
    return f"`trySend` is «{given[:40]}», not a whole number from 0 to {TRY_SEND_MAX}"


def try_send(params: Params) -> int:
    """How many times a message that is not sent is tried again; 0 when absent (L2)."""
    given = params.scalar("trySend")
    return (given and whole_number(given)) or 0


def unknown_type(params: Params) -> str | None:
    """Check that `type` is one of the known send types, or absent (S2, O2)."""
    given = params.scalar("type")
    if given is None or whole_number(given) in SEND_TYPES:
        return None
    return f"`type` is «{given[:40]}», not 1, 2, 3 or 4"


def closed_type(params: Params, account: Account) -> str | None:
    """Check that the account has access to the send type; absent means 1 (S3, O2)."""
    given = params.scalar("type")
    send_type = 1 if given is None else whole_number(given)
    if send_type in account.settings.send_types:
        return None
    return f"the account has no access to send type {send_type}"


def bad_text(message: Message, account: Account) -> str | None:
    """Check that the text is neither blank nor too long, and has no NUL (S7)."""
    if not message.text.strip():
        return "the text is blank"
    if "\0" in message.text:
        return "the text has a NUL character"
    parts, allowed = message.size.parts, account.settings.max_parts
    return f"the text takes {parts} parts; the account allows {allowed}" if parts > allowed else None


def sender_refusal(account: Account, sender: str, *, ordinary: bool) -> str | None:
    """Check that `sender` is a line of the account that may send ordinary or service messages (S6, P2)."""
    settings, kind = account.settings, "ordinary" if ordinary else "service"
    if sender == AUTO:
        return None if settings.smart_sender else "`auto` needs the smart sender, which is off"
    line = settings.lines.get(settings.line_number(sender))
    if line is None:
        return f"«{sender[:40]}» is not a line of this account"
    if not (line.ordinary if ordinary else line.service):
        return f"line {line.number} does not send {kind} messages"
    return None


def billing_refusal(account: Account) -> str | None:
    """Check that credit can be processed (M7)."""
    return None if account.settings.billing_ok else "the setting `billing_ok` is off"


def shortage(account: Account, message: Message, now_ms: AccountMs) -> str | None:
    """Check that the credit covers the message (M3)."""
    cost, credit = message.total, account.credit(now_ms)
    return f"it costs {cost} rials and the credit is {credit}" if cost > credit else None


def reserved_code(action: str, receivers: Receivers, account: Account) -> Answer | None:
    """The answer that a reserved receiver asks for by its number, if any does (Z10)."""
    if not account.settings.reserved_receivers:
        return None
    codes = CODE_OF[action]
    for number in receivers.numbers:
        if number in codes:
            break
    else:
        return None
    result = next(result for result in RESULT_CODES[action] if result.code == codes[number])
    fields: dict[str, Json] = {"description": OPERATOR_DETAILS} if result is S10 else {}
    reason = f"the reserved receiver {number} asks for {result.code} ({result.rule}: {result.stated})"
    return Answer(result._replace(rule="Z10"), reason, fields)
