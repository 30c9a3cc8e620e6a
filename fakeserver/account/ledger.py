"""An account's credit.

At every moment credit = granted - charged + refunded, and it is never below zero (M6).
"""

from dataclasses import dataclass

from fakeserver.spec.units import Rials


@dataclass(slots=True)
class Ledger:
    granted: int
    charged: int = 0
    refunded: int = 0

    @property
    def credit(self) -> Rials:
        return Rials(self.granted - self.charged + self.refunded)

    def set_credit(self, credit: Rials) -> None:
        """Set the remaining credit, as the setting `credit` does; charges and refunds stay booked."""
        self.granted += credit - self.credit

    def charge(self, cost: Rials) -> None:
        """Charge `cost`. Raises ValueError when the credit is too small, which callers check first."""
        if cost > self.credit:
            raise ValueError(f"{cost} rials charged to a credit of {self.credit}")
        self.charged += cost

    def refund(self, amount: Rials) -> None:
        self.refunded += amount
