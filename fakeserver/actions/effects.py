"""What the answers of the actions do to an account."""

from dataclasses import dataclass

from fakeserver.account.account import Account
from fakeserver.account.message import Message
from fakeserver.account.phonebook import Phonebook
from fakeserver.spec.outcomes import Outcome


@dataclass(slots=True)
class Accept:
    """The message is accepted and charged (M6). A fault may decide the outcome of `forced_for` (L4)."""

    message: Message
    forced: Outcome | None = None
    forced_for: frozenset[str] | None = None  # None: every receiver

    def apply(self, account: Account, now_ms: int) -> None:
        account.accept(self.message, now_ms, None if self.forced is None else self._forced)

    def _forced(self, number: str) -> Outcome | None:
        return self.forced if self.forced_for is None or number in self.forced_for else None


@dataclass(slots=True)
class AddNumbers:
    """Contacts without fields; a number that is there already stays as it is."""

    phonebook: Phonebook
    numbers: tuple[str, ...]

    def apply(self, _account: Account, _now_ms: int) -> None:
        for number in self.numbers:
            self.phonebook.add(number)


@dataclass(slots=True)
class StoreFields:
    """Values that were found right for a contact that is there (X6): field id → value."""

    phonebook: Phonebook
    number: str
    values: dict[str, str]

    def apply(self, _account: Account, _now_ms: int) -> None:
        for field_id, value in self.values.items():
            self.phonebook.store(self.number, field_id, value)


@dataclass(slots=True)
class MarkShown:
    """Received messages up to this id were shown, and will not be again (I4)."""

    up_to: int

    def apply(self, account: Account, _now_ms: int) -> None:
        account.inbox.shown_to = self.up_to
