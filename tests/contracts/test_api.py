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

HOME = Path(contracts.__file__).parent
BROKEN = {"result": 1, "sendID": "x", "phoneBook": 9, "status": "ok", "error": {}, "more": [1]}


def run(code: str, path: Path) -> str:
    """What a fresh interpreter prints for `code`, with `path` in front of all other places."""
    program = f"import sys; sys.path.insert(0, {str(path)!r}); {code}"
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


def test_the_actions_are_the_eight() -> None:
    assert contracts.ACTIONS == ACTIONS
    assert contracts.UNKNOWN_ACTION not in ACTIONS


def test_what_the_package_offers_exists_and_is_described() -> None:
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
    assert run(code, HOME.parent).strip() == loaded


def test_it_works_from_inside_a_zip_as_from_a_wheel(tmp_path: Path) -> None:
    wheel = tmp_path / "contracts.zip"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in HOME.rglob("*"):
            if file.suffix in {".py", ".json"}:
                archive.write(file, file.relative_to(HOME.parent))
    code = (
        "import mydnspanel_contracts as contracts; contracts.validate_reply('status', {'result': '1'});"
        " print(contracts.__file__)"
    )
    assert run(code, wheel).startswith(str(wheel))


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
def test_an_unknown_action_is_told_the_nearest(
    call: Callable[[str], object], wrong: str, nearest: str
) -> None:
    with pytest.raises(
        ValueError, match=f"there is no action '{wrong}'; the nearest is '{nearest}'"
    ) as caught:
        call(wrong)
    assert not isinstance(caught.value, ContractViolation)


def test_an_action_that_does_not_exist_is_answered_but_not_asked() -> None:
    assert contracts.reply_schema("unknownAction")
    with pytest.raises(ValueError, match="there is no action 'unknownAction'"):
        contracts.request_schema("unknownAction")


def test_schemas_and_catalogue_are_copies_of_your_own() -> None:
    contracts.reply_schema("status").clear()
    contracts.request_schema("status").clear()
    contracts.catalogue().clear()
    assert contracts.reply_schema("status")["$id"].endswith("replies/status.json")
    assert contracts.request_schema("status")["$id"].endswith("requests/status.json")
    assert contracts.catalogue()["gate"]


@pytest.mark.parametrize(("action", "reply"), REPLIES[::7])
def test_a_validator_of_your_own_works_with_the_registry(action: str, reply: object) -> None:
    Draft202012Validator(contracts.reply_schema(action), registry=contracts.registry()).validate(reply)
    if action in ACTIONS:
        Draft202012Validator(contracts.request_schema(action), registry=contracts.registry())


def test_a_violation_names_the_place_in_one_line() -> None:
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


def test_a_violation_lists_several_places_line_by_line() -> None:
    with pytest.raises(ValueError, match="request for send") as caught:
        contracts.validate_request("send", {"text": " "})
    assert str(caught.value).splitlines() == [
        "request for send:",
        "  $.from: is missing",
        "  $.receivers: is missing",
        '  $.text: " " is not a text with something other than blanks in it',
    ]


def test_a_violation_shows_ten_places_and_counts_the_rest() -> None:
    with pytest.raises(ContractViolation) as caught:
        validate_reply("status", {"result": "1", **{f"x{number:02}": "" for number in range(14)}})
    lines = str(caught.value).splitlines()
    assert len(caught.value.problems) == 14
    assert len(lines) == 12
    assert lines[-1] == "  … and 4 more"


def test_a_long_value_is_cut_short_in_the_message_only() -> None:
    (problem,) = iter_reply_problems("credit", {"result": "1", "credit": "x" * 5000})
    assert len(problem.message) < 200
    assert problem.value == "x" * 5000


def test_a_violation_survives_pickling() -> None:
    with pytest.raises(ContractViolation) as caught:
        validate_reply("send", BROKEN)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert str(again) == str(caught.value)
    assert again.problems == caught.value.problems


def test_a_wrong_result_is_told_first() -> None:
    paths = [problem.path for problem in iter_reply_problems("credit", {"credit": "x", "result": "5"})]
    assert paths == ["$.result", "$.credit"]


def test_presence_is_told_before_notation() -> None:
    (problem,) = iter_reply_problems("status", {"result": "1", "more": 1})
    assert problem.message == "has no place in a success that has nothing to hand over"


def test_a_member_with_an_odd_name_is_written_in_brackets() -> None:
    (problem,) = iter_reply_problems("newContact", {"result": "1", "fields": {"a b": "5"}})
    assert problem.path == '$.fields["a b"]'
    (problem,) = iter_reply_problems("newContact", {"result": "1", "fields": {"کد": "5"}})
    assert problem.path == '$.fields["کد"]'


@given(st.permutations(list(BROKEN.items())))
def test_the_message_does_not_depend_on_the_order_of_the_members(items: list[tuple[str, object]]) -> None:
    found = list(iter_reply_problems("send", dict(items)))
    assert found == list(iter_reply_problems("send", BROKEN))
    assert len({problem.path for problem in found}) == len(found)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(ACTIONS), anything)
def test_no_body_whatever_breaks_the_validation(action: str, body: object) -> None:
    for problem in iter_reply_problems(action, body):
        assert str(problem).startswith("$")


@given(
    st.sampled_from(ACTIONS),
    st.dictionaries(st.sampled_from(["from", "text", "receivers", "textData", "cFields", "code"]), anything),
)
def test_no_parameters_whatever_break_the_validation(action: str, params: dict[str, object]) -> None:
    for problem in iter_request_problems(action, params):
        assert problem.path.startswith("$.")
