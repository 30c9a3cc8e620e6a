"""Replies as they arrive over a socket, read strictly: a reply that is not framed well is a finding."""

import asyncio
import json
import re
from typing import NamedTuple

# The statuses with which HTTP itself may answer in place of the panel. 417 is aiohttp's answer to an `Expect`
# header other than 100-continue.
HTTP_REFUSALS = frozenset({400, 404, 408, 413, 414, 417, 431})

_STATUS_LINE = re.compile(rb"HTTP/[0-9]\.[0-9] ([0-9]{3})(?: [^\r\n]*)?\r\n", re.ASCII)
_CONTENT_LENGTH = re.compile(rb"\r\nContent-Length: *([0-9]+)\r\n", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Reply(NamedTuple):
    status: int
    head: bytes
    body: bytes

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection stays open."""
        return self.status == 200 and b"\r\nconnection: close" not in self.head.lower()

    def problem(self) -> str | None:
        """What is wrong with the reply; None when it is the panel's, or a refusal of HTTP."""
        if self.status in HTTP_REFUSALS:
            return None
        if self.status != 200:
            return f"HTTP {self.status}"
        if b"\r\nX-Fake-Rule: " not in self.head:
            return "the reply names no rule"
        return None if not self.body or _has_result(self.body) else "the body is not JSON with a result"


class MalformedReply(Exception):
    """The bytes are not a reply, or a reply is incomplete."""


def _has_result(body: bytes) -> bool:
    try:
        reply = json.loads(body)
    except ValueError:
        return False
    return isinstance(reply, dict) and isinstance(reply.get("result"), str | int)


async def read_reply(reader: asyncio.StreamReader, *, without_body: bool = False) -> Reply:
    """The next reply; `without_body` is for a reply to HEAD. Raises MalformedReply, IncompleteReadError."""
    head = await reader.readuntil(b"\r\n\r\n")
    if head == _CONTINUE:
        head = await reader.readuntil(b"\r\n\r\n")
    status, length = _parse_head(head)
    body = b"" if without_body else await reader.readexactly(length)
    return Reply(status, head, body)


def replies_in(data: bytes) -> list[Reply]:
    """All replies in the bytes of a connection that has ended. Raises MalformedReply.

    The requests are not known here, so a head that is followed by another one, or by nothing, is taken for
    the reply to HEAD.
    """
    found = []
    while data:
        head, blank_line, rest = data.partition(b"\r\n\r\n")
        head += blank_line
        if head == _CONTINUE:
            data = rest
            continue
        status, length = _parse_head(head)
        size = 0 if not rest or _STATUS_LINE.match(rest) else length
        if len(rest) < size:
            raise MalformedReply(f"the body has {len(rest)} of {size} bytes")
        found.append(Reply(status, head, rest[:size]))
        data = rest[size:]
    return found


def _parse_head(head: bytes) -> tuple[int, int]:
    """The status and the length of the body."""
    status, length = _STATUS_LINE.match(head), _CONTENT_LENGTH.search(head)
    if status is None or length is None:
        raise MalformedReply(f"this is not the head of a reply: {head[:200]!r}")
    return int(status[1]), int(length[1])
