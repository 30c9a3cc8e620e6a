"""docs/deployment.md: the limits and the options that it names."""

import re

import pytest

from tests.docs import facts
from tests.docs.markdown import code_spans, prose, tables

PAGE = "docs/deployment.md"
(TABLE,) = tables(PAGE, "Limits")
ROWS = dict(TABLE.rows)


@pytest.mark.parametrize("what", ROWS)
def test_a_limit_is_that_of_the_code(what: str) -> None:
    if what == "one header; headers of a request":
        return  # those are aiohttp's own, and hostile requests test them
    shown = [
        int(number.replace(" ", "")) for number in re.findall(r"\b\d{1,3}(?: \d{3})+\b|\b\d+\b", ROWS[what])
    ]
    limits = facts.limits()[what]
    assert shown[: len(limits)] == list(limits)


def test_every_limit_has_a_row() -> None:
    assert set(facts.limits()) <= set(ROWS)


@pytest.mark.parametrize(
    "page", ["docs/deployment.md", "docs/configuration.md", "docs/control-api.md", "docs/inbox.md"]
)
def test_every_option_and_variable_that_is_named_exists(page: str) -> None:
    flags = {option.flag for option in facts.serve_options()} | {"--url", "--timeout", "--version"}
    variables = {option.variable for option in facts.serve_options()}
    for span in code_spans(prose(page)):
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", span)) <= flags, span
        assert set(re.findall(r"FAKESERVER_[A-Z_]+", span)) <= variables, span
