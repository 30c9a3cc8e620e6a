"""Requests as bytes, in one piece or several, and the replies to them, read strictly."""

import asyncio

from tests.fuzz.wire import Reply, read_reply, replies_in
from tests.web.serving import TIMEOUT_SECONDS, LocalServer

TURNS = 20  # of the event loop, within which the server reads a piece that was sent


async def send_pieces(writer: asyncio.StreamWriter, *pieces: bytes) -> None:
    """Send the pieces; the server reads each one by itself."""
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        for _ in range(TURNS):
            await asyncio.sleep(0)


async def exchange(server: LocalServer, *pieces: bytes, count: int = 1) -> list[Reply]:
    """Send the pieces on a new connection and read that many replies, which must be the panel's or HTTP's."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1 << 20)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await send_pieces(writer, *pieces)
            replies = [await read_reply(reader) for _ in range(count)]
    finally:
        writer.transport.abort()
    assert [reply.problem() for reply in replies if reply.problem()] == []
    return replies


async def exchange_half_closed(server: LocalServer, data: bytes) -> list[Reply]:
    """Send bytes, close the client's half of the connection, and read all replies until the server closes
    the other half.
    """
    return replies_in(await server.exchange(data, half_close=True, to_end=True))


async def status_of_only_reply(server: LocalServer, data: bytes) -> int:
    """The status of the only reply to these bytes; the server closes the connection by itself."""
    (reply,) = replies_in(await server.exchange(data, to_end=True))
    return reply.status
