import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mydnspanel_contracts as contracts
import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator
from mydnspanel_contracts import (
    ContractViolation,
    Problem,
    iter_reply_problems,
    iter_request_problems,
    validate_reply,
)

from tests.contracts.samples import ACTIONS, GUIDE_SAMPLE, REPLIES

PACKAGE = Path(contracts.__file__).parent
BROKEN = {"result": 1, "sendID": "x", "phoneBook": 9, "status": "ok", "error": {}, "more": [1]}


def run(code: str, path: Path) -> str:
    """The output of `code` in a new interpreter, with `path` at the beginning of sys.path."""
    program = f"import sys; sys.path.insert(0, {str(path)!r}); {code}"
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


def test_there_are_eight_actions_besides_the_unknown_one() -> None:
    assert contracts.ACTIONS == ACTIONS
    assert contracts.UNKNOWN_ACTION not in ACTIONS


def test_every_exported_name_exists_and_has_a_docstring() -> None:
    for name in contracts.__all__:
        assert name.isupper() or getattr(contracts, name).__doc__, name


@pytest.mark.parametrize(
    ("call", "loaded"),
    [
        ("ACTIONS", "False"),
        ("codes('send')", "False"),
        ("reply_schema('send')", "False"),
        ("validate_reply('status', {'result': '1'})", "True"),
    ],
)
def test_jsonschema_is_imported_at_the_first_validation(call: str, loaded: str) -> None:
    code = f"import mydnspanel_contracts as contracts; contracts.{call}; print('jsonschema' in sys.modules)"
    assert run(code, PACKAGE.parent).strip() == loaded


def test_the_package_can_be_imported_from_a_zip_file(tmp_path: Path) -> None:
    zip_file = tmp_path / "contracts.zip"
    with zipfile.ZipFile(zip_file, "w") as archive:
        for file in PACKAGE.rglob("*"):
            if file.suffix in {".py", ".json"}:
                archive.write(file, file.relative_to(PACKAGE.parent))
    code = (
        "import mydnspanel_contracts as contracts; contracts.validate_reply('status', {'result': '1'});"
        " print(contracts.__file__)"
    )
    assert run(code, zip_file).startswith(str(zip_file))


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("sendservices", "sendServices"),
        ("SEND", "send"),
        ("send_otp", "sendOTP"),
        ("reportSends", "reportSend"),
        ("recievedMessages", "receivedMessages"),
        ("", "send"),
    ],
)
@pytest.mark.parametrize(
    "call",
    [
        contracts.codes,
        contracts.request_schema,
        contracts.reply_schema,
        lambda action: contracts.validate_request(action, {}),
        lambda action: contracts.validate_reply(action, {}),
        lambda action: contracts.iter_request_problems(action, {}),
        lambda action: contracts.iter_reply_problems(action, {}),
    ],
)
def test_the_error_for_an_unknown_action_suggests_the_nearest(
    call: Callable[[str], object], wrong: str, nearest: str
) -> None:
    message = f"unknown action '{wrong}'; did you mean '{nearest}'\\?"
    with pytest.raises(ValueError, match=message) as caught:
        call(wrong)
    assert not isinstance(caught.value, ContractViolation)


def test_the_unknown_action_has_a_reply_schema_but_no_request_schema() -> None:
    assert contracts.reply_schema("unknownAction")
    with pytest.raises(ValueError, match="unknown action 'unknownAction'"):
        contracts.request_schema("unknownAction")


def test_changing_a_returned_schema_or_catalogue_has_no_effect() -> None:
    contracts.reply_schema("status").clear()
    contracts.request_schema("status").clear()
    contracts.catalogue().clear()
    assert contracts.reply_schema("status")["$id"].endswith("replies/status.json")
    assert contracts.request_schema("status")["$id"].endswith("requests/status.json")
    assert contracts.catalogue()["gate"]


