"""A fake that serves any number of accounts: one of our own in a thread, or one that runs already."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fakeserver.notation.addresses import EXAMPLE, SERVICE_PATH, base_url, is_health_of_a_fake
from fakeserver.testing.control_client import ControlPlane, as_json
from fakeserver.testing.errors import ServerBug, Unreachable, UsageError, hidden
from fakeserver.testing.network_guard import REAL_PANELS, is_listed
from fakeserver.testing.panel import Panel
from fakeserver.testing.server_thread import ServerThread

__tracebackhide__ = hidden


class _Opened(NamedTuple):
    """A new account: its key, and the id of the last request before it whose key opened none."""

    key: str
    strangers_since: int


class PanelServer(ABC):
    """A running fake. `url` is its base URL without a final slash, `endpoint` the service's address.

    `PanelServer.start()` runs one in a thread of this process, at a free port of 127.0.0.1;
    `PanelServer.at(url)` uses one that runs already. Either is a context manager; at its end the accounts
    that it made are gone, and so are the thread and the port.
    """

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._panels: dict[str, Panel] = {}
        self._closed = False
        self.url = plane.url
        self.endpoint = plane.url + SERVICE_PATH

    @staticmethod
    def start() -> "PanelServer":
        """A fake of our own. Raises ImportError where aiohttp or jsonschema are not installed."""
        return _LocalServer()

    @staticmethod
    def at(url: str, token: str | None = None, real_panels: tuple[str, ...] = REAL_PANELS) -> "PanelServer":
        """The fake at `url` (its base, or the service's endpoint), driven with its control token if it has
        one. Raises UsageError for what is no URL, and Unreachable: also for a host that is on the list of
        real panels, before any connection is made.
        """
        return _RemoteServer(url, token, real_panels)

    def __repr__(self) -> str:
        return f"<PanelServer {self.url}>"

    def __enter__(self) -> "PanelServer":
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def new_account(self, **settings: Any) -> Panel:
        """A fresh account with these settings, with the defaults for the others; its clock is frozen unless
        they say otherwise. Raises UsageError, which names the setting at fault.

        It is removed when the server is closed, or before that by `remove` or as a context manager.
        """
        if self._closed:
            raise UsageError("the server is closed; it makes no more accounts")
        opened = self._open({"clock": "frozen", **settings})
        panel = Panel(self._plane, opened.key, self._forget, opened.strangers_since)
        self._panels[opened.key] = panel
        return panel

    def close(self) -> None:
        """Remove the accounts, stop. Raises ServerBug when the fake met a bug of its own. Closing it again
        does nothing.
        """
        if self._closed:
            return
        self._closed = True
        with self._closing(), ExitStack() as accounts:
            for panel in self._panels.values():
                accounts.callback(panel.remove)

    def _forget(self, panel: Panel) -> None:
        self._panels.pop(panel.api_key, None)
        self._close_account(panel)

    @contextmanager
    def _closing(self) -> Iterator[None]:
        """What is given back once the accounts are gone, whatever happens."""
        try:
            yield
        finally:
            self._plane.close()

    @abstractmethod
    def _open(self, settings: dict[str, Any]) -> _Opened: ...

    @abstractmethod
    def _close_account(self, panel: Panel) -> None: ...


class _LocalServer(PanelServer):
    """Makes and removes accounts without the detour of HTTP, for that is done once a test."""

    def __init__(self) -> None:
        self._thread = ServerThread()
        super().__init__(ControlPlane(self._thread.url))

    def _open(self, settings: dict[str, Any]) -> _Opened:
        return _Opened(*self._thread.open_account(as_json(settings)))

    def _close_account(self, panel: Panel) -> None:
        self._thread.close_account(panel.api_key)
        self._raise_bug()

    def _raise_bug(self) -> None:
        bugs = self._thread.take_bugs()
        if bugs:
            more = f" (and {len(bugs) - 1} more)" if len(bugs) > 1 else ""
            told = f"{type(bugs[0]).__name__}: {bugs[0]}{more}"
            raise ServerBug(f"a bug in fakeserver, not in the application under test: {told}") from bugs[0]

    @contextmanager
    def _closing(self) -> Iterator[None]:
        with super()._closing():
            try:
                yield
            finally:
                self._plane.close()
                self._thread.stop()
        self._raise_bug()


class _RemoteServer(PanelServer):
    def __init__(self, url: str, token: str | None, real_panels: tuple[str, ...]) -> None:
        base = base_url(url)
        if base is None:
            raise UsageError(f"the URL should be a fake's base URL such as {EXAMPLE}; it is {url[:80]!r}")
        host = urlsplit(base).hostname or ""
        if is_listed(host, real_panels):
            raise Unreachable(f"{host} is a real SMS panel; nothing was sent there. A fake's URL is wanted")
        plane = ControlPlane(base, token)
        try:
            _check_health(plane)
        except BaseException:
            plane.close()
            raise
        super().__init__(plane)

    def _open(self, settings: dict[str, Any]) -> _Opened:
        strangers = self._plane.ask("GET", "/journal", query={"limit": 1})["entries"]
        created = self._plane.ask("POST", "/accounts", settings)
        return _Opened(created["key"], strangers[-1]["id"] if strangers else 0)

    def _close_account(self, panel: Panel) -> None:
        try:
            entries = panel.control("GET", "/journal")["entries"]
            panel.control("DELETE", "")
        except UsageError:
            return  # somebody else has removed the account, or reset the server
        bugs = [entry["bug"] for entry in entries if "bug" in entry]
        if bugs:
            more = f" (and {len(bugs) - 1} more)" if len(bugs) > 1 else ""
            told = f"{bugs[0]}{more}"
            raise ServerBug(f"a bug in fakeserver, not in the application under test: {told}")


def _check_health(plane: ControlPlane) -> None:
    if not is_health_of_a_fake(plane.ask("GET", "/health")):
        raise Unreachable(f"what answers at {plane.url} is no fakeserver")
