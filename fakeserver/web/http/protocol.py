"""What a sandbox needs of HTTP beyond aiohttp: clients that write Persian into a URL as it is, clients that
end their half of the connection as soon as they have asked, and an answer at once.

aiohttp has no hooks for these, so its protocol's own attributes are used; tests watch that they hold, and
where an aiohttp to come has others its own protocol has to do.
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

from fakeserver.web.service.endpoint import Endpoint, Outcome, is_service
from fakeserver.web.service.responses import WriteBatcher, serialize_response

# How long a client that has ended its half of the connection is still written to, unless the service owes
# it an answer.
FAREWELL_SECONDS = 1.0
LINE_MAX = 8_190  # bytes of a request line, aiohttp's own limit
_NOT_ASCII = re.compile(rb"[\x80-\xff]")

# What is used of aiohttp that it does not promise to keep.
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

_Message: TypeAlias = tuple[Any, StreamReader]  # aiohttp's own class stands for what is no HTTP
_Handler: TypeAlias = Callable[[BaseRequest], Awaitable[web.StreamResponse]]


def fits_aiohttp() -> bool:
    """Whether this aiohttp has all that is used of it here."""
    return all(hasattr(owner, name) for owner, names in _USED.items() for name in names)


def dispatch(service: Endpoint, router: _Handler) -> _Handler:
    """Requests to the service as clients make them do not wait for the router, nor for its judgement on
    CONNECT, whose target it does not know; the gate judges every method (A4). What the router would control_error
    with bytes that are no text is refused here.
    """

    def handle(request: BaseRequest) -> Awaitable[web.StreamResponse]:
        protocol = request.protocol
        if isinstance(protocol, Protocol) and (late := protocol.take_deferred()) is not None:
            return late(request)
        expected = request.headers.get(EXPECT)
        if expected is None and is_service(request.raw_path):
            return service.handle(request)
        if expected is not None and not expected.isascii():
            refusal = web.HTTPExpectationFailed(headers={"X-Content-Type-Options": "nosniff"})
            return _raise(refusal, request)
        return router(request)

    return handle


class Protocol(RequestHandler):
    """aiohttp's protocol, with those three.

    An answer at once: a request that has come whole, alone and in the usual form is answered where its bytes
    arrive, without the task, the request and the response that aiohttp makes of it, which take a quarter of
    the time of a whole send. Any other, and a reply that is not an ordinary one, goes aiohttp's way.
    """

    __slots__ = ("_address", "_has_ended", "_last", "_late", "_line", "_outgoing", "_service", "_within_head")

    def __init__(
        self,
        manager: web.Server,
        service: Endpoint,
        outgoing: WriteBatcher,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(manager, **options)
        self._service = service
        self._outgoing = outgoing
        self._address: str | None = None
        self._has_ended = False  # the client asks for nothing more
        self._late: _Handler | None = None  # what becomes of the request that aiohttp handles next
        self._last: _Message | None = None  # the newest request
        self._line = b""  # of a GET whose first line has not come whole
        self._within_head = False

    def data_received(self, data: bytes) -> None:
        """Percent-encode a raw target, as servers in front of the panel do: `?text=سلام` is no HTTP, but
        real clients send it. Only where a request begins.
        """
        if not data:  # aiohttp's own call: what it has kept back may be read now
            super().data_received(data)
            self._note_newest()
            return
        begins = not self._within_head and (self._last is None or self._last[1].is_eof())
        if begins and (self._line or data[:1] == b"G"):
            data, self._line = self._escaped(self._line + data)
        count, waiter = self._request_count, self._waiter
        self._waiter = None  # so that nobody wakes up before it is known who answers
        super().data_received(data)
        self._waiter = waiter
        if self._request_count > count:
            if self._last is not None and not self._last[1].is_eof():
                # What has come is no request, for the last one is not over: its chunks are broken, and
                # whoever reads them would wait for more.
                self._last[1].set_exception(RequestPayloadError("its chunks are no HTTP"))
            self._note_newest()
            self._within_head = False
            if waiter is not None and not waiter.done() and not self._answered_at_once():
                waiter.set_result(None)
        elif begins and data:
            self._within_head = True

    def _note_newest(self) -> None:
        """Remember the newest request. CONNECT without a target is none, though aiohttp takes it for one."""
        if self._messages:
            message, payload = self._messages[-1]
            if getattr(message, "path", "") is None:
                why = "a request without a target"
                error = HttpProcessingError(code=400, message=why)
                self._messages[-1] = web_protocol._ErrInfo(400, error, why), payload  # noqa: SLF001
            self._last = self._messages[-1]

    def _answered_at_once(self) -> bool:
        """Answer the request that has come while nothing else was asked, if that can be done without
        waiting. False: aiohttp shall.
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
            # Nobody else reads it; aiohttp's own way of reading asks the parser for more.
            body = b"".join(payload._buffer) if payload.total_bytes else b""  # noqa: SLF001
            outcome = self._service.answer(
                message.method, message.path, message.headers, body, self._remote()
            )
        except Exception as bug:  # noqa: BLE001 - it is told already, and aiohttp answers it
            self._late = partial(_raise, bug)
            return False
        written = outcome.written
        if written is None or written.status != 200 or outcome.delay_ms:
            self._late = partial(self._finish, outcome)
            return False
        self._messages.popleft()
        # From 3.14 on the parser counts what waits.
        getattr(getattr(self, "_parser", None), "message_consumed", bool)()
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        self._outgoing.put(transport, serialize_response(written.headers, written.body))
        return True

    def take_deferred(self) -> _Handler | None:
        """What becomes of the request that is handled now, where that was decided when its bytes came."""
        late, self._late = self._late, None
        return late

    async def _finish(self, outcome: Outcome, request: BaseRequest) -> web.StreamResponse:
        return await self._service.finish(request, outcome)

    def _remote(self) -> str | None:
        """The address at the other end, as aiohttp's request tells it."""
        if self._address is None and self.peername:
            peer = self.peername
            self._address = peer if isinstance(peer, str) else str(peer[0])
        return self._address

    def eof_received(self) -> bool:  # type: ignore[override] # asyncio asks for it, aiohttp says None
        """The client asks for nothing more. What it has asked for in full is answered (RFC 9112, 9.6);
        then the connection ends, and at once if there is nothing of the kind. True keeps it for now.

        A stream of events, or a request that waits, may have no end, and is not left for that.
        """
        self._outgoing.flush()
        if not self._is_busy or self.ssl_context:
            return False
        self._has_ended = True
        self._read_on()
        if not getattr(self, "_upgraded", False):  # read on when the upgrade is declined, from 3.14 on
            self._close_when_answered()
        if self._last is not None and not self._last[1].is_eof():
            return False
        if not self._owes_an_answer():
            self._loop.call_later(FAREWELL_SECONDS, self.force_close)
        return True

    async def finish_response(self, *told: Any) -> tuple[web.StreamResponse, bool]:  # noqa: ANN401
        """A request is answered; the last of a client that asks for nothing more ends the connection."""
        finished = await super().finish_response(*told)
        self._read_on()
        if self._has_ended:
            self._close_when_answered()
        return finished

    def _read_on(self) -> None:
        """Take what aiohttp's parser has kept back. It does so when many requests wait, some with a large
        body, tells nobody, and would not come to it before something else arrives.
        """
        if not self._messages:
            super().data_received(b"")
        self._note_newest()

    def _close_when_answered(self) -> None:
        """Close the connection unless something waits that was asked for in full."""
        if self._messages and not self._messages[-1][1].is_eof() and self._waiter is None:
            self._messages.pop()  # its end will never come
            self._last = self._messages[-1] if self._messages else None
        if not self._messages:
            self._close = True

    def _owes_an_answer(self) -> bool:
        """Whether a request to the service waits or is handled, as far as can be told."""
        if self._last is None:
            return True
        asked = [message for message, _ in self._messages or [self._last]]
        targets = [message.path for message in asked if isinstance(message, RawRequestMessage)]
        if self._current_request is not None:
            targets.append(self._current_request.raw_path)
        return any(map(is_service, targets))

    def force_close(self) -> None:
        self._outgoing.flush()
        super().force_close()

    @property
    def _is_busy(self) -> bool:
        """Whether a request waits or is handled; otherwise the protocol waits for one."""
        return bool(self._messages) or self._waiter is None

    @staticmethod
    def _escaped(data: bytes) -> tuple[bytes, bytes]:
        """What can be read of a request's beginning, and what must wait until its first line is whole."""
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
        """What is not HTTP is answered with its own bytes in the text: no browser shall guess at it."""
        response = super().handle_error(request, status, exc, message)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


async def _raise(bug: Exception, _request: BaseRequest) -> web.StreamResponse:
    raise bug
