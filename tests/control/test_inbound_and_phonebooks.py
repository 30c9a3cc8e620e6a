"""Messages that arrive at an account's line, and its phonebooks (CONTROL.md, Control plane; I, L8, N)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.control.desk import Box, Desk, is_problem

RECEIVED = {"action": "receivedMessages"}


async def arrives(box: Box, text: str = "سلام", **more: Any) -> Any:
    return await box.do("POST", "/inbound", {"from": "9121111111", "text": text, **more})


@pytest.mark.rule("I1", "I2", "I3")
async def test_what_arrives_is_received(box: Box) -> None:
    assert await box.reply(RECEIVED) == {"result": "401"}
    await arrives(box)
    reply = await box.reply(RECEIVED)
    (message,) = reply["data"]
    assert reply["result"] == "1"
    assert {**message, "id": None} == {
        "id": None,
        "number": "9121111111",
        "to": "30001403",
        "text": "سلام",
        "date": "2024-11-01 03:30:00",
    }


@pytest.mark.rule("I3")
async def test_messages_are_received_oldest_first_at_the_accounts_time(box: Box) -> None:
    await arrives(box, "one")
    await box.advance(90)
    await arrives(box, "two")
    data = (await box.reply(RECEIVED))["data"]
    assert [(one["text"], one["date"]) for one in data] == [
        ("one", "2024-11-01 03:30:00"),
        ("two", "2024-11-01 03:31:30"),
    ]


async def test_a_message_may_arrive_at_any_line_of_the_account(box: Box) -> None:
    await arrives(box, to="90001403")
    assert [one["to"] for one in (await box.reply(RECEIVED))["data"]] == ["90001403"]


async def test_a_sender_is_written_as_the_panel_writes_numbers(box: Box) -> None:
    await box.do("POST", "/inbound", {"from": "+989121111111", "text": "a"})
    await box.do("POST", "/inbound", {"from": "BANK", "text": "a"})
    assert [one["number"] for one in (await box.reply(RECEIVED))["data"]] == ["9121111111", "BANK"]


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({}, "from"),
        ({"from": "9121111111"}, "text"),
        ({"text": "a"}, "from"),
        ({"from": 5, "text": "a"}, "from"),
        ({"from": "9121111111", "text": 5}, "text"),
        ({"from": "9121111111", "text": None}, "text"),
        ({"from": "9121111111", "text": "a", "to": "777"}, "to"),
        ({"from": "9121111111", "text": "a", "to": 30001403}, "to"),
        ({"from": "9121111111", "txt": "a"}, "`text`"),
    ],
    ids=str,
)
async def test_an_arrival_that_is_none_is_refused_by_its_member(box: Box, body: Any, member: str) -> None:
    assert is_problem(await box.call("POST", "/inbound", body), 400, member)
    assert await box.reply(RECEIVED) == {"result": "401"}


async def test_what_arrives_is_nobody_elses(desk: Desk, box: Box) -> None:
    other = await desk.create()
    await arrives(box)
    assert await other.reply(RECEIVED) == {"result": "401"}


@pytest.mark.rule("L8")
@pytest.mark.parametrize("text", ["لغو11", "لغو۱۱", "لغو ١١", "لغو 11"])
async def test_a_cancellation_puts_its_sender_on_the_blacklist(box: Box, text: str) -> None:
    await arrives(box, text)
    assert (await box.read())["blacklist"] == ["9121111111"]
    send_id = await box.send()
    await box.advance(60)
    assert await box.pair(send_id) == (2, 5)


async def test_arrivals_cost_nothing_and_are_no_sent_messages(box: Box) -> None:
    await arrives(box)
    assert (await box.credit(), await box.messages()) == (1_000_000, [])


async def test_the_phonebooks_show_their_contacts_and_fields(box: Box) -> None:
    fields = '{"FYa12346":"1360/06/06","FMjUyMjUz":"علی","F1":"x"}'
    params = {"action": "newContact", "phoneId": "1403", "cNumber": "09121111111", "cFields": fields}
    await box.reply(params)
    (book,) = (await box.read("/phonebooks"))["phonebooks"]
    assert book["id"] == 1403
    assert book["contacts"] == [
        {"number": "9121111111", "fields": {"FYa12346": "1360/06/06", "FMjUyMjUz": "علی"}}
    ]


@pytest.mark.rule("N5")
async def test_an_updated_contact_stays_one(box: Box) -> None:
    params = {"action": "newContact", "phoneId": "1403", "cNumber": "9121111111"}
    for name in ("علی", "رضا"):
        await box.reply({**params, "cFields": f'{{"FMjUyMjUz":"{name}"}}'})
    (book,) = (await box.read("/phonebooks"))["phonebooks"]
    assert book["contacts"] == [{"number": "9121111111", "fields": {"FMjUyMjUz": "رضا"}}]


async def test_a_send_may_store_its_receivers(box: Box) -> None:
    await box.send("9121111111,9122222222", phoneBook="1403")
    (book,) = (await box.read("/phonebooks"))["phonebooks"]
    assert [contact["number"] for contact in book["contacts"]] == ["9121111111", "9122222222"]


async def test_the_phonebooks_of_the_settings_are_shown(desk: Desk) -> None:
    books = [
        {"id": 5, "name": "پنج", "contacts": [{"number": "9121111111", "fields": {"FMjUyMjUz": "a"}}]},
        {"id": 6, "name": "شش", "contacts": []},
    ]
    box = await desk.create(phonebooks=books)
    assert await box.read("/phonebooks") == {"phonebooks": books}


async def test_phonebooks_are_nobody_elses(desk: Desk, box: Box) -> None:
    other = await desk.create()
    before = await other.read("/phonebooks")
    await box.send(phoneBook="1403")
    assert await other.read("/phonebooks") == before


async def test_an_arrival_is_dated_by_a_real_clock_too(desk: Desk) -> None:
    box = await desk.create(clock="real")
    await arrives(box)
    (message,) = (await box.reply(RECEIVED))["data"]
    tehran = datetime.fromisoformat(await box.now()) + timedelta(hours=3.5)
    assert message["date"] == tehran.strftime("%Y-%m-%d %H:%M:%S")
