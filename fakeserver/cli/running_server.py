"""A server that runs with the options of `serve`, for the commands `serve` and `exec`."""

import errno
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from typing import NamedTuple

from aiohttp import web

from fakeserver.cli import logs
from fakeserver.cli.errors import CommandError
from fakeserver.cli.options import ServeOptions
from fakeserver.cli.os_errors import reason
from fakeserver.cli.port_file import port_file
from fakeserver.cli.resolve import ResolvedOptions
from fakeserver.cli.tls import tls_context
from fakeserver.notation import addresses
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.defaults import TEST_KEYS, Document
from fakeserver.web.app import Options, build_app
from fakeserver.web.control.guard import Guard
from fakeserver.web.http.runner import Runner
from fakeserver.web.system_clock import system_clock


class RunningServer(NamedTuple):
    """`url` is the base URL with the host that was asked for, `reachable_url` one that clients on this
    machine can use. `keys` are the API keys of the accounts, in their order.
    """

    url: str
    reachable_url: str
    keys: tuple[str, ...]


@asynccontextmanager
async def running_server(resolved: ResolvedOptions) -> AsyncIterator[RunningServer]:
    """The server runs while the block does. Raises CommandError."""
    options = resolved.options
    check_options(resolved)
    tls = tls_context(resolved)
    clock = system_clock()
    defaults = {"clock": options.clock}
    documents = resolved.configuration.documents or TEST_KEYS
    accounts = replace(resolved.configuration, documents=documents).accounts_above(defaults)
    panel = SimulatedPanel(
        accounts, clock(), journal_max=options.journal_max, max_accounts=options.max_accounts
    )
    app = build_app(panel, _app_options(options, defaults), clock)
    runner = Runner(app, access_log=logs.request_logger(), access_log_class=logs.AccessLogger)
    await runner.setup()
    try:
        await _listen(runner, resolved, tls)
        port = runner.addresses[0][1]
        with port_file(resolved, port):
            keys = tuple(account.key for account in accounts)
            yield RunningServer(_url(options, port), _reachable_url(options, port), keys)
    finally:
        await runner.cleanup()


def check_options(resolved: ResolvedOptions) -> None:
    """Raise CommandError for options that are not possible together."""
    options = resolved.options
    for one, other in (("tls_cert", "tls_key"), ("tls_key", "tls_cert")):
        if getattr(options, one) and not getattr(options, other):
            raise CommandError(f"{resolved.source(one)}: needs --{other.replace('_', '-')} as well")
    if not is_loopback(options.host) and options.control_token is None and not options.open_control:
        raise CommandError(
            f"{resolved.source('host')}: listening on {options.host} lets other machines control the server; "
            "set --control-token TOKEN, or --open-control to allow it"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to the host. `localhost` is the only name that is."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _app_options(options: ServeOptions, account_defaults: Document) -> Options:
    hosts = frozenset(host.lower().rstrip(".") for host in options.allowed_host)
    return Options(
        max_body=options.max_body,
        guard=Guard(options.control_token, hosts),
        trust_proxy=options.trust_proxy,
        front_page=not options.no_ui,
        account_defaults=account_defaults,
    )


async def _listen(runner: web.AppRunner, resolved: ResolvedOptions, tls: ssl.SSLContext | None) -> None:
    host, port = resolved.options.host, resolved.options.port
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls).start()
    except (OSError, UnicodeError) as error:
        unusable_port = isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES)
        hint = "; --port sets another port, 0 a free one" if port and unusable_port else ""
        raise CommandError(f"cannot listen on {host} port {port}: {reason(error)}{hint}") from None


def _url(options: ServeOptions, port: int) -> str:
    return addresses.url_of("https" if options.tls_cert else "http", options.host, port)


def _reachable_url(options: ServeOptions, port: int) -> str:
    return _url(replace(options, host=addresses.reachable(options.host)), port)
