"""`reportSend`: what became of a send (section R)."""

from fakeserver.account.account import Account
from fakeserver.account.outbox import Send
from fakeserver.actions.answer import Answer, ColumnTable, Json, answer
from fakeserver.notation.params import Params, whole_number
from fakeserver.spec.codes import R1, R2, R3

# Without its receivers, an archived send answers as the account's switch says (R3).
ARCHIVED: dict[str, dict[str, Json]] = {
    "empty": {"receivers": []},
    "absent": {},
    "null": {"receivers": None},
}


def report_send(account: Account, params: Params, now_ms: int) -> Answer:
    if why := params.absence(("sendID",)):
        return answer(R1, why)
    send_id = whole_number(params.text("sendID"))
    found = None if send_id is None else account.look_up(send_id, now_ms)
    if found is None:
        return answer(R1, f"«{params.text('sendID')[:40]}» is not the id of a send of this account")
    data: dict[str, Json] = {"count": found.receivers, "archive": found.send is None}
    if found.send is None:
        data |= ARCHIVED[account.settings.archived_receivers]
        return answer(R3, f"the send is archived; it had {found.receivers} receivers", {"data": data})
    data["receivers"] = _receivers(found.send, now_ms)
    return answer(R2, f"the send has {found.receivers} receivers", {"data": data})


def _receivers(send: Send, now_ms: int) -> ColumnTable:
    pairs = {life.id: life.pair_at(now_ms) for life in send.distinct_deliveries()}
    reached = [pairs[life.id] for life in send.lives.values()]
    return ColumnTable(
        {
            "number": list(send.lives),
            "processingStatus": [pair.processing for pair in reached],
            "sendStatus": [pair.send for pair in reached],
        }
    )
