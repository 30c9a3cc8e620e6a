"""The journals: of an account, and of the requests whose key belongs to no account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.web.control_client import (
    JSON,
    SERVICE,
    VALID_PARAMS,
    AccountClient,
    ControlClient,
    Response,
    assert_problem,
    control_client,
)

SEND = {"action": "send", **VALID_PARAMS["send"]}
FORM = "application/x-www-form-urlencoded"


async def newest_entry(account: AccountClient) -> Any:
    return (await account.entries())[-1]


async def entry_of_send(account: AccountClient, **changes: str) -> Any:
    """The entry of a send with these changes."""
    await account.post({**SEND, **changes})
    return await newest_entry(account)


async def entries_of_unknown_keys(control: ControlClient, **query: Any) -> list[Any]:
    found: list[Any] = (await control.get("/_fake/journal", **query))["entries"]
    return found


# What an entry shows


async def test_an_entry_shows_the_request_the_reply_and_the_reason(account: AccountClient) -> None:
    assert await account.get("/journal") == {"entries": [], "dropped": 0}
    await account.advance(90.5)
    response = await account.post(SEND)
    entry = await newest_entry(account)
    assert entry.pop("durationMs") >= 0
    assert entry == {
        "id": 1,
        "at": "2024-11-01T00:01:30.500Z",
        "method": "POST",
        "contentType": FORM,
        "action": "send",
        "params": SEND,
        "unread": [],
        "http": 200,
        "reply": response.json,
        "rule": "S12",
        "result": "1",
        "reason": "accepted for 1 receiver(s): 1 unicode part(s), 1000 rials",
        "sendID": int(response.json["sendID"]),
    }


@pytest.mark.rule("A2", "A3", "A4", "A5", "A6", "A7")
async def test_every_request_to_the_service_is_an_entry(
    control: ControlClient, account: AccountClient
) -> None:
    key = {"Authorization": account.key}
    multipart = aiohttp.FormData({"action": "status"}, default_to_multipart=True)

    async def ask(method: str, headers: Mapping[str, str] = key, **options: Any) -> Response:
        return await control.request(method, SERVICE, headers=headers, **options)

    await ask("POST", data={"action": "status"})
    await ask("POST", data={"action": "fly"})
    await ask("POST", data={**SEND, "from": "1"})
    await ask("POST", data={})
    await ask("POST", {**key, **JSON}, data=b'{"action":"newContact","cFields":{"a":"1"},"phoneId":1403}')
    await ask("POST", {**key, **JSON}, data=b"{")
    await ask("POST", data=multipart)
    await ask("GET", {}, action="status", key=account.key)
    await ask("PUT")
    entries = await account.entries()
    assert [(one["method"], one["rule"], one["params"]) for one in entries] == [
        ("POST", "T1", {"action": "status"}),
        ("POST", "A7", {"action": "fly"}),
        ("POST", "S6", {**SEND, "from": "1"}),
        ("POST", "A6", {}),
        ("POST", "N1", {"action": "newContact", "cFields": {"a": "1"}, "phoneId": "1403"}),
        ("POST", "A6", {}),
        ("POST", "T1", {"action": "status"}),
        ("GET", "T1", {"action": "status"}),
        ("PUT", "A4", {}),
    ]
    assert [one["contentType"].partition(";")[0] for one in entries[4:8]] == [
        *("application/json", "application/json", "multipart/form-data", "")
    ]
    assert [one["unread"] for one in entries] == [[]] * 9
    for closed, rule in (("test-key-disabled", "A2"), ("test-key-unverified", "A3"), ("test-key-ip", "A5")):
        assert (await entry_of_send(control.account(closed)))["rule"] == rule


async def test_control_requests_are_not_entries(account: AccountClient) -> None:
    await account.command("POST", "/explain", SEND)
    await account.change(credit=5)
    assert await account.entries() == []


@pytest.mark.rule("W11")
async def test_an_unread_parameter_is_listed_with_the_one_that_may_be_meant(account: AccountClient) -> None:
    entry = await entry_of_send(account, recievers="1", qqqqqqqqqqqq="1")
    assert entry["unread"] == [{"name": "recievers", "didYouMean": "receivers"}, {"name": "qqqqqqqqqqqq"}]
    known = {"phoneBook": "1403", "trySend": "1", "type": "1"}
    assert (await entry_of_send(account, **known))["unread"] == []
    refused = await entry_of_send(account, **known, **{"from": "1"})
    assert (refused["rule"], refused["unread"], "sendID" in refused) == ("S6", [], False)


async def test_the_reason_names_the_place_and_the_numbers(control: ControlClient) -> None:
    account = await control.create_account(credit=300)
    for changes, words in (
        ({"receivers": "9121111111,0912,9122222222"}, ["receiver 2 of 3", "0912"]),
        ({"from": "777"}, ["777"]),
        ({"trySend": "11"}, ["trySend"]),
        ({}, ["300", "1000"]),
    ):
        reason = (await entry_of_send(account, **changes))["reason"]
        assert [word for word in words if word not in reason] == [], reason


async def test_the_fault_that_fired_is_named(account: AccountClient) -> None:
    rule_id = await account.add_fault({"result": "113"})
    entry = await entry_of_send(account)
    assert (str(entry["fault"]), entry["reply"], entry["rule"]) == (rule_id, {"result": "113"}, "S11")
    assert "fault" not in await entry_of_send(account)


# Filters


@pytest.fixture
async def entries(account: AccountClient) -> list[Any]:
    for params in (SEND, {**SEND, "from": "1"}, {"action": "credit"}, {**SEND, "text": "two"}):
        await account.post(params)
        await account.advance(1)
    return await account.entries()


async def test_entries_are_filtered(account: AccountClient, entries: list[Any]) -> None:
    for query, found in (
        ({"action": "send"}, [0, 1, 3]),
        ({"action": "status"}, []),
        ({"result": "1"}, [0, 2, 3]),
        ({"result": "106"}, [1]),
        ({"result": "10"}, []),
        ({"action": "send", "result": "1"}, [0, 3]),
        ({"limit": 2}, [2, 3]),
        ({"limit": 100}, [0, 1, 2, 3]),
        ({"limit": 1, "action": "credit"}, [2]),
        ({"since": entries[1]["id"]}, [2, 3]),
        ({"since": entries[1]["at"]}, [2, 3]),
        ({"since": entries[3]["id"]}, []),
        ({"since": "2024-11-01T03:30:01+03:30"}, [2, 3]),
    ):
        assert await account.entries(**query) == [entries[index] for index in found], query


async def test_a_wrong_query_is_refused(control: ControlClient, account: AccountClient) -> None:
    for name, value in (
        *(("limit", value) for value in ("x", "0", "-1", "1.5", "1e3", "+1", "۱", "9" * 5000)),
        *(("since", value) for value in ("x", "1.5", "-1")),
        *(("wait", value) for value in ("x", "", "-1", "60.5", "61", "nan", "inf", "1e9")),
        *(("count", value) for value in ("0", "x")),
        ("text", "a"),
    ):
        for path in (f"{account.path}/journal", "/_fake/journal"):
            assert_problem(
                await control.request("GET", f"{path}?{urlencode({name: value})}"), 400, member=name
            )
    misspelt = await account.request("GET", "/journal", resul="1")
    assert_problem(misspelt, 400, "`result`", member="resul")


# Bounds and removal


async def test_a_journal_is_emptied(control: ControlClient, account: AccountClient) -> None:
    await account.post(SEND)
    await control.post(SEND, "unknown")
    await account.command("DELETE", "/journal")
    assert await account.get("/journal") == {"entries": [], "dropped": 0}
    assert len(await account.messages()) == 1
    assert len(await entries_of_unknown_keys(control)) == 1
    await account.post(SEND)
    assert (await control.request("DELETE", "/_fake/journal")).status == 204
    assert await control.get("/_fake/journal") == {"entries": [], "dropped": 0}
    assert len(await account.entries()) == 1


async def test_the_newest_entries_are_kept_and_the_others_counted() -> None:
    async with control_client(journal_max=3) as control:
        account = control.account("test-key")
        for key, path in ((account.key, f"{account.path}/journal"), ("unknown", "/_fake/journal")):
            for number in range(5):
                await control.post({"action": str(number)}, key)
            journal = await control.get(path)
            assert journal["dropped"] == 2
            assert [entry["action"] for entry in journal["entries"]] == ["2", "3", "4"]


# Requests whose key belongs to no account


@pytest.mark.rule("A1")
async def test_a_request_without_the_key_of_an_account_is_in_the_journal_of_unknown_keys(
    control: ControlClient, account: AccountClient
) -> None:
    for key in (None, "tset-key", "Bearer test-key"):
        await control.post(SEND, key)
    await control.post({**SEND, "key": "test-key"}, None)
    await account.post(SEND)
    entries = await entries_of_unknown_keys(control)
    assert [(one["rule"], one["reply"]) for one in entries] == [("A1", {"result": "-1"})] * 4
    assert entries[0]["params"] == SEND
    assert datetime.fromisoformat(entries[0]["at"]).timestamp() * 1000 == control.server.real_ms
    assert "Authorization" in entries[3]["reason"]
    assert await control.account("test-key").entries() == []
    await account.command("DELETE", "")
    await account.post(SEND)
    assert len(await entries_of_unknown_keys(control)) == 5


async def test_the_journal_of_unknown_keys_is_filtered_too(control: ControlClient) -> None:
    for action in ("send", "credit", "send"):
        await control.post({"action": action}, "unknown")
    assert len(await entries_of_unknown_keys(control, action="send")) == 2
    assert len(await entries_of_unknown_keys(control, result="-1", limit=1)) == 1
    assert await entries_of_unknown_keys(control, result="1") == []
