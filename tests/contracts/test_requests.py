from typing import Any

import mydnspanel_contracts as contracts
import pytest
from jsonschema import Draft202012Validator
from mydnspanel_contracts import iter_request_problems, validate_request

Params = dict[str, Any]

GOOD: dict[str, Params] = {
    "send": {"from": "30001403", "text": "سلام", "receivers": "9120000000"},
    "sendServices": {"from": "90001403", "textCode": "1001", "receivers": "9120000000"},
    "sendOTP": {"appID": "test-app", "code": "48151", "receivers": "9120000000"},
    "reportSend": {"sendID": "1000000001"},
    "credit": {},
    "receivedMessages": {},
    "status": {},
    "newContact": {"phoneId": "1403", "cNumber": "9120000000"},
}

REQUIRED = [(action, name) for action, params in GOOD.items() for name in params]

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

NO_MOBILES: tuple[object, ...] = (
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

BLANK_OR_NO_SCALAR: tuple[object, ...] = ("", " ", None, True, [], {}, ["a"])


def paths(action: str, params: Params) -> list[str]:
    return [problem.path for problem in iter_request_problems(action, params)]


def fault(action: str, /, **changes: object) -> list[str]:
    """The paths of what is wrong with a good request after `changes`; `from_` stands for `from`."""
    return paths(action, GOOD[action] | {name.rstrip("_"): value for name, value in changes.items()})


@pytest.mark.parametrize("action", GOOD)
def test_the_least_that_an_action_needs_is_well_formed(action: str) -> None:
    validate_request(action, GOOD[action])


@pytest.mark.rule("S1", "P1", "O1", "R1", "N1")
@pytest.mark.parametrize(("action", "name"), REQUIRED)
def test_what_is_required_has_to_be_there(action: str, name: str) -> None:
    rest = {key: value for key, value in GOOD[action].items() if key != name}
    assert paths(action, rest) == [f"$.{name}"]


@pytest.mark.rule("W9")
@pytest.mark.parametrize("value", ABSENT)
@pytest.mark.parametrize(("action", "name"), REQUIRED)
def test_a_value_that_counts_as_absent_does_not_count_as_required(
    action: str, name: str, value: object
) -> None:
    assert paths(action, GOOD[action] | {name: value}) == [f"$.{name}"]


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
def test_an_optional_value_may_count_as_absent(action: str, name: str, value: object) -> None:
    assert fault(action, **{name: value}) == []


@pytest.mark.rule("W11")
@pytest.mark.parametrize("action", GOOD)
def test_unknown_parameters_are_ignored_and_names_mind_their_case(action: str) -> None:
    assert fault(action, sender="x", status="ok", Text=[], TRYSEND="99", key="test-key") == []
    assert fault(action, action=action) == []
    assert fault(action, action=action.upper()) == ["$.action"]


@pytest.mark.parametrize("action", GOOD)
@pytest.mark.parametrize("value", [[], "a=1", None, 5])
def test_parameters_are_an_object(action: str, value: object) -> None:
    schema = contracts.request_schema(action)
    assert not Draft202012Validator(schema, registry=contracts.registry()).is_valid(value)


@pytest.mark.rule("W8")
def test_numbers_may_stand_where_forms_have_strings() -> None:
    assert (
        fault("send", from_=30001403, text=5, receivers=9120000000, trySend=2, type=1, phoneBook=64161) == []
    )
    assert fault("sendServices", from_=90001403, textCode=1001, textData=[1], receivers=989120000000) == []
    assert fault("sendOTP", appID=7, code=48151, receivers=9120000000) == []
    assert fault("reportSend", sendID=1000000001) == []
    assert fault("newContact", phoneId=64161, cNumber=9120000000, cFields={"FMTAwMQ": 5}) == []


@pytest.mark.rule("S1", "P1", "L2")
@pytest.mark.parametrize("action", ["send", "sendServices"])
def test_try_send_is_a_whole_number_from_0_to_10(action: str) -> None:
    for number in range(-3, 25):
        expected = [] if 0 <= number <= 10 else ["$.trySend"]
        assert fault(action, trySend=number) == expected
        assert fault(action, trySend=str(number)) == expected
    for value in ("00", "010", "-0"):
        assert fault(action, trySend=value) == []


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
def test_a_whole_number_is_ascii_digits(action: str, name: str, value: object) -> None:
    assert fault(action, **{name: value}) == [f"$.{name}"]


@pytest.mark.rule("W15", "R1")
def test_a_whole_number_may_be_negative_but_no_send_has_such_an_id() -> None:
    assert fault("sendServices", textCode="-5") == []
    assert fault("newContact", phoneId=-5) == []
    assert fault("send", phoneBook="-5") == []
    assert fault("reportSend", sendID="-5") == ["$.sendID"]
    assert fault("reportSend", sendID=-5) == ["$.sendID"]


@pytest.mark.rule("S2", "O2")
@pytest.mark.parametrize("action", ["send", "sendOTP"])
def test_a_send_type_is_1_to_4(action: str) -> None:
    for number in range(-2, 45):
        expected = [] if 1 <= number <= 4 else ["$.type"]
        assert fault(action, type=number) == expected
        assert fault(action, type=str(number)) == expected
    assert fault("sendServices", type="anything") == []


@pytest.mark.rule("F1", "F2", "F4")
@pytest.mark.parametrize("action", SENDERS)
def test_receivers_come_in_every_form_and_in_any_number(action: str) -> None:
    for number in MOBILES:
        assert fault(action, receivers=number) == []
    assert fault(action, receivers=",".join(map(str, MOBILES))) == []


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
def test_blanks_around_receivers_and_empty_items_are_tolerated(receivers: str) -> None:
    assert fault("send", receivers=receivers) == []


@pytest.mark.rule("F3", "S5", "P3", "O3")
@pytest.mark.parametrize("receiver", NO_MOBILES)
@pytest.mark.parametrize("action", SENDERS)
def test_anything_else_is_no_receiver(action: str, receiver: object) -> None:
    assert fault(action, receivers=receiver) == ["$.receivers"]
    if isinstance(receiver, str) and receiver.strip():
        assert fault(action, receivers=f"9120000000,{receiver}") == ["$.receivers"]
        assert fault(action, receivers=f"{receiver},9120000000") == ["$.receivers"]


@pytest.mark.rule("F4", "S5")
@pytest.mark.parametrize(
    "receivers", [",", " , ", "9120000000;9120000001", "9120000000 9120000001", "9120000000،9120000001"]
)
def test_only_commas_separate_and_one_receiver_is_left(receivers: str) -> None:
    assert fault("send", receivers=receivers) == ["$.receivers"]


@pytest.mark.rule("F1", "F2", "F3", "N3")
def test_a_contact_has_one_mobile_number() -> None:
    for number in MOBILES:
        assert fault("newContact", cNumber=number) == []
    for number in (*NO_MOBILES, "9120000000,", "9120000000\n"):
        assert fault("newContact", cNumber=number) == ["$.cNumber"]


@pytest.mark.rule("S6", "P2")
@pytest.mark.parametrize("action", ["send", "sendServices"])
def test_a_sender_is_a_line_or_auto(action: str) -> None:
    for line in ("auto", "30001403", "9830001403", 30001403):
        assert fault(action, from_=line) == []
    for line in ("AUTO", "automatic", "line", "+9830001403", "3000 1403", "۳۰۰۰", "auto\n", -5):
        assert fault(action, from_=line) == ["$.from"]


@pytest.mark.rule("S7")
def test_a_text_has_something_in_it_and_no_nul() -> None:
    for text in ("x", " x ", "a\nb", "\n\nسلام", "😀", 0, 1.5, "x" * 5000):
        assert fault("send", text=text) == []
    for text in (" ", "\n\t ", "\u00a0\u2003", "a\0b", "\0", "a\n\0"):
        assert fault("send", text=text) == ["$.text"]


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
def test_variables_come_by_position_by_name_or_as_json_text(data: object) -> None:
    assert fault("sendServices", textData=data) == []


@pytest.mark.rule("W7", "P6")
@pytest.mark.parametrize("data", ["a", "[", "]", "{]", "[}", '"a"', "5", 5, True, " "])
def test_nothing_else_holds_variables(data: object) -> None:
    assert fault("sendServices", textData=data) == ["$.textData"]


@pytest.mark.rule("P6", "W9")
@pytest.mark.parametrize("value", BLANK_OR_NO_SCALAR)
def test_a_variable_is_a_value_that_is_not_blank(value: object) -> None:
    assert fault("sendServices", textData=["a", value]) == ["$.textData[1]"]
    assert fault("sendServices", textData={"a": "a", "name": value}) == ["$.textData.name"]


@pytest.mark.rule("W7", "P6")
def test_variables_may_come_one_by_one_in_a_form() -> None:
    for name in ("textData[0]", "textData[]", "textData[name]"):
        assert fault("sendServices", **{name: "a"}) == []
        assert fault("sendServices", **{name: " "}) == [f'$["{name}"]']


@pytest.mark.rule("O6", "O7")
def test_a_one_time_code_is_2_to_12_ascii_letters_and_digits() -> None:
    for code in ("48", "aZ09", "A" * 12, 10, 999999999999, "00"):
        assert fault("sendOTP", code=code) == []
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
        assert fault("sendOTP", code=code) == ["$.code"]


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
    assert fault("newContact", cFields=fields) == []


@pytest.mark.rule("X4", "X7")
def test_custom_fields_of_no_notation_are_not_well_formed() -> None:
    for fields in ("FYa12346", "[]", "{", "FYa12346:1360/06/06", " ", 5, True, [], ["a"]):
        assert fault("newContact", cFields=fields) == ["$.cFields"]
    for value in BLANK_OR_NO_SCALAR:
        assert fault("newContact", cFields={"FYa12346": value}) == ["$.cFields.FYa12346"]


@pytest.mark.rule("W7")
def test_custom_fields_may_come_one_by_one_in_a_form() -> None:
    assert fault("newContact", **{"cFields[FYa12346]": "1360/06/06"}) == []
    assert fault("newContact", **{"cFields[FYa12346]": " "}) == ['$["cFields[FYa12346]"]']
