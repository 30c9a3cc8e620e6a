"""The command `exec`: a command runs while the server does, and decides how all of it ends.

CMD has a process group of its own, so that nothing of it is left when the server goes. Only in the
foreground of a terminal it stays in ours, as with `timeout --foreground`: there the terminal itself sends
Ctrl-C and Ctrl-Z to both, and a pager behind a pipe keeps the keyboard.
"""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence

from fakeserver.cli.logs import say
from fakeserver.cli.options import Start
from fakeserver.cli.serving import Served, serving
from fakeserver.notation.addresses import SERVICE_PATH

PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 5.0  # between a signal that ends CMD and SIGKILL
REST_SECONDS = 1.0  # for what CMD leaves behind in its group
LOOK_SECONDS = 0.02
EXIT_SIGNAL = 128
EXIT_NOT_EXECUTABLE = 126
EXIT_NOT_FOUND = 127


async def execute(start: Start, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serve while `command` runs; returns its exit status, 128 + n when signal n has ended it, 127 when
    there is no such command and 126 when it cannot be executed. Raises CommandError.
    """
    received: asyncio.Queue[signal.Signals] = asyncio.Queue()
    for number in PASSED_ON:
        # What was ignored when we started (nohup) stays so, for the command too.
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, received.put_nowait, number)
    async with serving(start) as served:
        shares_terminal = _is_in_foreground()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=_environment(environment, served, start.options.control_token),
                process_group=None if shares_terminal else 0,
            )
        except OSError as error:
            say(f"cannot run {command[0]}: {os.strerror(error.errno or 0)}", start.options.log_format)
            return EXIT_NOT_FOUND if isinstance(error, FileNotFoundError) else EXIT_NOT_EXECUTABLE
        say(f"listens on {served.url} while {command[0]} runs", start.options.log_format)
        status = await Command(process, shares_terminal=shares_terminal).finish(received)
    return EXIT_SIGNAL - status if status < 0 else status


def _environment(given: Mapping[str, str], served: Served, token: str | None) -> dict[str, str]:
    url = served.reachable_url
    told = {"PANEL_URL": url, "PANEL_ENDPOINT": url + SERVICE_PATH, "PANEL_API_KEY": served.keys[0]}
    # A token that was inherited belongs to another server.
    kept = {name: value for name, value in given.items() if name != "PANEL_CONTROL_TOKEN"}
    return {**kept, **told, **({} if token is None else {"PANEL_CONTROL_TOKEN": token})}


def _is_in_foreground() -> bool:
    """Whether the terminal's signals, if there is a terminal, come to our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        finally:
            os.close(terminal)
    except OSError:  # there is none, or it has just gone
        return False


class Command:
    """The running CMD: signals go to it, and nothing of it stays."""

    def __init__(self, process: Process, *, shares_terminal: bool) -> None:
        self._process = process
        self._shares_terminal = shares_terminal
        self._over = False

    async def finish(self, received: "asyncio.Queue[signal.Signals]") -> int:
        """Pass signals on until CMD ends; returns its status, negative for a signal."""
        passing = asyncio.create_task(self._pass_on(received))
        try:
            return await self._process.wait()
        finally:
            passing.cancel()
            await self._clear()
            self._over = True

    async def _pass_on(self, received: "asyncio.Queue[signal.Signals]") -> None:
        while True:
            number = await received.get()
            if number is not signal.SIGINT:
                self._send(number)
                asyncio.get_running_loop().call_later(GRACE_SECONDS, self._send, signal.SIGKILL)
            elif not self._shares_terminal:
                self._send(number)

    async def _clear(self) -> None:
        """End what CMD has left running: first asked, then made to."""
        deadline = asyncio.get_running_loop().time() + REST_SECONDS
        here = self._send(signal.SIGTERM)
        while here and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            here = self._send(0)
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> bool:
        """Send a signal to all of CMD, or to CMD alone where its group is ours; whether anybody was there."""
        if self._over or (self._shares_terminal and self._process.returncode is not None):
            return False
        try:
            (os.kill if self._shares_terminal else os.killpg)(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True
