"""The catalogue of codes compared with tables that were written independently of it."""

from collections.abc import Iterable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts import ACTIONS, UNKNOWN_ACTION, Code, catalogue, codes, registry, validate_reply

from tests.contracts.samples import GATE_CODES, LEGAL_PAIRS, SUCCESSES, Reply, native, refusal

Row = tuple[str, int, str]

GATE_ROWS: list[Row] = [
    ("A1", -1, "stated"),
    ("A2", -2, "stated"),
    ("A3", -3, "stated"),
    ("A4", -4, "stated"),
    ("A5", -5, "stated"),
    ("A6", 0, "stated"),
]

PHONEBOOK_ROWS: list[Row] = [
    ("B2", -1, "stated"),
    ("B3", -2, "stated"),
    ("B4", -4, "stated"),
    ("B5", -3, "stated"),
    ("B6", 1, "stated"),
]

FIELD_ROWS: list[Row] = [
    ("X3", -1, "stated"),
    ("X4", -2, "stated"),
    ("X5", -3, "stated"),
    ("X6", 1, "stated"),
    ("X7", -2, "assumed"),
]

MOVES = {
    (3, -1): {(0, -1), (1, -1), (5, -2)},
    (0, -1): {(1, -1), (4, 2), (5, -2)},
    (1, -1): {(2, -1), (4, 2), (5, -2)},
    (2, -1): {(2, 0), (2, 2), (2, 7)},
    (2, 0): {(2, 1), (2, 2), (2, 5), (2, 7)},
    (2, 1): {(2, 3), (2, 4), (2, 6)},
    (2, 2): {(1, -1), (4, 2)},
}

every_action = pytest.mark.parametrize("action", [*ACTIONS, UNKNOWN_ACTION])


def short_rows(rows: Iterable[dict[str, Any]]) -> list[Row]:
    return [(row["rule"], row["code"], row["evidence"]) for row in rows]


def reply_with(action: str, code: int) -> Reply:
    return SUCCESSES[action][0] if code == 1 else refusal(code)


def test_the_catalogue_satisfies_its_schema() -> None:
    schema = {"$ref": "https://mydnspanel.com/contracts/catalogue.json"}
    Draft202012Validator(schema, registry=registry()).validate(catalogue())


def test_the_schema_of_the_catalogue_refuses_a_wrong_code() -> None:
    schema = {"$ref": "https://mydnspanel.com/contracts/catalogue.json"}
    validator = Draft202012Validator(schema, registry=registry())
    changes: list[dict[str, object]] = [
        {"evidence": "guessed"},
        {"evidence": "assumed"},
        {"evidence": "observed"},
        {"stated": ""},
        {"rule": "s5"},
        {"code": "1"},
        {"note": "x"},
        {"action": "Send"},
    ]
    for change in changes:
        value = catalogue()
        value["results"][0].update(change)
        assert not validator.is_valid(value), change
    for name in ("code", "rule", "evidence", "stated", "action"):
        value = catalogue()
        del value["results"][0][name]
        assert not validator.is_valid(value), name


@every_action
def test_every_action_has_its_codes_with_rule_and_evidence(action: str) -> None:
    rows = short_rows([row for row in catalogue()["results"] if row["action"] == action])
    assert rows
    assert [(row.rule, row.code, row.evidence) for row in codes(action)] == [*GATE_ROWS, *rows]


@pytest.mark.rule("A1", "A2", "A3", "A4", "A5", "A6")
def test_the_codes_of_the_gate_come_before_those_of_an_action() -> None:
    assert short_rows(catalogue()["gate"]) == GATE_ROWS
    assert [row.code for row in codes("status")] == [*GATE_CODES, 1]


@pytest.mark.rule("B2", "B3", "B4", "B5", "B6", "X3", "X4", "X5", "X6", "X7")
def test_phonebook_and_fields_have_their_codes_with_rule_and_evidence() -> None:
    assert short_rows(catalogue()["phonebook"]) == PHONEBOOK_ROWS
    assert short_rows(catalogue()["fields"]) == FIELD_ROWS


@pytest.mark.rule("L1")
def test_both_tables_of_statuses_are_complete() -> None:
    assert [row["code"] for row in catalogue()["processing_statuses"]] == [0, 1, 2, 3, 4, 5]
    assert [row["code"] for row in catalogue()["send_statuses"]] == [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.rule("L1")
def test_the_graph_of_statuses_has_the_expected_moves_starts_and_finals() -> None:
    graph = catalogue()["lifecycle"]
    moves = {tuple(move["from"]): set(map(tuple, move["to"])) for move in graph["moves"]}
    assert moves == MOVES
    assert {tuple(start["pair"]) for start in graph["starts"]} == {(0, -1), (1, -1), (3, -1)}
    assert set(map(tuple, graph["finals"])) == set(LEGAL_PAIRS) - set(MOVES)


@pytest.mark.rule("L1")
def test_exactly_the_fourteen_legal_pairs_can_be_reached() -> None:
    graph = catalogue()["lifecycle"]
    reached = {tuple(start["pair"]) for start in graph["starts"]}
    for _ in LEGAL_PAIRS:
        for move in graph["moves"]:
            if tuple(move["from"]) in reached:
                reached |= set(map(tuple, move["to"]))
    assert reached == set(LEGAL_PAIRS)


@every_action
def test_every_code_has_a_valid_reply(action: str) -> None:
    for row in codes(action):
        validate_reply(action, reply_with(action, row.code))
        validate_reply(action, native(reply_with(action, row.code)))


@every_action
def test_a_code_has_the_knowledge_that_its_evidence_promises(action: str) -> None:
    for row in codes(action):
        known = {"stated": row.stated, "observed": row.observed, "assumed": row.assumed}
        assert known[row.evidence]
        assert row.stated is None or row.evidence == "stated"


def test_a_code_has_the_members_of_the_file() -> None:
    assert codes("reportSend")[-2] == Code(
        action="reportSend",
        code=-6,
        rule="R1",
        evidence="stated",
        stated="the id of the send is incorrect",
        observed=None,
        assumed="it is absent, not a whole number, unknown, or belongs to another account",
    )
