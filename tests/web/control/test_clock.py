"""The clock of an account: freeze it, let it run, advance it, set it, give it a speed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.web.control_client import NUMBER, AccountClient, ControlClient, assert_problem, pair_of
from tests.web.serving import REAL_MS

START = {"now": "2024-11-01T00:00:00Z", "frozen": True, "speed": 1}


async def now(account: AccountClient) -> datetime:
    return datetime.fromisoformat(await account.now())


async def seconds_since(account: AccountClient, start: datetime) -> float:
    return (await now(account) - start) / timedelta(seconds=1)


@pytest.fixture
async def running(control: ControlClient) -> AccountClient:
    """An account whose clock follows the real time."""
    return await control.create_account(key="running", clock="real")


# Frozen and running


async def test_a_frozen_clock_stands_at_its_start_until_it_runs_from_there(
    control: ControlClient, account: AccountClient
) -> None:
    start = await now(account)
    assert await account.get("/clock") == START
    control.server.pass_time(86_400_000)
    assert await account.get("/clock") == START
    await account.command("POST", "/clock", {"freeze": False})
    assert await now(account) == start
    control.server.pass_time(2500)
    assert await seconds_since(account, start) == 2.5


async def test_a_running_clock_shows_the_real_time_until_it_is_frozen(
    control: ControlClient, running: AccountClient
) -> None:
    assert (await now(running)).timestamp() * 1000 == REAL_MS
    control.server.pass_time(1234)
    for _ in range(2):
        frozen = await running.command("POST", "/clock", {"freeze": True})
        control.server.pass_time(5000)
        assert frozen["frozen"]
        assert (await now(running)).timestamp() * 1000 == REAL_MS + 1234


# Advance and set


@pytest.mark.rule("L3", "L6")
async def test_a_change_is_seen_from_the_millisecond_at_which_it_is_due(account: AccountClient) -> None:
    send_id, start = await account.send(), await now(account)
    for _ in range(9):
        await account.advance(0.1)
    await account.advance(0.099)
    assert (await account.pairs(send_id), await seconds_since(account, start)) == ([(0, -1)], 0.999)
    await account.advance(0.001)
    assert (await account.pairs(send_id), await seconds_since(account, start)) == ([(1, -1)], 1)


async def test_a_running_clock_is_moved_and_runs_on(control: ControlClient, running: AccountClient) -> None:
    start = await now(running)
    await running.advance(3600)
    control.server.pass_time(1000)
    assert await seconds_since(running, start) == 3601
    await running.command("POST", "/clock", {"set": "2031-02-03T04:05:06.789Z"})
    control.server.pass_time(1)
    assert await running.now() == "2031-02-03T04:05:06.790Z"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2031-02-03T04:05:06.789Z", "2031-02-03T04:05:06.789Z"),
        ("2025-01-01T03:30:00+03:30", "2025-01-01T00:00:00Z"),
        ("2025-01-01", "2025-01-01T00:00:00Z"),
        ("2024-11-01T00:00:00Z", "2024-11-01T00:00:00Z"),
    ],
)
async def test_time_is_set_to_an_instant(account: AccountClient, written: str, shown: str) -> None:
    assert (await account.command("POST", "/clock", {"set": written}))["now"] == shown == await account.now()


async def test_time_does_not_go_back(account: AccountClient) -> None:
    for instant in ("2024-10-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "2024-11-01T03:29:59+03:30"):
        response = await account.request("POST", "/clock", {"set": instant})
        assert_problem(response, 409, "it is 2024-11-01T00:00:00Z", member="set")
    for seconds in (-1, -0.001, -86_400):
        response = await account.request("POST", "/clock", {"advance": seconds})
        assert_problem(response, 409, member="advance")
    assert await account.get("/clock") == START


WRONG_COMMANDS: list[tuple[str, dict[str, Any]]] = [
    *(("advance", {"advance": value}) for value in ("1", None, True, 1e300, [1])),
    *(
        ("set", {"set": value})
        for value in ("tomorrow", 5, "2024-13-01T00:00:00Z", "2030-02-30", "2030-01-01T25:00:00Z", "")
    ),
    ("set", {"set": "۲۰۳۰-۰۱-۰۱T00:00:00Z"}),
    ("set", {"set": "2024-11-02T00:00:00Z", "advance": 5}),
    *(("speed", {"speed": value}) for value in (0, -1, "fast", True)),
    ("speed", {"advance": 5, "speed": "x"}),
    *(("freeze", {"freeze": value}) for value in ("yes", 1, None)),
    ("frozen", {"frozen": True}),
    ("advnce", {"freeze": False, "advnce": 1}),
]


async def test_a_wrong_command_is_refused_and_moves_nothing(account: AccountClient) -> None:
    for member, command in WRONG_COMMANDS:
        response = await account.request("POST", "/clock", command)
        assert (response.status, response.json.get("member")) == (400, member), command
    assert await account.get("/clock") == START


async def test_an_unknown_member_is_refused_with_the_nearest_name(account: AccountClient) -> None:
    assert_problem(await account.request("POST", "/clock", {"advnce": 1}), 400, "`advance`")


# Speed


async def test_a_clock_runs_with_its_speed_and_keeps_what_has_passed(
    control: ControlClient, running: AccountClient
) -> None:
    start = await now(running)
    passed = []
    for speed in (60, 1, 0.5):
        await running.command("POST", "/clock", {"speed": speed})
        control.server.pass_time(2000)
        passed.append(await seconds_since(running, start))
    assert passed == [120, 122, 123]


async def test_an_advance_is_in_seconds_whatever_the_speed(running: AccountClient) -> None:
    start = await now(running)
    await running.command("POST", "/clock", {"speed": 60})
    await running.advance(5)
    assert await seconds_since(running, start) == 5


async def test_a_frozen_clock_takes_its_speed_once_it_runs(
    control: ControlClient, account: AccountClient
) -> None:
    start = await now(account)
    await account.command("POST", "/clock", {"speed": 60})
    control.server.pass_time(1000)
    assert await now(account) == start
    await account.command("POST", "/clock", {"freeze": False})
    control.server.pass_time(1000)
    assert await seconds_since(account, start) == 60


# The status changes that a command lists


async def test_an_advance_lists_the_status_changes_on_the_way_once(account: AccountClient) -> None:
    send_id = await account.send()
    answer = await account.advance(2.5)
    assert (answer["now"], answer["total"]) == ("2024-11-01T00:00:02.500Z", 2)
    change = {"sendID": send_id, "number": NUMBER, "sendStatus": -1}
    assert answer["changes"] == [
        {**change, "at": "2024-11-01T00:00:01Z", "processingStatus": 1},
        {**change, "at": "2024-11-01T00:00:02Z", "processingStatus": 2},
    ]
    assert [(await account.advance(seconds))["total"] for seconds in (0, 1.5, 2, 2)] == [0, 2, 1, 0]


async def test_the_changes_are_those_of_the_histories_in_the_order_of_time(account: AccountClient) -> None:
    await account.send("9121111111,9120000021,9120000002", trySend="1")
    await account.advance(0.7)
    await account.send("9120000015,9120000013")
    await account.ask("sendOTP")
    changes = (await account.advance(7200))["changes"]
    times = [datetime.fromisoformat(change["at"]) for change in changes]
    assert times == sorted(times)
    listed = {(one["sendID"], one["number"], one["at"], pair_of(one)) for one in changes}
    assert listed == {
        (message["sendID"], receiver["number"], step["at"], pair_of(step))
        for message in await account.messages()
        for receiver in message["receivers"]
        for step in receiver["history"][1:]
    }


@pytest.mark.parametrize(("receivers", "shown", "total"), [(200, 1000, 1000), (300, 1000, 1500)])
async def test_at_most_the_first_thousand_changes_are_shown_and_all_are_counted(
    account: AccountClient, receivers: int, shown: int, total: int
) -> None:
    await account.send(",".join(str(9_121_000_000 + n) for n in range(receivers)))
    answer = await account.advance(60)
    assert (len(answer["changes"]), answer["total"]) == (shown, total)
    assert {pair_of(change) for change in answer["changes"][:receivers]} == {(1, -1)}
