"""`panel.fail`: what goes wrong, when and how often, and which rules are refused."""

import json
import time
from http.client import HTTPException
from typing import Any

import pytest

from fakeserver.testing import Panel, UsageError
from tests.testing.application import (
    LINE,
    NUMBER,
    NUMBER_FORMS,
    OTHER,
    ask,
    attempt,
    in_background,
    post,
    send,
)

SEND = {"from_": LINE, "receivers": NUMBER, "text": "hello"}

# The pair of statuses of a receiver 25 hours after acceptance, for each outcome.
OUTCOMES = {
    "delivered": (2, 3),
    "reached": (2, 1),
    "unreached": (4, 2),
    "undelivered": (2, 4),
    "blacklisted": (2, 5),
    "expired": (2, 6),
    "rejected": (2, 7),
    "held": (0, -1),
    "queued": (1, -1),
    "cancelled": (5, -2),
    "scheduled": (2, 3),
}


def faults(panel: Panel) -> list[Any]:
    return list(panel.control("GET", "/faults")["faults"])


def pairs(panel: Panel) -> dict[str, tuple[int, int]]:
    """The pair of statuses of each receiver of the newest message."""
    return {one.number: (one.processing_status, one.send_status) for one in panel.messages[-1].receivers}


# What goes wrong


@pytest.mark.parametrize("code", ["113", 113])
def test_result_replaces_the_reply_and_nothing_happens(panel: Panel, code: str | int) -> None:
    panel.fail(action="send", result=code, description="the operator is away")
    reply = post(panel, "send", **SEND)
    assert reply.status == 200
    assert reply.json == {"result": "113", "description": "the operator is away"}
    assert (panel.messages, panel.credit) == ([], 1_000_000)


def test_http_is_the_reply_of_a_proxy_and_nothing_happens(panel: Panel) -> None:
    panel.fail(action="send", http=502, http_body="<h1>Bad Gateway</h1>")
    reply = post(panel, "send", **SEND)
    assert (reply.status, reply.body) == (502, b"<h1>Bad Gateway</h1>")
    panel.fail(action="send", http=429)
    assert post(panel, "send", **SEND).status == 429
    assert (panel.messages, panel.credit) == ([], 1_000_000)


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
def test_disconnect_breaks_the_connection_before_or_after_the_request_is_carried_out(
    panel: Panel, when: str, sent: int
) -> None:
    panel.fail(action="send", disconnect=when)
    with pytest.raises((HTTPException, OSError)):
        post(panel, "send", **SEND)
    assert len(panel.messages) == sent
    assert attempt(panel) == "1"


@pytest.mark.parametrize("kind", ["truncated", "empty", "html", "not-json"])
def test_body_makes_the_reply_to_an_accepted_message_unreadable(panel: Panel, kind: str) -> None:
    panel.fail(action="send", body=kind)
    reply = post(panel, "send", **SEND)
    assert reply.status == 200
    with pytest.raises(json.JSONDecodeError):
        _ = reply.json
    assert (reply.body == b"") == (kind == "empty")
    assert (b"<html" in reply.body.lower()) == (kind == "html")
    assert reply.body.startswith(b'{"result"') == (kind == "truncated")
    panel.assert_sent(count=1)


@pytest.mark.parametrize(("outcome", "pair"), OUTCOMES.items())
def test_outcome_decides_what_becomes_of_the_receiver(
    panel: Panel, outcome: str, pair: tuple[int, int]
) -> None:
    panel.fail(action="send", outcome=outcome)
    send(panel)
    assert pairs(panel)[NUMBER] == ((3, -1) if outcome == "scheduled" else (0, -1))
    panel.advance(hours=25)
    assert pairs(panel) == {NUMBER: pair}


def test_outcome_is_for_the_matching_receivers_only(panel: Panel) -> None:
    panel.fail(to=NUMBER, outcome="undelivered")
    send(panel, f"{OTHER},{NUMBER}")
    panel.advance(60)
    assert pairs(panel) == {OTHER: (2, 3), NUMBER: (2, 4)}


