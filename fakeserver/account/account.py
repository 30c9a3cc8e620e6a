"""One account: a private world of settings, credit, messages, phonebooks, received messages and clock.

Everything that happens to it comes in through a method, with its time; the same things in the same order
make the same account. Nothing in it knows of another account.
"""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from fakeserver.account.clock import Clock
from fakeserver.account.delivery import Life, Plan, schedule_from_acceptance
from fakeserver.account.fault_rules import FaultRules
from fakeserver.account.inbound import InboundMessage, InboundMessages, unsubscribes
from fakeserver.account.journal import KEPT, Journal
from fakeserver.account.ledger import Ledger
from fakeserver.account.message import Message
from fakeserver.account.outbox import Outbox, Send, SendLookup
from fakeserver.account.phonebook import Phonebook
from fakeserver.notation.message_parts import measure
from fakeserver.notation.phone_numbers import mobile_number, normalised
from fakeserver.settings.account_settings import Settings
from fakeserver.spec.lifecycle import StatusPair
from fakeserver.spec.outcomes import Outcome, ScriptedOutcome
from fakeserver.spec.reserved import OUTCOME_OF

AUTO = "auto"
COUNTRY_CODE = "98"
_FATES = {outcome: ScriptedOutcome(outcome) for outcome in Outcome}


