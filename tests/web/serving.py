"""A server for one test, and raw bytes sent to its socket."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from fakeserver.account.journal import ENTRIES_MAX
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import Settings, default_accounts
from fakeserver.spec.units import RealMs
from fakeserver.web.app import Options, build_app
from fakeserver.web.http.log_filter import http_logger
from fakeserver.web.http.runner import Runner
from fakeserver.web.system_clock import RealClock

REAL_MS = RealMs(1_700_000_000_000)
TIMEOUT_SECONDS = 20.0  # after which something that should have happened counts as missing


@dataclass
class LocalServer:
    """A running server. Its real time stands still; `pass_time` moves it. `log` holds the log records of its
    HTTP layer.
    """

    panel: SimulatedPanel
    real_ms: RealMs = REAL_MS
    port: int = 0
    log: list[logging.LogRecord] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tracebacks(self) -> list[str]:
        """The messages that were logged with a traceback."""
        return [record.getMessage() for record in self.log if record.exc_info]

    def pass_time(self, milliseconds: int) -> None:
        self.real_ms = RealMs(self.real_ms + milliseconds)

    async def exchange(self, data: bytes, *, half_close: bool = False, to_end: bool = False) -> bytes:
        """Send bytes on a new connection and return the first response, or with `to_end` everything until
        the server closes the connection.

        With `half_close` the client closes its half of the connection once the bytes are sent.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        await writer.drain()
        if half_close:
            writer.write_eof()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await (reader.read() if to_end else read_response(reader))
        finally:
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), TIMEOUT_SECONDS)


async def read_response(reader: asyncio.StreamReader) -> bytes:
    """The next response, head and body; less when the connection ends within it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        _, found, rest = head.lower().partition(b"\r\ncontent-length:")
        return head + await (reader.readexactly(int(rest.split(b"\r\n")[0])) if found else reader.read())
    except asyncio.IncompleteReadError as error:
        return error.partial


class _LogList(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__()
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@asynccontextmanager
async def serve(
    accounts: Iterable[Settings] | None = None,
    options: Options | None = None,
    *,
    clock: RealClock | None = None,
    runner_class: type[web.AppRunner] = Runner,
    journal_max: int = ENTRIES_MAX,
    max_accounts: int = 1_000,
) -> AsyncIterator[LocalServer]:
    """Serve these accounts, by default the test keys, on a free port."""
    panel = SimulatedPanel(
        default_accounts() if accounts is None else accounts,
        REAL_MS,
        journal_max=journal_max,
        max_accounts=max_accounts,
    )
    server = LocalServer(panel)
    app = build_app(panel, options, clock or (lambda: server.real_ms))
    logger, handler = http_logger(), _LogList(server.log)
    logger.addHandler(handler)
    runner = runner_class(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()
        logger.removeHandler(handler)
