"""Replies as they come over a socket, read strictly: an answer that is not framed well is a finding."""

import asyncio
import json
import re
from typing import NamedTuple

# What may answer besides the panel: HTTP itself, which has not understood, or has found nothing there.
# 417 is aiohttp's answer to an `Expect` that is not 100-continue.
REFUSALS = frozenset({400, 404, 408, 413, 414, 417, 431})

_HEAD = re.compile(rb"HTTP/[0-9]\.[0-9] ([0-9]{3})(?: [^\r\n]*)?\r\n", re.ASCII)
_LENGTH = re.compile(rb"\r\nContent-Length: *([0-9]+)\r\n", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Reply(NamedTuple):
    status: int
    head: bytes
    body: bytes

    @property
    def stays_open(self) -> bool:
        return self.status == 200 and b"\r\nconnection: close" not in self.head.lower()

    def fault(self) -> str | None:
        """What is wrong with it; None for a reply of the panel, or a refusal of HTTP's."""
        if self.status in REFUSALS:
            return None
        if self.status != 200:
            return f"HTTP {self.status}"
        if b"\r\nX-Fake-Rule: " not in self.head:
            return "no rule has decided"
        return None if not self.body or _is_panels(self.body) else "no JSON with a result"


class Broken(Exception):
    """Bytes that are no reply, or a reply without its end."""


def _is_panels(body: bytes) -> bool:
    try:
        reply = json.loads(body)
    except ValueError:
        return False
    return isinstance(reply, dict) and isinstance(reply.get("result"), str | int)


async def read_reply(reader: asyncio.StreamReader, *, bodiless: bool = False) -> Reply:
    """The next reply; `bodiless` for one to HEAD. Raises Broken, IncompleteReadError at the end."""
    head = await reader.readuntil(b"\r\n\r\n")
    if head == _CONTINUE:
        head = await reader.readuntil(b"\r\n\r\n")
    first, length = _HEAD.match(head), _LENGTH.search(head)
    if first is None or length is None:
        raise Broken(f"no head of a reply: {head[:200]!r}")
    body = b"" if bodiless else await reader.readexactly(int(length[1]))
    return Reply(int(first[1]), head, body)


def replies_in(data: bytes) -> list[Reply]:
    """All replies in what came until the end. Raises Broken.

    The requests are not known here, so a reply that is followed by another at once, or by nothing, is one
    to HEAD.
    """
    found = []
    while data:
        head, blank_line, rest = data.partition(b"\r\n\r\n")
        head += blank_line
        if head == _CONTINUE:
            data = rest
            continue
        first, length = _HEAD.match(head), _LENGTH.search(head)
        if first is None or length is None:
            raise Broken(f"no head of a reply: {head[:200]!r}")
        size = 0 if not rest or _HEAD.match(rest) else int(length[1])
        if len(rest) < size:
            raise Broken(f"{len(rest)} bytes of a body of {size}")
        found.append(Reply(int(first[1]), head, rest[:size]))
        data = rest[size:]
    return found
