"""One account: settings, credit, sends, phonebooks, received messages, fault rules, journal and clock.

An account changes only through its methods, which take the time as an argument, so the same calls in the same
order make the same account. The methods under "Queries" change nothing.
"""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from fakeserver.account.changes import Change, ChangeCursor, ChangesDue
from fakeserver.account.clock import Clock
from fakeserver.account.delivery import Delivery, DeliveryPlan, schedule_from_acceptance
from fakeserver.account.fault_rules import FaultRules
from fakeserver.account.inbound import InboundMessage, InboundMessages, unsubscribes
from fakeserver.account.journal import ENTRIES_MAX, Journal
from fakeserver.account.ledger import Ledger
from fakeserver.account.message import Message
from fakeserver.account.phonebook import Phonebook, load_phonebooks
from fakeserver.account.refunds import RefundsDue
from fakeserver.account.sends import Send, SendLookup, Sends
from fakeserver.notation.message_parts import measure
from fakeserver.notation.phone_numbers import mobile_number, normalised
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.lifecycle import StatusPair
from fakeserver.spec.outcomes import Outcome, ScriptedOutcome
from fakeserver.spec.reserved import OUTCOME_OF
from fakeserver.spec.units import AccountMs, RealMs, Rials

SNAPSHOTS_MAX = 20
_SCRIPTED = {outcome: ScriptedOutcome(outcome) for outcome in Outcome}


class TooManySnapshots(ValueError):
    """The account already has the maximum number of snapshots."""


