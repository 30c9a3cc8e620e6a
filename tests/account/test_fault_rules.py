"""Fault rules: which requests they match, when they fire, and what each kind does."""

from typing import Any

import pytest

from fakeserver.account.fault_rules import ImpossibleFault, result_code_of
from fakeserver.notation.params import Params
from fakeserver.panel.panel import explain
from fakeserver.spec.codes import GATE, RESULT_CODES
from fakeserver.spec.outcomes import Outcome
from fakeserver.wire.call import Call
from tests.actions.violations import GOOD_PARAMS
from tests.driver import REAL_MS, SEND_PARAMS, AccountDriver
from tests.reasons import assert_reasons

ONE, TWO, THREE = "9121111111", "9122222222", "9123333333"
REFUSE = {"result": "113"}
SENDING = {"send", "sendServices", "sendOTP"}
ALL = frozenset(RESULT_CODES)


def results(driver: AccountDriver, count: int) -> list[str]:
    return [driver.send()["result"] for _ in range(count)]


def call_of(driver: AccountDriver, **params: Any) -> Call:
    return Call("POST", driver.key, Params(params), "127.0.0.1")


# When a rule fires


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, [113, 1, 1, 1]),
        ({"times": 2}, [113, 113, 1, 1]),
        ({"times": 0}, [113, 113, 113, 113]),
        ({"after": 1}, [1, 113, 1, 1]),
        ({"after": 1, "times": 2}, [1, 113, 113, 1]),
        ({"after": 2, "times": 0}, [1, 1, 113, 113]),
    ],
)
def test_a_rule_is_skipped_after_times_and_fires_the_next_times(
    counts: dict[str, int], expected: list[int]
) -> None:
    driver = AccountDriver()
    rule = driver.add_fault(REFUSE, **counts)
    assert (rule.seen, rule.fired) == (0, 0)
    assert results(driver, 4) == [str(code) for code in expected]
    assert (rule.seen, rule.fired) == (4, expected.count(113))


def test_the_oldest_due_rule_fires_and_every_matching_one_counts() -> None:
    driver = AccountDriver()
    rules = [
        driver.add_fault(REFUSE, times=2),
        driver.add_fault({"result": "112"}, after=1, times=2),
        driver.add_fault({"result": "109"}, times=0),
    ]
    assert results(driver, 4) == ["113", "113", "112", "109"]
    assert [(rule.id, rule.seen, rule.fired) for rule in rules] == [(1, 4, 2), (2, 4, 1), (3, 4, 1)]


def test_the_id_of_a_removed_rule_is_not_used_again() -> None:
    driver = AccountDriver()
    driver.add_fault(REFUSE)
    del driver.account.faults.rules[1]
    assert driver.send()["result"] == "1"
    assert driver.add_fault(REFUSE).id == 2


def test_a_refusal_of_the_gate_comes_before_every_fault() -> None:
    driver = AccountDriver()
    rule = driver.add_fault(REFUSE)
    assert driver.call(method="PUT", params={"action": "send"})["result"] == "-4"
    assert driver.ask("Send")["result"] == "100"
    assert rule.seen == 0


def test_explain_shows_the_rule_that_would_fire_and_counts_nothing() -> None:
    driver = AccountDriver()
    when = {"from": "30001403", "to": ONE, "text": "a"}
    rule = driver.add_fault(REFUSE, when=when)
    later = driver.add_fault({"result": "112"}, after=1, when=when)
    call = call_of(driver, action="send", **{"from": "9830001403"}, text="a", receivers=f"0{ONE}")
    for _ in range(2):
        answer = explain(driver.account, call, REAL_MS)
        assert (answer.code, answer.rule) == (113, "S11")
    assert explain(driver.account, call_of(driver, action="credit"), REAL_MS).rule == "C1"
    assert (rule.seen, rule.fired, later.seen) == (0, 0, 0)


# Which requests a rule matches


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
def test_a_rule_matches_if_every_member_does(
    when: dict[str, Any], changes: dict[str, str], matches: bool
) -> None:
    driver = AccountDriver()
    driver.add_fault({"result": "112"}, when={"text": "another"})
    rule = driver.add_fault(REFUSE, when=when, times=0)
    driver.post({"action": "send", **GOOD_PARAMS["send"], **changes})
    assert (rule.seen, rule.fired) == ((1, 1) if matches else (0, 0))
    assert (driver.rule == "S11") == matches


