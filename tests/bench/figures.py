"""Measured figures with their goals, as a table and as a file."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from platform import machine, python_version

from tests.source import ROOT

RESULT = Path(__file__).with_name("result.json")


@dataclass(frozen=True)
class Figure:
    """`goal` is a minimum with `at_least`, otherwise a maximum; None for a figure without a goal. `value` is
    None if it could not be measured; `note` then says why.
    """

    name: str
    value: float | None
    goal: float | None = None
    unit: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        if self.goal is None:
            return ""
        met = self.value >= self.goal if self.at_least else self.value <= self.goal
        return "met" if met else "NOT MET"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table for a terminal."""
    rows = [("what", "goal", "figure", "verdict", "")]
    for figure in figures:
        sign = ">=" if figure.at_least else "<="
        goal = "" if figure.goal is None else f"{sign} {_format(figure.goal, figure.unit)}"
        value = "" if figure.value is None else _format(figure.value, figure.unit)
        rows.append((figure.name, goal, value, figure.verdict, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip()
        for row in rows
    )


def write_result(figures: Iterable[Figure]) -> None:
    """Write the figures with the commit to RESULT."""
    document = {
        "commit": _git("rev-parse", "HEAD"),
        "changed": _git("status", "--porcelain", "--", ".", f":!{RESULT.relative_to(ROOT)}").splitlines(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": python_version(),
        "machine": machine(),
        "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in figures],
    }
    RESULT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _format(value: float, unit: str) -> str:
    digits = f"{value:.2f}" if value < 100 else f"{value:,.0f}"
    return f"{digits} {unit}".rstrip()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
