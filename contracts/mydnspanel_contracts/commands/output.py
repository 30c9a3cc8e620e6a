"""Output of the commands: text, tables, JSON and JUnit reports."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from mydnspanel_contracts.commands.errors import CommandError

MAX_COLUMN_WIDTH = 60
_INVALID_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Control characters, line separators and characters that change the writing direction.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class JUnitCase(NamedTuple):
    """A test case of a JUnit report. `failure` and `skipped` are reasons; `output` is what it printed."""

    group: str
    name: str
    failure: str = ""
    skipped: str = ""
    output: str = ""


def print_text(text: str) -> None:
    """Print in UTF-8, whatever the locale, without characters that would control a terminal."""
    lines = (_UNPRINTABLE.sub("�", line) for line in text.split("\n"))
    _write("\n".join(lines))


def print_json(document: Any) -> None:
    _write(json.dumps(document, indent=2))


def _write(text: str) -> None:
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    cells = [[_shortened(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    print_text("\n".join(line.rstrip() for line in lines))


def _shortened(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= MAX_COLUMN_WIDTH else f"{cell[: MAX_COLUMN_WIDTH - 1]}…"


def write_junit(path: str, name: str, cases: Sequence[JUnitCase]) -> None:
    """Write a JUnit report. Raises CommandError if the file cannot be written."""
    suite = ET.Element("testsuite", name=name, tests=str(len(cases)))
    suite.set("failures", str(sum(bool(case.failure) for case in cases)))
    suite.set("skipped", str(sum(bool(case.skipped) for case in cases)))
    suite.set("errors", "0")
    for case in cases:
        element = ET.SubElement(suite, "testcase", classname=f"contracts.{case.group}", name=case.name)
        for tag, text in (("failure", case.failure), ("skipped", case.skipped)):
            if text:
                ET.SubElement(element, tag, message=_valid_in_xml(text))
        if case.output:
            ET.SubElement(element, "system-out").text = _valid_in_xml(case.output)
    try:
        ET.ElementTree(suite).write(Path(path), encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from None


def _valid_in_xml(text: str) -> str:
    return _INVALID_IN_XML.sub("�", text)
