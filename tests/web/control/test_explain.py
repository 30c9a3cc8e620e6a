"""`explain`: what a request would be answered, and why, without making it."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.examples import examples
from tests.web.control_client import (
    NUMBER,
    VALID_PARAMS,
    AccountClient,
    ControlClient,
    assert_problem,
    control_client,
)
from tests.web.strategies import CONTROL_REQUESTS, REQUEST_PARAMS, AccountRequest

SEND = {"action": "send", **VALID_PARAMS["send"]}


async def explain(account: AccountClient, params: dict[str, Any]) -> Any:
    return await account.command("POST", "/explain", params)


@settings(examples(30))
@given(st.lists(REQUEST_PARAMS, min_size=1, max_size=4), st.lists(CONTROL_REQUESTS, max_size=2))
async def test_a_request_is_answered_as_explained_and_explaining_changes_nothing(
    requests: list[dict[str, str]], before: list[AccountRequest]
) -> None:
    async with control_client() as control:
        account = await control.create_account()
        for request in before:
            await request.make(account)
        for params in requests:
            state = await account.state()
            explained = await explain(account, params)
            assert await account.state() == state
            await assert_answered_as_explained(account, explained, params)


async def assert_answered_as_explained(
    account: AccountClient, explained: Any, params: dict[str, str]
) -> None:
    credit = (await account.get())["credit"]
    response = await account.post(params)
    entry = (await account.entries())[-1]
    assert (explained["rule"], explained["reason"]) == (entry["rule"], entry["reason"])
    if response.status == 200:
        assert (explained["rule"], explained["reply"]) == (response.rule, response.json)
    assert credit - (await account.get())["credit"] == explained["cost"]


async def test_explaining_draws_no_chance(control: ControlClient) -> None:
    receivers = ",".join(str(9_121_000_000 + n) for n in range(20))
    chance = {"outcomes": {"delivered": 1, "undelivered": 1}, "timeline": "instant"}
    explained, other = await control.create_account(**chance), await control.create_account(**chance)
    await explain(explained, {**SEND, "receivers": receivers})
    assert await explained.pairs(await explained.send(receivers)) == await other.pairs(
        await other.send(receivers)
    )


async def test_a_send_is_explained_with_its_cost_parts_and_receivers(account: AccountClient) -> None:
    explained = await explain(account, {**SEND, "text": "x" * 161, "receivers": f"{NUMBER},9122222222"})
    assert (explained["rule"], explained["cost"], explained["parts"]) == ("S12", 8000, 2)
    assert explained["receivers"] == [NUMBER, "9122222222"]
    assert explained["reply"] == {"result": "1", "sendID": "10000000001"}


async def test_a_refusal_is_explained_and_costs_nothing(account: AccountClient) -> None:
    explained = await explain(account, {**SEND, "receivers": "9121111111,12"})
    assert (explained["reply"], explained["rule"], explained["cost"]) == ({"result": "105"}, "S5", 0)
    assert "receiver 2 of 2" in explained["reason"]


@pytest.mark.rule("W10")
async def test_array_parameters_are_written_as_in_a_form_or_as_json(account: AccountClient) -> None:
    params = {"action": "sendServices", "from": "auto", "textCode": "1001", "receivers": NUMBER}
    for data, rule in (
        ({"textData[code]": "12345"}, "P9"),
        ({"textData[0]": "12345"}, "P9"),
        ({"textData[]": "12345"}, "P9"),
        ({"textData": '{"code":"12345"}'}, "P9"),
        ({"textData": {"code": "12345"}}, "P9"),
        ({"textData": {"a": "1"}, "textData[]": "x"}, "P9"),  # the last one counts
        ({"textData[wrong]": "12345"}, "P6"),
    ):
        assert (await explain(account, {**params, **data}))["rule"] == rule, data


async def test_a_request_is_explained_as_if_it_came_from_an_allowed_address(control: ControlClient) -> None:
    account = await control.create_account(allowed_ips=["10.0.0.1"])
    assert await account.results(1) == ["-5"]
    assert (await explain(account, SEND))["rule"] == "S12"


async def test_the_gate_is_explained_too(control: ControlClient) -> None:
    for setting, result in (
        ("webservice_enabled", "-2"),
        ("identity_verified", "-3"),
        ("sending_verified", "114"),
    ):
        account = await control.create_account(**{setting: False})
        assert (await explain(account, SEND))["reply"] == {"result": result}


async def test_explaining_hands_no_received_message_out(control: ControlClient) -> None:
    account = await control.create_account(received="once")
    await account.command("POST", "/inbound", {"from": NUMBER, "text": "a"})
    explained = await explain(account, {"action": "receivedMessages"})
    assert explained["reply"]["result"] == "1"
    assert explained["reply"] == (await account.ask("receivedMessages")).json
    assert await account.results(1, "receivedMessages") == ["401"]


async def test_a_request_is_explained_at_the_accounts_time(account: AccountClient) -> None:
    params = {"action": "reportSend", "sendID": str(await account.send())}
    await account.advance(60)
    reply = (await explain(account, params))["reply"]
    assert reply["data"]["receivers"][0]["sendStatus"] == "3"


async def test_the_reply_has_the_names_and_scalars_of_the_account(control: ControlClient) -> None:
    names = {"send_id": "data.id", "credit": "credit"}
    account = await control.create_account(reply_scalars="native", reply_names=names)
    assert (await explain(account, SEND))["reply"] == {"result": 1, "data": {"id": 10_000_000_001}}


async def test_only_an_object_can_be_explained(account: AccountClient) -> None:
    bodies: list[Any] = [[], "x", 5]
    for body in bodies:
        assert_problem(await account.request("POST", "/explain", body), 400)
