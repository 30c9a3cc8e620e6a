"""The checks that `verify` makes, in their order."""

from collections.abc import Iterator

from mydnspanel_contracts.commands.checks.actions import ACTION_CHECKS, ARCHIVED_CHECK
from mydnspanel_contracts.commands.checks.charged import CHARGED_CHECKS
from mydnspanel_contracts.commands.checks.check import Check, CheckResult, RunOptions, Session
from mydnspanel_contracts.commands.checks.gate import GATE_CHECKS
from mydnspanel_contracts.commands.checks.wire import NO_OTHER_VERDICT, WIRE_CHECKS

__all__ = ["CHARGED_CHECKS", "FREE_CHECKS", "Check", "CheckResult", "RunOptions", "Session", "checks"]

FREE_CHECKS = (*GATE_CHECKS, *WIRE_CHECKS, *ACTION_CHECKS, NO_OTHER_VERDICT)


def checks(options: RunOptions) -> Iterator[Check]:
    """The checks of a run, beginning with those that are free of charge."""
    yield from FREE_CHECKS
    if options.archived_send is not None:
        yield ARCHIVED_CHECK
    if options.receiver is not None:
        yield from CHARGED_CHECKS
