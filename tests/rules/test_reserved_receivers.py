"""Reserved receivers (Z): outcomes and refusals that can be read in the number."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.driver import World
from tests.rules.model_of_life import (
    DAY,
    HOUR,
    REFUNDED,
    TIMELINES,
    Life,
    accept,
    assert_lives,
    life,
    offsets_of,
    pause_of,
)

FATES = {
    0: "delivered",
    1: "reached",
    2: "unreached",
    3: "delivered",
    4: "undelivered",
    5: "blacklisted",
    6: "expired",
    7: "rejected",
    10: "held",
    11: "queued",
    13: "scheduled",
    15: "cancelled",
    **{20 + failing: f"fails {failing}" for failing in range(1, 10)},
}
CODES: dict[str, list[int]] = {
    "send": [103, 104, 105, 106, 107, 108, 109, 112, 113, 114],
    "sendServices": [603, 604, 605, 606, 607, 608, 609],
    "sendOTP": [103, 104, 105, 108, 109, 151, 152, 153, 154],
}
ROWS = [(action, code) for action, codes in CODES.items() for code in codes]


def number(nnn: int) -> str:
    return f"9120000{nnn:03}"


def call(world: World, action: str, receivers: str, **params: Any) -> dict[str, Any]:
    sends: dict[str, Callable[..., dict[str, Any]]] = {
        "send": world.send,
        "sendServices": world.send_services,
        "sendOTP": world.send_otp,
    }
    return sends[action](receivers, **params)


# Outcomes


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9", "L3", "L7")
@pytest.mark.parametrize(
    ("nnn", "kind", "timeline"),
    [
        one
        for one in itertools.product(FATES, ["ordinary", "pattern", "OTP"], TIMELINES)
        if one != (15, "ordinary", "instant")
    ],
)
def test_a_reserved_receiver_lives_as_its_number_says(nnn: int, kind: str, timeline: str) -> None:
    world = World(timeline=timeline)
    expected = life(FATES[nnn], offsets_of(timeline, kind), 0, pause_of(timeline))
    assert_lives(world, accept(world, kind, number(nnn)), expected)


@pytest.mark.rule("Z8", "L3")
def test_under_instant_an_ordinary_message_is_cancelled_after_one_second_too() -> None:
    world = World(timeline="instant")
    send_id = accept(world, "ordinary", number(15))
    assert world.pair(send_id) in [(0, -1), (1, -1)]
    world.advance(0.999)
    assert world.pair(send_id) in [(0, -1), (1, -1)]
    world.advance(0.001)
    assert world.pair(send_id) == (5, -2)


@pytest.mark.rule("Z3", "Z9", "L2", "L3")
@pytest.mark.parametrize("timeline", TIMELINES)
@pytest.mark.parametrize("kind", ["ordinary", "pattern"])
@pytest.mark.parametrize("tries", [0, 1, 2, 8, 9, 10])
@pytest.mark.parametrize("nnn", [2, *range(21, 30)])
def test_failing_attempts_are_repeated_as_often_as_asked(
    nnn: int, tries: int, kind: str, timeline: str
) -> None:
    world = World(timeline=timeline)
    expected = life(FATES[nnn], offsets_of(timeline, kind), tries, pause_of(timeline))
    assert_lives(world, accept(world, kind, number(nnn), tries), expected)
    refunded = nnn == 2 or tries < nnn - 20
    assert world.credit() == (1_000_000 if refunded else 999_000)


BY_HAND: dict[str, tuple[int, int, Life]] = {
    "002 without a new try": (
        2,
        0,
        [
            (0, (0, -1)),
            (1000, (1, -1)),
            (2000, (2, -1)),
            (3000, (2, 0)),
            (4000, (2, 2)),
            (5000, (4, 2)),
        ],
    ),
    "021 with one new try": (
        21,
        1,
        [
            (0, (0, -1)),
            (1000, (1, -1)),
            (2000, (2, -1)),
            (3000, (2, 0)),
            (4000, (2, 2)),
            (5000, (1, -1)),
            (6000, (2, -1)),
            (7000, (2, 0)),
            (8000, (2, 1)),
            (10_000, (2, 3)),
        ],
    ),
    "022 with one new try": (
        22,
        1,
        [
            (0, (0, -1)),
            (1000, (1, -1)),
            (2000, (2, -1)),
            (3000, (2, 0)),
            (4000, (2, 2)),
            (5000, (1, -1)),
            (6000, (2, -1)),
            (7000, (2, 0)),
            (8000, (2, 2)),
            (9000, (4, 2)),
        ],
    ),
}


@pytest.mark.rule("L2", "L3", "Z3", "Z9")
@pytest.mark.parametrize(("nnn", "tries", "expected"), BY_HAND.values(), ids=BY_HAND)
def test_the_steps_of_new_tries_written_out(nnn: int, tries: int, expected: Life) -> None:
    world = World()
    assert_lives(world, accept(world, "ordinary", number(nnn), tries), expected)


@pytest.mark.rule("L2", "L3", "Z9")
def test_the_steps_of_a_pattern_messages_new_try_written_out() -> None:
    world = World()
    expected: Life = [
        (0, (1, -1)),
        (200, (2, -1)),
        (400, (2, 0)),
        (600, (2, 2)),
        (1600, (1, -1)),
        (1800, (2, -1)),
        (2000, (2, 0)),
        (2200, (2, 1)),
        (2400, (2, 3)),
    ]
    assert_lives(world, accept(world, "pattern", number(21), 1), expected)


@pytest.mark.rule("L2", "M4", "Z3")
@pytest.mark.parametrize(("tries", "returned_at"), [(0, 5), (1, 9), (2, 13), (10, 45)])
def test_the_refund_comes_with_the_return_and_is_the_whole_cost(tries: int, returned_at: int) -> None:
    world = World()
    world.send(number(2), text="s" * 161, trySend=tries)
    world.advance(returned_at - 0.001)
    assert world.credit() == 1_000_000 - 4000
    world.advance(0.001)
    assert world.credit() == 1_000_000
    world.advance(3600)
    assert world.credit() == 1_000_000


@pytest.mark.rule("L2", "Z4", "M5")
@pytest.mark.parametrize("nnn", [4, 5, 6, 7])
def test_what_reached_the_telecom_is_neither_tried_again_nor_refunded(nnn: int) -> None:
    world = World()
    assert_lives(
        world, accept(world, "ordinary", number(nnn), 5), life(FATES[nnn], offsets_of("default", "ordinary"))
    )
    assert world.credit() == 999_000


@pytest.mark.rule("Z8", "M5")
@pytest.mark.parametrize("kind", ["ordinary", "pattern", "OTP"])
def test_a_cancelled_receiver_is_refunded_after_one_second(kind: str) -> None:
    world = World()
    accept(world, kind, number(15))
    world.advance(0.999)
    assert world.credit() == 999_000
    world.advance(0.001)
    assert world.credit() == 1_000_000


@pytest.mark.rule("Z7", "M5")
def test_a_scheduled_receiver_is_paid_for_from_the_start() -> None:
    world = World()
    accept(world, "ordinary", number(13))
    assert world.credit() == 999_000
    world.advance(2 * HOUR / 1000)
    assert world.credit() == 999_000


@pytest.mark.rule("Z4", "L7")
@pytest.mark.parametrize("validity", [60, 86_400, 100_000])
def test_an_expired_receiver_ends_when_its_time_has_passed(validity: int) -> None:
    world = World(validity_seconds=validity)
    expected = life("expired", offsets_of("default", "ordinary"), validity=validity * 1000)
    assert_lives(world, accept(world, "ordinary", number(6)), expected)


@pytest.mark.rule("Z2", "L7")
def test_a_receiver_that_stays_at_reached_does_not_expire() -> None:
    world = World(validity_seconds=60)
    send_id = accept(world, "ordinary", number(1))
    world.advance(DAY / 1000)
    assert world.pair(send_id) == (2, 1)


@pytest.mark.rule("Z1", "Z3", "Z4", "Z8", "M4", "M5")
def test_every_receiver_of_a_send_has_a_life_of_its_own() -> None:
    world = World(validity_seconds=100)
    send_id = world.send(",".join(number(nnn) for nnn in FATES), trySend=4)["sendID"]
    world.advance(7200)
    pairs = dict(zip(FATES, world.pairs(send_id), strict=True))
    ends = {nnn: life(fate, offsets_of("default", "ordinary"), 4)[-1][1] for nnn, fate in FATES.items()}
    assert pairs == ends
    returned = sum(pair in REFUNDED for pair in ends.values())
    assert world.credit() == 1_000_000 - 1000 * (len(FATES) - returned)


@pytest.mark.rule("Z1", "F2")
@pytest.mark.parametrize("prefix", ["0", "98", "0098", "+98"])
def test_a_reserved_receiver_may_be_written_in_any_notation(prefix: str) -> None:
    world = World()
    send_id = accept(world, "ordinary", prefix + number(4))
    world.advance(6)
    assert world.pair(send_id) == (2, 4)
    assert call(world, "send", prefix + number(109))["result"] == "109"


@pytest.mark.rule("Z1", "Z10", "L4")
@pytest.mark.parametrize(
    "nnn", [8, 9, 12, 14, 16, 17, 18, 19, 20, 30, 100, 102, 110, 111, 115, 602, 610, 999]
)
def test_numbers_in_between_are_like_any_other(nnn: int) -> None:
    world = World(outcomes={"undelivered": 1})
    send_id = accept(world, "ordinary", number(nnn))
    world.advance(6)
    assert world.pair(send_id) == (2, 4)


@pytest.mark.rule("Z1", "Z10", "L4")
@pytest.mark.parametrize("receiver", ["9120001002", "9120001109", "9130000002", "9220000109", "9121000002"])
def test_numbers_outside_the_reserved_thousand_are_like_any_other(receiver: str) -> None:
    world = World()
    send_id = accept(world, "ordinary", receiver)
    world.advance(6)
    assert world.pair(send_id) == (2, 3)


# Refusals


@pytest.mark.rule("Z10", "M6")
@pytest.mark.parametrize(("action", "code"), ROWS)
def test_a_reserved_receiver_refuses_the_whole_request(action: str, code: int) -> None:
    world, untouched = World(), World()
    reply = call(world, action, number(code))
    assert (reply["result"], world.rule) == (str(code), "Z10")
    assert set(reply) <= {"result", "description"}
    assert world.credit() == 1_000_000
    assert call(world, action, "9121111111") == call(untouched, action, "9121111111")


@pytest.mark.rule("Z10", "S10")
def test_an_error_at_the_operator_is_described() -> None:
    reply = World().send(number(112))
    assert reply["result"] == "112"
    assert reply["description"].strip()


@pytest.mark.rule("Z10")
@pytest.mark.parametrize("action", CODES)
def test_the_codes_of_another_action_mean_nothing(action: str) -> None:
    others = {code for codes in CODES.values() for code in codes} - set(CODES[action])
    for code in sorted(others):
        world = World()
        assert call(world, action, number(code))["result"] == "1"


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(
    ("receivers", "result"),
    [
        ("9120000113,9120000109", "113"),
        ("9120000109,9120000113", "109"),
        ("9121111111,9120000107,9120000106", "107"),
        ("9120000002,9120000114", "114"),
        ("9120000603,9120000112", "112"),
    ],
)
def test_the_first_such_receiver_counts(receivers: str, result: str) -> None:
    world = World()
    assert (world.send(receivers)["result"], world.rule) == (result, "Z10")
    assert world.credit() == 1_000_000


BEFORE: dict[str, tuple[dict[str, Any], str, dict[str, Any], str]] = {
    "no text": ({}, "send", {"text": None}, "0"),
    "bad trySend": ({}, "send", {"trySend": "11"}, "0"),
    "unknown type": ({}, "send", {"type": "9"}, "103"),
    "no access to the type": ({}, "send", {"type": "2"}, "104"),
    "sending not verified": ({"sending_verified": False}, "send", {}, "114"),
    "no textCode": ({}, "sendServices", {"textCode": None}, "0"),
    "unknown service line": ({}, "sendServices", {"from_": "1"}, "603"),
    "no appID": ({}, "sendOTP", {"appID": None}, "0"),
    "OTP of no access to the type": ({}, "sendOTP", {"type": "2"}, "104"),
}


@pytest.mark.rule("Z10", "S1", "S2", "S3", "S4", "P1", "P2", "O1", "O2")
@pytest.mark.parametrize(("settings", "action", "params", "result"), BEFORE.values(), ids=BEFORE)
def test_the_rules_before_the_receivers_come_first(
    settings: dict[str, Any], action: str, params: dict[str, Any], result: str
) -> None:
    world = World(**settings)
    code = {"send": 113, "sendServices": 608, "sendOTP": 154}[action]
    assert call(world, action, number(code), **params)["result"] == result
    assert world.rule != "Z10"


AFTER: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "unknown line": ({}, "send", {"from_": "1"}),
    "blank text": ({}, "send", {"text": "   "}),
    "billing": ({"billing_ok": False}, "send", {}),
    "credit": ({"credit": 0}, "send", {}),
    "many receivers": ({}, "sendServices", {"receivers": "9120000608,9121111111"}),
    "unknown pattern": ({}, "sendServices", {"textCode": "9"}),
    "variables": ({}, "sendServices", {"textData": None}),
    "service billing": ({"billing_ok": False}, "sendServices", {}),
    "unknown application": ({}, "sendOTP", {"appID": "nobody"}),
    "bad code": ({}, "sendOTP", {"code": "؟"}),
    "short code": ({}, "sendOTP", {"code": "1"}),
}


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(("settings", "action", "params"), AFTER.values(), ids=AFTER)
def test_a_reserved_receiver_wins_over_all_later_rules(
    settings: dict[str, Any], action: str, params: dict[str, Any]
) -> None:
    world = World(**settings)
    code = {"send": 113, "sendServices": 604, "sendOTP": 105}[action]
    receivers = params.get("receivers", number(code))
    rest = {name: value for name, value in params.items() if name != "receivers"}
    reply = call(world, action, receivers, **rest)
    assert (reply["result"], world.rule) == (receivers[7:10], "Z10")


@pytest.mark.rule("Z10", "B1")
def test_the_phonebook_operation_does_not_run() -> None:
    world = World()
    assert "phoneBook" not in world.send("9121111111,9120000109", phoneBook=1403)
    assert world.send("9121111111", phoneBook=1403)["phoneBook"] == "1"


@pytest.mark.rule("Z10")
def test_a_bulk_request_is_refused_as_a_whole() -> None:
    world = World()
    receivers = "9121111111,9120000605"
    reply = world.send_services(receivers, textCode=1002, textData={"name": "ع", "amount": "1"})
    assert (reply["result"], world.rule) == ("605", "Z10")
    assert world.credit() == 1_000_000


# The setting


@pytest.mark.rule("Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9")
@pytest.mark.parametrize("nnn", FATES)
def test_switched_off_no_number_has_a_fate_of_its_own(nnn: int) -> None:
    world = World(reserved_receivers=False)
    expected = life("delivered", offsets_of("default", "ordinary"))
    assert_lives(world, accept(world, "ordinary", number(nnn)), expected)


@pytest.mark.rule("Z10")
@pytest.mark.parametrize(("action", "code"), ROWS)
def test_switched_off_no_number_refuses(action: str, code: int) -> None:
    assert call(World(reserved_receivers=False), action, number(code))["result"] == "1"


@pytest.mark.rule("Z3", "L4", "L6")
def test_a_message_on_its_way_keeps_its_reserved_fate() -> None:
    world = World()
    send_id = accept(world, "ordinary", number(4))
    world.change(reserved_receivers=False)
    world.advance(6)
    assert world.pair(send_id) == (2, 4)
