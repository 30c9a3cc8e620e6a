"""`status`: whether the web-service access is active (section T). Otherwise the gate has answered."""

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer, answer
from fakeserver.notation.params import Params
from fakeserver.spec.codes import T1


def status(_account: Account, _params: Params, _now_ms: int) -> Answer:
    return answer(T1, "the web-service access is active")
