"""Who is told what happens: listeners of the event stream, and requests that wait for something.

The core has no timers. Here there is one, and only while somebody listens: it sleeps until the next change
of any account is due. Without listeners nothing is collected.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from fakeserver.account.account import Account
from fakeserver.account.inbound import InboundMessage
from fakeserver.account.outbox import Change
from fakeserver.panel.panel import HandledCall, SimulatedPanel
from fakeserver.web import views
from fakeserver.web.control.problem import control_error
from fakeserver.web.system_clock import RealClock
from fakeserver.web.views import View

LISTENERS_MAX = 100
WAITING_MAX = 1_000
QUEUED_MAX = 10_000  # events of one listener that has not read them yet
QUEUED_BYTES_MAX = 16 << 20  # with which it may still get another event
CLOSE_SECONDS = 5.0  # for which a listener that does not keep up may read what is queued
IDLE_SECONDS = 15.0  # after which a silent stream says that it is alive

Found = TypeVar("Found")


class Listener:
    """One event stream; `key` is None for those of all accounts, `abort` breaks its connection."""

    def __init__(self, key: str | None, abort: Callable[[], None]) -> None:
        self.key = key
        self._abort = abort
        self._aborting: asyncio.TimerHandle | None = None
        self.queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self.awake = asyncio.Event()
        self.closed = False

    def put(self, event: bytes) -> None:
        """A listener that does not keep up gets what is queued, if it reads now, and is closed; its client
        connects again.
        """
        if self.closed:
            return
        if len(self.queue) >= QUEUED_MAX or self._queued_bytes > QUEUED_BYTES_MAX:
            self.closed = True
            self._aborting = asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._abort)
        else:
            self.queue.append(event)
            self._queued_bytes += len(event)
        self.awake.set()

    def end(self) -> None:
        """The stream has ended."""
        if self._aborting is not None:
            self._aborting.cancel()

    async def events(self) -> AsyncIterator[bytes]:
        """The events as they come, and a comment when there were none for a while."""
        while not self.closed:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self.awake.wait()
            except TimeoutError:
                yield b": still here\n\n"
            self.awake.clear()
            while self.queue:
                event = self.queue.popleft()
                self._queued_bytes -= len(event)
                yield event


class Hub:
    def __init__(self, panel: SimulatedPanel, system_clock: RealClock) -> None:
        self._panel = panel
        self._real_time = system_clock
        self._listeners: set[Listener] = set()
        self._waiting: dict[str | None, set[asyncio.Event]] = {}
        self._ticker: asyncio.Task[None] | None = None
        self._planned = 0.0  # when the ticker will look next, in the loop's time
        self._sooner = asyncio.Event()
        self._has_closed = False

    # What happens

    def handled(self, handled: HandledCall) -> None:
        """A request to the service was answered."""
        account = handled.account
        key = account.settings.key if account else None
        if self._listeners:
            self._publish("request", key, views.entry(handled.entry))
            send_id = handled.entry.send_id
            send = account.outbox.find(send_id) if account and send_id else None
            if send is not None:
                self._publish("accepted", key, views.message(send, send.accepted_ms))
        elif account:
            account.outbox.pass_over(handled.entry.at_ms)
        if self._listeners or self._waiting:
            self._wake(key, account)

    def changed(self, account: Account) -> list[Change]:
        """A command has changed something, or time has passed; what has become of messages since."""
        changes = account.outbox.changes_until(account.clock.now_ms(self._real_time()))
        self._publish_changes(account, changes)
        self._wake(account.settings.key, account)
        return changes

    def arrived(self, account: Account, message: InboundMessage) -> None:
        """A message has arrived at one of the account's lines."""
        if self._listeners:
            self._publish("inbound", account.settings.key, views.received(message))
        self.changed(account)

    def was_reset(self, key: str | None) -> None:
        """An account was reset, restored or removed; with None, all of them. Who waits looks again."""
        self._publish("reset", key, {})
        waiting = [key] if key is not None else list(self._waiting)
        for one in waiting:
            for event in self._waiting.get(one, ()):
                event.set()
        self._sooner.set()

    # Who waits

    async def wait_for(
        self, key: str | None, look: Callable[[], Found | None], seconds: float
    ) -> Found | None:
        """What `look` finds as soon as it finds something; None when the time is over. It looks whenever
        something has happened in the account of that key; None: to the requests that belong to none.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        with self._place_to_wait(key) as event:
            while True:
                event.clear()
                if self._has_closed:
                    return None
                # Before the look, so that what changes after it is not slept over.
                pause = self._seconds_to_change(self._panel.accounts.get(key or ""))
                if (found := look()) is not None:
                    return found
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return None
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, pause)):
                        await event.wait()

    @contextmanager
    def _place_to_wait(self, key: str | None) -> Iterator[asyncio.Event]:
        if sum(map(len, self._waiting.values())) >= WAITING_MAX:
            raise control_error(429, f"{WAITING_MAX} requests wait already; no more are allowed")
        event = asyncio.Event()
        self._waiting.setdefault(key, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]

    def _seconds_to_change(self, account: Account | None) -> float:
        """Real seconds until the account's next change is due; a long time when there is none."""
        if account is None:
            return IDLE_SECONDS
        real_ms = self._real_time()
        self._publish_changes(account, account.outbox.changes_until(account.clock.now_ms(real_ms)))
        due_ms = account.outbox.next_change_ms()
        left_ms = None if due_ms is None else account.clock.real_ms_until(due_ms, real_ms)
        return IDLE_SECONDS if left_ms is None else left_ms / 1000 + 0.001

    def _wake(self, key: str | None, account: Account | None) -> None:
        for event in self._waiting.get(key, ()):
            event.set()
        if account is not None and self._listeners:
            due = asyncio.get_running_loop().time() + self._seconds_to_change(account)
            if due < self._planned:
                self._sooner.set()

    # Who listens

    @contextmanager
    def listening(self, key: str | None, abort: Callable[[], None]) -> Iterator[Listener]:
        """A listener for as long as the block runs; `abort` ends that for one that does not read."""
        if len(self._listeners) >= LISTENERS_MAX:
            raise control_error(429, f"{LISTENERS_MAX} event streams are open already; no more are allowed")
        for account in () if self._listeners else self._panel.accounts.values():
            account.outbox.changes_until(account.clock.now_ms(self._real_time()))
        listener = Listener(key, abort)
        self._listeners.add(listener)
        if self._ticker is None:
            self._ticker = asyncio.create_task(self._tick())
        try:
            yield listener
        finally:
            listener.end()
            self._listeners.discard(listener)
            if not self._listeners:
                self._ticker.cancel()
                self._ticker = None

    def close(self) -> None:
        """The server stops: streams end, waiting requests are answered with what there is."""
        self._has_closed = True
        for listener in self._listeners:
            listener.closed = True
            listener.awake.set()
        self.was_reset(None)

    async def _tick(self) -> None:
        """Publish every change when it is due."""
        while True:
            self._sooner.clear()
            waits = [self._seconds_to_change(account) for account in self._panel.accounts.values()]
            self._planned = asyncio.get_running_loop().time() + min(waits, default=IDLE_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._planned):
                    await self._sooner.wait()

    def _publish_changes(self, account: Account, changes: list[Change]) -> None:
        if self._listeners:
            for view in views.changes(changes):
                self._publish("status", account.settings.key, view)

    def _publish(self, event: str, key: str | None, data: View) -> None:
        if self._listeners:
            text = json.dumps({"account": key, **data}, ensure_ascii=False)
            encoded = f"event: {event}\ndata: {text}\n\n".encode("utf-8", "backslashreplace")
            for listener in self._listeners:
                if listener.key is None or listener.key == key or key is None:
                    listener.put(encoded)
