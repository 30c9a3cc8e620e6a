"""The command line: `fakeserver` serves until Ctrl-C or SIGTERM."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from aiohttp import web

from fakeserver import __version__, configuration
from fakeserver.configuration import Configuration, ConfigurationError
from fakeserver.panel.panel import Panel
from fakeserver.settings import TEST_KEYS, default_accounts
from fakeserver.web.app import MAX_BODY, Options, build_app
from fakeserver.web.encode import short_key
from fakeserver.web.endpoint import PATH
from fakeserver.web.quiet import quiet_logger
from fakeserver.web.realtime import real_time

PORT = 1403
PORT_MAX = 65_535
SHUTDOWN_SECONDS = 1.0
EXIT_USAGE = 2


class OneLineParser(argparse.ArgumentParser):
    """A bad option ends with one line on standard error and status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = _configuration(options.config)
        server: Mapping[str, Any] = {
            "host": "127.0.0.1",
            "port": PORT,
            "max_body": MAX_BODY,
            **settings.server,
            **{name: value for name in ("host", "port") if (value := getattr(options, name)) is not None},
        }
        logging.basicConfig(format="fakeserver: %(message)s", level=logging.WARNING)
        asyncio.run(_serve(settings, **server))
    except Unable as error:
        print(f"fakeserver: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        # Only before the handlers of the signals are in place.
        pass
    return 0


class Unable(Exception):
    """The server cannot start; the text is one line for the user."""


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="fakeserver",
        description="A sandbox of the mydnspanel.com SMS web service.",
        epilog="Without a configuration the test keys exist: see the README.",
    )
    parser.add_argument("--version", action="version", version=f"fakeserver {__version__}")
    parser.add_argument("-H", "--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("-p", "--port", type=_port, help=f"port to listen on ({PORT}); 0 takes a free one")
    parser.add_argument("-c", "--config", type=Path, metavar="FILE.toml", help="the configuration file")
    return parser


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= PORT_MAX:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is a whole number from 0 to {PORT_MAX}")


def _configuration(path: Path | None) -> Configuration:
    if path is None:
        return Configuration()
    try:
        return configuration.load(path)
    except OSError as error:
        raise Unable(f"{path}: {error.strerror or error}") from None
    except ConfigurationError as error:
        raise Unable(f"{path}: {error}") from None


async def _serve(settings: Configuration, *, host: str, port: int, max_body: int) -> None:
    clock = real_time()
    panel = Panel(settings.accounts or default_accounts(), clock())
    app = build_app(panel, Options(max_body=max_body), clock)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=quiet_logger(),
        shutdown_timeout=SHUTDOWN_SECONDS,
        handler_cancellation=True,
    )
    await runner.setup()
    try:
        await _listen(runner, host, port)
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        _announce(_url(runner, host), settings)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise Unable(f"cannot listen on {host} port {port}: {why}") from None


def _url(runner: web.AppRunner, host: str) -> str:
    port = runner.addresses[0][1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(url: str, settings: Configuration) -> None:
    keys = [short_key(account.key) for account in settings.accounts] or [
        document["key"] for document in TEST_KEYS
    ]
    print(f"fakeserver {__version__} listens on {url}")
    print(f"  service   {url}{PATH}")
    print(f"  API keys  {', '.join(keys)}")
    print("Ctrl-C stops it.", flush=True)
