"""A server of ours for one test, and bytes straight to its socket."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import Settings, default_accounts
from fakeserver.spec.units import RealMs
from fakeserver.web.app import Options, build_app
from fakeserver.web.http.log_filter import http_logger
from fakeserver.web.http.runner import Runner
from fakeserver.web.system_clock import RealClock

REAL_MS = RealMs(1_700_000_000_000)


@dataclass
class Served:
    """A running server; its real time stands still unless a test moves `real_ms`."""

    panel: SimulatedPanel
    real_ms: RealMs = REAL_MS
    port: int = 0
    logged: list[logging.LogRecord] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pass_time(self, milliseconds: int) -> None:
        """Let real time pass."""
        self.real_ms = RealMs(self.real_ms + milliseconds)

    async def raw(self, data: bytes, *, half_close: bool = False, to_end: bool = False) -> bytes:
        """Send these bytes on a connection of their own; what comes back first, or until the server
        closes the connection.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        await writer.drain()
        if half_close:
            writer.write_eof()
        try:
            return await asyncio.wait_for(reader.read(-1 if to_end else 1 << 16), 10)
        finally:
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), 10)


class _Keep(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__()
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@asynccontextmanager
async def served(
    accounts: Iterable[Settings] | None = None,
    options: Options | None = None,
    *,
    clock: RealClock | None = None,
    run_by: type[web.AppRunner] = Runner,
) -> AsyncIterator[Served]:
    """Serve these accounts (by default the test keys) on a free port of this test's loop."""
    server = Served(SimulatedPanel(default_accounts() if accounts is None else accounts, REAL_MS))
    app = build_app(server.panel, options, clock or (lambda: server.real_ms))
    logger, handler = http_logger(), _Keep(server.logged)
    logger.addHandler(handler)
    runner = run_by(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()
        logger.removeHandler(handler)
