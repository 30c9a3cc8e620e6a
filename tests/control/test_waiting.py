"""Waiting for messages and requests instead of asking again and again (CONTROL.md, Control plane).

Waits end by the loop's own time; what an account's running clock shows is the server's `real_ms`.
"""

import asyncio
from typing import Any

import pytest

from tests.control.desk import Answer, Box, Desk, is_problem
from tests.web.http import REAL_MS, Served

LONG = 60


async def begun(box: Box, sub: str = "/messages", **query: Any) -> "asyncio.Task[Answer]":
    """A request that waits; it has reached the server when this returns."""
    waiting = asyncio.create_task(box.call("GET", sub, **{"wait": LONG, **query}))
    for _ in range(3):
        await box.desk.read("/_fake/health")
    return waiting


def found(answer: Answer) -> list[int]:
    return [message["sendID"] for message in answer.json["messages"]]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real time that accounts see passes as the loop's does."""

    def real_ms(_: Served) -> int:
        return REAL_MS + int(asyncio.get_running_loop().time() * 1000)

    monkeypatch.setattr(Served, "real_ms", property(real_ms, lambda _, __: None))


async def test_what_is_there_already_is_answered_at_once(box: Box) -> None:
    ids = [await box.send(), await box.send()]
    assert await box.ids(wait=LONG) == ids
    assert await box.ids(wait=LONG, count=2) == ids
    assert await box.ids(wait=LONG, count=1, text="سلام", limit=1) == ids[1:]


async def test_a_later_request_ends_the_wait(box: Box) -> None:
    waiting = await begun(box)
    assert not waiting.done()
    send_id = await box.send()
    assert found(await waiting) == [send_id]


async def test_without_a_count_it_waits_for_one(box: Box) -> None:
    waiting = await begun(box, text="two")
    await box.send(text="one")
    assert not waiting.done()
    send_id = await box.send(text="two")
    assert found(await waiting) == [send_id]


async def test_it_waits_until_as_many_match_as_are_asked_for(box: Box) -> None:
    waiting = await begun(box, count=3, to="9121111111")
    ids = [await box.send(), await box.send()]
    await box.send("9122222222")
    await box.desk.read("/_fake/health")
    assert not waiting.done()
    ids.append(await box.send())
    assert found(await waiting) == ids


async def test_messages_before_since_do_not_count(box: Box) -> None:
    first = await box.send()
    waiting = await begun(box, since=first)
    assert not waiting.done()
    second = await box.send()
    assert found(await waiting) == [second]


async def test_a_message_of_another_account_does_not_end_the_wait(desk: Desk, box: Box) -> None:
    other = await desk.create()
    waiting = await begun(box)
    await other.send()
    await desk.read("/_fake/health")
    assert not waiting.done()
    await box.send()
    assert (await waiting).status == 200


async def test_a_refused_request_does_not_end_the_wait_for_a_message(box: Box) -> None:
    waiting = await begun(box)
    await box.reply({"action": "send"})
    await box.desk.read("/_fake/health")
    assert not waiting.done()
    await box.send()
    assert (await waiting).status == 200


async def test_when_the_time_is_over_it_answers_with_what_there_is(box: Box) -> None:
    assert await box.read("/messages", wait=0.02) == {"messages": [], "dropped": 0}
    send_id = await box.send()
    assert await box.ids(wait=0.02, count=2) == [send_id]


async def test_no_time_to_wait_is_an_answer_at_once(box: Box) -> None:
    assert await box.read("/messages", wait=0) == {"messages": [], "dropped": 0}


async def test_the_time_to_wait_is_real_time_whatever_the_accounts_clock(desk: Desk, box: Box) -> None:
    waiting = await begun(box)
    await box.advance(3600)
    desk.server.pass_time(3_600_000)
    await desk.read("/_fake/health")
    assert not waiting.done()
    await box.send()
    assert (await waiting).status == 200


async def test_an_advance_that_makes_it_true_ends_the_wait(box: Box) -> None:
    send_id = await box.send()
    waiting = await begun(box, sendStatus=3)
    await box.advance(5.999)
    await box.desk.read("/_fake/health")
    assert not waiting.done()
    await box.advance(0.001)
    assert found(await waiting) == [send_id]


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("cancel", None, {"processingStatus": 5}),
        ("status", {"processingStatus": 2, "sendStatus": 7}, {"sendStatus": 7}),
    ],
)
async def test_a_command_that_makes_it_true_ends_the_wait(
    box: Box, command: str, body: Any, status: dict[str, Any]
) -> None:
    send_id = await box.send()
    waiting = await begun(box, **status)
    await box.do("POST", f"/messages/{send_id}/{command}", *([] if body is None else [body]))
    assert found(await waiting) == [send_id]


@pytest.mark.usefixtures("running")
async def test_a_status_that_time_brings_ends_the_wait(desk: Desk) -> None:
    quick = {"ordinary": [0, 0.01, 0.02, 0.03, 0.04, 0.05], "pattern": [0, 0, 0, 0, 0]}
    box = await desk.create(clock="real", timeline=quick)
    send_id = await box.send()
    assert await box.ids(wait=LONG, processingStatus=2, sendStatus=3) == [send_id]


