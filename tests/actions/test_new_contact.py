"""`newContact` (N) and its custom fields (X)."""

import json
from typing import Any

import pytest

from tests.driver import AccountDriver, ParamValue

DATE, TEXT, CHOICE, NUMBER, UNIQUE = "FYa12346", "FMjUyMjUz", "FMzQ5NDA2", "FMTAwMQ", "FMTAwMg"
ONE, TWO, THREE = "9121111111", "9122222222", "9123333333"


def add(driver: AccountDriver, number: str = ONE, **params: Any) -> dict[str, Any]:
    return driver.ask("newContact", **{"phoneId": "1403", "cNumber": number, **params})


def add_fields(driver: AccountDriver, fields: Any, number: str = ONE, book: int = 1403) -> Any:
    """The codes of these fields; the contact itself must be added."""
    reply = add(driver, number, phoneId=book, cFields=fields)
    assert (reply["result"], driver.rule) in [("1", "N4"), ("1", "N5")]
    return reply["fields"]


def contacts(driver: AccountDriver, book: int = 1403) -> dict[str, dict[str, str]]:
    return {number: dict(fields) for number, fields in driver.account.phonebooks[book].contacts.items()}


# Contacts


@pytest.mark.rule("N4", "F1", "F2")
@pytest.mark.parametrize("number", [ONE, f"0{ONE}", f"98{ONE}", f"0098{ONE}", f"+98{ONE}"])
def test_a_contact_is_added_in_one_notation(number: str) -> None:
    driver = AccountDriver()
    assert add(driver, number) == {"result": "1"}
    assert (driver.rule, contacts(driver)) == ("N4", {ONE: {}})


@pytest.mark.rule("N2")
@pytest.mark.parametrize("phonebook", ["1404", "0", "-1403"])
def test_an_unknown_phonebook_is_refused(phonebook: str) -> None:
    driver = AccountDriver()
    assert (add(driver, phoneId=phonebook), driver.rule) == ({"result": "802"}, "N2")


@pytest.mark.rule("N3", "F3", "X5")
@pytest.mark.parametrize(
    "number",
    [
        "abc",
        "912123456",
        "91212345678",
        "2112345678",
        "912-123-4567",
        "912 123 4567",
        "۹۱۲۱۲۳۴۵۶۷",
        f"{ONE},{TWO}",
    ],
)
def test_anything_but_one_number_is_refused_and_stores_nothing(number: str) -> None:
    driver = AccountDriver()
    assert (add(driver, number, cFields={UNIQUE: "x"}), driver.rule) == ({"result": "803"}, "N3")
    assert contacts(driver) == {}
    assert add_fields(driver, {UNIQUE: "x"}) == {UNIQUE: "1"}


@pytest.mark.rule("N5", "B6")
def test_a_number_stays_one_contact_of_its_phonebook() -> None:
    driver = AccountDriver(phonebooks=[{"id": 1403, "name": "one"}, {"id": 1404, "name": "two"}])
    driver.send(ONE, phoneBook=1403)
    assert (add(driver, f"+98{ONE}"), driver.rule) == ({"result": "1"}, "N5")
    assert (add(driver, phoneId="1404"), driver.rule) == ({"result": "1"}, "N4")
    assert (contacts(driver), contacts(driver, 1404)) == ({ONE: {}}, {ONE: {}})


@pytest.mark.rule("N4", "M6")
def test_a_contact_costs_nothing() -> None:
    driver = AccountDriver(credit=0, billing_ok=False)
    assert (add(driver)["result"], driver.credit()) == ("1", 0)


@pytest.mark.rule("N4", "Z10")
@pytest.mark.parametrize("number", ["9120000801", "9120000803", "9120000109", "9120000002"])
def test_a_reserved_number_is_a_contact_like_any_other(number: str) -> None:
    driver = AccountDriver()
    assert (add(driver, number), driver.rule) == ({"result": "1"}, "N4")


# Custom fields


@pytest.mark.rule("N4", "X1", "W9")
@pytest.mark.parametrize("nothing", [None, ""])
def test_without_custom_fields_the_reply_has_no_fields(nothing: str | None) -> None:
    assert add(AccountDriver(), cFields=nothing) == {"result": "1"}


