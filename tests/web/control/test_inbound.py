"""Messages that arrive at an account's lines."""

from typing import Any

import pytest

from tests.web.control_client import LINE, NUMBER, AccountClient, ControlClient, assert_problem


async def arrive(account: AccountClient, text: str = "سلام", **more: Any) -> Any:
    return await account.command("POST", "/inbound", {"from": NUMBER, "text": text, **more})


async def received(account: AccountClient) -> Any:
    """The reply of the service."""
    return (await account.ask("receivedMessages")).json


@pytest.mark.rule("I1", "I2", "I3", "I4")
async def test_a_message_that_arrives_is_received_by_the_service(
    control: ControlClient, account: AccountClient
) -> None:
    other = await control.create_account()
    assert await received(account) == {"result": "401"}
    first = await arrive(account, "one")
    await account.advance(90)
    second = await arrive(account, "two", to="90001403")
    assert [(one["from"], one["to"], one["at"]) for one in (first, second)] == [
        (NUMBER, LINE, "2024-11-01T00:00:00Z"),
        (NUMBER, "90001403", "2024-11-01T00:01:30Z"),
    ]
    assert await account.get("/inbound") == {"inbound": [first, second], "dropped": 0}
    data = [
        {"number": NUMBER, "to": LINE, "text": "one", "date": "2024-11-01 03:30:00"},
        {"number": NUMBER, "to": "90001403", "text": "two", "date": "2024-11-01 03:31:30"},
    ]
    reply = await received(account)
    assert [{name: one[name] for name in data[0]} for one in reply["data"]] == data
    assert (await account.credit(), await account.messages()) == (1_000_000, [])
    assert await received(other) == {"result": "401"}


async def test_reading_over_the_control_plane_hands_nothing_out(control: ControlClient) -> None:
    account = await control.create_account(received="once")
    await arrive(account)
    for _ in range(2):
        assert len((await account.get("/inbound"))["inbound"]) == 1
    assert (await received(account))["result"] == "1"
    assert await received(account) == {"result": "401"}


async def test_a_sender_is_a_normalised_number_or_any_name(account: AccountClient) -> None:
    for sender in (f"+98{NUMBER}", "BANK"):
        await account.command("POST", "/inbound", {"from": sender, "text": "a"})
    assert [one["number"] for one in (await received(account))["data"]] == [NUMBER, "BANK"]


async def test_a_message_is_dated_by_a_running_clock(control: ControlClient) -> None:
    account = await control.create_account(clock="real")
    await arrive(account)
    assert (await received(account))["data"][0]["date"] == "2023-11-15 01:43:20"  # Tehran


@pytest.mark.rule("L8")
async def test_a_sender_that_unsubscribes_is_put_on_the_blacklist(control: ControlClient) -> None:
    for text in ("لغو11", "لغو۱۱", "لغو ١١", "لغو 11"):
        account = await control.create_account()
        await arrive(account, text)
        assert (await account.get())["blacklist"] == [NUMBER]
        send_id = await account.send()
        await account.advance(60)
        assert await account.pairs(send_id) == [(2, 5)]


async def test_a_wrong_message_is_refused_with_the_member_at_fault(account: AccountClient) -> None:
    valid = {"from": NUMBER, "text": "a"}
    for body, member in (
        ({}, "from"),
        ({"from": NUMBER}, "text"),
        ({"text": "a"}, "from"),
        ({**valid, "from": 5}, "from"),
        *(({**valid, "text": value}, "text") for value in (5, None, ["a"])),
        ({**valid, "to": "777"}, "to"),
        ({**valid, "to": 30001403}, "to"),
        ({**valid, "txt": "a"}, "txt"),
    ):
        response = await account.request("POST", "/inbound", body)
        assert (response.status, response.json["member"]) == (400, member), body
    await account.change(lines=[])
    assert_problem(await account.request("POST", "/inbound", valid), 400, "the account has no line")
    assert await received(account) == {"result": "401"}
