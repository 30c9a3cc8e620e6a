"""How results are told: a table, JSON, JUnit."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from mydnspanel_contracts.commands.failure import Unable

WIDTH_MAX = 60  # of a column
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Tested(NamedTuple):
    """A test case of a JUnit report; `failure` or `skipped` say why, `said` is what it printed."""

    group: str
    name: str
    failure: str = ""
    skipped: str = ""
    said: str = ""


def print_text(text: str) -> None:
    """Print, in UTF-8 whatever the locale. What would move a terminal's cursor is left out."""
    lines = (_NO_LINE.sub("�", line) for line in text.split("\n"))
    sys.stdout.buffer.write(("\n".join(lines) + "\n").encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def print_json(document: Any) -> None:
    sys.stdout.buffer.write((json.dumps(document, indent=2) + "\n").encode())
    sys.stdout.buffer.flush()


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    cells = [[_cut(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    print_text("\n".join(line.rstrip() for line in lines))


def _cut(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= WIDTH_MAX else f"{cell[: WIDTH_MAX - 1]}…"


def write_junit(path: str, name: str, tests: Sequence[Tested]) -> None:
    """Write a JUnit report. Raises Unable."""
    suite = ET.Element("testsuite", name=name, tests=str(len(tests)))
    suite.set("failures", str(sum(bool(test.failure) for test in tests)))
    suite.set("skipped", str(sum(bool(test.skipped) for test in tests)))
    suite.set("errors", "0")
    for test in tests:
        case = ET.SubElement(suite, "testcase", classname=f"contracts.{test.group}", name=test.name)
        for tag, text in (("failure", test.failure), ("skipped", test.skipped)):
            if text:
                ET.SubElement(case, tag, message=_NO_XML.sub("�", text))
        if test.said:
            ET.SubElement(case, "system-out").text = _NO_XML.sub("�", test.said)
    try:
        ET.ElementTree(suite).write(Path(path), encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise Unable(f"cannot write {path}: {error.strerror or error}") from None
