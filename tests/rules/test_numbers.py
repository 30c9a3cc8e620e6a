"""Phone numbers (PROTOCOL.md, section 3): how they may be written, and what is none."""

import re

import pytest
from hypothesis import example, given, strategies as st

from tests.driver import World
from tests.rules.ways import GOOD

PREFIXES = ("", "0", "98", "0098", "+98")
NUMBERS = st.from_regex(r"9[0-9]{9}", fullmatch=True)
WRITINGS = st.builds(lambda prefix, number: prefix + number, st.sampled_from(PREFIXES), NUMBERS)
BLANKS = st.sampled_from(["", " ", "  "])
NEARLY = st.text("0123456789+ ,-a۹٩", max_size=40)


def receivers(world: World, given_as: str) -> list[str]:
    """The receivers of a send, as `reportSend` names them."""
    send_id = world.send(given_as)["sendID"]
    return [one["number"] for one in world.ask("reportSend", sendID=send_id)["data"]["receivers"]]


def plain_world() -> World:
    return World(reserved_receivers=False, credit=10**12)


def read(item: str) -> str | None:
    """The whole of F1 to F3 in one line."""
    match = re.fullmatch(r"(?:0|98|0098|\+98)?(9[0-9]{9})", item)
    return match and match[1]


@pytest.mark.rule("F1", "F2")
@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_observed_prefix_means_the_same_number(prefix: str) -> None:
    assert receivers(World(), prefix + "9121111111") == ["9121111111"]


@pytest.mark.rule("F1", "F2")
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("number", ["9000000000", "9999999999", "9891211111", "9800989800", "9098912111"])
def test_a_number_that_looks_prefixed_itself_keeps_its_ten_digits(number: str, prefix: str) -> None:
    assert receivers(World(), prefix + number) == [number]


@pytest.mark.rule("F2", "F3")
@pytest.mark.parametrize(
    "prefix",
    ["+", "00", "+0", "+0098", "098", "0+98", "9898", "98+", "980", "98 ", "+98 ", "00 98", "+97", "1"],
)
def test_any_other_prefix_makes_it_no_number(prefix: str) -> None:
    world = World()
    assert world.send(prefix + "9121111111")["result"] == "105"
    assert world.rule == "S5"


@pytest.mark.rule("F3")
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("rest", ["912111111", "91211111111", "8121111111", "0121111111", "9", ""])
def test_a_wrong_length_or_first_digit_makes_it_no_number_under_any_prefix(rest: str, prefix: str) -> None:
    item = prefix + rest
    assert read(item) is None
    assert World().send(f"9121111111,{item or 'x'}")["result"] == "105"


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    "item",
    [
        "abc",
        "912111111a",
        "۹۱۲۱۱۱۱۱۱۱",
        "٩١٢١١١١١١١",
        "912111111۱",
        "912111111١",
        "912111111\uff11",
        "912111111²",
        "912111111੧",
        "912 1111111",
        "912-111-1111",
        "912.111.1111",
        "(912)1111111",
        "912\u200c1111111",
        "-9121111111",
        "9121111111.0",
        "9.121111111e9",
        "9_121111111",
        "tel:9121111111",
        "+",
        "0",
        "9121111111;9121111112",
        "9121111111،9121111112",
        "9121111111|9121111112",
        "9121111111 9121111112",
    ],
)
def test_anything_else_is_not_a_number(item: str) -> None:
    world = World()
    assert world.send(item)["result"] == "105"
    assert world.rule == "S5"


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("۹۱۰۱۱۱۱۱۱۱", "persian"),
        ("٩١٠١١١١١١١", "arabic|ascii"),
        ("910 1111111", "blank|space"),
        ("910-1111111", "dash|hyphen|-"),
        ("910111111a", "letter|digit|character"),
        ("910111111", "digit|length|short|long"),
        ("91011111111", "digit|length|short|long"),
        ("8101111111", "begin|start|first|9"),
    ],
)
@pytest.mark.parametrize("action", ["send", "sendServices", "sendOTP"])
def test_the_reason_names_the_place_of_the_bad_receiver_and_what_is_wrong(
    item: str, words: str, action: str
) -> None:
    world = World()
    world.post({"action": action, **GOOD[action], "receivers": f"9101111111,{item},9101111113"})
    assert re.search(words, world.reason, re.IGNORECASE), world.reason
    assert re.search(r"\b2\b|\b2nd\b|\bsecond\b", world.reason, re.IGNORECASE), world.reason


