import json
from collections.abc import Iterator
from typing import Any

import pytest
from mydnspanel_contracts import iter_reply_problems, validate_reply

from tests.contracts.samples import (
    ACTIONS,
    GATE_CODES,
    GUIDE_SAMPLE,
    LEGAL_PAIRS,
    MESSAGE,
    REFUSALS,
    REPLIES,
    SUCCESSES,
    Reply,
    archived,
    native,
    refusal,
    report,
)

NEAR_CODES = (*range(-9, 3), *range(98, 120), *range(149, 157), 200, 401, *range(599, 612), *range(800, 806))

ALL_ACTIONS = (*ACTIONS, "unknownAction")
MEMBERS_OF_SUCCESSES = {
    "sendID": "1",
    "credit": "1",
    "data": {},
    "phoneBook": "1",
    "fields": {},
    "description": "text",
}

every_action = pytest.mark.parametrize("action", ALL_ACTIONS)


def paths(action: str, body: object) -> list[str]:
    return [problem.path for problem in iter_reply_problems(action, body)]


def changed(reply: Reply, path: tuple[str | int, ...], value: object) -> Reply:
    """A copy of `reply` with `value` at `path`."""
    body: Any = json.loads(json.dumps(reply))
    at(body, path[:-1])[path[-1]] = value
    return dict(body)


def without(reply: Reply, name: str) -> Reply:
    return {key: value for key, value in reply.items() if key != name}


def scalars(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all scalars."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from scalars(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from scalars(item, (*path, index))
    elif value is not None:
        yield path


def is_repeated(path: tuple[str | int, ...]) -> bool:
    """Whether the path leads into a list after its first item, which stands for all of them."""
    return any(isinstance(key, int) and key > 0 for key in path)


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def as_text(path: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


@pytest.mark.rule("R2", "W3")
def test_the_guides_sample_is_valid() -> None:
    validate_reply("reportSend", GUIDE_SAMPLE)


@pytest.mark.rule("W3")
@pytest.mark.parametrize(("action", "reply"), REPLIES)
def test_a_possible_reply_is_valid_with_strings_and_natively(action: str, reply: Reply) -> None:
    validate_reply(action, reply)
    validate_reply(action, native(reply))


@pytest.mark.rule("W3")
@pytest.mark.parametrize(("action", "reply"), REPLIES)
def test_a_single_scalar_in_the_other_notation_is_a_problem_at_its_place(action: str, reply: Reply) -> None:
    numbers = native(reply)
    for path in scalars(reply):
        if at(reply, path) == at(numbers, path) or path == ("result",) or is_repeated(path):
            continue
        assert paths(action, changed(reply, path, at(numbers, path))) == [as_text(path)]
        assert paths(action, changed(numbers, path, at(reply, path))) == [as_text(path)]


@pytest.mark.rule("W3")
@pytest.mark.parametrize("action", ["send", "credit", "reportSend", "newContact", "receivedMessages"])
def test_a_result_in_the_other_notation_makes_the_other_scalars_problems(action: str) -> None:
    reply = SUCCESSES[action][-1]
    assert paths(action, {**reply, "result": 1})
    assert paths(action, {**native(reply), "result": "1"})


@pytest.mark.rule("W2", "W3")
@every_action
@pytest.mark.parametrize("body", [[], "1", None, True, 1, 1.5, "{}"])
def test_a_reply_is_an_object(action: str, body: object) -> None:
    assert paths(action, body) == ["$"]


@pytest.mark.rule("W3")
@every_action
def test_a_reply_has_a_result(action: str) -> None:
    assert paths(action, {}) == ["$.result"]
    for value in ("1", 1, True, None):
        assert paths(action, {"sendID": value, "archive": value}) == ["$.result"]


@pytest.mark.rule("A1", "A2", "A3", "A4", "A5", "A6")
@every_action
@pytest.mark.parametrize("code", GATE_CODES)
def test_every_action_can_get_a_code_of_the_gate(action: str, code: int) -> None:
    validate_reply(action, {"result": str(code)})
    validate_reply(action, {"result": code})


@every_action
def test_no_other_code_is_valid(action: str) -> None:
    legal = {*GATE_CODES, *REFUSALS[action]} | ({1} if action in ACTIONS else set())
    for code in NEAR_CODES:
        if code not in legal:
            assert "$.result" in paths(action, {"result": str(code)}), code
            assert "$.result" in paths(action, {"result": code}), code


@every_action
@pytest.mark.parametrize("result", [True, False, None, 1.5, "", "01", "+1", " 1", "1\n", "١", [], {}, "−1"])
def test_a_result_has_one_spelling_only(action: str, result: object) -> None:
    assert "$.result" in paths(action, {"result": result})


@pytest.mark.rule("A7")
def test_an_unknown_action_can_get_each_value_of_its_setting() -> None:
    for body in ({"result": "100"}, {"result": 100}, {"result": "0"}, {"result": "-4"}, 0):
        validate_reply("unknownAction", body)
    for action in ACTIONS:
        assert paths(action, {"result": "100"}) == ["$.result"]
        assert paths(action, 0) == ["$"]


@pytest.mark.rule("B1", "S10")
@every_action
@pytest.mark.parametrize("name", MEMBERS_OF_SUCCESSES)
def test_a_refusal_has_only_its_code(action: str, name: str) -> None:
    for code in (*GATE_CODES, *REFUSALS[action]):
        if code != 112:
            problems = paths(action, {**refusal(code), name: MEMBERS_OF_SUCCESSES[name]})
            assert problems == [f"$.{name}"]


@pytest.mark.rule("S10")
def test_only_112_has_a_description() -> None:
    assert paths("send", {"result": "112"}) == ["$.description"]
    assert paths("send", {"result": "112", "description": ""}) == ["$.description"]
    assert paths("send", {"result": 112, "description": 5}) == ["$.description"]
    assert paths("send", {**refusal(112), "sendID": "1"}) == ["$.sendID"]
    assert paths("send", {"result": "1", "sendID": "1", "description": "text"}) == ["$.description"]


@pytest.mark.rule("W14")
@pytest.mark.parametrize("name", ["status", "error", "errors", "success", "ok", "Result", "message"])
def test_a_success_has_no_member_that_clients_take_for_a_verdict(name: str) -> None:
    for action in ACTIONS:
        for reply in SUCCESSES[action]:
            assert paths(action, {**reply, name: "1"}) == [f"$.{name}"]


@pytest.mark.rule("S12", "P9", "O9", "C2", "R2", "I3")
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("send", "sendID"),
        ("sendServices", "sendID"),
        ("sendOTP", "sendID"),
        ("credit", "credit"),
        ("reportSend", "data"),
        ("receivedMessages", "data"),
    ],
)
def test_a_success_has_the_member_that_was_requested(action: str, name: str) -> None:
    assert paths(action, without(SUCCESSES[action][0], name)) == [f"$.{name}"]


