"""`/webservice/server`: decode → panel → encode, and what a fault does to the reply."""

import asyncio
import time
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE
from multidict import CIMultiDictProxy

from fakeserver.account.fault_rules import FaultRule
from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.panel.gate import short_key
from fakeserver.panel.panel import HandledCall, SimulatedPanel
from fakeserver.web.events.hub import Hub
from fakeserver.web.service.responses import Headers, abort, reply
from fakeserver.web.system_clock import RealClock
from fakeserver.wire import encode
from fakeserver.wire.decode import Request, decode


def is_service(target: str) -> bool:
    """Whether a request's target, with a query or without, is that of the service."""
    return target.partition("?")[0] in (SERVICE_PATH, SERVICE_PATH + "/")


class _Written(NamedTuple):
    """A reply as it goes out."""

    headers: Headers
    body: bytes
    status: int = 200


class Outcome(NamedTuple):
    """What became of a request; `written` is None when its connection shall break. The reply is held back
    for `delay_ms`.
    """

    written: _Written | None
    delay_ms: int


class Endpoint:
    """The service's one handler; every method comes here, the gate judges it (A4).

    `trust_proxy`: the caller's address is the rightmost of `X-Forwarded-For`. `max_body` is in bytes.
    `on_bug` is given every exception that nobody foresaw.
    """

    def __init__(
        self,
        panel: SimulatedPanel,
        hub: Hub,
        system_clock: RealClock,
        *,
        trust_proxy: bool = False,
        max_body: int,
        on_bug: Callable[[Exception], None] | None = None,
    ) -> None:
        self.max_body = max_body
        self._panel = panel
        self._hub = hub
        self._real_time = system_clock
        self._trust_proxy = trust_proxy
        self._on_bug = on_bug

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body, broken = await self._read(request)
        headers, remote = request.headers, request.remote
        outcome = self.answer(request.method, request.raw_path, headers, body, remote, broken)
        return await self.finish(request, outcome)

    def answer(
        self,
        method: str,
        target: str,
        headers: CIMultiDictProxy[str],
        body: bytes,
        remote: str | None,
        broken: str | None = None,
    ) -> Outcome:
        """Decode a request, carry it out, and encode the reply. `remote` is the address at the other end of
        the connection; `broken` says why there is no body.
        """
        began_ns, call = time.perf_counter_ns(), None
        try:
            call = decode(
                Request(
                    method,
                    target,
                    tuple(headers.getall(AUTHORIZATION, ())),
                    _clean(headers.get(CONTENT_TYPE, "")),
                    body,
                    self._caller(headers, remote),
                )
            )
            if method != "GET":
                call.undecodable = broken or _packed(headers, body) or call.undecodable
            handled = self._panel.handle(call, self._real_time())
            written = _written(handled)
            entry, delay_ms = handled.entry, handled.fault.then.delay_ms if handled.fault else 0
            if written is not None:
                entry.replied(written.status, written.body)
            entry.duration_us = (time.perf_counter_ns() - began_ns) // 1000 + delay_ms * 1000
            self._hub.handled(handled)
        except Exception as bug:
            if call is not None:
                self._panel.record_bug(call, bug, self._real_time())
            if self._on_bug is not None:
                self._on_bug(bug)
            raise
        return Outcome(written, delay_ms)

    async def finish(self, request: web.BaseRequest, outcome: Outcome) -> web.StreamResponse:
        """The response, after the delay of a fault."""
        if outcome.delay_ms:
            await asyncio.sleep(outcome.delay_ms / 1000)
        if outcome.written is None:
            abort(request)
            return web.Response()  # aiohttp wants one; it goes nowhere
        return reply(request, *outcome.written)

    async def _read(self, request: web.BaseRequest) -> tuple[bytes, str | None]:
        """The body, or why its transfer broke. One over the limit is refused by aiohttp with 413 (W13)."""
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
        """The caller's address, as the connection or a trusted proxy tells it."""
        if self._trust_proxy:
            forwarded = ",".join(headers.getall("X-Forwarded-For", ())).rpartition(",")[2].strip()
            return _clean(forwarded) or remote or ""
        return remote or ""


def _packed(headers: CIMultiDictProxy[str], body: bytes) -> str | None:
    """Why a body is not read that is compressed."""
    coding = headers.get(CONTENT_ENCODING) if body else None
    if coding is None or (clean := _clean(coding).lower()) == "identity":
        return None
    return f"the body is packed with {clean[:40]}"


def _clean(header: str) -> str:
    """A header's text without the lone surrogates that stand for bytes that are not UTF-8."""
    return header if header.isascii() else header.encode("ascii", "backslashreplace").decode()


def _written(handled: HandledCall) -> _Written | None:
    """The reply as the fault, if one fired, leaves it; None when the connection shall break."""
    answer, account, _, fault = handled
    headers = _headers(answer.rule, account.settings.key if account is not None else None)
    if fault is None:
        return _Written(headers, encode.body(answer, account))
    if fault.then.disconnect is not None:
        return None
    return _faulty(fault, {**dict(headers), "X-Fake-FaultRule": str(fault.id)}, encode.body(answer, account))


@lru_cache(maxsize=1_024)
def _headers(rule: str, key: str | None) -> Headers:
    headers = {"Content-Type": encode.CONTENT_TYPE, "X-Content-Type-Options": "nosniff"}
    if rule:
        headers["X-Fake-Rule"] = rule
    if key is not None:
        headers["X-Fake-Account"] = short_key(key)
    return tuple(headers.items())


def _faulty(fault: FaultRule, headers: dict[str, str], body: bytes) -> _Written:
    then = fault.then
    if then.http is not None or then.body is not None:
        headers["Content-Security-Policy"] = "sandbox"
    if then.http is not None:
        headers["Content-Type"] = "text/html; charset=utf-8"
        text = encode.proxy_page(then.http) if then.http_body is None else then.http_body
        return _Written(tuple(headers.items()), text.encode(), then.http)
    if then.body is not None:
        headers["Content-Type"] = encode.SPOILT_TYPES[then.body]
        body = encode.spoilt(body, then.body)
    return _Written(tuple(headers.items()), body)