@pytest.mark.parametrize("code", ["-4", -3])
def test_phone_book_makes_the_phonebook_operation_fail_and_the_message_is_sent(
    panel: Panel, code: str | int
) -> None:
    panel.fail(action="send", phone_book=code)
    assert ask(panel, "send", **SEND, phoneBook=1403)["phoneBook"] == str(code)
    panel.assert_sent(to=NUMBER, count=1)
    assert panel.phonebook(1403).numbers == []


def test_delay_holds_the_reply_back_but_not_the_message(panel: Panel) -> None:
    panel.fail(action="send", delay=0.5)
    began = time.monotonic()
    with in_background(lambda: send(panel)):
        panel.wait_for()
        arrived = time.monotonic() - began
    assert arrived < 0.5 <= time.monotonic() - began


def test_delay_combines_with_another_effect(panel: Panel) -> None:
    panel.fail(action="send", result="113", delay=0.1)
    began = time.monotonic()
    assert attempt(panel) == "113"
    assert time.monotonic() - began >= 0.1


# When


def test_without_a_condition_every_request_matches(panel: Panel) -> None:
    fault = panel.fail(http=500, times=0)
    assert {post(panel, action).status for action in ("send", "credit", "status")} == {500}
    assert fault.fired == 3


def test_action_is_one_action_or_several(panel: Panel) -> None:
    panel.fail(action="credit", http=500, times=0)
    panel.fail(action=["status", "send"], http=503, times=0)
    statuses = [post(panel, action).status for action in ("credit", "status", "send", "receivedMessages")]
    assert statuses == [500, 503, 503, 200]


def test_the_one_time_code_action_is_sendotp_whatever_its_configured_name(panel: Panel) -> None:
    panel.set(otp_names={"action": "otp", "app": "app", "code": "c"})
    panel.fail(action="sendOTP", result="152")
    assert ask(panel, "otp", app="test-app", c="1234", receivers=NUMBER)["result"] == "152"


@pytest.mark.parametrize("number", NUMBER_FORMS)
def test_to_matches_any_receiver_in_any_notation(panel: Panel, number: str) -> None:
    panel.fail(to=number, result="113", times=0)
    assert attempt(panel, OTHER) == "1"
    assert attempt(panel, f"{OTHER},+98{NUMBER}") == "113"


def test_from_and_text_match_exactly(panel: Panel) -> None:
    panel.fail(from_=LINE, text="hello", result="113", times=0)
    results = [attempt(panel, text="hello!"), attempt(panel, from_="auto"), attempt(panel)]
    assert results == ["1", "1", "113"]


def test_a_list_matches_any_of_its_members(panel: Panel) -> None:
    panel.fail(to=[NUMBER, OTHER], text=["one", "two"], result="113", times=0)
    results = [
        attempt(panel, NUMBER, "one"),
        attempt(panel, OTHER, "two"),
        attempt(panel, OTHER, "three"),
        attempt(panel, "9133333333", "two"),
    ]
    assert results == ["113", "113", "1", "1"]


def test_a_fault_fires_once_by_default(panel: Panel) -> None:
    panel.fail(action="send", result="113")
    assert [attempt(panel) for _ in range(3)] == ["113", "1", "1"]


def test_after_lets_requests_pass_and_times_is_how_many_then_fail(panel: Panel) -> None:
    panel.fail(action="send", result="113", after=1, times=2)
    assert [attempt(panel) for _ in range(5)] == ["1", "113", "113", "1", "1"]


def test_a_fault_with_times_0_fires_until_it_is_removed(panel: Panel) -> None:
    fault = panel.fail(action="send", result="113", times=0)
    assert [attempt(panel) for _ in range(4)] == ["113"] * 4
    fault.remove()
    assert attempt(panel) == "1"


def test_the_oldest_of_several_due_faults_fires(panel: Panel) -> None:
    panel.fail(action="send", result="113")
    younger = panel.fail(action="send", result="112", times=0)
    assert [attempt(panel) for _ in range(3)] == ["113", "112", "112"]
    assert (younger.seen, younger.fired) == (3, 2)


def test_requests_that_the_gate_refuses_meet_no_fault(panel: Panel) -> None:
    fault = panel.fail(http=500)
    assert post(panel, "status", key="another").json == {"result": "-1"}
    assert fault.fired == 0


