"""The command `exec`: serves while a command CMD runs, and ends with its exit status.

CMD runs in a process group of its own, so that nothing that it has started outlives the server. There is one
exception: if `exec` runs in the foreground of a terminal, CMD stays in the same group, as with
`timeout --foreground`. The terminal then sends Ctrl-C and Ctrl-Z to both, and a pager can read the keyboard.
"""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence

from fakeserver.cli.logs import write_message
from fakeserver.cli.os_errors import reason
from fakeserver.cli.resolve import ResolvedOptions
from fakeserver.cli.running_server import RunningServer, running_server
from fakeserver.notation.addresses import SERVICE_PATH

FORWARDED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KILL_AFTER_SECONDS = 5.0  # from a signal that should end CMD to SIGKILL
CLEANUP_SECONDS = 1.0  # from SIGTERM to SIGKILL for processes that CMD leaves in its group
POLL_SECONDS = 0.02
EXIT_SIGNAL = 128
EXIT_NOT_EXECUTABLE = 126
EXIT_NOT_FOUND = 127


async def execute(resolved: ResolvedOptions, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serve while the command runs, and return its exit status.

    The status is 128 + n if signal n has ended the command, 127 if the command does not exist, and 126 if it
    cannot be executed. Raises CommandError.
    """
    received: asyncio.Queue[signal.Signals] = asyncio.Queue()
    for number in FORWARDED_SIGNALS:
        # A signal that was ignored at the start (nohup) stays ignored, also by the command.
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, received.put_nowait, number)
    log_format = resolved.options.log_format
    async with running_server(resolved) as server:
        shares_terminal = _is_in_foreground()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=_environment(environment, server, resolved.options.control_token),
                process_group=None if shares_terminal else 0,
            )
        except OSError as error:
            write_message(f"cannot run {command[0]}: {reason(error)}", log_format)
            return EXIT_NOT_FOUND if isinstance(error, FileNotFoundError) else EXIT_NOT_EXECUTABLE
        write_message(f"listens on {server.url} while {command[0]} runs", log_format)
        status = await RunningCommand(process, shares_terminal=shares_terminal).finish(received)
    return EXIT_SIGNAL - status if status < 0 else status


def _environment(inherited: Mapping[str, str], server: RunningServer, token: str | None) -> dict[str, str]:
    """The environment of the command."""
    url = server.reachable_url
    variables = {"PANEL_URL": url, "PANEL_ENDPOINT": url + SERVICE_PATH, "PANEL_API_KEY": server.keys[0]}
    if token is not None:
        variables["PANEL_CONTROL_TOKEN"] = token
    # An inherited token belongs to another server.
    kept = {name: value for name, value in inherited.items() if name != "PANEL_CONTROL_TOKEN"}
    return kept | variables


def _is_in_foreground() -> bool:
    """Whether there is a terminal, and it sends its signals to our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        finally:
            os.close(terminal)
    except OSError:  # there is no terminal, or it was closed in the meantime
        return False


class RunningCommand:
    """The process of CMD with what it has started."""

    def __init__(self, process: Process, *, shares_terminal: bool) -> None:
        self._process = process
        self._shares_terminal = shares_terminal
        self._finished = False

    async def finish(self, received: "asyncio.Queue[signal.Signals]") -> int:
        """Forward the received signals until CMD ends, then end what it has left running.

        Returns the exit status of CMD, or -n if signal n has ended it.
        """
        forwarding = asyncio.create_task(self._forward_signals(received))
        try:
            return await self._process.wait()
        finally:
            forwarding.cancel()
            await self._end_rest_of_group()
            self._finished = True

    async def _forward_signals(self, received: "asyncio.Queue[signal.Signals]") -> None:
        while True:
            number = await received.get()
            if number is not signal.SIGINT:
                self._send(number)
                asyncio.get_running_loop().call_later(KILL_AFTER_SECONDS, self._send, signal.SIGKILL)
            elif not self._shares_terminal:
                self._send(number)

    async def _end_rest_of_group(self) -> None:
        deadline = asyncio.get_running_loop().time() + CLEANUP_SECONDS
        exists = self._send(signal.SIGTERM)
        while exists and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(POLL_SECONDS)
            exists = self._send(0)
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> bool:
        """Send a signal to the group of CMD, or to CMD alone if its group is ours. Returns whether any
        process of it exists.
        """
        if self._finished or (self._shares_terminal and self._process.returncode is not None):
            return False
        try:
            (os.kill if self._shares_terminal else os.killpg)(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True