def test_a_rule_leaves_other_actions_alone() -> None:
    driver = AccountDriver()
    rule = driver.add_fault({"http": 500}, when={"action": ["credit", "send"], "to": ONE})
    assert rule.actions == {"send"}  # credit has no receivers
    assert driver.credit() == 1_000_000
    driver.send(ONE)
    assert (rule.seen, rule.fired) == (1, 1)


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
        ({"outcome": "held"}, {}, SENDING),
        ({"delaySeconds": 1}, {"to": ONE}, SENDING),
        ({"delaySeconds": 1}, {"from": "1"}, {"send", "sendServices"}),
        ({"delaySeconds": 1}, {"text": "a"}, {"send"}),
        ({"delaySeconds": 1}, {"action": "status"}, {"status"}),
        ({"delaySeconds": 1}, {"action": ["credit", "status"]}, {"credit", "status"}),
    ],
)
def test_a_rule_is_for_every_action_for_which_it_can_fire(
    then: dict[str, Any], when: dict[str, Any], actions: set[str]
) -> None:
    assert AccountDriver().add_fault(then, when=when).actions == actions


def test_an_action_has_only_its_own_codes_and_those_of_the_gate() -> None:
    assert result_code_of("send", 113).rule == "S11"
    assert result_code_of("credit", -1).rule == "A1"
    with pytest.raises(ValueError, match=r"^credit has no result code 100$"):
        result_code_of("credit", 100)


# Rules that could never fire

SEND_CODES = ", ".join(map(str, sorted({row.code for row in (*RESULT_CODES["send"], *GATE)} - {1})))
CREDIT_CODES = "-5, -4, -3, -2, -1, 0"
PHONEBOOK_CODES = "-4, -3, -2, -1"
DELAY = {"delaySeconds": 1}
IMPOSSIBLE: list[tuple[dict[str, Any], dict[str, Any], str]] = [  # then, when, the member and the reason
    ({}, {}, "then: is empty; …result, phoneBook, http, disconnect, body, outcome…delaySeconds"),
    (REFUSE | {"http": 500}, {}, "then: has result and http; …one of them"),
    ({"body": "html", "phoneBook": "-1", "outcome": "held"}, {}, "then: has phoneBook and body and outcome…"),
    (DELAY | {"description": "x"}, {}, "then.description: …only beside result"),
    (DELAY | {"httpBody": "x"}, {}, "then.httpBody: …only beside http"),
    ({"result": "1"}, {"action": "credit"}, f"then.result: credit has no …1; it has {CREDIT_CODES}"),
    ({"result": 777}, {"action": "reportSend"}, f"then.result: reportSend …777; it has -6, {CREDIT_CODES}"),
    ({"result": "-6"}, {"action": "send"}, f"then.result: send has no error code -6; it has {SEND_CODES}"),
    ({"result": "777"}, {}, f"then.result: send has no error code 777; it has {SEND_CODES}"),
    (REFUSE, {"action": ["send", "credit"]}, f"then.result: credit …113; it has {CREDIT_CODES}"),
    ({"result": "605"}, {"text": "a"}, f"then.result: send …605; it has {SEND_CODES}"),
    ({"phoneBook": "-1"}, {"action": "sendOTP"}, "then.phoneBook: sendOTP has no …; only send has one"),
    ({"phoneBook": "1"}, {}, f"then.phoneBook: …no error code 1; it has {PHONEBOOK_CODES}"),
    ({"phoneBook": "-5"}, {}, f"then.phoneBook: …no error code -5; it has {PHONEBOOK_CODES}"),
    ({"outcome": "held"}, {"action": "credit"}, "then.outcome: credit …; send, sendServices, sendOTP…"),
    (DELAY, {"action": "credit", "to": ONE}, "when.to: credit has no parameter `receivers`"),
    (DELAY, {"action": "sendOTP", "from": "1"}, "when.from: sendOTP has no parameter `from`"),
    (DELAY, {"action": "sendOTP", "text": "1"}, "when.text: sendOTP has no parameter `text`"),
    (DELAY, {"to": "abc"}, "when.to: 'abc' is not a mobile number"),
    (DELAY, {"to": [ONE, " 12 "]}, "when.to: ' 12 ' is not a mobile number"),
]  # fmt: skip


def test_a_rule_that_could_never_fire_is_refused_with_its_member_and_the_reason() -> None:
    driver = AccountDriver()
    said = []
    for then, when, pattern in IMPOSSIBLE:
        with pytest.raises(ImpossibleFault) as refused:
            driver.add_fault(then, when=when)
        error = refused.value
        assert str(error) == f"{error.member}: {error.reason}"
        said.append(((then, when), str(error), pattern))
    assert_reasons(said)
    assert driver.account.faults.rules == {}
    assert driver.add_fault(REFUSE).id == 1


# What a rule does


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
    driver = AccountDriver()
    rule = driver.add_fault(then)
    assert driver.send(phoneBook=1403) == reply
    assert (driver.credit(), driver.account.sends.accepted) == (1_000_000, 0)
    assert rule.then.prevents