@pytest.mark.rule("X1", "X2", "X6", "W7")
@pytest.mark.parametrize("given", [dict, json.dumps], ids=["natively", "as JSON text"])
def test_every_field_is_stored_and_answered_by_its_id(given: Any) -> None:
    driver = AccountDriver()
    fields = {DATE: "1360/06/06", TEXT: "معلم ریاضی", CHOICE: "پزشک", NUMBER: "12", UNIQUE: "یکتا"}
    assert add_fields(driver, given(fields)) == dict.fromkeys(fields, "1")
    assert contacts(driver) == {ONE: fields}


@pytest.mark.rule("X1", "X2", "X3", "X4", "X5", "X6", "N4")
def test_a_field_with_an_error_is_left_out_and_the_rest_is_stored() -> None:
    driver = AccountDriver()
    add_fields(driver, {UNIQUE: "یکتا"}, TWO)
    answer = add_fields(driver, {"FNone": "x", DATE: "1360", UNIQUE: "یکتا", TEXT: "خوب"})
    assert answer == {"FNone": "-1", DATE: "-2", UNIQUE: "-3", TEXT: "1"}
    assert contacts(driver)[ONE] == {TEXT: "خوب"}


@pytest.mark.rule("X3")
@pytest.mark.parametrize("unknown", ["FNone", "fya12346", "FYa12346 ", "FYa1234", "1", "فیلد", " "])
def test_an_unknown_field_id_is_minus_one_whatever_the_value(unknown: str) -> None:
    driver = AccountDriver()
    for value in ("1360/06/06", ""):
        assert add_fields(driver, json.dumps({unknown: value, DATE: "1360/06/06"})) == {
            unknown: "-1",
            DATE: "1",
        }


@pytest.mark.rule("X4", "W8")
@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (TEXT, "7", ['"  "', "null"]),
        (NUMBER, "-5", ['"x"', "true"]),
        (CHOICE, '"پزشک"', ['"راننده"', "0", "[]"]),
        (DATE, '"1360/06/06"', ['"1360/13/01"', "13600606", '{"a": "1"}']),
        (UNIQUE, '"1"', ['["1"]', "false", "{}"]),
    ],
)
def test_a_value_that_is_not_of_the_fields_kind_is_minus_two(field: str, good: str, bad: list[str]) -> None:
    driver = AccountDriver()
    assert add_fields(driver, f'{{"{field}": {good}}}') == {field: "1"}
    for value in bad:
        assert add_fields(driver, f'{{"{field}": {value}}}') == {field: "-2"}, value


@pytest.mark.rule("X7", "X1")
@pytest.mark.parametrize("unreadable", ["x", "{FYa12346}", ["1360/06/06"], "[" * 100_000], ids=range(4))
def test_fields_that_are_not_an_object_are_one_error_and_the_contact_is_added(unreadable: ParamValue) -> None:
    for switch in ("by_field", "single"):
        driver = AccountDriver(fields_reply=switch)
        assert add_fields(driver, unreadable) == "-2"
        assert contacts(driver) == {ONE: {}}


# Uniqueness


@pytest.mark.rule("X5", "N5")
def test_a_unique_value_belongs_to_one_contact_of_a_phonebook() -> None:
    driver = AccountDriver(phonebooks=[{"id": number, "name": "x"} for number in (1403, 1404)])
    assert add_fields(driver, {UNIQUE: "a"}, ONE) == {UNIQUE: "1"}
    assert add_fields(driver, {UNIQUE: "a"}, ONE) == {UNIQUE: "1"}
    assert add_fields(driver, {UNIQUE: "a"}, TWO) == {UNIQUE: "-3"}
    assert add_fields(driver, {UNIQUE: "a"}, TWO, 1404) == {UNIQUE: "1"}
    assert add_fields(driver, {UNIQUE: "b"}, TWO) == {UNIQUE: "1"}


