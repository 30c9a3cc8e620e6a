"""Messages as the control plane shows, finds and moves them (CONTROL.md, Control plane; sections L, M, Z)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.control.desk import Box, Desk, is_problem

MESSAGE = {
    "sendID": int,
    "action": str,
    "from": str,
    "text": str,
    "parts": int,
    "alphabet": str,
    "cost": int,
    "acceptedAt": str,
    "receivers": list,
    "codes": list,
}
RECEIVER = {
    "number": str,
    "processingStatus": int,
    "sendStatus": int,
    "attempts": int,
    "cost": int,
    "refunded": bool,
    "history": list,
}
OTP = {"action": "sendOTP", "appID": "test-app", "code": "12345", "receivers": "9121111111"}
PATTERN = {
    "action": "sendServices",
    "from": "90001403",
    "textCode": "1001",
    "textData[code]": "12345",
    "receivers": "9121111111",
}
FINAL = [(2, 3), (2, 4), (2, 5), (2, 6), (2, 7), (4, 2), (5, -2)]


def has(document: dict[str, Any], members: dict[str, type]) -> bool:
    return all(type(document[name]) is kind for name, kind in members.items())


def steps(receiver: dict[str, Any]) -> list[tuple[int, int]]:
    return [(step["processingStatus"], step["sendStatus"]) for step in receiver["history"]]


async def accepted(box: Box, params: dict[str, str]) -> int:
    return int((await box.reply(params))["sendID"])


async def history(box: Box, send_id: int) -> list[tuple[int, int]]:
    (receiver,) = (await box.message(send_id))["receivers"]
    return steps(receiver)


# What a message shows


async def test_an_account_begins_without_messages(box: Box) -> None:
    assert await box.read("/messages") == {"messages": [], "dropped": 0}


async def test_a_message_has_every_documented_member(box: Box) -> None:
    await box.send("9121111111,9122222222", "سلام ۱۲۳۴")
    for params in (PATTERN, OTP):
        await box.reply(params)
    for message in await box.messages():
        assert has(message, MESSAGE)
        assert all(has(receiver, RECEIVER) for receiver in message["receivers"])
        assert all(step.keys() == {"at", "processingStatus", "sendStatus"} for step in _steps_of(message))


def _steps_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for receiver in message["receivers"] for step in receiver["history"]]


async def test_a_message_says_what_was_sent(box: Box) -> None:
    send_id = await box.send("09121111111, +989122222222", "hello " + "x" * 160)
    message = await box.message(send_id)
    shown = {name: message[name] for name in MESSAGE if name not in ("receivers", "codes", "text")}
    assert shown == {
        "sendID": send_id,
        "action": "send",
        "from": "30001403",
        "parts": 2,
        "alphabet": "latin",
        "cost": 8000,
        "acceptedAt": "2024-11-01T00:00:00Z",
    }
    assert message["text"] == "hello " + "x" * 160
    assert [(one["number"], one["cost"]) for one in message["receivers"]] == [
        ("9121111111", 4000),
        ("9122222222", 4000),
    ]


async def test_the_texts_of_patterns_and_codes_are_filled_in(box: Box) -> None:
    pattern, otp = await accepted(box, PATTERN), await accepted(box, OTP)
    shown = [(m["sendID"], m["action"], m["text"], m["alphabet"]) for m in await box.messages()]
    assert shown == [
        (pattern, "sendServices", "کد ورود شما: 12345", "unicode"),
        (otp, "sendOTP", "کد شما: 12345", "unicode"),
    ]


async def test_messages_come_newest_last(box: Box) -> None:
    ids = [await box.send() for _ in range(5)]
    assert await box.ids() == ids == sorted(ids)


async def test_one_message_is_what_the_list_shows(box: Box) -> None:
    await box.send()
    (message,) = await box.messages()
    assert await box.message(message["sendID"]) == message


@pytest.mark.parametrize("send_id", ["1", "10000000002", "x", "-1", "1.5", "%20", "9" * 40])
async def test_an_unknown_message_is_404(box: Box, send_id: str) -> None:
    await box.send()
    for method, sub in (("GET", ""), ("POST", "/approve"), ("POST", "/cancel")):
        assert is_problem(await box.call(method, f"/messages/{send_id}{sub}"), 404)
    force = {"processingStatus": 2, "sendStatus": 3}
    assert is_problem(await box.call("POST", f"/messages/{send_id}/status", force), 404)


async def test_another_accounts_message_is_404(desk: Desk, box: Box) -> None:
    send_id = await (await desk.create()).send()
    assert is_problem(await box.call("GET", f"/messages/{send_id}"), 404)
    assert is_problem(await box.call("POST", f"/messages/{send_id}/cancel"), 404)


@pytest.mark.rule("L3")
async def test_a_history_tells_each_step_and_its_instant_and_nothing_to_come(box: Box) -> None:
    send_id = await box.send()
    await box.advance(3.5)
    (receiver,) = (await box.message(send_id))["receivers"]
    assert receiver["history"] == [
        {"at": "2024-11-01T00:00:00Z", "processingStatus": 0, "sendStatus": -1},
        {"at": "2024-11-01T00:00:01Z", "processingStatus": 1, "sendStatus": -1},
        {"at": "2024-11-01T00:00:02Z", "processingStatus": 2, "sendStatus": -1},
        {"at": "2024-11-01T00:00:03Z", "processingStatus": 2, "sendStatus": 0},
    ]
    assert (receiver["processingStatus"], receiver["sendStatus"]) == (2, 0)


@pytest.mark.rule("L2", "M4")
async def test_attempts_are_counted_and_a_refund_shows(box: Box) -> None:
    send_id = await box.send("9120000002", trySend="2")
    await box.advance(60)
    (receiver,) = (await box.message(send_id))["receivers"]
    assert (receiver["attempts"], receiver["refunded"]) == (3, True)
    assert steps(receiver)[-1] == (4, 2)
    assert await box.credit() == 1_000_000


async def test_a_delivered_message_took_one_attempt_and_no_refund(box: Box) -> None:
    send_id = await box.send()
    await box.advance(60)
    (receiver,) = (await box.message(send_id))["receivers"]
    assert (receiver["attempts"], receiver["refunded"]) == (1, False)


# Codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("code 1234", ["1234"]),
        ("کد شما ۱۲۳۴۵ است", ["12345"]),
        ("رمز ٤٥٦٧٨٩", ["456789"]),
        ("12345678", ["12345678"]),
        ("123", []),
        ("123456789", []),
        ("۱۲۳", []),
        ("۱۲۳۴۵۶۷۸۹", []),
        ("۱۲٣٤56", ["123456"]),
        ("a1234b", ["1234"]),
        ("1234 5678", ["1234", "5678"]),
        ("1234-123-12345", ["1234", "12345"]),
        ("۱۲۳۴ and 5678 and ٩٠١٢", ["1234", "5678", "9012"]),
        ("0000", ["0000"]),
        ("سلام", []),
        ("०१२३४", []),
        ("１２３４", []),
        ("²³¹⁴", []),
    ],
)
async def test_codes_are_runs_of_four_to_eight_digits(box: Box, text: str, codes: list[str]) -> None:
    assert (await box.message(await box.send(text=text)))["codes"] == codes


@pytest.mark.parametrize("code", ["12", "123", "12345", "123456789012", "AB12", "abcdef"])
async def test_for_a_one_time_code_it_is_the_code_that_was_sent(box: Box, code: str) -> None:
    assert (await box.message(await accepted(box, {**OTP, "code": code})))["codes"] == [code]


async def test_digits_of_the_template_are_no_code(desk: Desk) -> None:
    box = await desk.create(
        otp_apps=[{"id": "test-app", "template": "فروشگاه 1403: {code}", "enabled": True}]
    )
    assert (await box.message(await accepted(box, OTP)))["codes"] == ["12345"]


async def test_a_renamed_one_time_code_action_has_its_code_too(desk: Desk) -> None:
    box = await desk.create(otp_names={"action": "otp", "app": "app", "code": "token"})
    params = {"action": "otp", "app": "test-app", "token": "A1", "receivers": "9121111111"}
    assert (await box.message(await accepted(box, params)))["codes"] == ["A1"]


async def test_a_patterns_codes_are_read_from_its_text(box: Box) -> None:
    params = {**PATTERN, "textData[code]": "۹۸۷۶"}
    assert (await box.message(await accepted(box, params)))["codes"] == ["9876"]


# Filters


@pytest.fixture
async def three(box: Box) -> tuple[int, int, int]:
    """Delivered «سلام» to two; a code, delivered; «خداحافظ» just accepted."""
    first = await box.send("9121111111,9120000004", "سلام علی")
    second = await accepted(box, OTP)
    await box.advance(60)
    return first, second, await box.send("9122222222", "خداحافظ علی")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [0, 1, 2]),
        ({"to": "9121111111"}, [0, 1]),
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
        ({"sendStatus": 3}, [0, 1]),
        ({"sendStatus": 4}, [0]),
        ({"sendStatus": -1}, [2]),
        ({"processingStatus": 2, "sendStatus": 4}, [0]),
        ({"processingStatus": 0, "sendStatus": 4}, []),
        ({"limit": 1}, [2]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 100}, [0, 1, 2]),
        ({"text": "علی", "limit": 1}, [2]),
        ({"to": "9121111111", "limit": 1}, [1]),
        ({"to": "9121111111", "text": "علی"}, [0]),
        ({"to": "9121111111", "action": "send", "text": "سلام", "processingStatus": 2, "sendStatus": 3}, [0]),
        ({"to": "9122222222", "action": "sendOTP"}, []),
    ],
    ids=str,
)
async def test_messages_are_filtered(
    box: Box, three: tuple[int, int, int], query: dict[str, Any], found: list[int]
) -> None:
    assert await box.ids(**query) == [three[index] for index in found]


@pytest.mark.parametrize("number", ["09121111111", "989121111111", "00989121111111", "+989121111111"])
async def test_a_number_to_look_for_may_be_written_as_in_a_request(
    box: Box, three: tuple[int, int, int], number: str
) -> None:
    assert await box.ids(to=number) == list(three[:2])


@pytest.mark.parametrize("number", ["912111111", "x", "", "9121111111,9122222222"])
async def test_what_is_no_number_is_not_looked_for(box: Box, number: str) -> None:
    assert is_problem(await box.call("GET", "/messages", to=number), 400, "to", "9121234567")


async def test_both_statuses_must_hold_of_one_receiver(box: Box) -> None:
    send_id = await box.send("9121111111,9120000010")
    await box.advance(60)
    assert await box.pairs(send_id) == [(2, 3), (0, -1)]
    assert await box.ids(processingStatus=2) == await box.ids(sendStatus=-1) == [send_id]
    assert await box.ids(processingStatus=2, sendStatus=-1) == []
    assert await box.ids(processingStatus=0, sendStatus=3) == []
    assert await box.ids(processingStatus=0, sendStatus=-1) == [send_id]


async def test_a_filter_shows_the_whole_message(box: Box) -> None:
    await box.send("9121111111,9122222222")
    (message,) = await box.messages(to="9122222222")
    assert [one["number"] for one in message["receivers"]] == ["9121111111", "9122222222"]


async def test_since_is_exclusive(box: Box) -> None:
    ids = [await box.send() for _ in range(4)]
    for index, send_id in enumerate(ids):
        assert await box.ids(since=send_id) == ids[index + 1 :]
    assert await box.ids(since=0) == ids
    assert await box.ids(since=ids[0], limit=1) == ids[-1:]
    assert await box.ids(since=ids[0], text="no") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "x"),
        ("since", "1.5"),
        ("limit", "x"),
        ("limit", "-1"),
        ("processingStatus", "sent"),
        ("sendStatus", "x"),
        ("wait", "x"),
        ("wait", "-1"),
        ("wait", "61"),
        ("wait", "60.001"),
        ("wait", "nan"),
        ("wait", "inf"),
        ("count", "0"),
        ("count", "x"),
        ("limits", "1"),
        ("sendId", "1"),
    ],
)
async def test_a_query_that_means_nothing_is_refused(box: Box, name: str, value: str) -> None:
    assert is_problem(await box.call("GET", "/messages", **{name: value}), 400, name)


@pytest.mark.parametrize(
    ("name", "nearest"), [("limt", "limit"), ("sendstatus", "sendStatus"), ("txt", "text")]
)
async def test_an_unknown_query_parameter_is_refused_with_the_nearest_name(
    box: Box, name: str, nearest: str
) -> None:
    assert is_problem(await box.call("GET", "/messages", **{name: "1"}), 400, name, nearest)


# What is dropped


@pytest.mark.rule("R4")
async def test_what_is_not_kept_is_counted(desk: Desk) -> None:
    box = await desk.create(keep_sends=2)
    ids = [await box.send() for _ in range(5)]
    document = await box.read("/messages")
    assert [message["sendID"] for message in document["messages"]] == ids[-2:]
    assert document["dropped"] == 3
    assert (await box.call("GET", f"/messages/{ids[0]}")).status == 404


async def test_dropped_does_not_depend_on_the_filters(desk: Desk) -> None:
    box = await desk.create(keep_sends=2)
    for _ in range(3):
        await box.send()
    assert await box.read("/messages", text="nothing") == {"messages": [], "dropped": 1}
    assert (await box.read("/messages", limit=1))["dropped"] == 1


# The monitoring team


async def test_a_held_message_waits_for_approval_and_then_goes_its_way(desk: Desk) -> None:
    box = await desk.create(monitoring="manual")
    send_id = await box.send("9121111111,9122222222")
    await box.advance(3600)
    assert await box.pairs(send_id) == [(0, -1), (0, -1)]
    await box.do("POST", f"/messages/{send_id}/approve")
    await box.advance(60)
    assert await box.pairs(send_id) == [(2, 3), (2, 3)]


async def test_approval_reaches_every_receiver_that_can(desk: Desk) -> None:
    box = await desk.create(monitoring="manual")
    send_id = await box.send("9121111111,9122222222")
    force = {"number": "9121111111", "processingStatus": 2, "sendStatus": 3}
    await box.do("POST", f"/messages/{send_id}/status", force)
    await box.do("POST", f"/messages/{send_id}/approve")
    await box.advance(60)
    assert await box.pairs(send_id) == [(2, 3), (2, 3)]


async def test_a_message_that_is_not_held_cannot_be_approved(box: Box) -> None:
    for params in (PATTERN, OTP):
        send_id = await accepted(box, params)
        before = await box.message(send_id)
        assert is_problem(await box.call("POST", f"/messages/{send_id}/approve"), 409)
        assert await box.message(send_id) == before


async def test_a_message_is_approved_once(desk: Desk) -> None:
    box = await desk.create(monitoring="manual")
    send_id = await box.send()
    await box.do("POST", f"/messages/{send_id}/approve")
    await box.advance(60)
    assert is_problem(await box.call("POST", f"/messages/{send_id}/approve"), 409)


@pytest.mark.rule("M5")
@pytest.mark.parametrize(("seconds", "first"), [(0, (0, -1)), (1, (1, -1))])
async def test_a_message_is_cancelled_and_refunded_at_that_instant(
    box: Box, seconds: float, first: tuple[int, int]
) -> None:
    send_id = await box.send("9121111111,9122222222")
    await box.advance(seconds)
    assert await box.pairs(send_id) == [first, first]
    await box.do("POST", f"/messages/{send_id}/cancel")
    receivers = (await box.message(send_id))["receivers"]
    assert [(steps(one)[-1], one["refunded"]) for one in receivers] == [((5, -2), True)] * 2
    assert {one["history"][-1]["at"] for one in receivers} == {await box.now()}
    assert await box.credit() == 1_000_000
    await box.advance(3600)
    assert await box.pairs(send_id) == [(5, -2), (5, -2)]


async def test_a_held_a_queued_and_a_scheduled_receiver_can_be_cancelled(box: Box) -> None:
    send_id = await box.send("9120000010,9120000011,9120000013,9121111111")
    await box.advance(60)
    assert await box.pairs(send_id) == [(0, -1), (1, -1), (3, -1), (2, 3)]
    await box.do("POST", f"/messages/{send_id}/cancel")
    assert await box.pairs(send_id) == [(5, -2), (5, -2), (5, -2), (2, 3)]
    assert await box.credit() == 999_000


@pytest.mark.parametrize("seconds", [2, 3, 4, 6])
async def test_a_message_that_has_gone_cannot_be_cancelled(box: Box, seconds: float) -> None:
    send_id = await box.send()
    await box.advance(seconds)
    before = await box.message(send_id)
    assert is_problem(await box.call("POST", f"/messages/{send_id}/cancel"), 409)
    assert await box.message(send_id) == before


async def test_a_message_is_cancelled_once(box: Box) -> None:
    send_id = await box.send()
    await box.do("POST", f"/messages/{send_id}/cancel")
    assert is_problem(await box.call("POST", f"/messages/{send_id}/cancel"), 409)
    assert await box.credit() == 1_000_000


# Statuses by force


@pytest.mark.rule("L1")
@pytest.mark.parametrize(
    ("target", "path"),
    [
        ((1, -1), [(1, -1)]),
        ((2, -1), [(1, -1), (2, -1)]),
        ((2, 0), [(1, -1), (2, -1), (2, 0)]),
        ((2, 1), [(1, -1), (2, -1), (2, 0), (2, 1)]),
        ((2, 2), [(1, -1), (2, -1), (2, 2)]),
        ((2, 3), [(1, -1), (2, -1), (2, 0), (2, 1), (2, 3)]),
        ((2, 4), [(1, -1), (2, -1), (2, 0), (2, 1), (2, 4)]),
        ((2, 5), [(1, -1), (2, -1), (2, 0), (2, 5)]),
        ((2, 6), [(1, -1), (2, -1), (2, 0), (2, 1), (2, 6)]),
        ((2, 7), [(1, -1), (2, -1), (2, 7)]),
        ((4, 2), [(4, 2)]),
        ((5, -2), [(5, -2)]),
    ],
)
async def test_a_status_is_reached_along_the_shortest_path_at_this_instant(
    box: Box, target: tuple[int, int], path: list[tuple[int, int]]
) -> None:
    send_id = await box.send()
    await box.advance(0.5)
    await force(box, send_id, target)
    (receiver,) = (await box.message(send_id))["receivers"]
    assert steps(receiver) == [(0, -1), *path]
    assert {step["at"] for step in receiver["history"][1:]} == {"2024-11-01T00:00:00.500Z"}


async def force(box: Box, send_id: int, pair: tuple[int, int], **more: Any) -> None:
    body = {"processingStatus": pair[0], "sendStatus": pair[1], **more}
    await box.do("POST", f"/messages/{send_id}/status", body)


async def refuses(box: Box, send_id: int, pair: tuple[int, int]) -> bool:
    body = {"processingStatus": pair[0], "sendStatus": pair[1]}
    before = await box.message(send_id)
    answer = await box.call("POST", f"/messages/{send_id}/status", body)
    return is_problem(answer, 409) and await box.message(send_id) == before


@pytest.mark.parametrize("pair", [(1, -1), (2, -1), (2, 0), (2, 1)])
async def test_a_forced_pair_that_is_not_final_stays(box: Box, pair: tuple[int, int]) -> None:
    send_id = await box.send()
    await force(box, send_id, pair)
    await box.advance(200_000)
    assert await box.pair(send_id) == pair


@pytest.mark.parametrize("pair", FINAL)
async def test_from_a_final_pair_nothing_is_reachable(box: Box, pair: tuple[int, int]) -> None:
    send_id = await box.send()
    await force(box, send_id, pair)
    for other in [(0, -1), (1, -1), (3, -1), (2, 1), *FINAL]:
        assert other == pair or await refuses(box, send_id, other)


@pytest.mark.parametrize(
    ("number", "present"), [(None, "(0,-1), (2,3)"), ("9121111111", "(2,3)"), ("09122222222", "(0,-1)")]
)
async def test_a_refusal_says_where_the_receivers_are(box: Box, number: str | None, present: str) -> None:
    send_id = await box.send(receivers="9121111111,9122222222")
    await force(box, send_id, (2, 3), number="9121111111")
    body = {"processingStatus": 3, "sendStatus": -1, **({"number": number} if number else {})}
    answer = await box.call("POST", f"/messages/{send_id}/status", body)
    assert answer.json["detail"] == f"(3,-1) cannot be reached any more from {present}"


async def test_what_lies_behind_is_not_reachable(box: Box) -> None:
    send_id = await box.send()
    await box.advance(4)
    for pair in [(0, -1), (1, -1), (2, -1), (2, 0), (3, -1), (2, 5), (2, 7), (5, -2), (2, 2), (4, 2)]:
        assert await refuses(box, send_id, pair)


async def test_a_scheduled_pair_is_not_reachable_from_any_other(box: Box) -> None:
    assert await refuses(box, await box.send(), (3, -1))


async def test_with_tries_left_a_failed_attempt_leads_back_to_the_queue(box: Box) -> None:
    tried, untried = await box.send(trySend="1"), await box.send()
    await box.advance(3)
    await force(box, tried, (1, -1))
    assert (await history(box, tried))[-3:] == [(2, 0), (2, 2), (1, -1)]
    assert await refuses(box, untried, (1, -1))


async def test_one_number_is_moved_alone(box: Box) -> None:
    send_id = await box.send("9121111111,9122222222")
    await force(box, send_id, (2, 4), number="9122222222")
    assert await box.pairs(send_id) == [(0, -1), (2, 4)]
    await box.advance(60)
    assert await box.pairs(send_id) == [(2, 3), (2, 4)]


async def test_without_a_number_every_receiver_is_moved(box: Box) -> None:
    send_id = await box.send("9121111111,9122222222")
    await force(box, send_id, (2, 4))
    assert await box.pairs(send_id) == [(2, 4), (2, 4)]


async def test_forcing_a_return_refunds_once(box: Box) -> None:
    send_id = await box.send("9121111111,9122222222")
    await force(box, send_id, (4, 2), number="9121111111")
    assert await box.credit() == 999_000
    assert [one["refunded"] for one in (await box.message(send_id))["receivers"]] == [True, False]


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({}, "processingStatus"),
        ({"processingStatus": 2}, "sendStatus"),
        ({"sendStatus": 3}, "processingStatus"),
        ({"processingStatus": "2", "sendStatus": 3}, "processingStatus"),
        ({"processingStatus": True, "sendStatus": 3}, "processingStatus"),
        ({"processingStatus": 2, "sendStatus": 3.5}, "sendStatus"),
        ({"processingStatus": 9, "sendStatus": 3}, "processingStatus"),
        ({"processingStatus": 2, "sendStatus": 9}, "sendStatus"),
        ({"processingStatus": 2, "sendStatus": 3, "numbr": "9121111111"}, "number"),
        ({"processingStatus": 2, "sendStatus": 3, "number": 5}, "number"),
        ({"processingStatus": 2, "sendStatus": 3, "number": "12"}, "number"),
    ],
    ids=str,
)
async def test_a_status_that_is_none_is_refused_by_its_member(box: Box, body: Any, member: str) -> None:
    send_id = await box.send()
    before = await box.message(send_id)
    assert is_problem(await box.call("POST", f"/messages/{send_id}/status", body), 400, member)
    assert await box.message(send_id) == before


async def test_a_number_that_the_message_did_not_go_to_moves_nothing(box: Box) -> None:
    send_id = await box.send()
    body = {"processingStatus": 2, "sendStatus": 3, "number": "9129999999"}
    answer = await box.call("POST", f"/messages/{send_id}/status", body)
    assert is_problem(answer, answer.status, "number")
    assert answer.status in (400, 404, 409)
    assert await box.pair(send_id) == (0, -1)


async def test_a_pair_that_is_not_of_the_graph_moves_nothing(box: Box) -> None:
    send_id = await box.send()
    body = {"processingStatus": 5, "sendStatus": 3}
    answer = await box.call("POST", f"/messages/{send_id}/status", body)
    assert is_problem(answer, answer.status)
    assert answer.status in (400, 409)
    assert await box.pair(send_id) == (0, -1)


async def test_the_service_reports_what_was_forced(box: Box) -> None:
    send_id = await box.send()
    await force(box, send_id, (2, 5))
    reply = await box.reply({"action": "reportSend", "sendID": str(send_id)})
    assert reply["data"]["receivers"] == [
        {"number": "9121111111", "processingStatus": "2", "sendStatus": "5"}
    ]


async def test_times_are_iso_8601_in_utc(desk: Desk) -> None:
    box = await desk.create(clock="real")
    message = await box.message(await box.send())
    assert message["acceptedAt"].endswith("Z")
    assert datetime.fromisoformat(message["acceptedAt"]).utcoffset() == timedelta(0)
