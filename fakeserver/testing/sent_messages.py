"""The accepted messages of an account: found, waited for, and held against an expectation."""

import asyncio
import math
import time
from collections.abc import Sequence

from fakeserver.testing import report
from fakeserver.testing.account_control import AccountControl
from fakeserver.testing.documents import parse_message
from fakeserver.testing.errors import UsageError, hide_from_traceback
from fakeserver.testing.values import Message

__tracebackhide__ = hide_from_traceback

WAIT_MAX_SECONDS = 60.0  # the longest wait that the control plane takes in one request


class SentMessages:
    """Does what the methods of `Panel` with the same names say.

    A message matches if `to` is one of its receivers and `text` a part of its text.
    """

    def __init__(self, account: AccountControl) -> None:
        self._account = account

    def find(
        self,
        to: str | None = None,
        text: str | None = None,
        count: int | None = None,
        wait_seconds: float | None = None,
    ) -> list[Message]:
        """The matching messages, newest last; with `wait_seconds` as soon as there are `count`, or then."""
        wait = None if wait_seconds is None else f"{wait_seconds:.3f}"
        query = {"to": to, "text": text, "count": count, "wait": wait}
        found = self._account.request("GET", "/messages", query=query, wait_seconds=wait_seconds or 0)
        return [parse_message(message) for message in found["messages"]]

    def wait_for(self, to: str | None, text: str | None, count: int, timeout: float) -> list[Message]:
        _check_count(count, minimum=1)
        _check_seconds("timeout", timeout)
        found = self._wait(to, text, count, timeout)
        if len(found) >= count:
            return found
        expected = _describe_expected(to, text, count, "at least " if count > 1 else "")
        headline = f"{expected} within {timeout:g} s; {_describe_found(found)}"
        if _in_event_loop():
            headline += "\n(wait_for blocks the event loop; `await panel.wait_for_async(…)` does not)"
        raise AssertionError(report.failure_message(self._account, headline))

    def assert_sent(self, to: str | None, text: str | None, count: int | None) -> list[Message]:
        if count is not None:
            _check_count(count, minimum=0)
        found = self.find(to, text)
        if len(found) == count or (count is None and found):
            return found
        headline = f"{_describe_expected(to, text, count, 'exactly ')}; {_describe_found(found)}"
        raise AssertionError(report.failure_message(self._account, headline))

    def assert_nothing_sent(self, within: float) -> None:
        _check_seconds("within", within)
        found = self._wait(None, None, 1, within)
        if found:
            headline = f"expected nothing to be sent; {_describe_found(found)}"
            raise AssertionError(report.failure_message(self._account, headline))

    def _wait(self, to: str | None, text: str | None, count: int, seconds: float) -> list[Message]:
        """`find` with a wait that may be longer than one request takes."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            found = self.find(to, text, count, min(left, WAIT_MAX_SECONDS))
            if len(found) >= count or left <= WAIT_MAX_SECONDS:
                return found


def _check_count(count: object, *, minimum: int) -> None:
    if not isinstance(count, int) or count < minimum:
        raise UsageError(f"count: should be a whole number from {minimum}; it is {count!r}", "count")


def _check_seconds(argument: str, seconds: float) -> None:
    if not 0 <= seconds < math.inf:
        raise UsageError(f"{argument}: should be a number of seconds from 0; it is {seconds!r}", argument)


def _describe_expected(to: str | None, text: str | None, count: int | None, qualifier: str) -> str:
    """For example `expected exactly 2 messages to 9121234567 with «کد» in the text`."""
    special = {None: "a message", 0: "no message", 1: f"{qualifier}1 message"}
    messages = special.get(count, f"{qualifier}{count} messages")
    receiver = "" if to is None else f" to {to}"
    part = "" if text is None else f" with «{text}» in the text"
    return f"expected {messages}{receiver}{part}"


def _describe_found(messages: Sequence[Message]) -> str:
    return f"there {'is' if len(messages) == 1 else 'are'} {len(messages) or 'none'}"


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
