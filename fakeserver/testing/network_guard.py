"""No escape: what tries to reach a real panel from this process is stopped before it is resolved.

The interpreter tells an audit hook of every attempt to resolve a name, whoever makes it; a hook cannot be
taken away again, so there is one, which does nothing while nobody watches. It is not told of names that a
socket resolves as it connects, nor of what libraries resolve by themselves: their methods are replaced for
as long as somebody watches. An HTTP proxy would resolve the name elsewhere, so meanwhile the listed hosts
are excepted from the proxies that the environment names.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

__tracebackhide__ = True

REAL_PANELS = ("mydnspanel.com",)

# The first argument of each is a host.
_EVENTS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
# Module, class, and its methods that are given a host; not every version has each.
_BESIDE = (
    ("socket", "socket", ("connect", "connect_ex", "sendto")),
    ("uvloop", "Loop", ("getaddrinfo", "create_connection")),
    ("pycares", "Channel", ("getaddrinfo", "gethostbyname", "query", "search")),
)
_PROXY_VARIABLES = ("no_proxy", "NO_PROXY")

# One a process, as the hook is: who watches now.
_watchers: "list[NetworkGuard]" = []
_hooked: list[bool] = []


def is_listed(host: object, hosts: tuple[str, ...]) -> bool:
    """Whether `host` is one of these, or a name below one of them, in whatever notation."""
    name = _text(host).strip().lower().rstrip(".")
    return any(name == listed or name.endswith(f".{listed}") for listed in map(str.lower, hosts))


def _text(host: object) -> str:
    """The host as text; empty for what is none."""
    if isinstance(host, bytes | bytearray):
        return host.decode("latin-1")
    return host if isinstance(host, str) else ""


class NetworkGuard:
    """Watches for attempts to reach one of `hosts`: `stop` is told the host as it was written, and makes the
    exception that stops the attempt.
    """

    def __init__(self, hosts: tuple[str, ...], stop: Callable[[str], BaseException]) -> None:
        self._hosts = hosts
        self._stop = stop

    @contextmanager
    def watching(self) -> Iterator[None]:
        """NetworkGuard for as long as the block runs."""
        if not _hooked:
            _hooked.append(True)
            sys.addaudithook(_hook)
        _watchers.append(self)
        try:
            with _not_by_proxy(self._hosts), _watched_beside():
                yield
        finally:
            _watchers.remove(self)

    def check(self, arguments: tuple[object, ...]) -> None:
        """Raise what `stop` makes when a host among the arguments, or in an address among them, is listed."""
        for argument in arguments:
            host = argument[0] if isinstance(argument, tuple) and argument else argument
            if is_listed(host, self._hosts):
                raise self._stop(_text(host))


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watchers and event in _EVENTS:
        _check(arguments[0])


# So that coverage and debuggers see it.
_hook.__cantrace__ = True  # type: ignore[attr-defined]


def _check(*arguments: object) -> None:
    for watch in tuple(_watchers):
        watch.check(arguments)


@contextmanager
def _watched_beside() -> Iterator[None]:
    """NetworkGuard what the hook is not told of."""
    originals = [(owner, name, getattr(owner, name)) for owner, name in _beside()]
    for owner, name, original in originals:
        setattr(owner, name, _checked(original))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


@cache
def _beside() -> tuple[tuple[Any, str], ...]:
    """Class and name of every method to be watched that there is in this environment."""
    found: list[tuple[Any, str]] = []
    for module, name, methods in _BESIDE:
        try:
            owner = getattr(import_module(module), name, None)
        except ImportError:
            continue
        found += ((owner, method) for method in methods if hasattr(owner, method))
    return tuple(found)


def _checked(original: Any) -> Any:
    def checked(*arguments: Any, **named: Any) -> Any:
        _check(*arguments, *named.values())
        return original(*arguments, **named)

    return checked


@contextmanager
def _not_by_proxy(hosts: tuple[str, ...]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _PROXY_VARIABLES}
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
