"""`reportSend`: the report of a send (R)."""

from fakeserver.account.account import Account
from fakeserver.account.sends import Send
from fakeserver.actions.answer import Answer, ColumnTable, Json
from fakeserver.notation.params import Params, whole_number
from fakeserver.spec.codes import R1, R2, R3
from fakeserver.spec.units import AccountMs

# How the report of an archived send leaves out its receivers, by the setting `archived_receivers` (R3).
ARCHIVED: dict[str, dict[str, Json]] = {
    "empty": {"receivers": []},
    "absent": {},
    "null": {"receivers": None},
}


def report_send(account: Account, params: Params, now_ms: AccountMs) -> Answer:
    if why := params.absence(("sendID",)):
        return Answer(R1, why)
    send_id = whole_number(params.text("sendID"))
    found = None if send_id is None else account.look_up(send_id, now_ms)
    if found is None:
        return Answer(R1, f"«{params.text('sendID')[:40]}» is not the id of a send of this account")
    data: dict[str, Json] = {"count": found.receivers, "archive": found.send is None}
    if found.send is None:
        data |= ARCHIVED[account.settings.archived_receivers]
        return Answer(R3, f"the send is archived; it had {found.receivers} receivers", {"data": data})
    data["receivers"] = _receivers(found.send, now_ms)
    return Answer(R2, f"the send has {found.receivers} receivers", {"data": data})


def _receivers(send: Send, now_ms: AccountMs) -> ColumnTable:
    by_delivery = {one.id: one.pair_at(now_ms) for one in send.distinct_deliveries()}
    pairs = [by_delivery[one.id] for one in send.deliveries.values()]
    return ColumnTable(
        {
            "number": list(send.deliveries),
            "processingStatus": [pair.processing for pair in pairs],
            "sendStatus": [pair.send for pair in pairs],
        }
    )
