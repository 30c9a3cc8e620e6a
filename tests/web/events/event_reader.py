"""A reader of the event stream, which knows the framing of server-sent events and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import aiohttp

from tests.web.control_client import ControlClient
from tests.web.serving import TIMEOUT_SECONDS

EVENTS = "/_fake/events"


class Event(NamedTuple):
    kind: str
    data: Any


@dataclass
class EventReader:
    """`seen` holds every event that was read."""

    response: aiohttp.ClientResponse
    seen: list[Event] = field(default_factory=list)

    async def next_frame(self) -> bytes:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await self.response.content.readuntil(b"\n\n")

    async def next(self) -> Event:
        """The next event; comments are skipped."""
        while True:
            event = parse_frame((await self.next_frame()).decode())
            if event is not None:
                self.seen.append(event)
                return event

    async def next_of(self, kind: str, count: int = 1) -> list[Any]:
        """The data of the next `count` events of a kind; others are skipped."""
        found: list[Any] = []
        while len(found) < count:
            event = await self.next()
            if event.kind == kind:
                found.append(event.data)
        return found

    async def rest(self) -> bytes:
        """Everything until the server ends the stream."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await self.response.content.read()


def parse_frame(frame: str) -> Event | None:
    """The event of a frame; None for a comment."""
    fields: dict[str, list[str]] = {}
    for line in frame.removesuffix("\n\n").split("\n"):
        name, colon, value = line.partition(":")
        assert colon, line
        assert name in {"", "event", "data", "id", "retry"}, line
        fields.setdefault(name, []).append(value.removeprefix(" "))
    if "data" not in fields:
        return None
    (kind,) = fields["event"]
    return Event(kind, json.loads("\n".join(fields["data"])))


@asynccontextmanager
async def read_events(control: ControlClient, key: str | None = None) -> AsyncIterator[EventReader]:
    """Open an event stream: of the account with that key, or of all accounts."""
    query = "" if key is None else f"?key={key}"
    async with control.session.get(control.server.url + EVENTS + query) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        yield EventReader(response)
