"""`newContact` (N). What a phonebook holds is seen from `phoneBook` on `send`: -3 there, 1 not yet."""

from typing import Any

import pytest

from tests.driver import World

TWO_BOOKS = [
    {"id": 1403, "name": "یک", "contacts": []},
    {"id": 1404, "name": "دو", "contacts": [{"number": "9121234567", "fields": {}}]},
]


def add(world: World, **params: Any) -> dict[str, Any]:
    return world.ask("newContact", **{"phoneId": "1403", "cNumber": "9121234567", **params})


def is_there(world: World, number: str = "9121234567", book: int = 1403) -> bool:
    """Adds it when it was not."""
    return {"-3": True, "1": False}[world.send(number, phoneBook=book)["phoneBook"]]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no phoneId": ({"phoneId": None}, "801", "N1"),
    "empty phoneId": ({"phoneId": ""}, "801", "N1"),
    "no cNumber": ({"cNumber": None}, "801", "N1"),
    "empty cNumber": ({"cNumber": ""}, "801", "N1"),
    "neither": ({"phoneId": None, "cNumber": None}, "801", "N1"),
    "a list for phoneId": ({"phoneId": ["1403"]}, "801", "N1"),
    "an object for phoneId": ({"phoneId": {"0": "1403"}}, "801", "N1"),
    "true for phoneId": ({"phoneId": True}, "801", "N1"),
    "a list for cNumber": ({"cNumber": ["9121234567"]}, "801", "N1"),
    "an object for cNumber": ({"cNumber": {"a": "9121234567"}}, "801", "N1"),
    "true for cNumber": ({"cNumber": True}, "801", "N1"),
    "letters for phoneId": ({"phoneId": "abc"}, "801", "N1"),
    "blanks for phoneId": ({"phoneId": "  "}, "801", "N1"),
    "a fraction for phoneId": ({"phoneId": "1403.0"}, "801", "N1"),
    "a plus for phoneId": ({"phoneId": "+1403"}, "801", "N1"),
    "a blank before phoneId": ({"phoneId": " 1403"}, "801", "N1"),
    "a line break after phoneId": ({"phoneId": "1403\n"}, "801", "N1"),
    "an underscore in phoneId": ({"phoneId": "1_403"}, "801", "N1"),
    "an exponent in phoneId": ({"phoneId": "1403e0"}, "801", "N1"),
    "Persian digits in phoneId": ({"phoneId": "۱۴۰۳"}, "801", "N1"),
    "phoneId not an integer before a bad number": ({"phoneId": "x", "cNumber": "x"}, "801", "N1"),
    "no cNumber before an unknown phonebook": ({"phoneId": "9", "cNumber": None}, "801", "N1"),
    "unknown phonebook": ({"phoneId": "1404"}, "802", "N2"),
    "phonebook zero": ({"phoneId": "0"}, "802", "N2"),
    "negative phonebook": ({"phoneId": "-1403"}, "802", "N2"),
    "very long phonebook": ({"phoneId": "9" * 5000}, "802", "N2"),
    "unknown phonebook before a bad number": ({"phoneId": "1404", "cNumber": "x"}, "802", "N2"),
    "letters": ({"cNumber": "abc"}, "803", "N3"),
    "blanks": ({"cNumber": "   "}, "803", "N3"),
    "too short": ({"cNumber": "912123456"}, "803", "N3"),
    "too long": ({"cNumber": "91212345678"}, "803", "N3"),
    "not a mobile": ({"cNumber": "2112345678"}, "803", "N3"),
    "dashes": ({"cNumber": "912-123-4567"}, "803", "N3"),
    "inner blanks": ({"cNumber": "912 123 4567"}, "803", "N3"),
    "Persian digits": ({"cNumber": "۹۱۲۱۲۳۴۵۶۷"}, "803", "N3"),
    "Arabic digits": ({"cNumber": "٩١٢١٢٣٤٥٦٧"}, "803", "N3"),
    "two numbers": ({"cNumber": "9121234567,9122222222"}, "803", "N3"),
    "a bad number with fields": ({"cNumber": "x", "cFields": {"FMjUyMjUz": "x"}}, "803", "N3"),
}


@pytest.mark.rule("N1", "N2", "N3", "W9", "W15", "F3")
@pytest.mark.parametrize(("params", "result", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_contact_that_is_not_right_is_refused_and_not_stored(
    params: dict[str, Any], result: str, rule: str
) -> None:
    world = World()
    reply = add(world, **params)
    assert (reply["result"], world.rule) == (result, rule)
    assert "fields" not in reply
    assert not is_there(world)


@pytest.mark.rule("N3", "X5")
def test_a_refused_contact_leaves_no_field_behind() -> None:
    world = World()
    add(world, cNumber="x", cFields={"FMTAwMg": "یکتا"})
    assert add(world, cFields={"FMTAwMg": "یکتا"})["fields"] == {"FMTAwMg": "1"}


@pytest.mark.rule("N4")
def test_a_contact_is_added() -> None:
    world = World()
    assert add(world) == {"result": "1"}
    assert world.rule == "N4"
    assert is_there(world)


@pytest.mark.rule("N4", "F1", "F2")
@pytest.mark.parametrize("number", ["9121234567", "09121234567", "989121234567", "00989121234567"])
def test_a_number_is_stored_in_one_notation(number: str) -> None:
    world = World()
    assert add(world, cNumber=number)["result"] == "1"
    assert is_there(world, "9121234567")


@pytest.mark.rule("N4", "W8")
def test_both_parameters_may_be_json_numbers() -> None:
    world = World()
    assert add(world, phoneId=1403, cNumber=9121234567) == {"result": "1"}
    assert is_there(world)


@pytest.mark.rule("N5")
@pytest.mark.parametrize("again", ["9121234567", "+989121234567"])
def test_a_number_that_is_there_already_stays_one_contact(again: str) -> None:
    world = World()
    add(world)
    assert add(world, cNumber=again) == {"result": "1"}
    assert world.rule == "N5"


@pytest.mark.rule("N5", "B6")
def test_a_number_that_a_send_added_is_there_already() -> None:
    world = World()
    world.send(phoneBook=1403)
    add(world, cNumber="9121111111")
    assert world.rule == "N5"


@pytest.mark.rule("N4", "N5")
def test_every_phonebook_has_contacts_of_its_own() -> None:
    world = World(phonebooks=TWO_BOOKS)
    add(world, phoneId="1403")
    assert world.rule == "N4"
    add(world, phoneId="1404")
    assert world.rule == "N5"
    assert not is_there(world, "9122222222", 1404)
    assert not is_there(world, "9122222222", 1403)


@pytest.mark.rule("N4", "M6")
def test_a_contact_costs_nothing() -> None:
    world = World(credit=0, billing_ok=False)
    assert add(world)["result"] == "1"
    assert world.credit() == 0


@pytest.mark.rule("N4", "Z10")
@pytest.mark.parametrize("number", ["9120000801", "9120000802", "9120000803", "9120000109", "9120000002"])
def test_reserved_numbers_are_contacts_like_any_other(number: str) -> None:
    world = World()
    assert add(world, cNumber=number) == {"result": "1"}
    assert world.rule == "N4"


@pytest.mark.rule("N4", "X1", "W9")
@pytest.mark.parametrize("nothing", [None, ""])
def test_without_custom_fields_the_reply_has_no_fields(nothing: str | None) -> None:
    assert add(World(), cFields=nothing) == {"result": "1"}
