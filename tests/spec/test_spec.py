"""The specification as data: consistent in itself, and the same as in the independent model."""

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
from tests.model import account as model, lifecycle as model_lifecycle


def test_there_are_eight_actions_everywhere() -> None:
    assert set(ACTIONS) == set(codes.RESULT_CODES) == set(PARAMETERS)
    assert len(ACTIONS) == 8


def test_every_code_belongs_to_a_rule_and_has_a_meaning() -> None:
    for table in (codes.GATE, codes.PHONE_BOOK, codes.FIELDS, *codes.RESULT_CODES.values()):
        for row in table:
            assert row.rule in RULES, row
            assert row.stated or (row.evidence is Evidence.ASSUMED and row.assumed), row


def test_no_action_has_two_refusals_with_one_code() -> None:
    for rows in codes.RESULT_CODES.values():
        refusals = [row.code for row in rows if row.code != 1]
        assert len(refusals) == len(set(refusals))


@pytest.mark.rule("L1")
def test_the_graph_of_the_lifecycle_is_that_of_the_model() -> None:
    assert {pair: set(following) for pair, following in TRANSITIONS.items()} == {
        pair: set(following) for pair, following in model_lifecycle.GRAPH.items()
    }
    assert set(STARTS) == set(model_lifecycle.ENTRIES)
    assert set(lifecycle.REFUNDED) == set(model_lifecycle.REFUNDED)
    assert len(TRANSITIONS) == 14
    assert len(FINAL) == 7


@pytest.mark.rule("L1", "L2")
def test_the_shortest_path_follows_the_graph() -> None:
    for start in TRANSITIONS:
        for end in TRANSITIONS:
            for tries_left in (True, False):
                path = shortest_path(start, end, tries_left=tries_left)
                expected = model_lifecycle.shortest_path(start, end, tries_left=tries_left)
                assert path == (None if expected is None else tuple(expected))


@pytest.mark.rule("M1")
def test_the_gsm_tables_are_those_of_the_model() -> None:
    assert len(GSM_DEFAULT) == 127  # 128 with the escape
    assert len(GSM_EXTENSION) == 10
    assert sorted(GSM_DEFAULT) == sorted(model.BASIC)
    assert sorted(GSM_EXTENSION) == sorted(model.EXTENSION)


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9", "Z10")
def test_reserved_receivers_are_those_of_the_model() -> None:
    outcomes = {
        digits: f"fails {row.fate.failures}" if row.fate.failures else str(row.fate.outcome)
        for digits, row in OUTCOMES.items()
    }
    assert outcomes == model_lifecycle.RESERVED_OUTCOMES
    assert {row.rule for row in OUTCOMES.values()} == {f"Z{n}" for n in range(1, 10)}
    assert {row.fate.outcome for row in OUTCOMES.values()} == set(Outcome)
    assert {action: list(listed) for action, listed in CODES.items()} == model.RESERVED_CODES


@pytest.mark.rule("Z10")
def test_a_reserved_receiver_can_ask_for_every_code_of_its_action_but_success_and_0() -> None:
    for action, listed in CODES.items():
        assert set(listed) == {row.code for row in codes.RESULT_CODES[action]} - {0, 1}


@pytest.mark.rule("L3")
def test_the_timelines_are_those_of_the_model() -> None:
    assert {
        name: (list(timeline.ordinary), list(timeline.pattern), timeline.failed_ms)
        for name, timeline in TIMELINES.items()
    } == model_lifecycle.TIMELINES
