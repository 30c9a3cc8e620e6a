"""What counts as a parameter at all (PROTOCOL.md, section 1: W9, W11, W15)."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.driver import Given, World
from tests.rules.ways import ACCEPTED, GOOD

ABSENT: tuple[Given, ...] = ("", None, True, False, [], ["1"], {}, {"0": "1"})
NOT_WHOLE = (
    "+2",
    " 2",
    "2 ",
    "2\n",
    "2.0",
    "2.",
    "2e0",
    "1_0",
    "0x2",
    "۲",
    "٢",
    "２",
    "²",
    "−2",
    "--2",
    "-",
    "- 2",
    "2-",
    "two",
    " ",
    "1,0",
)
KNOWN = {
    "action",
    "from",
    "text",
    "receivers",
    "phoneBook",
    "trySend",
    "type",
    "textCode",
    "textData",
    "appID",
    "code",
}
REQUIRED = [
    ("send", "from", "0", "S1"),
    ("send", "text", "0", "S1"),
    ("send", "receivers", "0", "S1"),
    ("sendServices", "from", "0", "P1"),
    ("sendServices", "textCode", "0", "P1"),
    ("sendServices", "receivers", "0", "P1"),
    ("sendOTP", "appID", "0", "O1"),
    ("sendOTP", "code", "0", "O1"),
    ("sendOTP", "receivers", "0", "O1"),
    ("newContact", "phoneId", "801", "N1"),
    ("newContact", "cNumber", "801", "N1"),
    ("reportSend", "sendID", "-6", "R1"),
]
ALL_GOOD: dict[str, dict[str, Given]] = {
    **GOOD,
    "newContact": {"phoneId": 1403, "cNumber": "9121111119"},
    "reportSend": {"sendID": "1"},
}


def ask(world: World, action: str, **changes: Given) -> Any:
    return world.post({"action": action, **ALL_GOOD[action], **changes})


@pytest.mark.rule("W9", "S1", "P1", "O1", "N1", "R1")
@pytest.mark.parametrize("absent", ABSENT, ids=repr)
@pytest.mark.parametrize(("action", "name", "code", "rule"), REQUIRED)
def test_a_required_parameter_that_counts_as_absent_is_missing(
    action: str, name: str, code: str, rule: str, absent: Given
) -> None:
    world = World()
    reply = ask(world, action, **{name: absent})
    assert (reply["result"], world.rule) == (code, rule)


@pytest.mark.rule("W9", "S1", "P1", "O1", "N1", "R1")
@pytest.mark.parametrize(("action", "name", "code", "rule"), REQUIRED)
def test_a_required_parameter_that_is_not_there_is_missing(
    action: str, name: str, code: str, rule: str
) -> None:
    world = World()
    given_params = {key: value for key, value in ALL_GOOD[action].items() if key != name}
    reply = world.post({"action": action, **given_params})
    assert (reply["result"], world.rule) == (code, rule)


@pytest.mark.rule("W9", "S12", "P9", "O9")
@pytest.mark.parametrize("absent", ABSENT, ids=repr)
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("send", "trySend"),
        ("send", "type"),
        ("send", "phoneBook"),
        ("sendServices", "trySend"),
        ("sendOTP", "type"),
    ],
)
def test_an_optional_parameter_that_counts_as_absent_is_not_missed(
    action: str, name: str, absent: Given
) -> None:
    world = World()
    reply = ask(world, action, **{name: absent})
    assert (reply["result"], world.rule) == ("1", ACCEPTED[action])


@pytest.mark.rule("W9")
@pytest.mark.parametrize(
    ("action", "name", "code", "rule"),
    [
        ("send", "from", "106", "S6"),
        ("send", "text", "107", "S7"),
        ("send", "receivers", "105", "S5"),
        ("send", "trySend", "0", "S1"),
        ("send", "type", "103", "S2"),
        ("sendServices", "from", "603", "P2"),
        ("sendServices", "textCode", "605", "P5"),
        ("sendServices", "receivers", "604", "P3"),
        ("sendServices", "trySend", "0", "P1"),
        ("sendOTP", "appID", "151", "O4"),
        ("sendOTP", "code", "153", "O6"),
        ("sendOTP", "receivers", "105", "O3"),
        ("sendOTP", "type", "103", "O2"),
        ("newContact", "cNumber", "803", "N3"),
    ],
)
@pytest.mark.parametrize("blanks", [" ", "   "], ids=repr)
def test_a_value_of_blanks_is_a_value(action: str, name: str, code: str, rule: str, blanks: str) -> None:
    world = World()
    reply = ask(world, action, **{name: blanks})
    assert (reply["result"], world.rule) == (code, rule)


@pytest.mark.rule("W9", "B3")
def test_a_phonebook_of_blanks_is_a_wrong_phonebook() -> None:
    assert ask(World(), "send", phoneBook=" ")["phoneBook"] == "-2"


@pytest.mark.rule("W9", "P6")
@pytest.mark.parametrize("item", ["", None], ids=repr)
def test_an_empty_item_of_an_array_is_an_item(item: str | None) -> None:
    world = World(patterns=[{"code": 7, "text": "hello", "approved": True, "bulk": False}])
    reply = ask(world, "sendServices", textCode=7, textData=[item])
    assert (reply["result"], world.rule) == ("606", "P6")


@pytest.mark.rule("W15")
@pytest.mark.parametrize("writing", NOT_WHOLE, ids=ascii)
@pytest.mark.parametrize(
    ("action", "name", "code", "rule"),
    [
        ("send", "trySend", "0", "S1"),
        ("send", "type", "103", "S2"),
        ("sendServices", "trySend", "0", "P1"),
        ("sendServices", "textCode", "605", "P5"),
        ("sendOTP", "type", "103", "O2"),
        ("newContact", "phoneId", "801", "N1"),
    ],
)
def test_other_writings_of_a_number_are_no_whole_number(
    action: str, name: str, code: str, rule: str, writing: str
) -> None:
    pattern = {"code": 2, "text": "a {code}", "approved": True, "bulk": False}
    world = World(send_types=[1, 2, 3, 4], patterns=[pattern], phonebooks=[{"id": 2, "name": "two"}])
    reply = ask(world, action, **{name: writing})
    assert (reply["result"], world.rule) == (code, rule)


@pytest.mark.rule("W15", "B3")
@pytest.mark.parametrize("writing", NOT_WHOLE, ids=ascii)
def test_other_writings_of_a_phonebook_are_wrong(writing: str) -> None:
    world = World(phonebooks=[{"id": 2, "name": "two"}])
    assert ask(world, "send", phoneBook=writing)["phoneBook"] == "-2"


@pytest.mark.rule("W15", "R1")
@pytest.mark.parametrize("writing", ["+{}", " {}", "{} ", "{}.0", "{}e0", "_{}", "-{}"])
def test_other_writings_of_a_send_id_are_not_right(writing: str) -> None:
    world = World()
    send_id = world.send()["sendID"]
    assert world.ask("reportSend", sendID=send_id)["result"] == "1"
    assert world.ask("reportSend", sendID=writing.format(send_id))["result"] == "-6"
    assert world.rule == "R1"


@pytest.mark.rule("W15", "R1")
@pytest.mark.parametrize("zero", ["۰", "٠", "０"], ids=ascii)
def test_a_send_id_in_other_digits_is_not_right(zero: str) -> None:
    world = World()
    digits = {ord("0") + n: ord(zero) + n for n in range(10)}
    send_id = world.send()["sendID"].translate(digits)
    assert world.ask("reportSend", sendID=send_id)["result"] == "-6"


@pytest.mark.rule("W15", "S1")
@pytest.mark.parametrize("writing", ["0", "-0", "00", "02", "0010"])
def test_ascii_digits_with_an_optional_minus_are_a_whole_number(writing: str) -> None:
    world = World()
    assert ask(world, "send", trySend=writing)["result"] == "1"
    assert world.rule == "S12"


@pytest.mark.rule("W15", "S1", "S2", "P5", "O2", "R1", "B3")
@pytest.mark.parametrize("huge", ["9" * 5000, "-" + "9" * 5000], ids=["plus", "minus"])
def test_a_number_of_thousands_of_digits_is_answered_like_any_other_wrong_one(huge: str) -> None:
    world = World()
    assert ask(world, "send", trySend=huge)["result"] == "0"
    assert ask(world, "send", type=huge)["result"] == "103"
    assert ask(world, "send", phoneBook=huge)["phoneBook"] == "-2"
    assert ask(world, "sendServices", textCode=huge)["result"] == "605"
    assert ask(world, "sendOTP", type=huge)["result"] == "103"
    assert ask(world, "reportSend", sendID=huge)["result"] == "-6"


@pytest.mark.rule("W15", "S1", "S12")
@given(text=st.text("0123456789-+ ._e۰۱۲", min_size=1, max_size=4))
def test_try_send_is_read_exactly_as_ascii_digits_with_an_optional_minus(text: str) -> None:
    world = World()
    digits = text.removeprefix("-")
    whole = digits.isascii() and digits.isdecimal()
    good = whole and 0 <= int(text) <= 10
    assert ask(world, "send", trySend=text)["result"] == ("1" if good else "0")


@pytest.mark.rule("W11")
@pytest.mark.parametrize(("action", "name", "code", "rule"), REQUIRED)
def test_names_of_parameters_are_case_sensitive(action: str, name: str, code: str, rule: str) -> None:
    for other in {name.upper(), name.capitalize(), name.lower()} - {name}:
        world = World()
        params = {key: value for key, value in ALL_GOOD[action].items() if key != name}
        reply = world.post({"action": action, **params, other: ALL_GOOD[action][name]})
        assert (reply["result"], world.rule) == (code, rule), other


@pytest.mark.rule("W11")
@pytest.mark.parametrize("name", ["Action", "ACTION"])
def test_the_name_of_the_action_parameter_is_case_sensitive(name: str) -> None:
    world = World()
    assert world.post({name: "status"})["result"] == "0"
    assert world.rule == "A6"


@pytest.mark.rule("W11")
@pytest.mark.parametrize(
    ("name", "value"),
    [("trysend", "99"), ("TrySend", "99"), ("Type", "9"), ("TYPE", "9"), ("phonebook", "9999")],
)
def test_an_optional_parameter_in_other_case_is_not_read(name: str, value: str) -> None:
    world = World()
    params = {"action": "send", **GOOD["send"]}
    del params["phoneBook"]
    reply = world.post({**params, name: value})
    assert (reply["result"], "phoneBook" in reply) == ("1", False)


@pytest.mark.rule("W11")
@given(
    action=st.sampled_from(sorted(GOOD)),
    extra=st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda name: name not in KNOWN and name != "key"),
        st.text(max_size=8)
        | st.sampled_from([None, True, False])
        | st.lists(st.text(max_size=3), max_size=2),
        max_size=4,
    ),
)
def test_parameters_that_the_action_does_not_know_change_nothing(
    action: str, extra: dict[str, Given]
) -> None:
    plain, stuffed = World(), World()
    assert ask(stuffed, action, **extra) == ask(plain, action)
    assert (stuffed.rule, stuffed.credit()) == (plain.rule, plain.credit())
