"""The server over HTTP: what crosses the wire, and what hostile bytes get (sections W and A)."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from fakeserver import __version__
from fakeserver.settings.account_settings import Settings
from fakeserver.settings.configuration import parse_account
from fakeserver.web.app import Options
from tests.web.http import Served, served

SERVICE = "/webservice/server"
FORM = "application/x-www-form-urlencoded"
HEAD = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\n"
KEY = {"Authorization": "test-key"}


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    async with served() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


def account(**settings: object) -> Settings:
    return parse_account({"key": "test-key", **settings})


@pytest.mark.rule("W1", "W2", "W4")
@pytest.mark.parametrize("path", [SERVICE, SERVICE + "/"])
async def test_the_service_answers_at_its_one_endpoint(
    server: Served, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.post(server.url + path, data={"action": "status"}, headers=KEY) as posted:
        assert (posted.status, await posted.text()) == (200, '{"result":"1"}')
        assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    async with session.get(server.url + path, params={"action": "status", "key": "test-key"}) as got:
        assert await got.json() == {"result": "1"}


@pytest.mark.rule("W4")
async def test_a_refusal_has_status_200_too(server: Served, session: aiohttp.ClientSession) -> None:
    async with session.post(server.url + SERVICE, data={"action": "status"}) as reply:
        assert (reply.status, await reply.json()) == (200, {"result": "-1"})


async def test_a_reply_says_which_rule_decided_and_shortens_the_key(
    server: Served, session: aiohttp.ClientSession
) -> None:
    headers = {"Authorization": "test-key-disabled"}
    async with session.post(server.url + SERVICE, data={"action": "status"}, headers=headers) as reply:
        assert reply.headers["X-Fake-Rule"] == "A2"
        assert reply.headers["X-Fake-Account"] == "test...ed"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
    async with session.post(server.url + SERVICE, data={"action": "status"}) as reply:
        assert "X-Fake-Account" not in reply.headers


@pytest.mark.rule("A4")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
async def test_any_other_method_is_read_like_post_and_refused(
    server: Served, session: aiohttp.ClientSession, method: str
) -> None:
    async with session.request(method, server.url + SERVICE, headers=KEY) as reply:
        assert (reply.status, await reply.json()) == (200, {"result": "-4"})
    async with session.request(method, server.url + SERVICE, params={"key": "test-key"}) as reply:
        assert await reply.json() == {"result": "-1"}


@pytest.mark.rule("A4")
async def test_connect_is_refused_too_though_its_reply_can_have_no_body(server: Served) -> None:
    reply = await server.raw(b"CONNECT" + HEAD.removeprefix("POST").encode() + b"\r\n")
    assert b"X-Fake-Rule: A4" in reply


@pytest.mark.rule("A4")
async def test_head_is_refused_without_a_body(server: Served, session: aiohttp.ClientSession) -> None:
    async with session.head(server.url + SERVICE, headers=KEY) as reply:
        assert (reply.status, reply.headers["X-Fake-Rule"], await reply.read()) == (200, "A4", b"")


@pytest.mark.rule("A5")
@pytest.mark.parametrize(("allowed", "result"), [("127.0.0.0/8", "1"), ("10.0.0.0/8", "-5")])
async def test_the_address_is_that_of_the_connection(
    session: aiohttp.ClientSession, allowed: str, result: str
) -> None:
    async with (
        served([account(allowed_ips=[allowed])]) as server,
        session.post(server.url + SERVICE, data={"action": "status"}, headers=KEY) as reply,
    ):
        assert (await reply.json())["result"] == result


@pytest.mark.rule("A7")
async def test_unknown_action_may_be_answered_with_a_bare_zero(session: aiohttp.ClientSession) -> None:
    async with (
        served([account(unknown_action="bare-0")]) as server,
        session.post(server.url + SERVICE, data={"action": "Send"}, headers=KEY) as reply,
    ):
        assert await reply.read() == b"0"


@pytest.mark.rule("W12", "A6")
async def test_an_undecodable_body_is_answered_after_the_gate(
    server: Served, session: aiohttp.ClientSession
) -> None:
    for key, result in (("test-key", "0"), ("test-key-disabled", "-2"), ("unknown", "-1")):
        headers = {"Authorization": key, "Content-Type": FORM}
        async with session.post(server.url + SERVICE, data=b"action=%ff", headers=headers) as reply:
            assert (await reply.json())["result"] == result


@pytest.mark.rule("W12")
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "nonsense"])
async def test_a_packed_body_is_undecodable(
    server: Served, session: aiohttp.ClientSession, encoding: str
) -> None:
    headers = {**KEY, "Content-Encoding": encoding, "Content-Type": FORM}
    body = gzip.compress(b"action=status")
    async with session.post(server.url + SERVICE, data=body, headers=headers) as reply:
        assert (reply.status, await reply.json()) == (200, {"result": "0"})
    assert server.logged == []
    (entry,) = server.panel.accounts["test-key"].journal.entries
    assert entry.reason == f"the parameters cannot be read: the body is compressed with {encoding} (W12)"


@pytest.mark.rule("W10")
async def test_the_journal_says_that_of_a_repeated_parameter_the_last_counts(
    server: Served, session: aiohttp.ClientSession
) -> None:
    receivers = [("receivers", "9121111111"), ("receivers", "9122222222")]
    form = [("action", "send"), ("from", "30001403"), ("text", "x"), *receivers]
    async with session.post(server.url + SERVICE, data=form, headers=KEY) as reply:
        assert (await reply.json())["result"] == "1"
    account = server.panel.accounts["test-key"]
    (entry,) = account.journal.entries
    assert entry.reason == (
        "accepted for 1 receiver(s): 1 latin part(s), 2000 rials"
        "; given more than once, where the last counts (W10): `receivers`"
    )
    newest = account.sends.newest()
    assert newest is not None
    assert list(newest.deliveries) == ["9122222222"]


@pytest.mark.rule("W13")
@pytest.mark.parametrize(("size", "status"), [(2048, 200), (2049, 413)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit_gets_413(
    session: aiohttp.ClientSession, size: int, status: int, *, chunked: bool
) -> None:
    body = b"action=status&x=".ljust(size, b"y")
    headers = {**KEY, "Content-Type": FORM}
    async with (
        served(options=Options(max_body=2048)) as server,
        session.post(server.url + SERVICE, data=body, headers=headers, chunked=chunked or None) as reply,
    ):
        assert reply.status == status


@pytest.mark.rule("W1", "W10")
async def test_a_raw_persian_letter_in_a_url_is_read_as_real_servers_read_it(server: Served) -> None:
    query = "key=test-key&action=send&from=auto&text=سلام&receivers=9121234567"
    reply = await server.raw(f"GET {SERVICE}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert b'{"result":"1","sendID":' in reply
    (send,) = server.panel.accounts["test-key"].sends
    assert send.message.text == "سلام"


@pytest.mark.rule("W12")
async def test_raw_bytes_in_a_url_that_are_not_utf8_are_undecodable(server: Served) -> None:
    head = b"GET " + SERVICE.encode() + b"?key=test-key&action=status&text=\xff HTTP/1.1\r\nHost: x\r\n\r\n"
    assert (await server.raw(head)).endswith(b'{"result":"0"}')


async def test_a_body_that_looks_like_a_request_stays_as_it_is(server: Served) -> None:
    text = "GET سلام\r\n"
    body = f"action=send&from=auto&receivers=9121234567&text={text}".encode()
    head = f"{HEAD}Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head + body[: -len(text.encode())])
    await server.raw(
        f"GET {SERVICE} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    )  # meanwhile the first half is read
    writer.write(text.encode())
    await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()
    (send,) = server.panel.accounts["test-key"].sends
    assert send.message.text == text


async def test_health_counts_the_accounts(server: Served, session: aiohttp.ClientSession) -> None:
    async with session.get(server.url + "/_fake/health") as reply:
        assert await reply.json() == {"status": "ok", "version": __version__, "accounts": 9}


async def test_another_path_says_where_the_service_is(server: Served, session: aiohttp.ClientSession) -> None:
    async with session.get(server.url + "/webservice") as reply:
        assert (reply.status, SERVICE in await reply.text()) == (404, True)


async def test_a_bug_of_ours_is_500_and_logged_with_its_trace(
    server: Served, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.panel, "handle", lambda *_: 1 / 0)
    async with session.post(server.url + SERVICE, data={"action": "status"}, headers=KEY) as reply:
        assert reply.status == 500
        assert "Traceback" not in await reply.text()
    assert [record.exc_info is not None for record in server.logged] == [True]


NOT_HTTP = [
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"FROB / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n",
    HEAD.encode() + b"Content-Length: -1\r\n\r\n",
    HEAD.encode() + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
    HEAD.encode() + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("data", NOT_HTTP, ids=lambda data: repr(data[:24]))
async def test_what_is_not_http_gets_400_and_one_line(server: Served, data: bytes) -> None:
    reply = await server.raw(data)
    assert reply.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b"Traceback" not in reply
    (record,) = server.logged
    assert (record.exc_info, "\n" in record.getMessage()) == (None, False)


async def test_a_broken_transfer_is_answered_or_closed_without_a_trace(server: Served) -> None:
    await server.raw(HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
    await server.raw(HEAD.encode() + b"Content-Length: 100\r\n\r\nact", half_close=True, to_end=True)
    assert [record.exc_info for record in server.logged if record.exc_info] == []


@pytest.mark.rule("W12")
@pytest.mark.parametrize("chunks", [b"zz\r\n", b"5\r\nabcdefgh\r\n", b"d\r\naction=status\r\nzz\r\n"])
async def test_a_body_whose_chunks_break_is_undecodable(server: Served, chunks: bytes) -> None:
    reply = await after_its_head(server, HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n", chunks)
    assert reply.startswith(b"HTTP/1.1 200")
    assert b'{"result":"0"}' in reply
    entry = server.panel.accounts["test-key"].journal.entries[-1]
    assert "the transfer of the body is broken: its chunks are not HTTP" in entry.reason
    assert [record.exc_info for record in server.logged if record.exc_info] == []


async def test_a_control_request_whose_chunks_break_is_refused(server: Served) -> None:
    head = b"POST /_fake/accounts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    reply = await after_its_head(server, head, b"2\r\n{}\r\nzz\r\n")
    assert reply.startswith(b"HTTP/1.1 400")
    assert b"the transfer of the body is broken: its chunks are not HTTP" in reply
    assert len(server.panel.accounts) == 9


async def after_its_head(server: Served, head: bytes, rest: bytes) -> bytes:
    """What a connection gives until its end, when the rest of a request comes after its head was read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head)
    await server.raw(HEAD.encode() + b"\r\n")  # meanwhile the head is read
    writer.write(rest)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        await writer.wait_closed()


async def test_requests_in_one_write_are_answered_in_their_order(server: Served) -> None:
    one = HEAD + f"Content-Type: {FORM}\r\nContent-Length: "
    bodies = ["action=status", "action=nothing", "action=credit"]
    data = "".join(f"{one}{len(body)}\r\n\r\n{body}" for body in bodies)
    data += f"GET {SERVICE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    received = await server.raw(data.encode(), to_end=True)
    replies = [json.loads("{" + piece.split(b"}")[0].decode() + "}") for piece in received.split(b"{")[1:]]
    assert [reply["result"] for reply in replies] == ["1", "100", "1", "-1"]
