"""Every rule refuses, changes nothing, and answers before the rules behind it."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from fakeserver.spec.codes import GATE as GATE_CODES, RESULT_CODES
from tests.actions import violations
from tests.actions.violations import (
    ACCEPTED,
    GATE,
    OF_ACTION,
    Violation,
    ask,
    assert_refused_by,
    neighbours,
)
from tests.examples import examples

TABLES = {"the gate": GATE, **OF_ACTION}
CASES = [
    pytest.param(action, one, id=f"{action}-{one}", marks=pytest.mark.rule(one.rule))
    for action, table in OF_ACTION.items()
    for one in table
]


@pytest.mark.parametrize("name", TABLES)
def test_there_is_a_violation_of_every_rule_that_refuses(name: str) -> None:
    """Add a violation of a new rule to its table in `tests/actions/violations.py`."""
    known = GATE_CODES if name == "the gate" else RESULT_CODES[name]
    # S10 and S11 come from fault rules and reserved receivers only.
    refusals = {(row.rule, row.code) for row in known if row.code != 1 and row.rule not in ("S10", "S11")}
    assert {one.row for one in TABLES[name] if one.rule != "Z10"} == refusals


@pytest.mark.parametrize("action", ACCEPTED)
def test_a_request_without_a_violation_is_accepted(action: str) -> None:
    driver, reply = ask(action)
    assert (reply["result"], driver.rule) == ("1", ACCEPTED[action])


@pytest.mark.parametrize(("action", "violation"), CASES)
def test_a_violation_is_refused_with_its_code_and_changes_nothing(action: str, violation: Violation) -> None:
    assert_refused_by(violation, action)


def order_cases() -> list[Any]:
    return [
        pytest.param(name, row, id=f"{name}-{row[0]}-{row[1]}", marks=pytest.mark.rule(row[0]))
        for name, table in TABLES.items()
        for row in dict.fromkeys(first.row for first, _ in neighbours(table))
    ]


@pytest.mark.parametrize(("name", "row"), order_cases())
def test_a_rule_answers_before_the_next_ones(name: str, row: tuple[str, int]) -> None:
    pairs = [pair for pair in neighbours(TABLES[name]) if pair[0].row == row]
    for first, second in pairs:
        assert_refused_by(first, "send" if name == "the gate" else name, second)


@pytest.mark.parametrize("violation", violations.as_params(GATE))
def test_the_gate_answers_before_every_action(violation: Violation) -> None:
    for action in RESULT_CODES:
        table = OF_ACTION.get(action, [])
        assert_refused_by(violation, action)
        for first in table[:1]:
            assert_refused_by(violation, action, first)


def combined(table: list[Violation], places: list[int]) -> list[Violation]:
    """The violations at these places that one request can have, in the order of the table."""
    chosen: list[int] = []
    for place in places:
        if all(table[place].combines_with(table[other]) for other in chosen):
            chosen.append(place)
    return [table[place] for place in sorted(chosen)]


@pytest.mark.rule("A1", "S1", "S12", "P1", "P9", "O1", "O9")
@examples(60)
@given(
    action=st.sampled_from(sorted(OF_ACTION)),
    gate=st.lists(st.integers(0, len(GATE) - 1), max_size=4),
    places=st.lists(st.integers(0, 99), max_size=8),
)
def test_the_first_rule_answers_any_combination_of_violations(
    action: str, gate: list[int], places: list[int]
) -> None:
    table = OF_ACTION[action]
    broken = combined(GATE, gate) + combined(table, [place % len(table) for place in places])
    if broken:
        assert_refused_by(broken[0], action, *broken[1:])
    else:
        driver, reply = ask(action)
        assert (reply["result"], driver.rule) == ("1", ACCEPTED[action])
