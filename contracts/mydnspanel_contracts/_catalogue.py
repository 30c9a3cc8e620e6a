"""The codes as values: what codes.json says of them, one row for each rule that gives a code."""

import copy
from functools import cache
from typing import Any, NamedTuple

from mydnspanel_contracts._files import load_catalogue
from mydnspanel_contracts._names import answered_action


class Code(NamedTuple):
    """One way to come by a result code.

    `rule` is the rule's id; `evidence` tells how the code itself is known: `stated` by the guide, `observed`
    in public clients, or `assumed`. The last three hold what is known in each way, None where that is
    nothing: as a rule the bare meaning is stated and the exact condition assumed.
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
    """Every code that `action` may be answered with: the gate's first (A1 to A6), then its own by rule.

    `UNKNOWN_ACTION` is answered too (A7). A code that two rules give stands in two rows. ValueError for
    any other name.
    """
    name = answered_action(action)
    own = [row for row in load_catalogue()["results"] if row["action"] == name]
    return tuple(_code(name, row) for row in (*load_catalogue()["gate"], *own))


def catalogue() -> dict[str, Any]:
    """All of codes.json, as a copy of your own: `gate` and `results`, the codes of `phonebook` (B) and
    `fields` (X), both tables of statuses, and their legal pairs and moves in `lifecycle` (L1).
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
