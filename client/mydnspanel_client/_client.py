"""`PanelClient`, the only module of this package that does I/O.

Rule 1: a call is sent once. aiohttp repeats a GET by itself when the connection breaks, and the middlewares
of a session may repeat any request. The middleware `_send_once` replaces them and prevents both.
Rule 2: exceptions of aiohttp contain the URL and the headers, and therefore the API key. None of them leaves
this module, not even as the context of another exception.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from yarl import URL

from mydnspanel_client import calls, replies, wire
from mydnspanel_client._errors import ConnectionFailed, PanelTimeout, TransportError
from mydnspanel_client._redaction import redact
from mydnspanel_client.replies import WireReply, unreadable_reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from mydnspanel_client._results import ContactResult, ReceivedMessage, Report, SendResult
    from mydnspanel_client.calls import Number, OtpNames, Value, WireRequest
    from mydnspanel_client.wire import Encoding, HttpRequest, Method

MAX_REPLY_BYTES: Final = 16 * 1024 * 1024
MAX_REASON_CHARACTERS: Final = 300


class PanelClient:
    """A client for one account of the panel.

    Use it as `async with PanelClient(...) as panel:`, or call `close()` when you no longer need it. Any
    number of calls can run at the same time.

    Args:
        base_url: the URL of the panel, such as `http://127.0.0.1:1403`, or the URL of the endpoint, which
            ends in `/webservice/server` (W1).
        api_key: the API key of the account. No error contains it.
        session: the aiohttp session to use. The client does not close it, and does not run its middlewares,
            because they might repeat a call. By default the client opens a session with its first call.
        method: `POST` sends the key in the `Authorization` header. `GET` sends it in the URL, which proxies
            and servers often log (A1).
        encoding: the encoding of the body of a POST (W5): `form`, `multipart` or `json`. A GET ignores it.
        timeout: the time limit of a call in seconds, from opening the connection to the last byte of the
            reply; more than 0.
        otp_names: the names of the action for one-time codes and of its parameters (O1).
        send_id_name: the member of a reply that has the id of a send: a name, or a dotted path such as
            `data.sendID` (C2).
        credit_name: the member of a reply that has the credit, likewise.

    Raises:
        ValueError: an argument does not have the form described here.

    Every call raises:

    * `TypeError` or `ValueError`, before any I/O, if an argument cannot be sent. The client does not check
      what the panel checks, such as an empty text or an invalid number.
    * `Refused` if the panel refuses the call: with one of the codes that the method lists, or with a code of
      the gate, which may refuse every call (A1 to A7). docs/codes.md lists all codes.
    * another `PanelError` if no readable reply arrives.
    * `RuntimeError` if the client is closed.

    The client does not repeat calls. If a connection breaks, the panel may already have accepted the request,
    and to repeat a send would mean a second message and a second charge. `PanelError.maybe_accepted` tells
    whether this may have happened; the application has to decide what to do.
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
        send_id_name: str = replies.DEFAULT_SEND_ID_NAME,
        credit_name: str = replies.DEFAULT_CREDIT_NAME,
    ) -> None:
        _require(method in wire.METHODS, "method must be POST or GET")
        _require(encoding in wire.ENCODINGS, "encoding must be form, multipart or json")
        _require(_is_positive_finite(timeout), "timeout must be a finite number of seconds greater than 0")
        _require(isinstance(otp_names, calls.OtpNames), "otp_names must be an OtpNames")
        _require(_is_dotted_path(send_id_name), "send_id_name must be a name or a dotted path")
        _require(_is_dotted_path(credit_name), "credit_name must be a name or a dotted path")
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
        """Close the client, and its session if it opened one. Closing it again has no effect."""
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
        """Send an ordinary message. This costs credit.

        Args:
            sender: a sender line of the account, or `auto` for the smart sender (F7, S6).
            text: the text of the message.
            receivers: one number, several numbers separated by commas (F4), or an iterable of numbers.
            phone_book: the id of a phonebook to add the receivers to (B1).
            try_send: how many times a message that is not sent is tried again, 0 to 10 (L2).
            type_: the send type, 1 to 4 (S2).

        Raises:
            Refused: 0 and 103 to 114 (S1 to S11).

        """
        call = calls.send(sender, text, receivers, phone_book=phone_book, try_send=try_send, type_=type_)
        return replies.read_send(await self._perform("send", call), self._send_id_name)

    async def send_services(
        self,
        sender: str,
        pattern_code: Number,
        receivers: str | Iterable[str],
        data: Mapping[str, Value] | Sequence[Value] | None = None,
        *,
        try_send: Number | None = None,
    ) -> SendResult:
        """Send a pattern message: a pattern with its variables filled in. This costs credit.

        Args:
            sender: a service line of the account, or `auto` for the shared service lines (F7, P2).
            pattern_code: the code of the pattern (P5).
            receivers: as for `send`. Only a pattern that allows bulk can be sent to several receivers (P4).
            data: the variables of the pattern, by name or by position (P6). A number is sent as decimal text.
                Empty `data` is not sent.
            try_send: as for `send`.

        Raises:
            Refused: 0 and 603 to 609 (P1 to P8).

        """
        call = calls.send_services(sender, pattern_code, receivers, data, try_send=try_send)
        return replies.read_send_services(await self._perform("sendServices", call), self._send_id_name)

    async def send_otp(
        self, app_id: str, code: str, receivers: str | Iterable[str], *, type_: Number | None = None
    ) -> SendResult:
        """Send a one-time code in the template of an application. This costs credit.

        Args:
            app_id: the id of the application (O4).
            code: the one-time code: 2 to 12 ASCII letters and digits (O6, O7).
            receivers: as for `send`.
            type_: as for `send`.

        Raises:
            Refused: 0, 103 to 105, 108, 109 and 151 to 154 (O1 to O8). If the panel uses another name for the
                action, it answers 100: set `otp_names` in this case.

        """
        call = calls.send_otp(app_id, code, receivers, type_=type_, names=self._otp_names)
        return replies.read_send_otp(await self._perform("sendOTP", call), self._send_id_name)

    async def report_send(self, send_id: Number) -> Report:
        """Return the statuses of the messages of a send, receiver by receiver.

        The report of an archived send has no receivers (R3).

        Raises:
            UnknownSend: the account has no send with this id (R1).

        """
        return replies.read_report(await self._perform("reportSend", calls.report_send(send_id)))

    async def credit(self) -> int:
        """Return the remaining credit in rials (C1)."""
        return replies.read_credit(await self._perform("credit", calls.credit()), self._credit_name)

    async def received_messages(self) -> tuple[ReceivedMessage, ...]:
        """Return the inbound messages, oldest first, at most 100 (I3).

        If there are none, the panel answers 401 (I1) and the result is empty. A panel may return each message
        only once (I4): if its reply is lost, these messages are lost too.
        """
        reply = await self._perform("receivedMessages", calls.received_messages())
        return replies.read_received_messages(reply)

    async def status(self) -> None:
        """Check that web-service access is active for the account (T1). Return None if it is.

        Raises:
            AccountError: it is switched off (A2).

        """
        replies.read_status(await self._perform("status", calls.status()))

    async def new_contact(
        self, phone_book_id: Number, number: str, fields: Mapping[str, Value] | None = None
    ) -> ContactResult:
        """Add a contact to a phonebook. If the number is already there, update its custom fields (N5).

        Args:
            phone_book_id: the id of the phonebook (N2).
            number: the phone number of the contact (N3).
            fields: the values of custom fields by field id, such as `FYa12346`. Empty `fields` is not sent.
                A field that is not valid raises no error: the contact is added without it, and the result
                has its code (X1).

        Raises:
            Refused: 801 to 803 (N1 to N3).

        """
        reply = await self._perform("newContact", calls.new_contact(phone_book_id, number, fields))
        return replies.read_contact(reply)

    async def _perform(self, action: str, call: WireRequest) -> WireReply:
        """Send a call and return the reply.

        `action` names the call in errors, because `OtpNames` may change the name of the action in `call`.
        """
        session = self._get_session()
        request = wire.encode(
            call,
            endpoint=self._endpoint,
            api_key=self._api_key,
            method=self._method,
            encoding=self._encoding,
        )
        try:
            return await self._exchange(session, action, request)
        except (aiohttp.ClientError, OSError) as error:  # OSError includes TimeoutError
            problem = self._transport_error(action, error)
        raise problem  # outside the except block, so that it has no context (rule 2)

    async def _exchange(self, session: aiohttp.ClientSession, action: str, request: HttpRequest) -> WireReply:
        async with session.request(
            request.method,
            URL(request.url, encoded=True),
            data=request.body,
            headers=request.headers,
            timeout=self._timeout,
            allow_redirects=False,
            raise_for_status=False,
            middlewares=(_send_once,),
        ) as response:
            body = await _read_body(response.content)
            content_type = response.headers.get("Content-Type", "")
            reply = WireReply(response.status, body, content_type, self._api_key)
        if len(body) > MAX_REPLY_BYTES:
            raise unreadable_reply(action, reply, f"the body is longer than {MAX_REPLY_BYTES} bytes")
        return reply

    def _get_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise RuntimeError("the client is closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _transport_error(self, action: str, error: aiohttp.ClientError | OSError) -> TransportError:
        if isinstance(error, TimeoutError):
            reason = f"no complete reply within {self._timeout.total} seconds"
            return PanelTimeout(action, reason, not isinstance(error, aiohttp.ConnectionTimeoutError))
        # Redact before cutting: a key that is cut in half would not be recognised.
        reason = redact(_describe(error), self._api_key)[:MAX_REASON_CHARACTERS]
        return ConnectionFailed(action, reason, not isinstance(error, aiohttp.ClientConnectorError))


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Send a request without a retry.

    aiohttp retries a GET that fails with one of two exceptions. They are replaced with another one here.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:  # a ClientOSError that is not retried: nothing was sent
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(_describe(error)) from None


async def _read_body(content: aiohttp.StreamReader) -> bytes:
    """Read the body. Stop after the chunk that exceeds the limit."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_REPLY_BYTES:
            break
    return bytes(body)


def _describe(error: Exception) -> str:
    """Return the class and the message of an exception, without the URL and headers that it may contain."""
    message = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    return f"{type(error).__name__}: {' '.join(message.split())}"


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _is_positive_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _is_dotted_path(value: object) -> bool:
    return isinstance(value, str) and all(value.split("."))
