"""Every block of the README's sections about other languages and containers is known to a test."""

import pytest

from tests.languages.readme import languages

TRIED = {
    "### Node.js": ["js", "js"],
    "### curl": ["bash"] * 5,
    "### In CI": ["yaml", "yaml"],
    "### Where the address is wired in": ["bash", "bash", "bash", "yaml", "bash"],
    "## In a container": ["console", "yaml"],
}


@pytest.mark.parametrize("heading", TRIED)
def test_a_section_has_no_block_but_those_that_are_tried(heading: str) -> None:
    assert languages(heading) == TRIED[heading]


def test_there_is_no_other_section_with_blocks() -> None:
    below = [heading for heading in TRIED if heading.startswith("### ")]
    assert languages("## In other languages") == [word for heading in below for word in TRIED[heading]]
