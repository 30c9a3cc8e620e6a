"""`newContact`: adds a contact to a phonebook (N), with its custom fields (X)."""

from fakeserver.account.account import Account
from fakeserver.account.phonebook import Phonebook
from fakeserver.actions.answer import Answer, Json
from fakeserver.actions.effects import AddNumbers, StoreFields
from fakeserver.notation.custom_fields import parse_custom_fields
from fakeserver.notation.params import Params, Value, whole_number
from fakeserver.notation.phone_numbers import mobile_number, number_problem
from fakeserver.spec.codes import (
    N1,
    N2,
    N3,
    N4,
    N5,
    X6,
    X7,
)
from fakeserver.spec.units import AccountMs


def new_contact(account: Account, params: Params, _now_ms: AccountMs) -> Answer:
    if why := params.absence(("phoneId", "cNumber")):
        return Answer(N1, why)
    phonebook_id = whole_number(params.text("phoneId"))
    if phonebook_id is None:
        return Answer(N1, f"`phoneId` is «{params.text('phoneId')[:40]}», not a whole number")
    phonebook = account.phonebooks.get(phonebook_id)
    if phonebook is None:
        return Answer(N2, f"the account has no phonebook {phonebook_id}")
    written = params.text("cNumber").strip()
    number = mobile_number(written)
    if number is None:
        return Answer(N3, f"«{written[:40]}» {number_problem(written)} (F3)")
    result, what = (N5, "is in") if number in phonebook.contacts else (N4, "was added to")
    effects = (AddNumbers(phonebook, (number,)),)
    added = Answer(result, f"{number} {what} phonebook {phonebook_id}", effects=effects)
    if params.given("cFields"):
        return _with_fields(added, account, phonebook, number, params["cFields"])
    return added


def _with_fields(added: Answer, account: Account, phonebook: Phonebook, number: str, given: Value) -> Answer:
    """The answer with a code for each custom field, or one for all; stores valid values (X1, X2, X7)."""
    values = parse_custom_fields(given)
    if values is None:
        return added.and_then({"fields": X7.code})
    fields = account.settings.fields
    results = {name: phonebook.judge(number, name, value, fields) for name, value in values.items()}
    valid = {name: str(values[name]) for name, result in results.items() if result is X6}
    codes: dict[str, Json] = {name: result.code for name, result in results.items()}
    reply: Json = codes
    if account.settings.single_field_code:
        reply = next((code for code in codes.values() if code != X6.code), X6.code)
    return added.and_then({"fields": reply}, StoreFields(phonebook, number, valid))
