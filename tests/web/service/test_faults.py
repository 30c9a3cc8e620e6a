"""What a fault does to a request and its reply."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.web.control_client import NUMBER, OTHER_NUMBER, SERVICE, AccountClient, ControlClient

PRICE = 1000
THIRD_NUMBER = "9123333333"


async def assert_disconnected(account: AccountClient, action: str = "send") -> None:
    with pytest.raises(aiohttp.ClientConnectionError):
        await account.ask(action)


async def assert_nothing_happened(account: AccountClient) -> None:
    assert (await account.messages(), await account.credit()) == ([], 1_000_000)


async def assert_accepted_once(account: AccountClient) -> None:
    assert (len(await account.messages()), await account.credit()) == (1, 1_000_000 - PRICE)


async def newest_entry(account: AccountClient) -> Any:
    """The newest entry of the journal."""
    return (await account.entries())[-1]


# result


@pytest.mark.rule("S10", "S11")
async def test_the_description_of_a_result_is_the_given_one_or_that_of_the_panel(
    account: AccountClient,
) -> None:
    for code in ("112", "113"):
        then = {"result": code, "description": "اپراتور «پاسخ» نداد"}
        await account.add_fault(then)
        assert (await account.ask("send")).json == then
    await account.add_fault({"result": "112"})
    assert (await account.ask("send")).json["description"]


@pytest.mark.rule("W3")
async def test_a_result_is_written_like_the_other_replies_of_the_account(account: AccountClient) -> None:
    await account.change(reply_scalars="native")
    await account.add_fault({"result": "113"})
    assert (await account.ask("send")).json == {"result": 113}


# phoneBook


@pytest.mark.rule("B1", "B2", "B3", "B4", "B5", "B7")
async def test_a_phonebook_error_does_not_stop_the_message(account: AccountClient) -> None:
    for code in ("-1", "-2", "-3", "-4"):
        rule_id = await account.add_fault({"phoneBook": code})
        response = await account.ask("send", phoneBook="1403")
        assert (response.json["result"], response.json["phoneBook"], response.fault) == ("1", code, rule_id)
        assert await account.send_ids() == [int(response.json["sendID"])]
        assert (await account.get("/phonebooks"))["phonebooks"][0]["contacts"] == []
        await account.command("POST", "/reset")


@pytest.mark.rule("B1")
async def test_a_phonebook_error_needs_a_phonebook_operation(account: AccountClient) -> None:
    await account.add_fault({"phoneBook": "-4"}, times=0)
    assert "phoneBook" not in (await account.ask("send")).json
    assert (await account.ask("send", phoneBook="1403", from_="1")).json == {"result": "106"}


# http


async def test_an_http_fault_answers_in_place_of_the_panel(account: AccountClient) -> None:
    rule_id = await account.add_fault({"http": 502, "httpBody": "<h1>دروازه</h1>"})
    response = await account.ask("send")
    assert (response.status, response.text, response.fault) == (502, "<h1>دروازه</h1>", rule_id)
    entry = await newest_entry(account)
    assert (entry["http"], str(entry["fault"]), entry["rule"]) == (502, rule_id, "")
    await assert_nothing_happened(account)


async def test_an_http_fault_may_have_any_status(account: AccountClient) -> None:
    for status in (204, 205, 304, 400, 403, 404, 413, 429, 500, 503, 504, 599):
        await account.add_fault({"http": status, "httpBody": "HTTP/1.1 200 OK\r\n\r\n"})
        assert (await account.ask("send")).status == status
        # A status without a body leaves the connection in order.
        assert (await account.ask("credit")).json == {"result": "1", "credit": "1000000"}


async def test_the_body_of_an_http_fault_is_sent_as_it_is(account: AccountClient) -> None:
    for body in ("", "\x00", "\r\nSet-Cookie: a=b\r\n\r\n", "x" * 100_000):
        await account.add_fault({"http": 500, "httpBody": body})
        response = await account.ask("send")
        assert (response.text, "Set-Cookie" in response.headers) == (body, False)


async def test_the_journal_can_show_whatever_a_fault_answered(account: AccountClient) -> None:
    for body in ("[" * 100_000, '"\\ud800"', "NaN", "[1e999]"):
        await account.add_fault({"http": 502, "httpBody": body})
        assert (await account.ask("send")).status == 502
        assert body.startswith((await newest_entry(account))["reply"])


# delaySeconds


@pytest.mark.parametrize(
    ("then", "status", "body"),
    [
        ({}, 200, '{"result":"1","sendID":'),
        ({"result": "113"}, 200, '{"result":"113"}'),
        ({"http": 502, "httpBody": "x"}, 502, "x"),
        ({"body": "empty"}, 200, ""),
        ({"outcome": "held"}, 200, '{"result":"1","sendID":'),
        ({"disconnect": "before"}, None, ""),
        ({"disconnect": "after"}, None, ""),
    ],
    ids=str,
)
async def test_a_delay_holds_back_whatever_stands_beside_it(
    account: AccountClient, then: dict[str, Any], status: int | None, body: str
) -> None:
    await account.add_fault({**then, "delaySeconds": 0.05})
    loop = asyncio.get_running_loop()
    began = loop.time()
    if status is None:
        await assert_disconnected(account)
    else:
        response = await account.ask("send")
        assert (response.status, response.text[: len(body)]) == (status, body)
    assert loop.time() - began >= 0.05
    assert (await newest_entry(account))["durationMs"] >= 50


@pytest.mark.usefixtures("short_shutdown")
@pytest.mark.parametrize("then", [{}, {"disconnect": "after"}, {"body": "html"}], ids=str)
async def test_delayed_requests_are_carried_out_on_arrival_and_block_no_other(
    account: AccountClient, then: dict[str, str]
) -> None:
    await account.add_fault({**then, "delaySeconds": 30}, times=40)
    late = [asyncio.create_task(account.ask("send")) for _ in range(40)]
    assert len(await account.messages(wait=10, count=40)) == 40
    assert await account.credit() == 1_000_000 - 40 * PRICE
    assert not any(task.done() for task in late)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


# disconnect


async def test_a_connection_that_breaks_before_leaves_only_a_journal_entry(account: AccountClient) -> None:
    rule_id = await account.add_fault({"disconnect": "before"})
    await assert_disconnected(account)
    assert str((await newest_entry(account))["fault"]) == rule_id
    await assert_nothing_happened(account)


async def test_a_client_that_repeats_a_send_after_a_lost_reply_sends_twice(account: AccountClient) -> None:
    rule_id = await account.add_fault({"disconnect": "after"})
    await assert_disconnected(account)
    entry = await newest_entry(account)
    assert (str(entry["fault"]), entry["sendID"]) == (rule_id, (await account.send_ids())[0])
    await assert_accepted_once(account)
    await account.send()
    assert [message["text"] for message in await account.messages()] == ["سلام", "سلام"]


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
async def test_the_connection_breaks_for_other_actions_too(
    account: AccountClient, when: str, stored: int
) -> None:
    await account.add_fault({"disconnect": when}, when={"action": "newContact"})
    await assert_disconnected(account, "newContact")
    assert len((await account.get("/phonebooks"))["phonebooks"][0]["contacts"]) == stored


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_broken_connection_gives_no_byte_of_the_reply(account: AccountClient, when: str) -> None:
    await account.add_fault({"disconnect": when}, after=1)
    request = f"GET {SERVICE}?action=credit&key={account.key} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    received = await account.control.server.exchange(request * 2, to_end=True)
    assert (received.count(b"HTTP/1.1 200"), received.count(b"X-Fake-Rule")) == (1, 1)
    await account.add_fault({"disconnect": when})
    assert await account.control.server.exchange(request, to_end=True) == b""


# body


@pytest.mark.parametrize(
    ("kind", "beginning"), [("truncated", '{"result"'), ("empty", ""), ("html", "<"), ("not-json", "")]
)
async def test_an_unreadable_reply_is_that_of_a_request_that_was_carried_out(
    account: AccountClient, kind: str, beginning: str
) -> None:
    rule_id = await account.add_fault({"body": kind})
    response = await account.ask("send")
    assert (response.status, response.fault) == (200, rule_id)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        response.json  # noqa: B018
    assert response.text.startswith(beginning)
    assert (response.text == "") is (kind == "empty")
    assert ("<html" in response.text.lower()) is (kind == "html")
    assert str((await newest_entry(account))["fault"]) == rule_id
    await assert_accepted_once(account)


async def test_a_body_made_by_a_fault_is_sandboxed(account: AccountClient) -> None:
    for then in ({"http": 500, "httpBody": "<script>"}, {"http": 502}, {"body": "html"}):
        await account.add_fault(then)
        headers = (await account.ask("send")).headers
        assert headers["Content-Security-Policy"] == "sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"


# outcome

FINAL_PAIRS = {
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
async def test_an_outcome_is_that_of_the_matched_receivers_alone(control: ControlClient, action: str) -> None:
    bulk = {"code": 1001, "text": "کد ورود شما: {code}", "approved": True, "bulk": True}
    account = await control.create_account(patterns=[bulk])
    sent = {}
    for outcome in FINAL_PAIRS:
        await account.add_fault({"outcome": outcome}, when={"to": f"0{NUMBER}"})
        reply = (await account.ask(action, receivers=f"{OTHER_NUMBER},{NUMBER}")).json
        assert reply["result"] == "1"
        sent[outcome] = int(reply["sendID"])
    await account.advance(200_000)
    for outcome, pair in FINAL_PAIRS.items():
        assert await account.pairs(sent[outcome]) == [(2, 3), pair], outcome


@pytest.mark.rule("M4", "M5")
@pytest.mark.parametrize(
    ("outcome", "refunded"), [("unreached", PRICE), ("cancelled", PRICE), ("expired", 0)]
)
async def test_an_outcome_refunds_as_its_pair_does(
    account: AccountClient, outcome: str, refunded: int
) -> None:
    await account.add_fault({"outcome": outcome})
    await account.send()
    await account.advance(200_000)
    assert await account.credit() == 1_000_000 - PRICE + refunded


async def test_a_scheduled_receiver_waits_an_hour(account: AccountClient) -> None:
    await account.add_fault({"outcome": "scheduled"})
    send_id = await account.send()
    pairs = []
    for seconds in (0, 3599, 60):
        await account.advance(seconds)
        pairs += await account.pairs(send_id)
    assert pairs == [(3, -1), (3, -1), (2, 3)]


@pytest.mark.rule("L4")
async def test_an_outcome_comes_before_everything_else_that_decides_one(account: AccountClient) -> None:
    await account.change(forbidden_words=["سلام"], blacklist=[NUMBER], outcomes={"rejected": 1})
    await account.add_fault({"outcome": "undelivered"})
    send_id = await account.send(f"{NUMBER},9120000000,9120000002")
    await account.advance(60)
    assert await account.pairs(send_id) == [(2, 4)] * 3


@pytest.mark.rule("L4", "L5")
async def test_monitoring_delays_an_outcome(account: AccountClient) -> None:
    await account.change(monitoring="manual")
    await account.add_fault({"outcome": "undelivered"}, when={"to": [NUMBER, THIRD_NUMBER]})
    send_id = await account.send(f"{NUMBER},{OTHER_NUMBER},{THIRD_NUMBER}")
    await account.advance(1000)
    assert await account.pairs(send_id) == [(0, -1)] * 3
    await account.command("POST", f"/messages/{send_id}/approve")
    await account.advance(60)
    assert await account.pairs(send_id) == [(2, 4), (2, 3), (2, 4)]


async def test_a_refused_send_has_no_outcome(account: AccountClient) -> None:
    await account.add_fault({"outcome": "undelivered"})
    assert (await account.ask("send", from_="1")).json["result"] == "106"
    assert await account.messages() == []
