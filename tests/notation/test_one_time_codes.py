"""One-time codes in a text."""

import pytest

from fakeserver.notation.one_time_codes import codes_in


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("123", []),
        ("1234", ["1234"]),
        ("12345678", ["12345678"]),
        ("123456789", []),
        ("کد: ۱۲۳۴۵، یا ٦٧٨٩٠ و ۰۹۸۷", ["12345", "67890", "0987"]),
        ("a1234b 55555", ["1234", "55555"]),
    ],
)
def test_codes_are_the_runs_of_4_to_8_digits_of_a_text(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes
