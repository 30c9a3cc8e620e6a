"""What must hold between the members of an account's settings, beyond the shape of each member.

Every check takes a document that fits the schema, and yields pairs of a path and a message.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from itertools import pairwise
from math import isfinite
from typing import Any, TypeAlias

from fakeserver.notation.custom_fields import value_problem
from fakeserver.notation.patterns import variables
from fakeserver.notation.phone_numbers import mobile_number, normalised, number_problem
from fakeserver.settings.account_settings import field_of
from fakeserver.settings.defaults import DEFAULTS, Document, complete
from fakeserver.spec.parameters import PARAMETERS

Inconsistency: TypeAlias = tuple[str, str]

# The member that identifies each item of a list, and must be unique.
IDENTITIES = {"lines": "number", "patterns": "code", "otp_apps": "id", "phonebooks": "id", "fields": "id"}
# Top-level keys of a reply that already have a meaning, or that clients mistake for its result (W14).
RESERVED_KEYS = ("result", "phoneBook", "fields", "description", "status", "error", "errors", "success", "ok")
OTP_OTHER_NAMES = ("action", "receivers", "type", "key")


def inconsistencies(document: Document, where: str) -> Iterator[Inconsistency]:
    """Every inconsistency in `document`, the settings of the account at the path `where`."""
    full = complete(document)
    prefix = f"{where}." if where else ""
    for check in (
        _addresses,
        _repetitions,
        _timeline,
        _outcomes,
        _otp_apps,
        _otp_names,
        _reply_names,
        _fields,
        _phonebooks,
        _blacklist,
    ):
        yield from ((prefix + path, message) for path, message in check(full))


def _addresses(full: Document) -> Iterator[Inconsistency]:
    for place, address in enumerate(full["allowed_ips"]):
        try:
            ip_network(address, strict=False)
        except ValueError:
            yield (
                f"allowed_ips[{place}]",
                f"should be an address or a network; it is {address!r}",
            )


def _repetitions(full: Document) -> Iterator[Inconsistency]:
    for name, identity in IDENTITIES.items():
        values = [item[identity] for item in full[name]]
        for place in _repeated(values):
            yield f"{name}[{place}].{identity}", f"{values[place]!r} is used twice; each one should be unique"


def _repeated(values: list[Any]) -> Iterator[int]:
    """The positions of values that occurred before."""
    seen: set[Any] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield place
        seen.add(value)


def _timeline(full: Document) -> Iterator[Inconsistency]:
    tables = full["timeline"] if isinstance(full["timeline"], dict) else {}
    for kind, offsets in tables.items():
        falls = any(later < earlier for earlier, later in pairwise(offsets))
        if offsets[0] != 0 or falls or not all(map(isfinite, offsets)):
            yield f"timeline.{kind}", f"should begin with 0 and never decrease; it is {offsets}"


def _outcomes(full: Document) -> Iterator[Inconsistency]:
    weights = full["outcomes"]
    if weights and not sum(weights.values()) > 0:
        yield "outcomes", "should have a weight above 0, or be empty"


def _otp_apps(full: Document) -> Iterator[Inconsistency]:
    for place, app in enumerate(full["otp_apps"]):
        others = [name for name in variables(app["template"]) if name != "code"]
        if others:
            message = f"should have no variable other than {{code}}; it has {{{others[0]}}}"
            yield f"otp_apps[{place}].template", message


def _otp_names(full: Document) -> Iterator[Inconsistency]:
    names = full["otp_names"]
    if names["action"] != DEFAULTS["otp_names"]["action"] and names["action"] in PARAMETERS:
        yield "otp_names.action", f"{names['action']!r} is another action of the panel"
    for member in ("app", "code"):
        if names[member] in OTP_OTHER_NAMES:
            yield f"otp_names.{member}", f"{names[member]!r} is another parameter of the action"
    if names["app"] == names["code"]:
        yield "otp_names.code", "should differ from otp_names.app"


def _reply_names(full: Document) -> Iterator[Inconsistency]:
    for member, path in full["reply_names"].items():
        top = path.partition(".")[0]
        if top in RESERVED_KEYS:
            yield (
                f"reply_names.{member}",
                f"should not begin with {top!r}, which has another meaning",
            )


def _fields(full: Document) -> Iterator[Inconsistency]:
    for place, item in enumerate(full["fields"]):
        if item["kind"] == "choice" and not item["options"]:
            yield f"fields[{place}].options", "should name at least one option of the choice"


def _phonebooks(full: Document) -> Iterator[Inconsistency]:
    for place, phonebook in enumerate(full["phonebooks"]):
        yield from _contacts(full, phonebook["contacts"], f"phonebooks[{place}].contacts")


def _contacts(full: Document, contacts: list[Document], where: str) -> Iterator[Inconsistency]:
    fields = {item["id"]: field_of(item) for item in full["fields"]}
    numbers = [contact["number"] for contact in contacts]
    yield from _numbers(numbers, where, ".number")
    for place in _repeated([normalised(number) for number in numbers]):
        yield f"{where}[{place}].number", f"{numbers[place]!r} is in the phonebook twice"
    held: set[tuple[str, str]] = set()
    for place, contact in enumerate(contacts):
        for field_id, value in contact.get("fields", {}).items():
            path = f"{where}[{place}].fields.{field_id}"
            field = fields.get(field_id)
            if field is None:
                yield path, "the account has no such custom field"
            elif problem := value_problem(field.kind, value, field.options):
                yield path, f"{value!r} {problem}"
            elif field.unique and (field_id, value) in held:
                yield path, f"{value!r} is used twice, and the field is unique"
            held.add((field_id, value))


def _blacklist(full: Document) -> Iterator[Inconsistency]:
    yield from _numbers(full["blacklist"], "blacklist", "")


def _numbers(numbers: Iterable[str], where: str, member: str) -> Iterator[Inconsistency]:
    for place, number in enumerate(numbers):
        if mobile_number(number) is None:
            yield f"{where}[{place}]{member}", f"{number!r} {number_problem(number)}"
