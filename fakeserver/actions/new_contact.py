"""`newContact`: a contact for a phonebook (section N), with its custom fields (section X)."""

from fakeserver.account.account import Account
from fakeserver.account.phonebook import Phonebook, parse_custom_fields
from fakeserver.actions.answer import Answer, Json, answer
from fakeserver.actions.effects import AddNumbers, StoreFields
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


def new_contact(account: Account, params: Params, _now_ms: int) -> Answer:
    if why := params.absence(("phoneId", "cNumber")):
        return answer(N1, why)
    phonebook_id = whole_number(params.text("phoneId"))
    if phonebook_id is None:
        return answer(N1, f"`phoneId` is «{params.text('phoneId')[:40]}», not a whole number")
    phonebook = account.phonebooks.get(phonebook_id)
    if phonebook is None:
        return answer(N2, f"the account has no phonebook {phonebook_id}")
    written = params.text("cNumber").strip()
    number = mobile_number(written)
    if number is None:
        return answer(N3, f"«{written[:40]}» {number_problem(written)} (F3)")
    row, what = (N5, "is in") if number in phonebook.contacts else (N4, "was added to")
    effects = (AddNumbers(phonebook, (number,)),)
    added = answer(row, f"{number} {what} phonebook {phonebook_id}", None, effects)
    if params.given("cFields"):
        _store(account, phonebook, number, params["cFields"], added)
    return added


def _store(account: Account, phonebook: Phonebook, number: str, given: Value, added: Answer) -> None:
    """Store each custom field that is right; the code of each, or one for all (X1, X2, X7)."""
    values = parse_custom_fields(given)
    if values is None:
        added.fields["fields"] = X7.code
        return
    fields = account.settings.fields
    rows = {name: phonebook.judge(number, name, value, fields) for name, value in values.items()}
    right = {name: str(values[name]) for name, row in rows.items() if row is X6}
    added.effects += (StoreFields(phonebook, number, right),)
    codes: dict[str, Json] = {name: row.code for name, row in rows.items()}
    if account.settings.single_field_code:
        added.fields["fields"] = next((code for code in codes.values() if code != X6.code), X6.code)
    else:
        added.fields["fields"] = codes
