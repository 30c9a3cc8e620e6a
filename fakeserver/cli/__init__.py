"""The command line: `fakeserver [serve]`, `exec`, `wait`, `init`. Every failure is one line."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from fakeserver import __version__
from fakeserver.cli import options
from fakeserver.cli.options import CommandError, Start

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
COMMANDS_HELP = """\
commands:
  serve                      serve until Ctrl-C or SIGTERM (what it does without a command)
  exec [OPTIONS] -- CMD ...  serve on a free port while CMD runs; ends with CMD's status
  wait                       wait until a server is healthy
  init [FILE]                write a sample configuration, every setting in it

Every option has an environment twin, FAKESERVER_PORT for --port; an option goes before the environment,
that before [server] of the configuration file. Without a configuration the test keys exist (README)."""


class OneLineParser(argparse.ArgumentParser):
    """A bad option ends with one line on standard error and status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"fakeserver: {_one_line(message)} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS[words.pop(0)] if words and words[0] in COMMANDS else _serve
    try:
        return command(words)
    except CommandError as error:
        _complain(str(error))
        return EXIT_USAGE
    except KeyboardInterrupt:
        # Only before the handlers of the signals are in place.
        return EXIT_INTERRUPTED


# What takes long to import is imported by the command that needs it, where Ctrl-C is no traceback.


def _serve(words: list[str]) -> int:
    start = _start(words, "", COMMANDS_HELP)
    from fakeserver.cli import serving  # noqa: PLC0415

    asyncio.run(serving.serve(start, _announce))
    return 0


def _exec(words: list[str]) -> int:
    place = words.index("--") if "--" in words else len(words)
    options_given, command = words[:place], words[place + 1 :]
    if not command and not {"-h", "--help"} & set(options_given):
        raise CommandError("exec needs a command to run, behind `--`: fakeserver exec [OPTIONS] -- CMD ...")
    start = _start(options_given, " exec", "CMD follows behind `--`.", free_port=True)
    from fakeserver.cli import exec as exec_command  # noqa: PLC0415

    return asyncio.run(exec_command.execute(start, command, os.environ))


def _start(words: list[str], name: str, epilog: str, *, free_port: bool = False) -> Start:
    parser = _parser(name, "A sandbox of the mydnspanel.com SMS web service.", epilog)
    if not name:
        parser.add_argument("--version", action="version", version=f"fakeserver {__version__}")
    options.add_to(parser)
    given, rest = parser.parse_known_args(words)
    if rest:
        command = next((word for word in words if word in COMMANDS), "")
        hint = f"; the command comes first: fakeserver {command} [OPTIONS]" if command else ""
        parser.error(f"unrecognized arguments: {' '.join(rest)}{hint}")
    start = options.choose(vars(given), os.environ, free_port=free_port)
    from fakeserver.cli import logs  # noqa: PLC0415

    logs.set_up(start.options.log_level, start.options.log_format)
    return start


def _wait(words: list[str]) -> int:
    from fakeserver.cli import wait  # noqa: PLC0415

    parser = _parser(" wait", "Return 0 once a server is healthy, 1 when the time is over.")
    default = f"PANEL_URL, or {wait.URL} with the host, port and scheme that the environment gives serve"
    parser.add_argument("--url", help=f"base URL ({default})")
    seconds = f"{wait.TIMEOUT_SECONDS:g}"
    parser.add_argument("--timeout", default=seconds, metavar="SECONDS", help=f"how long at most ({seconds})")
    given = parser.parse_args(words)
    url = wait.url_of(os.environ) if given.url is None else wait.base_url(given.url)
    failure = wait.wait(url, wait.seconds(given.timeout))
    if failure is not None:
        _complain(failure)
    return 0 if failure is None else 1


def _init(words: list[str]) -> int:
    from fakeserver.cli import init  # noqa: PLC0415

    parser = _parser(" init", "Write a commented sample configuration, every setting in it.")
    parser.add_argument("file", nargs="?", default=init.FILE, help=f"where to ({init.FILE}); - prints it")
    file = parser.parse_args(words).file
    if file == "-":
        _print(init.text())
    else:
        init.write(Path(file))
        _announce(f"wrote {file}; fakeserver --config {file} serves it\n")
    return 0


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "serve": _serve,
    "exec": _exec,
    "wait": _wait,
    "init": _init,
}


def _parser(name: str, description: str, epilog: str = "") -> OneLineParser:
    return OneLineParser(
        prog=f"fakeserver{name}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _announce(text: str) -> None:
    """Print it; that nobody reads it is no reason to stop."""
    with suppress(CommandError):
        _print(text)


def _print(text: str) -> None:
    """Print at once, in UTF-8 whatever the locale. Raises CommandError."""
    if sys.stdout is None:
        raise CommandError("there is no standard output")
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # So that Python does not try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CommandError(f"cannot write to standard output: {error.strerror}") from None


def _complain(text: str) -> None:
    sys.stderr.write(f"fakeserver: {_one_line(text)}\n")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