@pytest.mark.rule("S12", "C2", "M6")
@pytest.mark.parametrize(
    "amount", ["-1", -1, "01", "1.0", "1e3", "", "1,000", "1\n", "۱", None, [], 1.5, True]
)
@pytest.mark.parametrize(
    ("action", "name"), [("send", "sendID"), ("sendOTP", "sendID"), ("credit", "credit")]
)
def test_an_id_and_a_credit_are_non_negative_whole_numbers(action: str, name: str, amount: object) -> None:
    result = "1" if isinstance(amount, str) else 1
    assert paths(action, {"result": result, name: amount}) == [f"$.{name}"]


@pytest.mark.rule("B2", "B3", "B4", "B5", "B6")
def test_phone_book_has_one_of_its_five_codes() -> None:
    for code in range(-10, 10):
        expected = [] if code in {-4, -3, -2, -1, 1} else ["$.phoneBook"]
        assert paths("send", {"result": 1, "sendID": 5, "phoneBook": code}) == expected


@pytest.mark.rule("B1")
@pytest.mark.parametrize("action", [action for action in ACTIONS if action != "send"])
def test_only_send_has_phone_book(action: str) -> None:
    assert paths(action, {**SUCCESSES[action][0], "phoneBook": "1"}) == ["$.phoneBook"]


@pytest.mark.rule("X2", "X3", "X4", "X5", "X6", "X7")
def test_a_field_has_one_of_its_four_codes() -> None:
    for code in range(-10, 10):
        legal = code in {-3, -2, -1, 1}
        by_field = {"result": 1, "fields": {"FYa12346": 1, "FMTAwMQ": code}}
        assert paths("newContact", by_field) == ([] if legal else ["$.fields.FMTAwMQ"])
        assert paths("newContact", {"result": 1, "fields": code}) == ([] if legal else ["$.fields"])


