"""A server in a thread of this process. Only when one is asked for, the web framework is imported."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from fakeserver.testing.errors import FakeserverError, UsageError, hidden

if TYPE_CHECKING:
    from fakeserver.web.control.context import Control

__tracebackhide__ = hidden
PATIENCE_SECONDS = 30.0
Result = TypeVar("Result")


class ServerThread:
    """Serves until `stop`, at a free port of the loopback address. Shares nothing with another one."""

    def __init__(self) -> None:
        # Imported here and not in the thread: an error of an import belongs to the caller.
        import aiohttp  # noqa: F401
        import jsonschema  # noqa: F401

        self.url = ""
        self._bugs: list[BaseException] = []
        self._started: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, name="fakeserver", daemon=True)
        self._thread.start()
        self.url = self._started.result(PATIENCE_SECONDS)

    def open_account(self, settings: bytes) -> tuple[str, int]:
        """The key of a new account with these settings, in JSON, and the id of the last request before it
        whose key opened none. Raises UsageError.
        """
        from fakeserver.web.control import accounts
        from fakeserver.web.control.problem import ControlError

        def work() -> tuple[str, int]:
            account = accounts.open_account(self._control, settings)
            return account.settings.key, self._control.panel.journal.last_id

        try:
            return self._in_loop(work)
        except ControlError as refused:
            raise UsageError(refused.detail) from None

    def close_account(self, key: str) -> None:
        """Remove an account; one that is gone already is no error."""
        from fakeserver.web.control import accounts

        def work() -> None:
            if key in self._control.panel.accounts:
                accounts.close_account(self._control, key)

        if self._thread.is_alive():
            self._in_loop(work)

    def take_bugs(self) -> list[BaseException]:
        """The exceptions that nobody foresaw, since they were last taken."""
        taken, self._bugs = self._bugs, []
        return taken

    def stop(self) -> None:
        """Returns when the thread and the port are gone."""
        with suppress(RuntimeError):  # the loop is closed: it has ended by itself
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE_SECONDS)
        if self._thread.is_alive():
            raise FakeserverError(f"the server's thread has not ended within {PATIENCE_SECONDS:g} s")

    def _in_loop(self, work: Callable[[], Result]) -> Result:
        """Do this between two requests, in the server's own thread."""
        done: Future[Result] = Future()

        def do() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it is the caller's
                done.set_exception(error)

        self._loop.call_soon_threadsafe(do)
        return done.result(PATIENCE_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - nobody else would see it
            if self._started.done():
                self._bugs.append(error)
            else:
                self._started.set_exception(error)

    async def _serve(self) -> None:
        from aiohttp import web

        from fakeserver.panel.panel import SimulatedPanel
        from fakeserver.web.app import CONTROL, Options, build_app
        from fakeserver.web.http.runner import Runner
        from fakeserver.web.system_clock import system_clock

        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(self._note)
        clock = system_clock()
        app = build_app(SimulatedPanel((), clock()), Options(on_bug=self._bugs_append), clock)
        self._control: Control = app[CONTROL]
        runner = Runner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._started.set_result(f"http://127.0.0.1:{runner.addresses[0][1]}")
            await self._over.wait()
        finally:
            await runner.cleanup()

    def _bugs_append(self, error: BaseException) -> None:
        self._bugs.append(error)

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An exception in a task of the server that nobody waits for."""
        error = context.get("exception")
        if error is not None and not isinstance(error, ConnectionError):
            self._bugs.append(error)
