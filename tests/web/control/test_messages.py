"""Accepted messages as the control plane shows and finds them."""

from datetime import datetime
from typing import Any

import pytest

from tests.web.control_client import (
    LINE,
    NUMBER,
    OTHER_NUMBER,
    AccountClient,
    ControlClient,
    assert_problem,
    pair_of,
)
from tests.web.serving import REAL_MS


async def accepted(account: AccountClient, action: str, **changes: Any) -> int:
    """The id of a message that must be accepted."""
    return int((await account.ask(action, **changes)).json["sendID"])


# What a message shows


@pytest.mark.rule("L3")
async def test_a_message_shows_what_was_sent_and_what_has_happened_until_now(account: AccountClient) -> None:
    assert await account.get("/messages") == {"messages": [], "dropped": 0}
    send_id = await account.send("09121111111, +989122222222", "hello " + "x" * 160)
    await account.advance(2.5)
    history = [
        {"at": "2024-11-01T00:00:00Z", "processingStatus": 0, "sendStatus": -1},
        {"at": "2024-11-01T00:00:01Z", "processingStatus": 1, "sendStatus": -1},
        {"at": "2024-11-01T00:00:02Z", "processingStatus": 2, "sendStatus": -1},
    ]
    message = {
        "sendID": send_id,
        "action": "send",
        "from": LINE,
        "text": "hello " + "x" * 160,
        "parts": 2,
        "alphabet": "latin",
        "cost": 8000,
        "acceptedAt": "2024-11-01T00:00:00Z",
        "receivers": [
            {
                "number": number,
                "processingStatus": 2,
                "sendStatus": -1,
                "attempts": 1,
                "cost": 4000,
                "refunded": False,
                "history": history,
            }
            for number in (NUMBER, OTHER_NUMBER)
        ],
        "codes": [],
    }
    assert await account.message(send_id) == message
    assert await account.messages() == [message]


@pytest.mark.rule("L2", "M4")
async def test_attempts_are_counted_and_a_refund_shows(account: AccountClient) -> None:
    send_id = await account.send("9120000002", trySend="2")
    await account.advance(60)
    (receiver,) = (await account.message(send_id))["receivers"]
    assert (receiver["attempts"], receiver["refunded"], pair_of(receiver)) == (3, True, (4, 2))
    assert await account.credit() == 1_000_000


async def test_times_are_those_of_the_accounts_clock_in_utc(control: ControlClient) -> None:
    account = await control.create_account(clock="real")
    shown = (await account.message(await account.send()))["acceptedAt"]
    assert shown.endswith("Z")
    assert datetime.fromisoformat(shown).timestamp() * 1000 == REAL_MS


async def test_messages_are_listed_newest_last(account: AccountClient) -> None:
    send_ids = [await account.send() for _ in range(5)]
    assert await account.send_ids() == send_ids == sorted(send_ids)


async def test_an_unknown_message_is_404(control: ControlClient, account: AccountClient) -> None:
    send_id = await account.send()
    others = await (await control.create_account()).send()
    pair = {"processingStatus": 2, "sendStatus": 3}
    unknown = ("1", "0", "x", "-1", "1.5", "1e9", "+1", "%20", "%D9%A1", "%00", "%ff", "9" * 5000)
    for other in (*unknown, str(send_id + 1), str(others)):
        path = f"/messages/{other}"
        for response in (
            await account.request("GET", path),
            await account.request("POST", path + "/approve"),
            await account.request("POST", path + "/cancel"),
            await account.request("POST", path + "/status", pair),
        ):
            assert_problem(response, 404, member="sendID")


# The texts and codes of patterns and one-time codes


async def test_a_message_shows_its_text_filled_in_and_the_codes_in_it(account: AccountClient) -> None:
    await account.send(text="۱۲۳۴ and 5678, not 123 or 123456789")
    await accepted(account, "sendServices", textData='{"code":"۹۸۷۶"}')
    await accepted(account, "sendOTP", code="AB12")
    shown = [(one["action"], one["text"], one["codes"]) for one in await account.messages()]
    assert shown == [
        ("send", "۱۲۳۴ and 5678, not 123 or 123456789", ["1234", "5678"]),
        ("sendServices", "کد ورود شما: ۹۸۷۶", ["9876"]),
        ("sendOTP", "کد شما: AB12", ["AB12"]),
    ]


async def test_the_code_of_a_one_time_code_is_the_one_that_was_sent(control: ControlClient) -> None:
    app = {"id": "test-app", "template": "فروشگاه 1403: {code}", "enabled": True}
    names = {"action": "otp", "app": "app", "code": "token"}
    account = await control.create_account(otp_apps=[app], otp_names=names)
    send_id = await accepted(account, "otp", app="test-app", token="12345", receivers=NUMBER)
    message = await account.message(send_id)
    assert (message["text"], message["codes"]) == ("فروشگاه 1403: 12345", ["12345"])


