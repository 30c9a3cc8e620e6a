"""Writes what is generated in contracts: `python -m tests.contracts.generate`.

A test compares the files with what this makes of codes.json, rules.json and the schemas.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import mydnspanel_contracts as contracts
from mydnspanel_contracts import Rule, Settlement, rules

from tests.contracts.openapi import document

HOME = Path(contracts.__file__).parent
PAGE = HOME.parent / "README.md"
BEGINS = "<!-- generated: python -m tests.contracts.generate -->\n"
ENDS = "<!-- end of what is generated -->\n"

# What stands before the advice: what it takes.
MEANS = {
    "verify": "`verify`, *{check}*: ",
    "verify --send-to": "`verify --send-to`, *{check}*: ",
    "request": "A request by hand: ",
    "message": "Costs a message: ",
    "provider": "The provider alone: ",
    "nothing": "",
}


def openapi(_: str) -> str:
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def readme(text: str) -> str:
    """The page with its table of rules made anew, between the two marks."""
    before, _, rest = text.partition(BEGINS)
    _, found, after = rest.partition(ENDS)
    if not found:
        raise ValueError(f"the page has no place for the rules: {BEGINS.strip()} … {ENDS.strip()}")
    return "".join([before, BEGINS, "\n", *(f"{line}\n" for line in table()), "\n", ENDS, after])


def table() -> Iterator[str]:
    counts = Counter(rule.evidence for rule in rules())
    labels = ", ".join(f"{counts[label]} {label}" for label in ("stated", "observed", "assumed"))
    yield f"{len(rules())} rules: {labels}."
    yield ""
    yield "| id | evidence | rule | what would settle it |"
    yield "|---|---|---|---|"
    for section, members in groupby(rules(), key=lambda rule: rule.section):
        yield f"| | | **{section}** | |"
        yield from (line(rule) for rule in members)


def line(rule: Rule) -> str:
    switch = f" *Switch: `{rule.switch}`.*" if rule.switch else ""
    settled = advice(rule.settled_by) if rule.settled_by else ""
    cells = (rule.id, rule.evidence, rule.text + switch, settled)
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def advice(settlement: Settlement) -> str:
    return MEANS[settlement.means].format(check=settlement.check) + settlement.how


# File → what makes its text of the text that it has.
GENERATED: dict[Path, Callable[[str], str]] = {HOME / "openapi.json": openapi, PAGE: readme}


def main() -> None:
    for path, made_of in GENERATED.items():
        path.write_text(made_of(path.read_text("utf-8") if path.exists() else ""), "utf-8")


if __name__ == "__main__":
    main()
