"""The specification as data agrees with itself."""

import pytest

from fakeserver.actions import ACTIONS
from fakeserver.spec import codes, lifecycle
from fakeserver.spec.alphabet import GSM_DEFAULT, GSM_EXTENSION
from fakeserver.spec.evidence import Evidence
from fakeserver.spec.lifecycle import FINAL, STARTS, TRANSITIONS, shortest_path
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.parameters import PARAMETERS
from fakeserver.spec.reserved import CODES, OUTCOMES
from fakeserver.spec.rules import RULES
from fakeserver.spec.timelines import TIMELINES

ALL_ROWS = [
    row
    for table in (codes.GATE, codes.PHONE_BOOK, codes.FIELDS, *codes.RESULT_CODES.values())
    for row in table
]


def test_there_are_eight_actions_everywhere() -> None:
    assert set(ACTIONS) == set(codes.RESULT_CODES) == set(PARAMETERS)
    assert len(ACTIONS) == 8


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: f"{row.rule}:{row.code}")
def test_a_code_belongs_to_a_rule_and_says_what_it_means(row: codes.ResultCode) -> None:
    assert row.rule in RULES
    assert row.stated or (row.evidence is Evidence.ASSUMED and row.assumed)


def test_no_action_has_two_refusals_with_one_code() -> None:
    for rows in codes.RESULT_CODES.values():
        refusals = [row.code for row in rows if row.code != 1]
        assert len(refusals) == len(set(refusals))


@pytest.mark.rule("L1")
def test_the_graph_has_fourteen_pairs_all_of_them_reachable() -> None:
    assert len(TRANSITIONS) == 14
    reachable = {
        pair
        for pair in TRANSITIONS
        for start in STARTS
        if shortest_path(start, pair, tries_left=True) is not None
    }
    assert reachable == set(TRANSITIONS)
    assert len(FINAL) == 7


@pytest.mark.rule("L1")
def test_the_shortest_path_goes_along_the_graph() -> None:
    path = shortest_path(lifecycle.AWAITING, lifecycle.DELIVERED, tries_left=False)
    assert path == (
        lifecycle.QUEUED,
        lifecycle.HANDED,
        lifecycle.AT_TELECOM,
        lifecycle.REACHED,
        lifecycle.DELIVERED,
    )
    assert shortest_path(lifecycle.UNREACHED, lifecycle.QUEUED, tries_left=False) is None
    assert shortest_path(lifecycle.QUEUED, lifecycle.QUEUED, tries_left=True) == ()


@pytest.mark.rule("M1")
def test_the_gsm_tables_have_the_size_of_the_standard() -> None:
    assert len(set(GSM_DEFAULT)) == len(GSM_DEFAULT) == 127  # 128 with the escape, which is no character
    assert len(set(GSM_EXTENSION)) == len(GSM_EXTENSION) == 10
    assert not set(GSM_DEFAULT) & set(GSM_EXTENSION)


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9", "Z10")
def test_reserved_receivers_have_rules_outcomes_and_codes_of_their_actions() -> None:
    assert {row.rule for row in OUTCOMES.values()} == {f"Z{n}" for n in range(1, 10)}
    assert {row.fate.outcome for row in OUTCOMES.values()} == set(Outcome)
    for action, listed in CODES.items():
        assert set(listed) <= {row.code for row in codes.RESULT_CODES[action]}


@pytest.mark.rule("L3")
def test_timelines_never_fall() -> None:
    for timeline in TIMELINES.values():
        assert list(timeline.ordinary) == sorted(timeline.ordinary)
        assert list(timeline.pattern) == sorted(timeline.pattern)
        assert (len(timeline.ordinary), len(timeline.pattern)) == (6, 5)
