"""Patterns: variables filled in by position or by name (P6)."""

from typing import Any

import pytest

from fakeserver.notation.patterns import fill


@pytest.mark.rule("P6", "W7")
@pytest.mark.parametrize(
    ("text", "data", "filled"),
    [
        ("{a}-{b}-{a}", ["1", "2"], "1-2-1"),
        ("{a}-{b}", {"1": "2", "0": "1"}, "1-2"),
        ("{a}-{b}", {"b": "1", "{a}": "2"}, "2-1"),
        ("{a}-{b}", '["1", 2]', "1-2"),
        ("{a}-{b}", '{"b": 1, "a": "2"}', "2-1"),
        ("{1}", {"1": "x"}, "x"),
        ("none", None, "none"),
        ("none", "", "none"),
        ("none", {}, "none"),
        ("none", [], "none"),
    ],
)
def test_variables_are_filled_in_by_position_or_by_name(text: str, data: Any, filled: str) -> None:
    assert fill(text, data) == (filled, None)


@pytest.mark.rule("P6")
@pytest.mark.parametrize("name", ["{xy", "yx}", "{}x", "x "])
def test_a_name_is_read_without_braces_only_if_it_has_both(name: str) -> None:
    assert fill("{x}", {name: "1"}).why == "variable «x» is missing"
