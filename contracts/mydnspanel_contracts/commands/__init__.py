"""The command `mydnspanel-contracts`: `verify` checks a server, `check-log` checks recorded traffic.

- A bad input produces one line on standard error and exit status 2, never a traceback.
- An API key is never printed, on either stream, whatever text contains it.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from mydnspanel_contracts.commands import check_log, verify
from mydnspanel_contracts.commands.errors import CommandError

EXIT_ERROR = 2

COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "verify": verify.run,
    "check-log": check_log.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name. Returns the exit status."""
    try:
        options = _parser().parse_args(arguments)
        return COMMANDS[options.command](options)
    except CommandError as error:
        sys.stderr.write(f"mydnspanel-contracts: {' '.join(str(error).split())}\n")
        return EXIT_ERROR
    except BrokenPipeError:
        sys.stderr.close()  # so that Python does not complain when it flushes the closed pipe at exit
        return EXIT_ERROR


class _Parser(argparse.ArgumentParser):
    """Reports a wrong argument without repeating it, because it may be a key given without its option."""

    def error(self, message: str) -> NoReturn:
        text, _, details = message.partition(": ")
        if text == "the following arguments are required":
            text = message
        elif details.startswith("invalid choice"):
            text = f"{text} must be one of {', '.join(COMMANDS)}"
        else:
            text = text.partition(" (")[0]
        raise CommandError(f"{text}; see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mydnspanel-contracts", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    verify = commands.add_parser(
        "verify",
        allow_abbrev=False,
        help="make requests to a server and compare its replies with the contracts",
        description="Make requests to a server and compare its replies with the contracts. Without --send-to"
        " every request is free of charge. A panel may return each received message only once.",
        epilog="exit status: 0 every check passed, 1 a stated rule is broken, 2 the checks could not be run,"
        " 3 only assumed or observed rules differ",
    )
    verify.add_argument("url", metavar="URL", help="the base URL of the server, or its endpoint")
    verify.add_argument("--key", help="the API key (PANEL_API_KEY is safer)")
    send_to = "also send a charged message to this number (two messages if the panel skips bad receivers)"
    verify.add_argument("--send-to", metavar="NUMBER", help=send_to)
    verify.add_argument(
        "--from", dest="sender", default="auto", metavar="LINE", help="the sender line (default: auto)"
    )
    verify.add_argument("--phonebook", metavar="ID", help="with --send-to: add the number to this phonebook")
    verify.add_argument("--archived-send", metavar="SENDID", help="a send old enough to be archived")
    verify.add_argument(
        "--timeout", default="10", metavar="SECONDS", help="limit for each request (default: 10)"
    )
    log = commands.add_parser(
        "check-log",
        allow_abbrev=False,
        help="validate recorded requests and replies",
        description="Validate recorded requests and replies. FILE is a HAR file, or a journal of the"
        " simulator as JSON or JSON Lines. With - as FILE, read standard input.",
        epilog="exit status: 0 no violation, 1 a violation, 2 the file cannot be read",
    )
    log.add_argument("file", metavar="FILE")
    for command in (verify, log):
        command.add_argument("--json", action="store_true", help="print JSON")
        command.add_argument("--junit", metavar="FILE", help="also write a JUnit report")
    return parser
