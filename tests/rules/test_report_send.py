"""`reportSend` (R): which sends are known, what is told of them, and when they are archived."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.driver import World
from tests.rules.default_keys import DefaultKeys

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

# What stands in `sendID`, made of the id of a send that exists.
NOT_RIGHT: dict[str, Callable[[str], Any]] = {
    "absent": lambda _: None,
    "empty": lambda _: "",
    "blanks": lambda _: "  ",
    "letters": lambda _: "abc",
    "fraction": lambda known: known + ".0",
    "plus": lambda known: "+" + known,
    "blank before": lambda known: " " + known,
    "blank after": lambda known: known + " ",
    "line break after": lambda known: known + "\n",
    "underscore": lambda known: known[:-1] + "_" + known[-1],
    "exponent": lambda known: known + "e0",
    "hexadecimal": lambda known: hex(int(known)),
    "persian digits": lambda known: known.translate(PERSIAN),
    "arabic digits": lambda known: known.translate(ARABIC),
    "two ids": lambda known: known + "," + known,
    "zero": lambda _: "0",
    "negative": lambda known: "-" + known,
    "next": lambda known: str(int(known) + 1),
    "before": lambda known: str(int(known) - 1),
    "very long": lambda _: "9" * 5000,
    "true": lambda _: True,
    "list": lambda known: [known],
    "object": lambda known: {"id": known},
}


@pytest.mark.rule("R1", "W9", "W15")
@pytest.mark.parametrize("made", NOT_RIGHT.values(), ids=NOT_RIGHT)
def test_a_send_id_that_is_not_right_is_answered_minus_six(made: Callable[[str], Any]) -> None:
    world = World()
    known = world.send()["sendID"]
    reply = world.ask("reportSend", sendID=made(known))
    assert (reply["result"], world.rule) == ("-6", "R1")
    assert "data" not in reply
    assert (world.credit(), world.pair(known)) == (999_000, (0, -1))


@pytest.mark.rule("R1")
def test_another_accounts_send_id_is_answered_minus_six() -> None:
    keys = DefaultKeys()
    theirs = keys.send("test-key-manual")["sendID"]
    assert keys.ask("test-key-manual", "reportSend", sendID=theirs)["result"] == "1"
    assert keys.ask("test-key", "reportSend", sendID=theirs)["result"] == "-6"
    assert keys.rule == "R1"


@pytest.mark.rule("R1", "S12")
def test_no_two_accounts_share_a_send_id() -> None:
    keys = DefaultKeys()
    ids = [keys.send(key)["sendID"] for key in ["test-key", "test-key-manual", "test-key-no-phonebook"] * 3]
    assert len(set(ids)) == len(ids)
    assert {int(one) // 10**9 for one in ids[:3]} == {int(one) // 10**9 for one in ids}
    assert len({int(one) // 10**9 for one in ids}) == 3


@pytest.mark.rule("R2")
def test_a_report_is_the_guides_sample_to_the_letter() -> None:
    world = World()
    send_id = world.send("9120000000")["sendID"]
    world.advance(6)
    assert world.ask("reportSend", sendID=send_id) == {
        "result": "1",
        "data": {
            "count": "1",
            "archive": "false",
            "receivers": [{"number": "9120000000", "processingStatus": "2", "sendStatus": "3"}],
        },
    }
    assert world.rule == "R2"


@pytest.mark.rule("R2", "W8")
def test_a_send_id_may_be_a_json_number() -> None:
    world = World()
    send_id = int(world.send()["sendID"])
    assert world.ask("reportSend", sendID=send_id)["result"] == "1"


@pytest.mark.rule("R2", "F1", "F2", "F6")
def test_receivers_come_once_each_in_request_order_and_in_one_notation() -> None:
    world = World()
    send_id = world.send("+989123333333,09121111111, 9122222222 ,9121111111,")["sendID"]
    data = world.ask("reportSend", sendID=send_id)["data"]
    assert data["count"] == "3"
    assert [one["number"] for one in data["receivers"]] == ["9123333333", "9121111111", "9122222222"]


@pytest.mark.rule("R2")
def test_every_kind_of_send_can_be_reported() -> None:
    world = World()
    for reply in (world.send(), world.send_services(), world.send_otp()):
        report = world.ask("reportSend", sendID=reply["sendID"])
        assert (report["result"], report["data"]["count"], world.rule) == ("1", "1", "R2")


@pytest.mark.rule("R4", "R2", "R3")
@pytest.mark.parametrize(
    ("settings", "seconds"), [({}, 259_200), ({"archive_after_seconds": 10}, 10)], ids=["default", "set"]
)
def test_a_send_is_archived_when_it_is_older_than_the_setting(settings: dict[str, int], seconds: int) -> None:
    world = World(**settings)
    send_id = world.send()["sendID"]
    world.advance(seconds)
    assert world.ask("reportSend", sendID=send_id)["data"]["archive"] == "false"
    assert world.rule == "R2"
    world.advance(0.001)
    assert world.ask("reportSend", sendID=send_id)["data"]["archive"] == "true"
    assert world.rule == "R3"


@pytest.mark.rule("R4")
def test_the_oldest_sends_beyond_the_number_kept_are_archived() -> None:
    world = World(keep_sends=2)
    ids = [world.send()["sendID"] for _ in range(5)]
    archived = [world.ask("reportSend", sendID=one)["data"]["archive"] for one in ids]
    assert archived == ["true", "true", "true", "false", "false"]


@pytest.mark.rule("R4")
def test_as_many_sends_as_are_kept_are_not_archived() -> None:
    world = World(keep_sends=2)
    ids = [world.send()["sendID"] for _ in range(2)]
    assert [world.ask("reportSend", sendID=one)["data"]["archive"] for one in ids] == ["false", "false"]


@pytest.mark.rule("R3")
@pytest.mark.parametrize(
    ("settings", "receivers"),
    [
        ({}, {"receivers": []}),
        ({"archived_receivers": "empty"}, {"receivers": []}),
        ({"archived_receivers": "absent"}, {}),
        ({"archived_receivers": "null"}, {"receivers": None}),
    ],
    ids=["default", "empty", "absent", "null"],
)
@pytest.mark.parametrize("by", ["age", "number"])
def test_an_archived_send_keeps_its_count_and_no_receivers(
    settings: dict[str, Any], receivers: dict[str, Any], by: str
) -> None:
    world = World(archive_after_seconds=10, keep_sends=1, **settings)
    send_id = world.send("9121111111,9122222222")["sendID"]
    if by == "age":
        world.advance(10.001)
    else:
        world.send()
    reply = world.ask("reportSend", sendID=send_id)
    assert reply == {"result": "1", "data": {"count": "2", "archive": "true", **receivers}}
    assert world.rule == "R3"


@pytest.mark.rule("R3")
def test_the_switch_works_on_sends_that_are_archived_already() -> None:
    world = World(archive_after_seconds=10)
    send_id = world.send()["sendID"]
    world.advance(11)
    world.change(archived_receivers="absent")
    assert "receivers" not in world.ask("reportSend", sendID=send_id)["data"]


@pytest.mark.rule("R4", "M4", "M5", "M6")
@pytest.mark.parametrize("settings", [{"archive_after_seconds": 1}, {"keep_sends": 1}], ids=["age", "number"])
def test_what_is_archived_is_refunded_all_the_same(settings: dict[str, int]) -> None:
    world = World(credit=10_000, **settings)
    send_id = world.send("9120000002,9120000015,9120000000")["sendID"]
    world.send("9120000000")
    world.advance(4.999)
    assert world.ask("reportSend", sendID=send_id)["data"]["archive"] == "true"
    assert world.credit() == 10_000 - 4_000 + 1_000
    world.advance(0.001)
    assert world.credit() == 10_000 - 4_000 + 2_000


@pytest.mark.rule("R2", "L6")
def test_a_send_that_was_refused_leaves_no_report() -> None:
    world, other = World(), World()
    assert world.send("abc")["result"] == "105"
    assert world.send()["sendID"] == other.send()["sendID"]
