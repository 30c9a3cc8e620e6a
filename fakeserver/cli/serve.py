"""The command `serve`."""

import asyncio
import signal
from collections.abc import Callable

from fakeserver import __version__
from fakeserver.cli.resolve import ResolvedOptions
from fakeserver.cli.running_server import RunningServer, running_server
from fakeserver.notation import addresses
from fakeserver.wire.call import short_key


async def serve(resolved: ResolvedOptions, print_text: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. `print_text` prints the addresses and keys. Raises CommandError."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running_server(resolved) as server:
        print_text(_banner(resolved, server))
        await stop.wait()


def _banner(resolved: ResolvedOptions, server: RunningServer) -> str:
    # The keys of a configuration file may be in use elsewhere.
    keys = map(short_key, server.keys) if resolved.configuration.documents else server.keys
    page = [] if resolved.options.no_ui else [f"  page      {server.url}/"]
    return "\n".join(
        [
            f"fakeserver {__version__} listens on {server.url}",
            f"  service   {server.url}{addresses.SERVICE_PATH}",
            *page,
            f"  API keys  {', '.join(keys)}",
            "Ctrl-C stops it.\n",
        ]
    )
