"""What the monitoring team does to a message: approve it, cancel it, force a status."""

from typing import Any

import pytest

from tests.web.control_client import (
    NUMBER,
    OTHER_NUMBER,
    AccountClient,
    ControlClient,
    assert_problem,
    pair_of,
)

BOTH = f"{NUMBER},{OTHER_NUMBER}"
FINAL_PAIRS = [(2, 3), (2, 4), (2, 5), (2, 6), (2, 7), (4, 2), (5, -2)]


def pair_document(pair: tuple[int, int]) -> dict[str, Any]:
    return {"processingStatus": pair[0], "sendStatus": pair[1]}


async def force(account: AccountClient, send_id: int, pair: tuple[int, int], **more: str) -> None:
    await account.command("POST", f"/messages/{send_id}/status", {**pair_document(pair), **more})


async def history(account: AccountClient, send_id: int) -> list[tuple[int, int]]:
    (receiver,) = (await account.message(send_id))["receivers"]
    return [pair_of(step) for step in receiver["history"]]


async def assert_refused(account: AccountClient, send_id: int, command: str, body: Any = None) -> None:
    """Check that the command is refused with 409 and changes nothing."""
    before = await account.message(send_id)
    path = f"/messages/{send_id}/{command}"
    assert_problem(await account.request("POST", path, *([] if body is None else [body])), 409)
    assert await account.message(send_id) == before


# Approve


@pytest.mark.rule("L5")
async def test_a_held_message_goes_its_way_once_it_is_approved(control: ControlClient) -> None:
    account = await control.create_account(monitoring="manual")
    send_id = await account.send(BOTH)
    await account.advance(3600)
    assert await account.pairs(send_id) == [(0, -1), (0, -1)]
    approved = await account.command("POST", f"/messages/{send_id}/approve")
    assert approved == await account.message(send_id)
    await account.advance(60)
    assert await account.pairs(send_id) == [(2, 3), (2, 3)]
    await assert_refused(account, send_id, "approve")


async def test_an_approval_moves_the_receivers_that_are_still_held(control: ControlClient) -> None:
    account = await control.create_account(monitoring="manual")
    send_id = await account.send(BOTH)
    await force(account, send_id, (2, 4), number=NUMBER)
    await account.command("POST", f"/messages/{send_id}/approve")
    await account.advance(60)
    assert await account.pairs(send_id) == [(2, 4), (2, 3)]


async def test_a_message_that_is_not_held_cannot_be_approved(account: AccountClient) -> None:
    for action in ("sendServices", "sendOTP"):
        send_id = int((await account.ask(action)).json["sendID"])
        await assert_refused(account, send_id, "approve")


# Cancel


@pytest.mark.rule("M5")
async def test_a_cancelled_message_is_refunded_at_that_instant(account: AccountClient) -> None:
    send_id = await account.send(BOTH)
    await account.advance(1)
    assert await account.pairs(send_id) == [(1, -1), (1, -1)]
    cancelled = await account.command("POST", f"/messages/{send_id}/cancel")
    for receiver in cancelled["receivers"]:
        assert (pair_of(receiver), receiver["refunded"]) == ((5, -2), True)
        assert receiver["history"][-1]["at"] == await account.now()
    assert await account.credit() == 1_000_000
    await account.advance(3600)
    assert await account.pairs(send_id) == [(5, -2), (5, -2)]
    await assert_refused(account, send_id, "cancel")
    assert await account.credit() == 1_000_000


async def test_held_queued_and_scheduled_receivers_are_cancelled_and_no_others(
    account: AccountClient,
) -> None:
    send_id = await account.send(f"9120000010,9120000011,9120000013,{NUMBER}")
    await account.advance(60)
    assert await account.pairs(send_id) == [(0, -1), (1, -1), (3, -1), (2, 3)]
    await account.command("POST", f"/messages/{send_id}/cancel")
    assert await account.pairs(send_id) == [(5, -2), (5, -2), (5, -2), (2, 3)]
    assert await account.credit() == 999_000


async def test_a_message_that_was_handed_over_cannot_be_cancelled(account: AccountClient) -> None:
    send_id = await account.send()
    for seconds in (2, 1, 1, 2):
        await account.advance(seconds)
        await assert_refused(account, send_id, "cancel")


# Force a status


