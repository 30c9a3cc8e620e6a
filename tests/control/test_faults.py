"""Fault rules: when they match, how often they fire, and what each kind of `then` does."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.control.driven import FAULTS, GOOD, KEY, LINE, NUMBER, SERVICE, Driven, Reply, driven

OTHER = "9122222222"
THIRD = "9123333333"
REFUSE = {"result": "113"}


@pytest.fixture
async def fake() -> AsyncIterator[Driven]:
    async with driven() as running:
        yield running


async def refused(fake: Driven, rule: Any, member: str) -> None:
    before = await fake.get(FAULTS)
    reply = await fake.control("POST", FAULTS, rule)
    assert (reply.status, reply.is_problem) == (400, True), reply.text
    assert member in reply.text
    assert await fake.get(FAULTS) == before


async def broken(fake: Driven, action: str = "send", **changes: Any) -> None:
    with pytest.raises(aiohttp.ClientConnectionError):
        await fake.ask(action, **changes)


# How a rule counts


async def test_a_rule_fires_once_when_it_does_not_say_how_often(fake: Driven) -> None:
    await fake.fault(REFUSE)
    assert await fake.results(3) == ["113", "1", "1"]


async def test_a_rule_is_skipped_for_the_first_requests_and_fires_for_the_next(fake: Driven) -> None:
    await fake.fault(REFUSE, after=2, times=2)
    assert await fake.results(6) == ["1", "1", "113", "113", "1", "1"]


async def test_times_zero_fires_until_the_rule_is_removed(fake: Driven) -> None:
    identity = await fake.fault(REFUSE, after=1, times=0)
    assert await fake.results(5) == ["1", "113", "113", "113", "113"]
    assert (await fake.control("DELETE", f"{FAULTS}/{identity}")).status in {200, 204}
    assert await fake.results(2) == ["1", "1"]


async def test_of_several_that_are_due_the_oldest_fires(fake: Driven) -> None:
    first = await fake.fault(REFUSE, times=0)
    await fake.fault({"result": "112"}, times=0)
    replies = [await fake.ask("send") for _ in range(2)]
    assert [(reply.json["result"], reply.fault) for reply in replies] == [("113", first)] * 2


async def test_every_matching_rule_counts_the_request_also_when_another_fires(fake: Driven) -> None:
    await fake.fault(REFUSE, times=2)
    await fake.fault({"result": "112"}, after=2)
    assert await fake.results(4) == ["113", "113", "112", "1"]


async def test_a_request_that_does_not_match_is_not_counted(fake: Driven) -> None:
    await fake.fault(REFUSE, when={"action": "send"}, after=1)
    for action in ("credit", "status", "sendOTP"):
        assert (await fake.ask(action)).fault is None
    assert await fake.results(3) == ["1", "113", "1"]


async def test_a_spent_rule_lets_the_next_one_through(fake: Driven) -> None:
    await fake.fault(REFUSE)
    await fake.fault({"result": "112"}, times=0)
    assert await fake.results(3) == ["113", "112", "112"]


async def test_the_rules_are_listed_oldest_first_as_they_were_set(fake: Driven) -> None:
    rules = [{"when": {"action": "send", "to": [NUMBER]}, "after": 1, "times": 3, "then": REFUSE}]
    rules.append({"when": {"action": "credit"}, "after": 0, "times": 0, "then": {"delaySeconds": 0.5}})
    for rule in rules:
        assert (await fake.control("POST", FAULTS, rule)).status == 201
    listed = (await fake.get(FAULTS))["faults"]
    assert [{name: one[name] for name in rules[0]} for one in listed] == rules
    assert len({one["id"] for one in listed}) == 2


async def test_deleting_one_rule_leaves_the_others(fake: Driven) -> None:
    first, second = [await fake.fault({"result": code}, times=0) for code in ("113", "112")]
    assert (await fake.control("DELETE", f"{FAULTS}/{first}")).status in {200, 204}
    assert [str(one["id"]) for one in (await fake.get(FAULTS))["faults"]] == [second]
    assert (await fake.ask("send")).fault == second


async def test_deleting_all_rules_leaves_none(fake: Driven) -> None:
    for code in ("113", "112"):
        await fake.fault({"result": code}, times=0)
    assert (await fake.control("DELETE", FAULTS)).status in {200, 204}
    assert await fake.get(FAULTS) == {"faults": []}
    assert (await fake.ask("send")).fault is None


@pytest.mark.parametrize("identity", ["0", "2", "-1", "x", "1.0", "%D9%A1", "9" * 5000])
async def test_deleting_a_rule_that_is_not_there_is_404(fake: Driven, identity: str) -> None:
    await fake.fault(REFUSE)
    reply = await fake.control("DELETE", f"{FAULTS}/{identity}")
    assert (reply.status, reply.is_problem) == (404, True)
    assert len((await fake.get(FAULTS))["faults"]) == 1


@pytest.mark.parametrize("path", ["/_fake/reset", "/_fake/accounts/_/reset"])
async def test_a_reset_removes_the_rules(fake: Driven, path: str) -> None:
    await fake.fault(REFUSE, times=0)
    await fake.control("POST", path)
    assert await fake.get(FAULTS) == {"faults": []}
    assert (await fake.ask("send")).fault is None


async def test_the_number_of_rules_is_limited(fake: Driven) -> None:
    reply = await fake.control("POST", FAULTS, {"then": REFUSE})
    for _ in range(2000):
        if reply.status != 201:
            break
        reply = await fake.control("POST", FAULTS, {"then": REFUSE})
    assert (reply.status, reply.is_problem) == (429, True)
    await fake.fault(REFUSE, key="test-key-manual")
    await fake.control("DELETE", FAULTS)
    await fake.fault(REFUSE)


async def test_the_faults_of_an_account_do_not_touch_another(fake: Driven) -> None:
    await fake.fault(REFUSE, times=0)
    assert (await fake.ask("send", key="test-key-manual")).json["result"] == "1"
    assert await fake.get("/_fake/accounts/test-key-manual/faults") == {"faults": []}
    await fake.control("DELETE", "/_fake/accounts/test-key-manual/faults")
    assert len((await fake.get(FAULTS))["faults"]) == 1


async def test_the_journal_names_the_fault(fake: Driven) -> None:
    identity = await fake.fault(REFUSE)
    await fake.results(2)
    fired, plain = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert (str(fired["fault"]), fired["rule"], fired["reply"]) == (identity, "S11", {"result": "113"})
    assert plain.get("fault") is None


async def test_explaining_looks_at_faults_without_using_them_up(fake: Driven) -> None:
    await fake.fault(REFUSE)
    params = {"action": "send", **GOOD["send"]}
    for _ in range(2):
        explained = await fake.control("POST", "/_fake/accounts/_/explain", params)
        assert (explained.json["reply"], explained.json["rule"]) == ({"result": "113"}, "S11")
    assert await fake.results(2) == ["113", "1"]


# What a rule matches


@pytest.mark.parametrize("action", GOOD)
async def test_a_rule_matches_its_action_alone(fake: Driven, action: str) -> None:
    identity = await fake.fault({"http": 503}, when={"action": action}, times=0)
    fired = [name for name in GOOD if (await fake.ask(name)).fault == identity]
    assert fired == [action]


async def test_a_rule_without_when_matches_every_action(fake: Driven) -> None:
    await fake.fault({"http": 503}, times=0)
    assert [(await fake.ask(action)).status for action in GOOD] == [503] * len(GOOD)


async def test_a_list_of_actions_matches_any_of_them(fake: Driven) -> None:
    await fake.fault({"http": 503}, when={"action": ["credit", "send"]}, times=0)
    assert [name for name in GOOD if (await fake.ask(name)).status == 503] == ["send", "credit"]


WAYS = [NUMBER, f"0{NUMBER}", f"98{NUMBER}", f"0098{NUMBER}", f"+98{NUMBER}"]


@pytest.mark.rule("F2")
@pytest.mark.parametrize("given", WAYS)
async def test_numbers_match_after_normalisation(fake: Driven, given: str) -> None:
    await fake.fault(REFUSE, when={"to": given}, times=0)
    assert (await fake.ask("send", receivers=OTHER)).json["result"] == "1"
    results = [(await fake.ask("send", receivers=asked)).json["result"] for asked in WAYS]
    assert results == ["113"] * len(WAYS)


@pytest.mark.parametrize(
    ("receivers", "result"),
    [(f"{OTHER},{NUMBER}", "113"), (f"{NUMBER} , {OTHER}", "113"), (f"{OTHER},{THIRD}", "1")],
)
async def test_to_matches_any_receiver(fake: Driven, receivers: str, result: str) -> None:
    await fake.fault(REFUSE, when={"to": NUMBER})
    assert (await fake.ask("send", receivers=receivers)).json["result"] == result


async def test_a_list_of_numbers_matches_any_of_them(fake: Driven) -> None:
    await fake.fault(REFUSE, when={"to": [f"0{NUMBER}", f"+98{OTHER}"]}, times=0)
    results = [(await fake.ask("send", receivers=to)).json["result"] for to in (NUMBER, OTHER, THIRD)]
    assert results == ["113", "113", "1"]


@pytest.mark.parametrize("action", ["send", "sendServices", "sendOTP"])
async def test_to_matches_the_receivers_of_every_sending_action(fake: Driven, action: str) -> None:
    await fake.fault({"http": 503}, when={"to": NUMBER})
    assert (await fake.ask(action)).status == 503


async def test_to_matches_no_request_without_receivers(fake: Driven) -> None:
    await fake.fault({"http": 503}, when={"to": NUMBER}, times=0)
    names = ("reportSend", "credit", "receivedMessages", "status")
    assert [(await fake.ask(action)).status for action in names] == [200] * 4


async def test_text_matches_exactly(fake: Driven) -> None:
    await fake.fault(REFUSE, when={"text": "سلام"}, times=0)
    texts = ("سلام", "سلام ", "سلام دنیا", "سل")
    assert [(await fake.ask("send", text=text)).json["result"] for text in texts] == ["113", "1", "1", "1"]


async def test_a_list_of_texts_matches_any_of_them(fake: Driven) -> None:
    await fake.fault(REFUSE, when={"text": ["a", "b"]}, times=0)
    assert [(await fake.ask("send", text=text)).json["result"] for text in "abc"] == ["113", "113", "1"]


async def test_from_matches_the_sender_exactly(fake: Driven) -> None:
    await fake.fault(REFUSE, when={"from": "auto"}, times=0)
    assert [(await fake.ask("send", from_=line)).json["result"] for line in (LINE, "auto")] == ["1", "113"]


async def test_a_list_of_senders_matches_any_of_them(fake: Driven) -> None:
    await fake.fault(REFUSE, when={"from": [LINE, "90001403"]}, times=0)
    assert [(await fake.ask("send", from_=line)).json["result"] for line in (LINE, "auto")] == ["113", "1"]


@pytest.mark.rule("S6")
@pytest.mark.parametrize("given", [LINE, f"98{LINE}"])
@pytest.mark.parametrize("asked", [LINE, f"98{LINE}"])
async def test_a_sender_line_matches_with_and_without_its_prefix(
    fake: Driven, given: str, asked: str
) -> None:
    await fake.fault(REFUSE, when={"from": given})
    assert (await fake.ask("send", from_=asked)).json["result"] == "113"


async def test_all_members_of_when_must_match(fake: Driven) -> None:
    when = {"action": "send", "to": NUMBER, "from": LINE, "text": "hello"}
    await fake.fault(REFUSE, when=when, times=0)
    for change in ({"receivers": OTHER}, {"from_": "auto"}, {"text": "other"}):
        assert (await fake.ask("send", **change)).json["result"] == "1"
    assert await fake.results(1) == ["113"]


async def test_the_action_of_one_time_codes_keeps_its_name_in_a_rule(fake: Driven) -> None:
    names = {"action": "sendCode", "app": "application", "code": "secret"}
    changed = await fake.control("PATCH", "/_fake/accounts/_", {"otp_names": names})
    assert changed.status == 200
    await fake.fault({"result": "151"}, when={"action": "sendOTP", "to": NUMBER})
    reply = await fake.ask("sendCode", application="test-app", secret="12345", receivers=NUMBER)
    assert (reply.json["result"], reply.rule) == ("151", "O4")
    await refused(fake, {"when": {"action": "sendCode"}, "then": {"http": 502}}, "action")


# Where a rule stands: after the gate, before the action's rules


@pytest.mark.rule("A1", "A2", "A3", "A5")
@pytest.mark.parametrize(
    ("key", "result"),
    [("test-key-disabled", "-2"), ("test-key-unverified", "-3"), ("test-key-ip", "-5")],
)
async def test_the_gate_answers_before_a_fault_and_uses_none_up(fake: Driven, key: str, result: str) -> None:
    identity = await fake.fault({"result": "113"}, key=key)
    reply = await fake.ask("send", key=key)
    assert (reply.json["result"], reply.fault) == (result, None)
    settings = {"webservice_enabled": True, "identity_verified": True, "allowed_ips": []}
    assert (await fake.control("PATCH", f"/_fake/accounts/{key}", settings)).status == 200
    assert (await fake.ask("send", key=key)).fault == identity


@pytest.mark.rule("A4", "A6", "A7")
async def test_requests_that_the_gate_refuses_are_not_counted(fake: Driven) -> None:
    await fake.fault({"http": 503})
    headers = {"Authorization": KEY}
    for method, data in (("PUT", {"action": "send"}), ("POST", {}), ("POST", {"action": "Send"})):
        url = fake.server.url + SERVICE
        async with fake.session.request(method, url, data=data, headers=headers) as reply:
            assert (reply.status, "X-Fake-Fault" in reply.headers) == (200, False)
    undecodable = {"data": b"{", "headers": {**headers, "Content-Type": "application/json"}}
    assert (await fake.control("POST", SERVICE, **undecodable)).json == {"result": "0"}
    assert (await fake.ask("credit")).status == 503


async def test_a_fault_comes_before_the_rules_of_the_action(fake: Driven) -> None:
    await fake.fault(REFUSE, times=0)
    for change in ({"text": None}, {"from_": "1"}, {"receivers": "x"}, {"trySend": "11"}):
        reply = await fake.ask("send", **change)
        assert (reply.json["result"], reply.rule) == ("113", "S11")


@pytest.mark.rule("Z10", "S10")
async def test_a_fault_wins_over_a_reserved_receiver(fake: Driven) -> None:
    await fake.fault({"result": "112"})
    assert (await fake.ask("send", receivers="9120000109")).json["result"] == "112"


# Rules that could never fire


@pytest.mark.parametrize(
    ("rule", "member"),
    [
        ({"then": REFUSE, "when": {"action": "nothing"}}, "action"),
        ({"then": REFUSE, "when": {"action": "Send"}}, "action"),
        ({"then": REFUSE, "when": {"action": ["send", "nothing"]}}, "action"),
        ({"then": REFUSE, "when": {"action": []}}, "action"),
        ({"then": {"result": "603"}, "when": {"action": "send"}}, "result"),
        ({"then": {"result": "105"}, "when": {"action": "sendServices"}}, "result"),
        ({"then": {"result": "112"}, "when": {"action": "sendOTP"}}, "result"),
        ({"then": {"result": "109"}, "when": {"action": "credit"}}, "result"),
        ({"then": {"result": "401"}, "when": {"action": "reportSend"}}, "result"),
        ({"then": {"result": "-6"}, "when": {"action": "newContact"}}, "result"),
        ({"then": {"result": "801"}, "when": {"action": "status"}}, "result"),
        ({"then": {"result": "999"}}, "result"),
        ({"then": {"result": "abc"}}, "result"),
        ({"then": {"result": ""}}, "result"),
        ({"then": {"result": None}}, "result"),
        ({"then": {"result": True}}, "result"),
        ({"then": {"result": "١١٣"}}, "result"),
        ({"then": {"phoneBook": "-9"}}, "phoneBook"),
        ({"then": {"phoneBook": "-4"}, "when": {"action": "credit"}}, "phoneBook"),
        ({"then": {"phoneBook": "-4"}, "when": {"action": "sendOTP"}}, "phoneBook"),
        ({"then": {"outcome": "lost"}}, "outcome"),
        ({"then": {"outcome": "Delivered"}}, "outcome"),
        ({"then": {"outcome": "held"}, "when": {"action": "credit"}}, "outcome"),
        ({"then": {"outcome": ["held"]}}, "outcome"),
        ({"then": {"body": "full"}}, "body"),
        ({"then": {"disconnect": "during"}}, "disconnect"),
        ({"then": {"disconnect": True}}, "disconnect"),
        ({"then": {"http": 99}}, "http"),
        ({"then": {"http": 600}}, "http"),
        ({"then": {"http": 502.5}}, "http"),
        ({"then": {"http": True}}, "http"),
        ({"then": {"delaySeconds": 1, "httpBody": "x"}}, "httpBody"),
        ({"then": {"http": 502, "httpBody": 5}}, "httpBody"),
        ({"then": {"http": 502, "description": "x"}}, "description"),
        ({"then": {"result": "112", "description": 5}}, "description"),
        ({"then": {"delaySeconds": -0.1}}, "delaySeconds"),
        ({"then": {"delaySeconds": "1"}}, "delaySeconds"),
        ({"then": {"delaySeconds": True}}, "delaySeconds"),
        ({"then": {"delaySeconds": 10**400}}, "delaySeconds"),
        ({"then": {}}, "then"),
        ({}, "then"),
        ({"then": None}, "then"),
        ({"then": "113"}, "then"),
        ({"then": [REFUSE]}, "then"),
        ({"then": {"resutl": "113"}}, "resutl"),
        ({"then": {**REFUSE, "chance": 0.5}}, "chance"),
        ({"then": REFUSE, "probability": 0.5}, "probability"),
        ({"then": REFUSE, "when": {"receivers": NUMBER}}, "receivers"),
        ({"then": REFUSE, "when": []}, "when"),
        ({"then": REFUSE, "when": {"text": 5}}, "text"),
        ({"then": REFUSE, "when": {"to": {}}}, "to"),
        ({"then": REFUSE, "when": {"to": [NUMBER, None]}}, "to"),
        ({"then": REFUSE, "after": -1}, "after"),
        ({"then": REFUSE, "after": 1.5}, "after"),
        ({"then": REFUSE, "after": "1"}, "after"),
        ({"then": REFUSE, "times": -1}, "times"),
        ({"then": REFUSE, "times": None}, "times"),
        ({"then": REFUSE, "times": False}, "times"),
    ],
    ids=lambda value: json.dumps(value)[:70],
)
async def test_a_rule_that_is_wrong_is_refused_and_the_member_named(
    fake: Driven, rule: Any, member: str
) -> None:
    await refused(fake, rule, member)


@pytest.mark.parametrize("action", ["credit", "status", "receivedMessages", "reportSend"])
async def test_to_is_refused_for_an_action_without_receivers(fake: Driven, action: str) -> None:
    await refused(fake, {"when": {"action": action, "to": NUMBER}, "then": {"http": 502}}, "to")


KINDS: dict[str, Any] = {
    "result": "113",
    "phoneBook": "-4",
    "http": 502,
    "disconnect": "after",
    "body": "empty",
    "outcome": "held",
}
PAIRS = [(a, b) for a in KINDS for b in KINDS if a < b]


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_two_kinds_at_once_are_refused(fake: Driven, one: str, other: str) -> None:
    await refused(fake, {"then": {one: KINDS[one], other: KINDS[other]}}, "then")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_delay_may_stand_beside_any_kind(fake: Driven, kind: str) -> None:
    await fake.fault({kind: KINDS[kind], "delaySeconds": 0.0})


# result


CODES = [
    *[("send", code, rule) for code, rule in zip(
        ("0", "103", "104", "114", "105", "106", "107", "108", "109", "112", "113"),
        (f"S{n}" for n in range(1, 12)),
        strict=True,
    )],
    *[("sendServices", code, rule) for code, rule in zip(
        ("0", "603", "604", "609", "605", "606", "607", "608"), (f"P{n}" for n in range(1, 9)), strict=True
    )],
    *[("sendOTP", code, rule) for code, rule in zip(
        ("0", "103", "104", "105", "151", "152", "153", "154", "108", "109"),
        ("O1", "O2", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O8"),
        strict=True,
    )],
    ("reportSend", "-6", "R1"),
    ("receivedMessages", "401", "I1"),
    *[("newContact", code, rule) for code, rule in (("801", "N1"), ("802", "N2"), ("803", "N3"))],
    *[(action, f"-{n}", f"A{n}") for action in GOOD for n in range(1, 6)],
    ("send", "100", "A7"),
    ("sendOTP", "100", "A7"),
]  # fmt: skip


@pytest.mark.rule("S10", "S11", "P1", "O1", "R1", "I1", "N1")
@pytest.mark.parametrize(("action", "code", "rule"), CODES)
async def test_every_error_code_of_every_action_can_be_asked_for(
    fake: Driven, action: str, code: str, rule: str
) -> None:
    before = await fake.world()
    identity = await fake.fault({"result": code}, when={"action": action})
    reply = await fake.ask(action)
    assert (reply.status, reply.json["result"], reply.rule) == (200, code, rule)
    assert reply.fault == identity
    await fake.control("DELETE", FAULTS)
    await fake.control("DELETE", "/_fake/accounts/_/journal")
    assert await fake.world() == before


@pytest.mark.rule("S10")
async def test_112_has_a_description_with_details(fake: Driven) -> None:
    await fake.fault({"result": "112"})
    reply = (await fake.ask("send")).json
    assert isinstance(reply["description"], str)
    assert reply["description"]


@pytest.mark.rule("S10", "S11")
@pytest.mark.parametrize("code", ["112", "113"])
async def test_the_description_is_the_one_that_was_given(fake: Driven, code: str) -> None:
    await fake.fault({"result": code, "description": "اپراتور «پاسخ» نداد"})
    assert (await fake.ask("send")).json == {"result": code, "description": "اپراتور «پاسخ» نداد"}


@pytest.mark.rule("W3")
async def test_a_result_follows_the_accounts_scalars(fake: Driven) -> None:
    await fake.control("PATCH", "/_fake/accounts/_", {"reply_scalars": "native"})
    await fake.fault(REFUSE)
    assert (await fake.ask("send")).json == {"result": 113}


# phoneBook


@pytest.mark.rule("B2", "B3", "B4", "B5", "B7")
@pytest.mark.parametrize("code", ["-1", "-2", "-3", "-4"])
async def test_a_phonebook_error_never_stops_the_sending(fake: Driven, code: str) -> None:
    identity = await fake.fault({"phoneBook": code})
    reply = await fake.ask("send", phoneBook="1403")
    assert (reply.json["result"], reply.json["phoneBook"], reply.fault) == ("1", code, identity)
    assert [message["sendID"] for message in await fake.messages()] == [int(reply.json["sendID"])]
    assert await fake.credit() == 1_000_000 - 2000
    books = (await fake.get("/_fake/accounts/_/phonebooks"))["phonebooks"]
    assert books[0]["contacts"] == []


@pytest.mark.rule("B1")
async def test_without_a_phonebook_operation_there_is_no_answer_of_it(fake: Driven) -> None:
    await fake.fault({"phoneBook": "-4"}, times=0)
    assert "phoneBook" not in (await fake.ask("send")).json
    refused_send = (await fake.ask("send", phoneBook="1403", from_="1")).json
    assert refused_send == {"result": "106"}


# http


async def test_a_proxys_answer_means_that_nothing_happened(fake: Driven) -> None:
    identity = await fake.fault({"http": 502, "httpBody": "<h1>دروازه</h1>"})
    reply = await fake.ask("send")
    assert (reply.status, reply.text, reply.fault) == (502, "<h1>دروازه</h1>", identity)
    assert (await fake.messages(), await fake.credit()) == ([], 1_000_000)
    (entry,) = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert (entry["http"], str(entry["fault"])) == (502, identity)


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503, 504, 599])
async def test_a_proxy_may_answer_with_any_status(fake: Driven, status: int) -> None:
    await fake.fault({"http": status})
    assert (await fake.ask("send")).status == status


@pytest.mark.parametrize("status", [204, 205, 304])
async def test_a_status_without_a_body_leaves_the_connection_in_order(fake: Driven, status: int) -> None:
    await fake.fault({"http": status, "httpBody": "HTTP/1.1 200 OK\r\n\r\n"})
    assert (await fake.ask("send")).status == status
    assert (await fake.ask("credit")).json == {"result": "1", "credit": "1000000"}


@pytest.mark.parametrize("http_body", ["", "\x00", "\r\nSet-Cookie: a=b\r\n\r\n", "x" * 100_000])
async def test_a_proxys_body_is_given_as_it_is(fake: Driven, http_body: str) -> None:
    await fake.fault({"http": 500, "httpBody": http_body})
    reply = await fake.ask("send")
    assert (reply.text, "Set-Cookie" in reply.headers) == (http_body, False)


# delay


async def test_a_delayed_reply_is_late(fake: Driven) -> None:
    identity = await fake.fault({"delaySeconds": 0.05})
    loop = asyncio.get_running_loop()
    begun = loop.time()
    reply = await fake.ask("send")
    assert loop.time() - begun >= 0.05
    assert (reply.json["result"], reply.fault, reply.rule) == ("1", identity, "S12")


@pytest.mark.parametrize(
    ("then", "seen"),
    [
        (REFUSE, (200, '{"result":"113"}')),
        ({"http": 502, "httpBody": "x"}, (502, "x")),
        ({"body": "empty"}, (200, "")),
        ({"outcome": "held"}, None),
        ({"phoneBook": "-4"}, None),
    ],
)
async def test_a_delay_beside_another_kind_delays_that(
    fake: Driven, then: dict[str, Any], seen: tuple[int, str] | None
) -> None:
    await fake.fault({**then, "delaySeconds": 0.05})
    begun = asyncio.get_running_loop().time()
    reply = await fake.ask("send")
    assert asyncio.get_running_loop().time() - begun >= 0.05
    assert seen is None or (reply.status, reply.text) == seen


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_delay_beside_a_broken_connection_delays_the_break(fake: Driven, when: str) -> None:
    await fake.fault({"disconnect": when, "delaySeconds": 0.05})
    begun = asyncio.get_running_loop().time()
    await broken(fake)
    assert asyncio.get_running_loop().time() - begun >= 0.05
    assert len(await fake.messages()) == (when == "after")


@pytest.mark.parametrize("then", [{}, {"disconnect": "after"}, {"body": "html"}, {"outcome": "held"}])
async def test_a_delayed_request_is_carried_out_on_arrival_and_blocks_no_other(
    fake: Driven, then: dict[str, str]
) -> None:
    await fake.fault({**then, "delaySeconds": 30})
    late = asyncio.create_task(fake.ask("send"))
    try:
        assert len(await fake.messages("?wait=10")) == 1
        assert (await fake.ask("credit")).json["credit"] == "998000"
        assert not late.done()
    finally:
        late.cancel()


async def test_many_delayed_replies_wait_side_by_side(fake: Driven) -> None:
    await fake.fault({"delaySeconds": 0.05}, times=0)
    begun = asyncio.get_running_loop().time()
    replies = await asyncio.gather(*(fake.ask("send") for _ in range(40)))
    assert asyncio.get_running_loop().time() - begun < 1.5
    assert len({reply.json["sendID"] for reply in replies}) == 40


# disconnect


async def test_a_connection_that_breaks_before_leaves_nothing_behind(fake: Driven) -> None:
    identity = await fake.fault({"disconnect": "before"})
    await broken(fake)
    assert (await fake.messages(), await fake.credit()) == ([], 1_000_000)
    (entry,) = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert str(entry["fault"]) == identity


async def test_a_connection_that_breaks_after_has_accepted_and_charged(fake: Driven) -> None:
    identity = await fake.fault({"disconnect": "after"})
    await broken(fake)
    (message,) = await fake.messages()
    assert await fake.credit() == 1_000_000 - 2000
    (entry,) = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert (str(entry["fault"]), entry["sendID"]) == (identity, message["sendID"])


async def test_a_client_that_sends_again_after_a_break_sends_twice(fake: Driven) -> None:
    await fake.fault({"disconnect": "after"})
    await broken(fake)
    assert (await fake.ask("send")).json["result"] == "1"
    assert [message["text"] for message in await fake.messages()] == ["hello", "hello"]


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
async def test_the_connection_breaks_for_other_actions_too(fake: Driven, when: str, stored: int) -> None:
    await fake.fault({"disconnect": when}, when={"action": "newContact"})
    await broken(fake, "newContact")
    books = (await fake.get("/_fake/accounts/_/phonebooks"))["phonebooks"]
    assert len(books[0]["contacts"]) == stored


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_broken_connection_gives_not_one_byte(fake: Driven, when: str) -> None:
    await fake.fault({"disconnect": when})
    request = f"GET {SERVICE}?action=credit&key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert await fake.server.raw(request, to_end=True) == b""


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_kept_alive_connection_breaks_at_the_request_that_matches(fake: Driven, when: str) -> None:
    await fake.fault({"disconnect": when}, after=1)
    request = f"GET {SERVICE}?action=credit&key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    received = await fake.server.raw(request * 2, to_end=True)
    assert (received.count(b"HTTP/1.1 200"), received.count(b"X-Fake-Rule")) == (1, 1)


async def test_a_break_is_nothing_to_log_with_a_trace(fake: Driven) -> None:
    for count, when in enumerate(("before", "after")):
        await fake.fault({"disconnect": when}, after=count)
    await broken(fake)
    await broken(fake)
    assert [record for record in fake.server.logged if record.exc_info] == []


# body


async def unreadable(fake: Driven) -> Reply | None:
    """The reply of a send, which no client can read as JSON; None when it broke off in the middle."""
    try:
        reply = await fake.ask("send")
    except aiohttp.ClientError:
        return None
    with pytest.raises(ValueError, match=r".") as caught:
        reply.json  # noqa: B018
    assert isinstance(caught.value, json.JSONDecodeError)
    return reply


@pytest.mark.parametrize("kind", ["truncated", "empty", "html", "not-json"])
async def test_an_unreadable_reply_is_that_of_a_request_that_was_carried_out(fake: Driven, kind: str) -> None:
    identity = await fake.fault({"body": kind})
    reply = await unreadable(fake)
    assert reply is None or (reply.status, reply.fault) == (200, identity)
    assert (len(await fake.messages()), await fake.credit()) == (1, 1_000_000 - 2000)
    (entry,) = (await fake.get("/_fake/accounts/_/journal"))["entries"]
    assert str(entry["fault"]) == identity


async def test_each_unreadable_reply_is_what_its_name_says(fake: Driven) -> None:
    for count, kind in enumerate(("empty", "html", "truncated")):
        await fake.fault({"body": kind}, after=count)
    empty, html, truncated = [await unreadable(fake) for _ in range(3)]
    assert empty is not None
    assert not empty.text
    assert html is not None
    assert "<html" in html.text.lower()
    assert truncated is None or truncated.text.startswith('{"result"')


@pytest.mark.parametrize("then", [{"http": 500, "httpBody": "<script>"}, {"http": 502}, {"body": "html"}])
async def test_a_body_made_by_a_fault_is_sandboxed(fake: Driven, then: dict[str, Any]) -> None:
    await fake.fault(then)
    headers = (await fake.ask("send")).headers
    assert headers["Content-Security-Policy"] == "sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


# outcome


ENDS = {
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
}


@pytest.mark.rule("L4", "L7")
@pytest.mark.parametrize("action", ["send", "sendServices", "sendOTP"])
@pytest.mark.parametrize(("outcome", "pair"), ENDS.items())
async def test_an_outcome_is_the_fate_of_the_matched_receivers_alone(
    fake: Driven, action: str, outcome: str, pair: tuple[int, int]
) -> None:
    await fake.control("PATCH", "/_fake/accounts/_", {"patterns": [BULK]})
    await fake.fault({"outcome": outcome}, when={"to": f"0{NUMBER}"})
    reply = await fake.ask(action, receivers=f"{OTHER},{NUMBER}")
    assert reply.json["result"] == "1"
    await fake.advance(200_000)
    assert await fake.pairs() == {OTHER: (2, 3), NUMBER: pair}


BULK = {"code": 1001, "text": "کد ورود شما: {code}", "approved": True, "bulk": True}


@pytest.mark.rule("M4", "M5")
@pytest.mark.parametrize(("outcome", "refunded"), [("unreached", 2000), ("cancelled", 2000), ("expired", 0)])
async def test_an_outcome_refunds_as_its_pair_does(fake: Driven, outcome: str, refunded: int) -> None:
    await fake.fault({"outcome": outcome})
    await fake.ask("send")
    await fake.advance(200_000)
    assert await fake.credit() == 1_000_000 - 2000 + refunded


async def test_a_scheduled_receiver_waits_an_hour_and_then_goes_on(fake: Driven) -> None:
    await fake.fault({"outcome": "scheduled"})
    await fake.ask("send")
    assert await fake.pairs() == {NUMBER: (3, -1)}
    await fake.advance(3599)
    assert await fake.pairs() == {NUMBER: (3, -1)}
    await fake.advance(60)
    assert await fake.pairs() == {NUMBER: (2, 3)}


async def test_an_outcome_without_to_is_that_of_every_receiver(fake: Driven) -> None:
    identity = await fake.fault({"outcome": "undelivered"})
    reply = await fake.ask("send", receivers=f"{NUMBER},{OTHER}")
    assert (reply.json["result"], reply.rule, reply.fault) == ("1", "S12", identity)
    await fake.advance(60)
    assert await fake.pairs() == {NUMBER: (2, 4), OTHER: (2, 4)}


async def test_an_outcome_with_a_list_is_that_of_its_members(fake: Driven) -> None:
    await fake.fault({"outcome": "rejected"}, when={"to": [NUMBER, THIRD]})
    await fake.ask("send", receivers=f"{NUMBER},{OTHER},{THIRD}")
    await fake.advance(60)
    assert await fake.pairs() == {NUMBER: (2, 7), OTHER: (2, 3), THIRD: (2, 7)}


@pytest.mark.rule("L4")
async def test_an_outcome_comes_before_all_other_fates(fake: Driven) -> None:
    settings = {"forbidden_words": ["hello"], "blacklist": [NUMBER], "outcomes": {"rejected": 1}}
    assert (await fake.control("PATCH", "/_fake/accounts/_", settings)).status == 200
    await fake.fault({"outcome": "undelivered"})
    await fake.ask("send", receivers=f"{NUMBER},9120000000,9120000002")
    await fake.advance(60)
    assert set((await fake.pairs()).values()) == {(2, 4)}


@pytest.mark.rule("L4", "L5")
async def test_monitoring_holds_before_an_outcome_and_only_delays_it(fake: Driven) -> None:
    await fake.control("PATCH", "/_fake/accounts/_", {"monitoring": "manual"})
    await fake.fault({"outcome": "undelivered"})
    send_id = (await fake.ask("send")).json["sendID"]
    await fake.advance(1000)
    assert await fake.pairs() == {NUMBER: (0, -1)}
    assert (await fake.control("POST", f"/_fake/accounts/_/messages/{send_id}/approve")).status == 200
    await fake.advance(60)
    assert await fake.pairs() == {NUMBER: (2, 4)}


async def test_a_refused_send_has_no_outcome(fake: Driven) -> None:
    await fake.fault({"outcome": "undelivered"})
    assert (await fake.ask("send", from_="1")).json["result"] == "106"
    assert await fake.messages() == []


async def test_no_number_is_too_small_to_be_a_delay_and_nan_is_none(fake: Driven) -> None:
    await fake.fault({"delaySeconds": math.ulp(0.0)})
    body = b'{"then":{"delaySeconds":NaN}}'
    reply = await fake.control("POST", FAULTS, data=body)
    assert (reply.status, reply.is_problem) == (400, True)