@pytest.mark.parametrize(("action", "reply"), REPLIES[::7])
def test_another_validator_works_with_the_registry(action: str, reply: object) -> None:
    Draft202012Validator(contracts.reply_schema(action), registry=contracts.registry()).validate(reply)
    if action in ACTIONS:
        Draft202012Validator(contracts.request_schema(action), registry=contracts.registry())


def test_one_problem_is_written_on_one_line() -> None:
    body: Any = {"result": "1", "data": {**GUIDE_SAMPLE["data"]}}
    body["data"]["receivers"] = [{**GUIDE_SAMPLE["data"]["receivers"][0], "sendStatus": "8"}]
    with pytest.raises(ContractViolation) as caught:
        validate_reply("reportSend", body)
    assert str(caught.value) == (
        'reply to reportSend: $.data.receivers[0].sendStatus: "8" is not a send status (-2 to 7)'
    )
    assert caught.value.subject == "reply to reportSend"
    problem = Problem("$.data.receivers[0].sendStatus", '"8" is not a send status (-2 to 7)', "8")
    assert caught.value.problems == (problem,)


def test_several_problems_are_written_on_a_line_each() -> None:
    with pytest.raises(ValueError, match="request for send") as caught:
        contracts.validate_request("send", {"text": " "})
    assert str(caught.value).splitlines() == [
        "request for send:",
        "  $.from: is missing",
        "  $.receivers: is missing",
        '  $.text: " " is not a text that is not blank',
    ]


def test_ten_problems_are_written_and_the_rest_are_counted() -> None:
    with pytest.raises(ContractViolation) as caught:
        validate_reply("status", {"result": "1", **{f"x{number:02}": "" for number in range(14)}})
    lines = str(caught.value).splitlines()
    assert len(caught.value.problems) == 14
    assert len(lines) == 12
    assert lines[-1] == "  … and 4 more"


def test_a_long_value_is_shortened_in_the_message_but_not_in_value() -> None:
    (problem,) = iter_reply_problems("credit", {"result": "1", "credit": "x" * 5000})
    assert len(problem.message) < 200
    assert problem.value == "x" * 5000


def test_a_violation_can_be_pickled() -> None:
    with pytest.raises(ContractViolation) as caught:
        validate_reply("send", BROKEN)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - pickled in this test
    assert str(again) == str(caught.value)
    assert again.problems == caught.value.problems


def test_a_wrong_result_comes_first() -> None:
    paths = [problem.path for problem in iter_reply_problems("credit", {"credit": "x", "result": "5"})]
    assert paths == ["$.result", "$.credit"]


def test_a_member_that_is_not_allowed_is_reported_rather_than_its_notation() -> None:
    (problem,) = iter_reply_problems("status", {"result": "1", "more": 1})
    assert problem.message == "is not allowed in a success without further members"


def test_a_member_whose_name_is_not_an_identifier_is_written_in_brackets() -> None:
    (problem,) = iter_reply_problems("newContact", {"result": "1", "fields": {"a b": "5"}})
    assert problem.path == '$.fields["a b"]'
    (problem,) = iter_reply_problems("newContact", {"result": "1", "fields": {"کد": "5"}})
    assert problem.path == '$.fields["کد"]'


@given(st.permutations(list(BROKEN.items())))
def test_problems_do_not_depend_on_the_order_of_the_members(items: list[tuple[str, object]]) -> None:
    found = list(iter_reply_problems("send", dict(items)))
    assert found == list(iter_reply_problems("send", BROKEN))
    assert len({problem.path for problem in found}) == len(found)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(ACTIONS), anything)
def test_any_body_can_be_validated(action: str, body: object) -> None:
    for problem in iter_reply_problems(action, body):
        assert str(problem).startswith("$")


@given(
    st.sampled_from(ACTIONS),
    st.dictionaries(st.sampled_from(["from", "text", "receivers", "textData", "cFields", "code"]), anything),
)
def test_any_parameters_can_be_validated(action: str, params: dict[str, object]) -> None:
    for problem in iter_request_problems(action, params):
        assert problem.path.startswith("$.")
