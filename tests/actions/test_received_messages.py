"""`receivedMessages` (I), and the inbound message that puts its sender on the blacklist (L8)."""

import pytest

from tests.driver import AccountDriver

DAY = 24 * 3600
SENDER = "9121234567"


def received(driver: AccountDriver) -> list[dict[str, str]]:
    reply = driver.ask("receivedMessages")
    assert (reply["result"], driver.rule, set(reply)) == ("1", "I2", {"result", "data"})
    data = reply["data"]
    assert isinstance(data, list)
    return data


def texts(driver: AccountDriver) -> list[str]:
    return [message["text"] for message in received(driver)]


@pytest.mark.rule("I1")
@pytest.mark.parametrize("switch", ["keep", "once"])
def test_without_messages_the_answer_is_401(switch: str) -> None:
    driver = AccountDriver(received=switch)
    assert driver.ask("receivedMessages") == {"result": "401"}
    assert driver.rule == "I1"


@pytest.mark.rule("I2", "I3")
def test_a_message_has_an_id_a_sender_a_line_a_text_and_a_date() -> None:
    driver = AccountDriver()
    driver.deliver(SENDER, "سلام، error?", "30001403")
    expected = {"number": SENDER, "to": "30001403", "text": "سلام، error?", "date": "2024-11-01 03:30:00"}
    assert received(driver) == [{"id": "1", **expected}]


@pytest.mark.rule("I3", "F1", "F2")
@pytest.mark.parametrize("sender", [SENDER, f"0{SENDER}", f"98{SENDER}", f"0098{SENDER}", f"+98{SENDER}"])
def test_a_mobile_sender_is_shown_in_one_notation(sender: str) -> None:
    driver = AccountDriver()
    driver.deliver(sender, "سلام")
    driver.deliver("30001404", "سلام")
    assert [message["number"] for message in received(driver)] == [SENDER, "30001404"]


@pytest.mark.rule("I3")
@pytest.mark.parametrize(
    ("seconds", "date"),
    [
        (1, "2024-11-01 03:30:01"),
        (20 * 3600 + 1799, "2024-11-01 23:59:59"),
        (20 * 3600 + 1800, "2024-11-02 00:00:00"),
        (119 * DAY, "2025-02-28 03:30:00"),
        (120 * DAY, "2025-03-01 03:30:00"),
        (242 * DAY, "2025-07-01 03:30:00"),
    ],
)
def test_the_date_is_that_of_tehran_without_summer_time(seconds: int, date: str) -> None:
    driver = AccountDriver()
    driver.advance(seconds)
    driver.deliver(SENDER, "سلام")
    driver.advance(DAY)
    assert received(driver)[0]["date"] == date


@pytest.mark.rule("I3", "I4", "L6")
@pytest.mark.parametrize("number", [1, 100, 101, 250])
def test_by_default_the_newest_hundred_come_each_time_oldest_first(number: int) -> None:
    driver = AccountDriver()
    for one in range(number):
        driver.deliver(SENDER, str(one))
    newest = [str(one) for one in range(number)][-100:]
    assert texts(driver) == newest
    driver.advance(DAY)
    assert texts(driver) == newest
    assert len({message["id"] for message in received(driver)}) == len(newest)


@pytest.mark.rule("I3", "I4")
def test_with_once_each_message_comes_once_in_readings_of_at_most_a_hundred() -> None:
    driver = AccountDriver(received="once")
    for one in range(250):
        driver.deliver(SENDER, str(one))
    readings = [texts(driver) for _ in range(3)]
    assert [len(reading) for reading in readings] == [100, 100, 50]
    assert [int(text) for reading in readings for text in reading] == list(range(250))
    assert driver.ask("receivedMessages")["result"] == "401"
    driver.deliver(SENDER, "more")
    assert texts(driver) == ["more"]


@pytest.mark.rule("I4", "A2")
def test_a_reading_that_the_gate_refuses_takes_no_message_away() -> None:
    driver = AccountDriver(received="once")
    driver.deliver(SENDER, "یک")
    driver.change(webservice_enabled=False)
    assert driver.ask("receivedMessages")["result"] == "-2"
    driver.change(webservice_enabled=True)
    assert texts(driver) == ["یک"]


@pytest.mark.rule("L8", "L4")
@pytest.mark.parametrize("text", ["لغو11", "لغو۱۱", "لغو١١", " لغو 11", "لغو ۱۱ ", "لغو ١١"])
def test_an_unsubscribing_message_puts_its_sender_on_the_blacklist(text: str) -> None:
    driver = AccountDriver(blacklist=["9122222222"])
    driver.deliver(f"+98{SENDER}", text)
    send_id = driver.send(f"{SENDER},9121111111,9122222222")["sendID"]
    driver.advance(6)
    assert driver.pairs(send_id) == [(2, 5), (2, 3), (2, 5)]
    assert texts(driver) == [text]


@pytest.mark.rule("L8")
@pytest.mark.parametrize(
    ("sender", "text"),
    [(SENDER, text) for text in ("لغو", "لغو12", "11", "لغو1", "لغو111", "سلام")] + [("SPAM", "لغو11")],
)
def test_another_text_or_sender_changes_no_blacklist(sender: str, text: str) -> None:
    driver = AccountDriver()
    driver.deliver(sender, text)
    assert driver.account.blacklist == set()
    assert texts(driver) == [text]


@pytest.mark.rule("L8", "L4")
def test_the_blacklist_stops_neither_service_messages_nor_messages_on_their_way() -> None:
    driver = AccountDriver()
    ids = [driver.send(SENDER)["sendID"]]
    driver.advance(3)
    driver.deliver(SENDER, "لغو11")
    ids += [driver.send_services(SENDER)["sendID"], driver.send_otp(SENDER)["sendID"]]
    driver.advance(3)
    assert [driver.pair(one) for one in ids] == [(2, 3)] * 3
