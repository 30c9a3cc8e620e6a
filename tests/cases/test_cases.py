"""Every case runs on the panel, on the server in every equivalent way, and through the client."""

import json
from collections.abc import Iterator
from pathlib import Path

import mydnspanel_contracts as contracts
import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts._files import load_schema

from fakeserver.spec.codes import FIELDS, GATE, PHONE_BOOK, RESULT_CODES
from fakeserver.spec.rules import RULES
from fakeserver.testing import PanelServer
from tests.cases import on_panel, over_http, through_client
from tests.cases.case import CASES, FILES, FOLDER, VARIANTS, Case, Variant
from tests.command import started

EVIDENCE = ("stated", "observed", "assumed")  # strongest first


@pytest.fixture(scope="module")
def server() -> Iterator[PanelServer]:
    """A server without a configuration, which has the test keys."""
    with started() as running, PanelServer.at(running.url) as server:
        yield server


@pytest.mark.parametrize("case", [case for case in CASES if on_panel.can_run(case)], ids=str)
def test_the_panel_gives_the_expected_replies(case: Case) -> None:
    on_panel.run(case)


# A case whose requests have none of the variants, for example because all of them are raw, runs once.
RUNS = [
    (case, variant)
    for case in CASES
    for variant in [each for each in VARIANTS if over_http.uses(case, each)] or [Variant("POST", "form")]
]


@pytest.mark.parametrize(("case", "variant"), RUNS, ids=str)
def test_the_server_gives_the_expected_replies(case: Case, variant: Variant, server: PanelServer) -> None:
    over_http.run(case, variant, server)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_client_reads_the_replies_as_expected(case: Case) -> None:
    through_client.read_replies(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_replies_satisfy_the_contracts(case: Case) -> None:
    for step in case.exchanges:
        action = through_client.readable_action(step)
        if action is not None and "reply" in step["expect"] and not renames_members(case):
            if step["expect"].get("rule") == "A7":
                action = contracts.UNKNOWN_ACTION
            reply = through_client.example(step["expect"]["reply"])
            assert list(contracts.iter_reply_problems(action, reply)) == []


def renames_members(case: Case) -> bool:
    """Whether an account of the case renames members of replies."""
    return any("reply_names" in settings for settings in case.accounts.values())


# The files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_satisfies_its_schema(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    Draft202012Validator(load_schema("cases")).validate(document)


def test_every_file_in_the_folder_has_cases() -> None:
    assert sorted(FOLDER.iterdir()) == FILES
    assert {case.file for case in CASES} == {path.name for path in FILES}


def test_every_case_has_its_own_id() -> None:
    ids = [str(case) for case in CASES]
    assert len(ids) == len(set(ids))


def test_every_rule_has_a_case_and_every_case_names_existing_rules() -> None:
    tested = {rule for case in CASES for rule in case.rules}
    assert sorted(set(RULES) - tested) == []
    assert sorted(tested - set(RULES)) == []


def test_no_case_has_stronger_evidence_than_its_rules() -> None:
    for case in CASES:
        weakest = max(EVIDENCE.index(RULES[rule].evidence) for rule in case.rules)
        assert EVIDENCE.index(case.document["evidence"]) >= weakest, str(case)


@pytest.mark.parametrize("action", RESULT_CODES)
def test_every_code_of_every_action_has_a_case(action: str) -> None:
    expected = {row.code for row in RESULT_CODES[action]} | {row.code for row in GATE if row.code < 0}
    assert {str(code) for code in expected} - {str(code) for code in results(action)} == set()


def results(action: str) -> Iterator[object]:
    """The codes of all expected replies to an action."""
    for case in CASES:
        for step in case.exchanges:
            reply = step["expect"].get("reply")
            if step["request"].get("params", {}).get("action") == action and isinstance(reply, dict):
                yield reply["result"]


def test_every_code_of_the_phonebook_and_of_the_fields_has_a_case() -> None:
    replies = [step["expect"].get("reply") for case in CASES for step in case.exchanges]
    objects = [reply for reply in replies if isinstance(reply, dict)]
    fields = [reply["fields"] for reply in objects if isinstance(reply.get("fields"), dict)]
    assert {str(row.code) for row in PHONE_BOOK} <= {str(reply.get("phoneBook")) for reply in objects}
    assert {str(row.code) for row in FIELDS} <= {str(code) for each in fields for code in each.values()}


def test_only_cases_of_the_wire_and_of_the_key_and_method_do_not_run_on_the_panel() -> None:
    for case in CASES:
        if not on_panel.can_run(case):
            assert case.file == "wire.json" or str(case).startswith(("a1-", "a4-")), case
