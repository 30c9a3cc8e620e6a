"""`mydnspanel-contracts verify`: run the checks, judge what came of them, tell it."""

import math
import os
import re
from argparse import Namespace
from typing import Any, NamedTuple

from mydnspanel_contracts.commands import output
from mydnspanel_contracts.commands.checks import Asked, Check, Finding, Session, checks
from mydnspanel_contracts.commands.failure import Unable
from mydnspanel_contracts.commands.line import Line

EXIT_BROKEN, EXIT_NEWS = 1, 3
_MOBILE = re.compile(r"(\+98|0098|98|0)?9[0-9]{9}", re.ASCII)  # F1
BROKEN, DIFFERS, OPEN = "BROKEN", "differs", "not judged"


class Judged(NamedTuple):
    check: Check
    finding: Finding

    @property
    def verdict(self) -> str:
        """As the evidence has it, or not; or not judged."""
        if self.finding.right is None:
            return OPEN
        if self.finding.right:
            return f"as {self.check.evidence}"
        return BROKEN if self.check.evidence == "stated" else DIFFERS

    @property
    def known(self) -> str:
        """What the run has settled of what nobody stated; empty for nothing."""
        check, finding = self.check, self.finding
        if not check.settles or finding.right is None:
            return ""
        verb = "confirmed" if finding.right else f"differs from the {check.evidence} {check.expected}"
        setting = f"; the simulator follows with {finding.setting}" if finding.setting else ""
        return f"{check.rule} {check.settles}: {verb}, {finding.got}{setting}"


def run(given: Namespace) -> int:
    """Returns the exit status. Raises Unable."""
    key = given.key or os.environ.get("PANEL_API_KEY")
    if not key:
        raise Unable("a key is needed: --key, or PANEL_API_KEY in the environment")
    line = Line(given.url, key, _seconds(given.timeout))
    asked = Asked(given.send_to, given.sender, given.phonebook, given.archived_send)
    if asked.number is not None and not _MOBILE.fullmatch(asked.number):
        raise Unable("--send-to should be a mobile number such as 9121234567")
    if asked.phonebook is not None and asked.number is None:
        raise Unable("--phonebook goes with --send-to")
    session = Session(line, asked)
    judged = [Judged(check, _concealed(line, check.run(session))) for check in checks(asked)]
    _tell(given, line, judged)
    verdicts = {each.verdict for each in judged}
    return EXIT_BROKEN if BROKEN in verdicts else EXIT_NEWS if DIFFERS in verdicts else 0


def _concealed(line: Line, finding: Finding) -> Finding:
    black = line.secret.blacked_out
    return Finding(black(finding.got), finding.right, black(finding.setting))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise Unable("--timeout should be a number of seconds above 0")
    return seconds


def _tell(given: Namespace, line: Line, judged: list[Judged]) -> None:
    known = [each.known for each in judged if each.known]
    if given.junit:
        output.write_junit(given.junit, "contracts verify", [_in_junit(each) for each in judged])
    if given.json:
        output.print_json(
            {"endpoint": line.endpoint, "checks": [_row(each) for each in judged], "nowKnown": known}
        )
        return
    rows = [tuple(str(value) for value in _row(each).values()) for each in judged]
    output.print_table(("check", "rule", "evidence", "expected", "got", "verdict"), rows)
    counts = {verdict: sum(each.verdict == verdict for each in judged) for verdict in (BROKEN, DIFFERS, OPEN)}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    output.print_text(f"\n{len(judged)} checks of {line.endpoint}: {told or 'all as the contract says'}")
    output.print_text("\nnow known:\n" + "\n".join(f"  {text}" for text in known))


def _row(judged: Judged) -> dict[str, Any]:
    check = judged.check
    return {
        "check": check.name,
        "rule": check.rule,
        "evidence": check.evidence,
        "expected": check.expected,
        "got": judged.finding.got,
        "verdict": judged.verdict,
    }


def _in_junit(judged: Judged) -> output.Tested:
    check = judged.check
    failure = f"expected {check.expected}, got {judged.finding.got}" if judged.verdict == BROKEN else ""
    skipped = judged.finding.got if judged.verdict == OPEN else ""
    return output.Tested(check.rule, check.name, failure, skipped, judged.known)
