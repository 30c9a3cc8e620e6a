"""The handle of one account: what a test does to it, and what it looks at."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count as counting
from typing import Any
from urllib.parse import quote

from fakeserver.notation.addresses import SERVICE_PATH
from fakeserver.testing import report, values
from fakeserver.testing.control_client import ControlPlane
from fakeserver.testing.errors import UsageError, hidden
from fakeserver.testing.values import (
    Change,
    Document,
    Explanation,
    Inbound,
    JournalEntry,
    Message,
    Phonebook,
)

__tracebackhide__ = hidden
AT_LEAST, EXACTLY = "at least ", "exactly "
WAIT_MAX_SECONDS = 60.0  # the longest wait that one control request may ask for

OneOrMore = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the account with that key, for its `Panel.restore`."""

    api_key: str
    name: str


class Fault:
    """A fault rule of the account; `id` is that of the journal and of the header `X-Fake-Fault`."""

    def __init__(self, panel: "Panel", document: Document) -> None:
        self.id: int = document["id"]
        self._panel = panel

    def __repr__(self) -> str:
        return f"<Fault {self.id} of {self._panel.api_key}>"

    @property
    def fired(self) -> int:
        """How often it has fired until now."""
        return int(self._now()["fired"])

    @property
    def seen(self) -> int:
        """How many requests have matched it until now."""
        return int(self._now()["seen"])

    def remove(self) -> None:
        """From now on nothing goes wrong by this rule."""
        self._panel.control("DELETE", f"/faults/{self.id}")

    def _now(self) -> Document:
        for document in self._panel.control("GET", "/faults")["faults"]:
            if document["id"] == self.id:
                return dict(document)
        raise UsageError(f"fault {self.id} was removed, or the account was reset")


