"""FaultRule rules without HTTP: which requests they match, when they are due, and what each kind changes."""

from typing import Any

import pytest

from fakeserver.account.fault_rules import FaultRule, ImpossibleFault
from fakeserver.notation.params import Params
from fakeserver.panel.panel import explain
from fakeserver.spec.codes import RESULT_CODES
from fakeserver.spec.outcomes import Outcome
from fakeserver.wire.call import Call
from tests.driver import REAL_MS, World
from tests.rules.ways import GOOD

ONE, TWO, THREE = "9121111111", "9122222222", "9123333333"
REFUSE = {"result": "113"}
OF_SENDING = {"send", "sendServices", "sendOTP"}
ALL = frozenset(RESULT_CODES)


def fault(world: World, then: dict[str, Any], **others: Any) -> FaultRule:
    return world.account.faults.add({"then": then, **others}, world.account.settings.line_number)


def results(world: World, count: int) -> list[str]:
    return [world.send()["result"] for _ in range(count)]


# When a rule fires


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, [113, 1, 1, 1]),
        ({"times": 1}, [113, 1, 1, 1]),
        ({"times": 2}, [113, 113, 1, 1]),
        ({"times": 0}, [113, 113, 113, 113]),
        ({"after": 1}, [1, 113, 1, 1]),
        ({"after": 1, "times": 2}, [1, 113, 113, 1]),
        ({"after": 2, "times": 0}, [1, 1, 113, 113]),
    ],
)
def test_a_rule_is_skipped_for_the_first_and_fires_for_the_next(
    counts: dict[str, int], expected: list[int]
) -> None:
    world = World()
    rule = fault(world, REFUSE, **counts)
    assert (rule.seen, rule.fired) == (0, 0)
    assert results(world, 4) == [str(code) for code in expected]
    assert (rule.seen, rule.fired) == (4, expected.count(113))


def test_the_oldest_that_is_due_fires_and_every_one_that_matches_counts() -> None:
    world = World()
    first = fault(world, REFUSE, times=2)
    second = fault(world, {"result": "112"}, after=1, times=2)
    third = fault(world, {"result": "109"}, times=0)
    assert results(world, 4) == ["113", "113", "112", "109"]
    assert [(rule.id, rule.seen, rule.fired) for rule in (first, second, third)] == [
        (1, 4, 2),
        (2, 4, 1),
        (3, 4, 1),
    ]


def test_a_rule_that_was_removed_leaves_its_id_to_nobody() -> None:
    world = World()
    fault(world, REFUSE)
    del world.account.faults.rules[1]
    assert world.send()["result"] == "1"
    assert fault(world, REFUSE).id == 2


def test_explaining_uses_no_fault_up() -> None:
    world = World()
    rule = fault(world, REFUSE)
    later = fault(world, {"result": "112"}, after=1)
    call = Call("POST", world.key, Params({"action": "send", "from": "", "text": ""}), "127.0.0.1")
    for _ in range(2):
        told = explain(world.account, call, REAL_MS)
        assert (told.code, told.rule) == (113, "S11")
    assert (rule.seen, rule.fired, later.seen) == (0, 0, 0)
    assert [world.send()["result"] for _ in range(3)] == ["113", "112", "1"]


def test_the_reason_says_what_a_fault_does_to_a_request_that_is_carried_out() -> None:
    world = World()
    fault(world, {"disconnect": "after", "delaySeconds": 2})
    params = Params({"action": "credit"})
    told = explain(world.account, Call("POST", world.key, params, "127.0.0.1"), REAL_MS).reason
    assert told.endswith("rials; fault 1 fires: disconnect after, delaySeconds 2")
    world.credit()
    assert world.account.journal.entries[-1].reason == told


def test_explaining_finds_the_rule_that_the_request_itself_would_find() -> None:
    world = World()
    fault(world, REFUSE, when={"from": "30001403", "to": ONE, "text": "a"})
    params = Params({"action": "send", "from": "9830001403", "text": "a", "receivers": f"0{ONE}"})
    assert explain(world.account, Call("POST", world.key, params, "127.0.0.1"), REAL_MS).rule == "S11"


def test_explaining_a_request_that_no_fault_is_due_for_gives_its_own_answer() -> None:
    world = World()
    fault(world, REFUSE, after=1)
    call = Call("POST", world.key, Params({"action": "credit"}), "127.0.0.1")
    assert explain(world.account, call, REAL_MS).rule == "C1"


def test_of_several_actions_only_those_count_that_have_the_parameter() -> None:
    world = World()
    rule = fault(world, {"http": 500}, when={"action": ["credit", "send"], "to": ONE})
    assert rule.actions == {"send"}
    world.credit()
    world.send(ONE)
    assert (rule.seen, rule.fired) == (1, 1)


