"""`sendServices`: instant messages by pattern (section P)."""

from fakeserver.account.account import Account
from fakeserver.actions import checks
from fakeserver.actions.answer import Answer, answer
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


def send_services(account: Account, params: Params, _now_ms: int) -> Answer:
    if why := params.absence(("from", "textCode", "receivers")) or checks.bad_try_send(params):
        return answer(P1, why)
    sender = params.text("from")
    if why := account.sender_refusal(sender, ordinary=False):
        return answer(P2, why)
    receivers = parse_receivers(params.text("receivers"))
    if why := receivers.refusal(skip_bad=account.settings.skip_bad_receivers):
        return answer(P3, why)
    if reserved := checks.reserved_code("sendServices", receivers, account):
        return reserved
    pattern = _pattern(account, params.text("textCode"))
    unknown = f"the account has no pattern «{params.text('textCode')[:40]}»"
    if len(receivers.numbers) > 1 and not (pattern and pattern.bulk):
        lacks = "the pattern does not allow bulk" if pattern else unknown
        return answer(P4, f"{len(receivers.numbers)} receivers, and {lacks}")
    if pattern is None:
        return answer(P5, unknown)
    if not pattern.approved:
        return answer(P5, f"pattern {pattern.code} is not approved")
    filled = fill(pattern.text, params.get("textData"))
    if filled.why:
        return answer(P6, filled.why)
    if why := account.billing_refusal():
        return answer(P7, why)
    retries = checks.try_send(params)
    message = account.compose("sendServices", sender, filled.text, receivers.numbers, retries=retries)
    if why := account.ledger.shortage(message.total):
        return answer(P8, why)
    return answer(P9, message.summary(), {"sendID": account.outbox.next_id()}, (Accept(message),))


def _pattern(account: Account, code: str) -> Pattern | None:
    number = whole_number(code)
    return None if number is None else account.settings.patterns.get(number)