def test_the_reason_names_the_fault_and_what_it_does() -> None:
    driver = AccountDriver()
    driver.add_fault(REFUSE)
    driver.add_fault({"result": "605"})
    driver.add_fault({"disconnect": "after", "delaySeconds": 2}, when={"action": "credit"})
    explained = explain(driver.account, call_of(driver, action="credit"), REAL_MS)
    driver.send()
    driver.send_services()
    driver.credit()
    entries = driver.account.journal.entries
    assert_reasons(
        [
            ("send", entries[0].reason, "fault 1 asks for 113 (S11: …)"),
            ("sendServices", entries[1].reason, "fault 2 asks for 605 (P5: …)"),
            ("credit", entries[2].reason, "…; fault 3 fires: disconnect after, delaySeconds 2"),
        ]
    )
    assert explained.reason == entries[2].reason
    assert [(entry.fault_id, entry.rule, entry.result) for entry in entries] == [
        (1, "S11", "113"),
        (2, "P5", "605"),
        (3, "C1", "1"),
    ]


@pytest.mark.parametrize("then", [{"http": 502, "httpBody": "x"}, {"disconnect": "before"}])
def test_a_fault_in_place_of_the_panel_leaves_neither_rule_nor_result(then: dict[str, Any]) -> None:
    driver = AccountDriver()
    rule = driver.add_fault(then)
    handled = driver.panel.handle(call_of(driver, action="send", **SEND_PARAMS), REAL_MS)
    assert (handled.fault, handled.entry.send_id) == (rule, None)
    assert (handled.answer.rule, handled.answer.code, handled.answer.fields) == ("", 0, {})
    assert handled.answer.reason.startswith("fault 1 answers in place of the panel")
    assert (handled.entry.rule, handled.entry.result, handled.entry.fault_id) == ("", "", 1)
    assert (driver.credit(), driver.account.sends.accepted) == (1_000_000, 0)


@pytest.mark.parametrize("then", [{"disconnect": "after"}, {"body": "html"}, {"delaySeconds": 2}])
def test_other_faults_let_the_request_be_carried_out(then: dict[str, Any]) -> None:
    driver = AccountDriver()
    rule = driver.add_fault(then)
    assert driver.send()["result"] == "1"
    assert (rule.fired, rule.then.prevents, driver.credit()) == (1, False, 999_000)
    assert driver.account.journal.entries[0].fault_id == 1
    driver.add_fault(then)
    driver.advance(1)
    assert driver.pair("1000000001") == (1, -1)


def test_a_rule_keeps_its_document_and_its_effect() -> None:
    driver = AccountDriver()
    then = driver.add_fault({"http": 502, "httpBody": "<h1>", "delaySeconds": 12.5}).then
    assert (then.http, then.http_body, then.delay_ms) == (502, "<h1>", 12_500)
    then = driver.add_fault({"disconnect": "after"}).then
    assert (then.disconnect, then.delay_ms, then.http, then.http_body) == ("after", 0, None, None)
    then = driver.add_fault({"body": "truncated"}).then
    assert (then.body, then.result, then.description, then.phone_book) == ("truncated", None, None, None)
    then = driver.add_fault({"outcome": "expired"}).then
    assert (then.outcome, then.disconnect, then.body) == (Outcome.EXPIRED, None, None)
    document = {"then": {"delaySeconds": 1}, "when": {"to": ONE}}
    rule = driver.account.faults.add(document, driver.account.settings.line_number)
    assert rule.document is document


@pytest.mark.rule("B1")
def test_a_phonebook_error_needs_a_phonebook_operation() -> None:
    driver = AccountDriver()
    driver.add_fault({"phoneBook": "-4"}, times=0)
    assert "phoneBook" not in driver.send()
    assert "phoneBook" not in driver.send(from_="1", phoneBook=1403)


@pytest.mark.rule("L4")
def test_an_outcome_applies_to_the_matched_receivers_or_without_to_to_all() -> None:
    driver = AccountDriver(timeline="instant")
    driver.add_fault({"outcome": "undelivered"}, when={"to": [f"0{ONE}", THREE]})
    driver.add_fault({"outcome": "rejected"}, after=1)
    send_id = driver.send(f"{ONE},{TWO},{THREE}", phoneBook=1403)["sendID"]
    assert driver.pairs(send_id) == [(2, 4), (2, 3), (2, 4)]
    assert set(driver.account.phonebooks[1403].contacts) == {ONE, TWO, THREE}
    assert driver.pairs(driver.send(f"{ONE},{TWO}")["sendID"]) == [(2, 7), (2, 7)]


def test_an_outcome_fires_even_if_the_send_is_refused() -> None:
    driver = AccountDriver()
    rule = driver.add_fault({"outcome": "undelivered"})
    assert driver.send(from_="1")["result"] == "106"
    assert rule.fired == 1
