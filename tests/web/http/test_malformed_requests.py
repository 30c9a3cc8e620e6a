"""Requests that are not HTTP, that two servers in a row could read differently, or that are too large."""

import random

import pytest

from tests.fuzz import hostile
from tests.web.http.exchanges import exchange, status_of_only_reply
from tests.web.serving import LocalServer

HEAD = b"POST /webservice/server HTTP/1.1\r\nHost: x\r\nAuthorization: test-key\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"

MALFORMED = {
    "garbage": b"GARBAGE\r\n\r\n",
    "version": b"GET / HTTP/9.9\r\n\r\n",
    "method": b"FROB / HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "long target": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n",
    "header name": b"GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n",
    # One of two servers in a row could see another request here.
    "two lengths": hostile.two_lengths(13, 14),
    "the same length twice": hostile.two_lengths(13, 13),
    "chunks and a length": hostile.chunked_with_a_length(),
    "a folded line": hostile.folded_header(),
    "a blank before the colon": hostile.blank_before_colon(),
    "bare line feeds": hostile.bare_line_feeds(),
    "a bare carriage return": hostile.bare_carriage_return(),
    "NUL in a header": hostile.nul_in_a_header(),
    **{
        f"Transfer-Encoding {value!r}": hostile.odd_transfer_encoding(value)
        for value in (b"xchunked", b"identity", b"chunked, chunked", b"chunked, identity", b"\x0bchunked")
    },
    **{
        f"Content-Length {value!r}": hostile.odd_length(value)
        for value in (b"+13", b"-1", b"0x0d", b"13, 13", b"", b"1_3", b"9" * 30, "١٣".encode())
    },
    "a chunk too large for any number": hostile.huge_chunk_size(),
    "trailers without an end": hostile.endless_trailers(1_000),
}


async def test_a_malformed_request_is_answered_with_400_and_the_connection_closed(
    server: LocalServer,
) -> None:
    for name, data in MALFORMED.items():
        assert await status_of_only_reply(server, data) == 400, name
    assert not server.panel.accounts["test-key"].journal.entries
    lines = [record.getMessage() for record in server.log]
    assert len(lines) == len(MALFORMED)
    assert [line for line in lines if "\n" in line or not line.startswith("malformed request: ")] == []


@pytest.mark.parametrize("rest", [b"\r\n", b"Host: x\r\n\r\n", b"Host: x\r\n\r\nabc"])
async def test_connect_without_a_target_is_malformed(server: LocalServer, rest: bytes) -> None:
    data = await server.exchange(b"CONNECT \r\n" + rest, half_close=True, to_end=True)
    assert data.startswith(b"HTTP/1.0 400 ")
    assert data.endswith(b"\r\n\r\na request without a target")
    assert len(server.log) == 1


async def test_an_unknown_expectation_is_answered_with_417(server: LocalServer) -> None:
    (reply,) = await exchange(server, hostile.post(hostile.STATUS, extra=b"Expect: x\r\n"))
    assert reply.status == 417
    for path in (b"/webservice/server", b"/_fake/health"):
        head = b"POST %b HTTP/1.1\r\nHost: x\r\nExpect: \xdc\r\nContent-Length: 0\r\n\r\n" % path
        data = await server.exchange(head)
        assert data.startswith(b"HTTP/1.1 417 ")
        assert b"\r\nX-Content-Type-Options: nosniff\r\n" in data
    assert server.log == []


# Sizes


async def test_a_header_has_at_most_8190_bytes(server: LocalServer) -> None:
    assert (await exchange(server, hostile.huge_header(8_190)))[0].status == 200
    assert await status_of_only_reply(server, hostile.huge_header(8_191)) == 400


async def test_a_request_has_at_most_128_headers(server: LocalServer) -> None:
    others = hostile.many_headers(0).count(b"\r\n") - 2  # without the request line and the blank line
    assert (await exchange(server, hostile.many_headers(128 - others)))[0].status == 200
    assert await status_of_only_reply(server, hostile.many_headers(129 - others)) == 400


async def test_a_percent_encoded_target_has_at_most_8190_bytes(server: LocalServer) -> None:
    shortest = hostile.huge_target(0).split()[1]
    assert (await exchange(server, hostile.huge_target(8_190 - len(shortest))))[0].status == 200
    assert await status_of_only_reply(server, hostile.huge_target(8_191 - len(shortest))) == 400
    assert await status_of_only_reply(server, hostile.huge_raw_target(4_000)) == 400


# Broken transfers


@pytest.mark.rule("W12")
async def test_a_body_whose_chunks_break_is_undecodable(server: LocalServer) -> None:
    for chunks in (b"zz\r\n", b"5\r\nabcdefgh\r\n", b"d\r\naction=status\r\nzz\r\n"):
        (reply,) = await exchange(server, HEAD + CHUNKED, chunks)
        assert (reply.status, reply.body) == (200, b'{"result":"0"}')
        entry = server.panel.accounts["test-key"].journal.entries[-1]
        assert "the transfer of the body is broken: its chunks are not HTTP" in entry.reason


async def test_a_control_request_whose_chunks_break_is_refused(server: LocalServer) -> None:
    head = b"POST /_fake/accounts HTTP/1.1\r\nHost: localhost\r\n" + CHUNKED
    (reply,) = await exchange(server, head, b"2\r\n{}\r\nzz\r\n")
    assert reply.status == 400
    assert b"the transfer of the body is broken: its chunks are not HTTP" in reply.body
    assert len(server.panel.accounts) == 9


# Requests that are damaged at random


def damaged(chance: random.Random, data: bytes) -> bytes:
    """The bytes with a few of them changed, left out or doubled."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.randint(1, 9)]
            case _:
                changed[place:place] = changed[place : place + chance.randint(1, 9)]
    return bytes(changed)


async def test_damaged_requests_are_never_answered_with_a_server_error(server: LocalServer) -> None:
    chance = random.Random(1403)
    request = hostile.post(hostile.SEND + b"&trySend=1&a=b", extra=b"Connection: close\r\n")
    for _ in range(150):
        data = damaged(chance, request)
        reply = await server.exchange(data, half_close=True, to_end=True)
        assert not reply.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5")), data
