"""The generated parts of the pages: after a change run `python -m tests.docs.generate`."""

import re

import pytest

from tests.docs import facts, sessions
from tests.docs.generate import PLACE, generated, with_new_rules
from tests.docs.markdown import PAGES, read

REMEDY = "run `python -m tests.docs.generate` and look at the difference"


@pytest.mark.parametrize("page", PAGES)
def test_the_generated_texts_are_those_of_the_data(page: str) -> None:
    assert read(page) == generated(page), REMEDY


@pytest.mark.parametrize("page", PAGES)
async def test_the_sessions_print_what_they_show(page: str) -> None:
    for block, done in await sessions.run(page):
        assert sessions.steps(block) == done, f"{block}: {REMEDY}"


@pytest.mark.parametrize("page", PAGES)
def test_every_mark_of_a_generated_text_has_its_end(page: str) -> None:
    begun = re.findall("<!-- generated: ", read(page))
    assert len(begun) == len(PLACE.findall(read(page))) == read(page).count("<!-- end of generated text -->")


@pytest.mark.parametrize("rule", ["S9", "P4", "W15", "R4", "Z10"])
def test_a_new_rule_gets_a_row_at_its_place(rule: str) -> None:
    page = read("docs/protocol.md")
    row = re.compile(rf"^\| {rule} \|.*\n", re.MULTILINE)
    made = with_new_rules(row.sub("", page))
    (new,) = row.findall(made)
    assert made == page.replace(row.findall(page)[0], new)
    assert new.split(" | ")[1] == facts.RULES[rule].evidence
    assert new.count("|") == row.findall(page)[0].count("|")


def test_a_new_rule_without_a_place_is_an_error() -> None:
    with pytest.raises(LookupError, match="no row for W1, nor for the rule before it"):
        with_new_rules("")
