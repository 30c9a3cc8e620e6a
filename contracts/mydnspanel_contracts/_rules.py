"""The rules of the web service as values: the content of rules.json."""

from functools import cache
from typing import NamedTuple

from mydnspanel_contracts._files import load_rules


class Settlement(NamedTuple):
    """How an assumption can be settled.

    `means` is what it takes:

    - `verify`: the check of `mydnspanel-contracts verify` that is named `check`. It is free of charge.
    - `verify --send-to`: the same, but the check sends a message, which is charged for.
    - `request`: a request made by hand, free of charge.
    - `message`: a request made by hand that sends a message, which is charged for.
    - `provider`: only the provider can answer the question.
    - `nothing`: the rule is a device of the simulator and claims nothing about the real panel.

    `how` says what to do and what to look at.
    """

    means: str
    check: str | None
    how: str


class Rule(NamedTuple):
    """One rule of the service, in one sentence.

    `evidence` says how the rule is known: `stated` by the vendor's guide, `observed` in public clients, or
    `assumed`. Only assumed rules have `settled_by`. `switch` names the setting of a simulated account that
    changes the rule, or is None.
    """

    id: str
    section: str
    evidence: str
    text: str
    switch: str | None
    settled_by: Settlement | None


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, section by section. Codes and cases refer to rules by their ids."""
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
