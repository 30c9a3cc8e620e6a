"""What a sandbox needs from HTTP beyond aiohttp: support for clients that write raw UTF-8 into a URL and for
clients that close their half of the connection after the request, and immediate answers.

aiohttp has no hooks for these, so this module uses attributes of aiohttp's protocol that may change. Tests
check that they exist; without them aiohttp's own protocol serves alone.
"""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

from aiohttp import HttpVersion11, StreamReader, web, web_protocol
from aiohttp.hdrs import EXPECT
from aiohttp.http import HttpProcessingError, RawRequestMessage
from aiohttp.web_protocol import RequestHandler, RequestPayloadError
from aiohttp.web_request import BaseRequest

from fakeserver.web.http.write_batcher import WriteBatcher
from fakeserver.web.service.endpoint import Endpoint, ServiceReply, is_service
from fakeserver.web.service.responses import serialize_response

# How long a client that has closed its half of the connection is still written to, unless the service owes
# it an answer.
HALF_CLOSED_SECONDS = 1.0
LINE_MAX = 8_190  # bytes of a request line, aiohttp's own limit
_NOT_ASCII = re.compile(rb"[\x80-\xff]")

# The attributes of aiohttp that this module uses although they may change.
_USED: dict[object, tuple[str, ...]] = {
    RequestHandler: (
        "_close",
        "_current_request",
        "_keepalive_timeout",
        "_logging_enabled",
        "_loop",
        "_messages",
        "_next_keepalive_close_time",
        "_paused",
        "_request_count",
        "_waiter",
        "finish_response",
        "ssl_context",
    ),
    StreamReader: ("_buffer", "total_bytes"),
    web_protocol: ("_ErrInfo",),
}

_Message: TypeAlias = tuple[Any, StreamReader]  # a class of aiohttp stands for a malformed request
_Handler: TypeAlias = Callable[[BaseRequest], Awaitable[web.StreamResponse]]


def fits_aiohttp() -> bool:
    """Whether this version of aiohttp has all attributes that this module uses."""
    return all(hasattr(owner, name) for owner, names in _USED.items() for name in names)


def dispatch(service: Endpoint, router: _Handler) -> _Handler:
    """The handler in front of `router`. Requests to the service go to its endpoint directly: the router does
    not know the target of CONNECT, and the gate judges every method (A4). An `Expect` header that is not text
    is refused here, because the router would fail on it.
    """

    def handle(request: BaseRequest) -> Awaitable[web.StreamResponse]:
        protocol = request.protocol
        if isinstance(protocol, Protocol) and (deferred := protocol.take_deferred()) is not None:
            return deferred(request)
        expected = request.headers.get(EXPECT)
        if expected is None and is_service(request.raw_path):
            return service.handle(request)
        if expected is not None and not expected.isascii():
            refusal = web.HTTPExpectationFailed(headers={"X-Content-Type-Options": "nosniff"})
            return _raise(refusal, request)
        return router(request)

    return handle


