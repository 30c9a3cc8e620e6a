import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NoReturn

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from mydnspanel_client import (
    ConnectionFailed,
    InvalidReceiver,
    OtpNames,
    PanelClient,
    PanelError,
    PanelTimeout,
    Refused,
    UnexpectedStatus,
    UnreadableReply,
    _client,
)
from mydnspanel_client.wire import Encoding, Method
from yarl import URL

KEY = "test-key-that-no-error-may-contain"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ACCEPTED = {"result": "1", "sendID": "1000000001"}
REPLIES: dict[str, object] = {
    "send": ACCEPTED,
    "sendServices": ACCEPTED,
    "sendOTP": ACCEPTED,
    "reportSend": {"result": "1", "data": {"count": "0", "archive": "true"}},
    "credit": {"result": "1", "credit": "5"},
    "receivedMessages": {"result": "401"},
    "status": {"result": "1"},
    "newContact": {"result": "1"},
}


@asynccontextmanager
async def panel_with_handler(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/webservice/server", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def panel_that_sends(raw: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Answer every connection with the same bytes and close it. Yield the URL and the list of requests."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests


async def error_of(call: Awaitable[object]) -> PanelError:
    """Return the error that a call raises, after a check that it does not contain the API key."""
    with pytest.raises(PanelError) as caught:
        await call
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    for text in (str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))):
        assert KEY not in text
    return error


def session_of(client: PanelClient) -> aiohttp.ClientSession | None:
    return client._session


