"""No escape: what tries to reach a real panel from this process is stopped before it is resolved.

The interpreter tells an audit hook of every attempt to resolve a name or to connect, whoever makes it; a
hook cannot be taken away again, so there is one, which does nothing while nobody watches. Libraries that
resolve names by themselves, without the interpreter, are watched where they stand. An HTTP proxy would
resolve the name elsewhere; while somebody watches, the listed hosts are excepted from the proxies that
the environment names.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__tracebackhide__ = True

REAL_PANELS = ("mydnspanel.com",)

# Audit event → the place of the host, or of the address that has it, among the arguments.
_EVENTS = {
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.connect": 1,
    "socket.sendto": 1,
}
# Module → class → methods that are given a host.
_BESIDE = (
    ("uvloop", "Loop", ("getaddrinfo", "create_connection")),
    ("pycares", "Channel", ("getaddrinfo", "gethostbyname", "query")),
)
_PROXY_VARIABLES = ("no_proxy", "NO_PROXY")

# One a process, as the hook is: who watches now.
_watchers: "list[Watch]" = []
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


class Watch:
    """Watches for attempts to reach one of `hosts`; `stop` makes the exception that stops one, of the host.

    `attempts` are the hosts of those that were stopped: an application may have swallowed the exception.
    """

    def __init__(self, hosts: tuple[str, ...], stop: Callable[[str], BaseException]) -> None:
        self.hosts = hosts
        self.attempts: list[str] = []
        self._stop = stop

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch for as long as the block runs."""
        if not _hooked:
            _hooked.append(True)
            sys.addaudithook(_hook)
        _watchers.append(self)
        try:
            with _not_by_proxy(self.hosts), _watched_beside():
                yield
        finally:
            _watchers.remove(self)

    def taken(self) -> list[str]:
        """The attempts since they were last taken."""
        taken, self.attempts = self.attempts, []
        return taken

    def check(self, hosts: tuple[object, ...]) -> None:
        for host in hosts:
            if is_listed(host, self.hosts):
                self.attempts.append(_text(host))
                raise self._stop(_text(host))


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watchers:
        return
    place = _EVENTS.get(event)
    if place is not None:
        where = arguments[place]
        _check(where[0] if isinstance(where, tuple) and where else where)


# So that coverage and debuggers see it.
_hook.__cantrace__ = True  # type: ignore[attr-defined]


def _check(*hosts: object) -> None:
    for watch in tuple(_watchers):
        watch.check(hosts)


@contextmanager
def _watched_beside() -> Iterator[None]:
    """Watch the libraries that are there by now and resolve names by themselves."""
    replaced: list[tuple[Any, str, Any]] = []
    for module, name, methods in _BESIDE:
        owner = getattr(sys.modules.get(module), name, None)
        for method in methods if owner else ():
            replaced.append((owner, method, getattr(owner, method)))
            setattr(owner, method, _checked(getattr(owner, method)))
    try:
        yield
    finally:
        for owner, method, original in reversed(replaced):
            setattr(owner, method, original)


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
