"""The custom fields of a new contact (X): ids, kinds, uniqueness, and the two notations of `cFields`.

What was stored is seen through the unique field: only the very same value is a duplicate (X5).
"""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.driver import World

DATE, TEXT, CHOICE, NUMBER, UNIQUE = "FYa12346", "FMjUyMjUz", "FMzQ5NDA2", "FMTAwMQ", "FMTAwMg"
LEAP = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412]
COMMON = [1371, 1374, 1378, 1400, 1401, 1402, 1404, 1405, 1406, 1407, 1409]


def add(world: World, fields: Any, number: str = "9121234567", book: int = 1403) -> Any:
    reply = world.ask("newContact", phoneId=book, cNumber=number, cFields=fields)
    assert (reply["result"], world.rule) in [("1", "N4"), ("1", "N5")]
    return reply["fields"]


def code(kind: str, value: Any) -> str:
    answer = add(World(), json.dumps({kind: value}))
    assert list(answer) == [kind]
    return str(answer[kind])


@pytest.mark.rule("X1", "X2", "X6", "W7")
@pytest.mark.parametrize("given", [dict, json.dumps], ids=["natively", "as JSON text"])
def test_every_field_is_answered_by_its_id(given: Any) -> None:
    world = World()
    fields = {DATE: "1360/06/06", TEXT: "معلم ریاضی", CHOICE: "پزشک", NUMBER: "12", UNIQUE: "یکتا"}
    reply = world.ask("newContact", phoneId=1403, cNumber="9121234567", cFields=given(fields))
    assert reply == {"result": "1", "fields": dict.fromkeys(fields, "1")}


@pytest.mark.rule("X1", "X2")
def test_a_reply_has_all_codes_side_by_side() -> None:
    world = World()
    add(world, {UNIQUE: "یکتا"}, "9122222222")
    answer = add(world, {"FNone": "x", DATE: "1360", UNIQUE: "یکتا", TEXT: "خوب"})
    assert answer == {"FNone": "-1", DATE: "-2", UNIQUE: "-3", TEXT: "1"}


@pytest.mark.rule("X1", "N4")
def test_a_contact_whose_fields_are_all_wrong_is_added_all_the_same() -> None:
    world = World()
    assert add(world, {"FNone": "x", DATE: "x"}) == {"FNone": "-1", DATE: "-2"}
    assert world.send("9121234567", phoneBook=1403)["phoneBook"] == "-3"


@pytest.mark.rule("X3")
@pytest.mark.parametrize(
    "unknown",
    ["FNone", "fya12346", "FYa12346 ", " FYa12346", "FYa1234", "1", "0", "فیلد", "🙂", " "],
)
def test_an_unknown_field_id_is_minus_one_whatever_the_value(unknown: str) -> None:
    text = json.dumps({unknown: "1360/06/06", DATE: "1360/06/06"})
    assert add(World(), text) == {unknown: "-1", DATE: "1"}
    assert add(World(), json.dumps({unknown: ""})) == {unknown: "-1"}


@pytest.mark.rule("X4", "W8")
@pytest.mark.parametrize("value", ["x", "سلام دنیا", "a, b: {c}", "-", "۱۲", "x" * 255, "س" * 255, 7, "🙂"])
def test_a_good_text(value: Any) -> None:
    assert code(TEXT, value) == "1"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("value", ["", " ", " \t\n", "\u00a0\u2003", "x" * 256, "س" * 256])
def test_a_bad_text(value: str) -> None:
    assert code(TEXT, value) == "-2"


@pytest.mark.rule("X4", "W8")
@pytest.mark.parametrize("value", ["0", "12", "-5", "007", 12, -5, 0, "9" * 30])
def test_a_good_number(value: Any) -> None:
    assert code(NUMBER, value) == "1"


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    "value",
    ["", " ", "abc", "12a", "1 2", "0x10", "nan", "NaN", "inf", "-Infinity", "--1", "-", "1_000", "1,5"],
)
def test_a_bad_number(value: str) -> None:
    assert code(NUMBER, value) == "-2"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("value", ["معلم", "پزشک", "مهندس"])
