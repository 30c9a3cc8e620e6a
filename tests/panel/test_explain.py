"""What a request would be answered, without HTTP: at the account's time, with what is due booked."""

from typing import Any

from fakeserver.notation.params import Params
from fakeserver.panel.panel import explain
from fakeserver.spec.units import RealMs
from fakeserver.wire.call import Call
from tests.driver import REAL_MS, World

CANCELLED_AFTER_A_SECOND = "9120000015"


def told(world: World, real_ms: int, **params: str) -> dict[str, Any]:
    call = Call("POST", world.key, Params(params), "127.0.0.1")
    return dict(explain(world.account, call, RealMs(real_ms)).fields)


def test_a_report_is_explained_at_the_accounts_time() -> None:
    world = World(clock="real")
    send_id = world.send()["sendID"]
    for after_ms, pair in ((0, (0, -1)), (1000, (1, -1)), (6000, (2, 3))):
        data = told(world, REAL_MS + after_ms, action="reportSend", sendID=send_id)["data"]
        (receiver,) = data["receivers"].objects()
        assert (receiver["processingStatus"], receiver["sendStatus"]) == pair


def test_a_refund_that_is_due_is_in_the_credit_that_is_explained() -> None:
    world = World(clock="real")
    world.send(CANCELLED_AFTER_A_SECOND)
    assert told(world, REAL_MS + 999, action="credit") == {"credit": 999_000}
    assert told(world, REAL_MS + 1000, action="credit") == {"credit": 1_000_000}


def test_explaining_a_send_sends_nothing_and_writes_nothing_down() -> None:
    world = World()
    params = {"action": "send", "from": "30001403", "text": "a", "receivers": "9121111111"}
    assert told(world, REAL_MS, **params) == {"sendID": 1_000_000_001}
    assert told(world, REAL_MS, **params) == {"sendID": 1_000_000_001}
    assert (world.account.sends.accepted, len(world.account.journal.entries)) == (0, 0)
