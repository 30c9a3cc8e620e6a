"""The result codes as values: codes.json, one value for each rule that gives a code."""

import copy
from functools import cache
from typing import Any, NamedTuple

from mydnspanel_contracts._actions import require_action_or_unknown
from mydnspanel_contracts._files import load_catalogue


class Code(NamedTuple):
    """A result code, with the rule that gives it.

    `rule` is the rule's id. `evidence` says how the code itself is known: `stated` by the vendor's guide,
    `observed` in public clients, or `assumed`. The members `stated`, `observed` and `assumed` hold what is
    known in each way, or None. Usually the bare meaning is stated and the exact condition is assumed.
    """

    action: str
    code: int
    rule: str
    evidence: str
    stated: str | None
    observed: str | None
    assumed: str | None


@cache
def codes(action: str) -> tuple[Code, ...]:
    """Every code that a reply to `action` may have: first those of the gate (A1 to A6), then its own by rule.

    `UNKNOWN_ACTION` stands for any action that does not exist (A7). A code that two rules give appears twice.
    Raises ValueError for any other name.
    """
    name = require_action_or_unknown(action)
    own = [row for row in load_catalogue()["results"] if row["action"] == name]
    return tuple(_code(name, row) for row in (*load_catalogue()["gate"], *own))


def catalogue() -> dict[str, Any]:
    """The whole content of codes.json, as a new copy.

    It holds the codes of the gate (`gate`), of the actions (`results`), of the phonebook operation
    (`phonebook`, rules B) and of custom fields (`fields`, rules X), both tables of statuses, and the legal
    pairs of statuses with their transitions (`lifecycle`, L1).
    """
    return copy.deepcopy(load_catalogue())


def _code(action: str, row: dict[str, Any]) -> Code:
    return Code(
        action=action,
        code=row["code"],
        rule=row["rule"],
        evidence=row["evidence"],
        stated=row.get("stated"),
        observed=row.get("observed"),
        assumed=row.get("assumed"),
    )
