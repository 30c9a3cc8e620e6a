"""`receivedMessages` (I), and the inbound message that puts its sender on the blacklist (L8)."""

import pytest

from tests.driver import World

DAY = 24 * 3600


def received(world: World) -> list[dict[str, str]]:
    reply = world.ask("receivedMessages")
    assert (reply["result"], world.rule) == ("1", "I2")
    assert set(reply) == {"result", "data"}
    data = reply["data"]
    assert isinstance(data, list)
    return data


def texts(world: World) -> list[str]:
    return [one["text"] for one in received(world)]


@pytest.mark.rule("I1")
@pytest.mark.parametrize("switch", ["keep", "once"])
def test_without_messages_the_answer_is_401(switch: str) -> None:
    world = World(received=switch)
    assert (world.ask("receivedMessages")["result"], world.rule) == ("401", "I1")


@pytest.mark.rule("I2", "I3")
def test_a_received_message_has_five_members() -> None:
    world = World()
    world.deliver("9121234567", "سلام، error?", "30001403")
    (one,) = received(world)
    assert one.pop("id").isdecimal()
    assert one == {
        "number": "9121234567",
        "to": "30001403",
        "text": "سلام، error?",
        "date": "2024-11-01 03:30:00",
    }


@pytest.mark.rule("I3", "F1", "F2")
@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("9121234567", "9121234567"),
        ("09121234567", "9121234567"),
        ("989121234567", "9121234567"),
        ("00989121234567", "9121234567"),
        ("+989121234567", "9121234567"),
        ("30001404", "30001404"),
    ],
)
def test_a_mobile_sender_is_shown_in_one_notation(sender: str, shown: str) -> None:
    world = World()
    world.deliver(sender, "سلام")
    assert received(world)[0]["number"] == shown


@pytest.mark.rule("I3")
def test_a_message_names_the_line_that_received_it() -> None:
    world = World()
    world.deliver("9121234567", "یک", "90001403")
    world.deliver("9121234567", "دو")
    assert received(world)[0]["to"] == "90001403"
    assert received(world)[1]["to"] in {"30001403", "90001403"}


@pytest.mark.rule("I3")
@pytest.mark.parametrize(
    ("seconds", "date"),
    [
        (0, "2024-11-01 03:30:00"),
        (1, "2024-11-01 03:30:01"),
        (20 * 3600 + 1799, "2024-11-01 23:59:59"),
        (20 * 3600 + 1800, "2024-11-02 00:00:00"),
        (119 * DAY, "2025-02-28 03:30:00"),
        (120 * DAY, "2025-03-01 03:30:00"),
        (242 * DAY, "2025-07-01 03:30:00"),
    ],
)
def test_the_date_is_that_of_tehran_without_summer_time(seconds: int, date: str) -> None:
    world = World()
    world.advance(seconds)
    world.deliver("9121234567", "سلام")
    world.advance(DAY)
    assert received(world)[0]["date"] == date


@pytest.mark.rule("I3")
def test_messages_come_oldest_first_with_ids_of_their_own() -> None:
    world = World()
    for number in range(5):
        world.deliver("9121234567", f"پیام {number}")
        world.advance(1)
    assert texts(world) == [f"پیام {number}" for number in range(5)]
    assert len({one["id"] for one in received(world)}) == 5


@pytest.mark.rule("I3", "I4")
@pytest.mark.parametrize("number", [99, 100, 101, 250])
def test_by_default_the_newest_hundred_are_told_each_time(number: int) -> None:
    world = World()
    for one in range(number):
        world.deliver("9121234567", str(one))
    newest = [str(one) for one in range(number)][-100:]
    assert texts(world) == newest
    assert texts(world) == newest


@pytest.mark.rule("I4", "L6")
def test_what_is_kept_is_the_same_at_every_reading() -> None:
    world = World(received="keep")
    world.deliver("9121234567", "سلام")
    first = received(world)
    world.advance(DAY)
    assert received(world) == first


@pytest.mark.rule("I4", "I1")
def test_with_once_each_message_is_handed_out_once() -> None:
    world = World(received="once")
    world.deliver("9121234567", "یک")
    assert texts(world) == ["یک"]
    assert world.ask("receivedMessages")["result"] == "401"
    world.deliver("9121234567", "دو")
    assert texts(world) == ["دو"]
    assert world.ask("receivedMessages")["result"] == "401"


@pytest.mark.rule("I3", "I4")
def test_with_once_more_than_a_hundred_come_in_several_readings_and_none_is_lost() -> None:
    world = World(received="once")
    for one in range(250):
        world.deliver("9121234567", str(one))
    readings = [texts(world) for _ in range(3)]
    assert [len(reading) for reading in readings] == [100, 100, 50]
    assert sorted(int(text) for reading in readings for text in reading) == list(range(250))
    assert all(reading == sorted(reading, key=int) for reading in readings)
    assert world.ask("receivedMessages")["result"] == "401"


@pytest.mark.rule("I4", "A2")
def test_a_reading_that_the_gate_refused_hands_nothing_out() -> None:
    world = World(received="once")
    world.deliver("9121234567", "یک")
    world.change(webservice_enabled=False)
    assert world.ask("receivedMessages")["result"] == "-2"
    world.change(webservice_enabled=True)
    assert texts(world) == ["یک"]


@pytest.mark.rule("L8", "L4")
@pytest.mark.parametrize("text", ["لغو11", "لغو۱۱", "لغو١١", "لغو 11", "لغو ۱۱", "لغو ١١"])
@pytest.mark.parametrize("sender", ["9121234567", "+989121234567"])
def test_a_message_of_cancel_11_puts_its_sender_on_the_blacklist(text: str, sender: str) -> None:
    world = World()
    world.deliver(sender, text)
    send_id = world.send("9121234567,9121111111")["sendID"]
    world.advance(6)
    assert world.pairs(send_id) == [(2, 5), (2, 3)]
    assert texts(world) == [text]


@pytest.mark.rule("L8")
@pytest.mark.parametrize("text", ["لغو", "لغو12", "11", "لغو1", "لغو111", "سلام"])
def test_another_message_does_not(text: str) -> None:
    world = World()
    world.deliver("9121234567", text)
    send_id = world.send("9121234567")["sendID"]
    world.advance(6)
    assert world.pair(send_id) == (2, 3)


@pytest.mark.rule("L8")
def test_a_sender_that_is_no_mobile_number_is_put_on_no_list() -> None:
    world = World()
    world.deliver("SPAM", "لغو11")
    assert world.account.blacklist == set()
    assert texts(world) == ["لغو11"]


@pytest.mark.rule("L8", "L4")
def test_service_messages_reach_who_sent_cancel_11() -> None:
    world = World()
    world.deliver("9121234567", "لغو11")
    ids = [world.send_services("9121234567")["sendID"], world.send_otp("9121234567")["sendID"]]
    world.advance(1)
    assert [world.pair(one) for one in ids] == [(2, 3), (2, 3)]


@pytest.mark.rule("L8", "L6")
def test_a_message_on_its_way_does_not_mind_a_later_cancel_11() -> None:
    world = World()
    send_id = world.send("9121234567")["sendID"]
    world.advance(3)
    world.deliver("9121234567", "لغو11")
    world.advance(3)
    assert world.pair(send_id) == (2, 3)


@pytest.mark.rule("L8")
def test_the_blacklist_keeps_whom_it_had() -> None:
    world = World(blacklist=["9122222222"])
    world.deliver("9121234567", "لغو11")
    send_id = world.send("9121234567,9122222222")["sendID"]
    world.advance(6)
    assert world.pairs(send_id) == [(2, 5), (2, 5)]
