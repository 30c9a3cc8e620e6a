"""A server with any number of accounts: one in a thread of this process, or one that runs elsewhere."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fakeserver.notation.addresses import EXAMPLE, SERVICE_PATH, base_url, is_health_of_a_fake
from fakeserver.testing.account_control import AccountControl
from fakeserver.testing.control_client import ControlClient, encode_json
from fakeserver.testing.errors import ServerBug, Unreachable, UsageError, hide_from_traceback
from fakeserver.testing.network_guard import REAL_PANELS, is_listed
from fakeserver.testing.panel import Panel
from fakeserver.testing.server_thread import ServerThread

__tracebackhide__ = hide_from_traceback


class _NewAccount(NamedTuple):
    """`unknown_key_requests_since` is the id of the last request with an unknown API key before it."""

    api_key: str
    unknown_key_requests_since: int


class PanelServer(ABC):
    """A running server. `url` is its base URL without a final slash, `endpoint` the URL of the web service.

    `PanelServer.start()` starts a server in a thread of this process, on a free port of 127.0.0.1.
    `PanelServer.at(url)` uses a server that runs already. Both are context managers. Their end removes the
    accounts that they have created, and stops the server that they have started.
    """

    def __init__(self, client: ControlClient) -> None:
        self._client = client
        self._panels: dict[str, Panel] = {}
        self._closed = False
        self.url = client.url
        self.endpoint = client.url + SERVICE_PATH

    @staticmethod
    def start() -> "PanelServer":
        """Start a server in a thread. Raises ImportError if aiohttp or jsonschema is not installed."""
        return _LocalServer()

    @staticmethod
    def at(url: str, token: str | None = None, real_panels: tuple[str, ...] = REAL_PANELS) -> "PanelServer":
        """Use the server at `url`, which is its base URL or the URL of its web service.

        `token` is its control token, if it has one. Raises UsageError if `url` is not such a URL, and
        Unreachable if no fakeserver answers there. Unreachable is raised, too, if the host is one of
        `real_panels` or a name below one of them; no connection is made then.
        """
        return _RemoteServer(url, token, real_panels)

    def __repr__(self) -> str:
        return f"<PanelServer {self.url}>"

    def __enter__(self) -> "PanelServer":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def new_account(self, **settings: Any) -> Panel:
        """Create an account with these settings and return its handle.

        docs/configuration.md lists the settings. The clock is frozen unless `clock` says otherwise; other
        settings have their defaults. Raises UsageError, which names the setting at fault. The account is
        removed when the server is closed, or before by `remove()` or the end of a `with` block of the handle.
        """
        if self._closed:
            raise UsageError("the server is closed and creates no more accounts")
        created = self._create_account({"clock": "frozen", **settings})
        account = AccountControl(self._client, created.api_key, created.unknown_key_requests_since)
        panel = Panel(account, self._remove)
        self._panels[created.api_key] = panel
        return panel

    def close(self) -> None:
        """Remove the accounts, and stop the server if it was started here. Closing it again does nothing.

        Raises ServerBug if the server has met a bug of its own.
        """
        if self._closed:
            return
        self._closed = True
        with self._closing(), ExitStack() as accounts:
            for panel in self._panels.values():
                accounts.callback(panel.remove)

    def _remove(self, panel: Panel) -> None:
        self._panels.pop(panel.api_key, None)
        self._remove_account(panel)

    @contextmanager
    def _closing(self) -> Iterator[None]:
        """Release what the server holds after the block, in which the accounts are removed."""
        try:
            yield
        finally:
            self._client.close()

    @abstractmethod
    def _create_account(self, settings: dict[str, Any]) -> _NewAccount: ...

    @abstractmethod
    def _remove_account(self, panel: Panel) -> None: ...


class _LocalServer(PanelServer):
    """Creates and removes accounts in the server's thread, without HTTP: every test does that once."""

    def __init__(self) -> None:
        self._thread = ServerThread()
        super().__init__(ControlClient(self._thread.url))

    def _create_account(self, settings: dict[str, Any]) -> _NewAccount:
        return _NewAccount(*self._thread.create_account(encode_json(settings)))

    def _remove_account(self, panel: Panel) -> None:
        self._thread.remove_account(panel.api_key)
        self._raise_bugs()

    def _raise_bugs(self) -> None:
        bugs = self._thread.take_bugs()
        if bugs:
            raise _server_bug([f"{type(bug).__name__}: {bug}" for bug in bugs]) from bugs[0]

    @contextmanager
    def _closing(self) -> Iterator[None]:
        with super()._closing():
            try:
                yield
            finally:
                self._client.close()
                self._thread.stop()
        self._raise_bugs()


class _RemoteServer(PanelServer):
    def __init__(self, url: str, token: str | None, real_panels: tuple[str, ...]) -> None:
        base = base_url(url)
        if base is None:
            raise UsageError(f"the URL should be a base URL such as {EXAMPLE}; it is {url[:80]!r}", "url")
        host = urlsplit(base).hostname or ""
        if is_listed(host, real_panels):
            raise Unreachable(
                f"{host} is a real SMS panel; nothing was sent there. Give the URL of a fakeserver"
            )
        client = ControlClient(base, token)
        try:
            _check_health(client)
        except BaseException:
            client.close()
            raise
        super().__init__(client)

    def _create_account(self, settings: dict[str, Any]) -> _NewAccount:
        newest = self._client.request("GET", "/journal", query={"limit": 1})["entries"]
        created = self._client.request("POST", "/accounts", settings)
        return _NewAccount(created["key"], newest[-1]["id"] if newest else 0)

    def _remove_account(self, panel: Panel) -> None:
        try:
            entries = panel.control("GET", "/journal")["entries"]
            panel.control("DELETE", "")
        except UsageError:
            return  # another client has removed the account or reset the server
        bugs = [entry["bug"] for entry in entries if "bug" in entry]
        if bugs:
            raise _server_bug(bugs)


def _check_health(client: ControlClient) -> None:
    if not is_health_of_a_fake(client.request("GET", "/health")):
        raise Unreachable(f"the server at {client.url} is not a fakeserver")


def _server_bug(bugs: Sequence[str]) -> ServerBug:
    more = f" (and {len(bugs) - 1} more)" if len(bugs) > 1 else ""
    return ServerBug(f"a bug in fakeserver, not in the application under test: {bugs[0]}{more}")
