"""A server in a thread of this process. The web framework is imported only when one is started."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from fakeserver.testing.errors import FakeserverError, hide_from_traceback
from fakeserver.testing.problems import usage_error

if TYPE_CHECKING:
    from fakeserver.web.control.context import Control

__tracebackhide__ = hide_from_traceback

THREAD_TIMEOUT_SECONDS = 30.0  # for each answer of the thread
Result = TypeVar("Result")


class ServerThread:
    """Serves on a free port of 127.0.0.1 until `stop`. Several of them share nothing."""

    def __init__(self) -> None:
        # Imported here rather than in the thread, so that an ImportError is raised to the caller.
        import aiohttp  # noqa: F401
        import jsonschema  # noqa: F401

        self._bugs: list[BaseException] = []
        self._started: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, name="fakeserver", daemon=True)
        self._thread.start()
        self.url = self._started.result(THREAD_TIMEOUT_SECONDS)

    def create_account(self, settings: bytes) -> tuple[str, int]:
        """Create an account with these settings, which are JSON. Raises UsageError.

        Returns its API key, and the id of the last request with an unknown API key before it.
        """
        from fakeserver.web.control import accounts
        from fakeserver.web.control.problem import ControlError

        def create() -> tuple[str, int]:
            account = accounts.open_account(self._control, settings)
            return account.settings.key, self._control.panel.journal.last_id

        try:
            return self._call_in_loop(create)
        except ControlError as refusal:
            raise usage_error(refusal.problems) from None

    def remove_account(self, api_key: str) -> None:
        """Remove an account, unless it is removed already."""
        from fakeserver.web.control import accounts

        def remove() -> None:
            if api_key in self._control.panel.accounts:
                accounts.close_account(self._control, api_key)

        if self._thread.is_alive():
            self._call_in_loop(remove)

    def take_bugs(self) -> list[BaseException]:
        """The unexpected exceptions since the last call."""
        taken, self._bugs = self._bugs, []
        return taken

    def stop(self) -> None:
        """Stop the server. Returns when the port is closed and the thread has ended."""
        with suppress(RuntimeError):  # the loop is closed: the thread has ended by itself
            self._loop.call_soon_threadsafe(self._stop_requested.set)
        self._thread.join(THREAD_TIMEOUT_SECONDS)
        if self._thread.is_alive():
            raise FakeserverError(
                f"the thread of the server has not ended within {THREAD_TIMEOUT_SECONDS:g} s"
            )

    def _call_in_loop(self, function: Callable[[], Result]) -> Result:
        """Call the function in the thread of the server, between two requests."""
        done: Future[Result] = Future()

        def call() -> None:
            try:
                done.set_result(function())
            except BaseException as error:  # noqa: BLE001 - raised to the caller
                done.set_exception(error)

        self._loop.call_soon_threadsafe(call)
        return done.result(THREAD_TIMEOUT_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - raised by the constructor, or reported as a bug
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

        self._loop, self._stop_requested = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(self._record_task_exception)
        clock = system_clock()
        app = build_app(SimulatedPanel((), clock()), Options(on_bug=self._record_bug), clock)
        self._control: Control = app[CONTROL]
        runner = Runner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._started.set_result(f"http://127.0.0.1:{runner.addresses[0][1]}")
            await self._stop_requested.wait()
        finally:
            await runner.cleanup()

    def _record_bug(self, error: BaseException) -> None:
        # Not a bound method of the list: `take_bugs` replaces the list.
        self._bugs.append(error)

    def _record_task_exception(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Record the exception of a task that nothing awaits, except for broken connections."""
        error = context.get("exception")
        if error is not None and not isinstance(error, ConnectionError):
            self._record_bug(error)
