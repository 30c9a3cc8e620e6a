"""The journal: every request to the service, and why it was answered so (CONTROL.md, Control plane)."""

from datetime import datetime
from typing import Any

import aiohttp
import pytest

from tests.control.desk import SERVICE, Box, Desk, is_problem
from tests.web.http import Served

SEND = {"action": "send", "from": "30001403", "text": "سلام", "receivers": "9121111111"}
ENTRY: dict[str, type | tuple[type, ...]] = {
    "at": str,
    "method": str,
    "contentType": str,
    "action": str,
    "params": dict,
    "unread": list,
    "http": int,
    "rule": str,
    "reason": str,
    "durationMs": (int, float),
}
FORM = "application/x-www-form-urlencoded"


async def entry(box: Box, params: dict[str, Any]) -> Any:
    """The journal's entry of this request."""
    await box.ask(params)
    return (await box.entries())[-1]


async def test_every_request_is_an_entry_newest_last(box: Box) -> None:
    assert await box.read("/journal") == {"entries": [], "dropped": 0}
    for action in ("status", "credit", "fly", ""):
        await box.ask({"action": action})
    entries = await box.entries()
    assert [one["params"].get("action", "") for one in entries] == ["status", "credit", "fly", ""]
    assert [one["rule"] for one in entries] == ["T1", "C1", "A7", "A6"]


async def test_an_entry_has_every_documented_member(box: Box) -> None:
    shown = await entry(box, SEND)
    for name, kind in ENTRY.items():
        assert isinstance(shown[name], kind), name
    assert shown["at"].endswith("Z")
    assert shown["durationMs"] >= 0
    assert "fault" not in shown


async def test_an_entry_says_what_was_asked_and_answered(box: Box) -> None:
    answer = await box.ask({**SEND, "from": "30001403"})
    shown = (await box.entries())[-1]
    assert (shown["method"], shown["contentType"].partition(";")[0]) == ("POST", FORM)
    assert (shown["action"], shown["params"]) == ("send", SEND)
    assert (shown["http"], shown["reply"]) == (200, answer.json)
    assert shown["rule"] == answer.headers["X-Fake-Rule"] == "S12"
    assert str(shown["sendID"]) == answer.json["sendID"]


async def test_a_refused_send_has_no_send_id(box: Box) -> None:
    shown = await entry(box, {**SEND, "from": "1"})
    assert (shown["rule"], "sendID" in shown) == ("S6", False)


async def test_parameters_are_shown_as_understood(desk: Desk, box: Box) -> None:
    headers = {"Authorization": box.key}
    body = {"action": "sendServices", "textData": {"code": "1"}, "textCode": 1001, "x": None}
    async with desk.session.post(desk.server.url + SERVICE, json=body, headers=headers) as reply:
        await reply.read()
    form = {"action": "sendServices", "textData[code]": "1", "textCode": "1001"}
    await box.ask(form)
    first, second = await box.entries()
    assert first["params"]["textData"] == second["params"]["textData"] == {"code": "1"}
    assert (first["contentType"], first["method"]) == ("application/json", "POST")


async def test_a_get_is_an_entry_too_and_its_key_no_parameter_of_the_action(desk: Desk, box: Box) -> None:
    params = {"action": "status", "key": box.key}
    async with desk.session.get(desk.server.url + SERVICE, params=params) as reply:
        await reply.read()
    (shown,) = await box.entries()
    assert (shown["method"], shown["action"], shown["rule"]) == ("GET", "status", "T1")
    assert shown["unread"] == []


@pytest.mark.rule("W11")
@pytest.mark.parametrize(
    ("name", "meant"),
    [("recievers", "receivers"), ("Text", "text"), ("trysend", "trySend"), ("phonebook", "phoneBook")],
)
async def test_a_misspelt_parameter_is_unread_and_the_right_one_is_named(
    box: Box, name: str, meant: str
) -> None:
    shown = await entry(box, {**SEND, name: "1"})
    assert shown["unread"] == [{"name": name, "didYouMean": meant}]


@pytest.mark.rule("W11")
async def test_a_parameter_like_no_other_is_unread_without_a_guess(box: Box) -> None:
    shown = await entry(box, {**SEND, "qqqqqqqqqqqq": "1"})
    assert shown["unread"] == [{"name": "qqqqqqqqqqqq"}]


