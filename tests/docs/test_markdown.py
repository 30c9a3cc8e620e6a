"""The reader of Markdown pages."""

from pathlib import Path

import pytest

from tests.docs import markdown

PAGE = """\
# Title

Text with `code` and [a link](other.md#part), ![a picture](a.png).

## One

```sh
# not a heading
true
```

| a | b |
|---|---|
| `x \\| y` | 2 |

### Below one

```python
# test_it.py
pass
```

## Two: `code` & more

### Below one
"""


@pytest.fixture(autouse=True)
def _page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    monkeypatch.setattr(markdown, "ROOT", tmp_path)
    markdown.lines.cache_clear()
    monkeypatch.setattr(markdown, "lines", markdown.lines.__wrapped__)


def test_a_section_ends_at_the_next_heading_of_its_level() -> None:
    languages = [block.language for block in markdown.blocks("page.md", under="One")]
    assert languages == ["sh", "python"]
    assert [block.language for block in markdown.blocks("page.md", under="Below one")] == ["python"]
    assert markdown.blocks("page.md", under="Two: `code` & more") == []


def test_a_comment_in_a_block_is_not_a_heading() -> None:
    (block,) = markdown.blocks("page.md", "sh")
    assert block.text == "# not a heading\ntrue\n"
    assert block.headings == ("Title", "One")
    assert str(block) == "page.md:7"


def test_a_block_may_name_its_file() -> None:
    shell, python = markdown.blocks("page.md")
    assert (shell.file_name, python.file_name) == (None, "test_it.py")


def test_an_escaped_bar_belongs_to_its_cell() -> None:
    (table,) = markdown.tables("page.md")
    assert (table.head, table.rows) == (["a", "b"], [["`x | y`", "2"]])
    assert table.column("b") == ["2"]


def test_anchors_are_those_of_github() -> None:
    assert markdown.anchors("page.md") == {"title", "one", "below-one", "two-code--more", "below-one-1"}


def test_links_and_code_spans_are_found_outside_code() -> None:
    assert markdown.links("page.md") == ["other.md#part", "a.png"]
    assert markdown.code_spans(markdown.prose("page.md", "Two: `code` & more")) == ["code"]


def test_a_heading_that_is_missing_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"page\.md has no heading 'Three'"):
        markdown.section("page.md", "Three")
