"""Every case is told to the panel object, to the server in every way there is, and to the client."""

import json
from collections.abc import Iterator

import mydnspanel_contracts as contracts
import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts._files import load_schema

from fakeserver.spec.codes import FIELDS, GATE, PHONE_BOOK, RESULT_CODES
from fakeserver.spec.rules import RULES
from fakeserver.testing import PanelServer
from tests.cases import on_panel, over_http, through_client
from tests.cases.case import CASES, EVERY_WAY, FILES, FOLDER, Case, Way
from tests.command import started

WEAKNESS = ("stated", "observed", "assumed")


@pytest.fixture(scope="module")
def server() -> Iterator[PanelServer]:
    """A server without a configuration: it has the test keys."""
    with started() as running, PanelServer.at(running.url) as server:
        yield server


@pytest.mark.parametrize("case", [case for case in CASES if not on_panel.out_of_reach(case)], ids=str)
def test_the_panel_object_tells_it_so(case: Case) -> None:
    on_panel.run(case)


WAYS = [(case, way) for case in CASES for way in EVERY_WAY if over_http.expressible(case, way)]
WAYS += [(case, Way("POST", "form")) for case in CASES if not any(case is told for told, _ in WAYS)]


@pytest.mark.parametrize(("case", "way"), WAYS, ids=str)
def test_the_server_tells_it_so(case: Case, way: Way, server: PanelServer) -> None:
    over_http.run(case, way, server)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_client_makes_of_its_replies_what_it_says(case: Case) -> None:
    through_client.read_all(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_its_replies_keep_the_contract(case: Case) -> None:
    for step in case.exchanges:
        action = through_client.readable(step)
        if action is not None and "reply" in step["expect"] and not renames(case):
            reply = through_client.example(step["expect"]["reply"])
            answered = contracts.UNKNOWN_ACTION if step["expect"].get("rule") == "A7" else action
            assert list(contracts.iter_reply_problems(answered, reply)) == []


def renames(case: Case) -> bool:
    """Whether an account of the case has names of its own for members of replies."""
    return any("reply_names" in settings for settings in case.accounts.values())


# The files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_written_as_its_schema_says(path: object) -> None:
    document = json.loads(path.read_text("utf-8"))  # type: ignore[attr-defined]
    Draft202012Validator(load_schema("cases")).validate(document)


def test_every_file_is_one_of_cases() -> None:
    assert sorted(FOLDER.iterdir()) == FILES
    assert {case.file for case in CASES} == {path.name for path in FILES}


def test_every_case_has_a_name_of_its_own() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    proved = {rule for case in CASES for rule in case.rules}
    assert sorted(set(RULES) - proved) == []
    assert sorted(proved - set(RULES)) == []


def test_no_case_claims_to_be_surer_than_its_rules() -> None:
    for case in CASES:
        weakest = max(WEAKNESS.index(RULES[rule].evidence) for rule in case.rules)
        assert WEAKNESS.index(case.document["evidence"]) >= weakest, str(case)


@pytest.mark.parametrize("action", RESULT_CODES)
def test_every_code_of_every_action_has_a_case(action: str) -> None:
    shown = {str(code) for code in results(action)}
    codes = {row.code for row in RESULT_CODES[action]} | {row.code for row in GATE if row.code < 0}
    assert {str(code) for code in codes} - shown == set()


def results(action: str) -> Iterator[object]:
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


def test_what_the_panel_object_cannot_be_told_is_what_only_the_wire_can_say() -> None:
    beyond = {str(case): why for case in CASES if (why := on_panel.out_of_reach(case))}
    wire = {case for case in beyond if next(each for each in CASES if str(each) == case).file == "wire.json"}
    gate = {"a4-", "a1-"}
    assert {case for case in beyond if case not in wire and case[:3] not in gate} == set()
