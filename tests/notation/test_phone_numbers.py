"""Mobile numbers and lists of receivers (F1 to F6)."""

import re

import pytest
from hypothesis import example, given, strategies as st

from fakeserver.notation.phone_numbers import mobile_number, parse_receivers
from tests.driver import AccountDriver

PREFIXES = ("", "0", "98", "0098", "+98")
NUMBERS = st.from_regex(r"9[0-9]{9}", fullmatch=True)
WRITTEN = st.builds(str.__add__, st.sampled_from(PREFIXES), NUMBERS)
BLANKS = st.sampled_from(["", " ", "  "])
NEARLY = st.text("0123456789+ ,-a۹٩", max_size=40)


def expected_number(item: str) -> str | None:
    """F1 to F3 in one line."""
    match = re.fullmatch(r"(?:0|98|0098|\+98)?(9[0-9]{9})", item)
    return match and match[1]


@pytest.mark.rule("F1", "F2")
@pytest.mark.parametrize(
    "number", ["9121111111", "9000000000", "9999999999", "9891211111", "9800989800", "9098912111"]
)
def test_a_number_may_have_any_of_the_prefixes(number: str) -> None:
    assert {mobile_number(prefix + number) for prefix in PREFIXES} == {number}


@pytest.mark.rule("F2", "F3")
@pytest.mark.parametrize(
    "prefix",
    ["+", "00", "+0", "+0098", "098", "0+98", "9898", "98+", "980", "98 ", "+98 ", "00 98", "+97", "1"],
)
def test_a_number_may_not_have_another_prefix(prefix: str) -> None:
    assert mobile_number(prefix + "9121111111") is None


@pytest.mark.rule("F3")
@pytest.mark.parametrize("rest", ["912111111", "91211111111", "8121111111", "0121111111", "9", ""])
def test_a_number_has_ten_digits_and_begins_with_9(rest: str) -> None:
    assert {mobile_number(prefix + rest) for prefix in PREFIXES} == {None}


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    "item",
    [
        *("abc", "912111111a", "۹۱۲۱۱۱۱۱۱۱", "٩١٢١١١١١١١", "912111111۱", "912111111١", "912111111\uff11"),
        *("912111111²", "912 1111111", "912-111-1111", "912.111.1111", "(912)1111111", "912\u200c1111111"),
        *("-9121111111", "9121111111.0", "9_121111111", "tel:9121111111", "+", "9121111111\n", " 9121111111"),
        *("9121111111;9121111112", "9121111111،9121111112", "9121111111 9121111112"),
    ],
    ids=ascii,
)
def test_anything_else_is_not_a_number(item: str) -> None:
    assert mobile_number(item) is None


@pytest.mark.rule("F4", "F5", "F6")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("9121111113,9121111111,9121111112", "3 1 2"),
        (" 9121111111 , 9121111112 ", "1 2"),
        ("9121111111,9121111112,", "1 2"),
        (",9121111111,9121111112", "1 2"),
        ("9121111111,,9121111112", "1 2"),
        (",,, 9121111111   ,, ,+989121111112,  ,", "1 2"),
        ("9121111112,9121111111,9121111113,9121111111", "2 1 3"),
        ("9121111112,9121111111, 09121111111 ,+989121111112", "2 1"),
        (",", ""),
        ("  , ", ""),
    ],
)
def test_a_list_is_separated_by_commas_and_has_each_number_once(text: str, numbers: str) -> None:
    receivers = parse_receivers(text)
    assert receivers.numbers == tuple(f"912111111{digit}" for digit in numbers.split())
    assert receivers.bad == ()


@pytest.mark.rule("F3", "F5", "B8")
def test_a_bad_item_has_its_place_among_the_items_that_are_not_empty() -> None:
    receivers = parse_receivers("09121111111,, abc ,9121111111,12")
    assert receivers.bad == ((2, "abc"), (4, "12"))
    assert receivers.places == ("9121111111", None, "9121111111", None)
    assert receivers.numbers == ("9121111111",)


@pytest.mark.rule("F6", "M2")
def test_a_receiver_in_every_notation_is_sent_to_and_charged_once() -> None:
    driver = AccountDriver()
    send_id = driver.send(",".join(prefix + "9121111111" for prefix in PREFIXES))["sendID"]
    assert driver.numbers(send_id) == ["9121111111"]
    assert driver.credit() == 999_000


@pytest.mark.rule("F4", "F5", "F6")
@given(items=st.lists(st.tuples(BLANKS, WRITTEN, BLANKS), min_size=1, max_size=12))
def test_receivers_keep_the_order_of_their_first_places(items: list[tuple[str, str, str]]) -> None:
    receivers = parse_receivers(",".join(before + number + after for before, number, after in items))
    assert receivers.numbers == tuple(dict.fromkeys(number[-10:] for _, number, _ in items))


@pytest.mark.rule("F1", "F2", "F3", "F4", "F5", "F6")
@given(text=NEARLY | st.lists(WRITTEN | NEARLY, min_size=1, max_size=4).map(",".join))
@example(text="00989121111111 ,9121111111")
@example(text="9121111111,98")
@example(text="9898989898")
def test_a_list_may_be_sent_to_only_if_every_item_is_a_number(text: str) -> None:
    items = [item.strip(" ") for item in text.split(",")]
    expected = [expected_number(item) for item in items if item]
    receivers = parse_receivers(text)
    assert (receivers.refusal(skip_bad=False) is None) == (bool(expected) and None not in expected)
    assert receivers.numbers == tuple(dict.fromkeys(number for number in expected if number))
