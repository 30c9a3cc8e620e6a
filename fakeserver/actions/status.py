"""`status`: whether the web-service access is active (T). When it is not, the gate answers."""

from fakeserver.account.account import Account
from fakeserver.actions.answer import Answer
from fakeserver.notation.params import Params
from fakeserver.spec.codes import T1
from fakeserver.spec.units import AccountMs


def status(_account: Account, _params: Params, _now_ms: AccountMs) -> Answer:
    return Answer(T1, "the web-service access is active")
