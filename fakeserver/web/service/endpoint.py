"""`/webservice/server` over HTTP: decode a request, let the panel answer it, and send the reply."""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE
from multidict import CIMultiDictProxy

from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.web.events.broker import EventBroker
from fakeserver.web.service.responses import respond
from fakeserver.web.system_clock import RealClock
from fakeserver.wire.decode import Request, decode
from fakeserver.wire.reply import Reply


def is_service(target: str) -> bool:
    """Whether a request's target, with a query or without, is that of the service."""
    return target.partition("?")[0] in (SERVICE_PATH, SERVICE_PATH + "/")


class ServiceReply(NamedTuple):
    """The result of a request. `reply` is None when the connection is to be broken off; it is held back for
    `delay_ms` milliseconds.
    """

    reply: Reply | None
    delay_ms: int


class Endpoint:
    """The service's only handler. Every method comes here, because the gate judges it (A4).

    With `trust_proxy` the caller's address is the rightmost one in `X-Forwarded-For`. `max_body` is in bytes.
    `on_bug` is called with every exception that a bug raises.
    """

    def __init__(
        self,
        panel: SimulatedPanel,
        broker: EventBroker,
        real_clock: RealClock,
        *,
        trust_proxy: bool = False,
        max_body: int,
        on_bug: Callable[[Exception], None] | None = None,
    ) -> None:
        self.max_body = max_body
        self._panel = panel
        self._broker = broker
        self._real_clock = real_clock
        self._trust_proxy = trust_proxy
        self._on_bug = on_bug

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body, broken = await self._read(request)
        headers, remote = request.headers, request.remote
        answered = self.answer(request.method, request.raw_path, headers, body, remote, broken)
        return await self.finish(request, answered)

    def answer(
        self,
        method: str,
        target: str,
        headers: CIMultiDictProxy[str],
        body: bytes,
        remote: str | None,
        broken: str | None = None,
    ) -> ServiceReply:
        """Carry out a request. `remote` is the address at the other end of the connection; `broken` says why
        the body is incomplete.
        """
        began_ns, call = time.perf_counter_ns(), None
        try:
            call = decode(
                Request(
                    method,
                    target,
                    tuple(headers.getall(AUTHORIZATION, ())),
                    _printable(headers.get(CONTENT_TYPE, "")),
                    body,
                    self._caller(headers, remote),
                    _printable(headers.get(CONTENT_ENCODING, "identity")),
                    broken,
                )
            )
            handled = self._panel.handle(
                call, self._real_clock(), lambda: (time.perf_counter_ns() - began_ns) // 1_000
            )
            self._broker.request_handled(handled)
        except Exception as bug:
            if call is not None:
                self._panel.record_bug(call, bug, self._real_clock())
            if self._on_bug is not None:
                self._on_bug(bug)
            raise
        return ServiceReply(handled.reply, handled.delay_ms)

    async def finish(self, request: web.BaseRequest, answered: ServiceReply) -> web.StreamResponse:
        """The response, after the delay of a fault."""
        if answered.delay_ms:
            await asyncio.sleep(answered.delay_ms / 1_000)
        if answered.reply is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()  # aiohttp wants a response; this one goes nowhere
        return respond(request, answered.reply)

    async def _read(self, request: web.BaseRequest) -> tuple[bytes, str | None]:
        """The body, or why it is incomplete. aiohttp refuses a body over the limit with 413 (W13)."""
        if request.content.at_eof():
            return b"", None
        try:
            return await request.read(), None
        except web.HTTPRequestEntityTooLarge as refusal:
            refusal.headers["X-Content-Type-Options"] = "nosniff"
            raise
        except web.RequestPayloadError as error:
            return b"", f"the transfer of the body is broken: {error}"

    def _caller(self, headers: CIMultiDictProxy[str], remote: str | None) -> str:
        """The caller's address, from the connection or a trusted proxy."""
        if self._trust_proxy:
            forwarded = ",".join(headers.getall("X-Forwarded-For", ())).rpartition(",")[2].strip()
            return _printable(forwarded) or remote or ""
        return remote or ""


# The endpoint of an application, for the runner, whose protocol calls it without a router.
ENDPOINT = web.AppKey("ENDPOINT", Endpoint)


def _printable(header: str) -> str:
    """A header's text without the lone surrogates that stand for bytes that are not UTF-8."""
    return header if header.isascii() else header.encode("ascii", "backslashreplace").decode()
