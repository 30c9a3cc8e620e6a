"""The import of contacts: rows as csv.DictReader gives them, into a phonebook of the panel."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .gateway import Gateway, Refused

FIELDS = {"birthday": "FYa12346", "job": "FMzQ5NDA2", "membership": "FMTAwMg"}  # column → custom field
COLUMNS = {field: column for column, field in FIELDS.items()}
WHY = {-1: "no such field", -2: "not valid", -3: "somebody else has it"}
NOT_A_NUMBER = 803

Row = Mapping[str, str]


class Refusal(NamedTuple):
    number: str
    column: str
    why: str


def import_contacts(gateway: Gateway, phonebook: int, rows: Iterable[Row]) -> list[Refusal]:
    """What was refused. An error of the gateway ends the import; to run it again adds nobody twice."""
    return [refusal for row in rows for refusal in _add(gateway, phonebook, row)]


def _add(gateway: Gateway, phonebook: int, row: Row) -> list[Refusal]:
    number = row["number"]
    # An empty cell says nothing, but an empty value would be refused.
    fields = {field: row[column] for column, field in FIELDS.items() if row.get(column)}
    try:
        codes = gateway.add_contact(phonebook, number, fields)
    except Refused as refused:
        if refused.code == NOT_A_NUMBER:
            return [Refusal(number, "number", "not a mobile number")]
        raise
    return [Refusal(number, COLUMNS[field], WHY.get(code, str(code))) for field, code in codes.items()]
