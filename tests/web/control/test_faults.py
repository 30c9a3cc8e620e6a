"""Fault rules as a resource: how they are added, which requests they match, how often they fire.

What a fault does to a reply is tested in tests/web/service/test_faults.py.
"""

from typing import Any

import pytest
from mydnspanel_contracts import codes

from tests.web.control_client import (
    LINE,
    NUMBER,
    OTHER_NUMBER,
    SERVICE,
    VALID_PARAMS,
    AccountClient,
    ControlClient,
    assert_problem,
)

THIRD_NUMBER = "9123333333"
REFUSE = {"result": "113"}
ACTIONS = list(VALID_PARAMS)


async def faults(account: AccountClient) -> list[Any]:
    found: list[Any] = (await account.get("/faults"))["faults"]
    return found


# How often a rule fires


@pytest.mark.parametrize(
    ("rule", "results"),
    [
        ({}, ["113", "1", "1"]),
        ({"after": 2, "times": 2}, ["1", "1", "113", "113", "1", "1"]),
        ({"after": 1, "times": 0}, ["1", "113", "113", "113", "113"]),
    ],
    ids=str,
)
async def test_a_rule_is_skipped_after_times_and_fires_times_times(
    account: AccountClient, rule: dict[str, int], results: list[str]
) -> None:
    await account.add_fault(REFUSE, **rule)
    assert await account.results(len(results)) == results


async def test_the_oldest_rule_that_is_due_fires_and_every_match_counts(account: AccountClient) -> None:
    oldest = await account.add_fault(REFUSE, times=2)
    newest = await account.add_fault({"result": "112"}, after=2)
    responses = [await account.ask("send") for _ in range(4)]
    assert [response.fault for response in responses] == [oldest, oldest, newest, None]
    assert [(rule["seen"], rule["fired"]) for rule in await faults(account)] == [(4, 2), (4, 1)]


async def test_a_request_that_does_not_match_is_not_counted(account: AccountClient) -> None:
    await account.add_fault(REFUSE, when={"action": "send"}, after=1)
    for action in ("credit", "status", "sendOTP"):
        assert (await account.ask(action)).fault is None
    assert await account.results(3) == ["1", "113", "1"]


# The resource


async def test_rules_are_listed_oldest_first_as_they_were_added(account: AccountClient) -> None:
    rules = [
        {"when": {"action": "send", "to": [NUMBER]}, "after": 1, "times": 3, "then": REFUSE},
        {"when": {"action": "credit"}, "after": 0, "times": 0, "then": {"delaySeconds": 0.5}},
    ]
    added = [await account.command("POST", "/faults", rule) for rule in rules]
    assert added == await faults(account)
    assert [{name: one[name] for name in rules[0]} for one in added] == rules
    assert len({one["id"] for one in added}) == 2


async def test_one_rule_or_all_can_be_removed(account: AccountClient) -> None:
    first, second, third = [await account.add_fault(REFUSE, times=0) for _ in range(3)]
    await account.command("DELETE", f"/faults/{first}")
    assert [str(rule["id"]) for rule in await faults(account)] == [second, third]
    assert (await account.ask("send")).fault == second
    await account.command("DELETE", "/faults")
    assert await faults(account) == []
    assert (await account.ask("send")).fault is None


async def test_a_rule_that_does_not_exist_cannot_be_removed(account: AccountClient) -> None:
    await account.add_fault(REFUSE)
    for rule_id in ("0", "2", "-1", "x", "1.0", "%D9%A1", "9" * 5000):
        assert_problem(await account.request("DELETE", f"/faults/{rule_id}"), 404, member="id")
    assert len(await faults(account)) == 1


