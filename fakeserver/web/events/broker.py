"""The event broker: passes events to event streams, and wakes long polls.

The core has no timers. The broker has one, which runs only while a stream is open and sleeps until the next
status change of any account is due. Without streams, no events are collected.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from fakeserver.account.account import Account
from fakeserver.account.changes import START, ChangeCursor
from fakeserver.account.inbound import InboundMessage
from fakeserver.panel.panel import HandledCall, SimulatedPanel
from fakeserver.web import views
from fakeserver.web.events import limits
from fakeserver.web.events.limits import LimitReached
from fakeserver.web.events.long_polls import LongPolls
from fakeserver.web.events.stream import EventStream
from fakeserver.web.events.timing import seconds_to_change
from fakeserver.web.system_clock import RealClock
from fakeserver.web.views import View


class EventBroker:
    def __init__(self, panel: SimulatedPanel, long_polls: LongPolls, real_clock: RealClock) -> None:
        self._panel = panel
        self._long_polls = long_polls
        self._real_clock = real_clock
        self._streams: set[EventStream] = set()
        self._cursors: dict[str, ChangeCursor] = {}  # by account key: how far its changes were published
        self._ticker: asyncio.Task[None] | None = None
        self._next_tick = 0.0  # in the loop's time
        self._tick_sooner = asyncio.Event()

    # Events
    def request_handled(self, handled: HandledCall) -> None:
        """A request to the service was answered."""
        account = handled.account
        key = account.settings.key if account else None
        if self._streams:
            self._publish("request", key, views.entry(handled.entry))
            send_id = handled.entry.send_id
            send = account.sends.find(send_id) if account and send_id else None
            if send is not None:
                self._publish("accepted", key, views.message(send, send.accepted_ms))
        self._notify(key, account)

    def account_changed(self, account: Account) -> None:
        """A command has changed the account or moved its clock."""
        self._notify(account.settings.key, account)

    def message_arrived(self, account: Account, message: InboundMessage) -> None:
        """A message has arrived at one of the account's lines."""
        self._publish("inbound", account.settings.key, views.received(message))
        self.account_changed(account)

    def account_reset(self, key: str) -> None:
        """The account was reset, restored or removed. Its earlier changes are no longer published."""
        if self._streams:
            self._skip_changes(key)
        self._publish("reset", key, {})
        self._long_polls.wake(key)
        self._tick_sooner.set()

    def server_reset(self) -> None:
        """All accounts were reset to their initial state."""
        for key in [*self._cursors]:
            self._skip_changes(key)
        self._publish("reset", None, {})
        self._long_polls.wake_all()
        self._tick_sooner.set()

    # Streams

    @contextmanager
    def open_stream(self, key: str | None, abort: Callable[[], None]) -> Iterator[EventStream]:
        """Open a stream for as long as the block runs; `abort` breaks off the connection of a client that
        does not read. Raises LimitReached.
        """
        if len(self._streams) >= limits.STREAMS_MAX:
            raise LimitReached(f"{limits.STREAMS_MAX} event streams are open already; no more are allowed")
        if self._ticker is None:
            for account_key in self._panel.accounts:
                self._skip_changes(account_key)
            self._ticker = asyncio.create_task(self._tick())
        stream = EventStream(key, abort)
        self._streams.add(stream)
        try:
            yield stream
        finally:
            stream.ended()
            self._streams.discard(stream)
            if not self._streams:
                self._ticker.cancel()
                self._ticker = None
                self._cursors.clear()

    def close(self) -> None:
        """End all streams, because the server stops."""
        for stream in self._streams:
            stream.close()

    async def _tick(self) -> None:
        """Publish every status change when it is due."""
        while True:
            self._tick_sooner.clear()
            accounts = self._panel.accounts.values()
            waits = [self._publish_changes(account) for account in accounts]
            self._next_tick = asyncio.get_running_loop().time() + min(waits, default=limits.IDLE_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._next_tick):
                    await self._tick_sooner.wait()

    def _notify(self, key: str | None, account: Account | None) -> None:
        self._long_polls.wake(key)
        if account is not None and self._streams:
            due = asyncio.get_running_loop().time() + self._publish_changes(account)
            if due < self._next_tick:
                self._tick_sooner.set()

    def _publish_changes(self, account: Account) -> float:
        """Publish the status changes that are due; returns the real seconds until the next one is."""
        key, real_ms = account.settings.key, self._real_clock()
        now_ms = account.clock.now_ms(real_ms)
        # An account without a cursor was created while a stream was open: all its changes are new.
        changes = account.changes_since(self._cursors.get(key, START), now_ms)
        self._cursors[key] = account.change_cursor(now_ms)
        for view in views.changes(changes):
            self._publish("status", key, view)
        return seconds_to_change(account, real_ms)

    def _skip_changes(self, key: str) -> None:
        """Publish only those changes of the account that are due from now on."""
        self._cursors.pop(key, None)
        if (account := self._panel.accounts.get(key)) is not None:
            self._cursors[key] = account.change_cursor(account.clock.now_ms(self._real_clock()))

    def _publish(self, event: str, key: str | None, data: View) -> None:
        if self._streams:
            text = json.dumps({"account": key, **data}, ensure_ascii=False)
            encoded = f"event: {event}\ndata: {text}\n\n".encode("utf-8", "backslashreplace")
            for stream in self._streams:
                if stream.key is None or stream.key == key or key is None:
                    stream.put(encoded)
