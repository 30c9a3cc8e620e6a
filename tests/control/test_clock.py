"""An account's clock: frozen, moved, set and sped up (CONTROL.md, Control plane; L3, L6)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.control.desk import Box, Desk, is_problem, opened
from tests.web.http import REAL_MS

START = datetime.fromisoformat("2024-11-01T00:00:00+00:00")


async def _now(box: Box) -> datetime:
    now = await box.now()
    assert now.endswith("Z")
    return datetime.fromisoformat(now)


async def _passed(box: Box, since: datetime = START) -> timedelta:
    return await _now(box) - since


@pytest.fixture
async def real(desk: Desk) -> Box:
    return await desk.create(clock="real")


async def test_a_frozen_clock_begins_at_its_known_instant_and_stands_still(desk: Desk, box: Box) -> None:
    assert await _now(box) == START
    desk.server.pass_time(86_400_000)
    assert await _now(box) == START


async def test_a_real_clock_shows_and_follows_the_real_time(desk: Desk, real: Box) -> None:
    assert (await _now(real)).timestamp() * 1000 == REAL_MS
    desk.server.pass_time(1234)
    assert (await _now(real)).timestamp() * 1000 == REAL_MS + 1234


async def test_freezing_stops_time_where_it_is(desk: Desk, real: Box) -> None:
    desk.server.pass_time(5000)
    await real.do("POST", "/clock", {"freeze": True})
    desk.server.pass_time(5000)
    assert (await _now(real)).timestamp() * 1000 == REAL_MS + 5000


async def test_a_thawed_clock_runs_on_from_where_it_stood(desk: Desk, box: Box) -> None:
    desk.server.pass_time(5000)
    await box.do("POST", "/clock", {"freeze": False})
    assert await _now(box) == START
    desk.server.pass_time(2500)
    assert await _passed(box) == timedelta(seconds=2.5)


async def test_freezing_twice_is_freezing_once(desk: Desk, real: Box) -> None:
    for _ in range(2):
        await real.do("POST", "/clock", {"freeze": True})
        desk.server.pass_time(1000)
    assert (await _now(real)).timestamp() * 1000 == REAL_MS


@pytest.mark.rule("L3")
async def test_ten_advances_of_a_tenth_are_one_second(box: Box) -> None:
    send_id = await box.send()
    for _ in range(9):
        await box.advance(0.1)
    assert (await box.pair(send_id), await _passed(box)) == ((0, -1), timedelta(seconds=0.9))
    await box.advance(0.1)
    assert (await box.pair(send_id), await _passed(box)) == ((1, -1), timedelta(seconds=1))


@pytest.mark.rule("L3")
async def test_a_change_is_visible_from_the_millisecond_at_which_it_is_due(box: Box) -> None:
    send_id = await box.send()
    await box.advance(0.999)
    assert await box.pair(send_id) == (0, -1)
    await box.advance(0.001)
    assert await box.pair(send_id) == (1, -1)


async def test_a_running_clock_can_be_advanced_too_and_runs_on(desk: Desk, real: Box) -> None:
    start = await _now(real)
    await real.advance(3600)
    desk.server.pass_time(1000)
    assert await _passed(real, start) == timedelta(seconds=3601)


async def test_an_advance_by_nothing_is_allowed(box: Box) -> None:
    answer = await box.advance(0)
    assert (answer["now"], answer["changes"], answer["total"]) == ("2024-11-01T00:00:00Z", [], 0)


@pytest.mark.parametrize("clock", ["real", "frozen"])
async def test_time_is_set_forward(desk: Desk, clock: str) -> None:
    box = await desk.create(clock=clock)
    send_id = await box.send()
    await box.do("POST", "/clock", {"set": "2031-02-03T04:05:06.789Z"})
    assert await box.now() == "2031-02-03T04:05:06.789Z"
    assert await box.pair(send_id) == (2, 3)


async def test_an_iso_time_with_an_offset_means_that_instant(box: Box) -> None:
    await box.do("POST", "/clock", {"set": "2025-01-01T03:30:00+03:30"})
    assert await _now(box) == datetime.fromisoformat("2025-01-01T00:00:00+00:00")


async def test_time_is_set_to_the_instant_that_it_is(box: Box) -> None:
    await box.do("POST", "/clock", {"set": "2024-11-01T00:00:00Z"})
    assert await _now(box) == START


@pytest.mark.parametrize(
    "instant", ["2024-10-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "2024-11-01T03:29:59+03:30"]
)
async def test_time_never_goes_backwards(box: Box, instant: str) -> None:
    assert is_problem(await box.call("POST", "/clock", {"set": instant}), 409, "set")
    assert await _now(box) == START


@pytest.mark.parametrize("seconds", [-1, -0.001, -86_400])
async def test_time_is_not_advanced_backwards_either(box: Box, seconds: float) -> None:
    assert is_problem(await box.call("POST", "/clock", {"advance": seconds}), 409, "advance")
    assert await _now(box) == START


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("advance", "1"),
        ("advance", None),
        ("advance", True),
        ("advance", 1e300),
        ("advance", [1]),
        ("set", "tomorrow"),
        ("set", 5),
        ("set", "2024-13-01T00:00:00Z"),
        ("set", ""),
        ("speed", 0),
        ("speed", -1),
        ("speed", "fast"),
        ("speed", True),
        ("freeze", "yes"),
        ("freeze", 1),
        ("freeze", None),
        ("frozen", True),
        ("advnce", 1),
    ],
)
async def test_what_no_clock_can_do_is_refused(box: Box, member: str, value: Any) -> None:
    assert is_problem(await box.call("POST", "/clock", {member: value}), 400, member)
    assert await box.read("/clock") == {"now": "2024-11-01T00:00:00Z", "frozen": True, "speed": 1}


async def test_time_is_not_set_and_advanced_at_once(box: Box) -> None:
    both = {"set": "2024-11-02T00:00:00Z", "advance": 5}
    assert is_problem(
        await box.call("POST", "/clock", both), 400, "set and advance cannot be combined", '"member": "set"'
    )
    assert (await box.read("/clock"))["now"] == "2024-11-01T00:00:00Z"


async def test_a_bad_member_beside_a_good_one_moves_nothing(box: Box) -> None:
    assert is_problem(await box.call("POST", "/clock", {"advance": 5, "speed": "x"}), 400, "speed")
    assert is_problem(await box.call("POST", "/clock", {"freeze": False, "advanec": 5}), 400, "`advance`")
    assert await box.read("/clock") == {"now": "2024-11-01T00:00:00Z", "frozen": True, "speed": 1}


async def test_an_unknown_member_of_the_clock_is_refused_with_the_nearest_name(box: Box) -> None:
    assert is_problem(await box.call("POST", "/clock", {"advnce": 1}), 400, "`advance`")


async def test_speed_makes_a_minute_of_each_second(desk: Desk, real: Box) -> None:
    start = await _now(real)
    await real.do("POST", "/clock", {"speed": 60})
    assert await _now(real) == start
    desk.server.pass_time(2000)
    assert await _passed(real, start) == timedelta(minutes=2)


async def test_a_change_of_speed_keeps_what_has_passed(desk: Desk, real: Box) -> None:
    start = await _now(real)
    await real.do("POST", "/clock", {"speed": 60})
    desk.server.pass_time(1000)
    await real.do("POST", "/clock", {"speed": 1})
    desk.server.pass_time(1000)
    assert await _passed(real, start) == timedelta(seconds=61)


async def test_a_speed_may_be_below_one(desk: Desk, real: Box) -> None:
    start = await _now(real)
    await real.do("POST", "/clock", {"speed": 0.5})
    desk.server.pass_time(3000)
    assert await _passed(real, start) == timedelta(seconds=1.5)


async def test_speed_waits_until_a_frozen_clock_is_thawed(desk: Desk, box: Box) -> None:
    await box.do("POST", "/clock", {"speed": 60})
    desk.server.pass_time(1000)
    assert await _now(box) == START
    await box.do("POST", "/clock", {"freeze": False})
    desk.server.pass_time(1000)
    assert await _passed(box) == timedelta(seconds=60)


async def test_an_advance_is_in_seconds_whatever_the_speed(real: Box) -> None:
    start = await _now(real)
    await real.do("POST", "/clock", {"speed": 60})
    await real.advance(5)
    assert await _passed(real, start) == timedelta(seconds=5)


@pytest.mark.rule("L3")
async def test_an_advance_tells_what_happened(box: Box) -> None:
    send_id = await box.send()
    answer = await box.advance(2.5)
    assert answer["now"] == "2024-11-01T00:00:02.500Z"
    change = {"sendID": send_id, "number": "9121111111", "sendStatus": -1}
    assert answer["changes"] == [
        {**change, "at": "2024-11-01T00:00:01Z", "processingStatus": 1},
        {**change, "at": "2024-11-01T00:00:02Z", "processingStatus": 2},
    ]
    assert answer["total"] == 2


async def test_what_happened_is_told_once(box: Box) -> None:
    await box.send()
    told = [len((await box.advance(seconds))["changes"]) for seconds in (2, 2, 2, 2)]
    assert told == [2, 2, 1, 0]


async def test_what_happened_comes_in_the_order_of_time(box: Box) -> None:
    await box.send("9121111111,9122222222,9120000002", trySend="1")
    await box.advance(0.7)
    await box.send("9120000015,9120000013")
    await box.reply({"action": "sendOTP", "appID": "test-app", "code": "12", "receivers": "9121111111"})
    answer = await box.advance(7200)
    times = [datetime.fromisoformat(change["at"]) for change in answer["changes"]]
    assert times == sorted(times)
    assert answer["total"] == len(times)


async def test_what_happened_is_what_the_histories_say(box: Box) -> None:
    await box.send("9120000021,9120000002", trySend="1")
    answer = await box.advance(60)
    (message,) = await box.messages()
    told = {(c["number"], c["at"], c["processingStatus"], c["sendStatus"]) for c in answer["changes"]}
    written = {
        (receiver["number"], step["at"], step["processingStatus"], step["sendStatus"])
        for receiver in message["receivers"]
        for step in receiver["history"][1:]
    }
    assert told == written


async def test_at_most_the_first_thousand_changes_are_shown_but_all_are_counted(box: Box) -> None:
    numbers = ",".join(str(9_121_000_000 + n) for n in range(300))
    await box.send(numbers)
    answer = await box.advance(60)
    assert (len(answer["changes"]), answer["total"]) == (1000, 1500)
    assert {change["processingStatus"] for change in answer["changes"][:300]} == {1}
    assert answer["changes"][-1]["at"] == "2024-11-01T00:00:04Z"


async def test_exactly_a_thousand_changes_are_all_shown(box: Box) -> None:
    await box.send(",".join(str(9_121_000_000 + n) for n in range(200)))
    answer = await box.advance(60)
    assert (len(answer["changes"]), answer["total"]) == (1000, 1000)


async def test_what_happened_names_no_other_accounts_messages(desk: Desk, box: Box) -> None:
    await (await desk.create()).send()
    assert (await box.advance(60))["total"] == 0


async def test_one_accounts_clock_is_no_others(desk: Desk, box: Box) -> None:
    other = await desk.create()
    await box.advance(3600)
    await box.do("POST", "/clock", {"freeze": False, "speed": 60})
    assert await other.read("/clock") == {"now": "2024-11-01T00:00:00Z", "frozen": True, "speed": 1}


@pytest.mark.rule("L6")
@settings(max_examples=20)
@given(st.lists(st.integers(0, 9000), min_size=1, max_size=5))
async def test_advancing_in_steps_is_advancing_at_once(steps_ms: list[int]) -> None:
    async with opened() as desk:
        one, other = await desk.create(), await desk.create()
        happened = []
        for box in (one, other):
            await box.send("9121111111,9120000021,9120000002,9120000015", trySend="1")
        for step_ms in steps_ms:
            happened += (await one.advance(step_ms / 1000))["changes"]
        at_once = (await other.advance(sum(steps_ms) / 1000))["changes"]
        assert await one.now() == await other.now()
        assert [_nameless(change) for change in happened] == [_nameless(change) for change in at_once]


def _nameless(change: dict[str, Any]) -> dict[str, Any]:
    return {**change, "sendID": 0}
