"""What a request would be answered, and why, without making it (CONTROL.md, Control plane: explain)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.control.deeds import CONTROLS, REQUESTS, Deed, do
from tests.control.desk import Box, Desk, is_problem, opened

SEND = {"action": "send", "from": "30001403", "text": "سلام", "receivers": "9121111111,9122222222"}
MEMBERS = {"reply", "rule", "reason", "cost", "parts", "receivers"}


async def explained(box: Box, params: dict[str, Any]) -> Any:
    return await box.do("POST", "/explain", params)


@settings(max_examples=30)
@given(st.lists(REQUESTS, min_size=1, max_size=4), st.lists(CONTROLS, max_size=2))
async def test_a_request_is_answered_as_explained_and_explaining_changes_nothing(
    requests: list[dict[str, str]], before: list[Deed]
) -> None:
    async with opened() as desk:
        box = await desk.create()
        for deed in before:
            await do(box, deed)
        for params in requests:
            world = await box.world()
            told = await explained(box, params)
            assert await box.world() == world
            await _answers_as(box, told, params)


async def _answers_as(box: Box, told: Any, params: dict[str, str]) -> None:
    credit = (await box.read())["credit"]
    answer = await box.ask(params)
    entry = (await box.entries())[-1]
    assert told["rule"] == answer.headers.get("X-Fake-Rule", told["rule"])
    assert (told["rule"], told["reason"]) == (entry["rule"], entry["reason"])
    if answer.status == 200:
        assert told["reply"] == answer.json
    assert credit - (await box.read())["credit"] == told["cost"]


@settings(max_examples=15)
@given(st.lists(REQUESTS, min_size=1, max_size=3))
async def test_explaining_draws_nothing_from_the_accounts_chance(requests: list[dict[str, str]]) -> None:
    numbers = ",".join(str(9_121_000_000 + n) for n in range(20))
    async with opened() as desk:
        seen = []
        for explain in (True, False):
            box = await desk.create(
                key="twin", outcomes={"delivered": 1, "undelivered": 1}, timeline="instant"
            )
            for params in [*requests, {**SEND, "receivers": numbers}] if explain else []:
                await explained(box, params)
            seen.append(await box.pairs(await box.send(numbers)))
            await box.do("DELETE", "")
        assert seen[0] == seen[1]


@pytest.mark.parametrize("change", [{}, {"from": "1"}, {"action": "credit"}, {"action": ""}], ids=str)
async def test_an_explanation_has_every_documented_member(box: Box, change: dict[str, str]) -> None:
    told = await explained(box, {**SEND, **change})
    assert told.keys() >= MEMBERS
    assert isinstance(told["reason"], str)
    assert told["reason"]


async def test_a_send_is_explained_with_its_cost_its_parts_and_its_receivers(box: Box) -> None:
    told = await explained(box, {**SEND, "text": "x" * 161})
    assert (told["rule"], told["cost"], told["parts"]) == ("S12", 8000, 2)
    assert [_number(receiver) for receiver in told["receivers"]] == ["9121111111", "9122222222"]


def _number(receiver: Any) -> Any:
    return receiver["number"] if isinstance(receiver, dict) else receiver


async def test_the_send_id_told_is_the_one_that_comes(box: Box) -> None:
    first = await explained(box, SEND)
    assert first == await explained(box, SEND)
    assert first["reply"] == await box.reply(SEND)
    assert (await explained(box, SEND))["reply"] != first["reply"]


async def test_a_refusal_is_explained_and_costs_nothing(box: Box) -> None:
    told = await explained(box, {**SEND, "receivers": "9121111111,12"})
    assert (told["reply"], told["rule"], told["cost"]) == ({"result": "105"}, "S5", 0)
    assert "receiver 2 of 2" in told["reason"]


async def test_array_parameters_may_be_written_flat(box: Box) -> None:
    params = {"action": "sendServices", "from": "auto", "textCode": "1001", "receivers": "9121111111"}
    for name in ("textData[code]", "textData[0]", "textData[]"):
        assert (await explained(box, {**params, name: "12345"}))["rule"] == "P9"
    assert (await explained(box, {**params, "textData": '{"code":"12345"}'}))["rule"] == "P9"
    assert (await explained(box, {**params, "textData[wrong]": "12345"}))["rule"] == "P6"


async def test_it_is_explained_as_if_from_an_allowed_address(desk: Desk) -> None:
    box = await desk.create(allowed_ips=["10.0.0.1"])
    assert await box.reply(SEND) == {"result": "-5"}
    assert (await explained(box, SEND))["rule"] == "S12"


@pytest.mark.parametrize(
    ("setting", "result"),
    [("webservice_enabled", "-2"), ("identity_verified", "-3"), ("sending_verified", "114")],
)
async def test_the_gate_is_explained_too(desk: Desk, setting: str, result: str) -> None:
    box = await desk.create(**{setting: False})
    assert (await explained(box, SEND))["reply"] == await box.reply(SEND) == {"result": result}


async def test_a_fault_is_looked_at_and_not_used_up(box: Box) -> None:
    await box.do("POST", "/faults", {"when": {"action": "send"}, "then": {"result": "113"}})
    faults = await box.read("/faults")
    for _ in range(3):
        assert (await explained(box, SEND))["reply"] == {"result": "113"}
    assert await box.read("/faults") == faults
    assert await box.reply(SEND) == {"result": "113"}
    assert (await explained(box, SEND))["reply"]["result"] == "1"
    assert (await box.reply(SEND))["result"] == "1"


async def test_an_explanation_does_not_count_as_a_matching_request(box: Box) -> None:
    await box.do("POST", "/faults", {"when": {}, "after": 1, "then": {"result": "0"}})
    for _ in range(3):
        assert (await explained(box, {"action": "credit"}))["rule"] == "C1"
    assert (await box.ask({"action": "credit"})).headers["X-Fake-Rule"] == "C1"
    assert (await explained(box, {"action": "credit"}))["reply"] == {"result": "0"}
    assert await box.reply({"action": "credit"}) == {"result": "0"}


async def test_explaining_hands_no_received_message_out(desk: Desk) -> None:
    box = await desk.create(received="once")
    await box.do("POST", "/inbound", {"from": "9121111111", "text": "a"})
    told = await explained(box, {"action": "receivedMessages"})
    assert told["reply"] == await box.reply({"action": "receivedMessages"})
    assert told["reply"]["result"] == "1"
    assert await box.reply({"action": "receivedMessages"}) == {"result": "401"}


async def test_explaining_adds_no_contact(box: Box) -> None:
    params = {
        "action": "newContact",
        "phoneId": "1403",
        "cNumber": "9121111111",
        "cFields": '{"FMTAwMg":"7"}',
    }
    for _ in range(2):
        assert (await explained(box, params))["reply"] == {"result": "1", "fields": {"FMTAwMg": "1"}}
    (book,) = (await box.read("/phonebooks"))["phonebooks"]
    assert book["contacts"] == []


async def test_explaining_wakes_nobody_that_waits(box: Box) -> None:
    await explained(box, SEND)
    assert await box.messages(wait=0.01) == []


async def test_explained_at_the_accounts_own_time(box: Box) -> None:
    send_id = await box.send()
    params = {"action": "reportSend", "sendID": str(send_id)}
    await box.advance(60)
    reply = (await explained(box, params))["reply"]
    assert reply == await box.reply(params)
    assert reply["data"]["receivers"][0]["sendStatus"] == "3"


@pytest.mark.parametrize("body", [[], "x", 5])
async def test_what_holds_no_parameters_cannot_be_explained(box: Box, body: Any) -> None:
    assert is_problem(await box.call("POST", "/explain", body), 400)


async def test_the_reply_is_told_with_the_accounts_own_names_and_scalars(desk: Desk) -> None:
    box = await desk.create(reply_scalars="native", reply_names={"send_id": "data.id", "credit": "credit"})
    told = await explained(box, SEND)
    assert json.dumps(told["reply"]) == json.dumps(await box.reply(SEND))
    assert type(told["reply"]["data"]["id"]) is int
