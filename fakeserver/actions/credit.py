"""`credit`: the remaining credit (section C)."""

from fakeserver.panel.account import Account
from fakeserver.panel.answer import Answer, answer
from fakeserver.panel.params import Params
from fakeserver.spec.codes import C1


def credit(account: Account, _params: Params, _now_ms: int) -> Answer:
    remaining = account.ledger.credit
    return answer(C1, f"the credit is {remaining} rials", {"credit": remaining})