async def test_the_number_of_rules_is_limited(
    account: AccountClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeserver.web.control.faults.RULES_MAX", 3)
    for _ in range(3):
        await account.add_fault(REFUSE)
    assert_problem(await account.request("POST", "/faults", {"then": REFUSE}), 429)
    await account.command("DELETE", "/faults/1")
    await account.add_fault(REFUSE)


async def test_a_rule_belongs_to_one_account(control: ControlClient, account: AccountClient) -> None:
    other = await control.create_account()
    await account.add_fault(REFUSE, times=0)
    assert (await other.results(1), await faults(other)) == (["1"], [])
    await other.command("DELETE", "/faults")
    assert await account.results(1) == ["113"]


# Which requests a rule matches


async def test_a_rule_matches_the_actions_that_it_names_or_all(account: AccountClient) -> None:
    async def matched_by(**when: Any) -> list[str]:
        rule_id = await account.add_fault({"http": 503}, when=when, times=0)
        found = [action for action in ACTIONS if (await account.ask(action)).fault == rule_id]
        await account.command("DELETE", "/faults")
        return found

    for action in ACTIONS:
        assert await matched_by(action=action) == [action]
    assert await matched_by(action=["credit", "send"]) == ["send", "credit"]
    assert await matched_by() == ACTIONS
    assert await matched_by(to=NUMBER) == ["send", "sendServices", "sendOTP"]


NOTATIONS = [NUMBER, f"0{NUMBER}", f"98{NUMBER}", f"0098{NUMBER}", f"+98{NUMBER}"]


@pytest.mark.rule("F2", "S6")
@pytest.mark.parametrize(
    ("when", "changes", "others"),
    [
        *[
            ({"to": number}, [{"receivers": other} for other in NOTATIONS], [{"receivers": OTHER_NUMBER}])
            for number in NOTATIONS
        ],
        (
            {"to": NUMBER},
            [{"receivers": f"{OTHER_NUMBER},{NUMBER}"}, {"receivers": f"{NUMBER} , {OTHER_NUMBER}"}],
            [{"receivers": f"{OTHER_NUMBER},{THIRD_NUMBER}"}],
        ),
        (
            {"to": [f"0{NUMBER}", f"+98{OTHER_NUMBER}"]},
            [{"receivers": NUMBER}, {"receivers": OTHER_NUMBER}],
            [{"receivers": THIRD_NUMBER}],
        ),
        ({"text": "سلام"}, [{"text": "سلام"}], [{"text": "سلام "}, {"text": "سلام دنیا"}, {"text": "سل"}]),
        ({"text": ["a", "b"]}, [{"text": "a"}, {"text": "b"}], [{"text": "c"}]),
        ({"from": "auto"}, [{"from_": "auto"}], [{"from_": LINE}]),
        ({"from": [LINE, "90001403"]}, [{"from_": LINE}], [{"from_": "auto"}]),
        ({"from": LINE}, [{"from_": f"98{LINE}"}], [{"from_": "auto"}]),
        ({"from": f"98{LINE}"}, [{"from_": LINE}, {"from_": f"98{LINE}"}], [{"from_": "auto"}]),
        (
            {"action": "send", "to": NUMBER, "from": LINE, "text": "سلام"},
            [{}],
            [{"receivers": OTHER_NUMBER}, {"from_": "auto"}, {"text": "other"}],
        ),
    ],
    ids=str,
)
async def test_a_rule_matches_what_all_members_of_when_say(
    account: AccountClient, when: dict[str, Any], changes: list[dict[str, str]], others: list[dict[str, str]]
) -> None:
    await account.add_fault(REFUSE, when=when, times=0)
    assert [(await account.results(1, **change))[0] for change in changes] == ["113"] * len(changes)
    assert [(await account.results(1, **change))[0] for change in others] == ["1"] * len(others)


async def test_a_rule_for_one_time_codes_calls_their_action_send_otp_whatever_its_name(
    account: AccountClient,
) -> None:
    await account.change(otp_names={"action": "sendCode", "app": "application", "code": "secret"})
    await account.add_fault({"result": "151"}, when={"action": "sendOTP", "to": NUMBER})
    response = await account.ask("sendCode", application="test-app", secret="12345", receivers=NUMBER)
    assert (response.json["result"], response.rule) == ("151", "O4")
    renamed = {"when": {"action": "sendCode"}, "then": {"http": 502}}
    assert_problem(await account.request("POST", "/faults", renamed), 400, member="when.action")


# When a rule is looked at: after the gate, before the rules of the action


@pytest.mark.rule("A1", "A2", "A3", "A5")
@pytest.mark.parametrize(
    ("key", "result"), [("test-key-disabled", "-2"), ("test-key-unverified", "-3"), ("test-key-ip", "-5")]
)
async def test_a_request_that_the_gate_refuses_uses_no_fault(
    control: ControlClient, key: str, result: str
) -> None:
    account = control.account(key)
    rule_id = await account.add_fault(REFUSE)
    response = await account.ask("send")
    assert (response.json["result"], response.fault) == (result, None)
    await account.change(webservice_enabled=True, identity_verified=True, allowed_ips=[])
    assert (await account.ask("send")).fault == rule_id


@pytest.mark.rule("A4", "A6", "A7")
async def test_a_request_without_a_known_action_uses_no_fault(account: AccountClient) -> None:
    await account.add_fault({"http": 503})
    headers = {"Authorization": account.key}
    json_headers = {**headers, "Content-Type": "application/json"}
    request = account.control.request
    for response in (
        await request("PUT", SERVICE, data={"action": "send"}, headers=headers),
        await request("POST", SERVICE, data={}, headers=headers),
        await request("POST", SERVICE, data={"action": "Send"}, headers=headers),
        await request("POST", SERVICE, data=b"{", headers=json_headers),
    ):
        assert (response.status, response.fault) == (200, None)
    assert (await account.ask("credit")).status == 503


@pytest.mark.rule("Z10", "S10")
async def test_a_fault_comes_before_the_rules_of_the_action(account: AccountClient) -> None:
    await account.add_fault(REFUSE, times=0)
    for change in ({"text": None}, {"from_": "1"}, {"receivers": "x"}, {"receivers": "9120000109"}):
        response = await account.ask("send", **change)
        assert (response.json["result"], response.rule) == ("113", "S11")


async def test_explaining_uses_no_fault(account: AccountClient) -> None:
    await account.add_fault(REFUSE, after=1)
    for _ in range(3):
        explained = await account.command("POST", "/explain", {"action": "send", **VALID_PARAMS["send"]})
        assert explained["rule"] == "S12"
    assert await account.results(1) == ["1"]
    for _ in range(3):
        explained = await account.command("POST", "/explain", {"action": "send", **VALID_PARAMS["send"]})
        assert (explained["reply"], explained["rule"]) == ({"result": "113"}, "S11")
    assert await account.results(2) == ["113", "1"]


# Rules that are refused

KINDS: dict[str, Any] = {
    "result": "113",
    "phoneBook": "-4",
    "http": 502,
    "disconnect": "after",
    "body": "empty",
    "outcome": "held",
}

# The member at fault is the first one of the problem.
WRONG_RULES: list[tuple[Any, str]] = [
    ({"then": REFUSE, "when": {"action": "nothing"}}, "when.action"),
    ({"then": REFUSE, "when": {"action": "Send"}}, "when.action"),
    ({"then": REFUSE, "when": {"action": ["send", "nothing"]}}, "when.action"),
    ({"then": REFUSE, "when": {"action": []}}, "when.action"),
    ({"then": {"result": "603"}, "when": {"action": "send"}}, "then.result"),
    ({"then": {"result": "109"}, "when": {"action": "credit"}}, "then.result"),
    ({"then": {"result": "1"}}, "then.result"),
    ({"then": {"result": "999"}}, "then.result"),
    ({"then": {"result": "abc"}}, "then.result"),
    ({"then": {"result": ""}}, "then.result"),
    ({"then": {"result": None}}, "then.result"),
    ({"then": {"result": True}}, "then.result"),
    ({"then": {"result": "١١٣"}}, "then.result"),
    ({"then": {"phoneBook": "-9"}}, "then.phoneBook"),
    ({"then": {"phoneBook": "-4"}, "when": {"action": "credit"}}, "then.phoneBook"),
    ({"then": {"outcome": "lost"}}, "then.outcome"),
    ({"then": {"outcome": "Delivered"}}, "then.outcome"),
    ({"then": {"outcome": "held"}, "when": {"action": "credit"}}, "then.outcome"),
    ({"then": {"outcome": ["held"]}}, "then.outcome"),
    ({"then": {"body": "full"}}, "then.body"),
    ({"then": {"disconnect": "during"}}, "then.disconnect"),
    ({"then": {"disconnect": True}}, "then.disconnect"),
    ({"then": {"http": 99}}, "then.http"),
    ({"then": {"http": 600}}, "then.http"),
    ({"then": {"http": 502.5}}, "then.http"),
    ({"then": {"http": True}}, "then.http"),
    ({"then": {"delaySeconds": 1, "httpBody": "x"}}, "then.httpBody"),
    ({"then": {"http": 502, "httpBody": 5}}, "then.httpBody"),
    ({"then": {"http": 502, "description": "x"}}, "then.description"),
    ({"then": {"result": "112", "description": 5}}, "then.description"),
    ({"then": {"delaySeconds": -0.1}}, "then.delaySeconds"),
    ({"then": {"delaySeconds": "1"}}, "then.delaySeconds"),
    ({"then": {"delaySeconds": True}}, "then.delaySeconds"),
    ({"then": {"delaySeconds": 10**400}}, "then.delaySeconds"),
    ({"then": {}}, "then"),
    ({}, "then"),
    ({"then": None}, "then"),
    ({"then": "113"}, "then"),
    ({"then": [REFUSE]}, "then"),
    ({"then": {"resutl": "113"}}, "then.resutl"),
    ({"then": {**REFUSE, "chance": 0.5}}, "then.chance"),
    ({"then": REFUSE, "probability": 0.5}, "probability"),
    ({"then": REFUSE, "when": {"receivers": NUMBER}}, "when.receivers"),
    ({"then": REFUSE, "when": []}, "when"),
    ({"then": REFUSE, "when": {"text": 5}}, "when.text"),
    ({"then": REFUSE, "when": {"to": {}}}, "when.to"),
    ({"then": REFUSE, "when": {"to": [NUMBER, None]}}, "when.to"),
    ({"then": REFUSE, "when": {"to": "12"}}, "when.to"),
    ({"then": {"http": 502}, "when": {"action": "credit", "to": NUMBER}}, "when.to"),
    ({"then": REFUSE, "after": -1}, "after"),
    ({"then": REFUSE, "after": 1.5}, "after"),
    ({"then": REFUSE, "after": "1"}, "after"),
    ({"then": REFUSE, "times": -1}, "times"),
    ({"then": REFUSE, "times": None}, "times"),
    ({"then": REFUSE, "times": False}, "times"),
    *[
        ({"then": {one: KINDS[one], other: KINDS[other]}}, "then")
        for one in KINDS
        for other in KINDS
        if one < other
    ],
]


async def test_a_wrong_rule_is_refused_with_the_member_at_fault(account: AccountClient) -> None:
    for rule, member in WRONG_RULES:
        response = await account.request("POST", "/faults", rule)
        assert response.status == 400, rule
        assert response.json["member"].partition("[")[0] == member, (rule, response.json)
    assert await faults(account) == []


async def test_a_delay_may_stand_beside_any_kind(account: AccountClient) -> None:
    for kind, value in KINDS.items():
        await account.add_fault({kind: value, "delaySeconds": 0.5})
    assert len(await faults(account)) == len(KINDS)


# result


@pytest.mark.rule("S10", "S11", "P1", "O1", "R1", "I1", "N1")
async def test_every_error_code_of_every_action_can_be_the_result(account: AccountClient) -> None:
    before = await account.state()
    for action in ACTIONS:
        rules = {str(code.code): code.rule for code in codes(action) if code.code != 1}
        if action in ("send", "sendOTP"):
            rules["100"] = "A7"
        for result, rule in rules.items():
            rule_id = await account.add_fault({"result": result}, when={"action": action})
            response = await account.ask(action)
            assert (response.status, response.json["result"], response.rule) == (200, result, rule)
            assert response.fault == rule_id
    await account.command("DELETE", "/faults")
    await account.command("DELETE", "/journal")
    assert await account.state() == before