class Account:
    """`serial` numbers the accounts of a panel from 1; `real_ms` is the real time of the creation."""

    def __init__(self, settings: Settings, serial: int, real_ms: int, journal_max: int = KEPT) -> None:
        self.settings = settings
        self.created_as = settings
        self.serial = serial
        self.faults = FaultRules()
        self.journal = Journal(journal_max)
        self.clock = Clock.start(real_ms, frozen=settings.clock_frozen)
        self.ledger = Ledger(granted=settings.credit)
        self.outbox = Outbox(serial)
        self.inbox = InboundMessages()
        self.blacklist = set(settings.blacklist)
        self.phonebooks = load_phonebooks(settings)
        self._chance = Random(settings.seed)
        self._life_ids: dict[tuple[ScriptedOutcome, bool, int], int] = {}  # under the settings as they are

    # What the rules of several actions ask.

    def sender_refusal(self, sender: str, *, ordinary: bool) -> str | None:
        """Why `sender` may not send; None when it may (S6, P2). `98` before a line is accepted."""
        kind = "ordinary" if ordinary else "service"
        if sender == AUTO:
            return None if self.settings.smart_sender else "`auto` needs the smart sender, which is off"
        line = self.settings.lines.get(self.line_number(sender))
        if line is None:
            return f"«{sender[:40]}» is not a line of this account"
        if not (line.ordinary if ordinary else line.service):
            return f"line {line.number} does not send {kind} messages"
        return None

    def line_number(self, sender: str) -> str:
        """The account's own writing of a line that may carry the country code."""
        if sender not in self.settings.lines and sender.startswith(COUNTRY_CODE):
            return sender.removeprefix(COUNTRY_CODE)
        return sender

    def billing_refusal(self) -> str | None:
        """Why no credit can be processed at all (M7)."""
        return None if self.settings.billing_ok else "the setting `billing_ok` is off"

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
        cost = size.parts * self.settings.prices[size.alphabet]
        return Message(action, self.line_number(sender), text, size, cost, receivers, retries, code)

    def look_up(self, send_id: int, now_ms: int) -> SendLookup | None:
        """What reportSend finds under that id (R1, R3, R4)."""
        return self.outbox.look_up(send_id, now_ms - self.settings.archive_after_ms)

    # What happens to it.

    def settle(self, now_ms: int) -> None:
        """Book the refunds that have become due."""
        self.outbox.settle(now_ms, self.ledger)

    def accept(
        self, message: Message, now_ms: int, forced: Callable[[str], Outcome | None] | None = None
    ) -> None:
        """Accept a message that every rule let pass: charge it and decide each receiver's life (M6, L4).

        `forced` says of a number what a fault makes of it, if one does.
        """
        ordinary = message.action == "send"
        forbidden = self._is_forbidden(message.text)
        begun: dict[ScriptedOutcome, int] = {}
        lives: list[int] = []
        for number in message.receivers:
            outcome = forced(number) if forced is not None else None
            fate = _FATES[outcome] if outcome else self._fate_of(number, ordinary, forbidden)
            life_id = begun.get(fate)
            if life_id is None:
                life_id = begun[fate] = self._life_id(fate, ordinary, message.retries)
            lives.append(life_id)
        self.ledger.charge(message.total)
        self.outbox.add(message, now_ms, lives, self.settings.keep_sends)
        self.settle(now_ms)

    def deliver(self, number: str, text: str, now_ms: int, to: str | None = None) -> InboundMessage:
        """A message from `number` arrives at line `to`, by default the account's first (I3, L8).

        Raises ValueError when the account has no such line, or none at all.
        """
        lines = self.settings.lines
        line = next(iter(lines), None) if to is None else self.line_number(to)
        if line is None or line not in lines:
            raise ValueError("the account has no line" if to is None else f"no line {to!r}")
        sender = normalised(number.strip())
        if unsubscribes(text) and mobile_number(sender) is not None:
            self.blacklist.add(sender)
        return self.inbox.deliver(sender, line, text, now_ms)

    def approve(self, send: Send, now_ms: int) -> int:
        """The monitoring team lets a waiting message go (L5); returns how many receivers that moved."""
        return self._command(send, now_ms, lambda life: life.approved(now_ms))

    def cancel(self, send: Send, now_ms: int) -> int:
        """A message is cancelled where that is still possible (L5, M5); returns how many receivers."""
        return self._command(send, now_ms, lambda life: life.cancelled(now_ms))

    def force(self, send: Send, pair: StatusPair, now_ms: int, number: str | None = None) -> int:
        """Move receivers to `pair` along the graph, at once, to stay there (L1); returns how many can."""
        return self._command(send, now_ms, lambda life: life.forced(now_ms, pair), number)

    def snapshot(self, real_ms: int) -> bytes:
        """Everything that this account is now, for `restore`."""
        clock = replace(self.clock, at_ms=self.clock.now_ms(real_ms), anchor_ms=real_ms)
        return pickle.dumps({**self.__dict__, "clock": clock})

    def restore(self, state: bytes, real_ms: int) -> None:
        """Be again what `snapshot` kept; a running clock runs on from the time that it had then."""
        self.__dict__.update(pickle.loads(state))  # noqa: S301 - bytes of our own making
        self.clock.anchor_ms = real_ms

    def change(self, settings: Settings, members: Iterable[str], real_ms: int) -> None:
        """Take new settings, of which `members` differ; messages on their way keep their fate, and refunds
        that are due already are booked before the credit is set.
        """
        self.settle(self.clock.now_ms(real_ms))
        changed = set(members)
        self.settings = settings
        self._life_ids = {}
        if "credit" in changed:
            self.ledger.set_credit(settings.credit)
        if "blacklist" in changed:
            self.blacklist = set(settings.blacklist)
        if "phonebooks" in changed:
            self.phonebooks = load_phonebooks(settings)
        if "seed" in changed:
            self._chance = Random(settings.seed)
        if "clock" in changed:
            self.clock.freeze(real_ms, frozen=settings.clock_frozen)
        if "keep_sends" in changed:
            self.outbox.drop_beyond(settings.keep_sends)

    def _command(
        self, send: Send, now_ms: int, change: Callable[[Life], Life | None], number: str | None = None
    ) -> int:
        count = self.outbox.command(send.id, change, number)
        self.settle(now_ms)
        return count

    # What becomes of a receiver.

    def _life_id(self, fate: ScriptedOutcome, ordinary: bool, retries: int) -> int:
        """The outbox's id for the life that begins with that fate."""
        known = self._life_ids.get((fate, ordinary, retries))
        if known is None:
            settings = self.settings
            plan = Plan(
                fate,
                settings.timeline,
                ordinary,
                retries,
                settings.validity_ms,
                monitored=ordinary and settings.manual_monitoring,
            )
            known = self._life_ids[fate, ordinary, retries] = self.outbox.life_id(
                schedule_from_acceptance(plan)
            )
        return known

    def _fate_of(self, number: str, ordinary: bool, forbidden: bool) -> ScriptedOutcome:
        """The first that applies (L4); a service line reaches a receiver on the blacklist."""
        if self.settings.reserved_receivers and number in OUTCOME_OF:
            return OUTCOME_OF[number]
        if forbidden:
            return _FATES[Outcome.REJECTED]
        if ordinary and number in self.blacklist:
            return _FATES[Outcome.BLACKLISTED]
        return _FATES[self._draw()]

    def _is_forbidden(self, text: str) -> bool:
        words = self.settings.forbidden_words
        if not words:
            return False
        folded = text.casefold()
        return any(word in folded for word in words)

    def _draw(self) -> Outcome:
        weights = self.settings.outcomes
        if not weights:
            return Outcome.DELIVERED
        place = self._chance.random() * sum(weights.values())
        for outcome, weight in weights.items():
            place -= weight
            if place < 0:
                return outcome
        return next(outcome for outcome, weight in weights.items() if weight)


def load_phonebooks(settings: Settings) -> dict[int, Phonebook]:
    return {int(document["id"]): Phonebook.load(document) for document in settings.phonebooks}
