"""The handle of one account: what a test does with it, and what it looks at."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import count as count_up
from typing import Any

from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.testing import documents, faults
from fakeserver.testing.account_control import AccountControl
from fakeserver.testing.errors import UsageError, hide_from_traceback
from fakeserver.testing.faults import Fault
from fakeserver.testing.sent_messages import SentMessages
from fakeserver.testing.values import (
    Change,
    Document,
    Explanation,
    Inbound,
    JournalEntry,
    Message,
    Phonebook,
    Snapshot,
)

__tracebackhide__ = hide_from_traceback

OneOrMore = str | Sequence[str]

# How errors call members of the control plane that are named differently here.
STATUS_NAMES = {
    "sendID": "message",
    "number": "to",
    "processingStatus": "processing_status",
    "sendStatus": "send_status",
}


class Panel:
    """The handle of one account, which has its own settings, credit, messages, clock, faults and journal.

    `url` is the base URL of the server without a final slash, `endpoint` the URL of the web service, and
    `api_key` the API key of the account. The application under test is configured with the last two.

    The handle may be used from several threads at once. Every property and method raises UsageError, and
    changes nothing, if what it is asked for is not possible, and Unreachable if the server does not answer.
    """

    def __init__(self, account: AccountControl, remove: Callable[["Panel"], None]) -> None:
        """`remove` removes the account from its server."""
        self.url = account.url
        self.endpoint = account.url + SERVICE_PATH
        self.api_key = account.api_key
        self.account_control = account
        self._sent = SentMessages(account)
        self._remove: Callable[[Panel], None] | None = remove
        self._snapshot_names = (f"snapshot-{number}" for number in count_up(1))

    def __repr__(self) -> str:
        return f"<Panel {self.api_key} at {self.url}>"

    def __enter__(self) -> "Panel":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the account. Removing it again does nothing.

        Raises ServerBug if a request to the account has met a bug of the server.
        """
        remove, self._remove = self._remove, None
        if remove is not None:
            remove(self)

    def control(
        self,
        method: str,
        below: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        wait_seconds: float = 0,
    ) -> Any:
        """Send a request to the control plane, for what has no method here, and return the JSON of the reply.

        `below` is the path below the account, such as `/clock`. `body` is sent as JSON, members of `query`
        that are None are left out, and `wait_seconds` is how long the request asks the server to wait.
        """
        return self.account_control.request(method, below, body, query, wait_seconds=wait_seconds)

    # The state of the account

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables that `fakeserver exec` sets: PANEL_URL, PANEL_ENDPOINT, PANEL_API_KEY."""
        return {"PANEL_URL": self.url, "PANEL_ENDPOINT": self.endpoint, "PANEL_API_KEY": self.api_key}

    @property
    def credit(self) -> int:
        """The remaining credit, in rials (M6)."""
        return int(self.control("GET", "")["credit"])

    @property
    def now(self) -> datetime:
        """The time of the account's clock, in UTC."""
        return documents.parse_time(self.control("GET", "/clock")["now"])

    @property
    def messages(self) -> list[Message]:
        """The accepted messages, newest last."""
        return self._sent.find()

    @property
    def journal(self) -> list[JournalEntry]:
        """The requests to the web service with the account's API key, newest last."""
        return self.requests()

    def requests(self, *, action: str | None = None, result: str | int | None = None) -> list[JournalEntry]:
        """The entries of the journal with this action and this result code, newest last."""
        query = {"action": action, "result": result}
        entries = self.control("GET", "/journal", query=query)["entries"]
        return [documents.parse_journal_entry(entry) for entry in entries]

    def phonebook(self, id: int) -> Phonebook:  # noqa: A002 - the provider's word
        """The phonebook with this id. Raises UsageError if the account has none with it."""
        found = {document["id"]: document for document in self.control("GET", "/phonebooks")["phonebooks"]}
        if id not in found:
            listed = ", ".join(map(str, found)) or "no phonebooks"
            raise UsageError(f"id: the account has no phonebook {id!r}; it has {listed}", "id")
        return documents.parse_phonebook(found[id])

    def explain(self, **params: Any) -> Explanation:
        """What a request with these parameters would be answered, and why. Nothing changes.

        The parameters are those of the web service, `action` included. One underscore at the end of a name is
        dropped, so that `from`, a keyword of Python, can be given: `from_="30001403"`.
        """
        names = {name.removesuffix("_"): name for name in params}
        body = {parameter: params[name] for parameter, name in names.items()}
        explained = self.account_control.request("POST", "/explain", body, argument_names=names)
        return documents.parse_explanation(explained)

    # Expectations

    def wait_for(
        self,
        *,
        to: str | None = None,
        text: str | None = None,
        count: int = 1,
        timeout: float = 5,
    ) -> list[Message]:
        """Wait until there are at least `count` matching messages, and return all that match, newest last.

        `to` is one of the receivers, in any notation of its number (F2); `text` is a part of the text.
        `timeout` is in real seconds. Raises AssertionError when the time is over.

        It blocks the thread. A coroutine whose own event loop runs the application uses `wait_for_async`.
        """
        return self._sent.wait_for(to, text, count, timeout)

    async def wait_for_async(
        self,
        *,
        to: str | None = None,
        text: str | None = None,
        count: int = 1,
        timeout: float = 5,  # noqa: ASYNC109 - as in wait_for
    ) -> list[Message]:
        """`wait_for` for coroutines: the event loop keeps running."""
        wait = partial(self.wait_for, to=to, text=text, count=count, timeout=timeout)
        thread = ThreadPoolExecutor(1)  # the threads of the loop's own executor belong to the application
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, wait)
        finally:
            thread.shutdown(wait=False)

    def assert_sent(
        self, *, to: str | None = None, text: str | None = None, count: int | None = None
    ) -> list[Message]:
        """Assert that exactly `count` messages match, or at least one without `count`, and return them.

        `to` is one of the receivers, in any notation of its number (F2); `text` is a part of the text. Raises
        AssertionError, which shows what was sent and why requests were refused.
        """
        return self._sent.assert_sent(to, text, count)

    def assert_nothing_sent(self, within: float = 0) -> None:
        """Assert that no message was accepted, and none is within this many real seconds.

        Raises AssertionError as soon as there is a message.
        """
        self._sent.assert_nothing_sent(within)

    # Changes

    def advance(
        self, seconds: float | None = None, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> list[Change]:
        """Move the account's clock on by the sum of the arguments, and return the changes of status.

        The changes are in order, the first 1000 of them. What is due at the instant that is reached has
        happened (L3). A message is archived once it is *older* than `archive_after_seconds`, by default three
        days (R4).
        """
        if seconds is None and not (minutes or hours or days):
            raise UsageError("advance() needs seconds=…, minutes=…, hours=… or days=…")
        total = (seconds or 0) + 60 * minutes + 3600 * (hours + 24 * days)
        if not 0 <= total < math.inf:
            raise UsageError(f"advance(): the clock cannot go backwards or to infinity, by {total:g} seconds")
        moved = self.control("POST", "/clock", {"advance": total})
        return [documents.parse_change(change) for change in moved["changes"]]

    def freeze(self) -> None:
        """Stop the account's clock at its present time. `set(clock="real")` lets it run again."""
        self.control("POST", "/clock", {"freeze": True})

    def set(self, **settings: Any) -> None:
        """Change these settings of the account for what happens from now on; each replaces the whole setting.

        docs/configuration.md lists the settings. Messages on their way are not affected. Raises UsageError,
        which names the setting at fault.
        """
        self.control("PATCH", "", settings)

    def fail(
        self,
        *,
        action: OneOrMore | None = None,
        to: OneOrMore | None = None,
        from_: OneOrMore | None = None,
        text: OneOrMore | None = None,
        after: int = 0,
        times: int = 1,
        result: str | int | None = None,
        description: str | None = None,
        http: int | None = None,
        http_body: str | None = None,
        disconnect: str | None = None,
        body: str | None = None,
        outcome: str | None = None,
        phone_book: str | int | None = None,
        delay: float | None = None,
    ) -> Fault:
        """Add a fault rule, which says what goes wrong with later requests. docs/faults.md has the details.

        The rule is for requests that match `action`, `to` (any of the receivers), `from_` and `text` (the
        whole text); each may be a list of alternatives, and one that is left out matches everything. It lets
        the first `after` matching requests pass and fires for the next `times`; with `times=0` it fires until
        it is removed.

        What happens is one of these, or `delay` alone:

        * `result`, and `description` if wanted: the reply has this error code; nothing else happens;
        * `http`, and `http_body` if wanted: a proxy answers with this status; nothing else happens;
        * `disconnect`: the connection breaks, `"before"` or `"after"` the request is carried out;
        * `body`: the request is carried out, and the body of the reply is `"truncated"`, `"empty"`, `"html"`
          or `"not-json"`;
        * `outcome`: what becomes of the receivers, such as `"undelivered"` (L4);
        * `phone_book`: the code of the phonebook operation; the message is sent (B7).

        `delay` holds the reply back by this many real seconds; it goes with any of the others, too.

        Raises UsageError for a rule that could never fire.
        """
        arguments = {
            "action": action,
            "to": to,
            "from_": from_,
            "text": text,
            "after": after,
            "times": times,
            "result": result,
            "description": description,
            "http": http,
            "http_body": http_body,
            "disconnect": disconnect,
            "body": body,
            "outcome": outcome,
            "phone_book": phone_book,
            "delay": delay,
        }
        return faults.add_fault(self.account_control, arguments)

    def deliver(self, *, from_: str, text: str, to: str | None = None) -> Inbound:
        """Let a message arrive from the number `from_` at the line `to`, by default the first line."""
        document = {"from": from_, "text": text} | ({} if to is None else {"to": to})
        names = {"from": "from_"}
        arrived = self.account_control.request("POST", "/inbound", document, argument_names=names)
        return documents.parse_inbound(arrived)

    def approve(self, message: Message) -> Message:
        """Approve a message that waits for the monitoring team (L5), and return its new state."""
        return self._post_to_message(message, "approve")

    def cancel(self, message: Message) -> Message:
        """Cancel a message as the monitoring team does (L5), and return its new state."""
        return self._post_to_message(message, "cancel")

    def force(
        self, message: Message, processing_status: int, send_status: int, *, to: str | None = None
    ) -> Message:
        """Move a message to a pair of statuses that it can still reach (L1), and return its new state.

        It moves along the shortest path, at the present time. `to` is the only receiver to move; without it
        all receivers move.
        """
        pair = {"processingStatus": processing_status, "sendStatus": send_status}
        return self._post_to_message(message, "status", pair | ({} if to is None else {"number": to}))

    def snapshot(self) -> Snapshot:
        """Keep the state of the account. An account keeps at most 20 snapshots."""
        name = next(self._snapshot_names)
        self.control("PUT", f"/snapshots/{name}")
        return Snapshot(self.api_key, name)

    def restore(self, snapshot: Snapshot) -> None:
        """Bring back the whole state that the snapshot kept: clock, ids and random numbers included."""
        if not isinstance(snapshot, Snapshot):
            raise UsageError(
                f"snapshot: should be what snapshot() returned; it is {str(snapshot)[:40]!r}", "snapshot"
            )
        if snapshot.api_key != self.api_key:
            text = f"snapshot: should be one of account {self.api_key}; it is one of {snapshot.api_key}"
            raise UsageError(text, "snapshot")
        path, names = f"/snapshots/{snapshot.name}/restore", {"name": "snapshot"}
        self.account_control.request("POST", path, argument_names=names)

    def reset(self) -> None:
        """Bring the account back to how it was created. Its snapshots are lost."""
        self.control("POST", "/reset")

    def _post_to_message(self, message: Message, command: str, body: Document | None = None) -> Message:
        path = f"/messages/{message.send_id}/{command}"
        changed = self.account_control.request("POST", path, body, argument_names=STATUS_NAMES)
        return documents.parse_message(changed)
