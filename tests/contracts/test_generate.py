"""The generated files are up to date. After a change, run `python -m tests.contracts.generate`."""

import re
from pathlib import Path

import pytest
from mydnspanel_contracts import rules

from tests.contracts.generate import GENERATED, README, TABLE_END, TABLE_START, readme


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_the_committed_file_is_what_the_generator_makes(path: Path) -> None:
    text = path.read_text("utf-8")
    assert GENERATED[path](text) == text


def test_the_readme_has_a_row_for_every_rule_with_its_evidence_and_what_would_settle_it() -> None:
    table = README.read_text("utf-8").partition(TABLE_START)[2].partition(TABLE_END)[0]
    rows = re.findall(r"^\| ([A-Z]\d+) \| (\w+) \| (.*) \| (.*) \|$", table, re.MULTILINE)
    assert [(row[0], row[1]) for row in rows] == [(rule.id, rule.evidence) for rule in rules()]
    for rule, row in zip(rules(), rows, strict=True):
        assert row[2].startswith(rule.text)
        assert (f"`{rule.switch}`" in row[2]) == (rule.switch is not None)
        assert row[3].endswith(rule.settled_by.how) if rule.settled_by else row[3] == ""


def test_the_text_around_the_table_is_not_changed() -> None:
    page = f"before\n{TABLE_START}old\n{TABLE_END}after\n"
    assert readme(page).startswith(f"before\n{TABLE_START}\n{len(rules())} rules: ")
    assert readme(page).endswith(f"\n{TABLE_END}after\n")
    assert readme(readme(page)) == readme(page)


@pytest.mark.parametrize("page", ["", TABLE_START, TABLE_END])
def test_a_readme_without_the_marks_of_the_table_is_an_error(page: str) -> None:
    with pytest.raises(ValueError, match="the README must contain"):
        readme(page)
