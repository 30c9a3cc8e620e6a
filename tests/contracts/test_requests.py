from typing import Any

import mydnspanel_contracts as contracts
import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts import iter_request_problems, validate_request

Params = dict[str, Any]

MINIMAL: dict[str, Params] = {
    "send": {"from": "30001403", "text": "سلام", "receivers": "9120000000"},
    "sendServices": {"from": "90001403", "textCode": "1001", "receivers": "9120000000"},
    "sendOTP": {"appID": "test-app", "code": "48151", "receivers": "9120000000"},
    "reportSend": {"sendID": "1000000001"},
    "credit": {},
    "receivedMessages": {},
    "status": {},
    "newContact": {"phoneId": "1403", "cNumber": "9120000000"},
}

REQUIRED = [(action, name) for action, params in MINIMAL.items() for name in params]

SENDERS = ("send", "sendServices", "sendOTP")

MOBILES: tuple[object, ...] = (
    "9120000000",
    "09120000000",
    "989120000000",
    "00989120000000",
    "+989120000000",
    9120000000,
    989120000000,
)

INVALID_MOBILES: tuple[object, ...] = (
    "",
    " ",
    "912000000",
    "91200000000",
    "8120000000",
    "099120000000",
    "9809120000000",
    "+09120000000",
    "+9120000000",
    "0989120000000",
    "۹۱۲۰۰۰۰۰۰۰",
    "٩١٢٠٠٠٠٠٠٠",
    "912 000 0000",
    "912-000-0000",
    "912000000x",
    "9120000000.0",
    912000000,
    91200000000,
    8120000000,
    99120000000,
    979120000000,
    999120000000,
    9120000000.5,
    -9120000000,
    None,
    True,
    ["9120000000"],
    {"0": "9120000000"},
)

ABSENT: tuple[object, ...] = ("", None, True, False, [], ["1"], {}, {"a": "1"})

INVALID_VALUES: tuple[object, ...] = ("", " ", None, True, [], {}, ["a"])


def paths(action: str, params: Params) -> list[str]:
    return [problem.path for problem in iter_request_problems(action, params)]


def problems_after(action: str, /, **changes: object) -> list[str]:
    """The paths of the problems of a valid request after `changes`. `from_` stands for `from`."""
    return paths(action, MINIMAL[action] | {name.rstrip("_"): value for name, value in changes.items()})


@pytest.mark.parametrize("action", MINIMAL)
def test_the_required_parameters_are_enough(action: str) -> None:
    validate_request(action, MINIMAL[action])


@pytest.mark.rule("S1", "P1", "O1", "R1", "N1")
@pytest.mark.parametrize(("action", "name"), REQUIRED)
def test_a_missing_required_parameter_is_a_problem(action: str, name: str) -> None:
    rest = {key: value for key, value in MINIMAL[action].items() if key != name}
    assert paths(action, rest) == [f"$.{name}"]


@pytest.mark.rule("W9")
@pytest.mark.parametrize("value", ABSENT)
@pytest.mark.parametrize(("action", "name"), REQUIRED)
def test_a_required_parameter_must_not_have_a_value_that_counts_as_absent(
    action: str, name: str, value: object
) -> None:
    assert paths(action, MINIMAL[action] | {name: value}) == [f"$.{name}"]


@pytest.mark.rule("W9")
@pytest.mark.parametrize("value", ABSENT)
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("send", "trySend"),
        ("send", "type"),
        ("send", "phoneBook"),
        ("sendServices", "trySend"),
        ("sendServices", "type"),
        ("sendOTP", "type"),
    ],
)
def test_an_optional_parameter_can_have_a_value_that_counts_as_absent(
    action: str, name: str, value: object
) -> None:
    assert problems_after(action, **{name: value}) == []


@pytest.mark.rule("W11")
@pytest.mark.parametrize("action", MINIMAL)
def test_unknown_parameters_are_ignored_and_names_are_case_sensitive(action: str) -> None:
    assert problems_after(action, sender="x", status="ok", Text=[], TRYSEND="99", key="test-key") == []
    assert problems_after(action, action=action) == []
    assert problems_after(action, action=action.upper()) == ["$.action"]


@pytest.mark.parametrize("action", MINIMAL)
@pytest.mark.parametrize("value", [[], "a=1", None, 5])
def test_parameters_are_an_object(action: str, value: object) -> None:
    schema = contracts.request_schema(action)
    assert not Draft202012Validator(schema, registry=contracts.registry()).is_valid(value)


