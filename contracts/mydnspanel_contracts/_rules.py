"""The rules as values: what rules.json says of them."""

from functools import cache
from typing import NamedTuple

from mydnspanel_contracts._files import load_rules


class Settlement(NamedTuple):
    """What would settle an assumption.

    `means` is what it takes. `verify`: a check of `mydnspanel-contracts verify`, free of charge, whose name
    is `check`; `verify --send-to`: one that sends a message, which is charged for. `request` and `message`:
    the same two by hand. `provider`: nobody else can tell. `nothing`: the rule is a device of the simulator
    and claims nothing about the real panel. `how` says what to do, and what to look at.
    """

    means: str
    check: str | None
    how: str


class Rule(NamedTuple):
    """One rule of the service, in one sentence.

    `evidence` tells how the rule is known: `stated` by the guide, `observed` in public clients, or `assumed`;
    `settled_by` is there for assumed rules alone. `switch` names the setting of a simulated account that
    changes the rule, None where there is none.
    """

    id: str
    section: str
    evidence: str
    text: str
    switch: str | None
    settled_by: Settlement | None


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, section by section; codes and cases name them by their ids."""
    return tuple(
        Rule(
            id=row["id"],
            section=row["section"],
            evidence=row["evidence"],
            text=row["text"],
            switch=row.get("switch"),
            settled_by=_settlement(row.get("settled_by")),
        )
        for row in load_rules()["rules"]
    )


def _settlement(row: dict[str, str] | None) -> Settlement | None:
    return None if row is None else Settlement(row["means"], row.get("check"), row["how"])
