"""`/webservice/server`: decode → panel → encode, and what a fault does to the reply."""

import asyncio
import time
from functools import lru_cache
from typing import NamedTuple

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE

from fakeserver.panel.faults import Fault
from fakeserver.panel.journal import KEPT_REPLY
from fakeserver.panel.panel import Handled, Panel
from fakeserver.web import encode
from fakeserver.web.decode import Request, decode
from fakeserver.web.hub import Hub
from fakeserver.web.realtime import RealTime
from fakeserver.web.reply import Headers, reply

PATH = "/webservice/server"


def is_service(target: str) -> bool:
    """Whether a request's target, with a query or without, is that of the service."""
    return target.partition("?")[0] in (PATH, PATH + "/")


class Endpoint:
    """The service's one handler; every method comes here, the gate judges it (A4).

    `trust_proxy`: the caller's address is the rightmost of `X-Forwarded-For`.
    """

    def __init__(self, panel: Panel, hub: Hub, real_time: RealTime, *, trust_proxy: bool = False) -> None:
        self._panel = panel
        self._hub = hub
        self._real_time = real_time
        self._trust_proxy = trust_proxy

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body, broken = await _read(request)
        began_ns = time.perf_counter_ns()
        call = decode(
            Request(
                request.method,
                request.raw_path,
                tuple(request.headers.getall(AUTHORIZATION, ())),
                _clean(request.headers.get(CONTENT_TYPE, "")),
                body,
                self._caller(request),
            )
        )
        if request.method != "GET":
            call.undecodable = call.undecodable or broken
        try:
            handled = self._panel.handle(call, self._real_time())
            written = _written(handled)
        except Exception as bug:
            self._panel.record_bug(call, bug, self._real_time())
            raise
        entry = handled.entry
        if written is not None:
            entry.http, entry.reply = written.status, written.body[:KEPT_REPLY]
        entry.duration_us = (time.perf_counter_ns() - began_ns) // 1000
        self._hub.handled(handled)
        fault = handled.fault
        if fault is not None and fault.then.delay_ms:
            await asyncio.sleep(fault.then.delay_ms / 1000)
            entry.duration_us += fault.then.delay_ms * 1000
            handled.journal.update(entry)
        return _break(request) if written is None else reply(request, *written)

    def _caller(self, request: web.BaseRequest) -> str:
        """The caller's address, as the connection or a trusted proxy tells it."""
        if self._trust_proxy:
            forwarded = ",".join(request.headers.getall("X-Forwarded-For", ())).rpartition(",")[2].strip()
            return _clean(forwarded) or request.remote or ""
        return request.remote or ""


async def _read(request: web.BaseRequest) -> tuple[bytes, str | None]:
    """The body, or why its transfer broke. One over the limit is refused by aiohttp with 413 (W13)."""
    content = request.content
    if content.at_eof():
        return b"", None
    try:
        # What has come whole and is not too long needs no waiting.
        whole = content.is_eof() and content.total_bytes <= request.client_max_size
        body = content.read_nowait() if whole else await request.read()
    except web.HTTPRequestEntityTooLarge as refusal:
        refusal.headers["X-Content-Type-Options"] = "nosniff"
        raise
    except web.RequestPayloadError as error:
        return b"", f"the transfer of the body is broken: {error}"
    packed = _clean(request.headers.get(CONTENT_ENCODING, "identity")).lower()
    return (body, None) if packed == "identity" else (b"", f"the body is packed with {packed[:40]}")


def _clean(header: str) -> str:
    """A header's text without the lone surrogates that stand for bytes that are not UTF-8."""
    return header if header.isascii() else header.encode("ascii", "backslashreplace").decode()


class _Written(NamedTuple):
    """A reply as it goes out."""

    headers: Headers
    body: bytes
    status: int = 200


def _written(handled: Handled) -> _Written | None:
    """The reply as the fault, if one fired, leaves it; None when the connection shall break."""
    answer, account, _, _, fault = handled
    headers = _headers(answer.rule, account.settings.key if account is not None else None)
    if fault is None:
        return _Written(headers, encode.body(answer, account))
    if fault.then.disconnect is not None:
        return None
    return _faulty(fault, {**dict(headers), "X-Fake-Fault": str(fault.id)}, encode.body(answer, account))


@lru_cache(maxsize=1_024)
def _headers(rule: str, key: str | None) -> Headers:
    headers = {"Content-Type": encode.CONTENT_TYPE, "X-Content-Type-Options": "nosniff"}
    if rule:
        headers["X-Fake-Rule"] = rule
    if key is not None:
        headers["X-Fake-Account"] = encode.short_key(key)
    return tuple(headers.items())


def _faulty(fault: Fault, headers: dict[str, str], body: bytes) -> _Written:
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


def _break(request: web.BaseRequest) -> web.Response:
    """Break the connection; the response that aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