class Account:
    """`serial` numbers the accounts of a panel from 1; `real_ms` is the real time of the creation."""

    def __init__(
        self, settings: Settings, serial: int, real_ms: RealMs, journal_max: int = ENTRIES_MAX
    ) -> None:
        self.settings = settings
        self.created_as = settings
        self.serial = serial
        self.faults = FaultRules()
        self.journal = Journal(journal_max)
        self.clock = Clock.start(real_ms, frozen=settings.clock_frozen)
        self.sends = Sends(serial)
        self.inbound = InboundMessages()
        self.blacklist = set(settings.blacklist)
        self.phonebooks: dict[int, Phonebook] = load_phonebooks(settings)
        self.snapshots: dict[str, bytes] = {}
        self._ledger = Ledger(granted=settings.credit)
        self._refunds = RefundsDue()
        self._changes = ChangesDue(self.sends)
        self._random = Random(settings.seed)
        # Valid for the current settings.
        self._schedule_ids: dict[tuple[ScriptedOutcome, bool, int], int] = {}

    # Queries

    def credit(self, now_ms: AccountMs) -> Rials:
        """The remaining credit, including refunds that are due (M6)."""
        return Rials(self._ledger.credit + self._refunds.total(now_ms))

    def money(self, now_ms: AccountMs) -> Ledger:
        """A copy of the ledger, with the refunds that are due until now (M6)."""
        return replace(self._ledger, refunded=self._ledger.refunded + self._refunds.total(now_ms))

    def look_up(self, send_id: int, now_ms: AccountMs) -> SendLookup | None:
        """The send that reportSend finds under that id, or None (R1, R3, R4)."""
        return self.sends.look_up(send_id, now_ms - self.settings.archive_after_ms)

    def compose(
        self,
        action: str,
        sender: str,
        text: str,
        receivers: tuple[str, ...],
        *,
        retries: int = 0,
        code: str = "",
    ) -> Message:
        """A message as this account would send it, measured and priced (M1, M2)."""
        size = measure(text)
        cost = Rials(size.parts * self.settings.prices[size.alphabet])
        line = self.settings.line_number(sender)
        return Message(action, line, text, size, cost, receivers, retries, code)

    def change_cursor(self, now_ms: AccountMs) -> ChangeCursor:
        """The cursor of a reader that has read every status change until now."""
        return self._changes.cursor(now_ms)

    def changes_since(self, cursor: ChangeCursor, now_ms: AccountMs) -> list[Change]:
        """The status changes after `cursor` until `now_ms`, in order of time."""
        return self._changes.since(cursor, now_ms)

    def next_change_ms(self, now_ms: AccountMs) -> AccountMs | None:
        """When the first status change after `now_ms` is due; None when none is."""
        return self._changes.next_ms(now_ms)

    # Changes

    def book_refunds(self, now_ms: AccountMs) -> None:
        """Book the refunds that are due (M4, M5)."""
        if amount := self._refunds.take(now_ms):
            self._ledger.refund(amount)

    def accept(
        self, message: Message, now_ms: AccountMs, forced: Callable[[str], Outcome | None] | None = None
    ) -> None:
        """Accept a message that no rule refuses: charge it and decide every receiver's delivery (M6, L4).

        `forced` returns the outcome that a fault rule gives a number, or None.
        """
        ordinary = message.action == "send"
        forbidden = self._is_forbidden(message.text)
        known: dict[ScriptedOutcome, int] = {}
        ids: list[int] = []
        for number in message.receivers:
            outcome = forced(number) if forced is not None else None
            scripted = _SCRIPTED[outcome] if outcome else self._outcome_of(number, ordinary, forbidden)
            delivery_id = known.get(scripted)
            if delivery_id is None:
                delivery_id = known[scripted] = self._schedule_id(scripted, ordinary, message.retries)
            ids.append(delivery_id)
        self._ledger.charge(message.total)
        send_id = self.sends.add(message, now_ms, ids)
        for delivery_id in known.values():
            self._changes.begin(delivery_id, send_id, now_ms)
            schedule = self.sends.schedule(delivery_id)
            if schedule.is_refunded:
                amount = Rials(ids.count(delivery_id) * message.cost)
                self._refunds.add(send_id, delivery_id, AccountMs(now_ms + schedule.lasts_ms), amount)
        self._drop_sends()
        self.book_refunds(now_ms)

    def deliver(self, number: str, text: str, now_ms: AccountMs, to: str | None = None) -> InboundMessage:
        """Deliver an inbound message from `number` to the line `to`, by default the account's first (I3, L8).

        Raises ValueError when the account has no such line, or no line at all.
        """
        lines = self.settings.lines
        line = next(iter(lines), None) if to is None else self.settings.line_number(to)
        if line is None or line not in lines:
            raise ValueError("the account has no line" if to is None else f"the account has no line {to!r}")
        sender = normalised(number.strip())
        if unsubscribes(text) and mobile_number(sender) is not None:
            self.blacklist.add(sender)
        return self.inbound.deliver(sender, line, text, now_ms)

    def approve(self, send_id: int, now_ms: AccountMs) -> int:
        """Approve a waiting message, as the monitoring team does (L5); returns how many receivers moved."""
        return self._move(send_id, now_ms, lambda delivery: delivery.approved(now_ms))

    def cancel(self, send_id: int, now_ms: AccountMs) -> int:
        """Cancel a message where that is still possible (L5, M5); returns how many receivers moved."""
        return self._move(send_id, now_ms, lambda delivery: delivery.cancelled(now_ms))

    def force(self, send_id: int, pair: StatusPair, now_ms: AccountMs, number: str | None = None) -> int:
        """Move all receivers, or only `number`, to `pair` along the graph, where they stay (L1). Returns how
        many of them can reach it.
        """
        return self._move(send_id, now_ms, lambda delivery: delivery.forced(now_ms, pair), number)

    def change(self, settings: Settings, members: Iterable[str], real_ms: RealMs) -> None:
        """Replace the settings; `members` names those that change. Sent messages keep their outcome."""
        now_ms = self.clock.now_ms(real_ms)
        self.book_refunds(now_ms)  # before the credit is set
        changed = set(members)
        self.settings = settings
        self._schedule_ids = {}
        if "credit" in changed:
            self._ledger.set_credit(settings.credit)
        if "blacklist" in changed:
            self.blacklist = set(settings.blacklist)
        if "phonebooks" in changed:
            self.phonebooks = load_phonebooks(settings)
        if "seed" in changed:
            self._random = Random(settings.seed)
        if "clock" in changed:
            self.clock.freeze(real_ms, frozen=settings.clock_frozen)
        if "keep_sends" in changed:
            self._drop_sends()

    def keep_snapshot(self, name: str, real_ms: RealMs) -> None:
        """Keep the current state under `name`, in place of an earlier one. Raises TooManySnapshots."""
        if name not in self.snapshots and len(self.snapshots) >= SNAPSHOTS_MAX:
            raise TooManySnapshots(f"the account has {SNAPSHOTS_MAX} snapshots; no more are allowed")
        clock = replace(self.clock, at_ms=self.clock.now_ms(real_ms), anchor_ms=real_ms)
        state = {**self.__dict__, "clock": clock}
        del state["snapshots"]
        self.snapshots[name] = pickle.dumps(state)

    def restore_snapshot(self, name: str, real_ms: RealMs) -> None:
        """Restore the state that was kept under `name`. A running clock continues from the time that it had
        then. The snapshots themselves stay. Raises KeyError when there is no such snapshot.
        """
        self.__dict__.update(pickle.loads(self.snapshots[name]))  # noqa: S301 - bytes that this class made
        self.clock.anchor_ms = real_ms

    def _move(
        self,
        send_id: int,
        now_ms: AccountMs,
        command: Callable[[Delivery], Delivery | None],
        number: str | None = None,
    ) -> int:
        """Replace the delivery of every receiver of a send, or only of `number`, by the one that `command`
        returns for it; None leaves it as it is. Returns the number of receivers for which `command` returned
        a delivery, which is 0 when the send is no longer kept.
        """
        send, moved = self.sends.find(send_id), 0
        if send is None:
            return 0
        holders: dict[int, list[str]] = {}
        for receiver in send.deliveries if number is None else (number,):
            holders.setdefault(send.deliveries[receiver].id, []).append(receiver)
        for numbers in holders.values():
            old = send.deliveries[numbers[0]]
            new = command(old)
            if new is not None:
                moved += len(numbers)
                if new is not old:
                    send = self._replace_delivery(send, numbers, old, new)
        self.book_refunds(now_ms)
        return moved

    def _replace_delivery(self, send: Send, numbers: list[str], old: Delivery, new: Delivery) -> Send:
        """Give these receivers, which share the delivery `old`, the delivery `new`; returns the send."""
        send, new = self.sends.replace_delivery(send, numbers, new)
        cost = Rials(len(numbers) * send.message.cost)
        self._refunds.reduce(send.id, old.id, cost)
        if new.schedule.is_refunded:
            self._refunds.add(send.id, new.id, AccountMs(new.began_ms + new.schedule.lasts_ms), cost)
        if new.schedule.pairs[0] != old.pair_at(new.began_ms):  # otherwise it stays where it is
            self._changes.replace(send.id, new)
        return send

    def _drop_sends(self) -> None:
        self.sends.drop_beyond(self.settings.keep_sends)
        self._changes.forget_dropped()

    # The outcome of a receiver

    def _schedule_id(self, scripted: ScriptedOutcome, ordinary: bool, retries: int) -> int:
        """The id of the deliveries that have this outcome under the current settings."""
        known = self._schedule_ids.get((scripted, ordinary, retries))
        if known is None:
            settings = self.settings
            plan = DeliveryPlan(
                scripted,
                settings.timeline,
                ordinary,
                retries,
                settings.validity_ms,
                monitored=ordinary and settings.manual_monitoring,
            )
            known = self.sends.schedule_id(schedule_from_acceptance(plan))
            self._schedule_ids[scripted, ordinary, retries] = known
        return known

    def _outcome_of(self, number: str, ordinary: bool, forbidden: bool) -> ScriptedOutcome:
        """The first outcome that applies (L4). The blacklist stops only ordinary messages."""
        if self.settings.reserved_receivers and number in OUTCOME_OF:
            return OUTCOME_OF[number]
        if forbidden:
            return _SCRIPTED[Outcome.REJECTED]
        if ordinary and number in self.blacklist:
            return _SCRIPTED[Outcome.BLACKLISTED]
        return _SCRIPTED[self._drawn_outcome()]

    def _is_forbidden(self, text: str) -> bool:
        words = self.settings.forbidden_words
        if not words:
            return False
        folded = text.casefold()
        return any(word in folded for word in words)

    def _drawn_outcome(self) -> Outcome:
        weights = self.settings.outcomes
        if not weights:
            return Outcome.DELIVERED
        place = self._random.random() * sum(weights.values())
        for outcome, weight in weights.items():
            place -= weight
            if place < 0:
                return outcome
        return next(outcome for outcome, weight in weights.items() if weight)