# The handle of a fault


def test_a_fault_counts_the_requests_that_matched_and_those_for_which_it_fired(panel: Panel) -> None:
    fault = panel.fail(action="send", result="113", after=2)
    assert (fault.seen, fault.fired) == (0, 0)
    ask(panel, "credit")
    attempt(panel)
    assert (fault.seen, fault.fired) == (1, 0)
    for _ in range(3):
        attempt(panel)
    assert (fault.seen, fault.fired) == (4, 1)


def test_the_reply_and_the_journal_have_the_id_of_the_fault(panel: Panel) -> None:
    panel.fail(action="credit", http=500)
    fault = panel.fail(action="send", result="113")
    reply = post(panel, "send", **SEND)
    assert reply.headers["x-fake-fault"] == str(fault.id)
    assert [entry.fault for entry in panel.journal] == [fault.id]


def test_the_repr_of_a_fault_has_its_id_and_its_account(panel: Panel) -> None:
    fault = panel.fail(http=500)
    assert repr(fault) == f"<Fault {fault.id} of {panel.api_key}>"


def test_a_removed_fault_refuses_every_call(panel: Panel) -> None:
    fault = panel.fail(http=500)
    fault.remove()
    assert ask(panel, "status")["result"] == "1"
    with pytest.raises(UsageError, match=f"fault {fault.id} "):
        _ = fault.fired
    with pytest.raises(UsageError, match=r"^fault: "):
        fault.remove()


# Rules that are refused


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"result": "801", "action": "send"}, "result"),
        ({"result": "1", "action": "send"}, "result"),
        ({"result": "113", "action": ["send", "sendOTP"]}, "result"),
        ({"result": "gone"}, "result"),
        ({"http": 99}, "http"),
        ({"http": 502, "description": "why"}, "description"),
        ({"result": "113", "http_body": "why"}, "http_body"),
        ({"disconnect": "during"}, "disconnect"),
        ({"body": "late"}, "body"),
        ({"outcome": "lost"}, "outcome"),
        ({"outcome": "delivered", "action": "credit"}, "outcome"),
        ({"phone_book": "-9"}, "phone_book"),
        ({"phone_book": "-4", "action": "credit"}, "phone_book"),
        ({"delay": -1}, "delay"),
        ({"http": 500, "times": -1}, "times"),
        ({"http": 500, "after": -1}, "after"),
        ({"http": 500, "action": "sned"}, "action"),
        ({"http": 500, "action": []}, "action"),
        ({"http": 500, "to": "letters"}, "to"),
        ({"http": 500, "to": NUMBER, "action": "credit"}, "to"),
        ({"http": 500, "to": [NUMBER, 5]}, "to"),
        ({"http": 500, "from_": LINE, "action": "credit"}, "from_"),
        ({"http": 500, "from_": {"line": LINE}}, "from_"),
    ],
)
def test_an_error_names_the_argument(panel: Panel, arguments: dict[str, Any], argument: str) -> None:
    error = error_of_fail(panel, **arguments)
    assert error.argument == argument
    assert str(error).startswith(f"{argument}")


@pytest.mark.parametrize(
    ("arguments", "mentioned"),
    [
        ({}, ["phone_book", "delay"]),
        ({"description": "why"}, ["phone_book", "delay"]),
        ({"http_body": "why"}, ["phone_book", "delay"]),
        ({"phone_book": "-4", "http": 502}, ["phone_book", "http"]),
    ],
)
def test_an_error_in_the_combination_names_the_arguments(
    panel: Panel, arguments: dict[str, Any], mentioned: list[str]
) -> None:
    error = error_of_fail(panel, **arguments)
    assert error.argument == ""
    assert str(error).startswith("fail(): ")
    assert [name for name in mentioned if name not in str(error)] == []
    assert "phoneBook" not in str(error)


def error_of_fail(panel: Panel, **arguments: Any) -> UsageError:
    """The error of a `fail` that is refused and adds no rule."""
    with pytest.raises(UsageError) as refused:
        panel.fail(**arguments)
    assert faults(panel) == []
    return refused.value
