import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

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

KEY = "test-key-which-nobody-may-see"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SENT = {"result": "1", "sendID": "1000000001"}
ANSWERS: dict[str, object] = {
    "send": SENT,
    "sendServices": SENT,
    "sendOTP": SENT,
    "reportSend": {"result": "1", "data": {"count": "0", "archive": "true"}},
    "credit": {"result": "1", "credit": "5"},
    "receivedMessages": {"result": "401"},
    "status": {"result": "1"},
    "newContact": {"result": "1"},
}


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/webservice/server", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve the same bytes on every connection, then hang up; the requests are kept."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


async def failure_of(call: Awaitable[object]) -> PanelError:
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


async def parameters(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        return {name: str(value) for name, value in (await request.json()).items()}
    pairs = request.query.items() if request.method == "GET" else (await request.post()).items()
    return {name: str(value) for name, value in pairs}


@pytest.mark.rule("W1", "W5", "A1")
@pytest.mark.parametrize(
    ("method", "encoding"),
    [("POST", "form"), ("POST", "multipart"), ("POST", "json"), ("GET", "form"), ("GET", "json")],
)
async def test_every_action_arrives_and_its_answer_comes_back(method: Method, encoding: Encoding) -> None:
    heard: list[dict[str, str]] = []
    json_body = (method, encoding) == ("POST", "json")

    async def panel(request: web.Request) -> web.Response:
        asked = await parameters(request)
        key = asked.pop("key", None) if method == "GET" else request.headers["Authorization"]
        assert (request.method, key) == (method, KEY)
        heard.append(asked)
        return web.json_response(ANSWERS[asked["action"]])

    async with serving(panel) as url, PanelClient(url, KEY, method=method, encoding=encoding) as client:
        assert (await client.send("auto", "سلام +&", ["9121", "9122"], phone_book=5)).send_id == 1000000001
        assert (await client.send_services("auto", 1001, "9121", {"نام": "۱"})).phone_book is None
        assert (await client.send_otp("test-app", "0042", "9121")).send_id == 1000000001
        assert (await client.report_send(7)).receivers == ()
        assert await client.credit() == 5
        assert await client.received_messages() == ()
        await client.status()
        assert (await client.new_contact(1403, "9121", {"F": "x"})).fields is None

    assert [asked["action"] for asked in heard] == list(ANSWERS)
    assert heard[0] == {
        "action": "send",
        "from": "auto",
        "text": "سلام +&",
        "receivers": "9121,9122",
        "phoneBook": "5",
    }
    assert heard[1].items() >= ({("textData", "{'نام': '۱'}")} if json_body else {("textData[نام]", "۱")})
    assert heard[7]["cFields"] == ("{'F': 'x'}" if json_body else '{"F":"x"}')


@pytest.mark.rule("S5")
async def test_a_refusal_of_the_panel_is_raised() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.json_response({"result": "105"})

    async with serving(panel) as url, PanelClient(url, KEY) as client:
        error = await failure_of(client.send("auto", "hi", "x"))
    assert isinstance(error, InvalidReceiver)
    assert error.rule == "S5"


@pytest.mark.rule("C2")
async def test_the_settings_of_names_reach_the_wire_and_the_reply() -> None:
    async def panel(request: web.Request) -> web.Response:
        asked = await parameters(request)
        if asked["action"] == "credit":
            return web.json_response({"result": 1, "data": {"left": 7}})
        assert asked == {"action": "otp", "a": "app", "c": "12", "receivers": "9121"}
        return web.json_response({"result": 1, "data": {"id": 9}})

    names = OtpNames("otp", "a", "c")
    async with (
        serving(panel) as url,
        PanelClient(url, KEY, otp_names=names, send_id_name="data.id", credit_name="data.left") as client,
    ):
        assert (await client.send_otp("app", "12", "9121")).send_id == 9
        assert await client.credit() == 7


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(method: Method, status: int) -> None:
    visits: list[str] = []

    async def panel(request: web.Request) -> web.Response:
        visits.append(request.path)
        return web.Response(status=status, headers={"Location": str(request.url)}, text=f"see {request.url}")

    async with serving(panel) as url, PanelClient(url, KEY, method=method) as client:
        error = await failure_of(client.status())
    assert isinstance(error, UnexpectedStatus)
    assert (error.http_status, visits) == (status, ["/webservice/server"])


@pytest.mark.parametrize("own", [True, False])
async def test_a_panel_that_never_answers_is_a_timeout(own: bool) -> None:
    release = asyncio.Event()

    async def panel(_: web.Request) -> web.Response:
        await release.wait()
        return web.json_response({"result": "1"})

    async with serving(panel) as url, aiohttp.ClientSession() as session:
        client = PanelClient(url, KEY, session=None if own else session, timeout=0.01)
        error = await failure_of(client.send("auto", "hi", "9121"))
        release.set()
        await client.close()
    assert isinstance(error, PanelTimeout)
    assert error.maybe_accepted
    assert "0.01 seconds" in str(error)


async def test_a_body_that_never_ends_is_a_timeout() -> None:
    release = asyncio.Event()

    async def panel(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"result"')
        await release.wait()
        return response

    async with serving(panel) as url, PanelClient(url, KEY, timeout=0.05) as client:
        assert isinstance(await failure_of(client.status()), PanelTimeout)
        release.set()


async def test_no_connection_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        async with PanelClient(f"http://127.0.0.1:{free.getsockname()[1]}", KEY, method="GET") as client:
            error = await failure_of(client.status())
    assert isinstance(error, ConnectionFailed)
    assert not error.maybe_accepted
    assert "was not sent" in str(error)


HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "hung up": b"",
    "cut short": HEAD + b"Content-Length: 10\r\n\r\nabc",
    "not HTTP": f"{KEY}\r\n\r\n".encode(),
    "key in a bad header": HEAD + f"{KEY}\r\n\r\n".encode(),
    "key across the cut": HEAD + b"x" * 240 + f"{KEY}\r\n\r\n".encode(),
    "bad chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "bad gzip": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
    "endless header": HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_broken_answer_fails_and_the_call_is_not_repeated(method: Method, raw: bytes) -> None:
    async with answering(raw) as (url, heard), PanelClient(url, KEY, method=method) as client:
        error = await failure_of(client.send("auto", "hi", "9121"))
    assert isinstance(error, ConnectionFailed)
    assert error.maybe_accepted
    assert len(heard) == 1
    assert KEY[:8] not in error.reason


async def test_a_call_on_a_callers_session_is_not_repeated_either() -> None:
    async def repeat(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        try:
            return await handler(request)
        except aiohttp.ClientError:
            return await handler(request)

    async with answering(b"") as (url, heard), aiohttp.ClientSession(middlewares=[repeat]) as session:
        for method in ("POST", "GET"):
            await failure_of(PanelClient(url, KEY, session=session, method=method).status())
    assert len(heard) == 2


async def test_a_callers_session_is_used_and_not_closed() -> None:
    async def panel(request: web.Request) -> web.Response:
        assert request.headers["X-Mine"] == "yes"
        return web.json_response({"result": "1"})

    async with serving(panel) as url, aiohttp.ClientSession(headers={"X-Mine": "yes"}) as session:
        async with PanelClient(url, KEY, session=session) as client:
            await client.status()
        assert not session.closed
        await session.get(URL(url).join(URL("/webservice/server")))


async def test_a_session_that_raises_for_status_does_not_leak_the_key() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.Response(status=500, text="oops")

    async with serving(panel) as url, aiohttp.ClientSession(raise_for_status=True) as session:
        for method in ("POST", "GET"):
            client = PanelClient(url, KEY, session=session, method=method)
            assert isinstance(await failure_of(client.status()), UnexpectedStatus)


async def test_its_own_session_is_lazy_and_closed() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.json_response({"result": "1"})

    async with serving(panel) as url:
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


async def test_a_reply_over_the_limit_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_client, "MAX_REPLY_BYTES", 14)
    bodies = [b'{"result":"1"}', b'{"result":"1"} ']

    async def panel(_: web.Request) -> web.Response:
        return web.Response(body=bodies.pop(0))

    async with serving(panel) as url, PanelClient(url, KEY) as client:
        await client.status()
        error = await failure_of(client.status())
    assert type(error) is UnreadableReply
    assert "longer than 14 bytes" in error.reason


async def test_an_answer_in_html_is_unreadable_and_conceals_the_key() -> None:
    async def panel(request: web.Request) -> web.Response:
        return web.Response(text=f"<p>{request.headers['Authorization']}</p>", content_type="text/html")

    async with serving(panel) as url, PanelClient(url, KEY) as client:
        error = await failure_of(client.status())
    assert isinstance(error, UnreadableReply)
    assert error.excerpt == "<p>***</p>"


@pytest.mark.rule("A7")
async def test_a_bare_0_on_the_wire_is_a_refusal() -> None:
    async def panel(_: web.Request) -> web.Response:
        return web.Response(text="0")

    async with serving(panel) as url, PanelClient(url, KEY) as client:
        error = await failure_of(client.send_otp("a", "12", "9121"))
    assert isinstance(error, Refused)
    assert (error.action, error.code) == ("sendOTP", 0)


async def test_wrong_arguments_are_refused_before_any_io() -> None:
    async with answering(b"") as (url, heard), PanelClient(url, KEY) as client:
        with pytest.raises(ValueError, match="comma"):
            await client.send("auto", "hi", ["9121,9122"])
        with pytest.raises(TypeError, match="text must be a str"):
            await client.send("auto", None, "9121")  # type: ignore[arg-type]
    assert heard == []


@pytest.mark.parametrize(
    "wrong",
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
def test_a_wrong_setting_is_a_value_error_at_construction(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        PanelClient(**{"base_url": "http://127.0.0.1", "api_key": KEY, **wrong})
    assert KEY not in str(caught.value)


def test_a_client_can_be_made_without_a_running_loop() -> None:
    assert KEY not in repr(PanelClient("http://127.0.0.1", KEY))
