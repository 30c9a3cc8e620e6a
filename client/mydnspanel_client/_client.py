"""The one room with I/O: `PanelClient` carries `HttpRequest`s out and brings `WireReply`s back.

Rule 1: a call goes onto the wire once. aiohttp repeats a GET by itself when the connection breaks, and a
session's middlewares may repeat anything: `_once` stands in the place of both.
Rule 2: errors of aiohttp hold the URL and the headers, and so the key: none of them leaves this module, not
even as the cause of another one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from yarl import URL

from mydnspanel_client import calls, replies, wire
from mydnspanel_client._errors import ConnectionFailed, PanelTimeout, TransportError
from mydnspanel_client.replies import WireReply, conceal, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from mydnspanel_client._results import ContactResult, ReceivedMessage, Report, SendResult
    from mydnspanel_client.calls import Number, OtpNames, Value, WireRequest
    from mydnspanel_client.wire import Encoding, HttpRequest, Method

MAX_REPLY_BYTES: Final = 16 * 1024 * 1024
REASON_CHARACTERS: Final = 300


class PanelClient:
    """A client of one account.

    Use it as `async with PanelClient(...) as panel:`, or call `close()` in the end. It may make any number of
    calls at the same time.

    Parameters:
        base_url: a base such as `http://127.0.0.1:1403`, or the endpoint, ending in `/webservice/server`.
        api_key: the account's key. No error text of the client ever holds it.
        session: an aiohttp session to use; it stays the caller's and is never closed here. Its middlewares
            are not run, since one might repeat a call. Without it the client makes its own at the first call.
        method: POST carries the key in the `Authorization` header, GET in the URL, which logs keep (A1).
        encoding: how a POST writes its body (W5): `form`, `multipart` or `json`. A GET ignores it.
        timeout: seconds for the whole of one call, from connecting to the last byte; more than 0.
        otp_names: the names of the one-time-code action and its parameters (section 8).
        send_id_name: where a reply keeps the send's id, a dotted path such as `data.sendID` (C2).
        credit_name: where a reply keeps the credit, likewise.

    Raises:
        ValueError: at construction, for any argument that is not as described.

    Every call raises `TypeError` or `ValueError` before any I/O if its arguments cannot be put on the wire,
    `PanelError` (see `mydnspanel_client._errors` for the tree) if it fails, and `RuntimeError` after `close()`.
    What the panel itself judges, such as an empty text or a bad number, is sent, and comes back as `Refused`.

    Nothing is repeated by itself. When a connection breaks, the panel may have accepted the request already,
    and only its answer is lost: a repeated send would be a second message and a second charge. Such an error
    has `maybe_accepted`; what to do about it, only the application can know.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        session: aiohttp.ClientSession | None = None,
        method: Method = "POST",
        encoding: Encoding = "form",
        timeout: float = 10.0,
        otp_names: OtpNames = calls.DEFAULT_OTP_NAMES,
        send_id_name: str = replies.SEND_ID,
        credit_name: str = replies.CREDIT,
    ) -> None:
        _check(method in wire.METHODS, "method must be POST or GET")
        _check(encoding in wire.ENCODINGS, "encoding must be form, multipart or json")
        _check(_is_span(timeout), "timeout must be a finite number of seconds above 0")
        _check(isinstance(otp_names, calls.OtpNames), "otp_names must be OtpNames")
        _check(_is_path(send_id_name), "send_id_name must be a dotted path")
        _check(_is_path(credit_name), "credit_name must be a dotted path")
        self._endpoint = wire.endpoint_of(base_url)
        self._api_key = wire.check_api_key(api_key)
        self._session = session
        self._owns_session = session is None
        self._closed = False
        self._method: Method = method
        self._encoding: Encoding = encoding
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._otp_names = otp_names
        self._send_id_name = send_id_name
        self._credit_name = credit_name

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the client, and its session if it made one itself. A second time does nothing."""
        self._closed = True
        if self._owns_session and self._session is not None:
            await self._session.close()

    async def send(
        self,
        sender: str,
        text: str,
        receivers: str | Iterable[str],
        *,
        phone_book: Number | None = None,
        try_send: Number | None = None,
        type_: Number | None = None,
    ) -> SendResult:
        """Send an ordinary message (section 5). It costs credit, and is never repeated (see the class).

        `sender` is a line of the account or `auto`. `receivers` is one number, several with commas, or an
        iterable of numbers. `phone_book` is the id of a phonebook that shall keep the receivers (section 6),
        `try_send` how often a failed message is tried again, 0 to 10 (L2), `type_` the send type (S2).

        Raises:
            Refused: 0 and 103 to 114 (S1 to S11), or the gate's codes (section 2).

        """
        call = calls.send(sender, text, receivers, phone_book=phone_book, try_send=try_send, type_=type_)
        return replies.read_send(await self._ask("send", call), self._send_id_name)

    async def send_services(
        self,
        sender: str,
        pattern_code: Number,
        receivers: str | Iterable[str],
        data: Mapping[str, Value] | Sequence[Value] | None = None,
        *,
        try_send: Number | None = None,
    ) -> SendResult:
        """Send a pattern's text (section 7). It costs credit, and is never repeated (see the class).

        `data` fills the pattern's variables, by name or by position (P6); a number stands as its decimal
        text. Empty `data` is not sent. Several receivers need a pattern that allows bulk (P4).

        Raises:
            Refused: 0 and 603 to 609 (P1 to P8), or the gate's codes (section 2).

        """
        call = calls.send_services(sender, pattern_code, receivers, data, try_send=try_send)
        return replies.read_send_services(await self._ask("sendServices", call), self._send_id_name)

    async def send_otp(
        self, app_id: str, code: str, receivers: str | Iterable[str], *, type_: Number | None = None
    ) -> SendResult:
        """Send a one-time code with an application's template (section 8). It costs credit, and is never
        repeated (see the class). `code` has 2 to 12 ASCII letters and digits (O6, O7).

        Raises:
            Refused: 0, 103 to 105, 108, 109 and 151 to 154 (O1 to O8), or the gate's codes (section 2). A
                panel that names the action otherwise answers 100: then give `otp_names`.

        """
        call = calls.send_otp(app_id, code, receivers, type_=type_, names=self._otp_names)
        return replies.read_send_otp(await self._ask("sendOTP", call), self._send_id_name)

    async def report_send(self, send_id: Number) -> Report:
        """What has become of a send (section 9), receiver by receiver; none of them once it is archived (R3).

        Raises:
            UnknownSend: the account has no such send (R1).
            Refused: the gate's codes (section 2).

        """
        return replies.read_report(await self._ask("reportSend", calls.report_send(send_id)))

    async def credit(self) -> int:
        """The remaining credit in whole rials (section 11).

        Raises:
            Refused: the gate's codes (section 2).

        """
        return replies.read_credit(await self._ask("credit", calls.credit()), self._credit_name)

    async def received_messages(self) -> tuple[ReceivedMessage, ...]:
        """The inbound messages, oldest first, at most 100 (section 12).

        A panel that has none answers 401 (I1): that is no failure here but the empty tuple. A panel may hand
        each message out only once (I4): then a reply that is lost takes its messages with it.

        Raises:
            Refused: the gate's codes (section 2).

        """
        return replies.read_received_messages(await self._ask("receivedMessages", calls.received_messages()))

    async def status(self) -> None:
        """Return if the account's web-service access is active (T1).

        Raises:
            Refused: it is not; the gate's codes (section 2).

        """
        replies.read_status(await self._ask("status", calls.status()))

    async def new_contact(
        self, phone_book_id: Number, number: str, fields: Mapping[str, Value] | None = None
    ) -> ContactResult:
        """Add a contact to a phonebook, or update its fields if the number is there already (section 14).

        `fields` maps the ids of custom fields, such as `FYa12346`, to values; empty, it is not sent. A bad
        field raises nothing: the contact is added without it, and the result has its code (X1).

        Raises:
            Refused: 801 to 803 (N1 to N3), or the gate's codes (section 2).

        """
        return replies.read_contact(
            await self._ask("newContact", calls.new_contact(phone_book_id, number, fields))
        )

    async def _ask(self, action: str, call: WireRequest) -> WireReply:
        """Carry a call out; `action` names it in errors: a one-time code's name on the wire is a setting."""
        session = self._open_session()
        request = wire.encode(
            call,
            endpoint=self._endpoint,
            api_key=self._api_key,
            method=self._method,
            encoding=self._encoding,
        )
        try:
            return await self._exchange(session, action, request)
        except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            problem = self._failure(action, error)
        raise problem  # out here, so that it has no context (rule 2)

    async def _exchange(self, session: aiohttp.ClientSession, action: str, request: HttpRequest) -> WireReply:
        async with session.request(
            request.method,
            URL(request.url, encoded=True),
            data=request.body,
            headers=request.headers,
            timeout=self._timeout,
            allow_redirects=False,
            raise_for_status=False,
            middlewares=(_once,),
        ) as response:
            body = await _read_body(response.content)
            content_type = response.headers.get("Content-Type", "")
            reply = WireReply(response.status, body, content_type, self._api_key)
        if len(body) > MAX_REPLY_BYTES:
            raise unreadable(action, reply, f"it is longer than {MAX_REPLY_BYTES} bytes")
        return reply

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise RuntimeError("the client is closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _failure(self, action: str, error: aiohttp.ClientError | OSError) -> TransportError:
        if isinstance(error, TimeoutError):
            reason = f"no complete answer within {self._timeout.total} seconds"
            return PanelTimeout(action, reason, not isinstance(error, aiohttp.ConnectionTimeoutError))
        unsent = isinstance(error, aiohttp.ClientConnectorError)
        reason = conceal(_reason(error), self._api_key)[:REASON_CHARACTERS]  # cut last: no half of a key
        return ConnectionFailed(action, reason, not unsent)


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Let a request through, and name its failure otherwise: for those names aiohttp would repeat a GET."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:  # never repeated: nothing was sent
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(_reason(error)) from None


async def _read_body(content: aiohttp.StreamReader) -> bytes:
    """The body, up to the chunk that goes over the limit; what follows is left unread."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_REPLY_BYTES:
            break
    return bytes(body)


def _reason(error: Exception) -> str:
    """The error in one line; of a `ClientResponseError` without its URL and headers."""
    words = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    return f"{type(error).__name__}: {' '.join(words.split())}"


def _check(fine: bool, words: str) -> None:
    if not fine:
        raise ValueError(words)


def _is_span(seconds: object) -> bool:
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds < math.inf


def _is_path(path: object) -> bool:
    return isinstance(path, str) and all(path.split("."))
