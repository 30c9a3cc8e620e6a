"""The control plane and the service of one server, over HTTP: what the tests of CONTROL.md speak with."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from tests.web.http import Served, served

SERVICE = "/webservice/server"
ACCOUNTS = "/_fake/accounts"
PATIENCE_SECONDS = 5
_NO_BODY = object()


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Desk:
    """One server, and a session to it."""

    server: Served
    session: aiohttp.ClientSession

    async def call(self, method: str, path: str, body: Any = _NO_BODY, /, **query: Any) -> Answer:
        """A control request; `path` is percent-encoded already. Waits at most `PATIENCE_SECONDS`."""
        url = self.server.url + path + ("?" + urlencode(query) if query else "")
        sent = {} if body is _NO_BODY else {"json": body}
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            self.session.request(method, URL(url, encoded=True), **sent) as reply,
        ):
            return Answer(reply.status, reply.content_type, await reply.read(), reply.headers)

    async def read(self, path: str, **query: Any) -> Any:
        answer = await self.call("GET", path, **query)
        assert (answer.status, answer.content_type) == (200, "application/json"), answer
        return answer.json

    async def create(self, **settings: Any) -> "Box":
        """An account of its own; frozen, unless the settings say otherwise."""
        answer = await self.call("POST", ACCOUNTS, {"clock": "frozen", **settings})
        assert answer.status == 201, answer
        return Box(self, answer.json["key"])

    def box(self, key: str) -> "Box":
        return Box(self, key)

    async def ask(self, params: Mapping[str, Any], key: str | None) -> Answer:
        """A request to the service, as a form."""
        headers = {} if key is None else {"Authorization": key}
        form = {name: str(value) for name, value in params.items()}
        async with self.session.post(self.server.url + SERVICE, data=form, headers=headers) as reply:
            return Answer(reply.status, reply.content_type, await reply.read(), reply.headers)


@dataclass(frozen=True)
class Box:
    """One account of the server."""

    desk: Desk
    key: str

    @property
    def path(self) -> str:
        return f"{ACCOUNTS}/{quote(self.key, safe='')}"

    async def call(self, method: str, sub: str = "", body: Any = _NO_BODY, /, **query: Any) -> Answer:
        return await self.desk.call(method, self.path + sub, body, **query)

    async def read(self, sub: str = "", **query: Any) -> Any:
        return await self.desk.read(self.path + sub, **query)

    async def do(self, method: str, sub: str, body: Any = _NO_BODY, /) -> Any:
        """A control request that must succeed; what it answers, if anything."""
        answer = await self.call(method, sub, body)
        assert answer.done, answer
        return answer.json if answer.body else None

    async def ask(self, params: Mapping[str, Any]) -> Answer:
        return await self.desk.ask(params, self.key)

    async def reply(self, params: Mapping[str, Any]) -> Any:
        return (await self.ask(params)).json

    async def send(self, receivers: str = "9121111111", text: str = "سلام", **more: Any) -> int:
        """An ordinary message that must be accepted; its sendID."""
        params = {"action": "send", "from": "30001403", "text": text, "receivers": receivers, **more}
        reply = await self.reply(params)
        assert reply["result"] == "1", reply
        return int(reply["sendID"])

    async def messages(self, **query: Any) -> list[Any]:
        found: list[Any] = (await self.read("/messages", **query))["messages"]
        return found

    async def ids(self, **query: Any) -> list[int]:
        """The sendIDs of the messages that match."""
        return [int(message["sendID"]) for message in await self.messages(**query)]

    async def message(self, send_id: int) -> Any:
        return await self.read(f"/messages/{send_id}")

    async def pairs(self, send_id: int) -> list[tuple[int, int]]:
        receivers = (await self.message(send_id))["receivers"]
        return [(one["processingStatus"], one["sendStatus"]) for one in receivers]

    async def pair(self, send_id: int) -> tuple[int, int]:
        (pair,) = await self.pairs(send_id)
        return pair

    async def credit(self) -> int:
        return int((await self.reply({"action": "credit"}))["credit"])

    async def advance(self, seconds: float) -> Any:
        return await self.do("POST", "/clock", {"advance": seconds})

    async def now(self) -> str:
        now: str = (await self.read("/clock"))["now"]
        return now

    async def entries(self, **query: Any) -> list[Any]:
        found: list[Any] = (await self.read("/journal", **query))["entries"]
        return found

    async def world(self) -> dict[str, Any]:
        """All that the control plane shows of this account."""
        subs = ("", "/messages", "/journal", "/phonebooks", "/clock", "/faults")
        return {sub: await self.read(sub) for sub in subs}


@asynccontextmanager
async def opened() -> AsyncIterator[Desk]:
    """A server with the test keys, and a session to it."""
    async with served() as server, aiohttp.ClientSession() as session:
        yield Desk(server, session)


def is_problem(answer: Answer, status: int, *words: str) -> bool:
    """Whether this is an RFC 9457 problem of that status which has these words in it."""
    document = answer.json
    return (
        (answer.status, answer.content_type) == (status, "application/problem+json")
        and document["status"] == status
        and isinstance(document["title"], str)
        and all(word in json.dumps(document, ensure_ascii=False) for word in words)
    )
