"""Generate what follows from the data of the contracts: `python -m tests.contracts.generate`.

From codes.json it makes the codes in the schemas of the replies, and a rule in rules.json for a code whose
rule is not described there yet; from all of them openapi.json and the README's table of rules. A test
compares the files with what this module makes.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import mydnspanel_contracts as contracts
from mydnspanel_contracts import ACTIONS, Rule, Settlement, catalogue, rules

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


CODES_ON_A_LINE = 7
GATE_CODE = '{ "$ref": "../shared/reply.json#/$defs/gateCode" }'
# The alternatives of `$defs.code` in the schema of a reply.
REPLY_CODES = re.compile(rf'"anyOf": \[\s*{re.escape(GATE_CODE)}(?:,\s*\{{ "enum": \[[^]]*\] \}})*\s*\]')


def reply_schema(current: str, *, action: str) -> str:
    """The schema of the replies to an action, with the codes that codes.json has for it."""
    codes = sorted({row["code"] for row in catalogue()["results"] if row["action"] == action})
    lines = [codes[first : first + CODES_ON_A_LINE] for first in range(0, len(codes), CODES_ON_A_LINE)]
    enums = [f'{{ "enum": [{", ".join(_both(code) for code in line)}] }}' for line in lines]
    members = ", ".join([GATE_CODE, *enums])
    if len(members) > 80:
        members = "\n        " + ",\n        ".join([GATE_CODE, *enums]) + "\n      "
    return REPLY_CODES.sub(lambda _: f'"anyOf": [{members}]', current)


def _both(code: int) -> str:
    """A code as text and as a number."""
    return f'"{code}", {code}'


def rules_json(current: str) -> str:
    """The rules, with a row for every code whose rule has none yet, behind the last one of its section."""
    known = {rule["id"]: rule for rule in json.loads(current)["rules"]}
    for row in catalogue()["results"]:
        if row["rule"] not in known:
            letter = row["rule"][0]
            last = [rule for rule in known.values() if rule["id"][0] == letter][-1]
            new = {
                "id": row["rule"],
                "section": last["section"],
                "evidence": row["evidence"],
                "text": f"{row['code']} when {row.get('stated') or row.get('assumed')}.",
            }
            head = ", ".join(f'"{name}": {_json(new[name])}' for name in ("id", "section", "evidence"))
            block = f'    {{\n      {head},\n      "text": {_json(new["text"])}\n    }}'
            end = current.index("\n    }", current.index(f'"id": "{last["id"]}"')) + len("\n    }")
            current = f"{current[:end]},\n{block}{current[end:]}"
            known[row["rule"]] = new
    return current


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def openapi(_current: str) -> str:
    # Imported here, because it reads the files that were generated before.
    from tests.contracts.openapi import document

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
GENERATED: dict[Path, Callable[[str], str]] = {
    PACKAGE / "rules.json": rules_json,
    **{
        PACKAGE / "schemas" / "replies" / f"{action}.json": partial(reply_schema, action=action)
        for action in ACTIONS
    },
    PACKAGE / "openapi.json": openapi,
    README: readme,
}


def main() -> None:
    for path, make in GENERATED.items():
        path.write_text(make(path.read_text("utf-8") if path.exists() else ""), "utf-8")


if __name__ == "__main__":
    main()
