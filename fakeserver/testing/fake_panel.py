"""An account on a server of its own, for tests without pytest."""

import asyncio
from typing import TYPE_CHECKING, Any, NoReturn

from fakeserver.testing.panel import Panel
from fakeserver.testing.server import PanelServer


class FakePanel:
    """A context manager, synchronous and asynchronous, that gives the handle of a fresh account.

        with FakePanel(credit=50_000) as panel:
            my_app.configure(panel.endpoint, panel.api_key)
            my_app.sign_up("09121234567")
            code = panel.wait_for(to="09121234567")[-1].code

    The keyword arguments are settings of the account, which docs/configuration.md lists. Its clock is frozen
    unless `clock` says otherwise. The account is on a new server in a thread of this process or, with `url`,
    on the server that runs there; `token` is the control token of that server, if it has one. The end of the
    block removes the account and stops the server that was started.

    Entering the block raises UsageError, Unreachable if no fakeserver answers at `url`, and RuntimeError if
    the object is in use already. Leaving it raises ServerBug if the server has met a bug of its own.
    """

    def __init__(self, *, url: str | None = None, token: str | None = None, **settings: Any) -> None:
        self._url, self._token, self._settings = url, token, settings
        self._server: PanelServer | None = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(
                f"FakePanel has no attribute {name!r}; use the panel of `with FakePanel() as panel:`"
            )

    def __enter__(self) -> Panel:
        if self._server is not None:
            raise RuntimeError("this FakePanel is in use already; create another one")
        server = PanelServer.start() if self._url is None else PanelServer.at(self._url, self._token)
        try:
            panel = server.new_account(**self._settings)
        except BaseException:
            server.close()
            raise
        self._server = server
        return panel

    def __exit__(self, *_exception: object) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    async def __aenter__(self) -> Panel:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *exception: object) -> None:
        await asyncio.to_thread(self.__exit__, *exception)
