"""A server of ours with a client beside it: the service asked, the control plane driven."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from fakeserver.web.app import Options
from tests.web.http import Served, served

SERVICE = "/webservice/server"
FAULTS = "/_fake/accounts/_/faults"
KEY = "test-key"
NUMBER = "9121111111"
LINE = "30001403"
PROBLEM = "application/problem+json"

GOOD: dict[str, dict[str, Any]] = {
    "send": {"from": LINE, "text": "hello", "receivers": NUMBER},
    "sendServices": {
        "from": "90001403",
        "textCode": "1001",
        "textData": '{"code":"12345"}',
        "receivers": NUMBER,
    },
    "sendOTP": {"appID": "test-app", "code": "12345", "receivers": NUMBER},
    "reportSend": {"sendID": "1"},
    "credit": {},
    "receivedMessages": {},
    "status": {},
    "newContact": {"phoneId": "1403", "cNumber": NUMBER},
}
"""Parameters with which each action is in order (reportSend apart: nothing is sent yet)."""


@dataclass
class Reply:
    """What came back, read to its end."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def rule(self) -> str | None:
        return self.headers.get("X-Fake-Rule")

    @property
    def fault(self) -> str | None:
        return self.headers.get("X-Fake-Fault")

    @property
    def is_problem(self) -> bool:
        return (
            400 <= self.status < 500
            and self.headers.get("Content-Type", "").startswith(PROBLEM)
            and isinstance(self.json, dict)
        )


@dataclass
class Driven:
    server: Served
    session: aiohttp.ClientSession

    async def control(self, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        """A control request; `path` is below the root, `body` is sent as JSON where there is one."""
        if body is not None:
            more["json"] = body
        async with self.session.request(method, self.server.url + path, **more) as reply:
            return Reply(reply.status, dict(reply.headers), await reply.text())

    async def get(self, path: str) -> Any:
        """A control reading that must succeed; its JSON."""
        reply = await self.control("GET", path)
        assert reply.status == 200, reply.text
        return reply.json

    async def fault(self, then: dict[str, Any], *, key: str = KEY, **rule: Any) -> str:
        """Set a fault rule that must be taken; its id as the header X-Fake-Fault gives it."""
        path = f"/_fake/accounts/{quote(key, safe='')}/faults"
        reply = await self.control("POST", path, {"then": then, **rule})
        assert reply.status == 201, reply.text
        return str(reply.json["id"])

    async def ask(self, action: str, *, key: str = KEY, **changes: Any) -> Reply:
        """POST an action that is in order but for `changes` (`from_` stands for `from`; None leaves out)."""
        params = {"action": action, **GOOD.get(action, {})}
        params |= {name.rstrip("_"): value for name, value in changes.items()}
        data = {name: value for name, value in params.items() if value is not None}
        headers = {"Authorization": key}
        async with self.session.post(self.server.url + SERVICE, data=data, headers=headers) as reply:
            return Reply(reply.status, dict(reply.headers), await reply.text())

    async def results(self, times: int, action: str = "send", **changes: Any) -> list[str]:
        """The results of asking so many times."""
        return [(await self.ask(action, **changes)).json["result"] for _ in range(times)]

    async def freeze(self) -> None:
        assert (await self.control("POST", "/_fake/accounts/_/clock", {"freeze": True})).status == 200

    async def advance(self, seconds: float) -> Any:
        reply = await self.control("POST", "/_fake/accounts/_/clock", {"advance": seconds})
        assert reply.status == 200, reply.text
        return reply.json

    async def messages(self, query: str = "", key: str = KEY) -> list[dict[str, Any]]:
        found = (await self.get(f"/_fake/accounts/{key}/messages{query}"))["messages"]
        assert isinstance(found, list)
        return found

    async def credit(self, key: str = KEY) -> int:
        return int((await self.get(f"/_fake/accounts/{key}"))["credit"])

    async def pairs(self) -> dict[str, tuple[int, int]]:
        """(processingStatus, sendStatus) of every receiver of the newest message, by its number."""
        receivers = (await self.messages())[-1]["receivers"]
        return {one["number"]: (one["processingStatus"], one["sendStatus"]) for one in receivers}

    async def world(self, key: str = "_") -> dict[str, Any]:
        """All that a request could have changed in an account, and the number of accounts."""
        parts = ("", "/messages", "/faults", "/clock", "/phonebooks", "/journal", "/snapshots")
        there = {part: await self.get(f"/_fake/accounts/{key}{part}") for part in parts}
        return {**there, "health": await self.get("/_fake/health")}


@asynccontextmanager
async def driven(
    accounts: Iterable[Any] | None = None, options: Options | None = None
) -> AsyncIterator[Driven]:
    """Serve these accounts (by default the test keys), with a client for them."""
    connector = aiohttp.TCPConnector(limit=0)
    async with served(accounts, options) as server, aiohttp.ClientSession(connector=connector) as session:
        yield Driven(server, session)
