"""The requests and replies of the panel's web service, as JSON Schemas, with its result codes and rules.

For each of the eight `ACTIONS` the package answers three questions:

- Is this a well-formed request, without anything that is certain to be refused? `validate_request`
- Is this a reply that the panel can give? `validate_reply`
- Which codes can a reply have, what do they mean, and how is that known? `codes`

And for the service as a whole: which rules does it follow, and how can the assumed ones be settled? `rules`

The schemas say nothing about behaviour, that is, which of the legal replies comes when. The package shares no
code and no data with the server and the client of this project, so that a mistake in one of the three shows
as a disagreement.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mydnspanel_contracts._actions import (
    ACTIONS,
    UNKNOWN_ACTION,
    require_action,
    require_action_or_unknown,
)
from mydnspanel_contracts._catalogue import Code, catalogue, codes
from mydnspanel_contracts._files import reply_schema, request_schema
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

    `params` are the decoded parameters, name to value: strings from a form or a query string, any JSON from a
    JSON body (W5 to W9). They may include `action`. A request that passes may still be refused for a reason
    that depends on the account. A request that fails is certain to get a code other than 1: in the result, in
    `phoneBook` or in a field. Raises ValueError if `action` is not one of `ACTIONS`.
    """
    _raise_if_any(f"request for {action}", iter_request_problems(action, params))


def validate_reply(action: str, body: object) -> None:
    """Raise `ContractViolation` if the panel cannot answer `action` with `body`, the decoded JSON.

    A reply has the members of its outcome and no others (W14). Its scalars are all strings or all native
    (W3). `UNKNOWN_ACTION` stands for an action that does not exist (A7). Raises ValueError for any other
    name. A report's `count` is not compared with the number of its receivers, because JSON Schema cannot
    express that.
    """
    _raise_if_any(f"reply to {action}", iter_reply_problems(action, body))


def iter_request_problems(action: str, params: Mapping[str, object]) -> Iterator[Problem]:
    """The problems of a request, in the order of `ContractViolation.problems`. Empty if it is well-formed."""
    return _problems(f"requests/{require_action(action)}", dict(params))


def iter_reply_problems(action: str, body: object) -> Iterator[Problem]:
    """The problems of a reply, in the order of `ContractViolation.problems`. Empty if it is possible."""
    return _problems(f"replies/{require_action_or_unknown(action)}", body)


def registry() -> "SchemaRegistry":
    """All schemas under their `$id`s, for your own jsonschema validator. The registry never fetches."""
    from mydnspanel_contracts import _validation  # noqa: PLC0415 - import jsonschema only when it is needed

    return _validation.registry()


def _problems(schema_file: str, value: object) -> Iterator[Problem]:
    from mydnspanel_contracts import _validation  # noqa: PLC0415 - import jsonschema only when it is needed

    return iter(_validation.problems(schema_file, value))


def _raise_if_any(subject: str, found: Iterator[Problem]) -> None:
    if problems := tuple(found):
        raise ContractViolation(subject, problems)
