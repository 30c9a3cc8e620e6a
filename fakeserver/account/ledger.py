"""An account's credit, in whole rials (section M).

At every moment credit = granted - charged + refunded, and it is never below zero (M6).
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Ledger:
    granted: int
    charged: int = 0
    refunded: int = 0

    @property
    def credit(self) -> int:
        return self.granted - self.charged + self.refunded

    def set_credit(self, credit: int) -> None:
        """Make the credit `credit` rials, as a setting does: what was charged and refunded stays booked."""
        self.granted += credit - self.credit

    def shortage(self, cost: int) -> str | None:
        """Why `cost` rials cannot be paid; None when they can (M3)."""
        credit = self.credit
        return f"it costs {cost} rials and the credit is {credit}" if cost > credit else None

    def charge(self, cost: int) -> None:
        """Raises ValueError for a cost that `shortage` would have refused: a bug of the caller's."""
        if cost > self.credit:
            raise ValueError(f"{cost} rials charged to a credit of {self.credit}")
        self.charged += cost

    def refund(self, amount: int) -> None:
        self.refunded += amount
