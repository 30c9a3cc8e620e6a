"""Connections: requests in pieces, pipelined requests, clients that close their half or disconnect."""

import asyncio

import pytest

from tests.fuzz.hostile import SEND, STATUS, bytewise, get, post
from tests.fuzz.wire import replies_in
from tests.web.http.exchanges import exchange, exchange_half_closed, send_pieces, status_of_only_reply
from tests.web.serving import TIMEOUT_SECONDS, LocalServer

OK = b'{"result":"1"}'
HEALTH = b"GET /_fake/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
STATUS_POST, STATUS_GET = post(STATUS), get(STATUS)
LARGE = post(b'{"action":"status","x":"%b"}' % (b"x" * 300_000), b"application/json")


def accepted(server: LocalServer) -> int:
    return server.panel.accounts["test-key"].sends.accepted


def send_replies(count: int) -> list[bytes]:
    return [
        b'{"result":"1","sendID":"%d"}' % number for number in range(1_000_000_001, 1_000_000_001 + count)
    ]


# Pieces


async def test_a_request_that_arrives_byte_by_byte_is_answered(server: LocalServer) -> None:
    (reply,) = await exchange(server, *bytewise(STATUS_POST))
    assert reply.body == OK


PERSIAN_GET = get("action=send&from=auto&text=سلام&receivers=9121234567".encode())


@pytest.mark.rule("W1", "W10")
async def test_a_target_may_have_raw_utf_8_in_any_pieces(server: LocalServer) -> None:
    place = PERSIAN_GET.index("س".encode())
    for pieces in (
        [PERSIAN_GET],
        *([PERSIAN_GET[:cut], PERSIAN_GET[cut:]] for cut in (1, place, place + 1)),
        list(bytewise(PERSIAN_GET * 2)),
    ):
        count = b"".join(pieces).count(b"GET ")
        assert [reply.status for reply in await exchange(server, *pieces, count=count)] == [200] * count
    sends = list(server.panel.accounts["test-key"].sends)
    assert [send.message.text for send in sends] == ["سلام"] * 6


@pytest.mark.rule("W12")
async def test_a_target_with_raw_bytes_that_are_not_utf_8_is_undecodable(server: LocalServer) -> None:
    (reply,) = await exchange(server, get(b"action=status&text=\xff"))
    assert reply.body == b'{"result":"0"}'


async def test_a_header_or_a_body_that_looks_like_a_request_stays_as_it_is(server: LocalServer) -> None:
    head, name, body = post(STATUS, extra=b"X-Note: 1\r\n").partition(b"X-Note: ")
    (reply,) = await exchange(server, head + name, "GET سلام".encode() + body)
    assert reply.body == OK
    text = "GET سلام\r\n".encode()
    request = post(b"action=send&from=auto&receivers=9121234567&text=" + text)
    await exchange(server, request[: -len(text)], text)
    (send,) = server.panel.accounts["test-key"].sends
    assert send.message.text == text.decode()


# Pipelined requests


async def test_pipelined_requests_are_answered_in_order(server: LocalServer) -> None:
    replies = await exchange(server, post(SEND) * 100, count=100)
    assert [reply.body for reply in replies] == send_replies(100)
    mixed = [STATUS_POST, post(b"action=nothing"), HEALTH, STATUS_GET]
    replies = replies_in(await server.exchange(b"".join(mixed), half_close=True, to_end=True))
    assert [reply.body[:12] for reply in replies] == [
        b'{"result":"1',
        b'{"result":"1',
        b'{"status": "',
        b'{"result":"1',
    ]


async def test_requests_that_wait_behind_large_ones_are_answered_in_their_turn(server: LocalServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write((LARGE * 2 + STATUS_GET * 40) * 6)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        for _ in range(252):
            await reader.readuntil(OK)
    writer.close()


async def test_what_arrives_together_with_malformed_bytes_is_not_carried_out(server: LocalServer) -> None:
    for data in (post(SEND) + b"\x00\r\n\r\n", b"\x00\r\n\r\n" + post(SEND)):
        assert await status_of_only_reply(server, data) == 400
    assert accepted(server) == 0


# A client that disconnects, or closes its half of the connection


async def test_a_client_that_disconnects_within_its_request_has_sent_nothing(server: LocalServer) -> None:
    request = post(SEND)
    for end in range(1, len(request), 7):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await send_pieces(writer, request[:end])
        writer.transport.abort()
    assert await exchange_half_closed(server, request[:-1]) == []
    assert (await exchange(server, STATUS_POST))[0].body == OK
    assert accepted(server) == 0


UPGRADE = STATUS_GET.replace(b"\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", 1)
HALF_CLOSED: dict[str, tuple[bytes, int]] = {
    "one": (STATUS_POST, 1),
    "several": (STATUS_POST * 3, 3),
    "health": (HEALTH, 1),
    "large ones among many": ((LARGE + STATUS_POST * 20) * 5, 105),
    "large ones at the end": (STATUS_GET * 40 + LARGE * 2, 42),
    "half a body": (STATUS_POST + STATUS_POST[:-3], 1),
    "half a body behind several": (STATUS_POST * 3 + STATUS_POST[:-3], 3),
    "half a head": (STATUS_POST * 2 + STATUS_POST[:20], 2),
    "half a body alone": (STATUS_POST[:-3], 0),
    "half a body behind another path": (HEALTH + STATUS_POST[:-3], 1),
    "behind an upgrade": (UPGRADE + STATUS_GET * 3, 4),
    "half a body behind an upgrade": (UPGRADE + STATUS_POST[:-3], 1),
    "two upgrades": (UPGRADE * 2 + STATUS_POST, 3),
}


async def test_whole_requests_are_answered_after_the_client_closes_its_half(server: LocalServer) -> None:
    journal = server.panel.accounts["test-key"].journal
    for name, (data, count) in HALF_CLOSED.items():
        for _ in range(2):
            journal.clear()
            assert [reply.status for reply in await exchange_half_closed(server, data)] == [200] * count, name
            assert len(journal.entries) == count - data.count(b"_fake"), name


async def test_malformed_bytes_end_a_half_closed_connection(server: LocalServer) -> None:
    replies = await exchange_half_closed(server, STATUS_POST + b"\x00\r\n\r\n")
    assert [reply.status for reply in replies] == [400]


async def test_a_delayed_reply_is_sent_after_the_client_closes_its_half(server: LocalServer) -> None:
    account = server.panel.accounts["test-key"]
    account.faults.add({"then": {"delaySeconds": 0.05}, "times": 0}, account.settings.line_number)
    for following in (b"", STATUS_POST[:20]):
        replies = await exchange_half_closed(server, STATUS_POST + following)
        assert [reply.body for reply in replies] == [OK]


async def test_a_stream_or_a_long_poll_of_a_half_closed_connection_ends_soon(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.http.protocol.HALF_CLOSED_SECONDS", 0.01)
    for path in (b"/_fake/events", b"/_fake/accounts/test-key/messages?wait=60"):
        request = b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path
        data = await server.exchange(request, half_close=True, to_end=True)
        assert b"event:" not in data
        assert b"messages" not in data