@pytest.mark.rule("F4")
def test_receivers_are_separated_by_commas() -> None:
    assert receivers(World(), "9121111113,9121111111,9121111112") == [
        "9121111113",
        "9121111111",
        "9121111112",
    ]


@pytest.mark.rule("F5")
@pytest.mark.parametrize(
    "given_as",
    [
        " 9121111111 , 9121111112 ",
        "9121111111,9121111112,",
        ",9121111111,9121111112",
        "9121111111,,9121111112",
        "9121111111, ,9121111112",
        ",,, 9121111111   ,, ,+989121111112,  ,",
    ],
)
def test_blanks_around_items_and_empty_items_are_dropped(given_as: str) -> None:
    assert receivers(World(), given_as) == ["9121111111", "9121111112"]


@pytest.mark.rule("F5")
@pytest.mark.parametrize("given_as", [",", ",,,", " ", "  , ", " , , "])
def test_a_list_of_empty_items_leaves_no_receiver(given_as: str) -> None:
    world = World()
    assert world.send(given_as)["result"] == "105"
    assert world.rule == "S5"


@pytest.mark.rule("F6")
@pytest.mark.parametrize("again", [prefix + "9121111111" for prefix in PREFIXES] + [" 09121111111 "])
def test_a_receiver_given_twice_counts_once_at_its_first_place(again: str) -> None:
    world = World()
    assert receivers(world, f"9121111112,9121111111,9121111113,{again}") == [
        "9121111112",
        "9121111111",
        "9121111113",
    ]
    assert world.credit() == 1_000_000 - 3 * 1000


@pytest.mark.rule("F6")
def test_a_receiver_repeated_in_every_writing_is_charged_once() -> None:
    world = World()
    assert receivers(world, ",".join(prefix + "9121111111" for prefix in PREFIXES)) == ["9121111111"]
    assert world.credit() == 999_000


@pytest.mark.rule("F2", "F6")
@given(number=NUMBERS)
@example(number="9898989898")
def test_all_writings_of_a_number_mean_one_receiver(number: str) -> None:
    assert receivers(plain_world(), ",".join(prefix + number for prefix in PREFIXES)) == [number]


@pytest.mark.rule("F1", "F2")
@given(writing=WRITINGS)
def test_normalising_a_number_twice_is_normalising_it_once(writing: str) -> None:
    world = plain_world()
    once = receivers(world, writing)
    assert receivers(world, once[0]) == once


@pytest.mark.rule("F4", "F5", "F6")
@given(items=st.lists(st.tuples(BLANKS, WRITINGS, BLANKS), min_size=1, max_size=12))
def test_receivers_keep_the_order_of_their_first_places(
    items: list[tuple[str, str, str]],
) -> None:
    given_as = ",".join(before + writing + after for before, writing, after in items)
    assert receivers(plain_world(), given_as) == list(dict.fromkeys(writing[-10:] for _, writing, _ in items))


@pytest.mark.rule("F1", "F2", "F3", "F4", "F5", "F6")
@given(given_as=NEARLY.filter(bool) | st.lists(WRITINGS | NEARLY, min_size=1, max_size=4).map(",".join))
@example(given_as="00989121111111 ,9121111111")
@example(given_as="9121111111,98")
def test_a_list_is_accepted_exactly_when_every_item_is_a_number(given_as: str) -> None:
    items = [item.strip(" ") for item in given_as.split(",")]
    expected = [read(item) for item in items if item]
    world = plain_world()
    if not given_as:
        assert world.send(given_as)["result"] == "0"
    elif not expected or None in expected:
        assert world.send(given_as)["result"] == "105"
    else:
        assert receivers(world, given_as) == list(dict.fromkeys(expected))
