"""A small reader of the project's Markdown pages: their headings, code blocks, tables and links.

A page is named by its path from the repository's root, such as `docs/faults.md`. `under` limits a question to
the section below that heading, its subsections included.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.source import ROOT

README = "README.md"
PAGES = (README, *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))

_FENCE = re.compile(r"^```(.*)$")
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_FILE_NAME = re.compile(r"^(?:<\?php )?(?:#|//|<!--) ([\w./-]+\.\w+)(?: -->)?$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


class Line(NamedTuple):
    """A line of a page, the headings that it stands below, outermost first, and whether it is code."""

    number: int
    text: str
    headings: tuple[str, ...]
    is_code: bool


class Block(NamedTuple):
    """A fenced code block; `line` is that of its opening fence."""

    page: str
    headings: tuple[str, ...]
    language: str
    text: str
    line: int

    @property
    def file_name(self) -> str | None:
        """The name in a comment on the first line: the file that the reader saves the block as."""
        match = _FILE_NAME.match(self.text.partition("\n")[0])
        return match[1] if match else None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


class Table(NamedTuple):
    head: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        return [row[self.head.index(name)] for row in self.rows]


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@cache
def lines(page: str) -> tuple[Line, ...]:
    return tuple(_lines(read(page)))


def _lines(text: str) -> Iterator[Line]:
    headings: dict[int, str] = {}
    is_code = False
    for number, line in enumerate(text.splitlines(), start=1):
        fence = _FENCE.match(line)
        heading = None if is_code else _HEADING.match(line)
        if heading:
            level = len(heading[1])
            headings = {deep: title for deep, title in headings.items() if deep < level}
            headings[level] = heading[2]
        yield Line(number, line, tuple(headings.values()), is_code or fence is not None)
        is_code ^= fence is not None


def section(page: str, under: str = "") -> list[Line]:
    """The lines below a heading, its subsections included; all of the page without one."""
    found = [line for line in lines(page) if not under or under in line.headings]
    if not found:
        raise LookupError(f"{page} has no heading {under!r}")
    return found


def text(page: str, under: str = "") -> str:
    return "".join(f"{line.text}\n" for line in section(page, under))


def prose(page: str, under: str = "") -> str:
    """The section without its code blocks."""
    return "".join(f"{line.text}\n" for line in section(page, under) if not line.is_code)


def blocks(page: str, language: str = "", under: str = "") -> list[Block]:
    """The code blocks of a section, or those of one language."""
    found: list[Block] = []
    opening: Line | None = None
    content: list[str] = []
    for line in section(page, under):
        fence = _FENCE.match(line.text) if line.is_code else None
        if opening is None and fence:
            opening, content = line, []
        elif opening is not None and fence:
            name = opening.text.removeprefix("```")
            text = "".join(f"{one}\n" for one in content)
            found.append(Block(page, opening.headings, name, text, opening.number))
            opening = None
        else:
            content.append(line.text)
    return [block for block in found if language in ("", block.language)]


def snippets(page: str, language: str, under: str = "") -> list[Block]:
    """The blocks of a section that the calling test runs or compares: call it with literal arguments.

    A test collects these calls and fails if a page has a block that is in none of them.
    """
    found = blocks(page, language, under)
    if not found:
        raise LookupError(f"{page} has no {language} block under {under!r}")
    return found


def tables(page: str, under: str = "") -> list[Table]:
    """The tables of a section, cells without the blanks around them."""
    found: list[list[list[str]]] = [[]]
    for line in section(page, under):
        if line.text.startswith("|") and not line.is_code:
            found[-1].append(_cells(line.text))
        elif found[-1]:
            found.append([])
    return [Table(rows[0], rows[2:]) for rows in found if rows]


def _cells(row: str) -> list[str]:
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def code_spans(markdown: str) -> list[str]:
    """Everything between backticks, in order."""
    return re.findall(r"`([^`]+)`", markdown)


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    found: dict[str, int] = {}
    names = set()
    for line in lines(page):
        heading = None if line.is_code else _HEADING.match(line.text)
        if heading:
            name = re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", heading[2]).lower()).replace(" ", "-")
            names.add(f"{name}-{found[name]}" if name in found else name)
            found[name] = found.get(name, 0) + 1
    return names


def links(page: str) -> list[str]:
    """The targets of all links and pictures."""
    return _LINK.findall(prose(page))


def file_of(page: str, target: str) -> Path:
    """The file that a relative link of the page leads to."""
    return ((ROOT / page).parent / target.partition("#")[0]).resolve()
