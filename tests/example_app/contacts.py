"""Imports contacts, as rows of csv.DictReader, into a phonebook of the panel."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .gateway import Gateway, Refused

FIELDS = {"birthday": "FYa12346", "job": "FMzQ5NDA2", "membership": "FMTAwMg"}  # from column to custom field
COLUMNS = {field: column for column, field in FIELDS.items()}
REASONS = {-1: "no such field", -2: "not valid", -3: "already used"}
NOT_A_NUMBER = 803

Row = Mapping[str, str]


class Refusal(NamedTuple):
    number: str
    column: str
    reason: str


def import_contacts(gateway: Gateway, phonebook: int, rows: Iterable[Row]) -> list[Refusal]:
    """Import the rows, and return what was refused.

    An error of the gateway ends the import. It can be run again, because no contact is added twice.
    """
    return [refusal for row in rows for refusal in _add(gateway, phonebook, row)]


def _add(gateway: Gateway, phonebook: int, row: Row) -> list[Refusal]:
    number = row["number"]
    # The panel refuses empty values.
    fields = {field: row[column] for column, field in FIELDS.items() if row.get(column)}
    try:
        codes = gateway.add_contact(phonebook, number, fields)
    except Refused as refused:
        if refused.code == NOT_A_NUMBER:
            return [Refusal(number, "number", "not a mobile number")]
        raise
    return [Refusal(number, COLUMNS[field], REASONS.get(code, str(code))) for field, code in codes.items()]
