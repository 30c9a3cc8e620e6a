"""What the panel makes of texts: their sizes, patterns' variables, and values of a contact's fields."""

from typing import Any

import pytest

from fakeserver.notation.custom_fields import value_problem
from fakeserver.notation.message_parts import TextSize, measure
from fakeserver.notation.params import Value
from fakeserver.notation.patterns import fill
from fakeserver.spec.alphabet import Alphabet
from tests.driver import World

LATIN, UNICODE = Alphabet.LATIN, Alphabet.UNICODE


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("abc", TextSize(LATIN, 3, 1)),
        ("a€[", TextSize(LATIN, 5, 1)),
        ("سلام", TextSize(UNICODE, 4, 1)),
        ("😀", TextSize(UNICODE, 2, 1)),
        ("س" * 66 + "\U0010ffff" + "س" * 66, TextSize(UNICODE, 134, 3)),  # the last pair there is
        ("س" * 65 + "\U00010000" + "س" * 67, TextSize(UNICODE, 134, 2)),  # a pair that ends with its part
        ("\ud800", TextSize(UNICODE, 1, 1)),  # half a pair is no text, and has a size
        ("س" * 133 + "\ud800", TextSize(UNICODE, 134, 2)),
    ],
)
def test_a_size_is_the_alphabet_the_units_and_the_parts(text: str, size: TextSize) -> None:
    assert repr(measure(text)) == repr(size)  # whole numbers, all of them


@pytest.mark.rule("P6", "W7")
@pytest.mark.parametrize(
    ("text", "data", "filled"),
    [
        ("{a}-{b}-{a}", ["1", "2"], "1-2-1"),
        ("{a}-{b}", {"0": "1", "1": "2"}, "1-2"),
        ("{a}-{b}", {"1": "2", "0": "1"}, "1-2"),
        ("{a}-{b}", {"b": "1", "{a}": "2"}, "2-1"),
        ("{a}-{b}", '["1", 2]', "1-2"),
        ("{a}-{b}", '{"b": 1, "a": "2"}', "2-1"),
        ("{1}", {"1": "x"}, "x"),
        ("none", None, "none"),
        ("none", "", "none"),
        ("none", [], "none"),
    ],
)
def test_variables_are_filled_in_by_place_or_by_name(text: str, data: Any, filled: str) -> None:
    assert fill(text, data) == (filled, None)


@pytest.mark.rule("P6")
@pytest.mark.parametrize("name", ["{xy", "yx}", "{}x", "x "])
def test_only_a_name_in_braces_is_read_without_them(name: str) -> None:
    assert fill("{x}", {name: "1"}).why == "variable «x» is missing"


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("date", "1403/13/01", "is not a valid Jalali date YYYY/MM/DD"),
        ("number", "x", "is not a number"),
        ("choice", "c", "is not one of a, b"),
        ("text", " ", "is blank"),
        ("text", "x" * 256, "has more than 255 characters"),
        ("date", "1403/01/01", None),
        ("number", "-1.5", None),
        ("choice", "b", None),
        ("text", "x" * 255, None),
    ],
)
def test_a_value_that_is_not_of_its_kind_says_why(kind: Any, value: str, why: str | None) -> None:
    assert value_problem(kind, value, ("a", "b")) == why


def test_a_phonebook_keeps_its_name() -> None:
    assert World().account.phonebooks[1403].name == "مشتریان"


@pytest.mark.rule("X5")
def test_of_a_value_that_several_have_each_may_change_its_own() -> None:
    numbers = ("9121111111", "9122222222", "9123333333")
    world = World()

    def store(number: str, value: str) -> str:
        fields: Value = {"FMjUyMjUz": value}
        reply = world.ask("newContact", phoneId="1403", cNumber=number, cFields=fields)
        return str(reply["fields"]["FMjUyMjUz"])

    assert [store(number, "same") for number in numbers] == ["1", "1", "1"]
    assert [store(number, "other") for number in numbers[:2]] == ["1", "1"]
    world.change(fields=[{"id": "FMjUyMjUz", "name": "x", "kind": "text", "unique": True}])
    assert store(numbers[0], "same") == "-3"
    assert store(numbers[2], "third") == "1"
    assert store(numbers[0], "same") == "1"
