"""`receivedMessages`: what arrived at the account's lines (section I)."""

from fakeserver.panel.account import Account
from fakeserver.panel.answer import Answer, Json, answer
from fakeserver.panel.effects import HandOut
from fakeserver.panel.inbound import Received
from fakeserver.panel.params import Params
from fakeserver.spec.codes import I1, I2


def received_messages(account: Account, _params: Params, _now_ms: int) -> Answer:
    once = account.settings.received_once
    messages = account.inbox.unseen() if once else account.inbox.newest()
    if not messages:
        return answer(I1, "there is no message" + (" that was not shown yet" if once else ""))
    shown: list[Json] = [_shown(message) for message in messages]
    effects = (HandOut(messages[-1].id),) if once else ()
    return answer(I2, f"{len(shown)} messages", {"data": shown}, effects)


def _shown(message: Received) -> Json:
    return {
        "id": message.id,
        "number": message.number,
        "to": message.to,
        "text": message.text,
        "date": message.date(),
    }
