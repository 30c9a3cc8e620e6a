"""`panel.fail`: what an application meets on its way, when, how often, and what cannot be asked for."""

import json
import time
from http.client import HTTPException
from typing import Any

import pytest

from fakeserver.testing import Panel, UsageError
from tests.testing.application import FORMS, LINE, NUMBER, OTHER, ask, attempt, in_background, post, send

SEND = {"from_": LINE, "receivers": NUMBER, "text": "hello"}

# The pair at which a receiver of that fate stands a day and an hour after it was accepted.
FATES = {
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


def fates(panel: Panel) -> dict[str, tuple[int, int]]:
    """Where the receivers of the newest message stand."""
    return {one.number: (one.processing_status, one.send_status) for one in panel.messages[-1].receivers}


# What goes wrong


@pytest.mark.parametrize("code", ["113", 113])
def test_result_is_the_panels_own_answer_and_nothing_happens(panel: Panel, code: str | int) -> None:
    panel.fail(action="send", result=code, description="the operator is away")
    reply = post(panel, "send", **SEND)
    assert reply.status == 200
    assert reply.json == {"result": "113", "description": "the operator is away"}
    assert (panel.messages, panel.credit) == ([], 1_000_000)


def test_http_is_what_a_proxy_would_answer_and_nothing_happens(panel: Panel) -> None:
    panel.fail(action="send", http=502, http_body="<h1>Bad Gateway</h1>")
    reply = post(panel, "send", **SEND)
    assert (reply.status, reply.body) == (502, b"<h1>Bad Gateway</h1>")
    panel.fail(action="send", http=429)
    assert post(panel, "send", **SEND).status == 429
    assert (panel.messages, panel.credit) == ([], 1_000_000)


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
def test_a_disconnection_comes_before_or_after_the_request_was_carried_out(
    panel: Panel, when: str, sent: int
) -> None:
    panel.fail(action="send", disconnect=when)
    with pytest.raises((HTTPException, OSError)):
        post(panel, "send", **SEND)
    assert len(panel.messages) == sent
    assert attempt(panel) == "1"


@pytest.mark.parametrize("kind", ["truncated", "empty", "html", "not-json"])
def test_an_unreadable_reply_hides_a_request_that_was_carried_out(panel: Panel, kind: str) -> None:
    panel.fail(action="send", body=kind)
    reply = post(panel, "send", **SEND)
    assert reply.status == 200
    with pytest.raises(json.JSONDecodeError):
        _ = reply.json
    assert (reply.body == b"") == (kind == "empty")
    assert (b"<html" in reply.body.lower()) == (kind == "html")
    assert reply.body.startswith(b'{"result"') == (kind == "truncated")
    panel.assert_sent(count=1)


@pytest.mark.parametrize(("fate", "pair"), FATES.items())
def test_an_outcome_is_what_becomes_of_the_receiver(panel: Panel, fate: str, pair: tuple[int, int]) -> None:
    panel.fail(action="send", outcome=fate)
    send(panel)
    assert fates(panel)[NUMBER] == ((3, -1) if fate == "scheduled" else (0, -1))
    panel.advance(hours=25)
    assert fates(panel) == {NUMBER: pair}


def test_an_outcome_is_that_of_the_matched_receivers_alone(panel: Panel) -> None:
    panel.fail(to=NUMBER, outcome="undelivered")
    send(panel, f"{OTHER},{NUMBER}")
    panel.advance(60)
    assert fates(panel) == {OTHER: (2, 3), NUMBER: (2, 4)}


@pytest.mark.parametrize("code", ["-4", -3])
def test_phone_book_is_the_answer_of_the_phonebook_while_the_message_is_sent(
    panel: Panel, code: str | int
) -> None:
    panel.fail(action="send", phone_book=code)
    assert ask(panel, "send", **SEND, phoneBook=1403)["phoneBook"] == str(code)
    panel.assert_sent(to=NUMBER, count=1)
    assert panel.phonebook(1403).numbers == []


def test_a_delay_holds_back_the_reply_and_not_the_message(panel: Panel) -> None:
    panel.fail(action="send", delay=0.5)
    began = time.monotonic()
    with in_background(lambda: send(panel)):
        panel.wait_for()
        arrived = time.monotonic() - began
    assert arrived < 0.5 <= time.monotonic() - began


def test_a_delay_stands_beside_another_fault(panel: Panel) -> None:
    panel.fail(action="send", result="113", delay=0.1)
    began = time.monotonic()
    assert attempt(panel) == "113"
    assert time.monotonic() - began >= 0.1


# When


def test_without_a_condition_every_request_is_meant(panel: Panel) -> None:
    fault = panel.fail(http=500, times=0)
    assert {post(panel, action).status for action in ("send", "credit", "status")} == {500}
    assert fault.fired == 3


def test_action_picks_one_action_or_several(panel: Panel) -> None:
    panel.fail(action="credit", http=500, times=0)
    panel.fail(action=["status", "send"], http=503, times=0)
    told = [post(panel, action).status for action in ("credit", "status", "send", "receivedMessages")]
    assert told == [500, 503, 503, 200]


def test_the_one_time_code_action_has_one_name_here_whatever_its_configured_one(panel: Panel) -> None:
    panel.set(otp_names={"action": "otp", "app": "app", "code": "c"})
    panel.fail(action="sendOTP", result="152")
    assert ask(panel, "otp", app="test-app", c="1234", receivers=NUMBER)["result"] == "152"


@pytest.mark.parametrize("written", FORMS)
def test_to_matches_any_receiver_in_any_written_form(panel: Panel, written: str) -> None:
    panel.fail(to=written, result="113", times=0)
    assert attempt(panel, OTHER) == "1"
    assert attempt(panel, f"{OTHER},+98{NUMBER}") == "113"


def test_from_and_text_match_exactly(panel: Panel) -> None:
    panel.fail(from_=LINE, text="hello", result="113", times=0)
    tried = [attempt(panel, text="hello!"), attempt(panel, from_="auto"), attempt(panel)]
    assert tried == ["1", "1", "113"]


def test_lists_match_any_of_their_members(panel: Panel) -> None:
    panel.fail(to=[NUMBER, OTHER], text=["one", "two"], result="113", times=0)
    tried = [
        attempt(panel, NUMBER, "one"),
        attempt(panel, OTHER, "two"),
        attempt(panel, OTHER, "three"),
        attempt(panel, "9133333333", "two"),
    ]
    assert tried == ["113", "113", "1", "1"]


def test_a_fault_happens_once_unless_it_says_how_often(panel: Panel) -> None:
    panel.fail(action="send", result="113")
    assert [attempt(panel) for _ in range(3)] == ["113", "1", "1"]


def test_it_lets_the_first_pass_and_meets_the_next(panel: Panel) -> None:
    panel.fail(action="send", result="113", after=1, times=2)
    assert [attempt(panel) for _ in range(5)] == ["1", "113", "113", "1", "1"]


def test_times_0_is_until_it_is_removed(panel: Panel) -> None:
    fault = panel.fail(action="send", result="113", times=0)
    assert [attempt(panel) for _ in range(4)] == ["113"] * 4
    fault.remove()
    assert attempt(panel) == "1"


def test_of_several_that_are_due_the_oldest_fires(panel: Panel) -> None:
    panel.fail(action="send", result="113")
    younger = panel.fail(action="send", result="112", times=0)
    assert [attempt(panel) for _ in range(3)] == ["113", "112", "112"]
    assert (younger.seen, younger.fired) == (3, 2)


def test_the_gate_is_before_any_fault(panel: Panel) -> None:
    fault = panel.fail(http=500)
    assert post(panel, "status", key="another").json == {"result": "-1"}
    assert fault.fired == 0


# The handle of a fault


def test_a_fault_counts_what_it_has_seen_and_how_often_it_fired(panel: Panel) -> None:
    fault = panel.fail(action="send", result="113", after=2)
    assert (fault.seen, fault.fired) == (0, 0)
    ask(panel, "credit")
    attempt(panel)
    assert (fault.seen, fault.fired) == (1, 0)
    for _ in range(3):
        attempt(panel)
    assert (fault.seen, fault.fired) == (4, 1)


def test_its_id_is_that_of_the_reply_and_of_the_journal(panel: Panel) -> None:
    panel.fail(action="credit", http=500)
    fault = panel.fail(action="send", result="113")
    reply = post(panel, "send", **SEND)
    assert reply.headers["x-fake-fault"] == str(fault.id)
    assert [entry.fault for entry in panel.journal] == [fault.id]


def test_a_fault_is_shown_with_its_id_and_its_account(panel: Panel) -> None:
    fault = panel.fail(http=500)
    assert repr(fault) == f"<Fault {fault.id} of {panel.api_key}>"


def test_a_removed_fault_has_nothing_to_tell(panel: Panel) -> None:
    fault = panel.fail(http=500)
    fault.remove()
    assert ask(panel, "status")["result"] == "1"
    with pytest.raises(UsageError, match=f"fault {fault.id} "):
        _ = fault.fired
    with pytest.raises(UsageError, match="fault"):
        fault.remove()


# What cannot be asked for


@pytest.mark.parametrize(
    ("asked", "member"),
    [
        ({}, "then"),
        ({"description": "why"}, "then"),
        ({"http_body": "why"}, "then"),
        ({"result": "801", "action": "send"}, "result"),
        ({"result": "1", "action": "send"}, "result"),
        ({"result": "113", "action": ["send", "sendOTP"]}, "result"),
        ({"result": "gone"}, "result"),
        ({"result": "113", "http": 502}, "http"),
        ({"disconnect": "before", "body": "empty"}, "body"),
        ({"http": 99}, "http"),
        ({"http": 502, "description": "why"}, "description"),
        ({"result": "113", "http_body": "why"}, "http_body"),
        ({"disconnect": "during"}, "disconnect"),
        ({"body": "late"}, "body"),
        ({"outcome": "lost"}, "outcome"),
        ({"outcome": "delivered", "action": "credit"}, "outcome"),
        ({"phone_book": "-9"}, "phoneBook"),
        ({"phone_book": "-4", "action": "credit"}, "phoneBook"),
        ({"delay": -1}, "delay"),
        ({"http": 500, "times": -1}, "times"),
        ({"http": 500, "after": -1}, "after"),
        ({"http": 500, "action": "sned"}, "action"),
        ({"http": 500, "action": []}, "action"),
        ({"http": 500, "to": "letters"}, "to"),
        ({"http": 500, "to": NUMBER, "action": "credit"}, "to"),
    ],
)
def test_a_fault_that_could_never_happen_is_refused(panel: Panel, asked: dict[str, Any], member: str) -> None:
    with pytest.raises(UsageError, match=rf"\b{member}\b"):
        panel.fail(**asked)
    assert faults(panel) == []
