"""Generate openapi.json and the README's table of rules: `python -m tests.contracts.generate`.

A test compares the files with what this module makes from codes.json, rules.json and the schemas.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import mydnspanel_contracts as contracts
from mydnspanel_contracts import Rule, Settlement, rules

from tests.contracts.openapi import document

PACKAGE = Path(contracts.__file__).parent
README = PACKAGE.parent / "README.md"
TABLE_START = "<!-- generated: python -m tests.contracts.generate -->\n"
TABLE_END = "<!-- end of the generated part -->\n"

# What it takes to settle a rule. It precedes the advice in the table.
MEANS = {
    "verify": "`verify`, *{check}*: ",
    "verify --send-to": "`verify --send-to`, *{check}*: ",
    "request": "Request by hand: ",
    "message": "Charged request by hand: ",
    "provider": "Only the provider knows: ",
    "nothing": "",
}


def openapi(_current: str) -> str:
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def readme(current: str) -> str:
    """The README with a new table of rules between the two marks."""
    before, _, rest = current.partition(TABLE_START)
    _, end, after = rest.partition(TABLE_END)
    if not end:
        raise ValueError(f"the README must contain {TABLE_START.strip()} and {TABLE_END.strip()}")
    return "".join([before, TABLE_START, "\n", *(f"{line}\n" for line in table()), "\n", TABLE_END, after])


def table() -> Iterator[str]:
    counts = Counter(rule.evidence for rule in rules())
    evidence = ", ".join(f"{counts[label]} {label}" for label in ("stated", "observed", "assumed"))
    yield f"{len(rules())} rules: {evidence}."
    yield ""
    yield "| id | evidence | rule | what would settle it |"
    yield "|---|---|---|---|"
    for section, members in groupby(rules(), key=lambda rule: rule.section):
        yield f"| | | **{section}** | |"
        yield from (row(rule) for rule in members)


def row(rule: Rule) -> str:
    switch = f" *Switch: `{rule.switch}`.*" if rule.switch else ""
    settled_by = advice(rule.settled_by) if rule.settled_by else ""
    cells = (rule.id, rule.evidence, rule.text + switch, settled_by)
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def advice(settlement: Settlement) -> str:
    return MEANS[settlement.means].format(check=settlement.check) + settlement.how


# Each generated file, with the function that makes its new text from its current one.
GENERATED: dict[Path, Callable[[str], str]] = {PACKAGE / "openapi.json": openapi, README: readme}


def main() -> None:
    for path, make in GENERATED.items():
        path.write_text(make(path.read_text("utf-8") if path.exists() else ""), "utf-8")


if __name__ == "__main__":
    main()