async def parameters_of(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        return {name: str(value) for name, value in (await request.json()).items()}
    pairs = request.query.items() if request.method == "GET" else (await request.post()).items()
    return {name: str(value) for name, value in pairs}


@pytest.mark.rule("W1", "W5", "A1")
@pytest.mark.parametrize(
    ("method", "encoding"),
    [("POST", "form"), ("POST", "multipart"), ("POST", "json"), ("GET", "form"), ("GET", "json")],
)
async def test_every_action_reaches_the_panel_and_returns_its_result(
    method: Method, encoding: Encoding
) -> None:
    received: list[dict[str, str]] = []
    json_body = (method, encoding) == ("POST", "json")

    async def panel(request: web.Request) -> web.Response:
        params = await parameters_of(request)
        key = params.pop("key", None) if method == "GET" else request.headers["Authorization"]
        assert (request.method, key) == (method, KEY)
        received.append(params)
        return web.json_response(REPLIES[params["action"]])

    async with (
        panel_with_handler(panel) as url,
        PanelClient(url, KEY, method=method, encoding=encoding) as client,
    ):
        assert (await client.send("auto", "سلام +&", ["9121", "9122"], phone_book=5)).send_id == 1000000001
        assert (await client.send_services("auto", 1001, "9121", {"نام": "۱"})).phone_book is None
        assert (await client.send_otp("test-app", "0042", "9121")).send_id == 1000000001
        assert (await client.report_send(7)).receivers == ()
        assert await client.credit() == 5
        assert await client.received_messages() == ()
        await client.status()
        assert (await client.new_contact(1403, "9121", {"F": "x"})).fields is None

    assert [params["action"] for params in received] == list(REPLIES)
    assert received[0] == {
        "action": "send",
        "from": "auto",
        "text": "سلام +&",
        "receivers": "9121,9122",
        "phoneBook": "5",
    }
    assert received[1].items() >= ({("textData", "{'نام': '۱'}")} if json_body else {("textData[نام]", "۱")})
    assert received[7]["cFields"] == ("{'F': 'x'}" if json_body else '{"F":"x"}')


@pytest.mark.rule("S5")
async def test_a_refusal_by_the_panel_raises_its_exception() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.json_response({"result": "105"})

    async with panel_with_handler(panel) as url, PanelClient(url, KEY) as client:
        error = await error_of(client.send("auto", "hi", "x"))
    assert isinstance(error, InvalidReceiver)
    assert error.rule == "S5"


@pytest.mark.rule("C2")
async def test_other_names_are_used_in_requests_and_replies() -> None:
    async def panel(request: web.Request) -> web.Response:
        params = await parameters_of(request)
        if params["action"] == "credit":
            return web.json_response({"result": 1, "data": {"left": 7}})
        assert params == {"action": "otp", "a": "app", "c": "12", "receivers": "9121"}
        return web.json_response({"result": 1, "data": {"id": 9}})

    names = OtpNames("otp", "a", "c")
    async with (
        panel_with_handler(panel) as url,
        PanelClient(url, KEY, otp_names=names, send_id_name="data.id", credit_name="data.left") as client,
    ):
        assert (await client.send_otp("app", "12", "9121")).send_id == 9
        assert await client.credit() == 7


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(method: Method, status: int) -> None:
    paths: list[str] = []

    async def panel(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=status, headers={"Location": str(request.url)}, text=f"see {request.url}")

    async with panel_with_handler(panel) as url, PanelClient(url, KEY, method=method) as client:
        error = await error_of(client.status())
    assert isinstance(error, UnexpectedStatus)
    assert (error.http_status, paths) == (status, ["/webservice/server"])


@pytest.mark.parametrize("own_session", [True, False])
async def test_a_panel_that_does_not_reply_raises_a_timeout(own_session: bool) -> None:
    release = asyncio.Event()

    async def panel(_: web.Request) -> web.Response:
        await release.wait()
        return web.json_response({"result": "1"})

    async with panel_with_handler(panel) as url, aiohttp.ClientSession() as session:
        client = PanelClient(url, KEY, session=None if own_session else session, timeout=0.01)
        error = await error_of(client.send("auto", "hi", "9121"))
        release.set()
        await client.close()
    assert isinstance(error, PanelTimeout)
    assert error.maybe_accepted
    assert "0.01 seconds" in str(error)


async def test_a_body_that_does_not_end_raises_a_timeout() -> None:
    release = asyncio.Event()

    async def panel(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"result"')
        await release.wait()
        return response

    async with panel_with_handler(panel) as url, PanelClient(url, KEY, timeout=0.05) as client:
        assert isinstance(await error_of(client.status()), PanelTimeout)
        release.set()


async def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening, so connections are refused
        async with PanelClient(f"http://127.0.0.1:{unused.getsockname()[1]}", KEY, method="GET") as client:
            error = await error_of(client.status())
    assert isinstance(error, ConnectionFailed)
    assert not error.maybe_accepted
    assert "was not sent" in str(error)


class ConnectorThatTimesOut(aiohttp.TCPConnector):
    async def connect(self, *_args: Any, **_options: Any) -> NoReturn:
        raise TimeoutError


async def test_a_timeout_of_the_connector_means_that_nothing_was_sent() -> None:
    async with aiohttp.ClientSession(connector=ConnectorThatTimesOut()) as session:
        client = PanelClient("http://127.0.0.1", KEY, session=session)
        error = await error_of(client.send("auto", "hi", "9121"))
    assert isinstance(error, PanelTimeout)
    assert not error.maybe_accepted


STATUS_LINE = b"HTTP/1.1 200 OK\r\n"
BROKEN_REPLIES = {
    "no reply": b"",
    "truncated body": STATUS_LINE + b"Content-Length: 10\r\n\r\nabc",
    "not HTTP": f"{KEY}\r\n\r\n".encode(),
    "key in a malformed header": STATUS_LINE + f"{KEY}\r\n\r\n".encode(),
    "key where the reason is truncated": STATUS_LINE + b"x" * 240 + f"{KEY}\r\n\r\n".encode(),
    "malformed chunk": STATUS_LINE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "malformed gzip": STATUS_LINE + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
    "header over the limit of aiohttp": STATUS_LINE + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("raw", BROKEN_REPLIES.values(), ids=BROKEN_REPLIES.keys())
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_broken_reply_raises_an_error_and_the_call_is_not_repeated(
    method: Method, raw: bytes
) -> None:
    async with panel_that_sends(raw) as (url, requests), PanelClient(url, KEY, method=method) as client:
        error = await error_of(client.send("auto", "hi", "9121"))
    assert isinstance(error, ConnectionFailed)
    assert error.maybe_accepted
    assert len(requests) == 1
    assert KEY[:8] not in error.reason


async def test_the_middlewares_of_a_session_cannot_repeat_a_call() -> None:
    async def repeat(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        try:
            return await handler(request)
        except aiohttp.ClientError:
            return await handler(request)

    async with (
        panel_that_sends(b"") as (url, requests),
        aiohttp.ClientSession(middlewares=[repeat]) as session,
    ):
        for method in ("POST", "GET"):
            await error_of(PanelClient(url, KEY, session=session, method=method).status())
    assert len(requests) == 2


async def test_a_session_that_is_passed_in_is_used_and_stays_open() -> None:
    async def panel(request: web.Request) -> web.Response:
        assert request.headers["X-Session"] == "passed in"
        return web.json_response({"result": "1"})

    async with (
        panel_with_handler(panel) as url,
        aiohttp.ClientSession(headers={"X-Session": "passed in"}) as session,
    ):
        async with PanelClient(url, KEY, session=session) as client:
            await client.status()
        assert not session.closed
        await session.get(URL(url).join(URL("/webservice/server")))


async def test_a_session_with_raise_for_status_does_not_leak_the_key() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.Response(status=500, text="internal error")

    async with panel_with_handler(panel) as url, aiohttp.ClientSession(raise_for_status=True) as session:
        for method in ("POST", "GET"):
            client = PanelClient(url, KEY, session=session, method=method)
            assert isinstance(await error_of(client.status()), UnexpectedStatus)


async def test_the_client_opens_its_own_session_when_needed_and_closes_it() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.json_response({"result": "1"})

    async with panel_with_handler(panel) as url:
        client = PanelClient(url, KEY)
        assert session_of(client) is None
        await client.status()
        session = session_of(client)
        assert session is not None
        await client.close()
        await client.close()
        assert session.closed
        with pytest.raises(RuntimeError, match="closed"):
            await client.status()


async def test_a_body_over_the_size_limit_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_client, "MAX_REPLY_BYTES", 14)
    bodies = [b'{"result":"1"}', b'{"result":"1"} ']

    async def panel(_: web.Request) -> web.Response:
        return web.Response(body=bodies.pop(0))

    async with panel_with_handler(panel) as url, PanelClient(url, KEY) as client:
        await client.status()
        error = await error_of(client.status())
    assert type(error) is UnreadableReply
    assert "longer than 14 bytes" in error.reason


async def test_an_html_reply_is_unreadable_and_its_excerpt_hides_the_key() -> None:
    async def panel(request: web.Request) -> web.Response:
        return web.Response(text=f"<p>{request.headers['Authorization']}</p>", content_type="text/html")

    async with panel_with_handler(panel) as url, PanelClient(url, KEY) as client:
        error = await error_of(client.status())
    assert isinstance(error, UnreadableReply)
    assert error.excerpt == "<p>***</p>"


@pytest.mark.rule("A7")
async def test_a_reply_with_the_text_0_is_a_refusal() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.Response(text="0")

    async with panel_with_handler(panel) as url, PanelClient(url, KEY) as client:
        error = await error_of(client.send_otp("a", "12", "9121"))
    assert isinstance(error, Refused)
    assert (error.action, error.code) == ("sendOTP", 0)


async def test_invalid_arguments_raise_before_any_request_is_sent() -> None:
    async with panel_that_sends(b"") as (url, requests), PanelClient(url, KEY) as client:
        with pytest.raises(ValueError, match="comma"):
            await client.send("auto", "hi", ["9121,9122"])
        with pytest.raises(TypeError, match="text must be a str"):
            await client.send("auto", None, "9121")  # type: ignore[arg-type]
    assert requests == []


@pytest.mark.parametrize(
    "argument",
    [
        {"base_url": "127.0.0.1"},
        {"api_key": ""},
        {"api_key": "کلید"},
        {"method": "PUT"},
        {"method": "post"},
        {"encoding": "xml"},
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"timeout": True},
        {"timeout": None},
        {"timeout": "5"},
        {"otp_names": None},
        {"send_id_name": ""},
        {"send_id_name": "a..b"},
        {"credit_name": ".a"},
        {"credit_name": 5},
    ],
)
def test_an_invalid_constructor_argument_raises_a_value_error(argument: dict[str, Any]) -> None:
    (name,) = argument
    with pytest.raises(ValueError, match=f"^{name} must ") as caught:
        PanelClient(**{"base_url": "http://127.0.0.1", "api_key": KEY, **argument})
    assert KEY not in str(caught.value)


def test_a_client_can_be_created_without_a_running_event_loop() -> None:
    assert KEY not in repr(PanelClient("http://127.0.0.1", KEY))
