"""The two commands of `mydnspanel-contracts`: `verify` asks a server, `check-log` reads what was recorded.

Rule 1: a bad input is one line on standard error and exit status 2, never a trace.
Rule 2: no key is ever printed, on either stream, whoever wrote it into whatever place.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from mydnspanel_contracts.commands import log, verify
from mydnspanel_contracts.commands.failure import Unable

EXIT_UNABLE = 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong without repeating what was given: it may be a key that lost its option."""

    def error(self, message: str) -> NoReturn:
        words, _, rest = message.partition(": ")
        if words == "the following arguments are required":
            words = f"{words}: {rest}"
        elif rest.startswith("invalid choice"):
            words = f"{words} is one of {', '.join(RUN)}"
        else:
            words = words.partition(" (")[0]
        raise Unable(f"{words}; {self.prog} --help tells how it is used")


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    try:
        given = _parser().parse_args(words)
        return RUN[given.command](given)
    except Unable as unable:
        sys.stderr.write(f"contracts: {' '.join(str(unable).split())}\n")
        return EXIT_UNABLE
    except BrokenPipeError:
        sys.stderr.close()  # who reads the output has had enough
        return EXIT_UNABLE


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {"verify": verify.run, "check-log": log.run}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mydnspanel-contracts", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    verify = commands.add_parser(
        "verify",
        allow_abbrev=False,
        help="ask a server, and compare its answers with the contract",
        description="Ask a server, and compare its answers with the contract. Without --send-to every request"
        " is free of charge; note that a panel may hand out each received message only once.",
        epilog="exit status: 0 all as the contract says, 1 a stated rule is broken, 2 it could not be done,"
        " 3 only assumed or observed rules differ",
    )
    verify.add_argument("url", metavar="URL", help="the base URL, or the endpoint")
    verify.add_argument("--key", help="the API key (better given as PANEL_API_KEY)")
    sent = "also send a message there, which is charged for (two, where the panel skips bad receivers)"
    verify.add_argument("--send-to", metavar="NUMBER", help=sent)
    verify.add_argument("--from", dest="sender", default="auto", metavar="LINE", help="sent from (auto)")
    verify.add_argument("--phonebook", metavar="ID", help="with --send-to: store the number there")
    verify.add_argument("--archived-send", metavar="SENDID", help="a send that is old enough to be archived")
    verify.add_argument("--timeout", default="10", metavar="SECONDS", help="for each answer (10)")
    log = commands.add_parser(
        "check-log",
        allow_abbrev=False,
        help="validate requests and replies that were recorded",
        description="Validate recorded requests and replies: a HAR file, or a journal of the simulator, as"
        " JSON or as JSON lines. - reads standard input.",
        epilog="exit status: 0 all keep the contract, 1 one does not, 2 the file cannot be read",
    )
    log.add_argument("file", metavar="FILE")
    for command in (verify, log):
        command.add_argument("--json", action="store_true", help="print JSON")
        command.add_argument("--junit", metavar="FILE", help="write a JUnit report too")
    return parser
