"""`reportSend` (R): which sends are known, what is reported, and when a send is archived."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.driver import AccountDriver, in_one_panel

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

# A wrong `sendID`, made from the id of a send that exists.
WRONG_IDS: dict[str, Callable[[str], Any]] = {
    "letters": lambda _: "abc",
    "fraction": lambda known: known + ".0",
    "plus": lambda known: "+" + known,
    "blank before": lambda known: " " + known,
    "line break after": lambda known: known + "\n",
    "exponent": lambda known: known + "e0",
    "hexadecimal": lambda known: hex(int(known)),
    "Persian digits": lambda known: known.translate(PERSIAN),
    "two ids": lambda known: known + "," + known,
    "zero": lambda _: "0",
    "negative": lambda known: "-" + known,
    "the next id": lambda known: str(int(known) + 1),
    "the id before": lambda known: str(int(known) - 1),
    "very long": lambda _: "9" * 5000,
    "list": lambda known: [known],
}


@pytest.mark.rule("R1", "W15")
@pytest.mark.parametrize("wrong", WRONG_IDS.values(), ids=WRONG_IDS)
def test_a_wrong_send_id_is_answered_minus_six(wrong: Callable[[str], Any]) -> None:
    driver = AccountDriver()
    known = driver.send()["sendID"]
    assert driver.ask("reportSend", sendID=wrong(known)) == {"result": "-6"}
    assert driver.rule == "R1"


@pytest.mark.rule("R2", "W15")
def test_a_send_id_may_begin_with_zeros() -> None:
    driver = AccountDriver()
    assert driver.report("0" * 80 + driver.send()["sendID"])["count"] == "1"


@pytest.mark.rule("R1", "S12")
def test_no_two_accounts_share_a_send_id_and_each_knows_only_its_own() -> None:
    one, other = AccountDriver(key="one"), AccountDriver(key="other")
    in_one_panel(one, other)
    ids = [driver.send()["sendID"] for driver in (one, other)]
    assert ids == ["1000000001", "2000000001"]
    assert one.ask("reportSend", sendID=ids[1]) == {"result": "-6"}
    assert other.report(ids[1])["count"] == "1"


@pytest.mark.rule("R2")
def test_a_report_is_the_guides_sample() -> None:
    driver = AccountDriver()
    send_id = driver.send("9120000000")["sendID"]
    driver.advance(6)
    assert driver.ask("reportSend", sendID=send_id) == {
        "result": "1",
        "data": {
            "count": "1",
            "archive": "false",
            "receivers": [{"number": "9120000000", "processingStatus": "2", "sendStatus": "3"}],
        },
    }
    assert driver.rule == "R2"


@pytest.mark.rule("R2", "F1", "F2", "F6")
def test_receivers_come_once_each_in_request_order_and_in_one_notation() -> None:
    driver = AccountDriver()
    send_id = driver.send("+989123333333,09121111111, 9122222222 ,9121111111,")["sendID"]
    assert driver.report(send_id)["count"] == "3"
    assert driver.numbers(send_id) == ["9123333333", "9121111111", "9122222222"]


@pytest.mark.rule("R3", "R4")
@pytest.mark.parametrize(
    ("settings", "seconds"), [({}, 259_200), ({"archive_after_seconds": 10}, 10)], ids=["default", "set"]
)
def test_a_send_is_archived_once_it_is_older_than_the_setting(settings: dict[str, int], seconds: int) -> None:
    driver = AccountDriver(**settings)
    send_id = driver.send()["sendID"]
    driver.advance(seconds)
    assert (driver.report(send_id)["archive"], driver.rule) == ("false", "R2")
    driver.advance(0.001)
    assert (driver.report(send_id)["archive"], driver.rule) == ("true", "R3")


@pytest.mark.rule("R4")
def test_the_oldest_sends_beyond_the_number_kept_are_archived() -> None:
    driver = AccountDriver(keep_sends=2)
    ids = [driver.send()["sendID"] for _ in range(2)]
    assert [driver.report(one)["archive"] for one in ids] == ["false", "false"]
    ids += [driver.send()["sendID"] for _ in range(2)]
    assert [driver.report(one)["archive"] for one in ids] == ["true", "true", "false", "false"]


@pytest.mark.rule("R3")
@pytest.mark.parametrize("by", ["age", "number"])
def test_an_archived_send_keeps_its_count_and_no_receivers(by: str) -> None:
    driver = AccountDriver(archive_after_seconds=10, keep_sends=1)
    send_id = driver.send("9121111111,9122222222")["sendID"]
    if by == "age":
        driver.advance(10.001)
    else:
        driver.send()
    archived = {"count": "2", "archive": "true"}
    assert driver.report(send_id) == {**archived, "receivers": []}
    driver.change(archived_receivers="absent")
    assert driver.report(send_id) == archived
    driver.change(archived_receivers="null")
    assert driver.report(send_id) == {**archived, "receivers": None}


@pytest.mark.rule("R4", "M4", "M5", "M6")
@pytest.mark.parametrize("settings", [{"archive_after_seconds": 1}, {"keep_sends": 1}], ids=["age", "number"])
def test_an_archived_send_is_still_refunded(settings: dict[str, int]) -> None:
    driver = AccountDriver(credit=10_000, **settings)
    send_id = driver.send("9120000002,9120000015,9120000000")["sendID"]
    driver.send("9120000000")
    driver.advance(4.999)
    assert driver.report(send_id)["archive"] == "true"
    assert driver.credit() == 10_000 - 4_000 + 1_000
    driver.advance(0.001)
    assert driver.credit() == 10_000 - 4_000 + 2_000
