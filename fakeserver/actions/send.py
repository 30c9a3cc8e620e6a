"""`send`: ordinary messages (section S), and the phonebook operation that may go with them (section B)."""

from fakeserver.account.account import Account
from fakeserver.account.phonebook import Phonebook
from fakeserver.actions import checks
from fakeserver.actions.answer import Answer, answer
from fakeserver.actions.effects import Accept, AddNumbers
from fakeserver.notation.params import Params, whole_number
from fakeserver.notation.phone_numbers import Receivers, parse_receivers
from fakeserver.spec.codes import (
    B2,
    B3,
    B4,
    B5,
    B6,
    S1,
    S2,
    S3,
    S4,
    S5,
    S6,
    S7,
    S8,
    S9,
    S12,
    ResultCode,
)


def send(account: Account, params: Params, _now_ms: int) -> Answer:
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
    message = account.compose("send", sender, text, receivers.numbers, retries=checks.try_send(params))
    if why := checks.bad_text(message, account):
        return answer(S7, why)
    if why := account.billing_refusal():
        return answer(S8, why)
    if why := account.ledger.shortage(message.total):
        return answer(S9, why)
    accepted = answer(S12, message.summary(), {"sendID": account.outbox.next_id()}, (Accept(message),))
    if phonebook_id := params.scalar("phoneBook"):
        _store(account, phonebook_id, receivers, accepted)
    return accepted


def _store(account: Account, phonebook_id: str, receivers: Receivers, accepted: Answer) -> None:
    """Put the receivers into the phonebook; an error here never stops the sending (B1, B7)."""
    number = whole_number(phonebook_id)
    phonebook = None if number is None else account.phonebooks.get(number)
    if not account.settings.phonebook_enabled:
        row = B2
    elif phonebook is None:
        row = B3
    else:
        row = _first_not_added(phonebook, receivers)
        accepted.effects += (AddNumbers(phonebook, receivers.numbers),)
    accepted.fields["phoneBook"] = row.code


def _first_not_added(phonebook: Phonebook, receivers: Receivers) -> ResultCode:
    """The row of the first receiver that cannot be added; every other one is (B8)."""
    for number in receivers.places:
        if number is None:
            return B4
        if number in phonebook.contacts:
            return B5
    return B6
