"""Responses of the service: a serialized one has the bytes of aiohttp's own response."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from fakeserver.web.service.responses import _SerializedResponse, respond
from fakeserver.wire.reply import Headers, Reply

HEADERS: Headers = (("Content-Type", "application/json; charset=utf-8"), ("X-Fake-Rule", "S12"))
BODY = '{"result":"1","متن":"سلام"}'.encode()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The port of a server that gives the same reply at `/ours` by `respond` and at `/theirs` by aiohttp."""

    async def ours(request: web.Request) -> web.StreamResponse:
        await request.read()
        body = BODY * int(request.query.get("times", "1"))
        return respond(request, Reply(HEADERS, body, int(request.query.get("status", "200"))))

    async def theirs(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(headers=dict(HEADERS), body=BODY, status=int(request.query.get("status", "200")))

    app = web.Application()
    app.router.add_route("*", "/ours", ours)
    app.router.add_route("*", "/theirs", theirs)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


async def exchange(port: int, request: str) -> tuple[bytes, set[bytes], bytes, bool]:
    """The status line, the headers without the date, the body, and whether the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode())
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    status, *headers = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    assert any(header.startswith(b"Date: ") for header in headers)
    ends = b"Connection: close" in headers or not status.startswith(b"HTTP/1.1")
    body = await asyncio.wait_for(reader.read() if ends else reader.readexactly(len(BODY)), 10)
    writer.close()
    await writer.wait_closed()
    return status, {header for header in headers if not header.startswith(b"Date: ")}, body, ends


async def test_both_ways_of_writing_a_reply_give_the_same_response(port: int) -> None:
    for request in (
        "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=1",
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET {path} HTTP/1.0\r\n\r\n",
        "PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET {path}?status=502 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET {path}?status=404 HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        ours = await exchange(port, request.format(path="/ours"))
        assert ours == await exchange(port, request.format(path="/theirs"))
        assert ours[2] == BODY


async def test_a_reply_to_head_has_no_body_but_its_length(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HEAD /ours HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    data = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert b"\r\nContent-Length: %d\r\n" % len(BODY) in data
    assert data.endswith(b"\r\n\r\n")


async def test_a_reply_larger_than_all_buffers_arrives_whole(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET /ours?times=200000 HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
    for _ in range(2):
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert await asyncio.wait_for(reader.readexactly(200_000 * len(BODY)), 10) == BODY * 200_000
    writer.close()
    await writer.wait_closed()


def test_a_serialized_response_has_what_an_access_log_needs() -> None:
    response = _SerializedResponse(Reply(HEADERS, BODY))
    assert (response.status, response.keep_alive, response.body_length) == (200, True, len(BODY))
    assert dict(response.headers) == dict(HEADERS)


@pytest.mark.parametrize("transport", [None, SimpleNamespace(is_closing=lambda: True)])
async def test_nothing_is_written_to_a_client_that_has_disconnected(
    transport: SimpleNamespace | None,
) -> None:
    request: Any = SimpleNamespace(transport=transport)
    with pytest.raises(ConnectionResetError):
        await _SerializedResponse(Reply(HEADERS, BODY)).prepare(request)
