"""The effects that answers have on an account."""

from typing import NamedTuple

from fakeserver.account.account import Account
from fakeserver.account.message import Message
from fakeserver.account.phonebook import Phonebook
from fakeserver.spec.outcomes import Outcome
from fakeserver.spec.units import AccountMs


class Accept(NamedTuple):
    """Accept and charge the message (M6). A fault rule may force an outcome on the receivers `forced_for`
    (L4).
    """

    message: Message
    forced: Outcome | None = None
    forced_for: frozenset[str] | None = None  # None: every receiver

    def apply(self, account: Account, now_ms: AccountMs) -> None:
        account.accept(self.message, now_ms, None if self.forced is None else self._forced_outcome)

    def _forced_outcome(self, number: str) -> Outcome | None:
        return self.forced if self.forced_for is None or number in self.forced_for else None


class AddNumbers(NamedTuple):
    """Add contacts without fields; contacts that exist already stay as they are."""

    phonebook: Phonebook
    numbers: tuple[str, ...]

    def apply(self, _account: Account, _now_ms: AccountMs) -> None:
        for number in self.numbers:
            self.phonebook.add(number)


class StoreFields(NamedTuple):
    """Store valid values of custom fields for an existing contact (X6): field id → value."""

    phonebook: Phonebook
    number: str
    values: dict[str, str]

    def apply(self, _account: Account, _now_ms: AccountMs) -> None:
        for field_id, value in self.values.items():
            self.phonebook.store(self.number, field_id, value)


class MarkShown(NamedTuple):
    """Mark received messages up to this id as shown; they are not shown again (I4)."""

    up_to: int

    def apply(self, account: Account, _now_ms: AccountMs) -> None:
        account.inbound.shown_to = self.up_to