class Protocol(RequestHandler):
    """aiohttp's protocol with the additions of this module.

    A request that arrives whole, alone and in the usual form is answered where its bytes arrive, without the
    task, the request and the response that aiohttp makes of it, which take a quarter of the time of a send.
    Every other request, and every unusual reply, is handled by aiohttp.
    """

    __slots__ = (
        "_address",
        "_batcher",
        "_deferred",
        "_half_closed",
        "_last",
        "_line",
        "_service",
        "_within_head",
    )

    def __init__(
        self,
        manager: web.Server,
        service: Endpoint,
        batcher: WriteBatcher,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(manager, **options)
        self._service = service
        self._batcher = batcher
        self._address: str | None = None
        self._half_closed = False  # the client sends nothing more
        self._deferred: _Handler | None = None  # handles the next request, which was answered already
        self._last: _Message | None = None  # the newest request
        self._line = b""  # the beginning of a GET whose first line is not whole yet
        self._within_head = False

    def data_received(self, data: bytes) -> None:
        """Percent-encode a raw target, as servers in front of the panel do: `?text=سلام` is not HTTP, but
        real clients send it. Only where a request begins.
        """
        if not data:  # aiohttp calls this itself, to read what it has held back
            super().data_received(data)
            self._note_newest()
            return
        begins = not self._within_head and (self._last is None or self._last[1].is_eof())
        if begins and (self._line or data[:1] == b"G"):
            data, self._line = self._escaped(self._line + data)
        count, waiter = self._request_count, self._waiter
        self._waiter = None  # aiohttp must not wake up before this method decides who answers
        super().data_received(data)
        self._waiter = waiter
        if self._request_count > count:
            if self._last is not None and not self._last[1].is_eof():
                # The last request is not over, so this is not a new one: its chunks are broken, and their
                # reader would wait for more.
                self._last[1].set_exception(RequestPayloadError("its chunks are not HTTP"))
            self._note_newest()
            self._within_head = False
            if waiter is not None and not waiter.done() and not self._answer_immediately():
                waiter.set_result(None)
        elif begins and data:
            self._within_head = True

    def _note_newest(self) -> None:
        """Remember the newest request. aiohttp accepts CONNECT without a target, which is malformed."""
        if self._messages:
            message, payload = self._messages[-1]
            if getattr(message, "path", "") is None:
                why = "a request without a target"
                error = HttpProcessingError(code=400, message=why)
                self._messages[-1] = web_protocol._ErrInfo(400, error, why), payload  # noqa: SLF001
            self._last = self._messages[-1]

    def _answer_immediately(self) -> bool:
        """Answer the only request that waits, if that is possible without waiting; False leaves it to
        aiohttp.
        """
        (message, payload), transport = self._messages[0], self.transport
        if (
            len(self._messages) > 1
            or transport is None
            or not isinstance(message, RawRequestMessage)
            or message.method not in ("GET", "POST")
            or message.version != HttpVersion11
            or message.should_close
            or message.upgrade
            or not payload.is_eof()
            or payload.exception() is not None
            or payload.total_bytes > self._service.max_body
            or not is_service(message.path)
            or EXPECT in message.headers
            or self._logging_enabled
            or self._paused
        ):
            return False
        try:
            # aiohttp's own way of reading would ask the parser for more.
            body = b"".join(payload._buffer) if payload.total_bytes else b""  # noqa: SLF001
            answered = self._service.answer(
                message.method, message.path, message.headers, body, self._remote()
            )
        except Exception as bug:  # noqa: BLE001 - the endpoint has reported it; aiohttp answers 500
            self._deferred = partial(_raise, bug)
            return False
        reply = answered.reply
        if reply is None or reply.status != 200 or answered.delay_ms:
            self._deferred = partial(self._finish, answered)
            return False
        self._messages.popleft()
        # From aiohttp 3.14 on the parser counts what waits.
        getattr(getattr(self, "_parser", None), "message_consumed", bool)()
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        self._batcher.write(transport, serialize_response(reply))
        return True

    def take_deferred(self) -> _Handler | None:
        """The handler of the request that aiohttp handles now, if it was answered when its bytes arrived."""
        deferred, self._deferred = self._deferred, None
        return deferred

    async def _finish(self, answered: ServiceReply, request: BaseRequest) -> web.StreamResponse:
        return await self._service.finish(request, answered)

    def _remote(self) -> str | None:
        """The address at the other end, as aiohttp's request has it."""
        if self._address is None and self.peername:
            peer = self.peername
            self._address = peer if isinstance(peer, str) else str(peer[0])
        return self._address

    def eof_received(self) -> bool:  # type: ignore[override] # asyncio asks for it, aiohttp says None
        """The client sends nothing more. Requests that have arrived whole are answered (RFC 9112, 9.6), then
        the connection closes; True keeps it open until then.

        Event streams and long polls may have no end, so they are closed after a second.
        """
        self._batcher.flush()
        if not self._is_busy or self.ssl_context:
            return False
        self._half_closed = True
        self._read_on()
        if not getattr(self, "_upgraded", False):  # from aiohttp 3.14 on: goes on reading when it declines
            self._close_when_answered()
        if self._last is not None and not self._last[1].is_eof():
            return False
        if not self._owes_an_answer():
            self._loop.call_later(HALF_CLOSED_SECONDS, self.force_close)
        return True

    async def finish_response(self, *told: Any) -> tuple[web.StreamResponse, bool]:  # noqa: ANN401
        """A request is answered; the last one of a half-closed connection closes it."""
        finished = await super().finish_response(*told)
        self._read_on()
        if self._half_closed:
            self._close_when_answered()
        return finished

    def _read_on(self) -> None:
        """Read the data that aiohttp's parser holds back when many requests wait, some with a large body. The
        parser would not continue before other data arrives.
        """
        if not self._messages:
            super().data_received(b"")
        self._note_newest()

    def _close_when_answered(self) -> None:
        """Close the connection unless a whole request waits."""
        if self._messages and not self._messages[-1][1].is_eof() and self._waiter is None:
            self._messages.pop()  # its end will never arrive
            self._last = self._messages[-1] if self._messages else None
        if not self._messages:
            self._close = True

    def _owes_an_answer(self) -> bool:
        """Whether a request to the service waits or is being handled, as far as is known."""
        if self._last is None:
            return True
        asked = [message for message, _ in self._messages or [self._last]]
        targets = [message.path for message in asked if isinstance(message, RawRequestMessage)]
        if self._current_request is not None:
            targets.append(self._current_request.raw_path)
        return any(map(is_service, targets))

    def force_close(self) -> None:
        self._batcher.flush()
        super().force_close()

    @property
    def _is_busy(self) -> bool:
        """Whether a request waits or is being handled."""
        return bool(self._messages) or self._waiter is None

    @staticmethod
    def _escaped(data: bytes) -> tuple[bytes, bytes]:
        """The part of a request's beginning that can be read, and the part that waits for the whole first
        line.
        """
        line, line_break, rest = data.partition(b"\n")
        if not line_break and len(line) <= LINE_MAX and b"GET ".startswith(line[:4]):
            return b"", line
        if not line.isascii() and line.startswith(b"GET "):
            line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line)
        return line + line_break + rest, b""

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The response to malformed HTTP quotes its bytes, so no browser may guess its type."""
        response = super().handle_error(request, status, exc, message)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


async def _raise(bug: Exception, _request: BaseRequest) -> web.StreamResponse:
    raise bug