@pytest.mark.rule("X2")
@pytest.mark.parametrize("fields", [[], None, ["1"], "", True])
def test_fields_are_an_object_or_a_code(fields: object) -> None:
    assert paths("newContact", {"result": "1", "fields": fields}) == ["$.fields"]


@pytest.mark.rule("L1")
def test_exactly_the_fourteen_pairs_of_the_graph_are_valid() -> None:
    legal = {
        (first, second)
        for first in range(-2, 9)
        for second in range(-5, 12)
        if not paths("reportSend", report(first, second))
        if not paths("reportSend", native(report(first, second)))
    }
    assert legal == set(LEGAL_PAIRS)


@pytest.mark.rule("L1")
@pytest.mark.parametrize("pair", [(0, 3), (1, 0), (3, -2), (2, -2), (4, 3), (5, -1), (5, 2)])
def test_an_illegal_pair_is_a_problem_of_its_send_status(pair: tuple[int, int]) -> None:
    problems = list(iter_reply_problems("reportSend", report(*pair)))
    assert [problem.path for problem in problems] == ["$.data.receivers[0].sendStatus"]
    assert f"processing status {pair[0]}" in problems[0].message or "status 0, 1 or 3" in problems[0].message


@pytest.mark.rule("R2")
@pytest.mark.parametrize("name", ["number", "processingStatus", "sendStatus"])
def test_a_receiver_has_a_number_and_both_statuses(name: str) -> None:
    receiver = without(GUIDE_SAMPLE["data"]["receivers"][0], name)
    reply = changed(GUIDE_SAMPLE, ("data", "receivers", 0), receiver)
    assert paths("reportSend", reply) == [f"$.data.receivers[0].{name}"]


@pytest.mark.rule("R2", "R3")
def test_what_depends_on_a_missing_member_is_not_a_problem() -> None:
    for status in ("-2", "-1", "2", "3"):
        receiver = {"number": "9120000000", "sendStatus": status}
        reply = changed(GUIDE_SAMPLE, ("data", "receivers"), [receiver])
        assert paths("reportSend", reply) == ["$.data.receivers[0].processingStatus"]
    everything: list[object] = [[], None, GUIDE_SAMPLE["data"]["receivers"]]
    for receivers in everything:
        reply = changed(GUIDE_SAMPLE, ("data",), {"count": "1", "receivers": receivers})
        assert paths("reportSend", reply) == ["$.data.archive"]


@pytest.mark.rule("R2")
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data",), []),
        (("data",), None),
        (("data", "count"), "0"),
        (("data", "count"), "-1"),
        (("data", "count"), "01"),
        (("data", "count"), None),
        (("data", "archive"), "True"),
        (("data", "archive"), "0"),
        (("data", "archive"), None),
        (("data", "receivers"), {}),
        (("data", "receivers"), []),
        (("data", "receivers"), None),
        (("data", "status"), "1"),
        (("data", "receivers", 0), "9120000000"),
        (("data", "receivers", 0, "name"), "x"),
    ],
)
def test_a_wrong_value_in_a_report_is_a_problem_at_its_place(
    path: tuple[str | int, ...], value: object
) -> None:
    assert paths("reportSend", changed(GUIDE_SAMPLE, path, value)) == [as_text(path)]


@pytest.mark.rule("R2")
def test_a_native_count_is_a_positive_whole_number() -> None:
    for count in (0, -1, 1.5):
        reply = changed(native(GUIDE_SAMPLE), ("data", "count"), count)
        assert paths("reportSend", reply) == ["$.data.count"]


@pytest.mark.rule("R2", "R3")
@pytest.mark.parametrize("name", ["count", "archive", "receivers"])
def test_a_report_has_all_its_members(name: str) -> None:
    reply = {"result": "1", "data": without(GUIDE_SAMPLE["data"], name)}
    assert paths("reportSend", reply) == [f"$.data.{name}"]


@pytest.mark.rule("R3")
def test_an_archived_send_has_no_receivers() -> None:
    receivers = GUIDE_SAMPLE["data"]["receivers"]
    assert paths("reportSend", archived(receivers=receivers)) == ["$.data.receivers"]
    assert paths("reportSend", native(archived(receivers=receivers))) == ["$.data.receivers"]
    assert paths("reportSend", archived(receivers="")) == ["$.data.receivers"]