@pytest.mark.usefixtures("running")
async def test_a_status_that_sped_up_time_brings_ends_the_wait(desk: Desk) -> None:
    box = await desk.create(clock="real")
    await box.do("POST", "/clock", {"speed": 100})
    ids = [await box.send(), await box.send("9120000002", trySend="1")]
    assert await box.ids(wait=LONG, processingStatus=2, sendStatus=3) == ids[:1]
    assert await box.ids(wait=LONG, processingStatus=4) == ids[1:]


@pytest.mark.usefixtures("running")
async def test_a_clock_that_is_sped_up_while_somebody_waits_ends_the_wait(desk: Desk) -> None:
    box = await desk.create(clock="real", timeline="slow")
    send_id = await box.send()
    waiting = await begun(box, sendStatus=3)
    assert not waiting.done()
    await box.do("POST", "/clock", {"speed": 10_000})
    assert found(await waiting) == [send_id]


@pytest.mark.usefixtures("running")
async def test_a_clock_that_is_thawed_while_somebody_waits_ends_the_wait(desk: Desk) -> None:
    box = await desk.create(
        timeline={"ordinary": [0, 0.01, 0.02, 0.03, 0.04, 0.05], "pattern": [0, 0, 0, 0, 0]}
    )
    send_id = await box.send()
    waiting = await begun(box, sendStatus=3)
    assert not waiting.done()
    await box.do("POST", "/clock", {"freeze": False})
    assert found(await waiting) == [send_id]


async def test_a_restore_that_makes_it_true_ends_the_wait(box: Box) -> None:
    send_id = await box.send()
    await box.do("PUT", "/snapshots/one")
    await box.do("PATCH", "", {"keep_sends": 1})
    await box.send(text="other")
    waiting = await begun(box, text="سلام")
    assert not waiting.done()
    await box.do("POST", "/snapshots/one/restore")
    assert found(await waiting) == [send_id]


async def test_many_wait_at_once(box: Box) -> None:
    waiting = [await begun(box, count=1 + n % 3) for n in range(60)]
    ids = [await box.send() for _ in range(3)]
    answers = await asyncio.gather(*waiting)
    for n, answer in enumerate(answers):
        assert found(answer)[: 1 + n % 3] == ids[: 1 + n % 3]


async def test_a_waiter_that_leaves_disturbs_no_other(box: Box) -> None:
    leaving, staying = await begun(box), await begun(box)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    send_id = await box.send()
    assert found(await staying) == [send_id]


@pytest.mark.parametrize("path", ["reset", "/_fake/reset"])
async def test_after_a_reset_the_wait_goes_on(desk: Desk, path: str) -> None:
    box = desk.box("test-key")
    messages, requests = await begun(box), await begun(box, "/journal")
    strangers = asyncio.create_task(desk.call("GET", "/_fake/journal", wait=LONG))
    await desk.call("POST", path if path.startswith("/") else f"{box.path}/{path}")
    await desk.read("/_fake/health")
    assert not any(task.done() for task in (messages, requests, strangers))
    send_id = await box.send()
    assert found(await messages) == [send_id]
    assert [entry["sendID"] for entry in (await requests).json["entries"]] == [send_id]
    await desk.ask({"action": "status"}, "nobody")
    assert len((await strangers).json["entries"]) == 1


async def test_the_removal_of_the_account_ends_the_wait(box: Box) -> None:
    waiting = [await begun(box), await begun(box, "/journal")]
    await box.do("DELETE", "")
    for answer in await asyncio.gather(*waiting):
        assert is_problem(answer, 404, "key")


async def test_a_reset_of_another_account_does_not_end_the_wait(desk: Desk, box: Box) -> None:
    other = await desk.create()
    waiting = await begun(box)
    await other.do("POST", "/reset")
    await other.do("DELETE", "")
    await desk.read("/_fake/health")
    assert not waiting.done()
    await box.send()
    assert (await waiting).status == 200


@pytest.mark.parametrize("wait", ["61", "60.5", "-1", "x", "", "nan", "inf", "1e9"])
@pytest.mark.parametrize("sub", ["/messages", "/journal"])
async def test_a_wait_over_sixty_seconds_or_none_at_all_is_refused(box: Box, sub: str, wait: str) -> None:
    assert is_problem(await box.call("GET", sub, wait=wait), 400, "wait")


async def test_the_journal_is_waited_for_too(box: Box) -> None:
    waiting = await begun(box, "/journal", action="credit")
    await box.reply({"action": "status"})
    await box.desk.read("/_fake/health")
    assert not waiting.done()
    await box.reply({"action": "credit"})
    (entry,) = (await waiting).json["entries"]
    assert entry["action"] == "credit"


async def test_the_wait_for_the_journal_ends_with_what_there_is(box: Box) -> None:
    assert await box.entries(wait=0.02) == []
    await box.reply({"action": "status"})
    assert len(await box.entries(wait=LONG)) == 1
    assert await box.entries(wait=0.02, action="credit") == []


async def test_the_journal_of_nobody_is_waited_for_too(desk: Desk, box: Box) -> None:
    waiting = asyncio.create_task(desk.call("GET", "/_fake/journal", wait=LONG))
    await desk.read("/_fake/health")
    await box.reply({"action": "status"})
    assert not waiting.done()
    await desk.ask({"action": "status"}, "nobody")
    assert len((await waiting).json["entries"]) == 1