@pytest.mark.rule("W8")
def test_numbers_are_allowed_instead_of_strings() -> None:
    assert (
        problems_after(
            "send", from_=30001403, text=5, receivers=9120000000, trySend=2, type=1, phoneBook=64161
        )
        == []
    )
    assert (
        problems_after("sendServices", from_=90001403, textCode=1001, textData=[1], receivers=989120000000)
        == []
    )
    assert problems_after("sendOTP", appID=7, code=48151, receivers=9120000000) == []
    assert problems_after("reportSend", sendID=1000000001) == []
    assert problems_after("newContact", phoneId=64161, cNumber=9120000000, cFields={"FMTAwMQ": 5}) == []


@pytest.mark.rule("S1", "P1", "L2")
@pytest.mark.parametrize("action", ["send", "sendServices"])
def test_try_send_is_a_whole_number_from_0_to_10(action: str) -> None:
    for number in range(-3, 25):
        expected = [] if 0 <= number <= 10 else ["$.trySend"]
        assert problems_after(action, trySend=number) == expected
        assert problems_after(action, trySend=str(number)) == expected
    for value in ("00", "010", "-0"):
        assert problems_after(action, trySend=value) == []


@pytest.mark.rule("W15")
@pytest.mark.parametrize(
    "value", ["+1", " 1", "1 ", "1_0", "1e0", "1.0", "١", "۱", "0x1", "one", " ", "-", 1.5, "1\n"]
)
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("send", "trySend"),
        ("send", "type"),
        ("send", "phoneBook"),
        ("sendServices", "textCode"),
        ("reportSend", "sendID"),
        ("newContact", "phoneId"),
    ],
)
def test_a_whole_number_consists_of_ascii_digits(action: str, name: str, value: object) -> None:
    assert problems_after(action, **{name: value}) == [f"$.{name}"]


@pytest.mark.rule("W15", "R1")
def test_a_whole_number_can_be_negative_unless_it_is_a_send_id() -> None:
    assert problems_after("sendServices", textCode="-5") == []
    assert problems_after("newContact", phoneId=-5) == []
    assert problems_after("send", phoneBook="-5") == []
    assert problems_after("reportSend", sendID="-5") == ["$.sendID"]
    assert problems_after("reportSend", sendID=-5) == ["$.sendID"]


@pytest.mark.rule("S2", "O2")
@pytest.mark.parametrize("action", ["send", "sendOTP"])
def test_a_send_type_is_1_to_4(action: str) -> None:
    for number in range(-2, 45):
        expected = [] if 1 <= number <= 4 else ["$.type"]
        assert problems_after(action, type=number) == expected
        assert problems_after(action, type=str(number)) == expected
    assert problems_after("sendServices", type="anything") == []


@pytest.mark.rule("F1", "F2", "F4")
@pytest.mark.parametrize("action", SENDERS)
def test_receivers_can_have_every_prefix_and_there_can_be_several(action: str) -> None:
    for number in MOBILES:
        assert problems_after(action, receivers=number) == []
    assert problems_after(action, receivers=",".join(map(str, MOBILES))) == []


@pytest.mark.rule("F5")
@pytest.mark.parametrize(
    "receivers",
    [
        "9120000000,",
        ",9120000000",
        " 9120000000 ",
        "9120000000 , 9120000001",
        "9120000000,, ,9120000001\n",
        ",\t,9120000000",
    ],
)
def test_spaces_around_receivers_and_empty_items_are_ignored(receivers: str) -> None:
    assert problems_after("send", receivers=receivers) == []


@pytest.mark.rule("F3", "S5", "P3", "O3")
@pytest.mark.parametrize("receiver", INVALID_MOBILES)
@pytest.mark.parametrize("action", SENDERS)
def test_anything_else_is_not_a_receiver(action: str, receiver: object) -> None:
    assert problems_after(action, receivers=receiver) == ["$.receivers"]
    if isinstance(receiver, str) and receiver.strip():
        assert problems_after(action, receivers=f"9120000000,{receiver}") == ["$.receivers"]
        assert problems_after(action, receivers=f"{receiver},9120000000") == ["$.receivers"]


@pytest.mark.rule("F4", "S5")
@pytest.mark.parametrize(
    "receivers", [",", " , ", "9120000000;9120000001", "9120000000 9120000001", "9120000000،9120000001"]
)
def test_only_commas_separate_receivers_and_there_is_at_least_one(receivers: str) -> None:
    assert problems_after("send", receivers=receivers) == ["$.receivers"]


