"""The README's sections and their blocks, as a reader copies them."""

import re

from tests.source import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def section(heading: str) -> str:
    """What stands below a heading (`### curl`), up to the next one that is not below it."""
    level = heading.partition(" ")[0]
    lines: list[str] = []
    fenced = False
    for line in README.partition(f"\n{heading}\n")[2].splitlines(keepends=True):
        fenced ^= line.startswith("```")
        # A comment in a block looks like a heading.
        if not fenced and re.match(rf"#{{1,{len(level)}}} ", line):
            break
        lines.append(line)
    return "".join(lines)


def blocks(heading: str, language: str) -> list[str]:
    """The blocks below a heading that are of this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", section(heading), re.MULTILINE | re.DOTALL)


def languages(heading: str) -> list[str]:
    """The language of every block below a heading, in their order."""
    return re.findall(r"^```(\w+)$", section(heading), re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """The cells of every table row below a heading, heads left out."""
    tables = re.findall(r"^\|.*\n\|[-|]+\n((?:\|.*\n)+)", section(heading), re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
