"""The commands and their arguments. Every error is one line on standard error.

What takes long to import is imported by the command that needs it, where Ctrl-C leads to no traceback.
"""

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
from fakeserver.cli.errors import CommandError
from fakeserver.cli.resolve import ResolvedOptions, resolve

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
DESCRIPTION = "A stateful sandbox of the mydnspanel.com SMS web service."
COMMANDS_HELP = """\
commands:
  serve                        serve until Ctrl-C or SIGTERM; the default
  exec [OPTIONS] -- CMD ...    serve on a free port while CMD runs
  wait                         wait until a server is healthy
  init [FILE]                  write a sample configuration file

`fakeserver COMMAND --help` describes the options of a command.

Every option has an environment variable, such as FAKESERVER_PORT for --port. Options override environment
variables, which override the table [server] of the configuration file. Without accounts in a configuration
file the server has the test keys that docs/configuration.md lists."""
EXEC_HELP = """\
CMD is the command to run, with its arguments. Its environment has PANEL_URL, PANEL_ENDPOINT, PANEL_API_KEY
and, if there is a control token, PANEL_CONTROL_TOKEN. The exit status is that of CMD.

The options are those of `fakeserver serve`. The port is a free one unless --port or FAKESERVER_PORT names
one."""


class OneLineParser(argparse.ArgumentParser):
    """Reports a wrong argument on one line, with exit status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"fakeserver: {_one_line(message)} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, by default with the arguments of the process, and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS[words.pop(0)] if words and words[0] in COMMANDS else _serve
    try:
        return command(words)
    except CommandError as error:
        _print_error(str(error))
        return EXIT_USAGE
    except KeyboardInterrupt:
        # Only until the command has installed its own handlers of signals.
        return EXIT_INTERRUPTED


def _serve(words: list[str]) -> int:
    parser = _parser("fakeserver", "fakeserver [serve] [OPTIONS]", DESCRIPTION, COMMANDS_HELP)
    version = f"fakeserver {__version__}"
    parser.add_argument("--version", action="version", version=version, help="print the version")
    resolved = _resolve_options(parser, words)
    from fakeserver.cli.serve import serve  # noqa: PLC0415

    asyncio.run(serve(resolved, _print_if_possible))
    return 0


def _exec(words: list[str]) -> int:
    usage = "fakeserver exec [OPTIONS] -- CMD ..."
    end = words.index("--") if "--" in words else len(words)
    own_words, command = words[:end], words[end + 1 :]
    if not command and not {"-h", "--help"} & set(own_words):
        raise CommandError(f"exec needs a command after `--`: {usage}")
    parser = _parser("fakeserver exec", usage, "Serve while CMD runs.", EXEC_HELP)
    resolved = _resolve_options(parser, own_words, free_port=True)
    from fakeserver.cli.exec import execute  # noqa: PLC0415

    return asyncio.run(execute(resolved, command, os.environ))


def _resolve_options(parser: OneLineParser, words: list[str], *, free_port: bool = False) -> ResolvedOptions:
    """The options of serve from all sources; also configures the log. Raises CommandError."""
    options.add_arguments(parser)
    given, rest = parser.parse_known_args(words)
    if rest:
        command = next((word for word in words if word in COMMANDS), "")
        hint = f"; the command comes first: fakeserver {command} [OPTIONS]" if command else ""
        parser.error(f"unrecognized arguments: {' '.join(rest)}{hint}")
    resolved = resolve(vars(given), os.environ, free_port=free_port)
    from fakeserver.cli import logs  # noqa: PLC0415

    logs.configure(resolved.options.log_level, resolved.options.log_format)
    return resolved


def _wait(words: list[str]) -> int:
    from fakeserver.cli import wait  # noqa: PLC0415

    description = "Wait until a server is healthy. The exit status is 0 then, and 1 when the time is over."
    parser = _parser("fakeserver wait", "fakeserver wait [OPTIONS]", description)
    parser.add_argument(
        "--url",
        metavar="URL",
        help=f"base URL of the server (default: PANEL_URL, or where `fakeserver serve` listens with the same "
        f"environment variables, {wait.DEFAULT_URL} without any)",
    )
    seconds = f"{wait.DEFAULT_TIMEOUT_SECONDS:g}"
    timeout_help = f"how long to wait, in seconds (default: {seconds})"
    parser.add_argument("--timeout", default=seconds, metavar="SECONDS", help=timeout_help)
    given = parser.parse_args(words)
    url = wait.url_from_environment(os.environ) if given.url is None else wait.parse_base_url(given.url)
    problem = wait.wait(url, wait.parse_timeout(given.timeout))
    if problem is not None:
        _print_error(problem)
    return 0 if problem is None else 1


def _init(words: list[str]) -> int:
    from fakeserver.cli import init  # noqa: PLC0415

    description = "Write a commented sample configuration file, with every setting in it."
    parser = _parser("fakeserver init", "fakeserver init [FILE]", description)
    file_help = f"the file to write (default: {init.DEFAULT_FILE}); - writes to standard output"
    parser.add_argument("file", nargs="?", metavar="FILE", default=init.DEFAULT_FILE, help=file_help)
    file = parser.parse_args(words).file
    if file == "-":
        _print(init.sample())
    else:
        init.write_sample(Path(file))
        _print_if_possible(f"wrote {file}; `fakeserver --config {file}` serves it\n")
    return 0


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "serve": _serve,
    "exec": _exec,
    "wait": _wait,
    "init": _init,
}


def _parser(program: str, usage: str, description: str, epilog: str = "") -> OneLineParser:
    return OneLineParser(
        prog=program,
        usage=usage,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _print_if_possible(text: str) -> None:
    """Print a text that the command does not depend on."""
    with suppress(CommandError):
        _print(text)


def _print(text: str) -> None:
    """Print at once, in UTF-8 whatever the locale. Raises CommandError."""
    if sys.stdout is None:
        raise CommandError("standard output is closed")
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        raise CommandError(f"cannot write to standard output: {error.strerror}") from None


def _print_error(text: str) -> None:
    sys.stderr.write(f"fakeserver: {_one_line(text)}\n")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
