"""One account on a server of its own: the fake for whoever does not use pytest."""

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

    The settings are those of an account; the clock is frozen unless they say otherwise. With `url` (and
    `token`, where it asks for one) the account is on a fake that runs already, else on one in a thread of
    this process. At the end account, thread and port are gone. Raises UsageError, Unreachable, and at the end
    ServerBug when the fake itself was at fault.
    """

    def __init__(self, *, url: str | None = None, token: str | None = None, **settings: Any) -> None:
        self._url, self._token, self._settings = url, token, settings
        self._server: PanelServer | None = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"FakePanel has no {name!r}; the panel of `with FakePanel() as panel:` may")

    def __enter__(self) -> Panel:
        if self._server is not None:
            raise RuntimeError("this FakePanel is in use already; make another one")
        server = PanelServer.start() if self._url is None else PanelServer.at(self._url, self._token)
        try:
            panel = server.new_account(**self._settings)
        except BaseException:
            server.close()
            raise
        self._server = server
        return panel

    def __exit__(self, *_raised: object) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    async def __aenter__(self) -> Panel:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *raised: object) -> None:
        await asyncio.to_thread(self.__exit__, *raised)