@pytest.mark.rule("L1")
async def test_a_status_is_reached_by_the_shortest_path_at_this_instant(account: AccountClient) -> None:
    for path in (
        [(1, -1)],
        [(1, -1), (2, -1)],
        [(1, -1), (2, -1), (2, 0)],
        [(1, -1), (2, -1), (2, 0), (2, 1)],
        [(1, -1), (2, -1), (2, 2)],
        [(1, -1), (2, -1), (2, 0), (2, 1), (2, 3)],
        [(1, -1), (2, -1), (2, 0), (2, 1), (2, 4)],
        [(1, -1), (2, -1), (2, 0), (2, 5)],
        [(1, -1), (2, -1), (2, 0), (2, 1), (2, 6)],
        [(1, -1), (2, -1), (2, 7)],
        [(4, 2)],
        [(5, -2)],
    ):
        send_id = await account.send()
        await account.advance(0.5)
        await force(account, send_id, path[-1])
        (receiver,) = (await account.message(send_id))["receivers"]
        assert [pair_of(step) for step in receiver["history"]] == [(0, -1), *path]
        assert {step["at"] for step in receiver["history"][1:]} == {await account.now()}


async def test_a_forced_pair_stays(account: AccountClient) -> None:
    pairs = [(1, -1), (2, -1), (2, 0), (2, 1)]
    send_ids = [await account.send() for _ in pairs]
    for send_id, pair in zip(send_ids, pairs, strict=True):
        await force(account, send_id, pair)
    await account.advance(200_000)
    assert [(await account.pairs(send_id))[0] for send_id in send_ids] == pairs


async def test_no_pair_can_be_reached_from_a_final_one(account: AccountClient) -> None:
    for final in FINAL_PAIRS:
        send_id = await account.send()
        await force(account, send_id, final)
        for pair in {(0, -1), (1, -1), (3, -1), (2, 1), *FINAL_PAIRS} - {final}:
            await assert_refused(account, send_id, "status", pair_document(pair))


async def test_a_pair_that_lies_behind_or_beside_cannot_be_reached(account: AccountClient) -> None:
    send_id = await account.send()
    await assert_refused(account, send_id, "status", pair_document((3, -1)))
    await account.advance(4)
    assert await account.pairs(send_id) == [(2, 1)]
    for pair in [(0, -1), (1, -1), (2, -1), (2, 0), (3, -1), (2, 5), (2, 7), (5, -2), (2, 2), (4, 2)]:
        await assert_refused(account, send_id, "status", pair_document(pair))


async def test_a_failed_attempt_leads_back_to_the_queue_while_retries_are_left(
    account: AccountClient,
) -> None:
    with_retry, without = await account.send(trySend="1"), await account.send()
    await account.advance(3)
    await force(account, with_retry, (1, -1))
    assert (await history(account, with_retry))[-3:] == [(2, 0), (2, 2), (1, -1)]
    await assert_refused(account, without, "status", pair_document((1, -1)))


async def test_one_receiver_is_moved_alone(account: AccountClient) -> None:
    send_id = await account.send(BOTH)
    await force(account, send_id, (4, 2), number=f"0{OTHER_NUMBER}")
    assert await account.pairs(send_id) == [(0, -1), (4, 2)]
    assert await account.credit() == 999_000
    await account.advance(60)
    assert await account.pairs(send_id) == [(2, 3), (4, 2)]
    reply = (await account.ask("reportSend", sendID=send_id)).json
    assert [(one["processingStatus"], one["sendStatus"]) for one in reply["data"]["receivers"]] == [
        ("2", "3"),
        ("4", "2"),
    ]


async def test_a_refusal_says_where_the_receivers_are(account: AccountClient) -> None:
    send_id = await account.send(BOTH)
    await force(account, send_id, (2, 3), number=NUMBER)
    for number, pairs in (
        ({}, "(0,-1), (2,3)"),
        ({"number": NUMBER}, "(2,3)"),
        ({"number": f"0{OTHER_NUMBER}"}, "(0,-1)"),
    ):
        body = {**pair_document((3, -1)), **number}
        response = await account.request("POST", f"/messages/{send_id}/status", body)
        assert response.json["detail"] == f"(3,-1) cannot be reached any more from {pairs}"


async def test_a_wrong_status_is_refused_with_the_member_at_fault(account: AccountClient) -> None:
    send_id = await account.send()
    before = await account.message(send_id)
    delivered = pair_document((2, 3))
    for body, member in (
        ({}, "processingStatus"),
        ({"processingStatus": 2}, "sendStatus"),
        ({"sendStatus": 3}, "processingStatus"),
        *(({**delivered, "processingStatus": value}, "processingStatus") for value in ("2", True, 9, 10**30)),
        *(({**delivered, "sendStatus": value}, "sendStatus") for value in (3.5, None, 9, -3)),
        *((pair_document(pair), "sendStatus") for pair in ((5, 3), (0, 3), (2, -2))),
        *(({**delivered, "number": value}, "number") for value in (5, "12", "9129999999")),
        ({**delivered, "numbr": NUMBER}, "numbr"),
    ):
        response = await account.request("POST", f"/messages/{send_id}/status", body)
        assert (response.status, response.json["member"]) == (400, member), body
    assert await account.message(send_id) == before
