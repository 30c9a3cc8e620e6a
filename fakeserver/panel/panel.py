"""The panel: its accounts by their API keys, the gate, and the way to the actions."""

from collections.abc import Iterable
from typing import NamedTuple

from fakeserver.actions import ACTIONS, Action
from fakeserver.panel import gate
from fakeserver.panel.account import Account
from fakeserver.panel.answer import Answer
from fakeserver.panel.call import Call
from fakeserver.settings import Settings

OTP_ACTION = "sendOTP"


class Handled(NamedTuple):
    """The answer to a call, and the account that it was made to; None when its key opens none."""

    answer: Answer
    account: Account | None


class Panel:
    """Accounts that share nothing but this object.

    `real_ms`, here and everywhere, is the real time in milliseconds since 1970, which must not go back;
    an account's own clock makes its time of it.
    """

    def __init__(self, accounts: Iterable[Settings], real_ms: int) -> None:
        self.accounts: dict[str, Account] = {}
        self._serial = 0
        for settings in accounts:
            self.add(settings, real_ms)

    def add(self, settings: Settings, real_ms: int) -> Account:
        """Raises ValueError when an account has that key."""
        if settings.key in self.accounts:
            raise ValueError(f"there is an account with the key {settings.key!r} already")
        self._serial += 1
        account = Account(settings, self._serial, real_ms)
        self.accounts[settings.key] = account
        return account

    def handle(self, call: Call, real_ms: int) -> Handled:
        """Answer one request to the service. Every call has an answer; this never raises for a caller's
        mistake.
        """
        account = gate.authenticate(call, self.accounts)
        if account is None:
            return Handled(gate.no_account(call, self.accounts), None)
        if refusal := gate.refusal(call, account):
            return Handled(refusal, account)
        name = call.params.text("action")
        action = find_action(name, account)
        if action is None:
            return Handled(gate.unknown_action(name, account), account)
        now_ms = account.clock.now_ms(real_ms)
        account.settle(now_ms)
        return Handled(action(account, call.params, now_ms), account)


def find_action(name: str, account: Account) -> Action | None:
    """The action of that name in the account, which may call the one-time-code action otherwise (O)."""
    if name == account.settings.otp_names.action:
        return ACTIONS[OTP_ACTION]
    return None if name == OTP_ACTION else ACTIONS.get(name)