@pytest.mark.rule("X5", "N5")
def test_a_changed_value_frees_the_old_one_and_a_refused_value_does_not() -> None:
    driver = AccountDriver()
    add_fields(driver, {UNIQUE: "a"}, ONE)
    add_fields(driver, {UNIQUE: "b"}, ONE)
    assert add_fields(driver, {UNIQUE: "a"}, TWO) == {UNIQUE: "1"}
    assert add_fields(driver, {UNIQUE: "b"}, TWO) == {UNIQUE: "-3"}
    assert add_fields(driver, {UNIQUE: "a"}, THREE) == {UNIQUE: "-3"}


@pytest.mark.rule("N5", "X1")
@pytest.mark.parametrize("update", [{TEXT: "x"}, {UNIQUE: ""}, {"FNone": "x"}, None], ids=str)
def test_an_update_keeps_the_fields_that_it_does_not_set(update: Any) -> None:
    driver = AccountDriver()
    add_fields(driver, {UNIQUE: "a"})
    add(driver, cFields=update)
    assert contacts(driver)[ONE][UNIQUE] == "a"
    assert add_fields(driver, {UNIQUE: "a"}, TWO) == {UNIQUE: "-3"}


@pytest.mark.rule("X5")
def test_the_contacts_of_the_settings_have_their_values() -> None:
    contact = {"number": ONE, "fields": {UNIQUE: "a"}}
    driver = AccountDriver(phonebooks=[{"id": 1403, "name": "x", "contacts": [contact]}])
    assert add_fields(driver, {UNIQUE: "a"}, TWO) == {UNIQUE: "-3"}
    assert add_fields(driver, {UNIQUE: "a"}, ONE) == {UNIQUE: "1"}


@pytest.mark.rule("X4", "X5")
@pytest.mark.parametrize(
    ("kind", "value"), [("date", "1360/06/06"), ("number", "5"), ("choice", "a"), ("text", "x")]
)
def test_a_field_of_every_kind_can_be_unique(kind: str, value: str) -> None:
    options = {"options": ["a", "b"]} if kind == "choice" else {}
    field = {"id": "FOne", "name": "x", "kind": kind, **options}
    driver = AccountDriver(fields=[{**field, "unique": True}])
    assert add_fields(driver, {"FOne": value}, ONE) == {"FOne": "1"}
    assert add_fields(driver, {"FOne": value}, TWO) == {"FOne": "-3"}
    driver.change(fields=[{**field, "unique": False}])
    assert add_fields(driver, {"FOne": value}, TWO) == {"FOne": "1"}


@pytest.mark.rule("X5")
def test_a_field_that_becomes_unique_lets_each_contact_change_its_value() -> None:
    driver = AccountDriver()
    for number in (ONE, TWO, THREE):
        assert add_fields(driver, {TEXT: "same"}, number) == {TEXT: "1"}
    for number in (ONE, TWO):
        assert add_fields(driver, {TEXT: "other"}, number) == {TEXT: "1"}
    driver.change(fields=[{"id": TEXT, "name": "x", "kind": "text", "unique": True}])
    assert add_fields(driver, {TEXT: "same"}, ONE) == {TEXT: "-3"}
    assert add_fields(driver, {TEXT: "third"}, THREE) == {TEXT: "1"}
    assert add_fields(driver, {TEXT: "same"}, ONE) == {TEXT: "1"}


# The dialect


@pytest.mark.rule("X1", "X2")
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "1"),
        ({TEXT: "x", DATE: "1360/06/06"}, "1"),
        ({TEXT: "x", "FNone": "x"}, "-1"),
        ({TEXT: "x", UNIQUE: "a", DATE: "x"}, "-3"),
        ({DATE: "x", UNIQUE: "a", "FNone": "x"}, "-2"),
        ({"FNone": "x", DATE: "x", UNIQUE: "a"}, "-1"),
    ],
)
def test_with_single_the_first_error_answers_for_all_fields(fields: dict[str, str], code: str) -> None:
    driver = AccountDriver(fields_reply="single")
    add_fields(driver, {UNIQUE: "a"}, TWO)
    assert add_fields(driver, json.dumps(fields)) == code
    assert contacts(driver)[ONE].get(TEXT) == fields.get(TEXT)


@pytest.mark.rule("X1", "X2")
def test_an_object_without_fields_is_answered_by_an_empty_object() -> None:
    assert add_fields(AccountDriver(), "{}") == {}
