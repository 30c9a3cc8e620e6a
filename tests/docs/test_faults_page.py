"""docs/faults.md: every member of a fault rule and every outcome."""

import inspect
import re
from pathlib import Path

from fakeserver.testing import Panel
from tests.docs import facts
from tests.docs.markdown import code_spans, snippets, tables
from tests.docs.sessions import write_files
from tests.docs.tools import pytest_outcomes, run_pytest

PAGE = "docs/faults.md"
(WHEN,) = tables(PAGE, "When a rule fires")
(THEN,) = tables(PAGE, "What a rule does")
(OUTCOMES,) = tables(PAGE, "Outcomes")


def test_the_suite_passes(folder: Path) -> None:
    write_files(folder, snippets("docs/faults.md", "python"))
    result = run_pytest(folder)
    assert pytest_outcomes(result.stdout) == {"passed": 2}, result.stdout


def test_every_member_that_matches_requests_is_shown() -> None:
    rule = facts.schema_of("FaultRule")["properties"]
    shown = [cell.strip("`").removeprefix("when.") for cell in WHEN.column("member")]
    assert sorted(shown) == sorted([*rule["when"]["properties"], "after", "times"])


def test_everything_that_a_rule_can_do_is_shown() -> None:
    then = facts.schema_of("FaultRule")["properties"]["then"]["properties"]
    shown = [re.findall(r'"(\w+)":', cell)[0] for cell in THEN.column("member")]
    named = set(code_spans(" ".join(THEN.column("what happens"))))
    assert set(shown) | (named & set(then)) == set(then)
    for member in ("disconnect", "body"):
        values = [cell.split('"')[3] for cell in THEN.column("member") if f'"{member}"' in cell]
        assert values == then[member]["enum"]


def test_the_names_in_python_are_those_of_fail() -> None:
    parameters = inspect.signature(Panel.fail).parameters
    shown = [cell.strip("`").partition("=")[0] for cell in (*WHEN.column("Python"), *THEN.column("Python"))]
    assert set(shown) | {"description", "http_body"} == set(parameters) - {"self"}


def test_every_outcome_is_shown_with_its_pair() -> None:
    then = facts.schema_of("FaultRule")["properties"]["then"]["properties"]
    outcomes = [cell.strip("`") for cell in OUTCOMES.column("outcome")]
    assert outcomes == then["outcome"]["enum"] == list(facts.END_OF)
    for outcome, (_, what) in zip(outcomes, OUTCOMES.rows, strict=True):
        assert f"({facts.END_OF[outcome]})" in what