# Filters


async def test_messages_are_filtered(account: AccountClient) -> None:
    send_ids = [
        await account.send(f"{NUMBER},9120000004", "سلام علی"),
        await accepted(account, "sendOTP"),
    ]
    await account.advance(60)
    send_ids.append(await account.send(OTHER_NUMBER, "خداحافظ علی"))
    for query, found in (
        ({}, [0, 1, 2]),
        ({"to": NUMBER}, [0, 1]),
        ({"to": f"0{NUMBER}"}, [0, 1]),
        ({"to": f"0098{NUMBER}"}, [0, 1]),
        ({"to": f" +98{NUMBER}"}, [0, 1]),
        ({"to": "9120000004"}, [0]),
        ({"to": "9129999999"}, []),
        ({"text": "علی"}, [0, 2]),
        ({"text": "لام"}, [0]),
        ({"text": "12345"}, [1]),
        ({"text": "%"}, []),
        ({"text": ".*"}, []),
        ({"action": "send"}, [0, 2]),
        ({"action": "sendOTP"}, [1]),
        ({"action": "sendServices"}, []),
        ({"processingStatus": 2}, [0, 1]),
        ({"processingStatus": 0}, [2]),
        ({"processingStatus": 4}, []),
        ({"sendStatus": 4}, [0]),
        ({"sendStatus": -1}, [2]),
        ({"processingStatus": 2, "sendStatus": 4}, [0]),
        ({"processingStatus": 0, "sendStatus": 4}, []),
        ({"to": NUMBER, "sendStatus": 4}, []),
        ({"since": send_ids[0]}, [1, 2]),
        ({"since": send_ids[2]}, []),
        ({"since": 0, "limit": 1}, [2]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 100}, [0, 1, 2]),
        ({"text": "علی", "limit": 1}, [2]),
        ({"to": NUMBER, "text": "علی"}, [0]),
        ({"to": NUMBER, "action": "send", "text": "سلام", "processingStatus": 2, "sendStatus": 3}, [0]),
        ({"to": OTHER_NUMBER, "action": "sendOTP"}, []),
    ):
        assert await account.send_ids(**query) == [send_ids[index] for index in found], query


async def test_one_receiver_must_have_both_statuses(account: AccountClient) -> None:
    send_id = await account.send(f"{NUMBER},9120000010")
    await account.advance(60)
    assert await account.pairs(send_id) == [(2, 3), (0, -1)]
    assert await account.send_ids(processingStatus=2) == await account.send_ids(sendStatus=-1) == [send_id]
    assert await account.send_ids(processingStatus=2, sendStatus=-1) == []
    assert await account.send_ids(processingStatus=0, sendStatus=-1) == [send_id]


async def test_a_wrong_query_is_refused(account: AccountClient) -> None:
    for name, value in (
        *(("since", value) for value in ("x", "1.5", "-1")),
        *(("limit", value) for value in ("x", "0", "-1", "1.5", "1e3", "+1", "۱", "9" * 5000)),
        *((name, value) for name in ("processingStatus", "sendStatus") for value in ("x", "--1", "1.0", "")),
        *(("wait", value) for value in ("x", "", "-1", "60.001", "61", "nan", "inf", "1e400")),
        *(("count", value) for value in ("0", "-1", "x")),
        *(("to", value) for value in ("912111111", "x", "", f"{NUMBER},{OTHER_NUMBER}")),
        ("sendId", "1"),
    ):
        response = await account.request("GET", "/messages", **{name: value})
        assert_problem(response, 400, member=name)
    for name, nearest in (("limt", "limit"), ("sendstatus", "sendStatus"), ("txt", "text")):
        misspelt = await account.request("GET", "/messages", **{name: "1"})
        assert_problem(misspelt, 400, f"`{nearest}`", member=name)
    assert_problem(await account.request("GET", "/messages", to="12"), 400, "9121234567")


# Messages that are no longer kept


@pytest.mark.rule("R4")
async def test_messages_that_are_not_kept_are_counted_whatever_the_filter(control: ControlClient) -> None:
    account = await control.create_account(keep_sends=2)
    send_ids = [await account.send() for _ in range(5)]
    assert await account.send_ids() == send_ids[-2:]
    assert (await account.get("/messages"))["dropped"] == 3
    assert await account.get("/messages", text="nothing") == {"messages": [], "dropped": 3}
    assert_problem(await account.request("GET", f"/messages/{send_ids[0]}"), 404, member="sendID")
