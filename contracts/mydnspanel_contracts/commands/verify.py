"""`mydnspanel-contracts verify`: run the checks, judge the results and report them."""

import math
import os
import re
from argparse import Namespace
from typing import NamedTuple

from mydnspanel_contracts.commands import output
from mydnspanel_contracts.commands.checks import Check, CheckResult, RunOptions, Session, checks
from mydnspanel_contracts.commands.connection import Connection
from mydnspanel_contracts.commands.errors import CommandError

EXIT_BROKEN, EXIT_DIFFERS = 1, 3
BROKEN, DIFFERS, NOT_JUDGED = "BROKEN", "differs", "not judged"
_MOBILE_NUMBER = re.compile(r"(\+98|0098|98|0)?9[0-9]{9}", re.ASCII)  # F1, F2


class JudgedCheck(NamedTuple):
    check: Check
    result: CheckResult

    @property
    def verdict(self) -> str:
        if self.result.as_expected is None:
            return NOT_JUDGED
        if self.result.as_expected:
            return f"as {self.check.evidence}"
        return BROKEN if self.check.evidence == "stated" else DIFFERS

    @property
    def settled(self) -> str:
        """What this check has settled about a rule that is not stated. Empty if it has settled nothing."""
        check, result = self.check, self.result
        if not check.settles or result.as_expected is None:
            return ""
        verb = "confirmed" if result.as_expected else f"differs from the {check.evidence} {check.expected}"
        setting = f"; set {result.setting} in the simulator" if result.setting else ""
        return f"{check.rule} {check.settles}: {verb}, {result.got}{setting}"


def run(arguments: Namespace) -> int:
    """Returns the exit status. Raises CommandError if the checks cannot be run."""
    key = arguments.key or os.environ.get("PANEL_API_KEY")
    if not key:
        raise CommandError("an API key is required: give --key or set PANEL_API_KEY")
    connection = Connection(arguments.url, key, _parse_seconds(arguments.timeout))
    options = RunOptions(arguments.send_to, arguments.sender, arguments.phonebook, arguments.archived_send)
    if options.receiver is not None and not _MOBILE_NUMBER.fullmatch(options.receiver):
        raise CommandError("--send-to must be a mobile number such as 9121234567")
    if options.phonebook is not None and options.receiver is None:
        raise CommandError("--phonebook requires --send-to")
    session = Session(connection, options)
    judged = [JudgedCheck(check, _redacted(connection, check.run(session))) for check in checks(options)]
    _report(arguments, str(connection.endpoint), judged)
    verdicts = {each.verdict for each in judged}
    return EXIT_BROKEN if BROKEN in verdicts else EXIT_DIFFERS if DIFFERS in verdicts else 0


def _redacted(connection: Connection, result: CheckResult) -> CheckResult:
    redact = connection.secret.redact
    return CheckResult(redact(result.got), result.as_expected, redact(result.setting))


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise CommandError("--timeout must be a number of seconds greater than 0")
    return seconds


def _report(arguments: Namespace, endpoint: str, judged: list[JudgedCheck]) -> None:
    settled = [each.settled for each in judged if each.settled]
    rows = [_row(each) for each in judged]
    if arguments.junit:
        output.write_junit(arguments.junit, "mydnspanel-contracts verify", list(map(_junit_case, judged)))
    if arguments.json:
        output.print_json({"endpoint": endpoint, "checks": rows, "nowKnown": settled})
        return
    output.print_table(list(rows[0]), [list(row.values()) for row in rows])
    counts = {
        verdict: sum(each.verdict == verdict for each in judged) for verdict in (BROKEN, DIFFERS, NOT_JUDGED)
    }
    summary = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) or "all passed"
    output.print_text(f"\n{len(judged)} checks of {endpoint}: {summary}")
    output.print_text("\nnow known:\n" + "\n".join(f"  {text}" for text in settled))


def _row(judged: JudgedCheck) -> dict[str, str]:
    check = judged.check
    return {
        "check": check.name,
        "rule": check.rule,
        "evidence": check.evidence,
        "expected": check.expected,
        "got": judged.result.got,
        "verdict": judged.verdict,
    }


def _junit_case(judged: JudgedCheck) -> output.JUnitCase:
    check, got = judged.check, judged.result.got
    failure = f"expected {check.expected}, got {got}" if judged.verdict == BROKEN else ""
    skipped = got if judged.verdict == NOT_JUDGED else ""
    return output.JUnitCase(check.rule, check.name, failure, skipped, judged.settled)
