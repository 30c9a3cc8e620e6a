"""What a test lets happen to its account: inbound messages, monitoring, forced statuses, snapshots, reset."""

from collections.abc import Callable
from typing import Any

import pytest

from fakeserver.testing import (
    Message,
    Panel,
    PanelServer,
    Snapshot,
    UsageError,
)
from tests.testing.application import LINE, NUMBER, OTHER, START, ask, attempt, send


@pytest.fixture
def panel_settings() -> dict[str, object]:
    return {"monitoring": "manual", "seed": 7}


def pairs(message: Message) -> list[tuple[int, int]]:
    return [(one.processing_status, one.send_status) for one in message.receivers]


def refused(panel: Panel, deed: Callable[[], object]) -> str:
    """What is said about a deed that cannot be done, and changes nothing."""
    before = (panel.messages, panel.credit, panel.now)
    with pytest.raises(UsageError) as told:
        deed()
    assert (panel.messages, panel.credit, panel.now) == before
    return str(told.value)


# deliver


def test_a_delivered_message_is_what_the_application_receives(panel: Panel) -> None:
    assert ask(panel, "receivedMessages") == {"result": "401"}
    arrived = panel.deliver(from_=f"+98{NUMBER}", text="سلام & bye")
    assert (arrived.number, arrived.line, arrived.text, arrived.at) == (NUMBER, LINE, "سلام & bye", START)
    answer = ask(panel, "receivedMessages")
    assert answer["result"] == "1"
    assert answer["data"] == [
        {
            "id": str(arrived.id),
            "number": NUMBER,
            "to": LINE,
            "text": "سلام & bye",
            "date": "2024-11-01 03:30:00",
        }
    ]


def test_messages_arrive_in_order_at_the_line_that_is_given(panel: Panel) -> None:
    first = panel.deliver(from_=NUMBER, text="one")
    second = panel.deliver(from_=OTHER, text="two", to="90001403")
    assert (first.line, second.line) == (LINE, "90001403")
    data = ask(panel, "receivedMessages")["data"]
    assert [(one["id"], one["to"]) for one in data] == [
        (str(first.id), LINE),
        (str(second.id), "90001403"),
    ]


def test_at_a_line_that_the_account_does_not_have_nothing_arrives(panel: Panel) -> None:
    assert "to" in refused(panel, lambda: panel.deliver(from_=NUMBER, text="hello", to="1"))
    assert ask(panel, "receivedMessages") == {"result": "401"}


@pytest.mark.rule("L8")
def test_a_receiver_that_opts_out_is_on_the_blacklist_from_then_on(panel: Panel) -> None:
    panel.set(monitoring="automatic")
    panel.deliver(from_=NUMBER, text="لغو۱۱")
    send(panel, f"{NUMBER},{OTHER}")
    panel.advance(60)
    assert pairs(panel.messages[0]) == [(2, 5), (2, 3)]


# The monitoring team


@pytest.mark.rule("L5")
def test_approve_lets_a_waiting_message_go(panel: Panel) -> None:
    send(panel)
    panel.advance(hours=1)
    (waiting,) = panel.messages
    assert pairs(waiting) == [(0, -1)]
    assert pairs(panel.approve(waiting)) == [(1, -1)]
    panel.advance(60)
    assert pairs(panel.messages[0]) == [(2, 3)]


@pytest.mark.rule("L5", "M5")
def test_cancel_ends_a_message_and_gives_its_cost_back(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}")
    cancelled = panel.cancel(panel.messages[0])
    assert pairs(cancelled) == [(5, -2), (5, -2)]
    assert panel.messages == [cancelled]
    assert panel.credit == 1_000_000


def test_what_the_team_can_do_no_more_is_refused(panel: Panel) -> None:
    send(panel)
    panel.approve(panel.messages[0])
    refused(panel, lambda: panel.approve(panel.messages[0]))
    panel.advance(60)
    refused(panel, lambda: panel.cancel(panel.messages[0]))


# force


def test_force_moves_every_receiver_along_the_way_and_leaves_it_there(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}")
    forced = panel.force(panel.messages[0], 2, 1)
    assert pairs(forced) == [(2, 1), (2, 1)]
    way = [(step.processing_status, step.send_status) for step in forced.receivers[0].history]
    assert way == [(0, -1), (1, -1), (2, -1), (2, 0), (2, 1)]
    panel.advance(hours=100)
    assert pairs(panel.messages[0]) == [(2, 1), (2, 1)]
    assert pairs(panel.force(panel.messages[0], 2, 6)) == [(2, 6), (2, 6)]