def test_a_good_choice(value: str) -> None:
    assert code(CHOICE, value) == "1"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("value", ["", " ", "راننده", "معلم,پزشک", "معل", "0", "1", 0])
def test_a_bad_choice(value: Any) -> None:
    assert code(CHOICE, value) == "-2"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("kind", [DATE, TEXT, CHOICE, NUMBER, UNIQUE])
@pytest.mark.parametrize("value", ["null", "true", "false", '["1"]', "[]", '{"a": "1"}', "{}"])
def test_what_is_not_a_scalar_is_a_value_of_no_kind(kind: str, value: str) -> None:
    assert add(World(), f'{{"{kind}": {value}}}') == {kind: "-2"}


FIRST_HALF = [f"1402/{month:02}/31" for month in range(1, 7)]
SECOND_HALF = [f"1402/{month:02}/30" for month in range(7, 12)]


@pytest.mark.rule("X4")
@pytest.mark.parametrize("value", ["1360/06/06", "1402/01/01", "1402/12/29", *FIRST_HALF, *SECOND_HALF])
def test_a_date_that_exists(value: str) -> None:
    assert code(DATE, value) == "1"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_after_the_months_last_does_not_exist(month: int) -> None:
    last = 31 if month < 7 else 30
    assert code(DATE, f"1403/{month:02}/{last}") == "1"
    assert code(DATE, f"1403/{month:02}/{last + 1}") == "-2"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("year", LEAP)
def test_the_last_month_of_a_leap_year_has_thirty_days(year: int) -> None:
    assert code(DATE, f"{year}/12/30") == "1"
    assert code(DATE, f"{year}/12/31") == "-2"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("year", COMMON)
def test_the_last_month_of_a_common_year_has_twenty_nine_days(year: int) -> None:
    assert code(DATE, f"{year}/12/29") == "1"
    assert code(DATE, f"{year}/12/30") == "-2"


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "1360-06-06",
        "1360.06.06",
        "1360/6/6",
        "1360/06/6",
        "60/06/06",
        "01360/06/06",
        "13600606",
        "06/06/1360",
        " 1360/06/06",
        "1360/06/06 ",
        "1360/06/06\n",
        "1360/06/06 10:00",
        "+360/06/06",
        "1360/+6/06",
        "1360/ 6/06",
        "1360/00/10",
        "1360/13/01",
        "1360/06/00",
        "1360/06/32",
        "1402/07/31",
        "۱۳۶۰/۰۶/۰۶",
        "abcd/ef/gh",
        13600606,
    ],
)
def test_a_bad_date(value: Any) -> None:
    assert code(DATE, value) == "-2"


