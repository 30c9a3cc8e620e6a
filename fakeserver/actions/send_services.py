"""`sendServices`: instant messages by pattern (P)."""

from fakeserver.account.account import Account
from fakeserver.actions import checks
from fakeserver.actions.answer import Answer
from fakeserver.actions.effects import Accept
from fakeserver.notation.params import Params, whole_number
from fakeserver.notation.patterns import fill
from fakeserver.notation.phone_numbers import parse_receivers
from fakeserver.settings.account_settings import Pattern
from fakeserver.spec.codes import (
    P1,
    P2,
    P3,
    P4,
    P5,
    P6,
    P7,
    P8,
    P9,
)
from fakeserver.spec.units import AccountMs


def send_services(account: Account, params: Params, now_ms: AccountMs) -> Answer:
    if why := params.absence(("from", "textCode", "receivers")) or checks.bad_try_send(params):
        return Answer(P1, why)
    sender = params.text("from")
    if why := checks.sender_refusal(account, sender, ordinary=False):
        return Answer(P2, why)
    receivers = parse_receivers(params.text("receivers"))
    if why := receivers.refusal(skip_bad=account.settings.skip_bad_receivers):
        return Answer(P3, why)
    if reserved := checks.reserved_code("sendServices", receivers, account):
        return reserved
    pattern = _pattern(account, params.text("textCode"))
    unknown = f"the account has no pattern «{params.text('textCode')[:40]}»"
    if len(receivers.numbers) > 1 and not (pattern and pattern.bulk):
        lacks = "the pattern does not allow bulk" if pattern else unknown
        return Answer(P4, f"{len(receivers.numbers)} receivers, and {lacks}")
    if pattern is None:
        return Answer(P5, unknown)
    if not pattern.approved:
        return Answer(P5, f"pattern {pattern.code} is not approved")
    filled = fill(pattern.text, params.get("textData"))
    if filled.why:
        return Answer(P6, filled.why)
    if why := checks.billing_refusal(account):
        return Answer(P7, why)
    retries = checks.try_send(params)
    message = account.compose("sendServices", sender, filled.text, receivers.numbers, retries=retries)
    if why := checks.shortage(account, message, now_ms):
        return Answer(P8, why)
    return Answer(P9, message.summary(), {"sendID": account.sends.next_id}, (Accept(message),))


def _pattern(account: Account, code: str) -> Pattern | None:
    number = whole_number(code)
    return None if number is None else account.settings.patterns.get(number)