async def test_parameters_that_the_action_knows_are_not_unread_even_when_it_is_refused(box: Box) -> None:
    known = {**SEND, "phoneBook": "1403", "trySend": "1", "type": "1"}
    assert (await entry(box, known))["unread"] == []
    assert (await entry(box, {**known, "from": "1"}))["unread"] == []
    assert (await entry(box, {**known, "trySend": "99"}))["unread"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"receivers": "9121111111,0912,9122222222"}, ["receiver 2 of 3", "0912"]),
        ({"receivers": "9121111111,9122222222,۰۹۱۲۱۱۱۱۱۱۱"}, ["receiver 3 of 3"]),
        ({"receivers": "912-111-1111"}, ["912-111-1111"]),
        ({"from": "777"}, ["777"]),
        ({"trySend": "11"}, ["trySend"]),
        ({"text": ""}, ["text"]),
        ({"type": "9"}, ["type", "9"]),
        ({"receivers": "9120000113"}, ["9120000113"]),
        ({"text": "x" * 2000}, ["10"]),
    ],
    ids=str,
)
async def test_the_reason_names_the_place(box: Box, change: dict[str, str], words: list[str]) -> None:
    reason = (await entry(box, {**SEND, **change}))["reason"]
    assert [word for word in words if word not in reason] == []


async def test_too_little_credit_is_told_in_numbers(desk: Desk) -> None:
    box = await desk.create(credit=300)
    reason = (await entry(box, SEND))["reason"]
    assert "300" in reason
    assert "1000" in reason


async def test_an_entry_bears_the_time_of_the_accounts_clock(box: Box) -> None:
    await box.advance(90.5)
    assert (await entry(box, SEND))["at"] == "2024-11-01T00:01:30.500Z"


async def test_a_fired_fault_is_named(box: Box) -> None:
    rule = {"when": {"action": "send"}, "then": {"result": "113"}}
    fault = await box.do("POST", "/faults", rule)
    shown = await entry(box, SEND)
    assert (shown["fault"], shown["reply"]["result"]) == (fault["id"], "113")
    assert "fault" not in await entry(box, SEND)


async def test_what_a_fault_did_to_the_status_is_shown(box: Box) -> None:
    await box.do("POST", "/faults", {"when": {}, "then": {"http": 502}})
    assert (await entry(box, SEND))["http"] == 502


async def test_an_undecodable_request_is_an_entry_too(desk: Desk, box: Box) -> None:
    headers = {"Authorization": box.key, "Content-Type": "application/json"}
    async with desk.session.post(desk.server.url + SERVICE, data=b"{", headers=headers) as reply:
        await reply.read()
    (shown,) = await box.entries()
    assert (shown["rule"], shown["reply"], shown["params"]) == ("A6", {"result": "0"}, {})


async def test_a_request_behind_a_shut_gate_is_an_entry_of_its_account(desk: Desk) -> None:
    for key, rule in (("test-key-disabled", "A2"), ("test-key-unverified", "A3"), ("test-key-ip", "A5")):
        assert (await entry(desk.box(key), SEND))["rule"] == rule


async def test_control_requests_are_no_entries(box: Box) -> None:
    await box.read()
    await box.do("POST", "/explain", SEND)
    await box.do("PATCH", "", {"credit": 5})
    assert await box.entries() == []


# Filters


@pytest.fixture
async def four(box: Box) -> list[Any]:
    for params in (SEND, {**SEND, "from": "1"}, {"action": "credit"}, {**SEND, "text": "two"}):
        await box.ask(params)
    return await box.entries()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"action": "send"}, [0, 1, 3]),
        ({"action": "credit"}, [2]),
        ({"action": "status"}, []),
        ({"result": "1"}, [0, 2, 3]),
        ({"result": "106"}, [1]),
        ({"result": "10"}, []),
        ({"action": "send", "result": "1"}, [0, 3]),
        ({"limit": 2}, [2, 3]),
        ({"limit": 1, "action": "credit"}, [2]),
    ],
    ids=str,
)
async def test_entries_are_filtered(
    box: Box, four: list[Any], query: dict[str, Any], found: list[int]
) -> None:
    assert await box.entries(**query) == [four[index] for index in found]


async def test_since_an_entry_means_after_it(box: Box, four: list[Any]) -> None:
    assert await box.entries(since=four[1]["id"]) == four[2:]
    assert await box.entries(since=four[3]["id"]) == []


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "x"), ("limit", "-1"), ("since", "x"), ("text", "a"), ("resul", "1")]
)
async def test_a_query_of_the_journal_that_means_nothing_is_refused(box: Box, name: str, value: str) -> None:
    assert is_problem(await box.call("GET", "/journal", **{name: value}), 400, name)


async def test_a_journal_is_emptied(box: Box, four: list[Any]) -> None:
    assert four
    await box.do("DELETE", "/journal")
    assert (await box.entries(), len(await box.messages())) == ([], 2)
    assert (await entry(box, SEND))["rule"] == "S12"


