"""A connection without a socket."""

import asyncio
from typing import Any


class RecordingTransport(asyncio.Transport):
    """Appends what is written to a list."""

    def __init__(self, written: list[bytes]) -> None:
        super().__init__({"peername": ("127.0.0.1", 40_000)})
        self._written = written
        self._closed = False

    def write(self, data: Any) -> None:
        self._written.append(bytes(data))

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True
