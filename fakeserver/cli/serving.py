"""A running server, from its options to its end; and the command `serve`."""

import asyncio
import errno
import os
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from aiohttp import web

from fakeserver import __version__
from fakeserver.cli import logs
from fakeserver.cli.options import CommandError, ServeOptions, Start
from fakeserver.notation import addresses
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.defaults import TEST_KEYS, Document
from fakeserver.web.app import Options, build_app
from fakeserver.web.control.guard import Guard
from fakeserver.web.http.runner import Runner
from fakeserver.web.system_clock import system_clock
from fakeserver.wire.call import short_key


class Served(NamedTuple):
    """`url` is the base, as it was asked for; `reachable_url` one that a client on this machine can use;
    `keys` are those of the accounts, the first one first.
    """

    url: str
    reachable_url: str
    keys: tuple[str, ...]


def check(start: Start) -> None:
    """What must hold between the options. Raises CommandError."""
    options = start.options
    for one, other in (("tls_cert", "tls_key"), ("tls_key", "tls_cert")):
        if getattr(options, one) and not getattr(options, other):
            raise CommandError(f"{start.source(one)}: needs --{other.replace('_', '-')} beside it")
    if not is_loopback(options.host) and options.control_token is None and not options.open_control:
        raise CommandError(
            f"{start.source('host')}: listening on {options.host} lets others drive the fake; "
            "give --control-token TOKEN, or --open-control if they may"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there; of names only `localhost` is believed."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@asynccontextmanager
async def serving(start: Start) -> AsyncIterator[Served]:
    """Serve for as long as the block runs. Raises CommandError."""
    options = start.options
    check(start)
    tls = _tls(start)
    clock = system_clock()
    defaults = {"clock": options.clock}
    documents = start.configuration.documents or TEST_KEYS
    accounts = replace(start.configuration, documents=documents).accounts_above(defaults)
    panel = SimulatedPanel(
        accounts, clock(), journal_max=options.journal_max, max_accounts=options.max_accounts
    )
    app = build_app(panel, _served_with(options, defaults), clock)
    runner = Runner(app, access_log=logs.request_logger(), access_log_class=logs.RequestLine)
    await runner.setup()
    try:
        await _listen(runner, start, tls)
        with _port_file(start, runner.addresses[0][1]):
            yield _served(runner, options, tuple(account.key for account in accounts))
    finally:
        await runner.cleanup()


def _served_with(options: ServeOptions, defaults: Document) -> Options:
    hosts = frozenset(host.lower().rstrip(".") for host in options.allowed_host)
    return Options(
        max_body=options.max_body,
        guard=Guard(options.control_token, hosts),
        trust_proxy=options.trust_proxy,
        front_page=not options.no_ui,
        account_defaults=defaults,
    )


async def _listen(runner: web.AppRunner, start: Start, tls: ssl.SSLContext | None) -> None:
    host, port = start.options.host, start.options.port
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
    except (OSError, UnicodeError) as error:
        by_port = isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES)
        hint = "; --port gives another, 0 a free one" if port and by_port else ""
        raise CommandError(f"cannot listen on {host} port {port}: {_why(error)}{hint}") from None


def _why(error: Exception) -> str:
    """The reason of an error in few words, without the path that it may name once more."""
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    number = error.errno if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else None
    return os.strerror(number) if number and number > 0 else str(error)


def _served(runner: web.AppRunner, options: ServeOptions, keys: tuple[str, ...]) -> Served:
    port = runner.addresses[0][1]
    scheme = "https" if options.tls_cert else "http"
    url, reachable_url = (
        addresses.url_of(scheme, host, port) for host in (options.host, addresses.reachable(options.host))
    )
    return Served(url, reachable_url, keys)


# TLS


def _tls(start: Start) -> ssl.SSLContext | None:
    """The context of the certificate, if one was given. Raises CommandError."""
    cert, key = start.options.tls_cert, start.options.tls_key
    if cert is None or key is None:
        return None
    for name, path in (("tls_cert", cert), ("tls_key", key)):
        try:
            Path(path).read_bytes()
        except OSError as error:
            raise CommandError(f"{start.source(name)}: {path}: {_why(error)}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, _no_password)
    except (OSError, ValueError) as error:
        both = f"{start.source('tls_cert')}, {start.source('tls_key')}"
        raise CommandError(f"{both}: {cert} and {key} are no certificate with its key: {error}") from None
    return context


def _no_password() -> str:
    """Nobody is asked for a password at the terminal."""
    raise ValueError("the key is encrypted")


# The port file


@contextmanager
def _port_file(start: Start, port: int) -> Iterator[None]:
    """The port in the file for as long as the block runs. Raises CommandError."""
    if start.options.port_file is None:
        yield
        return
    path = Path(start.options.port_file)
    try:
        path = path.resolve()
        ours = _write_whole(path, f"{port}\n")
    except (OSError, RuntimeError) as error:
        raise CommandError(f"{start.source('port_file')}: cannot write {path}: {_why(error)}") from None
    try:
        yield
    finally:
        with suppress(OSError):
            if _identity(path) == ours:
                path.unlink()


def _write_whole(path: Path, text: str) -> tuple[int, int, int]:
    """Put the text there in one step: a reader sees all of it or none. Returns the file's identity."""
    if path.exists() and not path.is_file():
        raise OSError("it is no regular file")
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(text)
            file.flush()
            part.chmod(0o644)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    return _identity(path)


def _identity(path: Path) -> tuple[int, int, int]:
    """Differs between this file and one that another server puts in its place."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_mtime_ns


# The command


async def serve(start: Start, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is given the lines that say where. Raises CommandError."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(start) as served:
        announce(_banner(start, served))
        await stop.wait()


def _banner(start: Start, served: Served) -> str:
    # Accounts of a configuration may have keys that are in use elsewhere.
    keys = map(short_key, served.keys) if start.configuration.documents else served.keys
    page = [] if start.options.no_ui else [f"  page      {served.url}/"]
    return "\n".join(
        [
            f"fakeserver {__version__} listens on {served.url}",
            f"  service   {served.url}{addresses.SERVICE_PATH}",
            *page,
            f"  API keys  {', '.join(keys)}",
            "Ctrl-C stops it.\n",
        ]
    )
