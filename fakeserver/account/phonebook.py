"""Phonebooks, their contacts, and the custom fields of contacts (B, N and X)."""

from collections.abc import Mapping

from fakeserver.notation.custom_fields import value_problem
from fakeserver.notation.params import Value
from fakeserver.notation.phone_numbers import normalised
from fakeserver.settings.account_settings import Field, Settings
from fakeserver.settings.defaults import Document
from fakeserver.spec.codes import X3, X4, X5, X6, ResultCode


class Phonebook:
    """`contacts`: number → field id → value. A number is in a phonebook once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.contacts: dict[str, dict[str, str]] = {}
        self._holders: dict[tuple[str, str], set[str]] = {}  # (field id, value) → numbers

    @classmethod
    def load(cls, document: Document) -> "Phonebook":
        phonebook = cls(document["name"])
        for contact in document["contacts"]:
            number = normalised(contact["number"])
            phonebook.add(number)
            for field_id, value in contact.get("fields", {}).items():
                phonebook.store(number, field_id, value)
        return phonebook

    def add(self, number: str) -> None:
        """Add a contact without fields. A contact that exists already stays as it is."""
        self.contacts.setdefault(number, {})

    def store(self, number: str, field_id: str, value: str) -> None:
        fields = self.contacts[number]
        if field_id in fields:
            before = field_id, fields[field_id]
            self._holders[before].discard(number)
            if not self._holders[before]:
                del self._holders[before]
        fields[field_id] = value
        self._holders.setdefault((field_id, value), set()).add(number)

    def held_by_another(self, number: str, field_id: str, value: str) -> bool:
        return bool(self._holders.get((field_id, value), set()) - {number})

    def judge(self, number: str, field_id: str, value: Value, fields: Mapping[str, Field]) -> ResultCode:
        """X6 when the custom field of that contact may have the value, otherwise the code against it."""
        field = fields.get(field_id)
        if field is None:
            return X3
        if not isinstance(value, str) or value_problem(field.kind, value, field.options):
            return X4
        if field.unique and self.held_by_another(number, field_id, value):
            return X5
        return X6


def load_phonebooks(settings: Settings) -> dict[int, Phonebook]:
    """The phonebooks that the settings describe, by their ids."""
    return {int(document["id"]): Phonebook.load(document) for document in settings.phonebooks}
