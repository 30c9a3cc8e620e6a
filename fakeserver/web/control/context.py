"""What the control routes share: the panel, the event broker, and how a request names an account."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

from fakeserver.account.account import Account
from fakeserver.account.sends import Send
from fakeserver.notation.params import whole_number
from fakeserver.panel.panel import SimulatedPanel
from fakeserver.settings.defaults import Document
from fakeserver.spec.units import AccountMs
from fakeserver.web.control.problem import control_error
from fakeserver.web.control.query import Query
from fakeserver.web.events.broker import EventBroker
from fakeserver.web.events.long_polls import LongPolls
from fakeserver.web.system_clock import RealClock
from fakeserver.wire.call import short_key

FIRST_ACCOUNT = "_"
HEADERS = {"X-Frame-Options": "DENY"}
Match = TypeVar("Match")


@dataclass(frozen=True, slots=True)
class Control:
    """`account_defaults` fill in settings that the document of a new account leaves out."""

    panel: SimulatedPanel
    broker: EventBroker
    long_polls: LongPolls
    real_clock: RealClock
    account_defaults: Document

    def account(self, request: web.Request) -> Account:
        """The account in the path of a request without query parameters. Raises ControlError."""
        Query(request).refuse_rest()
        return self.account_of(request.match_info["key"])

    def account_of(self, key: str) -> Account:
        """The account with that key; `_` is the first one. Raises ControlError."""
        accounts = self.panel.accounts
        if key == FIRST_ACCOUNT and accounts:
            return next(iter(accounts.values()))
        if key not in accounts:
            raise control_error(404, f"no account has the key {short_key(key)}", "key")
        return accounts[key]

    def send(self, account: Account, request: web.Request) -> Send:
        """The message in the path. Raises ControlError."""
        number = whole_number(request.match_info["sendID"])
        send = None if number is None else account.sends.find(number)
        if send is None:
            raise control_error(
                404, "the account has no such message, or does not keep it any more", "sendID"
            )
        return send

    def now_ms(self, account: Account) -> AccountMs:
        """The account's time."""
        return account.clock.now_ms(self.real_clock())

    async def matches(
        self,
        key: str | None,
        find: Callable[[], list[Match]],
        wait_seconds: float | None,
        count: int | None,
    ) -> list[Match]:
        """The matches that `find` returns: immediately, or with `wait_seconds` once there are `count` (by
        default 1) or the time is over. The account with that key may be reset or removed while this waits.
        """
        wanted = 1 if count is None else count

        def enough() -> list[Match] | None:
            found = find()
            return found if len(found) >= wanted else None

        if wait_seconds is None:
            return find()
        return await self.long_polls.wait_for(key, enough, wait_seconds) or find()


def json_reply(document: object, status: int = 200) -> web.Response:
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return web.Response(body=body, status=status, content_type="application/json", headers=HEADERS)


def no_content() -> web.Response:
    return web.Response(status=204, headers=HEADERS)


def newest(found: list[Match], limit: int | None) -> list[Match]:
    """The last `limit` matches, in their order; all of them if it is None."""
    return found if limit is None else found[-limit:]