@pytest.mark.rule("X4")
@given(st.dates(date(1924, 3, 21), date(2036, 3, 20)))
def test_every_day_of_the_calendar_exists_in_a_jalali_year_counted_by_the_33_year_rule(day: date) -> None:
    # 1 Farvardin 1303 was 21 March 1924; years are counted on from there, a day at a time.
    left, year = (day - date(1924, 3, 21)).days, 1303
    while left >= (length := 366 if year % 33 in {1, 5, 9, 13, 17, 22, 26, 30} else 365):
        left, year = left - length, year + 1
    month, of_month = (left // 31, left % 31) if left < 186 else (6 + (left - 186) // 30, (left - 186) % 30)
    assert code(DATE, f"{year}/{month + 1:02}/{of_month + 1:02}") == "1"


# Uniqueness


@pytest.mark.rule("X5")
def test_a_unique_value_belongs_to_one_contact() -> None:
    world = World()
    assert add(world, {UNIQUE: "یکتا"}, "9121111111") == {UNIQUE: "1"}
    assert add(world, {UNIQUE: "یکتا"}, "9122222222") == {UNIQUE: "-3"}
    assert add(world, {UNIQUE: "دیگر"}, "9122222222") == {UNIQUE: "1"}


@pytest.mark.rule("X5", "N5")
def test_a_contact_may_state_its_own_unique_value_again() -> None:
    world = World()
    add(world, {UNIQUE: "یکتا"})
    assert add(world, {UNIQUE: "یکتا"}) == {UNIQUE: "1"}


@pytest.mark.rule("N5", "X5")
def test_a_contact_that_changes_its_value_sets_the_old_one_free() -> None:
    world = World()
    add(world, {UNIQUE: "الف"}, "9121111111")
    add(world, {UNIQUE: "ب"}, "9121111111")
    assert add(world, {UNIQUE: "ب"}, "9122222222") == {UNIQUE: "-3"}
    assert add(world, {UNIQUE: "الف"}, "9122222222") == {UNIQUE: "1"}


@pytest.mark.rule("N5", "X1")
@pytest.mark.parametrize("update", [{TEXT: "x"}, {UNIQUE: ""}, {"FNone": "x"}, None], ids=str)
def test_an_update_leaves_the_fields_that_it_does_not_set(update: Any) -> None:
    world = World()
    add(world, {UNIQUE: "یکتا"}, "9121111111")
    world.ask("newContact", phoneId=1403, cNumber="9121111111", cFields=update)
    assert add(world, {UNIQUE: "یکتا"}, "9122222222") == {UNIQUE: "-3"}


@pytest.mark.rule("X1", "X5")
def test_a_duplicate_is_left_out_and_the_old_value_stays() -> None:
    world = World()
    add(world, {UNIQUE: "الف"}, "9121111111")
    add(world, {UNIQUE: "ب"}, "9122222222")
    assert add(world, {UNIQUE: "الف"}, "9122222222") == {UNIQUE: "-3"}
    assert add(world, {UNIQUE: "ب"}, "9123333333") == {UNIQUE: "-3"}


@pytest.mark.rule("X5")
def test_another_phonebook_may_have_the_same_value() -> None:
    world = World(phonebooks=[{"id": one, "name": str(one), "contacts": []} for one in (1403, 1404)])
    assert add(world, {UNIQUE: "یکتا"}, "9121111111", 1403) == {UNIQUE: "1"}
    assert add(world, {UNIQUE: "یکتا"}, "9122222222", 1404) == {UNIQUE: "1"}
    assert add(world, {UNIQUE: "یکتا"}, "9122222222", 1403) == {UNIQUE: "-3"}


@pytest.mark.rule("X5")
def test_the_contacts_of_the_settings_have_their_values_too() -> None:
    contact = {"number": "9121111111", "fields": {UNIQUE: "یکتا"}}
    world = World(phonebooks=[{"id": 1403, "name": "یک", "contacts": [contact]}])
    assert add(world, {UNIQUE: "یکتا"}, "9122222222") == {UNIQUE: "-3"}
    assert add(world, {UNIQUE: "یکتا"}, "9121111111") == {UNIQUE: "1"}


@pytest.mark.rule("X5")
def test_fields_that_are_not_unique_may_repeat() -> None:
    world = World()
    fields = {DATE: "1360/06/06", TEXT: "x", CHOICE: "پزشک", NUMBER: "5"}
    assert set(add(world, fields, "9121111111").values()) == {"1"}
    assert set(add(world, fields, "9122222222").values()) == {"1"}


@pytest.mark.rule("X4", "X5")
@pytest.mark.parametrize(
    ("kind", "value"), [("date", "1360/06/06"), ("number", "5"), ("choice", "یک"), ("text", "x")]
)
def test_fields_of_every_kind_can_be_unique(kind: str, value: str) -> None:
    options = {"options": ["یک", "دو"]} if kind == "choice" else {}
    world = World(fields=[{"id": "FOne", "name": "یک", "kind": kind, "unique": True, **options}])
    assert add(world, {"FOne": value}, "9121111111") == {"FOne": "1"}
    assert add(world, {"FOne": value}, "9122222222") == {"FOne": "-3"}
    assert add(world, {"FOne": "?" * 256}, "9122222222") == {"FOne": "-2"}
    assert add(world, {DATE: "1360/06/06"}, "9122222222") == {DATE: "-1"}


# Notation


@pytest.mark.rule("X7")
@pytest.mark.parametrize(
    "text",
    [
        "{ FYa12346:”1360/06/06”}",
        "{FYa12346:“1360/06/06”}",
        "{FYa12346:„1360/06/06“}",
        '{FYa12346:"1360/06/06"}',
        "{“FYa12346”:”1360/06/06”}",
        '{"FYa12346": ”1360/06/06”}',
        "{\n\tFYa12346 : ”1360/06/06”\n}",
        '{"FYa12346":"1360/06/06"}',
        ' { "FYa12346" : "1360/06/06" } ',
    ],
)
def test_both_notations_are_read(text: str) -> None:
    assert add(World(), text) == {DATE: "1"}


@pytest.mark.rule("X7", "X3")
def test_several_bare_keys_are_read() -> None:
    text = "{ FYa12346:”1360/06/06”, FMTAwMQ: 5,true:”x”,123: ”x”, a_b :”y” }"
    assert add(World(), text) == {DATE: "1", NUMBER: "1", "true": "-1", "123": "-1", "a_b": "-1"}


TRICKY = [
    "a, b: c",
    "{a: 1, b: 2}",
    "x, FMTAwMQ: 5",
    "{FMTAwMQ: 5",
    "http://example.ir/?a=1,b:2",
    "},{",
    "FYa12346:",
    "a\\b",
    'he said ", b: c',
    "[1, 2, x: 3]",
]


@pytest.mark.rule("X7", "X5")
@pytest.mark.parametrize("value", TRICKY)
@pytest.mark.parametrize("quotes", ["“”", "””", "„“", '""'])
def test_strings_survive_the_guides_notation(value: str, quotes: str) -> None:
    world = World()
    inner = json.dumps(value)[1:-1]
    text = f"{{ {UNIQUE}:{quotes[0]}{inner}{quotes[1]}, FMTAwMQ: ”5” }}"
    assert add(world, text, "9121111111") == {UNIQUE: "1", NUMBER: "1"}
    assert add(world, {UNIQUE: value}, "9122222222") == {UNIQUE: "-3"}


@pytest.mark.rule("X7", "X5")
@pytest.mark.parametrize("value", ["او گفت “سلام”", "„x“", "{ a:”b”}", *TRICKY])
def test_strict_json_is_taken_at_its_word(value: str) -> None:
    world = World()
    assert add(world, json.dumps({UNIQUE: value}, ensure_ascii=False), "9121111111") == {UNIQUE: "1"}
    assert add(world, {UNIQUE: value}, "9122222222") == {UNIQUE: "-3"}
    plain = value.replace("“", '"').replace("”", '"').replace("„", '"')
    assert add(world, {UNIQUE: plain}, "9122222222") == {UNIQUE: "-3" if plain == value else "1"}


WORDS = st.text(st.sampled_from("ab 1_:,{}[]\\/'سلام"), min_size=1).filter(lambda word: word.strip() != "")


@pytest.mark.rule("X7", "X5")
@given(WORDS, st.sampled_from(["“”", "””", "„”"]))
def test_whatever_the_string_both_notations_mean_the_same(value: str, quotes: str) -> None:
    world = World()
    text = f"{{{UNIQUE}: {quotes[0]}{json.dumps(value)[1:-1]}{quotes[1]}}}"
    assert add(world, text, "9121111111") == {UNIQUE: "1"}
    assert add(world, {UNIQUE: value}, "9122222222") == {UNIQUE: "-3"}


UNREADABLE = [
    "x",
    "   ",
    "{",
    "}",
    "FYa12346:1360/06/06",
    "{FYa12346}",
    "{FYa12346:1360/06/06}",
    "{FYa12346:x}",
    "{'FYa12346':'1360/06/06'}",
    "{‘FYa12346’:‘1360/06/06’}",
    "{«FYa12346»:«1360/06/06»}",
    "{FYa-12346:”1360/06/06”}",
    "{فیلد:”1360/06/06”}",
    "{FYa12346:”1360/06/06”,}",
    '{"FYa12346":"1360/06/06",}',
    "{FYa12346:”1360/06/06”} x",
    "{FYa12346=”1360/06/06”}",
    "{FYa12346:”1360/06/06}",
    "{FYa12346:”1360/06/06”; FMTAwMQ:”5”}",
    '{"FMTAwMQ": NaN}',
    "{FMTAwMQ: Infinity}",
    "[]",
    '["1360/06/06"]',
    "[”1360/06/06”]",
    '"FYa12346"',
    "5",
    "null",
    "true",
    '{"a":' * 10_000,
    "[" * 100_000,
]


@pytest.mark.rule("X7", "X1")
@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:30])
def test_what_is_an_object_in_neither_notation_is_one_error_and_the_contact_is_added(text: str) -> None:
    world = World()
    assert add(world, text) == "-2"
    assert world.send("9121234567", phoneBook=1403)["phoneBook"] == "-3"


