"""A request that has come whole is answered at once; any other, and any unusual reply, goes aiohttp's way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import aiohttp
import pytest
from aiohttp import StreamReader, web_protocol
from aiohttp.web_protocol import RequestHandler

from fakeserver.actions import ACTIONS
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import default_accounts
from fakeserver.web.app import build_app
from fakeserver.web.http import protocol as ours
from fakeserver.web.http.runner import Runner
from fakeserver.web.service.endpoint import Endpoint
from tests.fuzz.hostile import SEND, STATUS, get, post
from tests.fuzz.wire import Reply, replies_in
from tests.web.http import REAL_MS, Served, served
from tests.web.transport import Recording

IN_ONE_PIECE = post(SEND)
HEAD = IN_ONE_PIECE.index(b"\r\n\r\n") + 4
FIRST = b'{"result":"1","sendID":"1000000001"}'
SECOND = FIRST.replace(b"001", b"002")


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    async with served() as running:
        yield running


@pytest.fixture
def only_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is answered aiohttp's way."""

    async def never(*_: object) -> NoReturn:
        raise AssertionError("aiohttp's way was taken")

    monkeypatch.setattr(Endpoint, "handle", never)
    monkeypatch.setattr(Endpoint, "finish", never)


async def asked(server: Served, *pieces: bytes, to_end: bool = False) -> list[Reply]:
    """What these pieces are answered, each sent by itself, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        for _ in range(20):  # so that the server reads one before the next
            await asyncio.sleep(0)
    data = await asyncio.wait_for(reader.read(-1 if to_end else 1 << 16), 10)
    writer.close()
    return replies_in(data)


@pytest.mark.usefixtures("only_at_once")
@pytest.mark.parametrize(
    ("request_bytes", "body"),
    [
        (IN_ONE_PIECE, FIRST),
        (get(STATUS), b'{"result":"1"}'),
        (get("action=status&text=سلام".encode()), b'{"result":"1"}'),
        (post(b'{"action":"status"}', b"application/json"), b'{"result":"1"}'),
        (b"POST /webservice/server/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", b'{"result":"-1"}'),
    ],
    ids=["form", "query", "raw query", "json", "no key"],
)
async def test_a_request_that_has_come_whole_is_answered_at_once(
    server: Served, request_bytes: bytes, body: bytes
) -> None:
    (reply,) = await asked(server, request_bytes)
    assert (reply.status, reply.body) == (200, body)


@pytest.mark.usefixtures("only_at_once")
async def test_one_request_after_the_other_is_answered_at_once_on_a_connection(server: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for number in range(1_000_000_001, 1_000_000_004):
        writer.write(IN_ONE_PIECE)
        await asyncio.wait_for(reader.readuntil(b'"sendID":"%d"}' % number), 10)
    writer.close()


@pytest.mark.parametrize("end", ["eof_received", "force_close"])
async def test_a_connection_that_ends_in_the_same_turn_has_its_answer(end: str) -> None:
    """As over TLS, where the end comes with what was asked, or when the server stops at that moment."""
    runner = Runner(build_app(SimulatedPanel(default_accounts(), REAL_MS)))
    await runner.setup()
    assert runner.server is not None
    protocols, written = [runner.server() for _ in range(2)], [list[bytes]() for _ in range(2)]
    for protocol, data in zip(protocols, written, strict=True):
        protocol.connection_made(Recording(data))
    for _ in range(2):  # until aiohttp's tasks wait for a request
        await asyncio.sleep(0)
    for protocol in protocols:
        protocol.data_received(IN_ONE_PIECE)
    assert (len(written[0]), written[1]) == (1, [])
    getattr(protocols[1], end)()
    (reply,) = replies_in(b"".join(written[1]))
    assert (reply.status, reply.body) == (200, SECOND)
    await runner.cleanup()


@pytest.mark.parametrize(
    "pieces",
    [
        (IN_ONE_PIECE[:HEAD], IN_ONE_PIECE[HEAD:]),
        (IN_ONE_PIECE[:5], IN_ONE_PIECE[5:]),
        (post(SEND, extra=b"Connection: close\r\n"),),
        (IN_ONE_PIECE.replace(b"HTTP/1.1", b"HTTP/1.0"),),
        (post(SEND, extra=b"Expect: 100-continue\r\n"),),
        (IN_ONE_PIECE.replace(b"/webservice/server", b"/webservice/%73erver"),),
        (IN_ONE_PIECE * 2,),
    ],
    ids=["body later", "head in two", "close", "HTTP/1.0", "expect", "escaped path", "pipelined"],
)
async def test_a_request_in_another_form_is_answered_with_the_same(
    server: Served, pieces: tuple[bytes, ...]
) -> None:
    replies = await asked(server, *pieces)
    assert (replies[-1].status, replies[0].body) == (200, FIRST)
    assert b"\r\nX-Fake-Rule: S12\r\n" in replies[0].head


FAULTS: dict[str, tuple[dict[str, Any], tuple[int, bytes] | None, int]] = {
    "delay": ({"delaySeconds": 0.01}, (200, FIRST), 1),
    "proxy": ({"http": 502, "httpBody": "x"}, (502, b"x"), 0),
    "cut": ({"body": "truncated"}, (200, FIRST[: len(FIRST) // 2]), 1),
    "break before": ({"disconnect": "before"}, None, 0),
    "break after": ({"disconnect": "after"}, None, 1),
}


@pytest.mark.parametrize(("then", "expected", "accepted"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_does_to_a_request_in_one_piece_what_it_should(
    server: Served, then: dict[str, Any], expected: tuple[int, bytes] | None, accepted: int
) -> None:
    account = server.panel.accounts["test-key"]
    account.faults.add({"then": then}, account.settings.line_number)
    try:
        replies = await asked(server, IN_ONE_PIECE)
    except ConnectionResetError:
        replies = []
    assert [(reply.status, reply.body) for reply in replies] == ([] if expected is None else [expected])
    assert account.sends.accepted == accepted
    assert len(account.journal.entries) == 1


async def test_a_bug_met_at_once_is_answered_with_500_and_told_once(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise LookupError("the roof leaks")

    monkeypatch.setitem(ACTIONS, "send", broken)
    (reply,) = await asked(server, IN_ONE_PIECE)
    assert reply.status == 500
    (entry,) = server.panel.accounts["test-key"].journal.entries
    assert entry.bug == "LookupError: the roof leaks"
    assert [record.exc_info is not None for record in server.logged] == [True]
    monkeypatch.undo()
    (reply,) = await asked(server, IN_ONE_PIECE)
    assert reply.body == FIRST


# An aiohttp to come


@pytest.mark.parametrize(
    ("owner", "name"), [(RequestHandler, "_messages"), (StreamReader, "_buffer"), (web_protocol, "_ErrInfo")]
)
async def test_an_aiohttp_that_lacks_what_is_used_serves_in_its_own_way(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    used = {**ours._USED, owner: (*ours._USED[owner], f"{name}_of_old")}
    assert ours.fits_aiohttp()
    monkeypatch.setattr(ours, "_USED", used)
    async with served() as server:
        (reply,) = await asked(server, IN_ONE_PIECE)
    assert reply.body == FIRST
    (record,) = server.logged
    assert record.getMessage().startswith(
        f"aiohttp {aiohttp.__version__} is newer than this fakeserver knows: "
    )


# Many requests on a connection, and its end

STATUS_POST, STATUS_GET = post(STATUS), get(STATUS)
LARGE = post(b'{"action":"status","x":"%b"}' % (b"x" * 300_000), b"application/json")
UPGRADE = STATUS_GET.replace(b"\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", 1)
HEALTH = b"GET /_fake/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
ENDED: dict[str, tuple[bytes, int]] = {
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


@pytest.mark.parametrize(("data", "count"), ENDED.values(), ids=ENDED)
async def test_all_that_was_asked_in_full_is_answered_before_the_connection_ends(
    server: Served, data: bytes, count: int
) -> None:
    for _ in range(3):
        replies = replies_in(await server.raw(data, half_close=True, to_end=True))
        assert [reply.status for reply in replies] == [200] * count
    assert len(server.panel.accounts["test-key"].journal.entries) == 3 * (count - data.count(b"_fake"))


async def test_what_is_kept_back_while_many_wait_is_answered_in_its_turn(server: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write((LARGE * 2 + STATUS_GET * 40) * 6)
    for _ in range(252):
        await asyncio.wait_for(reader.readuntil(b'{"result":"1"}'), 10)
    writer.close()


@pytest.mark.parametrize("rest", [b"\r\n", b"Host: x\r\n\r\n", b"Host: x\r\n\r\nabc"])
async def test_a_request_without_a_target_is_refused(server: Served, rest: bytes) -> None:
    data = await server.raw(b"CONNECT \r\n" + rest, half_close=True, to_end=True)
    assert data.startswith(b"HTTP/1.0 400 ")
    assert data.endswith(b"\r\n\r\na request without a target")
    (record,) = server.logged
    assert record.exc_info is None


@pytest.mark.parametrize("path", [b"/webservice/server", b"/_fake/health"])
async def test_an_expectation_that_is_no_text_is_refused(server: Served, path: bytes) -> None:
    head = b"POST %b HTTP/1.1\r\nHost: x\r\nExpect: \xdc\r\nContent-Length: 0\r\n\r\n" % path
    data = await server.raw(head)
    assert data.startswith(b"HTTP/1.1 417 ")
    assert b"\r\nX-Content-Type-Options: nosniff\r\n" in data
    assert server.logged == []
