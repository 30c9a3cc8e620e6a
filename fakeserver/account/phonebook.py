"""Phonebooks, their contacts, and the custom fields of these (sections B, N and X)."""

import re
from collections.abc import Mapping

from fakeserver.notation.jalali import is_date
from fakeserver.notation.params import Value
from fakeserver.notation.phone_numbers import normalised
from fakeserver.notation.strict_json import NotJson, loads
from fakeserver.settings.account_settings import Document, Field
from fakeserver.spec.codes import (
    X3,
    X4,
    X5,
    X6,
    ResultCode,
)

TEXT_MAX = 255
_NUMBER = re.compile(r"-?[0-9]{1,64}(\.[0-9]{1,64})?", re.ASCII)
_CURLY_QUOTES = str.maketrans(dict.fromkeys("“”„", '"'))

# Possessive, and an unclosed string runs to the end: linear on any text.
_STRING_OR_BARE_KEY = re.compile(
    r'"(?:[^"\\]++|\\.)*+"?|(?<![A-Za-z0-9_])([A-Za-z0-9_]++)(?=\s*+:)', re.ASCII | re.DOTALL
)


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
        """Add a contact without fields; a number that is there already stays as it is."""
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
        """Whether a custom field of a contact may have that value: X6, or the rule that forbids it."""
        field = fields.get(field_id)
        if field is None:
            return X3
        if not isinstance(value, str) or value_problem(field, value):
            return X4
        if field.unique and self.held_by_another(number, field_id, value):
            return X5
        return X6


def value_problem(field: Field, value: str) -> str | None:
    """Why `value` is not of the field's kind; None when it is (X4)."""
    if field.kind == "date":
        return None if is_date(value) else "is not a Jalali date YYYY/MM/DD that exists"
    if field.kind == "number":
        return None if _NUMBER.fullmatch(value) else "is not a number"
    if field.kind == "choice":
        return None if value in field.options else f"is none of {', '.join(field.options)}"
    if not value.strip():
        return "is blank"
    return None if len(value) <= TEXT_MAX else f"has more than {TEXT_MAX} characters"


def parse_custom_fields(given: Value) -> dict[str, Value] | None:
    """What `cFields` holds, an object of the body or its text: field id → value. None when it is no
    object in either notation (X7).
    """
    if isinstance(given, str):
        given = _parse_text(given)
    return given if isinstance(given, dict) else None


def _parse_text(text: str) -> Value:
    for notation in (text, _strict(text)):
        try:
            return loads(notation)
        except NotJson:
            continue
    return None


def _strict(text: str) -> str:
    """The guide's notation as strict JSON: curly quotes made straight, bare keys quoted."""
    return _STRING_OR_BARE_KEY.sub(
        lambda match: f'"{match[1]}"' if match[1] else match[0], text.translate(_CURLY_QUOTES)
    )
