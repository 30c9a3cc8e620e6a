"""Stops attempts of this process to reach a real panel, before the name of its host is resolved.

The interpreter reports every attempt to resolve a name to audit hooks. A hook cannot be removed, so there is
only one, which does nothing while no guard is active. Two kinds of attempts pass it by: names that a socket
resolves while it connects, and names that libraries resolve on their own. Their methods are replaced while a
guard is active. An HTTP proxy would resolve the name elsewhere, so the listed hosts are excepted from the
proxies of the environment.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

__tracebackhide__ = True

REAL_PANELS = ("mydnspanel.com",)

# Audit events whose first argument is a host.
HOST_EVENTS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
# Module, class, and methods that take a host. Some versions of a library lack some of them.
UNAUDITED_METHODS = (
    ("socket", "socket", ("connect", "connect_ex", "sendto")),
    ("uvloop", "Loop", ("getaddrinfo", "create_connection")),
    ("pycares", "Channel", ("getaddrinfo", "gethostbyname", "query", "search")),
)
PROXY_VARIABLES = ("no_proxy", "NO_PROXY")


def is_listed(host: object, hosts: tuple[str, ...]) -> bool:
    """Whether `host`, as text or bytes and in any case, is one of `hosts` or a name below one of them."""
    name = _host_text(host).strip().lower().rstrip(".")
    return any(name == listed or name.endswith(f".{listed}") for listed in map(str.lower, hosts))


def _host_text(host: object) -> str:
    """The host as text; empty if it is not a host."""
    if isinstance(host, bytes | bytearray):
        return host.decode("latin-1")
    return host if isinstance(host, str) else ""


class NetworkGuard:
    """Stops attempts to reach one of `hosts`. `make_exception` is called with the host as it was written, and
    returns the exception that is raised in the place of the attempt.
    """

    def __init__(self, hosts: tuple[str, ...], make_exception: Callable[[str], BaseException]) -> None:
        self._hosts = hosts
        self._make_exception = make_exception

    @contextmanager
    def active(self) -> Iterator[None]:
        """The guard is active while the block runs."""
        guards = _active_guards()
        guards.append(self)
        try:
            with _bypassed_proxies(self._hosts), _checked_methods():
                yield
        finally:
            guards.remove(self)

    def check(self, arguments: Iterable[object]) -> None:
        """Raise the exception if an argument, or the host of an address such as `(host, port)`, is listed."""
        for argument in arguments:
            host = argument[0] if isinstance(argument, tuple) and argument else argument
            if is_listed(host, self._hosts):
                raise self._make_exception(_host_text(host))


@cache
def _active_guards() -> list[NetworkGuard]:
    """The active guards of this process, which the audit hook asks. The first call installs the hook."""
    guards: list[NetworkGuard] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if guards and event in HOST_EVENTS:
            _check(guards, arguments[:1])

    # Without this a hook is not traced, and neither coverage nor a debugger sees it.
    hook.__cantrace__ = True  # type: ignore[attr-defined]
    sys.addaudithook(hook)
    return guards


def _check(guards: Iterable[NetworkGuard], arguments: Iterable[object]) -> None:
    for guard in tuple(guards):
        guard.check(arguments)


@contextmanager
def _checked_methods() -> Iterator[None]:
    """Replace the methods that no audit event reports by ones that check their arguments."""
    originals = [(owner, name, getattr(owner, name)) for owner, name in _unaudited_methods()]
    for owner, name, original in originals:
        setattr(owner, name, _checked(original))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


@cache
def _unaudited_methods() -> tuple[tuple[Any, str], ...]:
    """Class and name of those of UNAUDITED_METHODS that exist in this environment."""
    found: list[tuple[Any, str]] = []
    for module, name, methods in UNAUDITED_METHODS:
        try:
            owner = getattr(import_module(module), name, None)
        except ImportError:
            continue
        found += ((owner, method) for method in methods if hasattr(owner, method))
    return tuple(found)


def _checked(method: Any) -> Any:
    def checked(*arguments: Any, **named: Any) -> Any:
        _check(_active_guards(), (*arguments, *named.values()))
        return method(*arguments, **named)

    return checked


@contextmanager
def _bypassed_proxies(hosts: tuple[str, ...]) -> Iterator[None]:
    """Except the hosts from the proxies of the environment."""
    before = {name: os.environ.get(name) for name in PROXY_VARIABLES}
    for name, value in before.items():
        os.environ[name] = ",".join(filter(None, [value, *hosts]))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