def test_a_refusal_of_the_gate_comes_before_every_fault() -> None:
    world = World()
    rule = fault(world, REFUSE)
    assert world.call(method="PUT", params={"action": "send"})["result"] == "-4"
    assert world.ask("Send")["result"] == "100"
    assert rule.seen == 0


# Which requests it matches


@pytest.mark.parametrize(
    ("when", "changes", "matches"),
    [
        ({}, {}, True),
        ({"action": "send"}, {}, True),
        ({"action": ["send"]}, {}, True),
        ({"from": "30001403"}, {}, True),
        ({"from": "9830001403"}, {}, True),
        ({"from": ["1", "30001403"]}, {"from": "9830001403"}, True),
        ({"from": "1"}, {}, False),
        ({"text": "hello"}, {"text": "hello"}, True),
        ({"text": ["a", "hello"]}, {"text": "hello"}, True),
        ({"text": "hello"}, {"text": "hello "}, False),
        ({"text": ["a", "b"]}, {"text": "ab"}, False),
        ({"to": ONE}, {"receivers": f"{TWO},0{ONE}"}, True),
        ({"to": f" +98{ONE} "}, {"receivers": ONE}, True),
        ({"to": [ONE, TWO]}, {"receivers": TWO}, True),
        ({"to": ONE}, {"receivers": TWO}, False),
        ({"to": ONE, "text": "b"}, {"receivers": ONE, "text": "a"}, False),
        ({"to": ONE, "from": "1"}, {"receivers": ONE}, False),
        ({"to": ONE, "text": "a", "from": "30001403"}, {"receivers": ONE, "text": "a"}, True),
    ],
)
def test_a_rule_matches_what_all_its_members_say(
    when: dict[str, Any], changes: dict[str, str], matches: bool
) -> None:
    world = World()
    rule = fault(world, REFUSE, when=when, times=0)
    world.post({"action": "send", **GOOD["send"], **changes})
    assert (rule.seen, rule.fired) == ((1, 1) if matches else (0, 0))
    assert (world.rule == "S11") == matches


def test_receivers_are_compared_when_any_of_the_rules_asks_for_them() -> None:
    world = World()
    fault(world, {"result": "112"}, when={"text": "another"})
    fault(world, REFUSE, when={"to": ONE})
    assert world.send(ONE)["result"] == "113"


def test_a_rule_for_one_action_leaves_the_others_alone() -> None:
    world = World()
    rule = fault(world, {"result": "-1"}, when={"action": "credit"}, times=0)
    assert world.send()["result"] == "1"
    assert world.ask("status")["result"] == "1"
    assert world.ask("credit")["result"] == "-1"
    assert rule.seen == 1


@pytest.mark.parametrize(
    ("then", "when", "actions"),
    [
        ({"http": 500}, {}, ALL),
        ({"disconnect": "before"}, {}, ALL),
        ({"result": "0"}, {}, ALL),
        ({"result": "-4"}, {}, ALL),
        ({"result": "100"}, {}, {"send", "sendOTP"}),
        ({"result": "113"}, {}, {"send"}),
        ({"result": 104}, {}, {"send", "sendOTP"}),
        ({"result": "605"}, {}, {"sendServices"}),
        ({"result": "401"}, {}, {"receivedMessages"}),
        ({"phoneBook": "-3"}, {}, {"send"}),
        ({"outcome": "held"}, {}, OF_SENDING),
        ({"delaySeconds": 1}, {"to": ONE}, OF_SENDING),
        ({"delaySeconds": 1}, {"from": "1"}, {"send", "sendServices"}),
        ({"delaySeconds": 1}, {"text": "a"}, {"send"}),
        ({"delaySeconds": 1}, {"action": "status"}, {"status"}),
        ({"delaySeconds": 1}, {"action": ["credit", "status"]}, {"credit", "status"}),
    ],
)
def test_a_rule_without_an_action_is_for_all_that_it_can_fire_for(
    then: dict[str, Any], when: dict[str, Any], actions: set[str]
) -> None:
    assert fault(World(), then, when=when).actions == actions


# What cannot be


ERRORS = "-6, -5, -4, -3, -2, -1, 0"


