"""The protocol answers a request that arrives whole at once; aiohttp handles every other one the same way."""

import asyncio
from typing import NoReturn

import aiohttp
import pytest
from aiohttp import StreamReader, web_protocol
from aiohttp.web_protocol import RequestHandler

from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.web.app import build_app
from fakeserver.web.http import protocol
from fakeserver.web.http.runner import Runner
from fakeserver.web.service.endpoint import Endpoint
from tests.fuzz.hostile import SEND, STATUS, get, post
from tests.fuzz.wire import replies_in
from tests.web.http.exchanges import exchange
from tests.web.http.transport import RecordingTransport
from tests.web.serving import REAL_MS, TIMEOUT_SECONDS, LocalServer, serve

SEND_REQUEST = post(SEND)
HEAD = SEND_REQUEST.index(b"\r\n\r\n") + 4
FIRST_REPLY = b'{"result":"1","sendID":"1000000001"}'
SECOND_REPLY = FIRST_REPLY.replace(b"001", b"002")


@pytest.fixture
def immediate_answers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when aiohttp handles a request to the service."""

    async def fail(*_: object) -> NoReturn:
        raise AssertionError("aiohttp has handled the request")

    monkeypatch.setattr(Endpoint, "handle", fail)
    monkeypatch.setattr(Endpoint, "finish", fail)


@pytest.mark.usefixtures("immediate_answers_only")
async def test_a_request_that_arrives_whole_is_answered_at_once(server: LocalServer) -> None:
    for request, body in (
        (SEND_REQUEST, FIRST_REPLY),
        (get(STATUS), b'{"result":"1"}'),
        (get("action=status&text=سلام".encode()), b'{"result":"1"}'),
        (post(b'{"action":"status"}', b"application/json"), b'{"result":"1"}'),
        (b"POST /webservice/server/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", b'{"result":"-1"}'),
    ):
        (reply,) = await exchange(server, request)
        assert (reply.status, reply.body) == (200, body)


@pytest.mark.usefixtures("immediate_answers_only")
async def test_one_request_after_another_is_answered_at_once_on_a_connection(server: LocalServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        for number in range(1_000_000_001, 1_000_000_004):
            writer.write(SEND_REQUEST)
            await reader.readuntil(b'"sendID":"%d"}' % number)
    writer.close()


@pytest.mark.parametrize("end", ["eof_received", "force_close"])
async def test_a_connection_that_ends_in_the_same_turn_of_the_loop_is_answered_first(end: str) -> None:
    """As over TLS, where the end can arrive with the request, or when the server stops at that moment."""
    runner = Runner(build_app(SimulatedPanel(default_accounts(), REAL_MS)))
    await runner.setup()
    assert runner.server is not None
    protocols, written = [runner.server() for _ in range(2)], [list[bytes]() for _ in range(2)]
    for one, data in zip(protocols, written, strict=True):
        one.connection_made(RecordingTransport(data))
    for _ in range(2):  # until aiohttp's tasks wait for a request
        await asyncio.sleep(0)
    for one in protocols:
        one.data_received(SEND_REQUEST)
    assert (len(written[0]), written[1]) == (1, [])
    getattr(protocols[1], end)()
    (reply,) = replies_in(b"".join(written[1]))
    assert (reply.status, reply.body) == (200, SECOND_REPLY)
    await runner.cleanup()


@pytest.mark.parametrize(
    "pieces",
    [
        (SEND_REQUEST[:HEAD], SEND_REQUEST[HEAD:]),
        (SEND_REQUEST[:5], SEND_REQUEST[5:]),
        (post(SEND, extra=b"Connection: close\r\n"),),
        (SEND_REQUEST.replace(b"HTTP/1.1", b"HTTP/1.0"),),
        (post(SEND, extra=b"Expect: 100-continue\r\n"),),
        (SEND_REQUEST.replace(b"/webservice/server", b"/webservice/%73erver"),),
        (SEND_REQUEST * 2,),
    ],
    ids=["body later", "head in two", "close", "HTTP/1.0", "expect", "escaped path", "pipelined"],
)
async def test_a_request_in_another_form_gets_the_same_reply(
    server: LocalServer, pieces: tuple[bytes, ...]
) -> None:
    (reply,) = await exchange(server, *pieces)
    assert (reply.status, reply.body) == (200, FIRST_REPLY)
    assert b"\r\nX-Fake-Rule: S12\r\n" in reply.head


@pytest.mark.parametrize(
    ("owner", "name"), [(RequestHandler, "_messages"), (StreamReader, "_buffer"), (web_protocol, "_ErrInfo")]
)
async def test_aiohttp_serves_alone_when_it_lacks_an_attribute_that_is_used(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    used = {**protocol._USED, owner: (*protocol._USED[owner], f"{name}_of_old")}
    assert protocol.fits_aiohttp()
    monkeypatch.setattr(protocol, "_USED", used)
    async with serve() as server:
        (reply,) = await exchange(server, SEND_REQUEST)
    assert reply.body == FIRST_REPLY
    (record,) = server.log
    assert record.getMessage().startswith(
        f"aiohttp {aiohttp.__version__} is newer than this fakeserver knows: "
    )
