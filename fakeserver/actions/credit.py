"""`credit`: the remaining credit (section C)."""

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer, answer
from fakeserver.notation.params import Params
from fakeserver.spec.codes import C1


def credit(account: Account, _params: Params, _now_ms: int) -> Answer:
    remaining = account.ledger.credit
    return answer(C1, f"the credit is {remaining} rials", {"credit": remaining})
