"""What a test does to its account: inbound messages, monitoring, forced statuses, snapshots, reset."""

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
    return [(receiver.processing_status, receiver.send_status) for receiver in message.receivers]


def error_of(panel: Panel, call: Callable[[], object]) -> UsageError:
    """The error of a call that is refused and changes nothing."""
    before = (panel.messages, panel.credit, panel.now)
    with pytest.raises(UsageError) as refused:
        call()
    assert (panel.messages, panel.credit, panel.now) == before
    return refused.value


# deliver


def test_the_application_receives_a_delivered_message(panel: Panel) -> None:
    assert ask(panel, "receivedMessages") == {"result": "401"}
    arrived = panel.deliver(from_=f"+98{NUMBER}", text="سلام & bye")
    assert (arrived.number, arrived.line, arrived.text, arrived.at) == (NUMBER, LINE, "سلام & bye", START)
    reply = ask(panel, "receivedMessages")
    assert reply["result"] == "1"
    assert reply["data"] == [
        {
            "id": str(arrived.id),
            "number": NUMBER,
            "to": LINE,
            "text": "سلام & bye",
            "date": "2024-11-01 03:30:00",
        }
    ]


def test_messages_arrive_in_order_at_the_given_line(panel: Panel) -> None:
    first = panel.deliver(from_=NUMBER, text="one")
    second = panel.deliver(from_=OTHER, text="two", to="90001403")
    assert (first.line, second.line) == (LINE, "90001403")
    data = ask(panel, "receivedMessages")["data"]
    assert [(one["id"], one["to"]) for one in data] == [
        (str(first.id), LINE),
        (str(second.id), "90001403"),
    ]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"from_": NUMBER, "text": "hello", "to": "1"}, "to"),
        ({"from_": "", "text": "hello"}, "from_"),
        ({"from_": NUMBER, "text": "x" * 10_001}, "text"),
    ],
)
def test_deliver_refuses_an_impossible_argument(
    panel: Panel, arguments: dict[str, Any], argument: str
) -> None:
    error = error_of(panel, lambda: panel.deliver(**arguments))
    assert error.argument == argument
    assert str(error).startswith(f"{argument}: ")
    assert ask(panel, "receivedMessages") == {"result": "401"}


@pytest.mark.rule("L8")
def test_a_number_that_opts_out_is_on_the_blacklist_afterwards(panel: Panel) -> None:
    panel.set(monitoring="automatic")
    panel.deliver(from_=NUMBER, text="لغو۱۱")
    send(panel, f"{NUMBER},{OTHER}")
    panel.advance(60)
    assert pairs(panel.messages[0]) == [(2, 5), (2, 3)]


# The monitoring team


@pytest.mark.rule("L5")
def test_approve_sends_a_waiting_message(panel: Panel) -> None:
    send(panel)
    panel.advance(hours=1)
    (waiting,) = panel.messages
    assert pairs(waiting) == [(0, -1)]
    assert pairs(panel.approve(waiting)) == [(1, -1)]
    panel.advance(60)
    assert pairs(panel.messages[0]) == [(2, 3)]


@pytest.mark.rule("L5", "M5")
def test_cancel_ends_a_message_and_refunds_it(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}")
    cancelled = panel.cancel(panel.messages[0])
    assert pairs(cancelled) == [(5, -2), (5, -2)]
    assert panel.messages == [cancelled]
    assert panel.credit == 1_000_000


def test_approve_and_cancel_refuse_a_message_that_is_too_far(panel: Panel) -> None:
    send(panel)
    panel.approve(panel.messages[0])
    error_of(panel, lambda: panel.approve(panel.messages[0]))
    panel.advance(60)
    error_of(panel, lambda: panel.cancel(panel.messages[0]))


def test_a_message_that_does_not_exist_any_more_is_refused(panel: Panel) -> None:
    send(panel)
    (message,) = panel.messages
    panel.reset()
    assert error_of(panel, lambda: panel.cancel(message)).argument == "message"


# force


def test_force_moves_every_receiver_along_the_shortest_path_and_leaves_it_there(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}")
    forced = panel.force(panel.messages[0], 2, 1)
    assert pairs(forced) == [(2, 1), (2, 1)]
    path = [(step.processing_status, step.send_status) for step in forced.receivers[0].history]
    assert path == [(0, -1), (1, -1), (2, -1), (2, 0), (2, 1)]
    panel.advance(hours=100)
    assert pairs(panel.messages[0]) == [(2, 1), (2, 1)]
    assert pairs(panel.force(panel.messages[0], 2, 6)) == [(2, 6), (2, 6)]


