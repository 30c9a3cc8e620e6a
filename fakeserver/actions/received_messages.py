"""`receivedMessages`: the messages that arrived at the account's lines (I)."""

from fakeserver.account.account import Account
from fakeserver.account.inbound import InboundMessage
from fakeserver.actions.answer import Answer, Json
from fakeserver.actions.effects import MarkShown
from fakeserver.notation.params import Params
from fakeserver.spec.codes import I1, I2
from fakeserver.spec.units import AccountMs


def received_messages(account: Account, _params: Params, _now_ms: AccountMs) -> Answer:
    once = account.settings.received_once
    messages = account.inbound.unseen() if once else account.inbound.newest()
    if not messages:
        return Answer(I1, "there is no message" + (" that was not shown yet" if once else ""))
    shown: list[Json] = [_shown(message) for message in messages]
    effects = (MarkShown(messages[-1].id),) if once else ()
    return Answer(I2, f"{len(shown)} messages", {"data": shown}, effects)


def _shown(message: InboundMessage) -> Json:
    return {
        "id": message.id,
        "number": message.number,
        "to": message.to,
        "text": message.text,
        "date": message.date(),
    }
