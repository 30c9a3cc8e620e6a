"""The alphabet of a text and the parts that it takes (M1)."""

from itertools import accumulate

import pytest
from hypothesis import example, given, strategies as st

from fakeserver.notation.message_parts import TextSize, measure
from fakeserver.spec.alphabet import Alphabet
from tests.examples import examples
from tests.model import account as model
from tests.model.account import BASIC, EXTENSION

LATIN, UNICODE = Alphabet.LATIN, Alphabet.UNICODE


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("abc", TextSize(LATIN, 3, 1)),
        ("a€[", TextSize(LATIN, 5, 1)),
        ("سلام", TextSize(UNICODE, 4, 1)),
        ("€" * 69 + "س", TextSize(UNICODE, 70, 1)),
        ("😀", TextSize(UNICODE, 2, 1)),
        ("\ud800", TextSize(UNICODE, 1, 1)),  # half a pair is not text, but has a size
    ],
    ids=ascii,
)
def test_a_size_has_an_alphabet_a_number_of_units_and_a_number_of_parts(text: str, size: TextSize) -> None:
    assert repr(measure(text)) == repr(size)  # `True` is not the same as 1 here


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("char", "single", "joined"),
    [("a", 160, 153), ("€", 80, 76), ("س", 70, 67), ("😀", 35, 33)],
    ids=["latin", "escape pair", "unicode", "surrogate pair"],
)
def test_a_number_of_parts_holds_a_number_of_characters_and_not_one_more(
    char: str, single: int, joined: int
) -> None:
    for parts in range(1, 11):
        most = single if parts == 1 else joined * parts
        assert measure(char * most).parts == parts
        assert measure(char * (most + 1)).parts == parts + 1


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
        ("a" * 151 + "€" + "a" * 153, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair begins the next part
        ("a" * 153 + "€" + "a" * 151, 2),
        ("€" * 76 + "a" + "€" * 76, 2),
        ("س" * 65 + "\U00010000" + "س" * 67, 2),  # the first surrogate pair
        ("س" * 66 + "\U0010ffff" + "س" * 65, 2),  # the last one
        ("س" * 66 + "\U0010ffff" + "س" * 66, 3),
        ("س" * 67 + "😀" + "س" * 65, 2),
        ("س" * 133 + "\ud800", 2),  # half a pair at the end of a text
    ],
    ids=range(12),
)
def test_no_part_ends_inside_a_pair(text: str, parts: int) -> None:
    assert measure(text).parts == parts


@pytest.mark.rule("M1")
def test_every_gsm_character_is_latin_and_an_extension_character_counts_two() -> None:
    for char in BASIC + EXTENSION:
        assert measure(char) == TextSize(LATIN, 2 if char in EXTENSION else 1, 1), char


@pytest.mark.rule("M1")
def test_one_character_outside_the_gsm_alphabet_makes_the_text_unicode() -> None:
    for char in "çÈÀáíóúÁâêîôûãõëïÿ`αβγ«»“”–—…™©®°±²\t\u00a0\u200cپی۱١א中😀":
        assert measure(f"a{char}a").alphabet is UNICODE, char


# Properties

LENGTHS = st.sampled_from(
    [0, 1, 2, 3, 33, 34, 35, 66, 67, 69, 70, 71, 76, 77, 80, 152, 153, 154, 159, 160, 161]
)
TEXTS = st.lists(
    st.tuples(st.sampled_from(["a", "é", "€", "{", "س", "😀", "ç"]), LENGTHS).map(
        lambda run: run[0] * run[1]
    ),
    max_size=5,
).map("".join)
LATIN_TEXTS = st.lists(
    st.tuples(st.sampled_from("aé\n€{"), st.integers(0, 165)).map(lambda run: run[0] * run[1]), max_size=4
).map("".join)
UNICODE_TEXTS = st.tuples(st.sampled_from(["س", "😀"]), TEXTS).map("".join)
TWO_ALIKE = st.one_of(st.tuples(LATIN_TEXTS, LATIN_TEXTS), st.tuples(UNICODE_TEXTS, UNICODE_TEXTS))


def fewest_parts(text: str) -> int:
    """The fewest of all ways to cut the text between whole characters."""
    latin = set(text) <= set(BASIC + EXTENSION)
    single, joined = (160, 153) if latin else (70, 67)
    widths = [2 if (char in EXTENSION if latin else ord(char) > 0xFFFF) else 1 for char in text]
    ends = [0, *accumulate(widths)]
    if ends[-1] <= single:
        return 1
    best = [0]
    for end in range(1, len(ends)):
        starts = range(max(0, end - joined), end)
        best.append(1 + min(best[start] for start in starts if ends[end] - ends[start] <= joined))
    return best[-1]


@pytest.mark.rule("M1")
@examples(50)
@given(TEXTS)
@example("a" * 152 + "€" * 5)
@example("س" * 66 + "😀" * 3)
@example("a" + "€" * 153)
def test_a_text_takes_the_fewest_parts_that_split_no_pair(text: str) -> None:
    assert (measure(text).alphabet, measure(text).parts) == model.measure(text)
    assert measure(text).parts == fewest_parts(text)


@pytest.mark.rule("M1")
@given(TEXTS, TEXTS)
@example("€" * 80, "س")  # the alphabet changes, and extension characters count one in the other
@example("€" * 760, "س")
def test_a_text_never_takes_fewer_parts_than_a_piece_of_it(a: str, b: str) -> None:
    assert measure(a + b).parts >= max(measure(a).parts, measure(b).parts)


@pytest.mark.rule("M1")
@given(TWO_ALIKE)
@example(("a" * 160, "a" * 160))
@example(("س" * 70, "س" * 70))
@example(("a" * 154, "a" * 306))
def test_joining_two_texts_of_one_alphabet_costs_at_most_one_part(both: tuple[str, str]) -> None:
    a, b = measure(both[0]), measure(both[1])
    joined = 153 if a.alphabet is LATIN else 67
    # A single part holds more than a joined one, so a full single part may need one part more.
    crowded = any(size.parts == 1 and size.units > joined for size in (a, b))
    assert measure(both[0] + both[1]).parts <= a.parts + b.parts + crowded
