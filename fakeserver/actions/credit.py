"""`credit`: the remaining credit (C)."""

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer
from fakeserver.notation.params import Params
from fakeserver.spec.codes import C1
from fakeserver.spec.units import AccountMs


def credit(account: Account, _params: Params, now_ms: AccountMs) -> Answer:
    remaining = account.credit(now_ms)
    return Answer(C1, f"the credit is {remaining} rials", {"credit": remaining})