@pytest.mark.parametrize(
    ("then", "when", "member", "reason"),
    [
        (
            {},
            {},
            "then",
            (
                "is empty; it should have one of "
                "result, phoneBook, http, disconnect, body, outcome, or delaySeconds"
            ),
        ),
        (REFUSE | {"http": 500}, {}, "then", "has result and http; it should have one of them"),
        (
            {"body": "html", "phoneBook": "-1", "outcome": "held"},
            {},
            "then",
            "has phoneBook and body and outcome; it should have one of them",
        ),
        (
            {"delaySeconds": 1, "description": "x"},
            {},
            "then.description",
            "is allowed only beside result",
        ),
        ({"delaySeconds": 1, "httpBody": "x"}, {}, "then.httpBody", "is allowed only beside http"),
        (
            {"result": "1"},
            {"action": "credit"},
            "then.result",
            "credit has no error code 1; it has -5, -4, -3, -2, -1, 0",
        ),
        (
            {"result": 777},
            {"action": "reportSend"},
            "then.result",
            "reportSend has no error code 777; it has -6, -5, -4, -3, -2, -1, 0",
        ),
        (
            {"result": "-6"},
            {"action": "send"},
            "then.result",
            (
                "send has no error code -6; it has -5, -4, -3, -2, -1, 0, 100, "
                "103, 104, 105, 106, 107, 108, 109, 112, 113, 114"
            ),
        ),
        (
            {"result": "777"},
            {},
            "then.result",
            (
                "send has no error code 777; it has -5, -4, -3, -2, -1, 0, 100, "
                "103, 104, 105, 106, 107, 108, 109, 112, 113, 114"
            ),
        ),
        (
            {"phoneBook": "-1"},
            {"action": "sendOTP"},
            "then.phoneBook",
            "sendOTP has no phonebook operation; send has",
        ),
        (
            {"phoneBook": "1"},
            {},
            "then.phoneBook",
            "the phonebook operation has no error code 1; it has -4, -3, -2, -1",
        ),
        (
            {"phoneBook": "-5"},
            {},
            "then.phoneBook",
            "the phonebook operation has no error code -5; it has -4, -3, -2, -1",
        ),
        (
            {"outcome": "held"},
            {"action": "credit"},
            "then.outcome",
            "credit sends nothing; send, sendServices, sendOTP do",
        ),
        (
            REFUSE,
            {"action": ["send", "credit"]},
            "then.result",
            "credit has no error code 113; it has -5, -4, -3, -2, -1, 0",
        ),
        (
            {"delaySeconds": 1},
            {"action": "credit", "to": ONE},
            "when.to",
            "credit has no parameter `receivers`",
        ),
        (
            {"delaySeconds": 1},
            {"action": "sendOTP", "from": "1"},
            "when.from",
            "sendOTP has no parameter `from`",
        ),
        (
            {"delaySeconds": 1},
            {"action": "sendOTP", "text": "1"},
            "when.text",
            "sendOTP has no parameter `text`",
        ),
        (
            {"result": "605"},
            {"text": "a"},
            "then.result",
            (
                "send has no error code 605; it has "
                "-5, -4, -3, -2, -1, 0, 100, 103, 104, 105, 106, 107, 108, 109, 112, 113, 114"
            ),
        ),
        ({"delaySeconds": 1}, {"to": "abc"}, "when.to", "'abc' is not a mobile number"),
        ({"delaySeconds": 1}, {"to": [ONE, " 12 "]}, "when.to", "' 12 ' is not a mobile number"),
    ],
)
def test_a_rule_that_could_never_fire_is_refused_with_its_member_and_the_reason(
    then: dict[str, Any], when: dict[str, Any], member: str, reason: str
) -> None:
    world = World()
    with pytest.raises(ImpossibleFault) as refused:
        fault(world, then, when=when)
    assert (refused.value.member, refused.value.reason) == (member, reason)
    assert str(refused.value) == f"{member}: {reason}"
    assert world.account.faults.rules == {}
    assert fault(world, REFUSE).id == 1


# What it does


@pytest.mark.rule("S10", "S11")
@pytest.mark.parametrize(
    ("then", "reply"),
    [
        ({"result": "113"}, {"result": "113"}),
        ({"result": 109}, {"result": "109"}),
        ({"result": "113", "description": "چرا"}, {"result": "113", "description": "چرا"}),
        (
            {"result": "112"},
            {"result": "112", "description": "the sending operator did not take the message"},
        ),
        ({"result": "112", "description": "چرا"}, {"result": "112", "description": "چرا"}),
    ],
)
def test_a_result_is_the_answer_and_nothing_happens(then: dict[str, Any], reply: dict[str, str]) -> None:
    world = World()
    rule = fault(world, then)
    assert world.send(phoneBook=1403) == reply
    assert (world.credit(), world.account.sends.accepted) == (1_000_000, 0)
    assert rule.then.prevents


