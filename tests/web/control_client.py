"""Clients of a server for one test: `ControlClient` for the server, `AccountClient` for one account."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from fakeserver.settings.account_settings import Settings
from fakeserver.web.app import Options
from fakeserver.web.system_clock import RealClock
from tests.web.serving import TIMEOUT_SECONDS, LocalServer, serve

SERVICE = "/webservice/server"
ACCOUNTS = "/_fake/accounts"
NUMBER = "9121111111"
OTHER_NUMBER = "9122222222"
LINE = "30001403"
JSON = {"Content-Type": "application/json"}

# Parameters with which each action is accepted; the message that reportSend asks for may not exist.
VALID_PARAMS: dict[str, dict[str, str]] = {
    "send": {"from": LINE, "text": "سلام", "receivers": NUMBER},
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

_NO_BODY: Any = object()


@dataclass(frozen=True)
class Response:
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def parse(cls, data: bytes) -> "Response":
        """The response in these bytes of a connection that has ended."""
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in lines)
        headers = CIMultiDict((name, value.strip()) for name, _, value in fields)
        return cls(int(first.split()[1]), headers, body)

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def rule(self) -> str | None:
        return self.headers.get("X-Fake-Rule")

    @property
    def fault(self) -> str | None:
        return self.headers.get("X-Fake-Fault")


@dataclass
class ControlClient:
    """A server and a session with it."""

    server: LocalServer
    session: aiohttp.ClientSession

    async def request(
        self,
        method: str,
        path: str,
        body: Any = _NO_BODY,
        /,
        *,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Response:
        """Make any request. `path` is percent-encoded; `body` is sent as JSON, `data` as it is."""
        url = self.server.url + path + ("?" + urlencode(query) if query else "")
        content = {"data": data} if body is _NO_BODY else {"json": body}
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            self.session.request(method, URL(url, encoded=True), headers=headers, **content) as response,
        ):
            return Response(response.status, response.headers, await response.read())

    async def request_raw(self, method: str, path: str, *header_lines: str | bytes) -> Response:
        """Make a request without a body, whose path and headers are sent as they are, text as UTF-8."""
        head = (f"{method} {path} HTTP/1.1", *header_lines, "Connection: close", "", "")
        data = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in head)
        return Response.parse(await self.server.exchange(data, to_end=True))

    async def get(self, path: str, /, **query: Any) -> Any:
        """The JSON that a control request reads."""
        response = await self.request("GET", path, **query)
        assert (response.status, response.content_type) == (200, "application/json"), response
        return response.json

    async def create_account(self, **settings: Any) -> "AccountClient":
        """A new account, whose clock is frozen unless `settings` say otherwise."""
        response = await self.request("POST", ACCOUNTS, {"clock": "frozen", **settings})
        assert response.status == 201, response
        return AccountClient(self, response.json["key"])

    def account(self, key: str) -> "AccountClient":
        return AccountClient(self, key)

    async def post(self, params: Mapping[str, Any], key: str | None) -> Response:
        """POST a form to the service."""
        headers = {} if key is None else {"Authorization": key}
        form = {name: str(value) for name, value in params.items()}
        return await self.request("POST", SERVICE, data=form, headers=headers)


@dataclass(frozen=True)
class AccountClient:
    """One account of the server."""

    control: ControlClient
    key: str

    @property
    def path(self) -> str:
        return f"{ACCOUNTS}/{quote(self.key, safe='')}"

    # The control plane

    async def request(self, method: str, sub: str = "", body: Any = _NO_BODY, /, **query: Any) -> Response:
        """Make a control request to the account; `sub` is the path below it."""
        return await self.control.request(method, self.path + sub, body, **query)

    async def get(self, sub: str = "", /, **query: Any) -> Any:
        return await self.control.get(self.path + sub, **query)

    async def command(self, method: str, sub: str, body: Any = _NO_BODY, /) -> Any:
        """Make a control request that must succeed, and return the JSON of the response, if there is any."""
        response = await self.request(method, sub, body)
        assert 200 <= response.status < 300, response
        return response.json if response.body else None

    async def change(self, **settings: Any) -> Any:
        return await self.command("PATCH", "", settings)

    async def advance(self, seconds: float) -> Any:
        return await self.command("POST", "/clock", {"advance": seconds})

    async def add_fault(self, then: Mapping[str, Any], **rule: Any) -> str:
        """Add a fault rule and return its id as the header X-Fake-Fault has it."""
        return str((await self.command("POST", "/faults", {"then": then, **rule}))["id"])

    async def messages(self, **query: Any) -> list[Any]:
        found: list[Any] = (await self.get("/messages", **query))["messages"]
        return found

    async def send_ids(self, **query: Any) -> list[int]:
        return [int(message["sendID"]) for message in await self.messages(**query)]

    async def message(self, send_id: int) -> Any:
        return await self.get(f"/messages/{send_id}")

    async def pairs(self, send_id: int) -> list[tuple[int, int]]:
        """The pair (processingStatus, sendStatus) of every receiver."""
        return [pair_of(receiver) for receiver in (await self.message(send_id))["receivers"]]

    async def entries(self, **query: Any) -> list[Any]:
        """The journal's entries."""
        found: list[Any] = (await self.get("/journal", **query))["entries"]
        return found

    async def now(self) -> str:
        now: str = (await self.get("/clock"))["now"]
        return now

    async def state(self) -> dict[str, Any]:
        """Everything that the control plane shows of the account."""
        subs = ("", "/messages", "/inbound", "/journal", "/phonebooks", "/clock", "/faults", "/snapshots")
        return {sub: await self.get(sub) for sub in subs}

    # The service

    async def post(self, params: Mapping[str, Any]) -> Response:
        """POST a form to the service with the account's key."""
        return await self.control.post(params, self.key)

    async def ask(self, action: str, /, **changes: Any) -> Response:
        """POST an action with valid parameters but for `changes`; `from_` stands for `from`, and None leaves
        a parameter out.
        """
        params: dict[str, Any] = {"action": action, **VALID_PARAMS.get(action, {})}
        params |= {name.rstrip("_"): value for name, value in changes.items()}
        return await self.post({name: value for name, value in params.items() if value is not None})

    async def results(self, times: int, action: str = "send", **changes: Any) -> list[str]:
        """The result codes of asking that many times."""
        return [(await self.ask(action, **changes)).json["result"] for _ in range(times)]

    async def send(self, receivers: str = NUMBER, text: str = "سلام", **changes: Any) -> int:
        """Send a message, which must be accepted, and return its id."""
        reply = (await self.ask("send", receivers=receivers, text=text, **changes)).json
        assert reply["result"] == "1", reply
        return int(reply["sendID"])

    async def credit(self) -> int:
        return int((await self.ask("credit")).json["credit"])


