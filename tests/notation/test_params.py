"""The parameters of a request: what counts as absent (W9), and whole numbers (W15)."""

import pytest
from hypothesis import given, strategies as st

from fakeserver.notation.params import Params, Value, whole_number

NOT_SCALAR: list[Value] = ["", None, True, False, [], ["1"], {}, {"0": "1"}]


@pytest.mark.rule("W9")
def test_an_empty_value_and_a_value_that_is_not_scalar_count_as_absent() -> None:
    for value in NOT_SCALAR:
        params = Params({"a": value})
        assert (params.scalar("a"), params.absence(("a",)) is None) == (None, False), value
    for value in ("0", " ", "null"):
        params = Params({"a": value})
        assert (params.scalar("a"), params.absence(("a",))) == (value, None)


@pytest.mark.rule("W9")
def test_only_absent_parameters_are_named_with_the_reason() -> None:
    params = Params({"a": "1", "b": "", "c": "0"})
    assert params.absence(()) is None
    assert params.absence(("a", "c")) is None
    assert params.absence(("c", "b", "a")) == "`b` is empty, which counts as missing (W9)"


@pytest.mark.rule("W15")
@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-0", 0), ("00", 0), ("02", 2), ("-7", -7), ("0" * 80 + "5", 5), (f"-{'0' * 70}5", -5)],
)
def test_a_whole_number_is_ascii_digits_with_an_optional_minus(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.rule("W15")
@pytest.mark.parametrize(
    "text",
    [
        *("+2", " 2", "2 ", "2\n", "2.0", "2.", "2e0", "1_0", "0x2", "۲", "٢", "２", "²", "−2", "--2", "-"),
        *("- 2", "2-", "two", " ", "1,0", ""),
    ],
    ids=ascii,
)
def test_anything_else_is_not_a_whole_number(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.rule("W15")
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_of_any_length_is_read_as_its_first_65_digits(sign: str) -> None:
    assert whole_number(f"{sign}{'9' * 5000}") == int(f"{sign}{'9' * 65}")


@pytest.mark.rule("W15")
@given(text=st.text("0123456789-+ ._e۰۱۲", min_size=1, max_size=4))
def test_a_text_is_a_whole_number_exactly_if_it_is_ascii_digits_with_an_optional_minus(text: str) -> None:
    digits = text.removeprefix("-")
    is_whole = digits.isascii() and digits.isdecimal()
    assert whole_number(text) == (int(text) if is_whole else None)