@pytest.mark.rule("X7", "W7")
def test_a_list_is_no_object_either() -> None:
    assert add(World(), ["1360/06/06"]) == "-2"


@pytest.mark.rule("X1", "X7")
@pytest.mark.parametrize(
    "text", [f'{{"{NUMBER}": {"9" * 5000}}}', '{"\\ud800": "x"}', f'{{"{TEXT}": "\\ud800"}}']
)
def test_json_beyond_all_reason_does_not_keep_the_contact_out(text: str) -> None:
    world = World()
    add(world, text)
    assert world.send("9121234567", phoneBook=1403)["phoneBook"] == "-3"


@pytest.mark.rule("X1", "X2")
@pytest.mark.parametrize(("switch", "answer"), [("by_field", {}), ("single", "1")])
def test_an_object_without_fields_is_in_order(switch: str, answer: Any) -> None:
    assert add(World(fields_reply=switch), "{}") == answer


# The switch


@pytest.mark.rule("X2")
@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({TEXT: "x", DATE: "1360/06/06"}, "1"),
        ({TEXT: "x", "FNone": "x"}, "-1"),
        ({TEXT: "x", DATE: "x"}, "-2"),
        ({TEXT: "x", UNIQUE: "یکتا"}, "-3"),
        ({UNIQUE: "یکتا", DATE: "x", "FNone": "x"}, "-3"),
        ({DATE: "x", UNIQUE: "یکتا", "FNone": "x"}, "-2"),
        ({"FNone": "x", DATE: "x", UNIQUE: "یکتا"}, "-1"),
    ],
)
def test_with_single_the_first_error_answers_for_all(fields: dict[str, str], answer: str) -> None:
    world = World(fields_reply="single")
    add(world, {UNIQUE: "یکتا"}, "9122222222")
    assert add(world, json.dumps(fields)) == answer


@pytest.mark.rule("X2", "X1")
def test_with_single_the_good_fields_are_stored_all_the_same() -> None:
    world = World(fields_reply="single")
    assert add(world, {"FNone": "x", UNIQUE: "یکتا"}, "9121111111") == "-1"
    assert add(world, {UNIQUE: "یکتا"}, "9122222222") == "-3"


@pytest.mark.rule("X2", "X7")
def test_with_single_an_unreadable_object_is_the_same_one_error() -> None:
    assert add(World(fields_reply="single"), "x") == "-2"