@asynccontextmanager
async def control_client(
    accounts: Iterable[Settings] | None = None,
    options: Options | None = None,
    *,
    clock: RealClock | None = None,
    journal_max: int = 10_000,
    max_accounts: int = 1_000,
) -> AsyncIterator[ControlClient]:
    """Serve these accounts, by default the test keys, and open a session with the server."""
    unlimited = aiohttp.TCPConnector(limit=0)
    async with (
        serve(accounts, options, clock=clock, journal_max=journal_max, max_accounts=max_accounts) as server,
        aiohttp.ClientSession(connector=unlimited) as session,
    ):
        yield ControlClient(server, session)


def pair_of(document: Mapping[str, Any]) -> tuple[int, int]:
    """The pair of statuses of a receiver, of a step of its history, or of a `status` event."""
    return document["processingStatus"], document["sendStatus"]


def assert_problem(response: Response, status: int, *words: str, member: str | None = None) -> None:
    """Check that this is an RFC 9457 problem with that status and these words in its detail, and that its
    first error is at `member`.
    """
    assert (response.status, response.content_type) == (status, "application/problem+json"), response
    problem = response.json
    assert problem["status"] == status
    assert isinstance(problem["title"], str)
    for word in words:
        assert word in problem["detail"], problem
    if member is not None:
        assert problem.get("member") == member, problem