def test_the_reason_of_a_result_names_the_fault_and_its_row() -> None:
    world = World()
    fault(world, REFUSE)
    fault(world, {"result": "605"})
    world.send()
    assert world.reason == "fault 1 asks for 113 (S11: an unexpected error while sending)"
    world.send_services()
    assert (world.rule, world.reason) == ("P5", "fault 2 asks for 605 (P5: the pattern code is not right)")
    (sent, pattern) = world.account.journal.entries
    assert [(entry.fault_id, entry.rule, entry.result) for entry in (sent, pattern)] == [
        (1, "S11", "113"),
        (2, "P5", "605"),
    ]


@pytest.mark.parametrize("then", [{"http": 502, "httpBody": "x"}, {"disconnect": "before"}])
def test_a_proxy_or_a_break_before_leaves_an_entry_without_rule_or_result(then: dict[str, Any]) -> None:
    world = World()
    rule = fault(world, then)
    handled = world.panel.handle(
        Call("POST", world.key, Params({"action": "send", **_texts(GOOD["send"])}), "127.0.0.1"), REAL_MS
    )
    assert (handled.fault, handled.entry.send_id) == (rule, None)
    assert (handled.answer.rule, handled.answer.code, handled.answer.fields) == ("", 0, {})
    assert handled.answer.reason == "fault 1 answers in place of the panel; nothing happened"
    assert (handled.entry.rule, handled.entry.result, handled.entry.fault_id) == ("", "", 1)
    assert (world.credit(), world.account.sends.accepted) == (1_000_000, 0)


@pytest.mark.parametrize("then", [{"disconnect": "after"}, {"body": "html"}, {"delaySeconds": 2}])
def test_other_faults_of_the_wire_let_the_request_be_carried_out(then: dict[str, Any]) -> None:
    world = World()
    rule = fault(world, then)
    assert world.send()["result"] == "1"
    assert (rule.fired, rule.then.prevents, world.credit()) == (1, False, 999_000)
    assert world.account.journal.entries[0].fault_id == 1


def test_what_a_rule_says_is_kept_for_the_one_who_makes_the_reply() -> None:
    world = World()
    then = fault(world, {"http": 502, "httpBody": "<h1>", "delaySeconds": 12.5}).then
    assert (then.http, then.http_body, then.delay_ms) == (502, "<h1>", 12_500)
    then = fault(world, {"disconnect": "after"}).then
    assert (then.disconnect, then.delay_ms, then.http, then.http_body) == ("after", 0, None, None)
    then = fault(world, {"body": "truncated"}).then
    assert (then.body, then.result, then.description, then.phone_book) == ("truncated", None, None, None)
    then = fault(world, {"outcome": "expired"}).then
    assert (then.outcome, then.disconnect, then.body) == (Outcome.EXPIRED, None, None)
    document = {"then": {"delaySeconds": 1}, "when": {"to": ONE}}
    assert world.account.faults.add(document, world.account.settings.line_number).document is document


@pytest.mark.rule("B7")
def test_a_phonebook_error_keeps_the_contacts_out_and_the_message_goes() -> None:
    world = World()
    fault(world, {"phoneBook": "-4"})
    reply = world.send(phoneBook=1403)
    assert (reply["result"], reply["phoneBook"]) == ("1", "-4")
    assert world.account.phonebooks[1403].contacts == {}
    assert world.account.sends.accepted == 1
    assert world.send(phoneBook=1403)["phoneBook"] == "1"


@pytest.mark.rule("B1")
def test_a_phonebook_error_needs_a_phonebook_operation() -> None:
    world = World()
    fault(world, {"phoneBook": "-4"}, times=0)
    assert "phoneBook" not in world.send()
    assert "phoneBook" not in world.send(from_="1", phoneBook=1403)


@pytest.mark.rule("L4")
def test_an_outcome_is_that_of_the_matched_receivers_alone() -> None:
    world = World()
    fault(world, {"outcome": "undelivered"}, when={"to": [f"0{ONE}", THREE]})
    send_id = world.send(f"{ONE},{TWO},{THREE}", phoneBook=1403)["sendID"]
    world.advance(60)
    assert world.pairs(send_id) == [(2, 4), (2, 3), (2, 4)]
    assert set(world.account.phonebooks[1403].contacts) == {ONE, TWO, THREE}


@pytest.mark.rule("L4")
def test_an_outcome_without_to_is_that_of_every_receiver() -> None:
    world = World()
    fault(world, {"outcome": "undelivered"})
    send_id = world.send(f"{ONE},{TWO}")["sendID"]
    world.advance(60)
    assert world.pairs(send_id) == [(2, 4), (2, 4)]


def test_an_outcome_for_a_send_that_is_refused_has_fired_all_the_same() -> None:
    world = World()
    rule = fault(world, {"outcome": "undelivered"})
    assert world.send(from_="1")["result"] == "106"
    assert rule.fired == 1


def _texts(params: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in params.items()}
