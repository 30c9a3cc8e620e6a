"""`send`: ordinary messages (section S), and the phonebook operation that may go with them (section B)."""

from fakeserver.panel import checks
from fakeserver.panel.account import Account
from fakeserver.panel.answer import Answer, answer
from fakeserver.panel.numbers import Receivers, parse_receivers
from fakeserver.panel.params import Params, whole_number
from fakeserver.panel.parts import measure
from fakeserver.panel.phonebook import Phonebook
from fakeserver.spec.codes import B2, B3, B4, B5, B6, S1, S2, S3, S4, S5, S6, S7, S8, S9, S12, Row


def send(account: Account, params: Params, now_ms: int) -> Answer:
    if why := params.absence(("from", "text", "receivers")) or checks.bad_try_send(params):
        return answer(S1, why)
    if why := checks.unknown_type(params):
        return answer(S2, why)
    if why := checks.closed_type(params, account):
        return answer(S3, why)
    if not account.settings.sending_verified:
        return answer(S4, "the setting `sending_verified` is off")
    receivers = parse_receivers(params.text("receivers"))
    if why := receivers.refusal(skip_bad=account.settings.skip_bad_receivers):
        return answer(S5, why)
    if reserved := checks.reserved_code("send", receivers, account):
        return reserved
    sender = params.text("from")
    if why := account.sender_refusal(sender, ordinary=True):
        return answer(S6, why)
    text = params.text("text")
    size = measure(text)
    if why := checks.bad_text(text, size, account):
        return answer(S7, why)
    if why := account.billing_refusal():
        return answer(S8, why)
    if why := account.ledger.shortage(account.price_of(size) * len(receivers.numbers)):
        return answer(S9, why)
    sent = account.accept(
        now_ms,
        action="send",
        sender=sender,
        text=text,
        size=size,
        receivers=receivers.numbers,
        retries=checks.try_send(params),
    )
    accepted = answer(S12, checks.acceptance(sent), {"sendID": sent.id})
    if phonebook_id := params.scalar("phoneBook"):
        accepted.fields["phoneBook"] = _store(account, phonebook_id, receivers).code
    return accepted


def _store(account: Account, phonebook_id: str, receivers: Receivers) -> Row:
    """Put the receivers into the phonebook; an error here never stops the sending (B1, B7)."""
    if not account.settings.phonebook_enabled:
        return B2
    number = whole_number(phonebook_id)
    phonebook = None if number is None else account.phonebooks.get(number)
    if phonebook is None:
        return B3
    return _add_each(phonebook, receivers)


def _add_each(phonebook: Phonebook, receivers: Receivers) -> Row:
    """Add every number that can be added; the row of the first receiver that could not (B8)."""
    seen: set[str] = set()
    first_error = None
    for number in receivers.places:
        if number in seen:
            continue
        if number is None:
            row = B4
        else:
            seen.add(number)
            row = B6 if phonebook.add(number) else B5
        if row is not B6:
            first_error = first_error or row
    return first_error or B6