def test_force_moves_one_receiver_alone(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}")
    assert pairs(panel.force(panel.messages[0], 2, 4, to=f"0{OTHER}")) == [(0, -1), (2, 4)]


def test_force_refuses_what_cannot_be_reached(panel: Panel) -> None:
    send(panel)
    panel.force(panel.messages[0], 2, 3)
    refused(panel, lambda: panel.force(panel.messages[0], 2, 4))
    assert "number" in refused(panel, lambda: panel.force(panel.messages[0], 2, 4, to=OTHER))
    assert "processingStatus" in refused(panel, lambda: panel.force(panel.messages[0], 9, 3))


# snapshot and restore


def test_restore_brings_back_everything_that_the_account_was(panel: Panel) -> None:
    send(panel, text="kept")
    panel.deliver(from_=NUMBER, text="kept")
    fault = panel.fail(action="credit", http=500)
    before = (panel.messages, panel.journal, panel.phonebook(1403), panel.control("GET", ""))
    kept = panel.snapshot()

    panel.advance(hours=1)
    send(panel, OTHER)
    panel.deliver(from_=OTHER, text="lost")
    ask(panel, "newContact", phoneId=1403, cNumber=NUMBER)
    panel.set(credit=5, bad_receivers="skip")
    fault.remove()
    panel.restore(kept)

    assert panel.now == START
    assert (panel.messages, panel.journal, panel.phonebook(1403), panel.control("GET", "")) == before
    assert fault.fired == 0
    assert [one["text"] for one in ask(panel, "receivedMessages")["data"]] == ["kept"]


def test_restore_brings_back_ids_and_chance(panel: Panel) -> None:
    panel.set(monitoring="automatic", outcomes={"delivered": 1, "undelivered": 1})
    kept = panel.snapshot()

    def go_on() -> list[tuple[int, int]]:
        sent = [send(panel) for _ in range(16)]
        panel.advance(60)
        return list(zip(sent, (one.receivers[0].send_status for one in panel.messages), strict=True))

    once = go_on()
    panel.restore(kept)
    assert go_on() == once
    assert {status for _, status in once} == {3, 4}


def test_several_snapshots_are_restored_in_any_order_and_again(panel: Panel) -> None:
    kept: list[Snapshot] = []
    for _ in range(3):
        kept.append(panel.snapshot())
        send(panel)
    for number in (2, 0, 1, 2, 2):
        panel.restore(kept[number])
        assert len(panel.messages) == number


def test_no_more_than_twenty_snapshots_are_kept(panel: Panel) -> None:
    kept = [panel.snapshot() for _ in range(20)]
    assert "20" in refused(panel, panel.snapshot)
    panel.restore(kept[0])


def test_a_snapshot_of_another_account_is_refused(panel: Panel, panel_server: PanelServer) -> None:
    with panel_server.new_account() as other:
        panel.snapshot()
        send(panel)
        foreign = other.snapshot()
        refused(panel, lambda: panel.restore(foreign))


def test_what_is_no_snapshot_is_not_restored(panel: Panel) -> None:
    no_snapshot: Any = "before"
    with pytest.raises(UsageError, match=r"restore takes what snapshot\(\) has returned; this is 'before'"):
        panel.restore(no_snapshot)


# reset


def test_reset_brings_the_account_back_to_how_it_was_made(panel: Panel) -> None:
    made = (panel.control("GET", ""), panel.phonebook(1403))
    first = send(panel)
    panel.deliver(from_=NUMBER, text="hello")
    ask(panel, "newContact", phoneId=1403, cNumber=NUMBER)
    panel.fail(http=500, times=0)
    panel.set(credit=5, monitoring="automatic", clock="real")
    panel.advance(hours=1)
    panel.reset()
    assert (panel.control("GET", ""), panel.phonebook(1403)) == made
    assert (panel.messages, panel.journal, panel.now) == ([], [], START)
    assert ask(panel, "receivedMessages") == {"result": "401"}
    assert attempt(panel) == "1"
    assert panel.messages[0].send_id == first
    panel.advance(hours=1)
    assert pairs(panel.messages[0]) == [(0, -1)]
