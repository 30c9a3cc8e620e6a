"""`mydnspanel-contracts check-log`: validate recorded requests and replies."""

import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from mydnspanel_contracts import ACTIONS, UNKNOWN_ACTION, iter_reply_problems, iter_request_problems
from mydnspanel_contracts.commands import output
from mydnspanel_contracts.commands.connection import ENDPOINT_PATH
from mydnspanel_contracts.commands.errors import CommandError
from mydnspanel_contracts.commands.recordings import Exchange, read_exchanges
from mydnspanel_contracts.commands.redaction import Secret

EXIT_VIOLATION = 1
MAX_PROBLEM_LENGTH = 200
MAX_ACTION_LENGTH = 40


class JudgedExchange(NamedTuple):
    """An exchange and its violations of the contracts, with the keys redacted."""

    exchange: Exchange
    problems: tuple[str, ...]

    @property
    def action(self) -> str:
        """The action as it may be printed."""
        exchange = self.exchange
        return _redact(exchange.action[:MAX_ACTION_LENGTH], exchange.keys) or "no action"


def run(arguments: Namespace) -> int:
    """Returns the exit status. Raises CommandError if the file cannot be read."""
    file = arguments.file
    judged = [judge(exchange) for exchange in read_exchanges(_read(file), file)]
    if not judged:
        raise CommandError(f"{file}: it contains no request to {ENDPOINT_PATH}")
    if arguments.junit:
        output.write_junit(arguments.junit, "mydnspanel-contracts check-log", list(map(_junit_case, judged)))
    if arguments.json:
        output.print_json({"entries": [_row(each) for each in judged]})
    else:
        _print(judged)
    return EXIT_VIOLATION if any(each.problems for each in judged) else 0


def judge(exchange: Exchange) -> JudgedExchange:
    """Compare an exchange with the contracts, as far as it can be judged."""
    if exchange.params is None:
        return JudgedExchange(exchange, ())
    action = exchange.action
    if action in ACTIONS:
        problems = [f"request: {each}" for each in iter_request_problems(action, exchange.params)]
    else:
        name = action[:MAX_ACTION_LENGTH]
        problems = [f"request: $.action: {name!r} is not one of the eight actions"]
        action = UNKNOWN_ACTION
    if not exchange.not_judged:
        problems += (f"reply: {each}" for each in iter_reply_problems(action, exchange.reply))
    redacted = (_redact(problem, exchange.keys)[:MAX_PROBLEM_LENGTH] for problem in problems)
    return JudgedExchange(exchange, tuple(redacted))


def _redact(text: str, keys: Iterable[str]) -> str:
    for key in keys:
        text = Secret(key).redact(text)
    return text


def _read(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from None


def _print(judged: list[JudgedExchange]) -> None:
    for each in judged:
        heading = f"{each.exchange.name} ({each.action})"
        for problem in each.problems:
            output.print_text(f"{heading}: {problem}")
        if each.exchange.not_judged:
            output.print_text(f"{heading}: not judged: {each.exchange.not_judged}")
    total = "1 exchange" if len(judged) == 1 else f"{len(judged)} exchanges"
    violating = sum(bool(each.problems) for each in judged)
    not_judged = sum(bool(each.exchange.not_judged) for each in judged)
    output.print_text(f"{total}: {violating} with violations, {not_judged} not fully judged")


def _row(judged: JudgedExchange) -> dict[str, Any]:
    return {
        "entry": judged.exchange.name,
        "action": judged.action,
        "problems": list(judged.problems),
        "notJudged": judged.exchange.not_judged,
    }


def _junit_case(judged: JudgedExchange) -> output.JUnitCase:
    skipped = "" if judged.problems else judged.exchange.not_judged
    return output.JUnitCase(judged.action, judged.exchange.name, "; ".join(judged.problems), skipped)