async def test_the_journal_of_requests_that_opened_no_account_is_emptied(desk: Desk, box: Box) -> None:
    await box.ask(SEND)
    await desk.ask(SEND, "nobody's")
    assert len((await desk.read("/_fake/journal"))["entries"]) == 1
    assert (await desk.call("DELETE", "/_fake/journal")).status == 204
    assert await desk.read("/_fake/journal") == {"entries": [], "dropped": 0}
    assert len(await box.entries()) == 1
    assert is_problem(await desk.call("DELETE", "/_fake/journal", limit=1), 400, "limit")


async def test_a_journal_is_one_accounts_own(desk: Desk, box: Box) -> None:
    other = await desk.create()
    await box.ask(SEND)
    assert await other.entries() == []
    await other.do("DELETE", "/journal")
    assert len(await box.entries()) == 1


async def test_a_journal_keeps_ten_thousand_entries_and_counts_the_rest(desk: Desk, box: Box) -> None:
    await _many(desk.server, box.key, 10_003)
    document = await box.read("/journal")
    assert (document["dropped"], len(document["entries"])) == (3, 10_000)
    assert [document["entries"][at]["action"] for at in (0, -1)] == ["3", "10002"]


async def test_the_journal_of_nobody_is_bounded_too(desk: Desk) -> None:
    await _many(desk.server, "nobody", 10_002)
    document = await desk.read("/_fake/journal", limit=1)
    assert (document["dropped"], len(document["entries"])) == (2, 1)


async def _many(server: Served, key: str, count: int) -> None:
    """So many requests on one connection, all written at once; their actions are 0, 1, 2, …"""
    head = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\nContent-Type: {FORM}\r\n"
    bodies = [f"action={n}" for n in range(count)]
    data = "".join(f"{head}Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies)
    closing = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    await server.raw((data + closing).encode(), to_end=True)


# Requests whose key belongs to no account


async def nobodys(desk: Desk, **query: Any) -> list[Any]:
    found: list[Any] = (await desk.read("/_fake/journal", **query))["entries"]
    return found


@pytest.mark.rule("A1")
@pytest.mark.parametrize("key", [None, "tset-key", "Bearer test-key"])
async def test_a_request_with_no_accounts_key_is_in_the_journal_of_nobody(
    desk: Desk, key: str | None
) -> None:
    await desk.ask(SEND, key)
    (shown,) = await nobodys(desk)
    assert (shown["rule"], shown["reply"], shown["params"]) == ("A1", {"result": "-1"}, SEND)
    for name, kind in ENTRY.items():
        assert isinstance(shown[name], kind), name
    assert await desk.box("test-key").entries() == []


@pytest.mark.rule("A1")
async def test_a_key_in_the_wrong_place_is_told_as_such(desk: Desk) -> None:
    await desk.ask({**SEND, "key": "test-key"}, None)
    (shown,) = await nobodys(desk)
    assert "Authorization" in shown["reason"]


async def test_a_request_with_an_accounts_key_is_not_in_the_journal_of_nobody(desk: Desk, box: Box) -> None:
    await box.ask(SEND)
    assert await desk.read("/_fake/journal") == {"entries": [], "dropped": 0}


async def test_the_journal_of_nobody_is_filtered_too(desk: Desk) -> None:
    for action in ("send", "credit", "send"):
        await desk.ask({"action": action}, "nobody")
    assert [one["action"] for one in await nobodys(desk)] == ["send", "credit", "send"]
    assert len(await nobodys(desk, action="send")) == 2
    assert len(await nobodys(desk, result="-1", limit=1)) == 1
    assert await nobodys(desk, result="1") == []
    assert is_problem(await desk.call("GET", "/_fake/journal", x="1"), 400, "x")


async def test_the_journal_of_nobody_bears_the_real_time(desk: Desk) -> None:
    await desk.ask(SEND, "nobody")
    (shown,) = await nobodys(desk)
    assert datetime.fromisoformat(shown["at"]).timestamp() * 1000 == desk.server.real_ms


async def test_a_request_of_a_removed_account_is_nobodys(desk: Desk, box: Box) -> None:
    await box.do("DELETE", "")
    await box.ask(SEND)
    assert len(await nobodys(desk)) == 1


async def test_a_wrong_method_is_an_entry_of_its_account(desk: Desk, box: Box) -> None:
    async with desk.session.put(desk.server.url + SERVICE, headers={"Authorization": box.key}) as reply:
        await reply.read()
    (shown,) = await box.entries()
    assert (shown["method"], shown["rule"]) == ("PUT", "A4")


async def test_a_multipart_request_is_an_entry_with_its_content_type(desk: Desk, box: Box) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("action", "status")
    headers = {"Authorization": box.key}
    async with desk.session.post(desk.server.url + SERVICE, data=form, headers=headers) as reply:
        await reply.read()
    (shown,) = await box.entries()
    assert shown["contentType"].startswith("multipart/form-data")
    assert shown["params"] == {"action": "status"}
