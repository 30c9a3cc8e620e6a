"""What may cross the wire of the panel's web service, as JSON Schema and as a catalogue of codes.

Three questions it answers, for each of the eight `ACTIONS`:

- is this a well-formed request, with nothing in it that is sure to be refused? `validate_request`
- is this a reply that the panel can give? `validate_reply`
- which codes may a reply hold, what do they mean, and who says so? `codes`

And of the service as a whole: which rules does it keep, and what would settle the assumed ones? `rules`

Its schemas say nothing about behaviour (which of the legal replies comes when), and it shares nothing with
the server or the client of this project: where they disagree, one of the three is wrong.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mydnspanel_contracts._catalogue import Code, catalogue, codes
from mydnspanel_contracts._files import reply_schema, request_schema
from mydnspanel_contracts._names import ACTIONS, UNKNOWN_ACTION, answered_action, known_action
from mydnspanel_contracts._problems import ContractViolation, Problem
from mydnspanel_contracts._rules import Rule, Settlement, rules

if TYPE_CHECKING:
    from referencing.jsonschema import SchemaRegistry

__all__ = [
    "ACTIONS",
    "UNKNOWN_ACTION",
    "Code",
    "ContractViolation",
    "Problem",
    "Rule",
    "Settlement",
    "catalogue",
    "codes",
    "iter_reply_problems",
    "iter_request_problems",
    "registry",
    "reply_schema",
    "request_schema",
    "rules",
    "validate_reply",
    "validate_request",
]


def validate_request(action: str, params: Mapping[str, object]) -> None:
    """Raise `ContractViolation` if `params` are not a well-formed request for `action`.

    `params` are the parameters after decoding, name to value: strings out of a form or a query string, any
    JSON out of a JSON body (W5 to W9). `action` may be among them. What passes can still be refused for
    what only the account knows; what fails is sure to be answered with a code other than 1, in the result,
    in `phoneBook` or in a field. ValueError if `action` is none of `ACTIONS`.
    """
    _raise(f"request for {action}", iter_request_problems(action, params))


def validate_reply(action: str, body: object) -> None:
    """Raise `ContractViolation` if the panel cannot answer `action` with `body`, the decoded JSON.

    A reply carries the members of its outcome and no others (W14), and is written all in strings or all
    natively (W3). `UNKNOWN_ACTION` stands for an action that does not exist (A7). ValueError for any other
    name. That a report's `count` is the number of its receivers is not looked at: no schema can say it.
    """
    _raise(f"reply to {action}", iter_reply_problems(action, body))


def iter_request_problems(action: str, params: Mapping[str, object]) -> Iterator[Problem]:
    """The problems that `validate_request` would raise with, in the same order; none for a good request."""
    return _problems(f"requests/{known_action(action)}", dict(params))


def iter_reply_problems(action: str, body: object) -> Iterator[Problem]:
    """The problems that `validate_reply` would raise with, in the same order; none for a good reply."""
    return _problems(f"replies/{answered_action(action)}", body)


def registry() -> "SchemaRegistry":
    """All schemas under their `$id`s, to be given to a jsonschema validator of your own; it never fetches."""
    from mydnspanel_contracts import _validation  # noqa: PLC0415 - jsonschema is imported when it is needed

    return _validation.registry()


def _problems(schema_file: str, value: object) -> Iterator[Problem]:
    from mydnspanel_contracts import _validation  # noqa: PLC0415 - jsonschema is imported when it is needed

    return iter(_validation.problems(schema_file, value))


def _raise(subject: str, found: Iterator[Problem]) -> None:
    if problems := tuple(found):
        raise ContractViolation(subject, problems)
