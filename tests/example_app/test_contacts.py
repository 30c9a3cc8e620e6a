from csv import DictReader

import pytest

from fakeserver.testing import Panel

from .contacts import FIELDS, import_contacts
from .gateway import Gateway, OutcomeUnknown, Refused

PHONEBOOK = 1403
MEMBERS = [
    "number,birthday,job,membership",
    "9121111111,1360/06/06,معلم,A-1",
    "9122222222,,پزشک,A-2",
]


def test_contacts_arrive_with_their_fields(panel: Panel, gateway: Gateway) -> None:
    assert import_contacts(gateway, PHONEBOOK, DictReader(MEMBERS)) == []
    phonebook = panel.phonebook(PHONEBOOK)
    assert phonebook.numbers == ["9121111111", "9122222222"]
    assert phonebook.contact("9122222222").fields == {FIELDS["job"]: "پزشک", FIELDS["membership"]: "A-2"}


def test_refused_fields_are_returned_with_number_and_column(panel: Panel, gateway: Gateway) -> None:
    rows = DictReader([*MEMBERS, "9123333333,1360/13/01,فضانورد,A-1", "02112345678,,,A-4"])
    assert import_contacts(gateway, PHONEBOOK, rows) == [
        ("9123333333", "birthday", "not valid"),
        ("9123333333", "job", "not valid"),
        ("9123333333", "membership", "already used"),
        ("02112345678", "number", "not a mobile number"),
    ]
    assert panel.phonebook(PHONEBOOK).contact("9123333333").fields == {}


def test_an_interrupted_import_can_be_run_again(panel: Panel, gateway: Gateway) -> None:
    panel.fail(disconnect="after")
    with pytest.raises(OutcomeUnknown):
        import_contacts(gateway, PHONEBOOK, DictReader(MEMBERS))
    assert import_contacts(gateway, PHONEBOOK, DictReader(MEMBERS)) == []
    assert panel.phonebook(PHONEBOOK).numbers == ["9121111111", "9122222222"]


def test_a_missing_phonebook_is_refused(gateway: Gateway) -> None:
    with pytest.raises(Refused) as refused:
        import_contacts(gateway, 1404, DictReader(MEMBERS))
    assert refused.value.code == 802
