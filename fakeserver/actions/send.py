"""`send`: ordinary messages (S), and the phonebook operation that may go with them (B)."""

from fakeserver.account.account import Account
from fakeserver.account.phonebook import Phonebook
from fakeserver.actions import checks
from fakeserver.actions.answer import Answer
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
from fakeserver.spec.units import AccountMs


def send(account: Account, params: Params, now_ms: AccountMs) -> Answer:
    if why := params.absence(("from", "text", "receivers")) or checks.bad_try_send(params):
        return Answer(S1, why)
    if why := checks.unknown_type(params):
        return Answer(S2, why)
    if why := checks.closed_type(params, account):
        return Answer(S3, why)
    if not account.settings.sending_verified:
        return Answer(S4, "the setting `sending_verified` is off")
    receivers = parse_receivers(params.text("receivers"))
    if why := receivers.refusal(skip_bad=account.settings.skip_bad_receivers):
        return Answer(S5, why)
    if reserved := checks.reserved_code("send", receivers, account):
        return reserved
    sender = params.text("from")
    if why := checks.sender_refusal(account, sender, ordinary=True):
        return Answer(S6, why)
    text = params.text("text")
    message = account.compose("send", sender, text, receivers.numbers, retries=checks.try_send(params))
    if why := checks.bad_text(message, account):
        return Answer(S7, why)
    if why := checks.billing_refusal(account):
        return Answer(S8, why)
    if why := checks.shortage(account, message, now_ms):
        return Answer(S9, why)
    accepted = Answer(S12, message.summary(), {"sendID": account.sends.next_id}, (Accept(message),))
    if phonebook_id := params.scalar("phoneBook"):
        return _with_phonebook(accepted, account, phonebook_id, receivers)
    return accepted


def _with_phonebook(accepted: Answer, account: Account, phonebook_id: str, receivers: Receivers) -> Answer:
    """The answer with the phonebook operation, which never stops the sending (B1, B7)."""
    number = whole_number(phonebook_id)
    phonebook = None if number is None else account.phonebooks.get(number)
    if not account.settings.phonebook_enabled:
        return accepted.and_then({"phoneBook": B2.code})
    if phonebook is None:
        return accepted.and_then({"phoneBook": B3.code})
    result = _first_not_added(phonebook, receivers)
    return accepted.and_then({"phoneBook": result.code}, AddNumbers(phonebook, receivers.numbers))


def _first_not_added(phonebook: Phonebook, receivers: Receivers) -> ResultCode:
    """The result code of the first receiver that cannot be added; B6 when all can (B8)."""
    for number in receivers.places:
        if number is None:
            return B4
        if number in phonebook.contacts:
            return B5
    return B6