def test_force_can_move_one_receiver_only(panel: Panel) -> None:
    send(panel, f"{NUMBER},{OTHER}")
    assert pairs(panel.force(panel.messages[0], 2, 4, to=f"0{OTHER}")) == [(0, -1), (2, 4)]


def test_force_refuses_a_pair_that_cannot_be_reached(panel: Panel) -> None:
    send(panel)
    panel.force(panel.messages[0], 2, 3)
    error_of(panel, lambda: panel.force(panel.messages[0], 2, 4))


@pytest.mark.parametrize(
    ("pair", "to", "argument"),
    [((2, 4), OTHER, "to"), ((9, 3), None, "processing_status"), ((2, 9), None, "send_status")],
)
def test_force_refuses_an_impossible_argument(
    panel: Panel, pair: tuple[int, int], to: str | None, argument: str
) -> None:
    send(panel)
    error = error_of(panel, lambda: panel.force(panel.messages[0], *pair, to=to))
    assert error.argument == argument
    assert str(error).startswith(f"{argument}: ")


# snapshot and restore


def test_restore_brings_back_the_whole_state(panel: Panel) -> None:
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


def test_restore_brings_back_ids_and_random_numbers(panel: Panel) -> None:
    panel.set(monitoring="automatic", outcomes={"delivered": 1, "undelivered": 1})
    kept = panel.snapshot()

    def continue_from_there() -> list[tuple[int, int]]:
        sent = [send(panel) for _ in range(16)]
        panel.advance(60)
        return list(zip(sent, (message.receivers[0].send_status for message in panel.messages), strict=True))

    first_time = continue_from_there()
    panel.restore(kept)
    assert continue_from_there() == first_time
    assert {status for _, status in first_time} == {3, 4}


def test_snapshots_are_restored_in_any_order_and_repeatedly(panel: Panel) -> None:
    kept: list[Snapshot] = []
    for _ in range(3):
        kept.append(panel.snapshot())
        send(panel)
    for number in (2, 0, 1, 2, 2):
        panel.restore(kept[number])
        assert len(panel.messages) == number


def test_no_more_than_twenty_snapshots_are_kept(panel: Panel) -> None:
    kept = [panel.snapshot() for _ in range(20)]
    assert "20" in str(error_of(panel, panel.snapshot))
    panel.restore(kept[0])


def test_a_snapshot_of_another_account_is_refused(panel: Panel, panel_server: PanelServer) -> None:
    with panel_server.new_account() as other:
        panel.snapshot()
        send(panel)
        foreign = other.snapshot()
        assert error_of(panel, lambda: panel.restore(foreign)).argument == "snapshot"


def test_what_is_not_a_snapshot_is_refused(panel: Panel) -> None:
    not_a_snapshot: Any = "before"
    error = error_of(panel, lambda: panel.restore(not_a_snapshot))
    assert str(error) == "snapshot: should be what snapshot() returned; it is 'before'"


def test_a_snapshot_that_is_lost_is_refused(panel: Panel) -> None:
    kept = panel.snapshot()
    panel.reset()
    error = error_of(panel, lambda: panel.restore(kept))
    assert (error.argument, str(error)) == (
        "snapshot",
        f"snapshot: the account has no snapshot {kept.name!r}",
    )


# reset


def test_reset_brings_the_account_back_to_how_it_was_created(panel: Panel) -> None:
    created = (panel.control("GET", ""), panel.phonebook(1403))
    first = send(panel)
    panel.deliver(from_=NUMBER, text="hello")
    ask(panel, "newContact", phoneId=1403, cNumber=NUMBER)
    panel.fail(http=500, times=0)
    panel.set(credit=5, monitoring="automatic", clock="real")
    panel.advance(hours=1)
    panel.reset()
    assert (panel.control("GET", ""), panel.phonebook(1403)) == created
    assert (panel.messages, panel.journal, panel.now) == ([], [], START)
    assert ask(panel, "receivedMessages") == {"result": "401"}
    assert attempt(panel) == "1"
    assert panel.messages[0].send_id == first
    panel.advance(hours=1)
    assert pairs(panel.messages[0]) == [(0, -1)]
