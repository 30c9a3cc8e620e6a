"""How a reply of the service is written: in one piece, where the request is as real clients make it.

aiohttp's own response is made for everything that HTTP can be, and takes longer than the panel itself. What
is written here is what it would write; a test holds the two side by side.
"""

import time
from email.utils import formatdate
from functools import lru_cache

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE


def reply(
    request: web.BaseRequest, headers: dict[str, str], body: bytes, status: int = 200
) -> web.StreamResponse:
    """A response to `request`. The headers hold no line breaks, and none that aiohttp sets by itself."""
    if (
        status == 200
        and request.method in ("GET", "POST")
        and request.version == HttpVersion11
        and request.keep_alive
    ):
        return _InOnePiece(headers, body)
    return web.Response(status=status, headers=headers, body=body)


class _InOnePiece(web.StreamResponse):
    """Status 200 of HTTP/1.1, on a connection that stays open."""

    def __init__(self, headers: dict[str, str], body: bytes) -> None:
        super().__init__(headers=headers)
        self._whole = body

    @property
    def keep_alive(self) -> bool:
        return True

    @property
    def body_length(self) -> int:
        return len(self._whole)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        headers = "".join([f"{name}: {value}\r\n" for name, value in self.headers.items()])
        head = (
            f"HTTP/1.1 200 OK\r\n{headers}Content-Length: {len(self._whole)}\r\n"
            f"Date: {_date(int(time.time()))}\r\nServer: {SERVER_SOFTWARE}\r\n\r\n"
        )
        await request.writer.write_eof(head.encode() + self._whole)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Everything is written already."""


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
