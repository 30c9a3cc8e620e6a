"""The values that each kind of custom field takes (X4), and the notation of `cFields` (X7)."""

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from fakeserver.notation.custom_fields import parse_custom_fields, value_problem

GOOD: dict[str, list[str]] = {
    "text": ["x", "سلام دنیا", "a, b: {c}", "-", "۱۲", "x" * 255, "س" * 255, "🙂"],
    "number": ["0", "12", "-5", "007", "-1.5", "9" * 64],
    "date": ["1360/06/06", "1402/01/01", "1402/12/29", "0001/01/01"],
    "choice": ["معلم", "پزشک"],
}
BAD: dict[str, list[str]] = {
    "text": ["", " ", " \t\n", "\u00a0\u2003", "x" * 256, "س" * 256],
    "number": [
        *("", " ", "abc", "12a", "1 2", "0x10", "nan", "NaN", "inf", "-Infinity", "--1", "-", "1_000", "1,5"),
        *("۱۲", "1.", ".5", "9" * 65, "1." + "9" * 65),
    ],
    "date": ["", " ", "1403/13/01", "1360-06-06"],
    "choice": ["", " ", "راننده", "معلم,پزشک", "معل", "0"],
}


@pytest.mark.rule("X4")
@pytest.mark.parametrize("kind", GOOD)
def test_a_field_takes_the_values_of_its_kind_and_no_others(kind: str) -> None:
    options = ("معلم", "پزشک")
    for value in GOOD[kind]:
        assert value_problem(kind, value, options) is None, value
    for value in BAD[kind]:
        assert value_problem(kind, value, options), value


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("date", "1403/13/01", "is not a valid Jalali date YYYY/MM/DD"),
        ("number", "x", "is not a number"),
        ("choice", "c", "is not one of a, b"),
        ("text", " ", "is blank"),
        ("text", "x" * 256, "has more than 255 characters"),
    ],
)
def test_the_problem_says_what_would_be_right(kind: str, value: str, problem: str) -> None:
    assert value_problem(kind, value, ("a", "b")) == problem


# The notation of `cFields`


@pytest.mark.rule("X7", "W7")
@pytest.mark.parametrize(
    "text",
    [
        "{ FYa12346:”1360/06/06”}",
        "{FYa12346:“1360/06/06”}",
        "{FYa12346:„1360/06/06“}",
        '{FYa12346:"1360/06/06"}',
        "{“FYa12346”:”1360/06/06”}",
        "{\n\tFYa12346 : ”1360/06/06”\n}",
        ' { "FYa12346" : "1360/06/06" } ',
    ],
)
def test_strict_json_and_the_guides_notation_are_read(text: str) -> None:
    assert parse_custom_fields(text) == {"FYa12346": "1360/06/06"}


@pytest.mark.rule("X7", "W8")
def test_every_bare_key_is_read() -> None:
    text = "{ FYa12346:”1360/06/06”, FMTAwMQ: 5,true:”x”,123: ”x”, a_b :”y” }"
    fields = {"FYa12346": "1360/06/06", "FMTAwMQ": "5", "true": "x", "123": "x", "a_b": "y"}
    assert parse_custom_fields(text) == fields


@pytest.mark.rule("X7")
@pytest.mark.parametrize(
    "value",
    [
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
    ],
)
def test_a_value_is_never_rewritten(value: str) -> None:
    written = json.dumps(value)[1:-1]
    for opening, closing in ("“”", "””", "„“", '""'):
        text = f"{{ FMTAwMg:{opening}{written}{closing}, FMTAwMQ: ”5” }}"
        assert parse_custom_fields(text) == {"FMTAwMg": value, "FMTAwMQ": "5"}
    assert parse_custom_fields(json.dumps({"F": value})) == {"F": value}


@pytest.mark.rule("X7")
@pytest.mark.parametrize("value", ["او گفت “سلام”", "„x“", "{ a:”b”}"])
def test_strict_json_keeps_its_curly_quotes(value: str) -> None:
    assert parse_custom_fields(json.dumps({"F": value}, ensure_ascii=False)) == {"F": value}


WORDS = st.text(st.sampled_from("ab 1_:,{}[]\\/'سلام"), min_size=1)


@pytest.mark.rule("X7")
@given(WORDS, st.sampled_from(["“”", "””", "„”"]))
def test_both_notations_mean_the_same(value: str, quotes: str) -> None:
    assert parse_custom_fields(f"{{F: {quotes[0]}{json.dumps(value)[1:-1]}{quotes[1]}}}") == {"F": value}


@pytest.mark.rule("X7")
@pytest.mark.parametrize(
    "given",
    [
        "x",
        "   ",
        "{",
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
        "{FYa12346:”1360/06/06”} x",
        "{FYa12346=”1360/06/06”}",
        "{FYa12346:”1360/06/06}",
        "{FYa12346:”1360/06/06”; FMTAwMQ:”5”}",
        "{FMTAwMQ: Infinity}",
        '["1360/06/06"]',
        "[”1360/06/06”]",
        '"FYa12346"',
        "5",
        "null",
        '{"a":' * 10_000,
        "[" * 100_000,
        f'{{"F": {"9" * 5000}}}',
        '{"\\ud800": "x"}',
        ["1360/06/06"],
        None,
        True,
    ],
    ids=lambda given: str(given)[:30],
)
def test_anything_that_is_not_an_object_in_either_notation_is_refused(given: Any) -> None:
    assert parse_custom_fields(given) is None
