"""What the control routes share: the panel, who is told of changes, and how requests name things."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from aiohttp import web

from fakeserver.account.account import Account
from fakeserver.account.outbox import Send
from fakeserver.notation.params import whole_number
from fakeserver.panel.gate import short_key
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.account_settings import Document
from fakeserver.settings.schema import problems_of
from fakeserver.web.control.problem import ControlError, control_error
from fakeserver.web.control.query import Query
from fakeserver.web.events.hub import Hub
from fakeserver.web.system_clock import RealClock

FIRST_ACCOUNT = "_"
HEADERS = {"X-Frame-Options": "DENY"}
Match = TypeVar("Match")


@dataclass(slots=True)
class Control:
    """`account_defaults`: settings for what a new account's document leaves out. `snapshots`: key → name →
    state; they go with the account, and with a reset.
    """

    panel: SimulatedPanel
    hub: Hub
    system_clock: RealClock
    account_defaults: Document
    snapshots: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def account(self, request: web.Request, *, checked: bool = True) -> Account:
        """The account that the path names; `checked` refuses query parameters, which most paths lack."""
        if checked:
            Query(request).end()
        return self.account_of(request.match_info["key"])

    def account_of(self, key: str) -> Account:
        """The account with that key; `_` is the first one."""
        accounts = self.panel.accounts
        if key == FIRST_ACCOUNT and accounts:
            return next(iter(accounts.values()))
        if key not in accounts:
            raise control_error(404, f"no account has the key {short_key(key)}", "key")
        return accounts[key]

    def send(self, account: Account, request: web.Request) -> Send:
        """The message that the path names."""
        number = whole_number(request.match_info["sendID"])
        send = None if number is None else account.outbox.find(number)
        if send is None:
            raise control_error(404, "the account has no such message, or keeps it no longer", "sendID")
        return send

    def now_ms(self, account: Account) -> int:
        """The account's time, its refunds booked."""
        now_ms = account.clock.now_ms(self.system_clock())
        account.settle(now_ms)
        return now_ms

    async def waited(
        self,
        key: str | None,
        matches: Callable[[], list[Match]],
        seconds: float | None,
        count: int | None,
    ) -> list[Match]:
        """The matches: at once, or with `seconds` as soon as there are `count`, or what there is then. The
        account of that key may have been reset meanwhile, or removed.
        """
        wanted = 1 if count is None else count

        def enough() -> list[Match] | None:
            found = matches()
            return found if len(found) >= wanted else None

        if seconds is None:
            return matches()
        return await self.hub.wait_for(key, enough, seconds) or matches()


def reply(document: object, status: int = 200) -> web.Response:
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return web.Response(body=body, status=status, content_type="application/json", headers=HEADERS)


def nothing() -> web.Response:
    return web.Response(status=204, headers=HEADERS)


def newest(found: list[Match], limit: int | None) -> list[Match]:
    """The last `limit` of them, in their order."""
    return found if limit is None else found[-limit:]


async def read_body(request: web.Request, name: str) -> dict[str, Any]:
    """The JSON object of a request, found to fit the schema `name`. No body is an empty object."""
    return parse(await read_bytes(request), name)


async def no_body(request: web.Request) -> None:
    """Refuse a body that says something where there is nothing to say."""
    if _loads(await read_bytes(request)) != {}:
        raise control_error(400, "this request takes no members")


def parse(body: bytes, name: str) -> dict[str, Any]:
    """The JSON object in `body`, found to fit the schema `name`. Raises ControlError."""
    document = _loads(body)
    if problems := problems_of(name, document):
        raise ControlError(400, problems)
    return cast("dict[str, Any]", document)


def _loads(body: bytes) -> object:
    """The body as JSON, whatever its content type says, so that a plain `curl -d` will do."""
    if not body.strip():
        return {}
    try:
        document: object = json.loads(body.decode(), parse_constant=_no_number)
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise control_error(400, f"the body is not JSON: {error}") from None
    return document


async def read_bytes(request: web.Request) -> bytes:
    packed = request.headers.get("Content-Encoding", "identity").lower()
    if packed != "identity":
        raise control_error(415, f"the body is packed with {packed[:40]!r}; it should not be")
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise control_error(413, error.text or "the body is too large") from None
    except web.RequestPayloadError as error:
        raise control_error(400, f"the transfer of the body is broken: {error}") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")