@pytest.mark.rule("F1")
@pytest.mark.parametrize(
    "number",
    [
        "09120000000",
        "989120000000",
        "+989120000000",
        "00989120000000",
        "912000000",
        "91200000000",
        "8120000000",
        "۹۱۲۰۰۰۰۰۰۰",
        "9120000000\n",
        " 9120000000",
        "",
        9120000000,
    ],
)
def test_the_number_of_a_receiver_has_no_prefix(number: object) -> None:
    reply = changed(GUIDE_SAMPLE, ("data", "receivers", 0, "number"), number)
    assert paths("reportSend", reply) == ["$.data.receivers[0].number"]
    reply = changed(native(GUIDE_SAMPLE), ("data", "receivers", 0, "number"), number)
    assert paths("reportSend", reply) == ["$.data.receivers[0].number"]


@pytest.mark.rule("I3")
@pytest.mark.parametrize("count", [0, 101, 150])
def test_a_reply_has_1_to_100_messages(count: int) -> None:
    assert paths("receivedMessages", {"result": "1", "data": [MESSAGE] * count}) == ["$.data"]


@pytest.mark.rule("I3")
@pytest.mark.parametrize("data", [{}, None, "", {"0": MESSAGE}])
def test_the_messages_are_a_list(data: object) -> None:
    assert paths("receivedMessages", {"result": "1", "data": data}) == ["$.data"]


@pytest.mark.rule("I3")
@pytest.mark.parametrize("message", ["text", None, []])
def test_a_message_is_an_object(message: object) -> None:
    assert paths("receivedMessages", {"result": "1", "data": [MESSAGE, message]}) == ["$.data[1]"]


@pytest.mark.rule("I3")
@pytest.mark.parametrize("name", MESSAGE)
def test_a_message_has_all_its_members_and_no_others(name: str) -> None:
    path = f"$.data[1].{name}"
    reply = {"result": "1", "data": [MESSAGE, without(MESSAGE, name)]}
    assert paths("receivedMessages", reply) == [path]
    reply = {"result": "1", "data": [MESSAGE, MESSAGE | {name: None}]}
    assert paths("receivedMessages", reply) == [path]
    reply = {"result": "1", "data": [MESSAGE, MESSAGE | {"more": "1"}]}
    assert paths("receivedMessages", reply) == ["$.data[1].more"]


@pytest.mark.rule("I3")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "x"),
        ("id", "-1"),
        ("number", ""),
        ("number", "09120000000"),
        ("number", "989120000000"),
        ("number", "00989120000000"),
        ("number", "+989120000000"),
        ("to", ""),
        ("to", "line"),
        ("date", ""),
        ("date", "2024-11-05"),
        ("date", "2024-11-05T09:30:00"),
        ("date", "2024-13-05 09:30:00"),
        ("date", "2024-00-05 09:30:00"),
        ("date", "2024-11-32 09:30:00"),
        ("date", "2024-11-00 09:30:00"),
        ("date", "2024-11-05 24:30:00"),
        ("date", "2024-11-05 09:60:00"),
        ("date", "2024-11-05 09:30:60"),
        ("date", "2024-11-05 9:30:00"),
        ("date", "2024-11-05 09:30:00\n"),
        ("date", "۲۰۲۴-11-05 09:30:00"),
    ],
)
def test_a_wrong_value_in_a_message_is_a_problem_at_its_place(name: str, value: str) -> None:
    reply = {"result": "1", "data": [MESSAGE | {name: value}]}
    assert paths("receivedMessages", reply) == [f"$.data[0].{name}"]


@pytest.mark.rule("I3", "W3")
@pytest.mark.parametrize("name", ["number", "to", "text", "date"])
def test_numbers_texts_and_dates_stay_strings_in_the_native_notation(name: str) -> None:
    reply = changed(native({"result": "1", "data": [MESSAGE]}), ("data", 0, name), 20241105)
    assert paths("receivedMessages", reply) == [f"$.data[0].{name}"]


@pytest.mark.rule("I3")
def test_a_received_text_can_have_any_content() -> None:
    for text in ("", " ", "failed", "invalid", "خطا", "\0", "۱"):
        validate_reply("receivedMessages", {"result": "1", "data": [MESSAGE | {"text": text}]})


@pytest.mark.rule("I1", "I2")
def test_401_has_no_list() -> None:
    assert paths("receivedMessages", {"result": "401", "data": []}) == ["$.data"]


@pytest.mark.rule("T1", "N4")
@pytest.mark.parametrize("action", ["status", "newContact"])
def test_a_success_of_status_and_new_contact_has_no_data(action: str) -> None:
    assert paths(action, {"result": "1", "data": {}}) == ["$.data"]