@pytest.mark.rule("F1", "F2", "F3", "N3")
def test_a_contact_has_one_mobile_number() -> None:
    for number in MOBILES:
        assert problems_after("newContact", cNumber=number) == []
    for number in (*INVALID_MOBILES, "9120000000,", "9120000000\n"):
        assert problems_after("newContact", cNumber=number) == ["$.cNumber"]


@pytest.mark.rule("S6", "P2")
@pytest.mark.parametrize("action", ["send", "sendServices"])
def test_a_sender_is_a_line_or_auto(action: str) -> None:
    for line in ("auto", "30001403", "9830001403", 30001403):
        assert problems_after(action, from_=line) == []
    for line in ("AUTO", "automatic", "line", "+9830001403", "3000 1403", "۳۰۰۰", "auto\n", -5):
        assert problems_after(action, from_=line) == ["$.from"]


@pytest.mark.rule("S7")
def test_a_text_is_not_blank_and_has_no_nul() -> None:
    for text in ("x", " x ", "a\nb", "\n\nسلام", "😀", 0, 1.5, "x" * 5000):
        assert problems_after("send", text=text) == []
    for text in (" ", "\n\t ", "\u00a0\u2003", "a\0b", "\0", "a\n\0"):
        assert problems_after("send", text=text) == ["$.text"]


@pytest.mark.rule("W7", "P6")
@pytest.mark.parametrize(
    "data",
    [
        ["a", "1.200.000 تومان", 5],
        {"name": "a", "{amount}": 5},
        [],
        {},
        "",
        None,
        '["a"]',
        ' {"name": "a"}\n',
        "[]",
        "{}",
    ],
)
def test_variables_are_given_by_position_by_name_or_as_json_text(data: object) -> None:
    assert problems_after("sendServices", textData=data) == []


@pytest.mark.rule("W7", "P6")
@pytest.mark.parametrize("data", ["a", "[", "]", "{]", "[}", '"a"', "5", 5, True, " "])
def test_nothing_else_can_give_variables(data: object) -> None:
    assert problems_after("sendServices", textData=data) == ["$.textData"]


@pytest.mark.rule("P6", "W9")
@pytest.mark.parametrize("value", INVALID_VALUES)
def test_a_variable_is_a_scalar_that_is_not_blank(value: object) -> None:
    assert problems_after("sendServices", textData=["a", value]) == ["$.textData[1]"]
    assert problems_after("sendServices", textData={"a": "a", "name": value}) == ["$.textData.name"]


@pytest.mark.rule("W7", "P6")
def test_a_form_can_give_variables_in_brackets() -> None:
    for name in ("textData[0]", "textData[]", "textData[name]"):
        assert problems_after("sendServices", **{name: "a"}) == []
        assert problems_after("sendServices", **{name: " "}) == [f'$["{name}"]']


@pytest.mark.rule("O6", "O7")
def test_a_one_time_code_is_2_to_12_ascii_letters_and_digits() -> None:
    for code in ("48", "aZ09", "A" * 12, 10, 999999999999, "00"):
        assert problems_after("sendOTP", code=code) == []
    for code in (
        "4",
        "A" * 13,
        "48-15",
        "۴۸۱۵۱",
        "48 15",
        "é4815",
        " ",
        "48151\n",
        9,
        -48151,
        1000000000000,
    ):
        assert problems_after("sendOTP", code=code) == ["$.code"]


@pytest.mark.rule("X2", "X7", "W7")
@pytest.mark.parametrize(
    "fields",
    [
        {"FYa12346": "1360/06/06", "FMTAwMQ": 7},
        {},
        "",
        None,
        '{"FYa12346": "1360/06/06"}',
        "{ FYa12346:”1360/06/06”}\n",
    ],
)
def test_custom_fields_are_an_object_or_its_text_in_either_notation(fields: object) -> None:
    assert problems_after("newContact", cFields=fields) == []


@pytest.mark.rule("X4", "X7")
def test_custom_fields_in_another_notation_are_a_problem() -> None:
    for fields in ("FYa12346", "[]", "{", "FYa12346:1360/06/06", " ", 5, True, [], ["a"]):
        assert problems_after("newContact", cFields=fields) == ["$.cFields"]
    for value in INVALID_VALUES:
        assert problems_after("newContact", cFields={"FYa12346": value}) == ["$.cFields.FYa12346"]


@pytest.mark.rule("W7")
def test_a_form_can_give_custom_fields_in_brackets() -> None:
    assert problems_after("newContact", **{"cFields[FYa12346]": "1360/06/06"}) == []
    assert problems_after("newContact", **{"cFields[FYa12346]": " "}) == ['$["cFields[FYa12346]"]']