class Panel:
    """One account of a fake, a world of its own. It may be used from several threads at once.

    `url` is the server's base URL without a final slash, `endpoint` the service's, `api_key` what the
    application must send. Every method raises UsageError for what cannot be done, with the reason and without
    having changed anything, and Unreachable when the server is gone.
    """

    def __init__(
        self, plane: ControlPlane, key: str, remove: Callable[["Panel"], None], strangers_since: int = 0
    ) -> None:
        """`remove` is what removes the account; `strangers_since` is the id of the last request before it
        whose key opened no account.
        """
        self.url = plane.url
        self.endpoint = plane.url + SERVICE_PATH
        self.api_key = key
        self.strangers_since = strangers_since
        self.plane = plane
        self._remove: Callable[[Panel], None] | None = remove
        self._names = (f"snapshot-{number}" for number in counting(1))

    def __repr__(self) -> str:
        return f"<Panel {self.api_key} at {self.url}>"

    def __enter__(self) -> "Panel":
        return self

    def __exit__(self, *_raised: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the account. Raises ServerBug when the fake met a bug of its own since it was made. Once
        removed it stays so, and removing it again does nothing.
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
        """A request to the control plane `below` this account, for what has no method here: the document
        that answers.
        """
        path = f"/accounts/{quote(self.api_key, safe='')}{below}"
        return self.plane.ask(method, path, body, query, wait_seconds)

    # What is there

    @property
    def environ(self) -> dict[str, str]:
        """The variables that `fakeserver exec` sets, for an application that reads its environment."""
        return {"PANEL_URL": self.url, "PANEL_ENDPOINT": self.endpoint, "PANEL_API_KEY": self.api_key}

    @property
    def credit(self) -> int:
        """The remaining credit, in rials."""
        return int(self.control("GET", "")["credit"])

    @property
    def now(self) -> datetime:
        """The time of the account's clock, in UTC."""
        return values.time(self.control("GET", "/clock")["now"])

    @property
    def messages(self) -> list[Message]:
        """What was accepted, newest last."""
        return self._matching(None, None)

    @property
    def journal(self) -> list[JournalEntry]:
        """The requests to the service that carried this account's key, newest last."""
        return self.requests()

    def requests(self, *, action: str | None = None, result: str | int | None = None) -> list[JournalEntry]:
        """The journal's entries of that action and with that result code, newest last."""
        query = {"action": action, "result": _text(result)}
        return [
            values.journal_entry(entry) for entry in self.control("GET", "/journal", query=query)["entries"]
        ]

    def phonebook(self, id: int) -> Phonebook:  # noqa: A002 - what it is called everywhere
        """The phonebook with that id, as it is now."""
        known = {document["id"]: document for document in self.control("GET", "/phonebooks")["phonebooks"]}
        if id not in known:
            listed = ", ".join(map(str, known)) or "none"
            raise UsageError(f"the account has no phonebook {id!r}; it has {listed}")
        return values.phonebook(known[id])

    def explain(self, **params: Any) -> Explanation:
        """What a request with these parameters would be answered, and why; nothing changes. A final
        underscore of a name is dropped, for `from` is a word of Python: `from_="30001403"`.
        """
        named = {name.removesuffix("_"): value for name, value in params.items()}
        return values.explanation(self.control("POST", "/explain", named))

    # What is expected

    def wait_for(
        self,
        *,
        to: str | None = None,
        text: str | None = None,
        count: int = 1,
        timeout: float = 5,
    ) -> list[Message]:
        """The matching messages as soon as there are at least `count`, within `timeout` real seconds: `to` is
        one of the receivers, in any of its written forms, `text` a part of the text.

        Raises AssertionError when the time is over. It blocks; in a coroutine whose own loop runs the
        application, `wait_for_async` does not.
        """
        _check_count(count, least=1)
        found = self._wait(to, text, count, timeout)
        if len(found) >= count:
            return found
        wanted = _wanted(to, text, count, AT_LEAST if count > 1 else "")
        told = f"{wanted} within {timeout:g} s; {_had(found)}"
        if _in_event_loop():
            told += "\n(wait_for stops this thread's event loop; `await panel.wait_for_async(…)` does not)"
        raise AssertionError(report.failure(self, told))

    async def wait_for_async(
        self,
        *,
        to: str | None = None,
        text: str | None = None,
        count: int = 1,
        timeout: float = 5,  # noqa: ASYNC109 - that of wait_for
    ) -> list[Message]:
        """`wait_for` that leaves the event loop running, and the threads that it has for others."""
        look = partial(self.wait_for, to=to, text=text, count=count, timeout=timeout)
        thread = ThreadPoolExecutor(1)
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, look)
        finally:
            thread.shutdown(wait=False)

    def assert_sent(
        self, *, to: str | None = None, text: str | None = None, count: int | None = None
    ) -> list[Message]:
        """The matching messages: exactly `count` of them, or without it at least one. Raises AssertionError
        that shows what was sent, and why requests were refused.
        """
        if count is not None:
            _check_count(count, least=0)
        found = self._matching(to, text)
        if len(found) == count or (count is None and found):
            return found
        wanted = _wanted(to, text, count, EXACTLY if count else "")
        raise AssertionError(report.failure(self, f"{wanted}; {_had(found)}"))

    def assert_nothing_sent(self, within: float = 0) -> None:
        """Nothing was accepted, nor is within so many real seconds. Raises AssertionError."""
        found = self._wait(None, None, 1, within)
        if found:
            raise AssertionError(report.failure(self, f"expected nothing to be sent; {_had(found)}"))

    # What happens

    def advance(
        self, seconds: float | None = None, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> list[Change]:
        """Move the account's clock on; what has become of messages on the way, in order, the first 1000.

        What is due at the instant that is reached has happened; a send is archived once it is *older* than
        `archive_after_seconds`, three days.
        """
        if seconds is None and not (minutes or hours or days):
            raise UsageError("advance by how much? seconds=…, minutes=…, hours=… or days=…")
        span = (seconds or 0) + 60 * minutes + 3600 * (hours + 24 * days)
        if not 0 <= span < math.inf:
            raise UsageError(f"time does not go backwards, nor to infinity: advance by {span:g} seconds")
        told = self.control("POST", "/clock", {"advance": span})
        return [values.change(document) for document in told["changes"]]

    def freeze(self) -> None:
        """Stop the account's clock where it is; `set(clock="real")` lets it run on."""
        self.control("POST", "/clock", {"freeze": True})

    def set(self, **settings: Any) -> None:
        """Change settings of the account, whole members at a time, for what happens from now on."""
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
        """From now on, go wrong: for the next `times` requests (0: until removed) that match `action`, `to`,
        `from_` and `text` exactly, once `after` of them have passed. One of these, or `delay` alone:

        * `result`, with `description`: the panel's own answer; nothing happens;
        * `http`, with `http_body`: a proxy's answer; nothing happens;
        * `disconnect`: "before", or "after" the request was carried out;
        * `body`: "truncated", "empty", "html" or "not-json"; the request is carried out;
        * `outcome`: what becomes of the receivers, "undelivered" for example;
        * `phone_book`: the code of the phonebook operation; the message is sent;
        * `delay`: the reply is so many real seconds late; also beside any of the others.
        """
        when = {"action": action, "to": to, "from": from_, "text": text}
        then = {
            "result": _text(result),
            "description": description,
            "http": http,
            "httpBody": http_body,
            "disconnect": disconnect,
            "body": body,
            "outcome": outcome,
            "phoneBook": _text(phone_book),
            "delaySeconds": delay,
        }
        rule = {"when": _given(when), "then": _given(then), "after": after, "times": times}
        return Fault(self, self.control("POST", "/faults", rule))

    def deliver(self, *, from_: str, text: str, to: str | None = None) -> Inbound:
        """A message arrives from the number `from_` at the account's line `to`, by default its first."""
        document = _given({"from": from_, "text": text, "to": to})
        return values.inbound(self.control("POST", "/inbound", document))

    def approve(self, message: Message) -> Message:
        """The monitoring team lets a waiting message go; the message as it is then."""
        return self._command(message, "approve")

    def cancel(self, message: Message) -> Message:
        """The monitoring team cancels a message; the message as it is then."""
        return self._command(message, "cancel")

    def force(
        self, message: Message, processing_status: int, send_status: int, *, to: str | None = None
    ) -> Message:
        """Move a message, or its receiver `to` alone, to a pair of statuses that it can still reach."""
        pair = {"processingStatus": processing_status, "sendStatus": send_status}
        return self._command(message, "status", {**pair, **_given({"number": to})})

    def snapshot(self) -> Snapshot:
        """Keep everything that the account is now; at most 20 are kept."""
        name = next(self._names)
        self.control("PUT", f"/snapshots/{name}")
        return Snapshot(self.api_key, name)

    def restore(self, snapshot: Snapshot) -> None:
        """Be again what the snapshot kept: credit, messages, clock, ids, faults and all."""
        if not isinstance(snapshot, Snapshot):
            raise UsageError(f"restore takes what snapshot() has returned; this is {str(snapshot)[:40]!r}")
        if snapshot.api_key != self.api_key:
            raise UsageError(f"a snapshot of account {snapshot.api_key}; this is {self.api_key}")
        self.control("POST", f"/snapshots/{snapshot.name}/restore")

    def reset(self) -> None:
        """Back to how the account was made."""
        self.control("POST", "/reset")

    def _command(self, message: Message, command: str, body: Document | None = None) -> Message:
        return values.message(self.control("POST", f"/messages/{message.send_id}/{command}", body))

    def _matching(
        self,
        to: str | None,
        text: str | None,
        wait: float | None = None,
        count: int | None = None,
    ) -> list[Message]:
        query = {"to": to, "text": text, "count": count}
        query["wait"] = None if wait is None else f"{wait:.3f}"
        told = self.control("GET", "/messages", query=query, wait_seconds=wait or 0)
        return [values.message(document) for document in told["messages"]]

    def _wait(self, to: str | None, text: str | None, count: int, seconds: float) -> list[Message]:
        """The matching messages when there are `count`, or those that there are when the time is over."""
        if not 0 <= seconds < math.inf:
            raise UsageError(f"timeout or within should be a number of seconds from 0; it is {seconds!r}")
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            found = self._matching(to, text, min(left, WAIT_MAX_SECONDS), count)
            if len(found) >= count or left <= WAIT_MAX_SECONDS:
                return found


def _given(members: Document) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _text(code: str | int | None) -> str | None:
    return None if code is None else str(code)


def _check_count(count: object, *, least: int) -> None:
    if not isinstance(count, int) or count < least:
        raise UsageError(f"count should be a whole number from {least}; it is {count!r}")


def _wanted(to: str | None, text: str | None, count: int | None, how: str = "") -> str:
    """The expectation in words: `expected exactly 2 messages to 9121234567 with «کد» in the text`."""
    number = {None: "a message", 0: "no message", 1: f"{how}1 message"}.get(count, f"{how}{count} messages")
    receiver = "" if to is None else f" to {to}"
    words = "" if text is None else f" with «{text}» in the text"
    return f"expected {number}{receiver}{words}"


def _had(found: list[Message]) -> str:
    return f"there {'is' if len(found) == 1 else 'are'} {len(found) or 'none'}"


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
