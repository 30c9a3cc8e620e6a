"""What is generated is what the script makes now: after a change run `python -m tests.contracts.generate`."""

import re
from pathlib import Path

import pytest
from mydnspanel_contracts import rules

from tests.contracts.generate import BEGINS, ENDS, GENERATED, PAGE, readme


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_what_is_committed_is_what_the_script_makes(path: Path) -> None:
    text = path.read_text("utf-8")
    assert GENERATED[path](text) == text


def test_the_page_has_a_row_for_every_rule_with_its_evidence_and_what_would_settle_it() -> None:
    page = PAGE.read_text("utf-8")
    table = page.partition(BEGINS)[2].partition(ENDS)[0]
    rows = re.findall(r"^\| ([A-Z]\d+) \| (\w+) \| (.*) \| (.*) \|$", table, re.MULTILINE)
    assert [(row[0], row[1]) for row in rows] == [(rule.id, rule.evidence) for rule in rules()]
    for rule, row in zip(rules(), rows, strict=True):
        assert row[2].startswith(rule.text)
        assert (f"`{rule.switch}`" in row[2]) == (rule.switch is not None)
        assert row[3].endswith(rule.settled_by.how) if rule.settled_by else row[3] == ""


def test_what_stands_around_the_table_stays() -> None:
    page = f"before\n{BEGINS}old\n{ENDS}after\n"
    assert readme(page).startswith(f"before\n{BEGINS}\n115 rules: ")
    assert readme(page).endswith(f"\n{ENDS}after\n")
    assert readme(readme(page)) == readme(page)


@pytest.mark.parametrize("page", ["", BEGINS, ENDS])
def test_a_page_without_a_place_for_the_table_is_an_error(page: str) -> None:
    with pytest.raises(ValueError, match="no place for the rules"):
        readme(page)
